package dev.homeward.formats;

import dev.homeward.formats.records.AdaptedRows;
import dev.homeward.formats.records.CopyRecords;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.InsertRecords;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Samples;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.records.TableRows;
import dev.homeward.formats.scan.DocumentReader;
import dev.homeward.formats.scan.JsonRecords;
import dev.homeward.formats.scan.JsonTable;
import dev.homeward.formats.scan.JsonText;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.NodeText;
import dev.homeward.formats.scan.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads the records of a log, or of a byte range of one, into a sink. A bad record is a rejection
 * and never ends the reading; every record reaches the sink exactly once.
 */
public final class LogReader {
  /** A record longer than this is rejected unread. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  private LogReader() {}

  /**
   * Reads the records that start in a range of a file of lines, or a whole file. Cutting a file of
   * lines into ranges anywhere gives the same records. Lines are counted from the first line that
   * starts in the range; the lines that start in a range are as many as the newline bytes in {@code
   * [rangeStart - 1, rangeEnd - 1)}.
   *
   * @param in the file from byte {@code rangeStart == 0 ? 0 : rangeStart - 1} on; not Parquet,
   *     which {@link ParquetLog} reads
   * @param rangeEnd end of the range, exclusive; Long.MAX_VALUE for the whole file
   * @return the lines that start in the range; of a JSON document the line its last record begins
   *     on
   * @throws IOException if the bytes cannot be read; never because of what they say
   */
  public static long read(
      LogFormat format,
      Envelope envelope,
      ReadContext context,
      InputStream in,
      long rangeStart,
      long rangeEnd,
      Sink sink)
      throws IOException {
    return read(format, envelope, context, in, rangeStart, rangeEnd, sink, MAX_RECORD_BYTES);
  }

  /** The same, where nothing stands around the records. */
  public static long read(
      LogFormat format,
      JsonLayout layout,
      ReadContext context,
      InputStream in,
      long rangeStart,
      long rangeEnd,
      Sink sink)
      throws IOException {
    return read(format, Envelope.of(layout), context, in, rangeStart, rangeEnd, sink);
  }

  static long read(
      LogFormat format,
      Envelope envelope,
      ReadContext context,
      InputStream in,
      long rangeStart,
      long rangeEnd,
      Sink sink,
      int maxRecordBytes)
      throws IOException {
    if (!envelope.isJson() || format.framing() == LogFormat.Framing.CSV) {
      LineReader lines = new LineReader(in, rangeStart, rangeEnd, maxRecordBytes);
      TableRows rows = rows(format, envelope, context, sink);
      Predicate<Set<String>> isTable = columns -> isTable(format, envelope, columns);
      switch (envelope.kind()) {
        case COPY -> new CopyRecords(lines, isTable, rows, sink, maxRecordBytes).read();
        case INSERTS -> new InsertRecords(lines, isTable, rows, sink, maxRecordBytes).read();
        default -> new CsvRecords(lines, envelope.separator(), rows, sink, maxRecordBytes).read();
      }
      return lines.lineNumber();
    }
    JsonRecords records =
        switch (envelope.kind()) {
          case DOCUMENT -> new DocumentReader(in, maxRecordBytes, envelope.streamedPath());
          case NODE_TEXT ->
              new DocumentReader(new NodeText(in), maxRecordBytes, envelope.streamedPath());
          case JSON_TABLE -> new JsonTable(in, maxRecordBytes);
          default -> new LineReader(in, rangeStart, rangeEnd, maxRecordBytes);
        };
    RecordReader reader = new RecordReader(format, context, sink);
    if (envelope.kind() == Envelope.Kind.PREFIXED_LINES || !envelope.path().isEmpty()) {
      readWrapped(records, envelope, reader, sink, maxRecordBytes);
    } else {
      readJson(records, reader, sink, maxRecordBytes);
    }
    return records.lineNumber();
  }

  /** Whether a table with these columns holds records of the format. */
  private static boolean isTable(LogFormat format, Envelope envelope, Set<String> columns) {
    return envelope.path().isEmpty()
        ? format.signature().share(columns) == 1
        : columns.contains(envelope.path().get(0));
  }

  private static TableRows rows(
      LogFormat format, Envelope envelope, ReadContext context, Sink sink) {
    return format.framing() == LogFormat.Framing.CSV
        ? new AdaptedRows(format.csvAdapter(context), sink)
        : new JsonRows(new RecordReader(format, context, sink), sink, envelope.path());
  }

  private static void readJson(
      JsonRecords records, RecordReader reader, Sink sink, int maxRecordBytes) throws IOException {
    while (records.next()) {
      if (records.tooLong()) {
        tooLong(records, sink, maxRecordBytes);
      } else if (LineReader.isBlank(records.bytes(), records.from(), records.to())) {
        sink.ignored();
      } else {
        reader.read(records.bytes(), records.from(), records.to(), records.lineNumber());
      }
    }
  }

  private static void readWrapped(
      JsonRecords records, Envelope envelope, RecordReader reader, Sink sink, int maxRecordBytes)
      throws IOException {
    boolean prefixed = envelope.kind() == Envelope.Kind.PREFIXED_LINES;
    Unwrapper unwrapper = new Unwrapper(reader, sink, envelope.pathInRecord());
    while (records.next()) {
      if (records.tooLong()) {
        tooLong(records, sink, maxRecordBytes);
        continue;
      }
      byte[] bytes = records.bytes();
      int from = records.from();
      if (prefixed) {
        from = JsonText.objectStart(bytes, from, records.to());
      }
      if (from < 0 || LineReader.isBlank(bytes, from, records.to())) {
        sink.ignored();
      } else {
        unwrapper.read(bytes, from, records.to(), records.lineNumber());
      }
    }
  }

  private static void tooLong(JsonRecords records, Sink sink, int maxRecordBytes) {
    sink.rejected(
        new Rejection(
            Reason.RECORD_TOO_LARGE,
            records.lineNumber(),
            "longer than %d bytes".formatted(maxRecordBytes),
            Samples.ofLength(maxRecordBytes)));
  }
}
