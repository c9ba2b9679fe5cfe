package dev.homeward.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.PlannedFleet;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.economics.FleetUse;
import dev.homeward.economics.LocalCost;
import dev.homeward.replay.ReplayResult;
import dev.homeward.report.Reviewed;
import dev.homeward.serving.Deployment;
import java.util.HashMap;
import java.util.Map;

/**
 * The fleets of the plan: how busy they are, and what a million tokens cost on them as they are
 * used and if they were used all the time.
 */
final class FleetsJson {
  private static final double NANOS_PER_HOUR = 3.6e12;
  private static final double MILLION = 1e6;

  private final Reviewed review;
  private final Map<WorkloadKey, Integer> rowOf;
  private final Map<WorkloadKey, RankedWorkload> rows = new HashMap<>();

  FleetsJson(Reviewed review, Map<WorkloadKey, Integer> rowOf) {
    this.review = review;
    this.rowOf = rowOf;
    review.decision().ranking().forEach(w -> rows.put(w.workload().key(), w));
  }

  void write(ArrayNode to) {
    review.decision().plan().fleets().forEach(fleet -> write(to.addObject(), fleet));
  }

  private void write(ObjectNode n, PlannedFleet fleet) {
    Deployment d = fleet.deployment();
    ReplayResult r = fleet.replayed().result();
    int replicas = fleet.replayed().options().replicas();
    int boxes = (replicas + d.replicasPerBox() - 1) / d.replicasPerBox();
    n.put("hardware", d.hardware().id());
    n.put("hardware_name", d.hardware().name());
    n.put("local_model", d.model().id());
    n.put("quantization", d.quantization().id());
    n.put("engine", d.engine().id());
    n.put("boxes", boxes);
    n.put("replicas", replicas);
    n.put("utilization", r.utilization());
    n.put("calls", r.calls());
    n.put("at_api_calls", r.overflowCalls() + r.tooLongCalls());
    ArrayNode workloads = n.putArray("rows");
    fleet.workloads().forEach(key -> workloads.add(rowOf.get(key)));
    ArrayNode clock = n.putArray("busy_by_clock");
    double hours = review.period().hours() * review.period().coverage();
    // Busy hours of the replicas in an hour of the clock, over the hours of that name that the
    // observed span has: five of seven days are weekdays.
    for (int slot = 0; slot < r.busyByClock().length; slot++) {
      double days = hours / 24 * (slot < 24 ? 5.0 : 2.0) / 7;
      clock.add(Math.min(1, r.busyByClock()[slot] / replicas / Math.max(1, days)));
    }
    cost(n, fleet, boxes);
  }

  // The boxes alone, this fleet with them: where fleets share boxes, each is shown with all of its.
  private void cost(ObjectNode n, PlannedFleet fleet, int boxes) {
    Deployment d = fleet.deployment();
    ReplayResult r = fleet.replayed().result();
    double hours = review.period().hours();
    double busy =
        Math.min(
            r.busyNanos() / NANOS_PER_HOUR / d.replicasPerBox() / review.period().coverage(),
            boxes * hours);
    double tokens = (r.promptTokens() + r.outputTokens()) / review.period().coverage() / MILLION;
    double today = usd(fleet, boxes, busy, r.busyLoad());
    n.put("idle_monthly_usd", usd(fleet, boxes, 0, 0));
    n.put("today_monthly_usd", today);
    n.put("full_monthly_usd", usd(fleet, boxes, boxes * hours, 1));
    n.put("million_tokens", tokens);
    if (tokens > 0) {
      n.put("usd_per_million_tokens_today", today / tokens);
      if (r.utilization() > 0) {
        n.put(
            "usd_per_million_tokens_full",
            usd(fleet, boxes, boxes * hours, 1) / (tokens / r.utilization()));
      }
    }
    double api =
        fleet.workloads().stream()
            .map(rows::get)
            .mapToDouble(w -> w.workload().apiForecastUsd().orElse(0))
            .sum();
    n.put("api_forecast_monthly_usd", api);
  }

  private double usd(PlannedFleet fleet, int boxes, double busyBoxHours, double load) {
    return LocalCost.of(
            review.settings().assumptions(),
            fleet.deployment().hardware(),
            new FleetUse(
                boxes,
                review.period().hours(),
                busyBoxHours,
                load,
                busyBoxHours > 0 ? fleet.replayed().result().busyByClock() : new float[0],
                fleet.workloads().size(),
                0,
                0,
                false))
        .monthlyUsd();
  }
}
