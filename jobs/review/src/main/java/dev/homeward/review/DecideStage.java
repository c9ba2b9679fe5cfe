package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.pricing.Pricer;
import dev.homeward.progress.Progress;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.workers.ReplayContext;
import dev.homeward.workers.Workers;
import java.util.List;

/**
 * What was decided, and the replays it rests on.
 *
 * @param replays those that a what-if is likely to need, too
 */
record DecideStage(DecideStep.Decision decision, List<CachedReplays.Entry> replays) {

  static DecideStage of(
      ReviewSettings settings,
      Workers workers,
      ReviewPeriod period,
      ProfileStage profiled,
      Progress progress) {
    List<WorkloadCase> cases = profiled.cases();
    ReplayContext context = ReplayContext.of(settings, period);
    Pricer pricer = settings.pricer();
    CachedReplays replays =
        new CachedReplays(workers.replays(context, profiled.parts()), context.replay(), pricer);
    DecideStep.Decision decision =
        new DecideStep(
                settings.catalog(),
                pricer,
                settings.policy(),
                settings.evaluations(),
                settings.assumptions())
            .decide(cases, replays);
    progress.done(
        "decided on %d workloads: %,d fleets weighed, %,d replays",
        cases.size(), decision.fleets(), replays.replayed());
    long before = replays.replayed();
    try {
      int questions = LikelyQuestions.ask(settings, period, cases, decision, replays);
      progress.done(
          "asked %d likely questions about money ahead: %,d replays more",
          questions, replays.replayed() - before);
    } catch (RuntimeException e) {
      // The decision stands; only a later what-if takes longer.
      progress.done("stopped asking likely questions about money ahead: %s", e.getMessage());
    }
    return new DecideStage(decision, replays.entries());
  }
}
