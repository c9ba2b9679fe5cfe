package dev.homeward.jobs;

import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.Tape;
import dev.homeward.calls.Tapes;
import dev.homeward.calls.WorkloadKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Reads one workload key's tape from the parts of calls/ that hold it. */
final class TapeReader {
  private TapeReader() {}

  static Tape read(WorkloadKey key, List<String> parts, long fromMicros, long toMicros) {
    CallTable table = new CallTable(1024);
    for (String part : parts) {
      try {
        CallsFile.read(
            HadoopInputFile.fromPath(new Path(part), Storage.configuration()),
            key,
            fromMicros,
            toMicros,
            table);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + part, e);
      }
    }
    return Tapes.of(key, table, fromMicros, toMicros);
  }
}
