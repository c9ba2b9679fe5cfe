package dev.homeward.decision;

import dev.homeward.policy.NonInferiority;
import java.util.OptionalDouble;

/**
 * An evaluation of a local model on a workload that would settle whether it may move.
 *
 * @param tasks that both models do; 0 if no number would prove it while the scores stay as they are
 * @param hours of people for that
 * @param screening what a first hundred of them can show
 * @param hardestShare largest share of the workload's cost that may stay at the API, because its
 *     calls turn out too hard, with the rest still saving; empty where that is not known
 */
public record Evaluation(
    String localModel,
    long tasks,
    double hours,
    NonInferiority.Screening screening,
    OptionalDouble hardestShare) {
  /** Tasks of a first look. */
  public static final long SCREENING_TASKS = 100;
}
