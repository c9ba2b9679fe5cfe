package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.databases.DatabaseUrl;
import dev.homeward.databases.TableCopy;
import dev.homeward.files.Files;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.logs.CopiedLog;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.LogOptions;
import dev.homeward.progress.Progress;
import dev.homeward.progress.Stage;
import dev.homeward.store.Reviews;
import dev.homeward.store.Staging;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rows of the databases among the logs of a review, in files beside the review for as long as
 * it is made: in a staging folder that only its user may enter, and that is removed however the run
 * ends.
 */
public final class DatabaseRows implements AutoCloseable {
  private final ReviewOptions options;
  private final List<Staging> folders;

  private DatabaseRows(ReviewOptions options, List<Staging> folders) {
    this.options = options;
    this.folders = folders;
  }

  /**
   * Copies the rows; nothing happens where no log is a database.
   *
   * @param table the table that the user named
   * @param environment gives the user and the password of databases
   * @throws InvalidInput if a database cannot be read
   */
  public static DatabaseRows of(
      ReviewOptions given,
      Optional<String> table,
      Files files,
      Function<String, String> environment,
      Progress progress) {
    List<String> databases = given.log().logs().stream().filter(LogOptions::isDatabase).toList();
    if (databases.isEmpty() && table.isPresent()) {
      throw new InvalidInput(
          "Invalid --table: %s (no log is a database; jdbc:postgresql://HOST/DATABASE is one)"
              .formatted(table.get()));
    }
    List<Staging> folders = new ArrayList<>();
    Map<String, CopiedLog> copies = new LinkedHashMap<>();
    boolean done = false;
    try {
      for (String log : databases) {
        DatabaseUrl database = DatabaseUrl.parse(log);
        YearMonth month = month(given);
        TableCopy copy = new TableCopy(database, table, mappings(given), sourceZone(given));
        Staging folder = folder(given, files, month);
        folders.add(folder);
        CopiedLog copied =
            copy.copy(files, folder.folder(), month, zone(given), environment, progress);
        copies.put(log, copied);
        progress.done(
            Stage.SETTINGS,
            "copied %,d rows of %s from %s",
            copied.rows(),
            copied.table(),
            copied.database());
      }
      DatabaseRows rows = new DatabaseRows(given.with(given.log().copied(copies)), folders);
      done = true;
      return rows;
    } finally {
      if (!done) {
        folders.forEach(Staging::close);
      }
    }
  }

  private static Staging folder(ReviewOptions given, Files files, YearMonth month) {
    String target = given.out().orElseGet(() -> Reviews.of(month));
    Staging staging = Staging.beside(files, target, "rows");
    try {
      Optional<Path> local = files.local(staging.folder());
      if (local.isPresent()
          && java.nio.file.Files.getFileStore(local.get()).supportsFileAttributeView("posix")) {
        java.nio.file.Files.setPosixFilePermissions(
            local.get(), PosixFilePermissions.fromString("rwx------"));
      }
      return staging;
    } catch (IOException e) {
      staging.close();
      throw new UncheckedIOException("Cannot close " + staging.folder() + " to others", e);
    }
  }

  // A log has an end, a database has not: the month must be known before the first row is read.
  private static YearMonth month(ReviewOptions given) {
    return given
        .month()
        .map(ReviewPeriod::parseMonth)
        .orElseThrow(
            () ->
                new InvalidInput(
                    "Cannot review a database without a month: give --month YYYY-MM, or --month last"));
  }

  private static ZoneId zone(ReviewOptions given) {
    return ReviewInputs.zone(given.timezone());
  }

  private static ZoneId sourceZone(ReviewOptions given) {
    return given.log().sourceTimezone().map(LogInputs::zone).orElse(ZoneOffset.UTC);
  }

  private static List<Mapping> mappings(ReviewOptions given) {
    return given.log().mappings().stream().map(Path::of).map(Mapping::load).toList();
  }

  /** The options of the review, which reads the copies. */
  public ReviewOptions options() {
    return options;
  }

  /** Removes the copies. */
  @Override
  public void close() {
    folders.forEach(Staging::close);
  }
}
