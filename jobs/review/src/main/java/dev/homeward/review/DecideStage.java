package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.MoneyBasis;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.ingest.IngestResult;
import dev.homeward.pricing.Pricer;
import dev.homeward.pricing.SpendOfDay;
import dev.homeward.progress.Progress;
import dev.homeward.progress.Stage;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.store.ReviewDirectory;
import dev.homeward.units.InvalidInput;
import dev.homeward.workers.ReplayContext;
import dev.homeward.workers.Workers;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What was decided, and the replays it rests on.
 *
 * @param replays what was replayed for it
 */
record DecideStage(DecideStep.Decision decision, List<CachedReplays.Entry> replays) {

  static DecideStage of(
      ReviewInputs inputs,
      Workers workers,
      ReviewPeriod period,
      ProfileStage profiled,
      Progress progress) {
    ReviewSettings settings = inputs.settings();
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
        Stage.DECIDED,
        "decided on %d workloads: %,d fleets weighed, %,d replays",
        cases.size(),
        decision.fleets(),
        replays.replayed());
    return new DecideStage(decision, replays.entries());
  }

  /** The replays with what was asked. */
  List<MoneyBasis.Answered> answers() {
    return replays.stream().map(MoneyBasis.Answered::of).toList();
  }

  /** What the review says. */
  Report report(
      ReviewInputs inputs,
      IngestResult ingested,
      ReviewPeriod period,
      ServedLocally home,
      List<SpendOfDay.OfWorkload> spendOfDays) {
    return new Report(inputs, ingested, period, decision, home, spendOfDays);
  }

  /**
   * Asks what people are likely to ask, once the review is there: whoever waits for its figures
   * does not wait for this. The replays that it takes besides are added to the review.
   *
   * @param more takes what the plan would be in other situations
   * @return all replays that are known then
   */
  List<CachedReplays.Entry> askAhead(
      ReviewInputs inputs,
      Workers workers,
      ReviewPeriod period,
      ProfileStage profiled,
      ReviewDirectory review,
      Progress progress,
      Consumer<String> more) {
    ReviewSettings settings = inputs.settings();
    ReplayContext context = ReplayContext.of(settings, period);
    CachedReplays all =
        new CachedReplays(
            workers.replays(context, profiled.partsIn(review.path())),
            context.replay(),
            settings.pricer());
    replays.forEach(all::add);
    try {
      OtherSituations others = OtherSituations.of(settings, profiled.cases(), decision, all);
      progress.done(
          Stage.SITUATIONS,
          "decided in %d other situations: %,d replays more",
          others.others().size(),
          all.replayed());
      more.accept(others.text());
      int questions = LikelyQuestions.ask(settings, period, profiled.cases(), decision, all);
      progress.done(
          Stage.QUESTIONS,
          "asked %d likely questions about money ahead: %,d replays more",
          questions,
          all.replayed());
    } catch (InvalidInput | UncheckedIOException e) {
      // The review is there; only a later what-if takes longer.
      progress.done(
          Stage.QUESTIONS, "stopped asking likely questions about money ahead: %s", e.getMessage());
    }
    return List.copyOf(all.entries());
  }

  /** Those of the replays that this stage did not know. */
  List<CachedReplays.Entry> besides(List<CachedReplays.Entry> all) {
    Set<CachedReplays.Entry> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(replays);
    return all.stream().filter(entry -> !known.contains(entry)).toList();
  }
}
