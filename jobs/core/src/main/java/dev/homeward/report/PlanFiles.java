package dev.homeward.report;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.units.TimeUnits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Comparator;
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
    record Violation(RankedWorkload workload, WorkloadProfile.Seen seen) {}
    ranking.stream()
        .flatMap(w -> w.workload().violations().stream().map(seen -> new Violation(w, seen)))
        .sorted(
            Comparator.comparingLong((Violation r) -> -r.seen.calls())
                .thenComparing(r -> r.workload.workload().key())
                .thenComparing(r -> r.seen.provider())
                .thenComparing(r -> r.seen.region()))
        .forEach(
            r -> {
              WorkloadCase c = r.workload.workload();
              StringJoiner row = new StringJoiner(",", "", "\n");
              row.add(Csv.cell(c.key().workload()))
                  .add(Csv.cell(c.key().hostedModel()))
                  .add(Csv.cell(c.key().dataClass()))
                  .add(Csv.cell(allowed(c)))
                  .add(Csv.cell(r.seen.provider()))
                  .add(Csv.cell(r.seen.region()))
                  .add(Long.toString(r.seen.calls()))
                  .add(time(r.seen.firstMicros()))
                  .add(time(r.seen.lastMicros()))
                  .add(r.workload.verdict().name());
              csv.append(row);
            });
    return csv.toString();
  }

  private static String allowed(WorkloadCase c) {
    var rule = c.dataClass();
    StringBuilder allowed =
        new StringBuilder(rule.place().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (!rule.providers().isEmpty()) {
      allowed.append(": ").append(String.join(" ", rule.providers()));
    }
    if (!rule.regions().isEmpty()) {
      allowed.append(" in ").append(String.join(" ", rule.regions()));
    }
    return allowed.toString();
  }

  private static String time(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, TimeUnits.MICROS_PER_SECOND),
            Math.floorMod(micros, TimeUnits.MICROS_PER_SECOND) * TimeUnits.NANOS_PER_MICRO)
        .toString();
  }

  private static String number(double value, int decimals) {
    BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString();
  }
}
