package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Reads the records of a log, or of a byte range of one, into a sink. A bad record is a rejection
 * and never ends the reading.
 */
public final class LogReader {
  /** A record longer than this is rejected unread. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  /** A CSV record may span this many lines; more means a quote that was never closed. */
  private static final int MAX_CSV_LINES = 1000;

  private LogReader() {}

  /**
   * Reads the records that start in a range.
   *
   * @param in the file from byte {@code rangeStart == 0 ? 0 : rangeStart - 1} on
   * @param rangeEnd end of the range, exclusive; Long.MAX_VALUE for the whole file
   */
  public static void read(
      LogFormat format,
      ReadContext context,
      InputStream in,
      long rangeStart,
      long rangeEnd,
      Sink sink)
      throws IOException {
    LineReader lines = new LineReader(in, rangeStart, rangeEnd, MAX_RECORD_BYTES);
    if (format.framing() == LogFormat.Framing.CSV) {
      new CsvRecords(lines, format.csvAdapter(context), sink).read();
    } else {
      readJsonLines(lines, format.jsonAdapter(context), sink);
    }
  }

  private static void readJsonLines(LineReader lines, JsonAdapter adapter, Sink sink)
      throws IOException {
    CallDraft draft = new CallDraft();
    while (lines.next()) {
      if (lines.tooLong()) {
        sink.rejected(
            new Rejection(
                Reason.RECORD_TOO_LARGE,
                lines.lineNumber(),
                "longer than %d bytes".formatted(MAX_RECORD_BYTES),
                Samples.ofLength(lines.length())));
        continue;
      }
      int start = lines.lineNumber() == 1 && startsWithBom(lines) ? 3 : 0;
      if (isBlank(lines.bytes(), start, lines.length())) {
        sink.ignored();
        continue;
      }
      draft.clear();
      draft.sourceLine = lines.lineNumber();
      try {
        if (readObject(lines.bytes(), start, lines.length() - start, adapter, draft)) {
          sink.call(draft);
        } else {
          sink.ignored();
        }
      } catch (RejectedRecord e) {
        sink.rejected(rejection(e.reason(), e.getMessage(), lines));
      }
    }
  }

  private static boolean readObject(
      byte[] bytes, int offset, int length, JsonAdapter adapter, CallDraft draft)
      throws IOException, RejectedRecord {
    try (JsonParser parser = Json.FACTORY.createParser(bytes, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RejectedRecord(Reason.NOT_A_RECORD, "the line is not a JSON object");
      }
      boolean call = adapter.read(parser, draft);
      if (parser.nextToken() != null) {
        throw new RejectedRecord(Reason.MALFORMED_JSON, "text after the end of the object");
      }
      return call;
    } catch (JsonProcessingException e) {
      // Jackson's message may quote the text; only the place is kept.
      long column = e.getLocation() == null ? 0 : e.getLocation().getByteOffset() - offset + 1;
      throw new RejectedRecord(Reason.MALFORMED_JSON, "not JSON at byte " + column);
    }
  }

  private static Rejection rejection(Reason reason, String detail, LineReader lines) {
    return new Rejection(
        reason, lines.lineNumber(), detail, Samples.ofJson(lines.bytes(), lines.length()));
  }

  private static boolean startsWithBom(LineReader lines) {
    byte[] b = lines.bytes();
    return lines.length() >= 3 && b[0] == (byte) 0xEF && b[1] == (byte) 0xBB && b[2] == (byte) 0xBF;
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  /**
   * CSV records (RFC 4180) that survive damage: a record that does not parse costs its first line,
   * and reading goes on with the next line. A library would take everything up to the next quote,
   * or to the end of the file, for one field.
   */
  private static final class CsvRecords {
    private final LineReader lines;
    private final CsvAdapter adapter;
    private final Sink sink;
    private final Deque<String> pending = new ArrayDeque<>();
    private final CallDraft draft = new CallDraft();
    private String[] header;
    private long line;

    CsvRecords(LineReader lines, CsvAdapter adapter, Sink sink) {
      this.lines = lines;
      this.adapter = adapter;
      this.sink = sink;
    }

    void read() throws IOException {
      String first = nextLine();
      if (first == null) {
        return;
      }
      if (first.startsWith("\uFEFF")) {
        first = first.substring(1);
      }
      header = split(first);
      if (header == null) {
        // Without a header no line means anything; each is accounted for.
        for (String next = first; next != null; next = nextLine()) {
          reject(
              Reason.MALFORMED_CSV,
              "the header has an open quote",
              Samples.ofLength(next.length()));
        }
        return;
      }
      // The header is a line of the file, and no call.
      sink.ignored();
      adapter.header(header);
      for (String next = nextLine(); next != null; next = nextLine()) {
        readRecord(next);
      }
    }

    private void readRecord(String first) throws IOException {
      if (first == TOO_LONG) {
        reject(Reason.RECORD_TOO_LARGE, "longer than %d bytes".formatted(MAX_RECORD_BYTES), "");
        return;
      }
      if (first.isBlank()) {
        sink.ignored();
        return;
      }
      long startLine = line;
      StringBuilder record = new StringBuilder(first);
      List<String> taken = new ArrayList<>();
      String[] fields = split(record);
      while (fields == null && taken.size() < MAX_CSV_LINES) {
        String more = nextLine();
        if (more == null || more == TOO_LONG) {
          break;
        }
        taken.add(more);
        record.append('\n').append(more);
        fields = record.length() > MAX_RECORD_BYTES ? null : split(record);
      }
      if (fields == null || fields.length != header.length) {
        putBack(taken);
        line = startLine;
        String detail =
            fields == null
                ? "a quote is never closed, or text follows a closing quote"
                : "%d fields where the header has %d".formatted(fields.length, header.length);
        reject(Reason.MALFORMED_CSV, detail, Samples.ofLength(first.length()));
        return;
      }
      for (int i = 0; i < taken.size(); i++) {
        // Continuation lines belong to the record: a line count still adds up.
        sink.ignored();
      }
      draft.clear();
      draft.sourceLine = startLine;
      try {
        if (adapter.read(fields, draft)) {
          sink.call(draft);
        } else {
          sink.ignored();
        }
      } catch (RejectedRecord e) {
        sink.rejected(
            new Rejection(
                e.reason(),
                startLine,
                e.getMessage(),
                Samples.ofCsv(header, fields, record.length())));
      }
    }

    private void reject(Reason reason, String detail, String sample) {
      sink.rejected(new Rejection(reason, line, detail, sample));
    }

    private static final String TOO_LONG = new String("");

    private String nextLine() throws IOException {
      String next = pending.poll();
      if (next == null) {
        if (!lines.next()) {
          return null;
        }
        next =
            lines.tooLong()
                ? TOO_LONG
                : new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
      }
      line++;
      return next;
    }

    private void putBack(List<String> taken) {
      for (int i = taken.size() - 1; i >= 0; i--) {
        pending.addFirst(taken.get(i));
      }
    }

    /** The fields of a record, or null if a quote is open or misplaced. */
    private static String[] split(CharSequence record) {
      List<String> fields = new ArrayList<>();
      StringBuilder field = new StringBuilder();
      int i = 0;
      int n = record.length();
      while (true) {
        field.setLength(0);
        if (i < n && record.charAt(i) == '"') {
          i++;
          while (true) {
            if (i >= n) {
              return null;
            }
            char c = record.charAt(i++);
            if (c != '"') {
              field.append(c);
            } else if (i < n && record.charAt(i) == '"') {
              field.append('"');
              i++;
            } else {
              break;
            }
          }
          if (i < n && record.charAt(i) != ',') {
            return null;
          }
        } else {
          while (i < n && record.charAt(i) != ',') {
            field.append(record.charAt(i++));
          }
        }
        fields.add(field.toString());
        if (i >= n) {
          return fields.toArray(String[]::new);
        }
        i++;
      }
    }
  }

  /** Position of a column in a header, or -1. */
  static int column(String[] header, String name) {
    return Arrays.asList(header).indexOf(name);
  }
}
