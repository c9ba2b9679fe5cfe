package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.MoneyBasis;
import dev.homeward.keeping.KeptFile;
import dev.homeward.progress.Progress;
import dev.homeward.report.Reviewed;
import dev.homeward.store.EarlierReview;
import dev.homeward.store.ReviewDirectory;
import dev.homeward.store.Staging;
import dev.homeward.workers.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is added to a review that is complete: replays that make a later what-if faster and the
 * report's sliders reach further. It need not be there.
 *
 * @param target where the review lies
 */
record AskAhead(
    ReviewInputs inputs,
    Workers workers,
    ReviewPeriod period,
    ProfileStage profiled,
    DecideStage decided,
    ReviewDirectory target,
    Progress progress) {

  /**
   * Asks, and adds what was replayed unless another review lies there by now.
   *
   * @param more takes what the plan would be in other situations
   */
  void add(Staging staging, Reviewed reviewed, Consumer<String> more) {
    List<CachedReplays.Entry> all =
        decided.askAhead(inputs, workers, period, profiled, target, progress, more);
    Reviewed again =
        reviewed
            .with(all.stream().map(MoneyBasis.Answered::of).toList())
            .beside(EarlierReview.beside(workers.files(), target.path()));
    ReviewWriter writer = new ReviewWriter(workers.files(), target.path());
    try {
      String scratch = staging.anew();
      boolean added =
          target.add(
              inputs.reviewId(),
              () -> {
                writer.likely(decided.besides(all), scratch);
                writer.reportAgain(again, scratch);
              });
      if (!added) {
        progress.done(
            "not added: %s, because another review lies there by now", KeptFile.LIKELY.path());
      }
    } catch (UncheckedIOException e) {
      tellOfMissing(e.getMessage() + ": " + e.getCause().getMessage());
    } catch (IOException e) {
      tellOfMissing(e.getMessage());
    }
  }

  private void tellOfMissing(String why) {
    progress.done("the review is complete, but a later what-if takes longer: %s", why);
  }
}
