package dev.homeward.formats.records;

import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads a dump of PostgreSQL in text, as {@code pg_dump} writes it: statements, and for each table
 *
 * <pre>
 * COPY public."LiteLLM_SpendLogs" (request_id, call_type, spend) FROM stdin;
 * r1	acompletion	0.0123
 * \.
 * </pre>
 *
 * Rows of tables with the format's columns are read; every other line is accounted for as no call.
 * A row is one line.
 */
public final class CopyRecords {
  private static final byte[] COPY = "COPY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\\.".getBytes(StandardCharsets.US_ASCII);
  private static final String FROM_INPUT = " FROM stdin;";
  private static final int LONGEST_STATEMENT = 1 << 16;

  private final LineReader lines;
  private final Predicate<Set<String>> isFormat;
  private final TableRows rows;
  private final Sink sink;
  private final int maxRecordBytes;
  private final CsvRecord record = new CsvRecord('\t');

  /**
   * @param isFormat whether a table with these columns is one of the format
   */
  public CopyRecords(
      LineReader lines,
      Predicate<Set<String>> isFormat,
      TableRows rows,
      Sink sink,
      int maxRecordBytes) {
    this.lines = lines;
    this.isFormat = isFormat;
    this.rows = rows;
    this.sink = sink;
    this.maxRecordBytes = maxRecordBytes;
  }

  public void read() throws IOException {
    while (lines.next()) {
      sink.ignored();
      String[] columns = lines.tooLong() ? null : columns(lines.bytes(), lines.from(), lines.to());
      if (columns != null) {
        readTable(columns);
      }
    }
  }

  private void readTable(String[] columns) throws IOException {
    RejectedRecord missing = null;
    boolean known = isFormat.test(Set.of(columns));
    if (known) {
      try {
        rows.header(columns);
      } catch (RejectedRecord e) {
        missing = e;
      }
    }
    while (lines.next()) {
      if (!lines.tooLong() && is(END, lines.bytes(), lines.from(), lines.to())) {
        sink.ignored();
        return;
      }
      if (!known) {
        sink.ignored();
      } else if (lines.tooLong()) {
        reject(
            Reason.RECORD_TOO_LARGE,
            "longer than %d bytes".formatted(maxRecordBytes),
            maxRecordBytes);
      } else {
        row(columns, missing);
      }
    }
  }

  private void row(String[] columns, RejectedRecord missing) throws IOException {
    int length = lines.to() - lines.start();
    record.copy(lines.bytes(), lines.start(), lines.to());
    if (missing != null) {
      reject(missing.reason(), missing.getMessage(), length);
    } else if (record.size() != columns.length) {
      reject(
          Reason.MALFORMED_CSV,
          "%d fields where COPY has %d columns".formatted(record.size(), columns.length),
          length);
    } else {
      rows.row(record, lines.lineNumber(), length);
    }
  }

  private void reject(Reason reason, String detail, int length) {
    sink.rejected(new Rejection(reason, lines.lineNumber(), detail, Samples.ofLength(length)));
  }

  private static boolean is(byte[] text, byte[] line, int from, int to) {
    return to - from == text.length && startsWith(text, line, from, to);
  }

  private static boolean startsWith(byte[] text, byte[] line, int from, int to) {
    if (to - from < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (line[from + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The columns that a statement {@code COPY table (a, "b") FROM stdin;} names; null of any other
   * line.
   */
  public static String[] columns(byte[] line, int from, int to) {
    if (to - from > LONGEST_STATEMENT || !startsWith(COPY, line, from, to)) {
      return null;
    }
    String statement = new String(line, from, to - from, StandardCharsets.UTF_8).stripTrailing();
    int close = statement.length() - FROM_INPUT.length() - 1;
    if (close < 0
        || statement.charAt(close) != ')'
        || !statement.substring(close + 1).equalsIgnoreCase(FROM_INPUT)) {
      return null;
    }
    int open = outside(statement, '(', COPY.length, close);
    if (open == close) {
      return null;
    }
    List<String> columns = new ArrayList<>();
    for (int start = open + 1; start <= close; ) {
      int end = outside(statement, ',', start, close);
      String name = statement.substring(start, end).strip();
      start = end + 1;
      boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
      columns.add(quoted ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name);
    }
    return columns.stream().distinct().count() == columns.size()
        ? columns.toArray(String[]::new)
        : null;
  }

  /** Where a character stands between two places and not between quotes; the second if nowhere. */
  private static int outside(String statement, char sought, int from, int to) {
    boolean quoted = false;
    for (int i = from; i < to; i++) {
      char c = statement.charAt(i);
      if (c == sought && !quoted) {
        return i;
      }
      quoted ^= c == '"';
    }
    return to;
  }
}
