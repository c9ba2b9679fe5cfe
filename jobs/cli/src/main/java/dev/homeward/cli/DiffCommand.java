package dev.homeward.cli;

import dev.homeward.keeping.Codec;
import dev.homeward.report.ReviewDiff;
import dev.homeward.report.ReviewDiff.Change;
import dev.homeward.report.ReviewDiff.ChangeKind;
import dev.homeward.store.LocalReview;
import dev.homeward.store.Outputs;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward diff REVIEW REVIEW}: what changed from one review to the next. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Compares two reviews: settings, workloads that came and went, verdicts that flipped,"
          + " violations, volume,",
      "tokens a call, prices, the plan, and each workload's dollars. Volumes and money are per day."
    },
    footer = {
      "",
      "Exit code 1 if --fail-on names a kind that there is: violation while there is any, however"
          + " old,",
      "new-violation only for those that the older review did not have.",
      "Example: homeward diff reviews/2026-09 reviews/2026-10 --fail-on verdict-change,violation"
    })
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BEFORE", description = "The older review directory.")
  private String before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "The newer one.")
  private String after;

  @Option(
      names = "--fail-on",
      split = ",",
      paramLabel = "KIND",
      description =
          "verdict-change, violation, new-violation, over-budget (of --budget); exit code 1 if"
              + " there is one.")
  private List<String> failOn = new ArrayList<>();

  @Option(
      names = "--budget",
      paramLabel = "USD",
      description = "Most that the API may cost a month; more is over budget.")
  private Double budget;

  @Mixin private OutputFlags output;

  private static final List<String> KINDS =
      List.of("verdict-change", "violation", "new-violation", "over-budget");

  @Override
  public Integer call() throws IOException {
    for (String kind : failOn) {
      if (!KINDS.contains(kind)) {
        throw new InvalidInput(
            "Invalid --fail-on: %s (%s)".formatted(kind, String.join(", ", KINDS)));
      }
    }
    if (failOn.contains("over-budget") && budget == null) {
      throw new InvalidInput("--fail-on over-budget needs --budget USD");
    }
    try (LocalReview older = LocalReview.of(WorkerFlags::files, before);
        LocalReview newer = LocalReview.of(WorkerFlags::files, after)) {
      return compare(older.directory(), newer.directory());
    }
  }

  private int compare(Path older, Path newer) throws IOException {
    Outputs.require(older, file -> true);
    Outputs.require(newer, file -> true);
    ReviewDiff.ReviewFiles old = ReviewDiff.read(older);
    ReviewDiff.ReviewFiles now = ReviewDiff.read(newer);
    List<Change> changes = new ArrayList<>(ReviewDiff.of(old, now));
    double api = ReviewDiff.apiUsd(now);
    if (budget != null && api > budget) {
      changes.add(
          new Change(
              ChangeKind.OVER_BUDGET,
              "",
              "the API costs $%.2f a month, the budget is $%.2f".formatted(api, budget)));
    }
    // A review may come from somebody else.
    String text = VisibleText.ofLines(ReviewDiff.text(old, now, changes));
    output.print(text, Codec.tree(changes));
    boolean fails =
        changes.stream()
            .anyMatch(
                c ->
                    switch (c.kind()) {
                      case VERDICT -> failOn.contains("verdict-change");
                      case VIOLATION -> failOn.contains("violation");
                      case NEW_VIOLATION ->
                          failOn.contains("violation") || failOn.contains("new-violation");
                      case OVER_BUDGET -> failOn.contains("over-budget");
                      default -> false;
                    });
    return fails ? Main.NOTHING_FEASIBLE : 0;
  }
}
