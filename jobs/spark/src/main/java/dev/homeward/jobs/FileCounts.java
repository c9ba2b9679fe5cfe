package dev.homeward.jobs;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.formats.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the records of one file. Conservation: records + made = calls + rejected +
 * duplicates + ignored + buckets, and the same for tokens of calls and duplicates.
 */
final class FileCounts {
  /** Rejected records of one reason that are kept with their sample, a file. */
  static final int SAMPLES = 100;

  public long records;
  public long calls;
  public long duplicates;
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
  record RejectedSample(int range, long line, String reason, String detail, String sample) {
    /** The same, where the lines before its range are known. */
    RejectedSample moved(long linesBefore) {
      return new RejectedSample(range, line + linesBefore, reason, detail, sample);
    }
  }

  /** Counts a record of a byte range; its line is counted from the range's first. */
  void reject(Rejection r, int range) {
    records++;
    rejected++;
    long ofReason = rejectedByReason.merge(r.reason().word(), 1L, Long::sum);
    if (ofReason <= SAMPLES) {
      samples.add(new RejectedSample(range, r.line(), r.reason().word(), r.detail(), r.sample()));
    }
  }

  void add(FileCounts other) {
    records += other.records;
    calls += other.calls;
    duplicates += other.duplicates;
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

  /** Keeps the first samples of each reason, so that the split into tasks does not show. */
  void trimSamples() {
    samples.sort(
        Comparator.comparingInt(RejectedSample::range)
            .thenComparingLong(RejectedSample::line)
            .thenComparing(RejectedSample::reason));
    Map<String, Integer> kept = new TreeMap<>();
    samples.removeIf(s -> kept.merge(s.reason(), 1, Integer::sum) > SAMPLES);
  }

  boolean isConserved() {
    return records + made == calls + duplicates + ignored + rejected + buckets
        && tokensRead == tokensKept + tokensDuplicate;
  }

  private static final JsonMapper JSON = new JsonMapper();

  static byte[] write(Map<String, FileCounts> counts) {
    try {
      return JSON.writeValueAsBytes(counts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TreeMap<String, FileCounts> read(byte[] json) {
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, FileCounts>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
