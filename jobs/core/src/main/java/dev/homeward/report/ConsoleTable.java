package dev.homeward.report;

import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.units.Columns;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The ranking for a terminal of 120 columns, readable without colour. */
public final class ConsoleTable {
  /** Columns of the cells; a negative number: the cell stands at their right end. */
  private static final int[] COLUMNS = {-3, 14, 15, 12, 8, -9, -9, -9, -9, -9};

  private static final int ON = 12;

  /** Rows of a table that somebody may still read; ranking.csv has all. */
  private static final int MOST_ROWS = 100;

  private ConsoleTable() {}

  /** The first rows with their legend, and what the others cost. */
  public static String of(List<RankedWorkload> all) {
    List<RankedWorkload> ranking = all.subList(0, Math.min(MOST_ROWS, all.size()));
    StringBuilder text = new StringBuilder();
    line(text, "", "", "", "", "", "", "-- alone:", "---------", "in the", "plan: ---", "");
    line(
        text,
        "#",
        "verdict",
        "workload",
        "hosted model",
        "class",
        "API $/mo",
        "costs",
        "saves",
        "costs",
        "saves",
        "on");
    List<String> rules = new ArrayList<>();
    for (int column : COLUMNS) {
      rules.add("-".repeat(Math.abs(column)));
    }
    rules.add("-".repeat(ON));
    line(text, rules.toArray(String[]::new));
    List<Map<RankingColumn, Object>> rows = RankingRows.of(ranking);
    for (int i = 0; i < rows.size(); i++) {
      Map<RankingColumn, Object> row = rows.get(i);
      boolean local = !cell(row, RankingColumn.HARDWARE).isEmpty();
      boolean moves = !cell(row, RankingColumn.MARGINAL_SAVING_USD).isEmpty();
      line(
          text,
          cell(row, RankingColumn.RANK),
          verdict(ranking.get(i).verdict()),
          Columns.cut(cell(row, RankingColumn.WORKLOAD), COLUMNS[2]),
          Columns.cut(cell(row, RankingColumn.HOSTED_MODEL), COLUMNS[3]),
          Columns.cut(
              cell(row, RankingColumn.DATA_CLASS)
                  + (cell(row, RankingColumn.COMPLIANCE).equals("violation") ? " !" : ""),
              COLUMNS[4]),
          unknown(cell(row, RankingColumn.API_FORECAST_USD)),
          local ? unknown(costsAlone(row)) : "-",
          local ? unknown(cell(row, RankingColumn.SAVING_MONTHLY_USD)) : "-",
          moves ? unknown(less(row, RankingColumn.MARGINAL_SAVING_USD)) : "-",
          moves ? cell(row, RankingColumn.MARGINAL_SAVING_USD) : "-",
          on(row));
    }
    if (all.size() > ranking.size()) {
      text.append(others(all.subList(ranking.size(), all.size())));
    }
    text.append(
        """

        API: at announced prices, for the whole month. Alone: on its best box, which nobody shares: hardware, power, people,
        calls that stay at the API. In the plan (plan.csv): its part of its fleet, and such calls. API less costs is what it
        saves. On: where the plan puts it; in brackets where it would run alone. "!": its data may not be where it is.
        "?": not known. A row's arithmetic: homeward explain WORKLOAD
        """);
    return text.toString();
  }

  private static String others(List<RankedWorkload> others) {
    double usd = 0;
    int unpriced = 0;
    for (RankedWorkload other : others) {
      OptionalDouble forecast = other.workload().apiForecastUsd();
      usd += forecast.orElse(0);
      unpriced += forecast.isPresent() ? 0 : 1;
    }
    return String.format(
        Locale.ROOT,
        "... and %,d more, which cost $%.2f a month at the API%s: ranking.csv%n",
        others.size(),
        usd,
        unpriced == 0 ? "" : " and %,d of which have no price".formatted(unpriced));
  }

  // What is not saved: the fleet, the calls that overflow, and what agreements take. Seats and
  // units are paid whether calls are made or not: nothing adds up there.
  private static String costsAlone(Map<RankingColumn, Object> row) {
    if (!cell(row, RankingColumn.BILLING_MODE).equals("metered")) {
      return "-";
    }
    String costs = less(row, RankingColumn.SAVING_MONTHLY_USD);
    return costs.isEmpty() ? cell(row, RankingColumn.LOCAL_MONTHLY_USD) : costs;
  }

  // From the figures that the row shows, so that it adds up to the cent.
  private static String less(Map<RankingColumn, Object> row, RankingColumn saving) {
    String api = cell(row, RankingColumn.API_FORECAST_USD);
    String saves = cell(row, saving);
    return api.isEmpty() || saves.isEmpty()
        ? ""
        : new BigDecimal(api).subtract(new BigDecimal(saves)).toPlainString();
  }

  private static String verdict(Verdict verdict) {
    return verdict == Verdict.MOVE_WITH_OVERFLOW ? "MOVE+OVERFLOW" : verdict.name();
  }

  private static String on(Map<RankingColumn, Object> row) {
    String planned = cell(row, RankingColumn.PLAN_HARDWARE);
    if (!planned.isEmpty()) {
      return Columns.cut(planned, ON);
    }
    String alone = cell(row, RankingColumn.HARDWARE);
    return alone.isEmpty() ? "-" : "(" + Columns.cut(alone, ON - 2) + ")";
  }

  private static String unknown(String money) {
    return money.isEmpty() ? "?" : money;
  }

  private static String cell(Map<RankingColumn, Object> row, RankingColumn column) {
    return RankingRows.text(column, row.get(column));
  }

  private static void line(StringBuilder text, String... cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < COLUMNS.length; i++) {
      line.append(
              COLUMNS[i] < 0
                  ? Columns.paddedLeft(cells[i], -COLUMNS[i])
                  : Columns.padded(cells[i], COLUMNS[i]))
          .append(' ');
    }
    line.append(' ').append(cells[COLUMNS.length]);
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
