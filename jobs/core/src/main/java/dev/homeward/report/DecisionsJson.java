package dev.homeward.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.VolumeCurve;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.CostLine;
import dev.homeward.economics.Outlook;
import dev.homeward.pricing.PricedLine;
import dev.homeward.replay.ReplayJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every alternative weighed, with its reason, as decisions.json: what explain reads. */
public final class DecisionsJson {
  private DecisionsJson() {}

  /** The decisions of a review. */
  public static ObjectNode of(List<RankedWorkload> ranking, ReviewPeriod period) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("review_month", period.month().toString());
    root.put("month_hours", period.hours());
    root.put("coverage", period.coverage());
    ArrayNode workloads = root.putArray("workloads");
    List<Map<RankingColumn, Object>> rows = RankingRows.of(ranking);
    for (int i = 0; i < ranking.size(); i++) {
      workloads.add(workload(ranking.get(i), rows.get(i)));
    }
    return root;
  }

  private static ObjectNode workload(RankedWorkload w, Map<RankingColumn, Object> row) {
    ObjectNode n = JsonNodeFactory.instance.objectNode();
    ObjectNode columns = n.putObject("row");
    row.forEach(
        (column, value) -> columns.put(column.columnName(), RankingRows.text(column, value)));
    WorkloadCase c = w.workload();
    n.put("service_level", c.serviceLevelText());
    n.put("kind", c.kind().name());
    c.spend().problem().ifPresent(problem -> n.put("price_problem", problem));
    n.put("calls_before_first_price", c.spend().beforeFirstPrice());
    n.put("calls_at_standard_tier_instead", c.spend().standardTierCalls());
    n.put("unpriced_calls", c.spend().unpricedCalls());
    n.put("logged_calls", c.spend().loggedCalls());
    lines(n.putArray("api_lines"), c.spend().lines());
    lines(n.putArray("forecast_lines"), c.spend().forecastLines());
    ArrayNode reasons = n.putArray("reasons");
    w.reasons()
        .forEach(r -> reasons.addObject().put("code", r.word()).put("sentence", r.sentence()));
    w.cashFlow()
        .ifPresent(
            f ->
                n.putObject("cash_flow")
                    .put("initial_usd", f.initialUsd())
                    .put("monthly_net_usd", f.monthlyNetUsd())
                    .put("residual_usd", f.residualUsd())
                    .put("months", f.months()));
    w.chosen().ifPresent(a -> n.set("chosen", alternative(a)));
    w.tasksNeeded().ifPresent(tasks -> n.put("tasks_needed", tasks));
    ArrayNode violations = n.putArray("violations");
    for (WorkloadProfile.Seen seen : c.violations()) {
      violations
          .addObject()
          .put("provider", seen.provider())
          .put("region", seen.region())
          .put("calls", seen.calls());
    }
    w.flip().ifPresent(f -> n.set("flip", flip(f)));
    w.curve().ifPresent(curve -> n.set("volumes", volumes(curve)));
    w.outlook().ifPresent(o -> n.set("outlook", outlook(o)));
    w.growth()
        .ifPresent(
            g ->
                n.putObject("growth")
                    .put("p10", Math.expm1(g.perMonth().p10()))
                    .put("p50", Math.expm1(g.perMonth().p50()))
                    .put("p90", Math.expm1(g.perMonth().p90()))
                    .put("source", g.source()));
    w.moved()
        .ifPresent(
            m ->
                n.putObject("plan")
                    .put("order", m.order())
                    .put("marginal_saving_usd", m.marginalSavingUsd()));
    ArrayNode alternatives = n.putArray("alternatives");
    w.alternatives().forEach(a -> alternatives.add(alternative(a)));
    return n;
  }

  private static ObjectNode flip(RankedWorkload.Flip f) {
    ObjectNode n = JsonNodeFactory.instance.objectNode();
    if (f.nearest().isPresent()) {
      n.put("nearest", f.nearest().getAsDouble());
    }
    n.put("extrapolated", f.extrapolated());
    n.put("replayed_from", f.fromVolume());
    n.put("replayed_to", f.toVolume());
    ArrayNode saves = n.putArray("saves");
    f.saves().forEach(i -> saves.addObject().put("from", i.from()).put("to", i.to()));
    n.put("why", f.why());
    return n;
  }

  private static ArrayNode volumes(VolumeCurve curve) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (VolumeCurve.Point p : curve.points()) {
      array
          .addObject()
          .put("volume", p.volume())
          .put("boxes", p.boxes())
          .put("replicas", p.replicas())
          .put("busy_box_hours", p.busyBoxHours())
          .put("overflow_share", p.overflowShare())
          .put("saving_usd", p.savingUsd());
    }
    return array;
  }

  private static ObjectNode outlook(Outlook o) {
    ObjectNode n = JsonNodeFactory.instance.objectNode();
    n.put("p10_usd", o.p10Usd());
    n.put("p50_usd", o.p50Usd());
    n.put("p90_usd", o.p90Usd());
    n.put("probability_saves", o.probabilitySaves());
    ArrayNode shares = n.putArray("variance_shares");
    o.varianceShares()
        .forEach(
            (input, share) ->
                shares
                    .addObject()
                    .put("input", input.name().toLowerCase(Locale.ROOT))
                    .put("sentence", input.sentence())
                    .put("share", share));
    return n;
  }

  private static void lines(ArrayNode into, List<PricedLine> lines) {
    for (PricedLine line : lines) {
      into.addObject()
          .put("kind", line.kind())
          .put("tier", line.row().tier())
          .put("valid_from", line.row().validFrom().toString())
          .put("long_context", line.longContext())
          .put("tokens", line.tokens())
          .put("micro_usd_per_million", line.microUsdPerMillion())
          .put("nano_usd", line.amount().nanos())
          .put("source", line.row().source().reference());
    }
  }

  private static ObjectNode alternative(Alternative a) {
    ObjectNode n = JsonNodeFactory.instance.objectNode();
    n.put("local_model", a.model().id());
    n.put("quantization", a.quantization().id());
    n.put("engine", a.engine().id());
    n.put("hardware", a.hardware().id());
    n.put("replicas_per_box", a.replicasPerBox());
    a.engine()
        .efficiencyOn(a.hardware().accelerator())
        .ifPresent(
            set -> {
              boolean mixture = a.model().isMixture();
              n.put("step_time_residual", mixture ? set.mixtureResidual() : set.residual());
              n.put("step_time_kind", set.source().kind().word());
              n.put("step_time_source", set.source().reference());
            });
    a.fellOut().ifPresent(code -> n.put("fell_out", code.word()));
    if (!a.explanation().isEmpty()) {
      n.put("explanation", a.explanation());
    }
    a.evidence()
        .ifPresent(
            e ->
                n.putObject("evidence")
                    .put("metric", e.metric())
                    .put("hosted_score", e.hostedScore())
                    .put("local_score", e.localScore())
                    .put("n", e.n())
                    .put("low", e.low())
                    .put("high", e.high())
                    .put("method", e.method())
                    .put("proven", a.isProven()));
    a.cost()
        .ifPresent(
            cost -> {
              n.put("boxes", cost.boxes());
              n.put("local_monthly_usd", cost.monthlyUsd());
              a.overflowUsd().ifPresent(usd -> n.put("overflow_usd", usd));
              n.put("agreement_usd", a.agreementUsd());
              n.put("energy_kwh", cost.energyKwh());
              ArrayNode lines = n.putArray("cost_lines");
              for (CostLine line : cost.lines()) {
                lines
                    .addObject()
                    .put("name", line.name())
                    .put("arithmetic", line.arithmetic())
                    .put("monthly_usd", line.monthlyUsd());
              }
            });
    if (a.savingUsd().isPresent()) {
      n.put("saving_usd", a.savingUsd().getAsDouble());
    }
    a.fleet()
        .ifPresent(
            f -> n.set("replay", ReplayJson.write(f).without(List.of("hours", "busy_by_clock"))));
    return n;
  }
}
