package dev.homeward.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.Plan;
import dev.homeward.decision.Waiting;

/** The plan, what waits for evaluations, and the cost centres, as summary.json has them. */
public final class PlanSummary {
  private PlanSummary() {}

  /** Adds them to a summary. */
  public static void write(DecideStep.Decision decision, ObjectNode summary) {
    plan(decision.plan(), summary.putObject("plan"));
    Waiting waiting = decision.waiting();
    ObjectNode n = summary.putObject("waiting");
    n.put("more_saving_monthly_usd", waiting.moreUsd());
    plan(waiting.plan(), n.putObject("plan"));
    ArrayNode evaluations = n.putArray("evaluations");
    for (Waiting.Opening o : waiting.first()) {
      ObjectNode e = evaluations.addObject();
      e.put("workload", o.workload().workload());
      e.put("hosted_model", o.workload().hostedModel());
      e.put("data_class", o.workload().dataClass());
      e.put("local_model", o.on().model());
      e.put("hardware", o.on().hardware());
      e.put("tasks", o.evaluation().tasks());
      e.put("hours", o.evaluation().hours());
      e.put("opens_monthly_usd", o.opensUsd());
      o.usdPerHour().ifPresent(usd -> e.put("opens_usd_per_hour", usd));
    }
    ArrayNode owners = summary.putArray("owners");
    OwnerTotals.of(decision.ranking())
        .forEach(
            (owner, total) -> {
              ObjectNode o = owners.addObject();
              o.put("owner", owner);
              o.put("workloads", total.workloads());
              o.put("api_forecast_monthly_usd", total.apiUsd());
              o.put("moved", total.moved());
              o.put("saving_monthly_usd", total.savingUsd());
              o.put("waiting_saving_monthly_usd", total.waitingUsd());
            });
  }

  private static void plan(Plan plan, ObjectNode n) {
    n.put("workloads", plan.moved().size());
    n.put("saving_monthly_usd", plan.savingUsd());
    n.put("initial_usd", plan.initialUsd());
    n.put("marginal_savings_estimated", plan.estimated());
    plan.futures().ifPresent(f -> futures(f, n));
  }

  private static void futures(Plan.Futures f, ObjectNode n) {
    n.put("saving_p10_usd", f.outlook().p10Usd());
    n.put("saving_p50_usd", f.outlook().p50Usd());
    n.put("saving_p90_usd", f.outlook().p90Usd());
    n.put("probability_saves", f.outlook().probabilitySaves());
    n.put("npv_p10_usd", f.npvP10Usd());
    n.put("npv_p50_usd", f.npvP50Usd());
    n.put("npv_p90_usd", f.npvP90Usd());
    f.paybackMonths().ifPresent(m -> n.put("payback_months", m));
    ArrayNode cash = n.putArray("cumulative_cash");
    for (Plan.Cash c : f.cash()) {
      cash.addObject()
          .put("month", c.month())
          .put("p10_usd", c.p10Usd())
          .put("p50_usd", c.p50Usd())
          .put("p90_usd", c.p90Usd());
    }
  }
}
