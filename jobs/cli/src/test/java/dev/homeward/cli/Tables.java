package dev.homeward.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** CSV with quotes, and numbers as it writes them. */
public final class Tables {
  private Tables() {}

  /** Rows by the names of the first line. */
  public static List<Map<String, String>> read(Path csv) throws IOException {
    List<List<String>> lines = lines(csv);
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> line : lines.subList(1, lines.size())) {
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < line.size(); i++) {
        row.put(lines.get(0).get(i), line.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Cells by line; a quoted cell may hold commas, quotes and line ends. */
  static List<List<String>> lines(Path csv) throws IOException {
    String text = Files.readString(csv);
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        line.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          lines.add(line);
          line = new ArrayList<>();
        }
      } else {
        cell.append(c);
      }
    }
    return lines;
  }

  /** The text of a cell that was neutralised, as it was before. */
  public static String text(String cell) {
    return cell.matches("(?s)'+[=+@-].*") ? cell.substring(1) : cell;
  }

  /**
   * A number with as many decimals as a CSV has of it, rounded as CSV is; another text as it is.
   *
   * @param like the text in the CSV
   */
  static String as(String like, String value) {
    if (!like.matches("-?\\d+(\\.\\d+)?")) {
      return value;
    }
    int decimals = like.indexOf('.') < 0 ? 0 : like.length() - like.indexOf('.') - 1;
    BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString();
  }
}
