package dev.homeward.report;

import java.util.List;
import java.util.Map;

/**
 * RFC 4180 CSV in UTF-8 with LF. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front.
 */
public final class Csv {
  private Csv() {}

  /** The ranking as a file's text. */
  public static String ranking(List<Map<RankingColumn, Object>> rows) {
    StringBuilder csv = new StringBuilder();
    for (RankingColumn column : RankingColumn.values()) {
      csv.append(column.ordinal() == 0 ? "" : ",").append(column.columnName());
    }
    csv.append('\n');
    for (Map<RankingColumn, Object> row : rows) {
      for (RankingColumn column : RankingColumn.values()) {
        Object value = row.get(column);
        String text = RankingRows.text(column, value);
        csv.append(column.ordinal() == 0 ? "" : ",")
            .append(value instanceof String ? cell(text) : text);
      }
      csv.append('\n');
    }
    return csv.toString();
  }

  /** A text as a cell: neutralised, and quoted where it must be. */
  static String cell(String text) {
    String safe = text;
    if (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
      safe = "'" + text;
    }
    boolean quote =
        safe.indexOf(',') >= 0
            || safe.indexOf('"') >= 0
            || safe.indexOf('\n') >= 0
            || safe.indexOf('\r') >= 0;
    return quote ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
