package dev.homeward.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/**
 * One Parquet file of calls/: zstd, dictionary and delta encodings, rows in the order of {@link
 * CallTable#sortedRows}. A row group ends where a workload key ends, unless that would make the
 * group small. Reading one key therefore decodes few rows of others, and reading all keys one by
 * one costs a small multiple of reading the file once.
 */
public final class CallsFile {
  private CallsFile() {}

  /** Writes the rows in this order. */
  public static void write(CallTable table, int[] rows, OutputFile file) {
    try (CallsFileWriter writer = new CallsFileWriter(file, table)) {
      writer.write(rows);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write calls to " + file.getPath(), e);
    }
  }

  /**
   * Adds the calls of some workload keys that start in [from, to) microseconds to their tables,
   * reading only row groups that may hold some, and each of them once. What no tape holds stays
   * absent: ids, models as asked for and answered, other units.
   */
  public static void read(
      InputFile file, Map<WorkloadKey, CallTable> into, long fromMicros, long toMicros) {
    reading(file, reader -> reader.read(into, fromMicros, toMicros));
  }

  /** Adds all calls of a file to a table. */
  public static void readAll(InputFile file, CallTable into) {
    reading(file, reader -> reader.readAll(into));
  }

  // A file on this machine is called by the name of its class and a number there.
  private static String said(InputFile file, RuntimeException e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().replace(file.toString(), "it");
  }

  private interface Step {
    void with(CallsFileReader reader) throws IOException;
  }

  // Parquet tells of a damaged file by unchecked exceptions of many kinds.
  private static void reading(InputFile file, Step step) {
    try (CallsFileReader reader = new CallsFileReader(file)) {
      step.with(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read calls from " + file, e);
    } catch (RuntimeException e) {
      throw new UncheckedIOException(
          "Cannot read calls from " + file,
          new IOException("no Parquet file or a damaged one: " + said(file, e), e));
    }
  }
}
