package dev.homeward.formats.records;

import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Reads the CSV records of a file into a sink, surviving damage: a record that does not parse costs
 * its first line, and reading goes on with the next line. A usual CSV reader would take everything
 * up to the next quote, or to the end of the file, for one field.
 *
 * <p>Every line is accounted for: the header, blank lines and the further lines of a record that
 * spans several are ignored. A header that cannot be read or lacks what the format needs rejects
 * every record. Fields stand between commas, or between other separators.
 */
public final class CsvRecords {
  /** A record may span this many lines; more means a quote that was never closed. */
  private static final int MAX_LINES = 1000;

  private static final byte[] TOO_LONG = {};
  private static final String SEPARATOR_LINE = "sep=";
  private static final String IN_UTC = " [UTC]";

  private final LineReader lines;
  private final TableRows rows;
  private final Sink sink;
  private final int maxRecordBytes;
  private final Deque<byte[]> putBack = new ArrayDeque<>();
  private final CsvRecord record;
  private String[] header;
  private RejectedRecord badHeader;

  // The current line: in the reader's buffer, or one that was put back.
  private byte[] bytes;
  private int from;
  private int to;
  private long line;

  public CsvRecords(
      LineReader lines, char separator, TableRows rows, Sink sink, int maxRecordBytes) {
    this.lines = lines;
    this.record = new CsvRecord(separator);
    this.rows = rows;
    this.sink = sink;
    this.maxRecordBytes = maxRecordBytes;
  }

  public void read() throws IOException {
    do {
      if (!nextLine()) {
        return;
      }
      if (isBeforeHeader()) {
        sink.ignored();
      }
    } while (isBeforeHeader());
    readHeader();
    while (nextLine()) {
      if (isBlank()) {
        sink.ignored();
      } else {
        readRecord();
      }
    }
  }

  private void readHeader() throws IOException {
    try {
      if (bytes == TOO_LONG
          || record.begin(bytes, LineReader.afterBom(bytes, from, to), to)
              != CsvRecord.State.COMPLETE) {
        throw new RejectedRecord(Reason.MALFORMED_CSV, "the header has an open quote");
      }
      header = names(record.texts());
      sink.ignored();
      rows.header(header);
    } catch (RejectedRecord e) {
      badHeader = e;
      if (header == null) {
        reject(e.reason(), line, e.getMessage(), to - from);
      }
    }
  }

  private void readRecord() throws IOException {
    long first = line;
    if (bytes == TOO_LONG) {
      reject(
          Reason.RECORD_TOO_LARGE,
          first,
          "longer than %d bytes".formatted(maxRecordBytes),
          maxRecordBytes);
      return;
    }
    int firstLength = to - from;
    long taken = firstLength;
    List<byte[]> more = new ArrayList<>();
    CsvRecord.State state = record.begin(bytes, from, to);
    while (state == CsvRecord.State.OPEN
        && more.size() < MAX_LINES
        && taken < maxRecordBytes
        && nextLine()) {
      if (bytes == TOO_LONG) {
        more.add(TOO_LONG);
        break;
      }
      more.add(Arrays.copyOfRange(bytes, from, to));
      taken += to - from + 1L;
      state = record.more(bytes, from, to);
    }
    if (badHeader != null) {
      takeBack(more, first);
      reject(badHeader.reason(), first, badHeader.getMessage(), firstLength);
    } else if (state == CsvRecord.State.OPEN) {
      takeBack(more, first);
      reject(Reason.MALFORMED_CSV, first, "a quote is never closed", firstLength);
    } else if (state == CsvRecord.State.BROKEN) {
      takeBack(more, first);
      reject(Reason.MALFORMED_CSV, first, "text follows a closing quote", firstLength);
    } else if (record.size() != header.length) {
      takeBack(more, first);
      String detail = "%d fields where the header has %d".formatted(record.size(), header.length);
      reject(Reason.MALFORMED_CSV, first, detail, firstLength);
    } else {
      for (int i = 0; i < more.size(); i++) {
        sink.ignored();
      }
      rows.row(record, first, taken);
    }
  }

  private void reject(Reason reason, long first, String detail, int firstLength) {
    sink.rejected(new Rejection(reason, first, detail, Samples.ofLength(firstLength)));
  }

  private boolean nextLine() throws IOException {
    byte[] again = putBack.poll();
    if (again != null) {
      bytes = again;
      from = 0;
      to = again.length;
    } else if (lines.next()) {
      bytes = lines.tooLong() ? TOO_LONG : lines.bytes();
      from = lines.start();
      to = lines.to();
    } else {
      return false;
    }
    line++;
    return true;
  }

  private void takeBack(List<byte[]> more, long first) {
    for (int i = more.size() - 1; i >= 0; i--) {
      putBack.addFirst(more.get(i));
    }
    line = first;
  }

  private boolean isBlank() {
    return bytes != TOO_LONG && LineReader.isBlank(bytes, from, to);
  }

  private boolean isBeforeHeader() {
    return isBlank() || bytes != TOO_LONG && isSeparatorLine(bytes, from, to);
  }

  /** Whether a line is {@code sep=;}, which spreadsheets take as a word on the lines below it. */
  public static boolean isSeparatorLine(byte[] line, int from, int to) {
    int at = LineReader.afterBom(line, from, to);
    return to - at == SEPARATOR_LINE.length() + 1
        && new String(line, at, SEPARATOR_LINE.length(), StandardCharsets.ISO_8859_1)
            .equalsIgnoreCase(SEPARATOR_LINE);
  }

  /**
   * The names of a header's columns. The portal of Azure adds the zone in which it shows a time,
   * {@code TimeGenerated [UTC]}: UTC is what a time without a zone is read as anyway.
   */
  public static String[] names(String[] header) {
    String[] names = header.clone();
    for (int i = 0; i < names.length; i++) {
      if (names[i].endsWith(IN_UTC)) {
        names[i] = names[i].substring(0, names[i].length() - IN_UTC.length());
      }
    }
    return names;
  }

  /** Position of a column in a header, or -1. */
  public static int column(String[] header, String name) {
    return Arrays.asList(header).indexOf(name);
  }

  /** Position of a column that the format cannot do without. */
  public static int needed(String[] header, String name) throws RejectedRecord {
    int at = column(header, name);
    if (at < 0) {
      throw new RejectedRecord(Reason.MISSING_COLUMN, "the header has no column " + name);
    }
    return at;
  }
}
