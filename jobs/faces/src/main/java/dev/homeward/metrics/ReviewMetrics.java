package dev.homeward.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.metrics.OpenMetrics.Labels;
import dev.homeward.report.RankingColumn;
import dev.homeward.report.RankingRows;
import dev.homeward.report.Reviewed;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * {@code metrics.prom}: what to raise an alarm on, for Prometheus and what reads its files. Figures
 * are written as in ranking.csv; what is not known has no value, never 0. An alert on the age of
 * the review takes {@code homeward_review_month_start_seconds}, which does not depend on when the
 * review was made.
 */
public final class ReviewMetrics {
  /** The file in a review. */
  public static final String FILE = "metrics.prom";

  private final OpenMetrics out = new OpenMetrics();
  private final Reviewed review;
  private final List<Map<RankingColumn, Object>> rows;

  private ReviewMetrics(Reviewed review) {
    this.review = review;
    this.rows = RankingRows.of(review.decision().ranking());
  }

  /** The text of the file. */
  public static String text(Reviewed review) {
    ReviewMetrics metrics = new ReviewMetrics(review);
    metrics.period();
    metrics.data();
    metrics.plan();
    metrics.verdicts();
    metrics.workloads();
    return metrics.out.text();
  }

  private void period() {
    out.gauge("homeward_review", "", "The review that these figures are of.")
        .value(
            Labels.of("month", review.period().month().toString())
                .and("timezone", review.period().zone().getId())
                .and("situation", review.settings().assumptions().situation().id()),
            1);
    out.gauge(
            "homeward_review_month_start_seconds",
            "seconds",
            "Start of the month under review, seconds since 1970: how old the newest review is.")
        .value(Labels.NONE, review.period().fromMicros() / 1_000_000);
    out.gauge("homeward_coverage_ratio", "ratio", "Share of the month that the log holds, 0 to 1.")
        .value(Labels.NONE, share(review.period().coverage()));
  }

  private void data() {
    JsonNode quality = review.summary().path("data_quality");
    out.gauge("homeward_records", "", "Records of the log by what became of them.");
    for (String outcome :
        List.of("calls", "duplicates", "nested", "ignored", "rejected", "buckets")) {
      count(Labels.of("outcome", outcome), quality.path(outcome));
    }
    out.gauge("homeward_calls", "", "Calls of the month that reached a model.");
    count(Labels.NONE, review.summary().path("calls"));
    out.gauge("homeward_missing_usage_calls", "", "Calls without usage.");
    count(Labels.NONE, quality.path("missing_usage"));
    out.gauge("homeward_untagged_ratio", "ratio", "Share of calls without a data class, 0 to 1.");
    if (quality.path("untagged_share").isNumber()) {
      out.value(Labels.NONE, share(quality.path("untagged_share").doubleValue()));
    }
    out.gauge("homeward_unpriced_workloads", "", "Workloads whose API cost is not known.")
        .value(Labels.NONE, quality.path("unpriced").size());
  }

  private void plan() {
    money(
        "homeward_api_forecast_usd",
        "A month of all workloads at the API at announced prices.",
        review.summary().path("api_forecast_monthly_usd"));
    JsonNode plan = review.summary().path("plan");
    money(
        "homeward_plan_saving_usd",
        "What the plan saves a month.",
        plan.path("saving_monthly_usd"));
    money(
        "homeward_plan_saving_p10_usd",
        "The same: one future in ten is worse.",
        plan.path("saving_p10_usd"));
    money(
        "homeward_plan_saving_p90_usd",
        "The same: one future in ten is better.",
        plan.path("saving_p90_usd"));
    out.gauge(
        "homeward_plan_saves_ratio", "ratio", "Share of futures in which the plan saves, 0 to 1.");
    if (plan.path("probability_saves").isNumber()) {
      out.value(Labels.NONE, share(plan.path("probability_saves").doubleValue()));
    }
    money("homeward_plan_initial_usd", "Paid at the start for boxes.", plan.path("initial_usd"));
    money(
        "homeward_waiting_saving_usd",
        "What would be saved a month besides if every evaluation were passed.",
        review.summary().path("waiting").path("more_saving_monthly_usd"));
  }

  private void verdicts() {
    out.gauge("homeward_workloads", "", "Workloads by verdict.");
    for (Verdict verdict : Verdict.values()) {
      out.value(
          Labels.of("verdict", verdict.name()),
          review.decision().ranking().stream().filter(w -> w.verdict() == verdict).count());
    }
    out.gauge("homeward_violating_workloads", "", "Workloads whose data is where it may not be.")
        .value(
            Labels.NONE,
            review.decision().ranking().stream().filter(w -> w.workload().isViolation()).count());
  }

  private void workloads() {
    column("homeward_workload_calls", "", RankingColumn.CALLS);
    column("homeward_workload_api_forecast_usd", "usd", RankingColumn.API_FORECAST_USD);
    column("homeward_workload_saving_usd", "usd", RankingColumn.SAVING_MONTHLY_USD);
    column("homeward_workload_plan_saving_usd", "usd", RankingColumn.MARGINAL_SAVING_USD);
    column("homeward_workload_break_even_ratio", "ratio", RankingColumn.BREAK_EVEN_VOLUME_RATIO);
    column("homeward_workload_slo_attainment_ratio", "ratio", RankingColumn.SLO_ATTAINMENT);
    each(
        "homeward_workload_verdict",
        "1 for the verdict on a workload.",
        w -> w.verdict().name(),
        "verdict");
    out.gauge(
        "homeward_workload_violating", "", "1 where a workload's data is where it may not be.");
    List<RankedWorkload> ranking = review.decision().ranking();
    for (int i = 0; i < ranking.size(); i++) {
      out.value(labels(rows.get(i)), ranking.get(i).workload().isViolation() ? 1 : 0);
    }
  }

  private void each(
      String name, String help, Function<RankedWorkload, String> value, String label) {
    out.gauge(name, "", help);
    List<RankedWorkload> ranking = review.decision().ranking();
    for (int i = 0; i < ranking.size(); i++) {
      out.value(labels(rows.get(i)).and(label, value.apply(ranking.get(i))), 1);
    }
  }

  // A column of ranking.csv, as it stands there.
  private void column(String name, String unit, RankingColumn column) {
    out.gauge(
        name, unit, "Of ranking.csv, %s: %s.".formatted(column.columnName(), column.meaning()));
    for (Map<RankingColumn, Object> row : rows) {
      String text = RankingRows.text(column, row.get(column));
      if (!text.isEmpty()) {
        out.value(labels(row), text);
      }
    }
  }

  private static Labels labels(Map<RankingColumn, Object> row) {
    Labels labels = Labels.NONE;
    for (RankingColumn column :
        List.of(
            RankingColumn.WORKLOAD,
            RankingColumn.HOSTED_MODEL,
            RankingColumn.DATA_CLASS,
            RankingColumn.OWNER)) {
      labels = labels.and(column.columnName(), RankingRows.text(column, row.get(column)));
    }
    return labels;
  }

  private void money(String name, String help, JsonNode usd) {
    out.gauge(name, "usd", help);
    if (usd.isNumber()) {
      out.value(
          Labels.NONE,
          RankingRows.text(RankingColumn.API_FORECAST_USD, new BigDecimal(usd.doubleValue())));
    }
  }

  private void count(Labels labels, JsonNode number) {
    if (number.isIntegralNumber()) {
      out.value(labels, number.longValue());
    }
  }

  private static String share(double share) {
    return RankingRows.text(RankingColumn.SLO_ATTAINMENT, new BigDecimal(share));
  }
}
