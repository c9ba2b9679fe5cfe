package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.files.Files;
import dev.homeward.ingest.IngestResult;
import dev.homeward.progress.Progress;
import dev.homeward.progress.Stage;
import dev.homeward.report.Reviewed;
import dev.homeward.store.EarlierReview;
import dev.homeward.store.ReviewDirectory;
import dev.homeward.store.Reviews;
import dev.homeward.store.Staging;
import dev.homeward.units.InvalidInput;
import dev.homeward.workers.Workers;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A review, whole: check, ingest, profile and price, decide, write, commit. Every stage writes its
 * dataset into the review directory.
 */
public final class Review {
  private final ReviewOptions options;
  private final Files files;
  private final Workers.Starter starter;
  private final Progress progress;

  /**
   * @param files as they are seen before workers are started
   */
  public Review(ReviewOptions options, Files files, Workers.Starter starter, Progress progress) {
    this.options = options;
    this.files = files;
    this.starter = starter;
    this.progress = progress;
  }

  /**
   * How a review ended.
   *
   * @param directory the review
   * @param unchanged the same review was there already, and nothing was done
   * @param text what to show
   * @param anythingFeasible whether any workload has a local alternative
   */
  public record ReviewResult(
      String directory, boolean unchanged, String text, boolean anythingFeasible) {}

  /**
   * Makes the review.
   *
   * @throws InvalidInput if the input cannot be used; nothing is written then
   */
  public ReviewResult run() {
    return run(outcome -> {}, text -> {});
  }

  /**
   * Makes the review, and says when it is there: some more work follows that nobody need wait for.
   *
   * @param there takes the outcome as soon as the review is complete on disk
   * @param more takes a line on other situations, which comes later
   */
  public ReviewResult run(Consumer<ReviewResult> there, Consumer<String> more) {
    ReviewInputs inputs = ReviewInputs.read(files, options, progress);
    Optional<String> known = directoryIfKnown(inputs);
    if (known.isPresent() && !options.force()) {
      ReviewDirectory existing = new ReviewDirectory(files, known.get());
      if (existing.replaceableId().equals(Optional.of(inputs.reviewId()))) {
        List<String> problems = existing.problems();
        if (problems.isEmpty()) {
          existing.tidy();
          ReviewResult unchanged = unchanged(known.get(), inputs);
          there.accept(unchanged);
          return unchanged;
        }
        progress.done(
            "made again: %s is not as it was written, %s",
            known.get(), String.join(", ", problems));
      }
    }
    progress.done(Stage.SETTINGS, "read settings and %d log files", inputs.files().size());
    inputs.tell(progress);
    try (Workers workers = starter.start()) {
      progress.done(Stage.WORKERS, "started %s", workers.name());
      return run(inputs, workers, there, more);
    }
  }

  private static ReviewResult unchanged(String directory, ReviewInputs inputs) {
    return new ReviewResult(
        directory,
        true,
        "Nothing to do: %s is this very review (id %s: same logs, settings, catalog and program)."
                .formatted(directory, inputs.reviewId())
            + " Use --force to make it again.\n",
        true);
  }

  // Without --out and --month the directory depends on the log's months; the id in an earlier
  // review says whether these inputs led to it.
  private Optional<String> directoryIfKnown(ReviewInputs inputs) {
    return options
        .out()
        .or(() -> inputs.month().map(Reviews::of))
        .or(() -> Reviews.withId(files, inputs.reviewId()));
  }

  // A file of settings that was read last time and is not there now is more likely lost than meant.
  private String missing(ReviewInputs inputs, Files storage, ReviewPeriod period) {
    String target = options.out().orElseGet(() -> Reviews.of(period.month()));
    StringBuilder text = new StringBuilder();
    EarlierReview.before(storage, target, period.month())
        .ifPresent(
            earlier ->
                earlier
                    .missing(inputs.settingsFiles())
                    .forEach(
                        file -> {
                          progress.done("missing: %s, read for %s", file.name(), earlier.path());
                          Report.line(
                              text,
                              "Missing: %s. The review of %s in %s read it from %s; this one runs"
                                  + " on defaults in its place. Put it into %s or give it by flag.",
                              file.name(),
                              earlier.month(),
                              earlier.path(),
                              file.before(),
                              inputs
                                  .settingsFolder()
                                  .map(Object::toString)
                                  .orElse("homeward/ beside the log"));
                        }));
    return text.toString();
  }

  private ReviewResult run(
      ReviewInputs inputs, Workers workers, Consumer<ReviewResult> there, Consumer<String> more) {
    ReviewDirectory place =
        new ReviewDirectory(
            workers.files(), options.out().orElseGet(() -> Reviews.of(inputs.reviewId())));
    if (options.out().isPresent()) {
      place.checkReplaceable();
    }
    try (Staging staging = place.stage(inputs.reviewId())) {
      if (!staging.hasLocks()) {
        progress.done(
            "%s has no file locks: other runs there are told by their process numbers",
            workers.files().parent(place.path()));
      }
      for (String left : staging.leftAlone()) {
        progress.done("left alone: %s, of a run that is still at work or was killed", left);
      }
      String calls = workers.files().child(staging.folder(), "calls");
      IngestResult read = IngestStage.of(options, inputs, workers, calls, progress);
      ReviewPeriod period = inputs.period(read);
      ProfileStage profiled = ProfileStage.of(inputs, workers, read, period);
      IngestResult ingested = profiled.compared(read, period);
      ReviewWriter writer = new ReviewWriter(workers.files(), staging.folder());
      writer.workloads(profiled);
      progress.done(
          Stage.PRICED, "priced %d workloads of %s", profiled.cases().size(), period.month());
      String missing = missing(inputs, workers.files(), period);
      DecideStage decided = DecideStage.of(inputs, workers, period, profiled, progress);
      ServedLocally home =
          ServedLocally.of(options, inputs, workers.files(), period, profiled, progress);
      Report report = decided.report(inputs, ingested, period, home, profiled.spendOfDays());
      writer.report(report);
      Reviewed reviewed =
          report.reviewed(profiled.calls(workers.files(), period)).with(decided.answers());
      writer.faces(reviewed, options.focus());
      writer.whatIf(report, profiled, decided);
      // A speculative attempt may have ended after the others.
      IngestStage.removeOthers(workers.files(), calls, ingested.parts());
      writer.manifest(report, options, ingested.parts());
      ReviewDirectory target =
          options.out().isPresent()
              ? place
              : new ReviewDirectory(workers.files(), Reviews.of(period.month()));
      ReviewResult outcome =
          target.commit(
                  staging,
                  options.force() ? ReviewDirectory.Same.REPLACED : ReviewDirectory.Same.KEPT)
              ? new ReviewResult(
                  target.path(), false, missing + report.text(), report.anythingFeasible())
              : unchanged(target.path(), inputs);
      if (!outcome.unchanged()) {
        progress.done(Stage.WRITTEN, "wrote %s: the review is complete", target.path());
      }
      there.accept(outcome);
      if (!outcome.unchanged()) {
        new AskAhead(inputs, workers, period, profiled, decided, target, progress)
            .add(staging, reviewed, more);
      }
      return outcome;
    }
  }
}
