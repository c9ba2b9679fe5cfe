package dev.homeward.cli;

import dev.homeward.progress.Progress;
import dev.homeward.review.Review;
import dev.homeward.review.ReviewOptions;
import dev.homeward.store.Reviews;
import dev.homeward.units.Columns;
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
      "Settings are found in homeward/ in the log's directory or beside it (policy.yaml, evaluations.yaml,",
      "assumptions.yaml, prices.yaml, hardware.yaml) or given here; everything has a default, and the review",
      "says which it read.",
      "Example: homeward review sample-logs",
      "Example: homeward review trace.csv --workload code --hosted-model gpt-4o-mini --out /tmp/code"
    })
final class ReviewCommand implements Callable<Integer> {
  private static final int WIDTH = 120;

  @Mixin private LogFlags log;
  @Mixin private WorkerFlags workers;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Review directory; default reviews/MONTH.")
  private String out;

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      description = "Default: the last complete month.")
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
          "Whose money: own-machine, small-team, company, existing-servers (homeward catalog situations).")
  private String situation;

  @Option(names = "--prices", paramLabel = "FILE", description = "Your own price book; repeatable.")
  private List<String> prices = new ArrayList<>();

  @Option(names = "--force", description = "Make the review again even if nothing changed.")
  private boolean force;

  @Option(names = "--json", description = "Print summary.json instead of the table.")
  private boolean json;

  private void show(Review.ReviewResult outcome) {
    System.out.print(
        json && !outcome.unchanged()
            ? Reviews.summary(WorkerFlags.files(), outcome.directory())
            : outcome.text());
    System.out.flush();
  }

  private void showMore(String text) {
    if (!json) {
      System.out.println();
      Columns.wrapped(text, WIDTH, "").forEach(System.out::println);
      System.out.flush();
    }
  }

  @Override
  public Integer call() {
    ReviewOptions options =
        new ReviewOptions(
            log.options(),
            Optional.ofNullable(out),
            Optional.ofNullable(month),
            timezone,
            Optional.ofNullable(evaluations),
            Optional.ofNullable(assumptions),
            Optional.ofNullable(situation),
            prices,
            workers.partitions(),
            force);
    Progress progress = new Progress(System.err);
    Review.ReviewResult outcome =
        new Review(options, WorkerFlags.files(), workers.starter(progress), progress)
            .run(this::show, this::showMore);
    return outcome.anythingFeasible() ? 0 : Main.NOTHING_FEASIBLE;
  }
}
