package dev.homeward.databases;

import dev.homeward.files.Files;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.logs.CopiedLog;
import dev.homeward.progress.Progress;
import dev.homeward.units.InvalidInput;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A table of a database whose rows can be copied to files, a month at a time. */
public interface RowSource {

  /**
   * How the rows of a table are asked for.
   *
   * @param table the name that the user gave; empty: the one that the kind of database is known for
   * @param mappings what the columns of tables of one's own mean; the first that fits is taken
   * @param sourceZone zone of times that carry none
   * @param metadataKeys keys of free metadata that rules of the policy name; of no other key is a
   *     value read where a table's metadata may hold texts
   */
  record Asked(
      Optional<String> table,
      List<Mapping> mappings,
      ZoneId sourceZone,
      List<String> metadataKeys) {
    public Asked {
      mappings = List.copyOf(mappings);
      metadataKeys = List.copyOf(metadataKeys);
    }
  }

  /**
   * The database that a log names.
   *
   * @throws InvalidInput if it is none that is read, or holds a password
   */
  static RowSource of(String log, Asked asked) {
    return ClickHouseUrl.isOne(log)
        ? new ClickHouseCopy(ClickHouseUrl.parse(log), asked)
        : new TableCopy(
            DatabaseUrl.parse(log), asked.table(), asked.mappings(), asked.sourceZone());
  }

  /**
   * Copies the month into a folder, a file a day.
   *
   * @param zone in which the month begins and ends
   * @param environment gives the user and the password
   * @throws InvalidInput if the database cannot be read, or has no row of the month
   */
  CopiedLog copy(
      Files files,
      String folder,
      YearMonth month,
      ZoneId zone,
      Function<String, String> environment,
      Progress progress);
}
