package dev.homeward.review;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Situation;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.Plan;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.Assumptions;
import dev.homeward.settings.ReviewSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the plan of a review would be in each of the situations that it was not decided in: the same
 * as a what-if of them says.
 */
record OtherSituations(List<Other> others) {

  /**
   * The plan in another situation.
   *
   * @param savingUsd a month
   * @param workloads that move
   * @param changed workloads that move in the one and stay in the other
   */
  record Other(String situation, double savingUsd, int workloads, int changed) {}

  static OtherSituations of(
      ReviewSettings settings,
      List<WorkloadCase> cases,
      DecideStep.Decision decision,
      CachedReplays replays) {
    Assumptions assumptions = settings.assumptions();
    List<Situation> situations = new ArrayList<>(Situation.all());
    situations.remove(assumptions.situation());
    List<Other> others =
        AskedAtOnce.of(
            replays,
            situations,
            (situation, known) ->
                of(
                    situation,
                    new DecideStep(
                            settings.catalog(),
                            settings.pricer(),
                            settings.policy(),
                            settings.evaluations(),
                            assumptions.in(situation))
                        .plan(cases, known)
                        .plan(),
                    decision.plan()));
    return new OtherSituations(List.copyOf(others));
  }

  private static Other of(Situation situation, Plan there, Plan here) {
    return new Other(
        situation.id(),
        there.savingUsd(),
        there.moved().size(),
        differ(there.moved().keySet(), here.moved().keySet()));
  }

  private static int differ(Set<WorkloadKey> a, Set<WorkloadKey> b) {
    Set<WorkloadKey> either = new HashSet<>(a);
    either.addAll(b);
    either.removeIf(key -> a.contains(key) && b.contains(key));
    return either.size();
  }

  /** One line for a terminal. */
  String text() {
    List<String> plans = new ArrayList<>();
    for (Other o : others) {
      plans.add(
          String.format(
              Locale.ROOT,
              "%s $%.2f %s (%s)",
              o.situation(),
              Math.abs(o.savingUsd()),
              o.savingUsd() < 0 ? "dearer" : "saved",
              o.changed() == 0
                  ? "the same %d move".formatted(o.workloads())
                  : "%d move, %d otherwise than here".formatted(o.workloads(), o.changed())));
    }
    return "In other situations the plan would be, a month: " + String.join(", ", plans) + ".";
  }
}
