package dev.homeward.logs;

import dev.homeward.files.Compression;
import dev.homeward.files.Files;
import dev.homeward.formats.Envelope;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.LogReader;
import dev.homeward.formats.ParquetLog;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Sink;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A byte range of a log file: what one reader reads.
 *
 * @param index which range of the file, from 0
 * @param start first byte
 * @param end end, exclusive; Long.MAX_VALUE where the file is read whole
 */
public record LogRange(LogFile file, int index, long start, long end) implements Serializable {
  /** System property that sets the bytes of a range, for machines that are short of memory. */
  public static final String RANGE_BYTES = "homeward.range-bytes";

  private static final long DEFAULT_RANGE_BYTES = 64L << 20;
  private static final int BUNDLES_A_CORE = 4;

  public long bytes() {
    return Math.min(end, file.bytes()) - start;
  }

  /** The ranges of files, in the files' order. */
  public static List<LogRange> of(List<LogFile> files) {
    return of(files, Long.getLong(RANGE_BYTES, DEFAULT_RANGE_BYTES));
  }

  public static List<LogRange> of(List<LogFile> files, long rangeBytes) {
    List<LogRange> ranges = new ArrayList<>();
    for (LogFile file : files) {
      boolean splittable =
          file.compression() == Compression.NONE
              && LogFormat.parse(file.format()).isSplittable(file.envelope());
      if (!splittable || file.bytes() <= rangeBytes) {
        ranges.add(new LogRange(file, 0, 0, Long.MAX_VALUE));
        continue;
      }
      int index = 0;
      for (long start = 0; start < file.bytes(); start += rangeBytes) {
        ranges.add(new LogRange(file, index++, start, Math.min(file.bytes(), start + rangeBytes)));
      }
    }
    return ranges;
  }

  /**
   * Ranges in bundles of about one range's bytes, a task each: thousands of small files must not be
   * thousands of tasks, and a log of a few files is still spread over all cores.
   */
  public static List<List<LogRange>> bundles(List<LogRange> ranges, int cores) {
    long total = 0;
    for (LogRange range : ranges) {
      total += range.bytes();
    }
    long full = Math.min(DEFAULT_RANGE_BYTES, total / ((long) BUNDLES_A_CORE * cores) + 1);
    List<List<LogRange>> bundles = new ArrayList<>();
    List<LogRange> bundle = new ArrayList<>();
    long bytes = 0;
    for (LogRange range : ranges) {
      if (!bundle.isEmpty() && bytes + range.bytes() > full) {
        bundles.add(bundle);
        bundle = new ArrayList<>();
        bytes = 0;
      }
      bundle.add(range);
      bytes += range.bytes();
    }
    bundles.add(bundle);
    return bundles;
  }

  /**
   * Reads the records of the range; their lines are counted from its first.
   *
   * @return the lines that start in the range
   * @throws IOException if the bytes cannot be read to their end, with a message for the user
   */
  public long read(Files storage, ReadContext given, Sink sink) throws IOException {
    ReadContext context = file.mapping().isEmpty() ? given : given.with(file.mapping());
    try {
      LogFormat format = LogFormat.parse(file.format());
      if (isParquet()) {
        try {
          ParquetLog.read(
              format, file.envelope(), storage.parquetInput(file.path()), context, sink);
        } catch (RuntimeException e) {
          throw new IOException(e.getMessage(), e);
        }
        return 0;
      }
      try (InputStream in =
          storage.open(file.path(), file.compression(), start == 0 ? 0 : start - 1)) {
        return LogReader.read(format, file.envelope(), context, in, start, end, sink);
      }
    } catch (IOException e) {
      throw new IOException(
          "Cannot read %s to its end: its %s is truncated or damaged (%s)"
              .formatted(file.name(), what(), e.getMessage()),
          e);
    }
  }

  private String what() {
    if (file.compression() != Compression.NONE) {
      return file.compression().word() + " data";
    }
    return isParquet() ? "Parquet data" : "data";
  }

  private boolean isParquet() {
    return file.envelope().kind() == Envelope.Kind.PARQUET;
  }
}
