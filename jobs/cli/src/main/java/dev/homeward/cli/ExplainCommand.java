package dev.homeward.cli;

import dev.homeward.keeping.Decisions;
import dev.homeward.report.Explain;
import dev.homeward.store.LocalReview;
import dev.homeward.store.Outputs;
import dev.homeward.store.Reviews;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward explain WORKLOAD}: the arithmetic of a verdict. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Prints the arithmetic of a workload's verdict, line by line.",
    footer = {"", "Example: homeward explain claims-triage --review reviews/2026-10"})
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "WORKLOAD", description = "Name of the workload.")
  private String workload;

  @Option(
      names = "--review",
      paramLabel = "DIR",
      description = "Review directory; default: the last one under reviews/.")
  private String review;

  @Mixin private OutputFlags output;

  @Override
  public Integer call() {
    String directory =
        review != null
            ? review
            : Reviews.last()
                .orElseThrow(
                    () ->
                        new InvalidInput(
                            "Cannot explain: there is no review under reviews/. Give one with"
                                + " --review DIR"));
    try (LocalReview local = LocalReview.of(WorkerFlags::files, directory)) {
      Outputs.require(local.directory(), "decisions.json"::equals);
      Decisions decisions = Reviews.decisions(WorkerFlags.files(), local.directory().toString());
      // A review may come from somebody else.
      String text = VisibleText.ofLines(Explain.of(decisions, workload));
      output.print(text, Explain.document(decisions, workload));
      return 0;
    }
  }
}
