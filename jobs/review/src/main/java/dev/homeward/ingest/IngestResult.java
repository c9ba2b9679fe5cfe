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
 * @param others small workloads that share rows
 */
public record IngestResult(
    List<Part> parts,
    SortedMap<WorkloadKey, Long> keys,
    SortedMap<String, FileCounts> counts,
    CallDays callDays,
    ReportedUsage usage,
    SortedMap<String, Long> twins,
    OtherWorkloads others) {

  /** The same with its parts at other paths. */
  public IngestResult with(List<Part> moved) {
    return new IngestResult(moved, keys, counts, callDays, usage, twins, others);
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
    return new IngestResult(parts, keys, counts, days, known, twins, others);
  }

  /** The same with what is known of workloads that share rows. */
  public IngestResult with(OtherWorkloads known) {
    return new IngestResult(parts, keys, counts, callDays, usage, twins, known);
  }

  /**
   * One file of calls/.
   *
   * @param path where it was written
   * @param rows calls in it
   * @param keys which workload keys it holds, with their calls and first and last start
   */
  public record Part(String path, long rows, List<Slice> keys) {}

  /**
   * Tokens of calls, disjoint kinds.
   *
   * @param input uncached input
   */
  public record Tokens(long input, long cacheRead, long cacheWrite, long output) {
    public static final Tokens NONE = new Tokens(0, 0, 0, 0);

    /** Both together. */
    public Tokens plus(Tokens other) {
      return new Tokens(
          Math.addExact(input, other.input),
          Math.addExact(cacheRead, other.cacheRead),
          Math.addExact(cacheWrite, other.cacheWrite),
          Math.addExact(output, other.output));
    }
  }

  /** One workload key's calls in a part. */
  public record Slice(
      String workload,
      String hostedModel,
      String dataClass,
      long rows,
      long firstMicros,
      long lastMicros,
      Tokens tokens) {
    public WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }

    /** Both together, of one key, the other one later. */
    Slice plus(Slice later) {
      return new Slice(
          workload,
          hostedModel,
          dataClass,
          rows + later.rows,
          firstMicros,
          later.lastMicros,
          tokens.plus(later.tokens));
    }

    /** Whether it may have calls that start in a window. */
    public boolean isIn(long fromMicros, long toMicros) {
      return lastMicros >= fromMicros && firstMicros < toMicros;
    }
  }

  /**
   * What the writers of all parts gave.
   *
   * @throws InvalidInput if a file could not be read to its end
   */
  public static IngestResult of(Written written, List<LogFile> files) {
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    files.forEach(file -> counts.put(file.name(), new FileCounts()));
    FileCounts.merge(counts, written.counts);
    TreeMap<WorkloadKey, Long> keys = new TreeMap<>();
    for (IngestResult.Part part : written.parts.values()) {
      for (IngestResult.Slice slice : part.keys()) {
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
    return new IngestResult(
        List.copyOf(written.parts.values()),
        keys,
        counts,
        written.days,
        ReportedUsage.none(),
        written.twins,
        OtherWorkloads.NONE);
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
