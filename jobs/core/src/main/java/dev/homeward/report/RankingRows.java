package dev.homeward.report;

import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.Evaluation;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.replay.ReplayResult;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.VisibleText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The rows of the ranking: values by column, absent where unknown, not yet rounded. */
public final class RankingRows {
  private RankingRows() {}

  /** One row a workload: a {@code String}, {@code Long} or {@code BigDecimal} by column. */
  public static List<Map<RankingColumn, Object>> of(List<RankedWorkload> ranking) {
    List<Map<RankingColumn, Object>> rows = new ArrayList<>();
    for (RankedWorkload workload : ranking) {
      rows.add(row(workload));
    }
    return rows;
  }

  private static Map<RankingColumn, Object> row(RankedWorkload w) {
    Map<RankingColumn, Object> row = new EnumMap<>(RankingColumn.class);
    WorkloadProfile p = w.workload().profile();
    row.put(RankingColumn.RANK, (long) w.rank());
    row.put(RankingColumn.REVIEW_MONTH, w.workload().period().month().toString());
    row.put(RankingColumn.WORKLOAD, p.key().workload());
    row.put(RankingColumn.HOSTED_MODEL, p.key().hostedModel());
    row.put(RankingColumn.DATA_CLASS, p.key().dataClass());
    if (!p.owner().isEmpty()) {
      row.put(RankingColumn.OWNER, p.owner());
    }
    row.put(RankingColumn.VERDICT, w.verdict().name());
    row.put(RankingColumn.COMPLIANCE, w.compliance().word());
    row.put(
        RankingColumn.REASONS,
        w.reasons().stream().map(r -> r.word()).collect(Collectors.joining(";")));
    row.put(RankingColumn.BILLING_MODE, p.billingMode().word());
    row.put(
        RankingColumn.UNTAGGED_SHARE,
        w.workload().isUnclassified() ? BigDecimal.ONE : BigDecimal.ZERO);
    row.put(RankingColumn.CALLS, p.calls());
    if (p.calls() > p.missingUsage()) {
      row.put(RankingColumn.INPUT_TOKENS, p.inputTokens());
      row.put(RankingColumn.CACHE_READ_TOKENS, p.cacheReadTokens());
      row.put(RankingColumn.CACHE_WRITE_TOKENS, p.cacheWriteTokens());
      row.put(RankingColumn.OUTPUT_TOKENS, p.outputTokens());
    }
    w.workload()
        .spend()
        .loggedCost()
        .map(NanoUsd::dollars)
        .ifPresent(v -> row.put(RankingColumn.LOGGED_COST_USD, v));
    w.workload()
        .spend()
        .apiCost()
        .map(NanoUsd::dollars)
        .ifPresent(v -> row.put(RankingColumn.API_COST_USD, v));
    put(row, RankingColumn.API_MONTHLY_USD, w.workload().apiMonthlyUsd());
    put(row, RankingColumn.API_FORECAST_USD, w.workload().apiForecastUsd());
    w.chosen().ifPresent(a -> chosen(row, w, a));
    w.moved()
        .ifPresent(
            m -> {
              put(row, RankingColumn.MARGINAL_SAVING_USD, m.marginalSavingUsd());
              row.put(RankingColumn.MOVE_ORDER, (long) m.order());
              inPlan(row, w, m);
            });
    w.evaluation().ifPresent(e -> evaluation(row, e));
    w.waiting().ifPresent(m -> put(row, RankingColumn.WAITING_SAVING_USD, m.marginalSavingUsd()));
    row.put(RankingColumn.CONFIDENCE, w.confidence().word());
    row.replaceAll((column, value) -> value instanceof String text ? VisibleText.of(text) : value);
    return row;
  }

  private static void inPlan(
      Map<RankingColumn, Object> row, RankedWorkload w, RankedWorkload.Moved m) {
    row.put(RankingColumn.PLAN_MODEL, m.on().model());
    row.put(RankingColumn.PLAN_QUANTIZATION, m.on().quantization());
    row.put(RankingColumn.PLAN_ENGINE, m.on().engine());
    row.put(RankingColumn.PLAN_HARDWARE, m.on().hardware());
    if (w.workload().apiForecastUsd().isPresent()) {
      put(
          row,
          RankingColumn.PLAN_COST_USD,
          w.workload().apiForecastUsd().getAsDouble() - m.marginalSavingUsd());
    }
    m.outlook()
        .ifPresent(
            o -> {
              put(row, RankingColumn.PLAN_SAVING_P10_USD, o.p10Usd());
              put(row, RankingColumn.PLAN_SAVING_P90_USD, o.p90Usd());
              put(row, RankingColumn.PLAN_PROBABILITY_SAVES, o.probabilitySaves());
            });
  }

  private static void evaluation(Map<RankingColumn, Object> row, Evaluation e) {
    row.put(RankingColumn.EVALUATE_MODEL, e.localModel());
    row.put(RankingColumn.EVALUATION_TASKS, e.tasks());
    put(row, RankingColumn.EVALUATION_HOURS, e.hours());
  }

  private static void chosen(Map<RankingColumn, Object> row, RankedWorkload w, Alternative a) {
    ReplayResult r = a.fleet().orElseThrow().result();
    row.put(RankingColumn.LOCAL_MODEL, a.model().id());
    row.put(RankingColumn.QUANTIZATION, a.quantization().id());
    row.put(RankingColumn.ENGINE, a.engine().id());
    row.put(RankingColumn.HARDWARE, a.hardware().id());
    row.put(RankingColumn.REPLICAS, (long) a.fleet().get().options().replicas());
    put(row, RankingColumn.LOCAL_MONTHLY_USD, a.cost().orElseThrow().monthlyUsd());
    put(
        row,
        RankingColumn.OVERFLOW_SHARE,
        (double) (r.overflowCalls() + r.tooLongCalls()) / r.calls());
    if (w.workload().apiForecastUsd().isPresent()) {
      put(row, RankingColumn.OVERFLOW_COST_USD, a.overflowUsd());
    }
    put(row, RankingColumn.SAVING_MONTHLY_USD, w.savingUsd());
    w.paybackMonths().ifPresent(m -> row.put(RankingColumn.PAYBACK_MONTHS, (long) m));
    put(row, RankingColumn.NPV_USD, w.npvUsd());
    w.flip().ifPresent(f -> put(row, RankingColumn.BREAK_EVEN_VOLUME_RATIO, f.nearest()));
    w.outlook()
        .ifPresent(
            o -> {
              put(row, RankingColumn.SAVING_P10_USD, o.p10Usd());
              put(row, RankingColumn.SAVING_P90_USD, o.p90Usd());
              put(row, RankingColumn.PROBABILITY_SAVES, o.probabilitySaves());
            });
    millis(row, RankingColumn.TTFT_P50_MS, r.ttftP50Micros());
    millis(row, RankingColumn.TTFT_P95_MS, r.ttftP95Micros());
    millis(row, RankingColumn.TPOT_P50_MS, r.tpotP50Micros());
    millis(row, RankingColumn.E2E_P95_MS, r.e2eP95Micros());
    put(row, RankingColumn.SLO_ATTAINMENT, r.sloAttainment());
    put(row, RankingColumn.UTILIZATION, r.utilization());
    put(row, RankingColumn.ENERGY_KWH, a.cost().get().energyKwh());
  }

  private static void put(
      Map<RankingColumn, Object> row, RankingColumn column, OptionalDouble value) {
    if (value.isPresent()) {
      put(row, column, value.getAsDouble());
    }
  }

  private static void put(Map<RankingColumn, Object> row, RankingColumn column, double value) {
    row.put(column, new BigDecimal(value));
  }

  private static void millis(
      Map<RankingColumn, Object> row, RankingColumn column, OptionalLong micros) {
    if (micros.isPresent()) {
      row.put(column, BigDecimal.valueOf(micros.getAsLong(), 3));
    }
  }

  /** The values of a row as texts, "" for none. */
  static Map<RankingColumn, String> texts(Map<RankingColumn, Object> row) {
    Map<RankingColumn, String> texts = new EnumMap<>(RankingColumn.class);
    for (RankingColumn column : RankingColumn.values()) {
      texts.put(column, text(column, row.get(column)));
    }
    return texts;
  }

  /** A value as CSV, the console and people see it; empty where unknown. */
  public static String text(RankingColumn column, Object value) {
    if (value == null) {
      return "";
    }
    if (!(value instanceof BigDecimal number)) {
      return value.toString();
    }
    int decimals =
        switch (column.type()) {
          case MONEY -> 2;
          case SHARE, RATIO -> 4;
          case MILLIS, ENERGY -> 3;
          default ->
              throw new IllegalStateException("Cannot write %s as a number".formatted(column));
        };
    BigDecimal rounded = number.setScale(decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString();
  }
}
