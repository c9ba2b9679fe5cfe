package dev.homeward.formats;

import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Samples;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.scan.DocumentReader;
import dev.homeward.formats.scan.JsonRecords;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.Reason;
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
      JsonLayout layout,
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
      JsonLayout layout,
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
        layout == JsonLayout.DOCUMENT
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
}
