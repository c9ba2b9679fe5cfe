package dev.homeward.calls;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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

  /** Takes the rows of a file, which are sorted, some at a time. */
  public interface Writer extends Closeable {
    /** Writes the rows of a table in this order; a row group ends with them. */
    void write(CallTable table, int[] rows) throws IOException;
  }

  /** Begins a file. */
  public static Writer writer(OutputFile file) throws IOException {
    return new CallsFileWriter(file);
  }

  /** Writes the rows in this order. */
  public static void write(CallTable table, int[] rows, OutputFile file) {
    try (Writer writer = writer(file)) {
      writer.write(table, rows);
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

  /**
   * Gives the calls of workload keys that start in [from, to) microseconds, in parts of at most so
   * many calls: key by key, each in the order of time, and no part with calls of two UTC days.
   *
   * @param keys empty: of all keys
   */
  public static void eachPart(
      InputFile file,
      int mostCalls,
      Optional<Set<WorkloadKey>> keys,
      long fromMicros,
      long toMicros,
      Consumer<Tape> part) {
    reading(
        file,
        reader -> {
          CallsFileReader.RowCursor cursor = null;
          int group = -1;
          for (CallsFileReader.RowRun run : reader.runs(keys, fromMicros, toMicros)) {
            if (run.group() != group) {
              group = run.group();
              cursor = reader.tapeCursor(group);
            }
            for (int from = run.from(); from < run.to(); from += mostCalls) {
              int to = Math.min(from + mostCalls, run.to());
              TapeRows rows = new TapeRows(run.key(), to - from);
              cursor.read(from, to, rows, 0);
              part.accept(rows.tape());
            }
          }
        });
  }

  /**
   * Reads the calls of one workload key like {@link #read}, a row group at a time.
   *
   * @param step takes the calls of each row group that has some: a quarter of a million at the most
   */
  public static void eachGroup(
      InputFile file, WorkloadKey key, long fromMicros, long toMicros, Consumer<CallTable> step) {
    reading(file, reader -> reader.eachGroup(key, fromMicros, toMicros, step));
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

  /** What is done with an open file. */
  interface Step {
    void with(CallsFileReader reader) throws IOException;
  }

  // Parquet tells of a damaged file by unchecked exceptions of many kinds.
  static void reading(InputFile file, Step step) {
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
