package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.databases.RowSource;
import dev.homeward.files.Files;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.logs.CopiedLog;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.LogOptions;
import dev.homeward.logs.OwnTables;
import dev.homeward.policy.Policy;
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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The rows of the databases among the logs of a run, in files beside what it makes for as long as
 * it runs: in a staging folder that only its user may enter, and that is removed however the run
 * ends. Settings are checked first: nobody should wait for a copy to hear of a misspelt key.
 */
public final class DatabaseRows implements AutoCloseable {
  private final LogOptions log;
  private final List<Staging> folders;

  private DatabaseRows(LogOptions log, List<Staging> folders) {
    this.log = log;
    this.folders = folders;
  }

  /**
   * Which rows are wanted.
   *
   * @param table the table that the user named
   * @param month the month that the user named
   * @param timezone in which it begins and ends
   * @param environment gives the user and the password of databases
   */
  public record Wanted(
      Optional<String> table,
      Optional<String> month,
      String timezone,
      Function<String, String> environment) {}

  private record Settings(Policy policy, OwnTables tables) {}

  /**
   * Copies the rows for a review; nothing happens where no log is a database.
   *
   * @throws InvalidInput if a database cannot be read, or the settings of the review have problems
   */
  public static DatabaseRows of(
      ReviewOptions given, Wanted wanted, Files files, Progress progress) {
    return of(
        given.log(),
        wanted,
        () -> {
          ReviewInputs.Checked checked = ReviewInputs.check(files, given);
          return new Settings(checked.settings().policy(), checked.tables());
        },
        given.out(),
        files,
        progress);
  }

  /**
   * The same for what reads logs and makes no review.
   *
   * @param target beside which the rows are to lie
   */
  public static DatabaseRows of(
      LogOptions given, Wanted wanted, String target, Files files, Progress progress) {
    if (given.logs().stream().noneMatch(LogOptions::isDatabase) && wanted.month().isPresent()) {
      throw new InvalidInput(
          "Invalid --month: %s (no log is a database: of files all months are read)"
              .formatted(wanted.month().get()));
    }
    return of(
        given,
        wanted,
        () -> {
          LogInputs.Checked checked = LogInputs.check(given);
          return new Settings(checked.policy(), checked.tables());
        },
        Optional.of(target),
        files,
        progress);
  }

  private static DatabaseRows of(
      LogOptions given,
      Wanted wanted,
      Supplier<Settings> settings,
      Optional<String> target,
      Files files,
      Progress progress) {
    List<String> databases = given.logs().stream().filter(LogOptions::isDatabase).toList();
    if (databases.isEmpty()) {
      if (wanted.table().isPresent()) {
        throw new InvalidInput(
            "Invalid --table: %s (no log is a database; jdbc:postgresql://HOST/DATABASE and clickhouse://HOST/DATABASE are)"
                .formatted(wanted.table().get()));
      }
      return new DatabaseRows(given, List.of());
    }
    YearMonth month = month(wanted);
    // An address is refused before anything is read for it.
    databases.forEach(one -> RowSource.of(one, asked(given, wanted, List.of(), List.of())));
    Settings checked = settings.get();
    RowSource.Asked asked =
        asked(given, wanted, checked.tables().mappings(), checked.policy().metadataKeys());
    List<Staging> folders = new ArrayList<>();
    Map<String, CopiedLog> copies = new LinkedHashMap<>();
    boolean done = false;
    try {
      for (String one : databases) {
        Staging folder = folder(files, target.orElseGet(() -> Reviews.of(month)));
        folders.add(folder);
        CopiedLog copied =
            RowSource.of(one, asked)
                .copy(
                    files,
                    folder.folder(),
                    month,
                    ReviewInputs.zone(wanted.timezone()),
                    wanted.environment(),
                    progress);
        copies.put(one, copied);
        progress.done(
            Stage.SETTINGS,
            "copied %,d rows of %s from %s",
            copied.rows(),
            copied.table(),
            copied.database());
      }
      DatabaseRows rows = new DatabaseRows(given.copied(copies), folders);
      done = true;
      return rows;
    } finally {
      if (!done) {
        folders.forEach(Staging::close);
      }
    }
  }

  private static RowSource.Asked asked(
      LogOptions given, Wanted wanted, List<Mapping> mappings, List<String> keys) {
    return new RowSource.Asked(
        wanted.table(),
        mappings,
        given.sourceTimezone().map(LogInputs::zone).orElse(ZoneOffset.UTC),
        keys);
  }

  private static Staging folder(Files files, String target) {
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
  private static YearMonth month(Wanted wanted) {
    return wanted
        .month()
        .map(ReviewPeriod::parseMonth)
        .orElseThrow(
            () ->
                new InvalidInput(
                    "Cannot read a database without a month: give --month YYYY-MM, or --month last"));
  }

  /** The logs, where the rows of databases have been copied to files. */
  public LogOptions log() {
    return log;
  }

  /** Removes the copies. */
  @Override
  public void close() {
    folders.forEach(Staging::close);
  }
}
