package dev.homeward.cli;

import dev.homeward.focus.FocusVersion;
import dev.homeward.progress.Progress;
import dev.homeward.review.DatabaseRows;
import dev.homeward.review.Review;
import dev.homeward.review.ReviewOptions;
import dev.homeward.store.Reviews;
import dev.homeward.units.Columns;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code homeward review LOG...}: a log to a ranked list. */
@Command(
    name = "review",
    mixinStandardHelpOptions = true,
    description =
        "Reads logs, prices and replays them, and writes a review directory with the ranking.",
    footer = {
      "",
      "Settings are found in homeward/ in the log's directory or beside it (policy.yaml,"
          + " evaluations.yaml,",
      "assumptions.yaml, prices.yaml, hardware.yaml) or given here; everything has a default, and"
          + " the review",
      "says which it read.",
      "With --json it prints summary.json.",
      "Example: homeward review sample-logs",
      "Example: homeward review /srv/logs --month last --out '/srv/reviews/{month}' --json",
      "Example: homeward review jdbc:postgresql://gateway/litellm?user=reader --month last",
      "Example: homeward review clickhouse://langfuse-clickhouse/default --month 2026-10",
      "Example: homeward review trace.csv --workload code --hosted-model gpt-4o-mini --out"
          + " /tmp/code"
    })
final class ReviewCommand implements Callable<Integer> {
  private static final int WIDTH = 120;

  @Mixin private LogFlags log;
  @Mixin private WorkerFlags workers;
  @Mixin private OutputFlags output;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description =
          "Table of the database among the logs (jdbc:postgresql://HOST/DATABASE or"
              + " clickhouse://HOST/DATABASE), SCHEMA.NAME where it needs one; default"
              + " LiteLLM_SpendLogs, of ClickHouse Langfuse's observations. What the columns of"
              + " another one mean says --mapping.")
  private String table;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Review directory, {month} in it is the month of --month; default reviews/MONTH.")
  private String out;

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description =
          "Month to review, or last: the calendar month before this one, in --timezone, for runs by"
              + " a scheduler. Default: the last complete month of the log.")
  private String month;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Business time zone of the month; default ${DEFAULT-VALUE}.")
  private String timezone;

  @Option(
      names = "--evaluations",
      paramLabel = "FILE",
      description = "What you measured of local models.")
  private String evaluations;

  @Option(
      names = "--assumptions",
      paramLabel = "FILE",
      description = "Money: horizon, rates, hours.")
  private String assumptions;

  @Option(
      names = "--situation",
      paramLabel = "NAME",
      description =
          "Whose money: own-machine, small-team, company, existing-servers (homeward catalog"
              + " situations).")
  private String situation;

  @Option(names = "--prices", paramLabel = "FILE", description = "Your own price book; repeatable.")
  private List<String> prices = new ArrayList<>();

  @Option(
      names = "--metrics",
      paramLabel = "FILE",
      description = "Copy metrics.prom of the review there as well, in one step, for a collector.")
  private Path metrics;

  @Option(names = "--force", description = "Make the review again even if nothing changed.")
  private boolean force;

  @Option(
      names = "--focus",
      paramLabel = "VERSION",
      defaultValue = "1.3",
      description = "Version of FOCUS of focus.csv and focus.parquet: 1.2 or 1.3.")
  private String focus;

  @Option(
      names = "--promised",
      paramLabel = "REVIEW",
      description = {
        "Earlier review whose plan was carried out: its promises are held against calls that your own",
        "servers answered. Default: the newest earlier review beside this one that promised them."
      })
  private String promised;

  private void show(Review.ReviewResult outcome) {
    if (output.json()) {
      OutputFlags.print(Reviews.summary(WorkerFlags.files(), outcome.directory()));
    } else {
      output.print(outcome.text());
    }
    if (metrics != null) {
      MetricsCopy.write(WorkerFlags.files(), outcome.directory(), metrics);
    }
  }

  private void showMore(String text) {
    if (!output.json()) {
      System.out.println();
      Columns.wrapped(text, WIDTH, "").forEach(System.out::println);
      System.out.flush();
    }
  }

  @Override
  public Integer call() {
    Optional<String> named =
        Optional.ofNullable(month).map(m -> ReviewMonth.of(m, timezone, Clock.systemUTC()));
    ReviewOptions options =
        new ReviewOptions(
            log.options(),
            Optional.ofNullable(out).map(directory -> ReviewMonth.in(directory, named)),
            named,
            timezone,
            Optional.ofNullable(evaluations),
            Optional.ofNullable(assumptions),
            Optional.ofNullable(situation),
            prices,
            workers.partitions(),
            force,
            FocusVersion.parse(focus),
            Optional.ofNullable(promised));
    Progress progress = output.progress();
    DatabaseRows.Wanted wanted =
        new DatabaseRows.Wanted(Optional.ofNullable(table), named, timezone, System::getenv);
    try (DatabaseRows rows = DatabaseRows.of(options, wanted, WorkerFlags.files(), progress)) {
      Review.ReviewResult outcome =
          new Review(
                  options.with(rows.log()),
                  WorkerFlags.files(),
                  workers.starter(progress),
                  progress)
              .run(this::show, this::showMore);
      progress.summary();
      return outcome.anythingFeasible() ? 0 : Main.NOTHING_FEASIBLE;
    }
  }
}
