package dev.homeward.report;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/** plan.csv and violations.csv. */
public final class PlanFiles {
  private static final String PLAN =
      "step,action,hardware,count,local_model,engine,workload,hosted_model,data_class,capex_usd,"
          + "monthly_cost_usd,monthly_saving_usd,cumulative_saving_usd,utilization,note,"
          + "saving_p10_usd,saving_p50_usd,saving_p90_usd,probability_saves\n";
  private static final String VIOLATIONS =
      "workload,hosted_model,data_class,allowed,provider,region,calls,first_call,last_call,verdict\n";

  private PlanFiles() {}

  /** The plan, a step a row. */
  public static String plan(Plan plan) {
    StringBuilder csv = new StringBuilder(PLAN);
    for (Plan.Step s : plan.steps()) {
      Optional<WorkloadKey> key = s.workload();
      StringJoiner row = new StringJoiner(",", "", "\n");
      row.add(Integer.toString(s.number()))
          .add(s.action().name().toLowerCase(Locale.ROOT))
          .add(Csv.cell(s.hardware()))
          .add(s.count() == 0 ? "" : Integer.toString(s.count()))
          .add(Csv.cell(s.localModel().orElse("")))
          .add(Csv.cell(s.engine().orElse("")))
          .add(Csv.cell(key.map(WorkloadKey::workload).orElse("")))
          .add(Csv.cell(key.map(WorkloadKey::hostedModel).orElse("")))
          .add(Csv.cell(key.map(WorkloadKey::dataClass).orElse("")))
          .add(number(s.capexUsd(), 2))
          .add(number(s.monthlyCostUsd(), 2))
          .add(number(s.monthlySavingUsd(), 2))
          .add(number(s.cumulativeSavingUsd(), 2))
          .add(s.utilization().isPresent() ? number(s.utilization().getAsDouble(), 4) : "")
          .add(Csv.cell(s.note()))
          .add(s.outlook().map(o -> number(o.p10Usd(), 2)).orElse(""))
          .add(s.outlook().map(o -> number(o.p50Usd(), 2)).orElse(""))
          .add(s.outlook().map(o -> number(o.p90Usd(), 2)).orElse(""))
          .add(s.outlook().map(o -> number(o.probabilitySaves(), 4)).orElse(""));
      csv.append(row);
    }
    return csv.toString();
  }

  /** Where data went that may not be there, most calls first. */
  public static String violations(List<RankedWorkload> ranking) {
    StringBuilder csv = new StringBuilder(VIOLATIONS);
    for (Violation v : Violation.of(ranking)) {
      StringJoiner row = new StringJoiner(",", "", "\n");
      row.add(Csv.cell(v.workload().workload()))
          .add(Csv.cell(v.workload().hostedModel()))
          .add(Csv.cell(v.workload().dataClass()))
          .add(Csv.cell(v.allowed()))
          .add(Csv.cell(v.seen().provider()))
          .add(Csv.cell(v.seen().region()))
          .add(Long.toString(v.seen().calls()))
          .add(v.firstCall())
          .add(v.lastCall())
          .add(v.verdict().name());
      csv.append(row);
    }
    return csv.toString();
  }

  private static String number(double value, int decimals) {
    BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString();
  }
}
