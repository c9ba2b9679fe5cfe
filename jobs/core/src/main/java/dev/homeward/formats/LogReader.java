package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the records of a log, or of a byte range of one, into a sink. A bad record is a rejection
 * and never ends the reading; every record reaches the sink exactly once.
 */
public final class LogReader {
  /** A record longer than this is rejected unread. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  private LogReader() {}

  /**
   * Reads the records that start in a range of a file of JSON lines, or a whole file. Cutting a
   * file of JSON lines into ranges anywhere gives the same records. Lines are counted from the
   * first line that starts in the range; the lines that start in a range are as many as the newline
   * bytes in {@code [rangeStart - 1, rangeEnd - 1)}.
   *
   * @param in the file from byte {@code rangeStart == 0 ? 0 : rangeStart - 1} on
   * @param rangeEnd end of the range, exclusive; Long.MAX_VALUE for the whole file
   * @return the lines that start in the range; of a JSON document the line its last record begins
   *     on
   * @throws IOException if the bytes cannot be read; never because of what they say
   */
  public static long read(
      LogFormat format,
      Layout layout,
      ReadContext context,
      InputStream in,
      long rangeStart,
      long rangeEnd,
      Sink sink)
      throws IOException {
    return read(format, layout, context, in, rangeStart, rangeEnd, sink, MAX_RECORD_BYTES);
  }

  static long read(
      LogFormat format,
      Layout layout,
      ReadContext context,
      InputStream in,
      long rangeStart,
      long rangeEnd,
      Sink sink,
      int maxRecordBytes)
      throws IOException {
    if (format.framing() == LogFormat.Framing.CSV) {
      LineReader lines = new LineReader(in, rangeStart, rangeEnd, maxRecordBytes);
      new CsvRecords(lines, format.csvAdapter(context), sink, maxRecordBytes).read();
      return lines.lineNumber();
    }
    JsonRecords records =
        layout == Layout.DOCUMENT
            ? new DocumentReader(in, maxRecordBytes)
            : new LineReader(in, rangeStart, rangeEnd, maxRecordBytes);
    readJson(records, new RecordReader(format, context, sink), sink, maxRecordBytes);
    return records.lineNumber();
  }

  private static void readJson(
      JsonRecords records, RecordReader reader, Sink sink, int maxRecordBytes) throws IOException {
    while (records.next()) {
      if (records.tooLong()) {
        sink.rejected(
            new Rejection(
                Reason.RECORD_TOO_LARGE,
                records.lineNumber(),
                "longer than %d bytes".formatted(maxRecordBytes),
                Samples.ofLength(maxRecordBytes)));
      } else if (LineReader.isBlank(records.bytes(), records.from(), records.to())) {
        sink.ignored();
      } else {
        reader.read(records.bytes(), records.from(), records.to(), records.lineNumber());
      }
    }
  }

  /**
   * The rejection for a failure of the JSON parser over bytes in memory. Jackson's message may
   * quote the text, so that only the kind and the place are kept.
   */
  static RejectedRecord rejection(IOException e, String what) {
    if (e instanceof JsonDamage damage) {
      return damage.rejection(what);
    }
    if (e instanceof StreamConstraintsException) {
      return new RejectedRecord(
          Reason.TOO_DEEP, what + " is nested too deeply, or has a number or name too long");
    }
    String message = String.valueOf(e.getMessage());
    String at = "";
    if (e instanceof JsonProcessingException json && json.getLocation() != null) {
      // Several parsers start inside a larger buffer; the column is counted from their start.
      at = " at byte " + Math.max(json.getLocation().getColumnNr(), 1);
    }
    if (e instanceof JsonEOFException) {
      return new RejectedRecord(Reason.TRUNCATED, what + " ends" + at + " in the middle");
    }
    if (message.startsWith("Invalid UTF-") || !(e instanceof JsonProcessingException)) {
      return new RejectedRecord(Reason.NOT_UTF8, what + " is not UTF-8" + at);
    }
    if (message.startsWith("Non-standard token 'NaN'")
        || message.startsWith("Non-standard token '-INF'")
        || message.startsWith("Non-standard token '+INF'")) {
      return new RejectedRecord(Reason.INVALID_NUMBER, what + " holds a NaN" + at);
    }
    return new RejectedRecord(Reason.MALFORMED_JSON, what + " is not JSON" + at);
  }
}
