package dev.homeward.workbook;

import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.decision.Waiting;
import dev.homeward.report.OwnerTotals;
import dev.homeward.report.RankingColumn;
import dev.homeward.report.Reviewed;
import dev.homeward.workbook.Sheet.Column;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;

/** What the review comes to on one sheet; what can be summed is summed by the spreadsheet. */
final class SummarySheet {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("figure", CellFormat.TEXT, 42, "what the line says"),
          new Column("value", CellFormat.NUMBER, 18, "US dollars where the line says so"),
          new Column("10th of 100", CellFormat.MONEY, 16, "one future in ten is worse"),
          new Column("90th of 100", CellFormat.MONEY, 16, "one future in ten is better"),
          new Column("about", CellFormat.TEXT, 90, "how the figure comes about"));

  private final Sheet sheet;

  SummarySheet(Workbook book, Finished finished, int number) {
    this.sheet = new Sheet(book, finished, number, "Summary", 1, COLUMNS);
  }

  /** Writes it, when the sheets that it sums are there. */
  void fill(Reviewed review, RankingSheet ranking, PlanSheet plan) {
    text("review", review.reviewId(), "hash of all that the review depends on");
    text("program", review.codeVersion(), "version of Homeward that decided");
    text("month", review.period().month().toString(), "calendar month under review");
    text("time zone", review.period().zone().getId(), "in which the month begins and ends");
    text("situation", review.settings().assumptions().situation().id(), "whose money it is");
    line(
        "coverage",
        review.period().coverage(),
        CellFormat.SHARE,
        "share of the month that the log covers; money is scaled up by it");
    sum(ranking, RankingColumn.CALLS, "calls", CellFormat.COUNT, "calls that reached a model");
    line(
        "workloads",
        (long) review.decision().ranking().size(),
        CellFormat.COUNT,
        "workload, hosted model and data class");
    sum(
        ranking,
        RankingColumn.API_COST_USD,
        "API, logged calls, USD",
        CellFormat.MONEY,
        "at the price book of each call's day; workloads without a price are not in it");
    sum(
        ranking,
        RankingColumn.API_FORECAST_USD,
        "API a month, USD",
        CellFormat.MONEY,
        "the month's equivalent at announced prices; workloads without a price are not in it");
    plan(review.decision().plan(), plan);
    waiting(review.decision().waiting());
    verdicts(review.decision().ranking(), ranking);
    owners(review.decision().ranking());
  }

  private void plan(Plan of, PlanSheet plan) {
    line(
        "workloads that the plan moves",
        (long) of.moved().size(),
        CellFormat.COUNT,
        "step by step on the sheet Plan");
    sheet.put(0, "the plan saves a month, USD", CellFormat.TEXT);
    sheet.put(
        1,
        new Formula("SUM(%s)".formatted(plan.range(PlanSheet.SAVING)), of.savingUsd()),
        CellFormat.MONEY);
    of.futures()
        .ifPresent(
            f -> {
              sheet.put(2, f.outlook().p10Usd(), CellFormat.MONEY);
              sheet.put(3, f.outlook().p90Usd(), CellFormat.MONEY);
            });
    sheet.put(4, "the sum of its steps; the band is of the mean over the horizon", CellFormat.TEXT);
    sheet.nextRow();
    line(
        "paid at the start, USD",
        new Formula("SUM(%s)".formatted(plan.range(PlanSheet.CAPEX)), of.initialUsd()),
        CellFormat.MONEY,
        "for boxes");
    of.futures().ifPresent(this::futures);
  }

  private void futures(Plan.Futures f) {
    line(
        "probability that the plan saves",
        f.outlook().probabilitySaves(),
        CellFormat.SHARE,
        "share of futures");
    sheet.put(0, "net present value, USD", CellFormat.TEXT);
    sheet.put(1, f.npvP50Usd(), CellFormat.MONEY);
    sheet.put(2, f.npvP10Usd(), CellFormat.MONEY);
    sheet.put(3, f.npvP90Usd(), CellFormat.MONEY);
    sheet.put(4, "over the horizon, in the middle of all futures", CellFormat.TEXT);
    sheet.nextRow();
    line(
        "payback, months",
        f.paybackMonths().isPresent() ? (long) f.paybackMonths().getAsInt() : null,
        CellFormat.COUNT,
        "first month in which the middle of all futures has its money back; empty: never in the"
            + " horizon");
  }

  private void waiting(Waiting waiting) {
    line(
        "evaluations that wait",
        (long) waiting.first().size(),
        CellFormat.COUNT,
        "workloads that could move if a local model were shown to be good enough");
    line(
        "they would save more a month, USD",
        waiting.moreUsd(),
        CellFormat.MONEY,
        "if every one of them were passed");
  }

  private void verdicts(List<RankedWorkload> workloads, RankingSheet ranking) {
    sheet.nextRow();
    sheet.head(List.of("verdict", "workloads", "API a month, USD", "", ""));
    String verdicts = ranking.range(RankingColumn.VERDICT);
    for (Verdict verdict : Verdict.values()) {
      List<RankedWorkload> of = workloads.stream().filter(w -> w.verdict() == verdict).toList();
      sheet.put(0, verdict.name(), CellFormat.TEXT);
      sheet.put(
          1,
          new Formula("COUNTIF(%s,\"%s\")".formatted(verdicts, verdict.name()), of.size()),
          CellFormat.COUNT);
      sheet.put(
          2,
          new Formula(
              "SUMIF(%s,\"%s\",%s)"
                  .formatted(
                      verdicts, verdict.name(), ranking.range(RankingColumn.API_FORECAST_USD)),
              of.stream().mapToDouble(w -> w.workload().apiForecastUsd().orElse(0)).sum()),
          CellFormat.MONEY);
      sheet.nextRow();
    }
  }

  private void owners(List<RankedWorkload> ranking) {
    sheet.nextRow();
    sheet.head(
        List.of(
            "cost centre",
            "API a month, USD",
            "the plan saves, USD",
            "evaluations would save, USD",
            "about"));
    for (Map.Entry<String, OwnerTotals> owner : OwnerTotals.of(ranking).entrySet()) {
      OwnerTotals total = owner.getValue();
      sheet.put(0, owner.getKey().isEmpty() ? "no owner" : owner.getKey(), CellFormat.TEXT);
      boolean priced =
          ranking.stream()
              .filter(w -> w.workload().profile().owner().equals(owner.getKey()))
              .anyMatch(w -> w.workload().apiForecastUsd().isPresent());
      sheet.put(1, priced ? total.apiUsd() : null, CellFormat.MONEY);
      sheet.put(2, total.savingUsd(), CellFormat.MONEY);
      sheet.put(3, total.waitingUsd(), CellFormat.MONEY);
      sheet.put(4, total.moved() + " of " + total.workloads() + " workloads move", CellFormat.TEXT);
      sheet.nextRow();
    }
  }

  private void sum(
      RankingSheet ranking, RankingColumn column, String name, CellFormat format, String about) {
    line(
        name,
        new Formula("SUM(%s)".formatted(ranking.range(column)), ranking.sum(column)),
        format,
        about);
  }

  private void text(String name, String value, String about) {
    line(name, value, CellFormat.TEXT, about);
  }

  private void line(String name, Object value, CellFormat format, String about) {
    sheet.put(0, name, CellFormat.TEXT);
    sheet.put(1, value, format);
    sheet.put(4, about, CellFormat.TEXT);
    sheet.nextRow();
  }
}
