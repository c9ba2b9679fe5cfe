package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.economics.Outlook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What to buy and what to move, in which order.
 *
 * @param steps in order
 * @param moved by workload: its place and what it adds
 * @param savingUsd a month, when all is done
 * @param initialUsd paid at the start, in all
 * @param estimated whether a step's marginal saving rests on sums instead of a replay of the merged
 *     tapes; the total never does
 * @param futures the plan in uncertain futures; empty where nothing moves or they are not known
 * @param leftOut why a workload that would save alone is not in it
 * @param fleets what has to be set up, in the order of the steps
 */
public record Plan(
    List<Step> steps,
    Map<WorkloadKey, RankedWorkload.Moved> moved,
    double savingUsd,
    double initialUsd,
    boolean estimated,
    Optional<Futures> futures,
    ReasonCode leftOut,
    List<PlannedFleet> fleets) {

  /** Nothing moves. */
  public static final Plan EMPTY = nothing(ReasonCode.NOT_IN_PLAN);

  /** Nothing moves: no set of workloads saves what the first fleet brings for all fleets. */
  static final Plan NOT_WORTH_WHAT_IS_SHARED = nothing(ReasonCode.SHARED_HOURS);

  private static Plan nothing(ReasonCode leftOut) {
    return new Plan(List.of(), Map.of(), 0, 0, false, Optional.empty(), leftOut, List.of());
  }

  /**
   * A plan over the horizon, at the points of all outlooks.
   *
   * @param outlook of the mean monthly saving
   * @param npvP10Usd net present value: one future in ten is worse
   * @param paybackMonths first month in which the middle of all futures has its money back
   * @param cash in hand by month, rising
   */
  public record Futures(
      Outlook outlook,
      double npvP10Usd,
      double npvP50Usd,
      double npvP90Usd,
      OptionalInt paybackMonths,
      List<Cash> cash) {
    public Futures {
      cash = List.copyOf(cash);
    }
  }

  /**
   * All that was gained since the start less all that was paid, without what boxes would fetch.
   *
   * @param month of the horizon
   */
  public record Cash(double month, double p10Usd, double p50Usd, double p90Usd) {}

  /** What a step does. */
  public enum Action {
    BUY,
    RENT,
    USE,
    MOVE,
    SHARE
  }

  /**
   * A step.
   *
   * @param number from 1
   * @param hardware box id; empty for what all fleets share
   * @param count boxes that are added; 0 for a move
   * @param localModel empty for a purchase
   * @param workload empty for a purchase
   * @param capexUsd paid at the start
   * @param monthlyCostUsd what the step adds to the cost a month
   * @param monthlySavingUsd what it adds to the saving: for a move, API cost avoided less all that
   *     it adds, its purchase included
   * @param cumulativeSavingUsd of the plan up to here
   * @param utilization of its fleet when the step is done
   * @param outlook of what it adds to the saving, with the boxes bought for it; empty for those
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
      String note,
      Optional<Outlook> outlook) {

    Step with(Outlook of) {
      return new Step(
          number,
          action,
          hardware,
          count,
          localModel,
          engine,
          workload,
          capexUsd,
          monthlyCostUsd,
          monthlySavingUsd,
          cumulativeSavingUsd,
          utilization,
          note,
          Optional.of(of));
    }
  }

  public Plan {
    steps = List.copyOf(steps);
    fleets = List.copyOf(fleets);
  }

  /**
   * The rows with their places in the plan.
   *
   * @param unlikely those that the plan leaves because they add to it in too few futures
   */
  List<RankedWorkload> mark(List<RankedWorkload> rows, Set<WorkloadKey> unlikely) {
    List<RankedWorkload> marked = new ArrayList<>();
    for (RankedWorkload row : rows) {
      RankedWorkload.Moved place = moved.get(row.workload().key());
      if (place == null) {
        boolean saves =
            row.verdict() == Verdict.MOVE || row.verdict() == Verdict.MOVE_WITH_OVERFLOW;
        marked.add(
            !saves
                ? row
                : row.leftOut(
                    unlikely.contains(row.workload().key())
                        ? ReasonCode.SAVES_IN_FEW_FUTURES
                        : leftOut));
        continue;
      }
      Verdict verdict = row.verdict();
      List<ReasonCode> reasons = new ArrayList<>(row.reasons());
      if (verdict == Verdict.KEEP_API || verdict == Verdict.EVALUATE_FIRST) {
        verdict = Verdict.MOVE;
        reasons.removeAll(
            List.of(ReasonCode.NO_SAVING, ReasonCode.SAVES_IN_FEW_FUTURES, ReasonCode.NO_EVIDENCE));
        reasons.add(0, ReasonCode.SAVES_IN_PLAN);
      }
      marked.add(row.withPlan(verdict, List.copyOf(reasons), place));
    }
    return marked;
  }
}
