package dev.homeward.report;

import dev.homeward.units.VisibleText;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * RFC 4180 CSV in UTF-8 with LF. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front; what cannot be seen, line ends among it, is written out ({@link
 * VisibleText}).
 */
public final class Csv {
  private Csv() {}

  /** The ranking as a file's text. */
  public static String ranking(List<Map<RankingColumn, Object>> rows) {
    StringBuilder csv = new StringBuilder(header()).append('\n');
    for (Map<RankingColumn, Object> row : rows) {
      csv.append(line(RankingRows.texts(row))).append('\n');
    }
    return csv.toString();
  }

  /** The names of the ranking's columns, without an end. */
  static String header() {
    return Arrays.stream(RankingColumn.values())
        .map(RankingColumn::columnName)
        .collect(Collectors.joining(","));
  }

  /** A row of the ranking, without its end. */
  static String line(Map<RankingColumn, String> row) {
    StringBuilder line = new StringBuilder();
    for (RankingColumn column : RankingColumn.values()) {
      String text = row.get(column);
      line.append(column.ordinal() == 0 ? "" : ",")
          .append(column.type() == RankingColumn.Type.TEXT ? cell(text) : text);
    }
    return line.toString();
  }

  /**
   * A text that no spreadsheet takes for a formula, however it gets there: with an apostrophe in
   * front where it would, and what cannot be seen written out.
   */
  public static String inert(String text) {
    String visible = VisibleText.of(text);
    return isFormula(visible) ? "'" + visible : visible;
  }

  /** A text as a cell: neutralised, and quoted where it must be. */
  public static String cell(String text) {
    String safe = inert(text);
    boolean quote = safe.indexOf(',') >= 0 || safe.indexOf('"') >= 0;
    return quote ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  /** The text of a cell that was neutralised, read back. */
  static String text(String cell) {
    return cell.startsWith("'") && isFormula(cell) ? cell.substring(1) : cell;
  }

  // Also after apostrophes, so that what is read back is what was written.
  private static boolean isFormula(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == '\'') {
      at++;
    }
    return at < text.length() && "=+-@".indexOf(text.charAt(at)) >= 0;
  }
}
