package dev.homeward.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.homeward.decision.Verdict;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import dev.homeward.units.Columns;
import dev.homeward.units.VisibleText;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The reviews of a directory month by month: what the API cost, what was decided, what the plan
 * came to, and what was promised and realised once workloads had moved. Figures are those of each
 * review's summary.json and plan.csv; nothing is computed again. Unknown is empty.
 *
 * @param months by month, then by directory
 */
public record ReviewHistory(List<Month> months) {
  private static final int LABEL = 24;
  private static final int COLUMN = 13;

  /** So many months stand side by side in a terminal of 120 columns. */
  private static final int MOST_IN_TABLE = 7;

  private static final String HEADER =
      "review_month,directory,review_id,situation,coverage,calls,workloads,api_forecast_monthly_usd,"
          + "must_move,move,move_with_overflow,evaluate_first,keep_api,infeasible,plan_workloads,"
          + "plan_saving_monthly_usd,plan_saving_p10_usd,plan_saving_p90_usd,plan_probability_saves,"
          + "plan_initial_usd,plan_boxes,promised_saving_monthly_usd,realised_saving_monthly_usd\n";

  /**
   * A review.
   *
   * @param directory its name
   * @param coverage share of the month that the log covers
   * @param verdicts workloads by verdict
   * @param planBoxes bought or rented, by hardware
   * @param promisedSavingMonthlyUsd of the workloads that have moved, by the review that planned it
   * @param realisedSavingMonthlyUsd of the same, by this month's calls
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Month(
      String reviewMonth,
      String directory,
      String reviewId,
      String situation,
      OptionalDouble coverage,
      long calls,
      long workloads,
      OptionalDouble apiForecastMonthlyUsd,
      Map<String, Long> verdicts,
      long planWorkloads,
      OptionalDouble planSavingMonthlyUsd,
      OptionalDouble planSavingP10Usd,
      OptionalDouble planSavingP90Usd,
      OptionalDouble planProbabilitySaves,
      OptionalDouble planInitialUsd,
      Map<String, Integer> planBoxes,
      OptionalDouble promisedSavingMonthlyUsd,
      OptionalDouble realisedSavingMonthlyUsd) {

    private long count(Verdict verdict) {
      return verdicts.getOrDefault(verdict.name(), 0L);
    }

    private String boxes(String between) {
      return planBoxes.entrySet().stream()
          .map(e -> e.getValue() + " x " + VisibleText.of(e.getKey()))
          .collect(Collectors.joining(between));
    }
  }

  public ReviewHistory {
    months = List.copyOf(months);
  }

  /**
   * The reviews that lie in a directory, in any order; what is no review is not looked at.
   *
   * @throws IOException if it cannot be read
   */
  public static List<Path> reviews(Path directory) throws IOException {
    try (var children = Files.list(directory)) {
      return children.filter(ReviewHistory::isReview).sorted().toList();
    }
  }

  // One that has lost its manifest must not be left out without a word.
  private static boolean isReview(Path folder) {
    return !folder.getFileName().toString().startsWith(".")
        && (Files.exists(folder.resolve(KeptFile.MANIFEST.path()))
            || Files.exists(folder.resolve(KeptFile.SUMMARY.path()))
                && Files.exists(folder.resolve("plan.csv")));
  }

  /** The history of some reviews. */
  public static ReviewHistory of(List<Path> reviews) throws IOException {
    List<Month> months = new ArrayList<>();
    for (Path review : reviews) {
      months.add(month(review));
    }
    months.sort(Comparator.comparing(Month::reviewMonth).thenComparing(Month::directory));
    return new ReviewHistory(months);
  }

  private static Month month(Path review) throws IOException {
    Path file = review.resolve(KeptFile.SUMMARY.path());
    JsonNode summary = Codec.tree(KeptFile.SUMMARY, Files.readString(file), file.toString());
    PlanFigures plan = PlanFigures.read(review);
    JsonNode band = summary.path("plan");
    Map<String, Long> verdicts = new LinkedHashMap<>();
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(verdict.name(), summary.path("verdicts").path(verdict.name()).asLong());
    }
    return new Month(
        summary.path("review_month").asText(),
        review.getFileName().toString(),
        summary.path("review_id").asText(),
        summary.path("situation").asText(),
        number(summary.path("coverage")),
        summary.path("calls").asLong(),
        summary.path("workloads").asLong(),
        number(summary.path("api_forecast_monthly_usd")),
        verdicts,
        band.path("workloads").asLong(),
        plan.savingMonthlyUsd(),
        number(band.path("saving_p10_usd")),
        number(band.path("saving_p90_usd")),
        number(band.path("probability_saves")),
        plan.initialUsd(),
        plan.boxes(),
        number(summary.path("realised").path("promised_saving_monthly_usd")),
        number(summary.path("realised").path("realised_saving_monthly_usd")));
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.doubleValue()) : OptionalDouble.empty();
  }

  /** As CSV, a row a review. */
  public String csv() {
    StringBuilder csv = new StringBuilder(HEADER);
    for (Month m : months) {
      StringJoiner row = new StringJoiner(",", "", "\n");
      row.add(m.reviewMonth())
          .add(Csv.cell(m.directory()))
          .add(Csv.cell(m.reviewId()))
          .add(Csv.cell(m.situation()))
          .add(rounded(m.coverage(), 4))
          .add(Long.toString(m.calls()))
          .add(Long.toString(m.workloads()))
          .add(rounded(m.apiForecastMonthlyUsd(), 2));
      for (Verdict verdict : CSV_VERDICTS) {
        row.add(Long.toString(m.count(verdict)));
      }
      row.add(Long.toString(m.planWorkloads()))
          .add(rounded(m.planSavingMonthlyUsd(), 2))
          .add(rounded(m.planSavingP10Usd(), 2))
          .add(rounded(m.planSavingP90Usd(), 2))
          .add(rounded(m.planProbabilitySaves(), 4))
          .add(rounded(m.planInitialUsd(), 2))
          .add(Csv.cell(m.boxes("; ")))
          .add(rounded(m.promisedSavingMonthlyUsd(), 2))
          .add(rounded(m.realisedSavingMonthlyUsd(), 2));
      csv.append(row);
    }
    return csv.toString();
  }

  /** In the order of the header, whatever is added to the verdicts. */
  private static final List<Verdict> CSV_VERDICTS =
      List.of(
          Verdict.MUST_MOVE,
          Verdict.MOVE,
          Verdict.MOVE_WITH_OVERFLOW,
          Verdict.EVALUATE_FIRST,
          Verdict.KEEP_API,
          Verdict.INFEASIBLE);

  /** The months side by side for a terminal; of many the last ones. */
  public String table() {
    List<Month> shown = months.subList(Math.max(0, months.size() - MOST_IN_TABLE), months.size());
    StringBuilder text = new StringBuilder();
    if (shown.size() < months.size()) {
      text.append(
          "%d earlier reviews: --format csv or --json\n".formatted(months.size() - shown.size()));
    }
    line(text, "", shown, Month::reviewMonth);
    // Several reviews of a month are told apart by their directories.
    if (shown.stream().map(Month::reviewMonth).distinct().count() < shown.size()) {
      line(text, "", shown, Month::directory);
    }
    line(text, "calls", shown, m -> String.format(Locale.ROOT, "%,d", m.calls()));
    line(text, "workloads", shown, m -> Long.toString(m.workloads()));
    line(text, "API $/mo", shown, m -> shown(m.apiForecastMonthlyUsd()));
    for (Verdict verdict : Verdict.values()) {
      line(text, verdict.name(), shown, m -> Long.toString(m.count(verdict)));
    }
    line(text, "plan: workloads", shown, m -> Long.toString(m.planWorkloads()));
    line(text, "plan: saves $/mo", shown, m -> shown(m.planSavingMonthlyUsd()));
    line(text, "plan: one in ten under", shown, m -> shown(m.planSavingP10Usd()));
    line(text, "plan: one in ten over", shown, m -> shown(m.planSavingP90Usd()));
    line(text, "plan: $ at the start", shown, m -> shown(m.planInitialUsd()));
    if (shown.stream().anyMatch(m -> m.realisedSavingMonthlyUsd().isPresent())) {
      line(text, "moved: promised $/mo", shown, m -> shown(m.promisedSavingMonthlyUsd()));
      line(text, "moved: realised $/mo", shown, m -> shown(m.realisedSavingMonthlyUsd()));
    }
    for (Month m : shown) {
      if (!m.planBoxes().isEmpty()) {
        text.append("Boxes of %s: %s.\n".formatted(m.directory(), m.boxes(", ")));
      }
    }
    return VisibleText.ofLines(text.toString());
  }

  private static void line(
      StringBuilder text, String label, List<Month> months, Function<Month, String> cell) {
    StringBuilder line = new StringBuilder(Columns.padded(label, LABEL));
    for (Month month : months) {
      line.append(Columns.paddedLeft(Columns.cut(cell.apply(month), COLUMN - 1), COLUMN));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static String shown(OptionalDouble usd) {
    return usd.isPresent() ? rounded(usd, 2) : "?";
  }

  private static String rounded(OptionalDouble value, int decimals) {
    return Optional.of(value)
        .filter(OptionalDouble::isPresent)
        .map(v -> new BigDecimal(v.getAsDouble()).setScale(decimals, RoundingMode.HALF_EVEN))
        .map(v -> v.signum() == 0 ? v.abs().toPlainString() : v.toPlainString())
        .orElse("");
  }
}
