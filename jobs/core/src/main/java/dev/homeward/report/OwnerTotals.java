package dev.homeward.report;

import dev.homeward.decision.RankedWorkload;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the workloads of a cost centre come to a month. Savings of what stays are in no sum.
 *
 * @param apiUsd at announced prices, of those whose cost is known
 * @param moved workloads that the plan moves
 * @param savingUsd their parts of what the plan saves
 * @param waitingUsd parts of what would be saved if every evaluation were passed
 */
public record OwnerTotals(
    int workloads, double apiUsd, int moved, double savingUsd, double waitingUsd) {

  /** By cost centre; "" where the log names none. */
  public static Map<String, OwnerTotals> of(List<RankedWorkload> ranking) {
    Map<String, OwnerTotals> totals = new TreeMap<>();
    for (RankedWorkload w : ranking) {
      totals.merge(w.workload().profile().owner(), of(w), OwnerTotals::plus);
    }
    return totals;
  }

  private static OwnerTotals of(RankedWorkload w) {
    return new OwnerTotals(
        1,
        w.workload().apiForecastUsd().orElse(0),
        w.moved().isPresent() ? 1 : 0,
        w.moved().map(RankedWorkload.Moved::marginalSavingUsd).orElse(0.0),
        w.waiting().map(RankedWorkload.Moved::marginalSavingUsd).orElse(0.0));
  }

  private OwnerTotals plus(OwnerTotals other) {
    return new OwnerTotals(
        workloads + other.workloads,
        apiUsd + other.apiUsd,
        moved + other.moved,
        savingUsd + other.savingUsd,
        waitingUsd + other.waitingUsd);
  }
}
