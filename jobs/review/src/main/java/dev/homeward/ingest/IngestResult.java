package dev.homeward.ingest;

import dev.homeward.calls.Billed;
import dev.homeward.calls.BilledKey;
import dev.homeward.calls.CallDays;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.formats.LogFormat;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogFile;
import dev.homeward.units.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What ingest made.
 *
 * @param parts files of calls/
 * @param keys workload keys with their calls
 * @param counts by file
 * @param callDays when its calls were made
 * @param twins calls that two sources have, by the sources
 * @param usage what usage reports say
 */
public record IngestResult(
    List<Part> parts,
    SortedMap<WorkloadKey, Long> keys,
    SortedMap<String, FileCounts> counts,
    CallDays callDays,
    ReportedUsage usage,
    SortedMap<String, Long> twins) {

  /** The same with its parts at other paths. */
  public IngestResult with(List<Part> moved) {
    return new IngestResult(moved, keys, counts, callDays, usage, twins);
  }

  /**
   * The same with what usage reports say. Where calls were made of them, the log reaches from the
   * first bucket to the end of the last one, wherever in them the calls were put.
   */
  public IngestResult with(ReportedUsage known) {
    CallDays days = new CallDays();
    days.add(callDays);
    if (known.alone()) {
      for (BilledKey key : known.reports().chosen()) {
        Billed sum = known.reports().days().get(key);
        days.reachTo(sum.fromMicros());
        days.reachTo(sum.toMicros() - 1);
      }
    }
    return new IngestResult(parts, keys, counts, days, known, twins);
  }

  /**
   * One file of calls/.
   *
   * @param path where it was written
   * @param rows calls in it
   * @param keys which workload keys it holds, with their calls and first and last start
   */
  public record Part(String path, long rows, List<Slice> keys) {}

  /** One workload key's calls in a part. */
  public record Slice(
      String workload,
      String hostedModel,
      String dataClass,
      long rows,
      long firstMicros,
      long lastMicros) {
    public WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }
  }

  /**
   * The results of the writers of all parts, put together.
   *
   * @throws InvalidInput if a file could not be read to its end
   */
  public static IngestResult of(List<WriteStep.WrittenPart> results, List<LogFile> files) {
    List<IngestResult.Part> parts = new ArrayList<>();
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    files.forEach(file -> counts.put(file.name(), new FileCounts()));
    TreeMap<WorkloadKey, Long> keys = new TreeMap<>();
    TreeMap<String, Long> twins = new TreeMap<>();
    CallDays days = new CallDays();
    for (WriteStep.WrittenPart result : results) {
      FileCounts.merge(counts, result.counts);
      result.twins.forEach((pair, n) -> twins.merge(pair, n, Long::sum));
      if (result.part == null) {
        continue;
      }
      parts.add(result.part);
      days.add(result.days);
      for (IngestResult.Slice slice : result.part.keys()) {
        keys.merge(slice.key(), slice.rows(), Long::sum);
      }
    }
    List<String> problems = new ArrayList<>();
    counts.forEach(
        (name, count) -> {
          count.trimSamples();
          if (count.problem != null) {
            problems.add(count.problem);
          } else if (!count.isConserved()) {
            throw new IllegalStateException(
                "Conservation broken in %s: %d records, %d calls, %d duplicates, %d nested, %d ignored, %d"
                        .formatted(
                            name,
                            count.records,
                            count.calls,
                            count.duplicates,
                            count.nested,
                            count.ignored,
                            count.rejected)
                    + " rejected; %d tokens read, %d kept, %d in duplicates"
                        .formatted(count.tokensRead, count.tokensKept, count.tokensDuplicate));
          }
        });
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return new IngestResult(parts, keys, counts, days, ReportedUsage.none(), twins);
  }

  /** Fewer twins than this may be chance. */
  private static final long FEWEST_TWINS = 20;

  private static final double MOST_OF_A_SOURCE = 0.5;

  /** The sources to leave out, because most of their calls are also in a source that counts. */
  public List<String> yielding(List<LogFile> files) {
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
  public List<String> overlaps(List<LogFile> files) {
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

  public FileCounts total() {
    FileCounts total = new FileCounts();
    counts.values().forEach(total::add);
    return total;
  }
}
