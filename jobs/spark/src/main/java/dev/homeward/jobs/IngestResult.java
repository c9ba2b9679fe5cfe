package dev.homeward.jobs;

import dev.homeward.calls.Billed;
import dev.homeward.calls.BilledKey;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.formats.LogFormat;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/**
 * What ingest made.
 *
 * @param parts files of calls/
 * @param keys workload keys with their calls
 * @param counts by file
 * @param firstMicros start of the first call
 * @param lastMicros start of the last call
 * @param twins calls that two sources have, by the sources
 * @param usage what usage reports say
 */
record IngestResult(
    List<Part> parts,
    SortedMap<WorkloadKey, Long> keys,
    SortedMap<String, FileCounts> counts,
    long firstMicros,
    long lastMicros,
    ReportedUsage usage,
    SortedMap<String, Long> twins) {

  /**
   * The same with what usage reports say. Where calls were made of them, the log reaches from the
   * first bucket to the end of the last one, wherever in them the calls were put.
   */
  IngestResult with(ReportedUsage known) {
    long first = firstMicros;
    long last = lastMicros;
    if (known.alone()) {
      for (BilledKey key : known.reports().chosen()) {
        Billed sum = known.reports().days().get(key);
        first = Math.min(first, sum.fromMicros());
        last = Math.max(last, sum.toMicros() - 1);
      }
    }
    return new IngestResult(parts, keys, counts, first, last, known, twins);
  }

  /**
   * One file of calls/.
   *
   * @param path where it was written
   * @param rows calls in it
   * @param keys which workload keys it holds, with their calls and first and last start
   */
  record Part(String path, long rows, List<Slice> keys) {}

  /** One workload key's calls in a part. */
  record Slice(
      String workload,
      String hostedModel,
      String dataClass,
      long rows,
      long firstMicros,
      long lastMicros)
      implements Serializable {
    WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }
  }

  /** Fewer twins than this may be chance. */
  private static final long FEWEST_TWINS = 20;

  private static final double MOST_OF_A_SOURCE = 0.5;

  /** The sources most of whose calls another source, which counts, has too. */
  List<String> yielding(List<LogFile> files) {
    List<String> yielding = new ArrayList<>();
    twins.forEach(
        (pair, n) -> {
          String second = pair.substring(pair.indexOf('+') + 1);
          if (n >= FEWEST_TWINS && n >= MOST_OF_A_SOURCE * calls(files, second)) {
            yielding.add(second);
          }
        });
    return yielding.stream().distinct().toList();
  }

  /** What the twins mean, for people. */
  List<String> overlaps(List<LogFile> files) {
    List<String> lines = new ArrayList<>();
    twins.forEach(
        (pair, n) -> {
          String first = pair.substring(0, pair.indexOf('+'));
          String second = pair.substring(pair.indexOf('+') + 1);
          long left = calls(files, second);
          if (n >= FEWEST_TWINS && n >= MOST_OF_A_SOURCE * (left + n)) {
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%s and %s log the same calls: %,d of %s are left out, %s counts",
                    first,
                    second,
                    n,
                    second,
                    first));
          }
        });
    return lines;
  }

  private long calls(List<LogFile> files, String source) {
    long calls = 0;
    for (LogFile file : files) {
      if (LogFormat.parse(file.format()).source().equals(source)) {
        calls += counts.get(file.name()).calls;
      }
    }
    return calls;
  }

  FileCounts total() {
    FileCounts total = new FileCounts();
    counts.values().forEach(total::add);
    return total;
  }
}
