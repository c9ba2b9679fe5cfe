package dev.homeward.report;

import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.units.Columns;
import java.util.List;
import java.util.Map;

/** The ranking for a terminal of 120 columns, readable without colour. */
public final class ConsoleTable {
  /** Columns of the cells; a negative number: the cell stands at their right end. */
  private static final int[] COLUMNS = {-3, 14, 20, 18, 12, -10, -10, -10};

  private ConsoleTable() {}

  /** The table with its legend. */
  public static String of(List<RankedWorkload> ranking) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "#",
        "verdict",
        "workload",
        "hosted model",
        "data class",
        "API $/mo",
        "local $/mo",
        "saves $/mo",
        "on");
    line(
        text,
        "---",
        "-".repeat(14),
        "-".repeat(20),
        "-".repeat(18),
        "-".repeat(12),
        "-".repeat(10),
        "-".repeat(10),
        "-".repeat(10),
        "-".repeat(13));
    List<Map<RankingColumn, Object>> rows = RankingRows.of(ranking);
    for (int i = 0; i < rows.size(); i++) {
      Map<RankingColumn, Object> row = rows.get(i);
      line(
          text,
          cell(row, RankingColumn.RANK),
          verdict(ranking.get(i).verdict()),
          Columns.cut(cell(row, RankingColumn.WORKLOAD), 20),
          Columns.cut(cell(row, RankingColumn.HOSTED_MODEL), 18),
          Columns.cut(
              cell(row, RankingColumn.DATA_CLASS)
                  + (cell(row, RankingColumn.COMPLIANCE).equals("violation") ? " !" : ""),
              12),
          unknown(cell(row, RankingColumn.API_FORECAST_USD)),
          unknown(cell(row, RankingColumn.LOCAL_MONTHLY_USD)),
          unknown(
              cell(row, RankingColumn.MARGINAL_SAVING_USD).isEmpty()
                  ? cell(row, RankingColumn.SAVING_MONTHLY_USD)
                  : cell(row, RankingColumn.MARGINAL_SAVING_USD)),
          on(row));
    }
    text.append(
        """

        API: at announced prices, for the whole month. Local: hardware, power, people, everything included, for this
        workload alone, on its best box. Saves: what it adds to the plan (plan.csv), where boxes are shared; alone, where
        the plan leaves it. "!": its data may not be where it is. "?": not known. A row's arithmetic: homeward explain WORKLOAD
        """);
    return text.toString();
  }

  private static String verdict(Verdict verdict) {
    return verdict == Verdict.MOVE_WITH_OVERFLOW ? "MOVE+OVERFLOW" : verdict.name();
  }

  private static String on(Map<RankingColumn, Object> row) {
    String hardware = cell(row, RankingColumn.HARDWARE);
    if (hardware.isEmpty()) {
      return "-";
    }
    String replicas = cell(row, RankingColumn.REPLICAS);
    return Columns.cut(hardware, 14 - replicas.length() - 1)
        + (replicas.equals("1") ? "" : " x" + replicas);
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
