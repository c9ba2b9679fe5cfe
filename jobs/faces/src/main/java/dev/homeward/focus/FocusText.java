package dev.homeward.focus;

import dev.homeward.report.Csv;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * focus.csv: UTF-8, LF, RFC 4180, NULL as nothing between two commas. Every number has a decimal
 * point, because readers that guess types would take a column of whole numbers for integers, and
 * the specification wants decimals.
 */
final class FocusText {
  private final List<FocusColumn> columns;
  private final ByteArrayOutputStream csv = new ByteArrayOutputStream();
  private final StringBuilder line = new StringBuilder();

  FocusText(FocusVersion version) {
    this.columns = FocusColumn.of(version);
    line.append(columns.stream().map(FocusColumn::columnName).collect(Collectors.joining(",")));
    end();
  }

  /** Adds a row. */
  void add(Map<FocusColumn, Object> row) {
    for (int i = 0; i < columns.size(); i++) {
      Object value = row.get(columns.get(i));
      line.append(i == 0 ? "" : ",").append(value == null ? "" : cell(value));
    }
    end();
  }

  private void end() {
    csv.writeBytes(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    line.setLength(0);
  }

  /** The file. */
  byte[] bytes() {
    return csv.toByteArray();
  }

  private static String cell(Object value) {
    if (value instanceof BigDecimal number) {
      return number(number);
    }
    return value instanceof LocalDate day ? time(day) : Csv.cell((String) value);
  }

  /** The start of a day in UTC. */
  static String time(LocalDate day) {
    return day + "T00:00:00Z";
  }

  /** A number in full, with at least one decimal and no more than it needs. */
  static String number(BigDecimal number) {
    BigDecimal plain = number.stripTrailingZeros();
    return (plain.scale() < 1 ? plain.setScale(1) : plain).toPlainString();
  }
}
