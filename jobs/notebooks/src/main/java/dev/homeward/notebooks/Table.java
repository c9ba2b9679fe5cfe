package dev.homeward.notebooks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Rows under headers as an HTML table. Numbers stand to the right with thousands apart, whole ones
 * without decimals and others with two; {@code null} and what is not known is an empty cell. What
 * comes from a log is text, whatever is in it.
 *
 * <pre>{@code
 * Table.of("workload", "API $ a month").row("support-chat", 887.23).html()
 * }</pre>
 */
public final class Table {
  private final List<String> headers;
  private final List<List<Object>> rows = new ArrayList<>();

  private Table(List<String> headers) {
    this.headers = headers;
  }

  /** A table without rows. */
  public static Table of(String... headers) {
    return new Table(List.of(headers));
  }

  /** Adds a row; what is no number is shown as its text. */
  public Table row(Object... cells) {
    if (cells.length != headers.size()) {
      throw new IllegalArgumentException(
          "Cannot add a row: %d cells under %d headers".formatted(cells.length, headers.size()));
    }
    rows.add(Arrays.asList(cells));
    return this;
  }

  /** The table, to be shown as HTML. */
  public String html() {
    StringBuilder html = new StringBuilder("<table>\n<thead><tr>");
    headers.forEach(header -> html.append("<th>").append(text(header)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (List<Object> row : rows) {
      html.append("<tr>");
      for (Object cell : row) {
        html.append(
            cell instanceof Number
                ? "<td style=\"text-align:right\">"
                : "<td style=\"text-align:left\">");
        html.append(text(shown(cell))).append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody>\n</table>\n").toString();
  }

  private static String shown(Object cell) {
    if (cell == null) {
      return "";
    }
    if (cell instanceof Double || cell instanceof Float) {
      String number = String.format(Locale.ROOT, "%,.2f", ((Number) cell).doubleValue());
      return number.equals("-0.00") ? "0.00" : number;
    }
    return cell instanceof Number number
        ? String.format(Locale.ROOT, "%,d", number.longValue())
        : cell.toString();
  }

  private static String text(String plain) {
    return plain
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
