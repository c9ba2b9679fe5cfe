package dev.homeward.logs;

import dev.homeward.formats.records.Rejection;
import dev.homeward.keeping.Codec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the records of one file. Conservation: records + made = calls + rejected +
 * duplicates + nested + ignored + buckets, and the same for tokens of calls and of what is dropped,
 * {@link #tokensDuplicate}.
 */
public final class FileCounts {
  /** Rejected records of one reason that are kept with their sample, a file. */
  public static final int SAMPLES = 100;

  /** Such records of one reason that are kept of all files together, some 400 bytes each. */
  public static final int SAMPLES_OF_ALL = 100_000;

  public long records;
  public long calls;
  public long duplicates;

  /** Calls that repeat the usage of calls below them in their trace: see Nested. */
  public long nested;

  /** Of {@link #nested}: those that say more tokens than the calls below them together. */
  public long nestedMore;

  /** Of {@link #calls}: their record holds counts that no rule of its source explains. */
  public long unexplained;

  /** Of {@link #calls}: nothing says whether their input contains their cached tokens. */
  public long cacheInDoubt;

  public long ignored;
  public long rejected;

  /** Buckets of usage reports. */
  public long buckets;

  /** Calls made of buckets, or standing for calls that sampling left out: calls, but no records. */
  public long made;

  public long tokensRead;
  public long tokensKept;
  public long tokensDuplicate;
  public TreeMap<String, Long> rejectedByReason = new TreeMap<>();

  /** Lines that start in each byte range of the file. */
  public TreeMap<Integer, Long> linesByRange = new TreeMap<>();

  public List<RejectedSample> samples = new ArrayList<>();

  /** Why the file cannot be used at all; null if it can. */
  public String problem;

  /** A rejected record, as rejected/ shows it. */
  public record RejectedSample(int range, long line, String reason, String detail, String sample) {
    /** The same with its line counted from the start of the file. */
    public RejectedSample moved(long linesBefore) {
      return new RejectedSample(range, line + linesBefore, reason, detail, sample);
    }
  }

  /** Counts a record of a byte range; its line is counted from the range's first. */
  public void reject(Rejection r, int range) {
    records++;
    rejected++;
    long ofReason = rejectedByReason.merge(r.reason().word(), 1L, Long::sum);
    if (ofReason <= SAMPLES) {
      samples.add(new RejectedSample(range, r.line(), r.reason().word(), r.detail(), r.sample()));
    }
  }

  public void add(FileCounts other) {
    records += other.records;
    calls += other.calls;
    duplicates += other.duplicates;
    nested += other.nested;
    nestedMore += other.nestedMore;
    unexplained += other.unexplained;
    cacheInDoubt += other.cacheInDoubt;
    ignored += other.ignored;
    rejected += other.rejected;
    buckets += other.buckets;
    made += other.made;
    tokensRead = Math.addExact(tokensRead, other.tokensRead);
    tokensKept = Math.addExact(tokensKept, other.tokensKept);
    tokensDuplicate = Math.addExact(tokensDuplicate, other.tokensDuplicate);
    other.rejectedByReason.forEach((reason, n) -> rejectedByReason.merge(reason, n, Long::sum));
    linesByRange.putAll(other.linesByRange);
    samples.addAll(other.samples);
    trimSamples();
    if (other.problem != null) {
      problem = problem == null || other.problem.compareTo(problem) < 0 ? other.problem : problem;
    }
  }

  /** Adds the counts of some files to others. */
  public static void merge(TreeMap<String, FileCounts> into, Map<String, FileCounts> more) {
    more.forEach((name, count) -> into.computeIfAbsent(name, n -> new FileCounts()).add(count));
  }

  /** Keeps the first samples of each reason, so that the split into tasks does not show. */
  public void trimSamples() {
    trimSamples(SAMPLES);
  }

  private void trimSamples(int most) {
    samples.sort(
        Comparator.comparingInt(RejectedSample::range)
            .thenComparingLong(RejectedSample::line)
            .thenComparing(RejectedSample::reason));
    Map<String, Integer> kept = new TreeMap<>();
    samples.removeIf(s -> kept.merge(s.reason(), 1, Integer::sum) > most);
  }

  /** Of very many files fewer samples each are kept: one process will hold those of all. */
  public static void trimSamplesOfAll(Map<String, FileCounts> counts) {
    int most = Math.max(1, SAMPLES_OF_ALL / Math.max(1, counts.size()));
    if (most < SAMPLES) {
      counts.values().forEach(count -> count.trimSamples(most));
    }
  }

  public boolean isConserved() {
    return records + made == calls + duplicates + nested + ignored + rejected + buckets
        && tokensRead == tokensKept + tokensDuplicate;
  }

  /** Counts of several files, on the wire. */
  private record ByFile(TreeMap<String, FileCounts> counts) {}

  public static byte[] write(TreeMap<String, FileCounts> counts) {
    return Codec.bytes(new ByFile(counts));
  }

  public static TreeMap<String, FileCounts> read(byte[] json) {
    return Codec.read(json, ByFile.class).counts();
  }
}
