package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.TableSample.Column;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells by the numbers of a table whether its decimals follow a point or a comma. */
final class DecimalMark {
  private static final Pattern MARKED =
      Pattern.compile("[^0-9]{0,5}?-?(\\d+)([.,])(\\d+)(?:([.,])(\\d+))*[^0-9]{0,5}");
  private static final int GROUP = 3;

  /** What speaks for a point and for a comma. */
  private int point;

  private int comma;
  private boolean open;

  private DecimalMark() {}

  /**
   * What the numbers say.
   *
   * @param mark the mark of decimals; a point where no number has any mark
   * @param settled whether the numbers tell, or have no marks
   */
  record Told(char mark, boolean settled) {}

  static Told of(TableSample sample) {
    DecimalMark marks = new DecimalMark();
    for (Column column : sample.columns()) {
      if (column.jsonNumbers == 0 && isNumbers(column)) {
        boolean counts = ColumnWords.of(column.leaf).stream().anyMatch(ColumnWords::isToken);
        boolean coarse = ColumnWords.countUnit(column.leaf).isPresent();
        column.known().forEach(value -> marks.look(value, counts && !coarse));
      }
    }
    if (marks.point == 0 && marks.comma == 0) {
      // Programs that write a semicolon between fields do so because their decimals have a comma.
      boolean semicolon = !sample.isJson() && sample.separator() == ';';
      return new Told(semicolon && marks.open ? ',' : '.', !marks.open || semicolon);
    }
    boolean both = marks.point > 0 && marks.comma > 0;
    int most = Math.max(marks.point, marks.comma);
    boolean clear = !both || Math.min(marks.point, marks.comma) * 20 <= most;
    return new Told(marks.comma > marks.point ? ',' : '.', clear);
  }

  private static boolean isNumbers(Column column) {
    return new ColumnValues(column, '.').isNumbers() || new ColumnValues(column, ',').isNumbers();
  }

  private void look(String value, boolean whole) {
    Matcher match = MARKED.matcher(value);
    if (!match.matches()) {
      return;
    }
    char first = match.group(2).charAt(0);
    if (match.group(4) != null) {
      char last = value.charAt(Math.max(value.lastIndexOf('.'), value.lastIndexOf(',')));
      boolean twoMarks = value.indexOf('.') >= 0 && value.indexOf(',') >= 0;
      // 1.234.567 has groups only; in 1.234,5 the last mark is the decimals'.
      note(twoMarks ? last : other(first));
    } else if (match.group(3).length() != GROUP
        || match.group(1).length() > GROUP
        || match.group(1).startsWith("0")) {
      note(first);
    } else if (whole) {
      note(other(first));
    } else {
      open = true;
    }
  }

  private static char other(char mark) {
    return mark == ',' ? '.' : ',';
  }

  private void note(char mark) {
    if (mark == ',') {
      comma++;
    } else {
      point++;
    }
  }
}
