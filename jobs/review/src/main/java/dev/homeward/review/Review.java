package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.CachedReplays;
import dev.homeward.files.Files;
import dev.homeward.ingest.IngestResult;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.LogSettings;
import dev.homeward.progress.Progress;
import dev.homeward.report.Reconciliation;
import dev.homeward.store.ReviewDirectory;
import dev.homeward.store.Reviews;
import dev.homeward.store.Staging;
import dev.homeward.units.InvalidInput;
import dev.homeward.workers.Workers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    return run(outcome -> {});
  }

  /**
   * Makes the review, and says when it is there: some more work follows that nobody need wait for.
   *
   * @param there takes the outcome as soon as the review is complete on disk
   */
  public ReviewResult run(Consumer<ReviewResult> there) {
    ReviewInputs inputs = ReviewInputs.read(files, options, progress);
    Optional<String> known = directoryIfKnown(inputs);
    if (known.isPresent() && !options.force()) {
      ReviewDirectory existing = new ReviewDirectory(files, known.get());
      existing.checkReplaceable();
      if (existing.reviewId().equals(Optional.of(inputs.reviewId()))) {
        List<String> problems = existing.problems();
        if (problems.isEmpty()) {
          ReviewResult unchanged = unchanged(known.get(), inputs);
          there.accept(unchanged);
          return unchanged;
        }
        progress.done(
            "made again: %s is not as it was written, %s",
            known.get(), String.join(", ", problems));
      }
    }
    progress.done("read settings and %d log files", inputs.files().size());
    try (Workers workers = starter.start()) {
      progress.done("started %s", workers.name());
      return run(inputs, workers, there);
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

  private ReviewResult run(ReviewInputs inputs, Workers workers, Consumer<ReviewResult> there) {
    ReviewDirectory place =
        new ReviewDirectory(
            workers.files(), options.out().orElseGet(() -> Reviews.of(inputs.reviewId())));
    if (options.out().isPresent()) {
      place.checkReplaceable();
    }
    try (Staging staging = place.stage(inputs.reviewId())) {
      for (String left : staging.leftAlone()) {
        progress.done("left alone: %s, of a run that is still at work or was killed", left);
      }
      String calls = workers.files().child(staging.folder(), "calls");
      IngestResult ingested = ingest(inputs, workers, calls);
      ReviewPeriod period = period(inputs, ingested);
      ProfileStage profiled = ProfileStage.of(inputs.settings(), workers, ingested, period);
      ingested = compared(ingested, profiled, period);
      ReviewWriter writer = new ReviewWriter(workers.files(), staging.folder());
      writer.workloads(profiled.cases());
      progress.done("priced %d workloads of %s", profiled.cases().size(), period.month());
      DecideStage decided = DecideStage.of(inputs.settings(), workers, period, profiled, progress);
      Report report = new Report(inputs, ingested, period, decided.decision());
      writer.report(report);
      writer.whatIf(report, profiled.parts(), decided.replays());
      // A speculative attempt may have ended after the others.
      IngestStage.removeOthers(workers.files(), calls, ingested.parts());
      writer.manifest(report, options);
      ReviewDirectory target =
          options.out().isPresent()
              ? place
              : new ReviewDirectory(workers.files(), Reviews.of(period.month()));
      ReviewResult outcome =
          target.commit(
                  staging,
                  options.force() ? ReviewDirectory.Same.REPLACED : ReviewDirectory.Same.KEPT)
              ? new ReviewResult(target.path(), false, report.text(), report.anythingFeasible())
              : unchanged(target.path(), inputs);
      if (!outcome.unchanged()) {
        progress.done("wrote %s: the review is complete", target.path());
      }
      there.accept(outcome);
      if (!outcome.unchanged()) {
        Map<WorkloadKey, List<String>> parts = moved(profiled.parts(), target.path());
        List<CachedReplays.Entry> likely =
            decided.askAhead(inputs.settings(), workers, period, profiled.cases(), parts, progress);
        // Another run may have made another review there meanwhile.
        if (target.reviewId().equals(Optional.of(inputs.reviewId()))) {
          new ReviewWriter(workers.files(), target.path()).likely(likely);
        }
      }
      return outcome;
    }
  }

  // Where the files of calls/ lie once the staging folder has the review's name.
  private static Map<WorkloadKey, List<String>> moved(
      Map<WorkloadKey, List<String>> parts, String review) {
    Map<WorkloadKey, List<String>> moved = new TreeMap<>();
    parts.forEach(
        (key, files) ->
            moved.put(
                key,
                files.stream()
                    .map(file -> review + file.substring(file.lastIndexOf("/calls/")))
                    .toList()));
    return moved;
  }

  private IngestResult ingest(ReviewInputs inputs, Workers workers, String calls) {
    LogSettings settings =
        LogInputs.settings(
            options.log(), inputs.files(), inputs.settings().policy(), inputs.settings().catalog());
    IngestResult result =
        new IngestStage(workers, options.partitions(), inputs.files(), progress)
            .run(inputs.files(), settings, calls);
    FileCounts total = result.total();
    progress.done(
        "read %,d records%s = %,d calls + %,d duplicates + %,d no calls + %,d rejected%s",
        total.records,
        Report.madeUp(total),
        total.calls,
        total.duplicates,
        total.ignored,
        total.rejected,
        Report.buckets(total));
    if (total.calls == 0 && result.usage().alone() && total.buckets > 0) {
      throw new InvalidInput(result.usage().whyNoCalls());
    }
    if (total.calls == 0) {
      throw new InvalidInput(
          String.format(
              Locale.ROOT,
              "Cannot review: the log holds no calls (%,d records, %,d rejected%s)",
              total.records,
              total.rejected,
              total.rejectedByReason.isEmpty() ? "" : ": " + total.rejectedByReason));
    }
    return result;
  }

  private static ReviewPeriod period(ReviewInputs inputs, IngestResult ingested) {
    return ReviewPeriod.of(ingested.callDays(), inputs.month(), inputs.zone());
  }

  private static IngestResult compared(
      IngestResult ingested, ProfileStage profiled, ReviewPeriod period) {
    if (!ingested.usage().isToCompare()) {
      return ingested;
    }
    Reconciliation compared =
        Reconciliation.of(ingested.usage().reports(), profiled.days(), period);
    return ingested.with(ingested.usage().with(compared));
  }
}
