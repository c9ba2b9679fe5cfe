package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What to buy and what to move, in which order.
 *
 * @param steps in order
 * @param moved by workload: its place and what it adds
 * @param savingUsd a month, when all is done
 * @param initialUsd paid at the start, in all
 * @param estimated whether a step's marginal saving rests on sums instead of a replay of the merged
 *     tapes; the total never does
 */
public record Plan(
    List<Step> steps,
    Map<WorkloadKey, RankedWorkload.Moved> moved,
    double savingUsd,
    double initialUsd,
    boolean estimated) {

  /** Nothing moves. */
  public static final Plan EMPTY = new Plan(List.of(), Map.of(), 0, 0, false);

  /** What a step does. */
  public enum Action {
    BUY,
    RENT,
    USE,
    MOVE
  }

  /**
   * A step.
   *
   * @param number from 1
   * @param hardware box id
   * @param count boxes that are added; 0 for a move
   * @param localModel empty for a purchase
   * @param workload empty for a purchase
   * @param capexUsd paid at the start
   * @param monthlyCostUsd what the step adds to the cost a month
   * @param monthlySavingUsd what it adds to the saving: for a move, API cost avoided less all that
   *     it adds, its purchase included
   * @param cumulativeSavingUsd of the plan up to here
   * @param utilization of its fleet when the step is done
   */
  public record Step(
      int number,
      Action action,
      String hardware,
      int count,
      Optional<String> localModel,
      Optional<String> engine,
      Optional<WorkloadKey> workload,
      double capexUsd,
      double monthlyCostUsd,
      double monthlySavingUsd,
      double cumulativeSavingUsd,
      OptionalDouble utilization,
      String note) {}

  public Plan {
    steps = List.copyOf(steps);
  }

  /** The rows with their places in the plan. */
  List<RankedWorkload> mark(List<RankedWorkload> rows) {
    List<RankedWorkload> marked = new ArrayList<>();
    for (RankedWorkload row : rows) {
      RankedWorkload.Moved place = moved.get(row.workload().key());
      if (place == null) {
        boolean leftOut =
            row.verdict() == Verdict.MOVE || row.verdict() == Verdict.MOVE_WITH_OVERFLOW;
        marked.add(leftOut ? row.leftOut() : row);
        continue;
      }
      Verdict verdict = row.verdict();
      List<ReasonCode> reasons = new ArrayList<>(row.reasons());
      if (verdict == Verdict.KEEP_API) {
        verdict = Verdict.MOVE;
        reasons.remove(ReasonCode.NO_SAVING);
        reasons.add(0, ReasonCode.SAVES_IN_PLAN);
      }
      marked.add(row.withPlan(verdict, List.copyOf(reasons), place));
    }
    return marked;
  }
}
