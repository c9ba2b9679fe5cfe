package dev.homeward.workbook;

import dev.homeward.report.Csv;
import dev.homeward.units.Columns;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.dhatim.fastexcel.PaperSize;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * A sheet that is one table: a header that stays in sight and says in a note what each column
 * holds, a filter, typed cells, and below them sums that a spreadsheet computes. Texts are only
 * ever stored as texts, and inert even where somebody exports the sheet as CSV.
 */
final class Sheet {
  private static final String HEAD_COLOUR = "1F3A5F";
  private static final String SUM_COLOUR = "E8EDF4";
  private static final int HEAD_HEIGHT_POINTS = 32;

  /** In characters: a wider sheet would be too small to read on one page. */
  private static final int WIDEST_PAGE = 300;

  /** Most characters that a cell can hold in the format. */
  private static final int LONGEST_TEXT = 32_767;

  /**
   * A column.
   *
   * @param name in the header
   * @param width in characters
   * @param note what it holds
   */
  record Column(String name, CellFormat format, int width, String note) {}

  private final Worksheet to;
  private final Finished finished;
  private final int number;
  private final List<Column> columns;
  private final List<double[]> numbers = new ArrayList<>();
  private int next;
  private int rows;

  /**
   * Begins a sheet.
   *
   * @param finished is told what formulas come to
   * @param number of the sheet in the workbook, from 1
   * @param fixed columns that stay in sight
   */
  Sheet(
      Workbook book, Finished finished, int number, String name, int fixed, List<Column> columns) {
    this.to = book.newWorksheet(name);
    this.finished = finished;
    this.number = number;
    this.columns = List.copyOf(columns);
    to.freezePane(fixed, 1);
    to.pageOrientation("landscape");
    to.paperSize(PaperSize.A4_PAPER);
    to.repeatRows(0);
    if (columns.stream().mapToInt(Column::width).sum() <= WIDEST_PAGE) {
      to.setFitToPage(true);
      to.fitToHeight((short) 0);
    } else {
      to.repeatCols(0, fixed - 1);
    }
    for (int c = 0; c < columns.size(); c++) {
      to.width(c, columns.get(c).width());
      to.comment(0, c, columns.get(c).note());
    }
    head(columns.stream().map(Column::name).toList());
  }

  /** A row of names in the colours of a header. */
  void head(List<String> names) {
    for (int c = 0; c < names.size(); c++) {
      to.value(next, c, names.get(c));
    }
    to.range(next, 0, next, columns.size() - 1)
        .style()
        .bold()
        .fontColor("FFFFFF")
        .fillColor(HEAD_COLOUR)
        .wrapText(true)
        .verticalAlignment("center")
        .set();
    to.rowHeight(next, HEAD_HEIGHT_POINTS);
    next++;
  }

  /** A row of values in the formats of the columns. */
  void row(Object... values) {
    double[] of = new double[columns.size()];
    for (int c = 0; c < values.length; c++) {
      of[c] = cell(next, c, values[c], columns.get(c).format());
    }
    numbers.add(of);
    rows = next;
    next++;
  }

  /** One cell of the row that comes next, in a format of its own. */
  void put(int column, Object value, CellFormat format) {
    cell(next, column, value, format);
  }

  /** The row that {@link #put} filled is done. */
  void nextRow() {
    rows = next;
    next++;
  }

  /** The number of the row that comes next as a spreadsheet counts, from 1. */
  int nextRowNumber() {
    return next + 1;
  }

  /** The cells of a column below the header, such as {@code L2:L9}. */
  String range(int column) {
    String name = Reference.column(column);
    return name + "2:" + name + Math.max(2, rows + 1);
  }

  /** The same as another sheet names them. */
  String rangeFromElsewhere(int column) {
    String[] ends = range(column).split(":");
    return "'%s'!%s:%s".formatted(to.getName(), absolute(ends[0]), absolute(ends[1]));
  }

  private static String absolute(String reference) {
    return reference.replaceFirst("([A-Z]+)([0-9]+)", "\\$$1\\$$2");
  }

  /** What a column adds up to, with all its digits. */
  double sum(int column) {
    double sum = 0;
    for (double[] row : numbers) {
      sum += row[column];
    }
    return sum;
  }

  /** A last row with sums, where there is anything to sum. */
  void sums(String label, int... of) {
    if (rows == 0) {
      return;
    }
    to.value(next, 0, label);
    for (int column : of) {
      cell(
          next,
          column,
          new Formula("SUM(%s)".formatted(range(column)), sum(column)),
          columns.get(column).format());
    }
    for (int c = 0; c < columns.size(); c++) {
      to.style(next, c)
          .bold()
          .fillColor(SUM_COLOUR)
          .format(columns.get(c).format().pattern())
          .set();
    }
  }

  /** Ends the table: its header gets a filter. */
  void filter() {
    to.setAutoFilter(0, 0, Math.max(1, rows), columns.size() - 1);
  }

  // Empty cells are not written: unknown is no text and no zero.
  private double cell(int row, int column, Object value, CellFormat format) {
    if (value == null) {
      return 0;
    }
    double number = 0;
    if (value instanceof String text) {
      if (!text.isEmpty()) {
        to.value(row, column, Columns.cut(Csv.inert(text), LONGEST_TEXT));
        to.style(row, column).verticalAlignment("top").horizontalAlignment("left").indent(1).set();
      }
    } else if (value instanceof Formula formula) {
      to.formula(row, column, formula.expression());
      finished.computed(this.number, Reference.of(row, column), formula.value());
      number = formula.value();
      to.style(row, column).format(format.pattern()).verticalAlignment("top").set();
    } else {
      number = number(value);
      if (value instanceof Long whole) {
        to.value(row, column, whole);
      } else {
        to.value(row, column, (Double) number);
      }
      to.style(row, column).format(format.pattern()).verticalAlignment("top").set();
    }
    return number;
  }

  private static double number(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.doubleValue();
    }
    if (value instanceof Number some) {
      return some.doubleValue();
    }
    throw new IllegalStateException("Cannot write %s to a sheet".formatted(value.getClass()));
  }
}
