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
import java.util.concurrent.atomic.AtomicReference;
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
    DecideStep step =
        new DecideStep(
            settings.catalog(),
            pricer,
            settings.policy(),
            settings.evaluations(),
            settings.assumptions());
    CachedReplays replays;
    DecideStep.Decision decision;
    try (Progress.Bar bar = progress.count("deciding", "replays")) {
      replays =
          new CachedReplays(
              workers.replays(context, profiled.parts(), bar::add), context.replay(), pricer);
      decision = step.decide(cases, replays);
    }
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
   * @param situations takes what the plan would be in other situations
   * @return all replays that are known then
   */
  List<CachedReplays.Entry> askAhead(
      ReviewInputs inputs,
      Workers workers,
      ReviewPeriod period,
      ProfileStage profiled,
      ReviewDirectory review,
      Progress progress,
      Consumer<String> situations) {
    ReviewSettings settings = inputs.settings();
    ReplayContext context = ReplayContext.of(settings, period);
    AtomicReference<Progress.Bar> bar = new AtomicReference<>();
    CachedReplays all =
        new CachedReplays(
            workers.replays(context, profiled.partsIn(review.path()), more -> bar.get().add(more)),
            context.replay(),
            settings.pricer());
    replays.forEach(all::add);
    try {
      OtherSituations others;
      try (Progress.Bar counted = progress.count("deciding in other situations", "replays")) {
        bar.set(counted);
        others = OtherSituations.of(settings, profiled.cases(), decision, all);
      }
      progress.done(
          Stage.SITUATIONS,
          "decided in %d other situations: %,d replays more",
          others.others().size(),
          all.replayed());
      situations.accept(others.text());
      int questions;
      try (Progress.Bar counted = progress.count("asking ahead", "replays")) {
        bar.set(counted);
        questions = LikelyQuestions.ask(settings, period, profiled.cases(), decision, all);
      }
      if (questions > 0) {
        progress.done(
            Stage.QUESTIONS,
            "asked %d likely questions about money ahead: %,d replays more",
            questions,
            all.replayed());
      } else {
        progress.done(
            Stage.QUESTIONS,
            "asked no question ahead, with %,d workloads: a what-if replays what it needs",
            profiled.cases().size());
      }
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
