package dev.homeward.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/**
 * One Parquet file of calls/: zstd, dictionary and delta encodings, rows in the order of {@link
 * CallTable#sortedRows}. A row group ends where a workload key ends, unless it were a small one, so
 * that reading one key decodes few rows of others: reading all keys of a file one by one costs a
 * small multiple of reading it once.
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

  /** Adds the calls of one workload key to a table, reading only row groups that may hold some. */
  public static void read(InputFile file, WorkloadKey key, CallTable into) {
    read(file, key, Long.MIN_VALUE, Long.MAX_VALUE, into);
  }

  /** Adds the calls of one workload key that start in [from, to) microseconds to a table. */
  public static void read(
      InputFile file, WorkloadKey key, long fromMicros, long toMicros, CallTable into) {
    try (CallsFileReader reader = new CallsFileReader(file, into)) {
      reader.read(key, fromMicros, toMicros);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read calls from " + file, e);
    }
  }

  /** Adds all calls of a file to a table. */
  public static void readAll(InputFile file, CallTable into) {
    try (CallsFileReader reader = new CallsFileReader(file, into)) {
      reader.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read calls from " + file, e);
    }
  }
}
