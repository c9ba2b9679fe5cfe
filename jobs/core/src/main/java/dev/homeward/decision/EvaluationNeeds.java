package dev.homeward.decision;

import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.NonInferiority;
import dev.homeward.policy.Policy;
import java.util.Optional;
import java.util.OptionalDouble;

/** What evaluations of local models take, under a policy. */
final class EvaluationNeeds {
  private static final double MINUTES_PER_HOUR = 60;

  private final Assumptions assumptions;
  private final Policy policy;

  EvaluationNeeds(Assumptions assumptions, Policy policy) {
    this.assumptions = assumptions;
    this.policy = policy;
  }

  /**
   * What an evaluation of a local model takes.
   *
   * @param evidence what an evaluation of it has shown so far
   * @param hardestShare see {@link Evaluation}
   */
  Evaluation of(String localModel, Optional<Evidence> evidence, OptionalDouble hardestShare) {
    double margin = policy.nonInferiorityMargin();
    long tasks =
        evidence
            .map(e -> e.tasksNeeded(margin))
            .orElseGet(() -> NonInferiority.tasksPlanned(margin));
    return new Evaluation(
        localModel,
        tasks,
        tasks * assumptions.people().minutesPerEvaluationTask() / MINUTES_PER_HOUR,
        NonInferiority.screening(Evaluation.SCREENING_TASKS, margin),
        hardestShare);
  }

  /**
   * The largest share of a workload's cost that could stay at the API, because its calls are too
   * hard, with the rest still saving: the saving falls on a line with that share.
   *
   * @return empty where it does not save, or the saving is not known
   */
  static OptionalDouble hardestShare(WorkloadCase workload, Alternative chosen) {
    if (chosen.savingUsd().orElse(0) <= 0
        || workload.apiForecastUsd().isEmpty()
        || chosen.overflowUsd().isEmpty()) {
      return OptionalDouble.empty();
    }
    double already = workload.hardestShareAtApi();
    double overflow = chosen.overflowUsd().getAsDouble() / (1 - already);
    double perShare = workload.apiForecastUsd().getAsDouble() - overflow;
    return perShare <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.min(1, already + chosen.savingUsd().getAsDouble() / perShare));
  }
}
