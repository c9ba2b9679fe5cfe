package dev.homeward.cli;

import dev.homeward.review.DatabaseRows;
import java.time.Clock;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which rows of the databases among the logs are wanted, where a command makes no review. */
final class DatabaseFlags {
  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "Table of the database among the logs; as of homeward review.")
  private String table;

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description =
          "Month whose rows of the database are read, or last: the calendar month before this one, in"
              + " --timezone.")
  private String month;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Time zone of that month; default ${DEFAULT-VALUE}.")
  private String timezone;

  DatabaseRows.Wanted wanted() {
    return new DatabaseRows.Wanted(
        Optional.ofNullable(table),
        Optional.ofNullable(month).map(m -> ReviewMonth.of(m, timezone, Clock.systemUTC())),
        timezone,
        System::getenv);
  }
}
