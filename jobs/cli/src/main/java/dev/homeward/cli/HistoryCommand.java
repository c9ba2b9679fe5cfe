package dev.homeward.cli;

import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import dev.homeward.report.ReviewHistory;
import dev.homeward.store.Outputs;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward history}: the reviews of a directory month by month. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the reviews of a directory month by month: what the API cost, the verdicts, what the plan came",
      "to, and what was promised and realised by workloads that have moved."
    },
    footer = {"", "Example: homeward history reviews --format csv"})
final class HistoryCommand implements Callable<Integer> {
  private static final Set<String> NEEDED = Set.of(KeptFile.SUMMARY.path(), "plan.csv");

  @Parameters(
      arity = "0..1",
      defaultValue = "reviews",
      paramLabel = "REVIEWS",
      description = "Directory of reviews; default: ${DEFAULT-VALUE}.")
  private Path directory;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "table or csv; default: ${DEFAULT-VALUE}.")
  private String format;

  @Mixin private OutputFlags output;

  @Override
  public Integer call() throws IOException {
    if (!format.equals("table") && !format.equals("csv")) {
      throw new InvalidInput("Invalid --format: %s (table or csv)".formatted(format));
    }
    if (directory.toString().matches("[a-z0-9]+:/.*")) {
      throw new InvalidInput(
          "Cannot read %s: a history is made of reviews on this machine. Maybe copy their summary.json, plan.csv and manifest.json"
              .formatted(directory));
    }
    if (!Files.isDirectory(directory)) {
      throw new InvalidInput("Cannot read %s: it is not a directory".formatted(directory));
    }
    List<Path> reviews = ReviewHistory.reviews(directory);
    if (reviews.isEmpty()) {
      throw new InvalidInput(
          "Cannot show a history: no review lies in %s (homeward review LOG... makes one in reviews/)"
              .formatted(directory));
    }
    reviews.forEach(review -> Outputs.require(review, NEEDED::contains));
    ReviewHistory history = ReviewHistory.of(reviews);
    output.print(format.equals("csv") ? history.csv() : history.table(), Codec.tree(history));
    return 0;
  }
}
