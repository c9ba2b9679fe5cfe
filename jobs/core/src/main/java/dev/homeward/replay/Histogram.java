package dev.homeward.replay;

import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Counts of whole microseconds in buckets of at most 1/128 relative width: exact below 256, then
 * 128 buckets an octave. A quantile is the upper edge of its bucket, so it is never below the true
 * one and at most 1/128 above it.
 */
final class Histogram implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int SUB_BITS = 7;
  private static final int SUB = 1 << SUB_BITS;

  private final long[] counts = new long[(64 - SUB_BITS) << SUB_BITS];
  private long total;

  void record(long micros) {
    counts[bucket(micros)]++;
    total++;
  }

  /** Adds the counts of another. */
  void add(Histogram other) {
    for (int bucket = 0; bucket < counts.length; bucket++) {
      counts[bucket] += other.counts[bucket];
    }
    total += other.total;
  }

  /** The same, each value so many times. */
  Histogram times(int times) {
    Histogram product = new Histogram();
    for (int bucket = 0; bucket < counts.length; bucket++) {
      product.counts[bucket] = counts[bucket] * times;
    }
    product.total = total * times;
    return product;
  }

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
  }

  /** The smallest value with at least this share of all values at or below it. */
  OptionalLong quantile(double share) {
    if (total == 0) {
      return OptionalLong.empty();
    }
    long rank = rank(share, total);
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= rank) {
        return OptionalLong.of(upperEdge(bucket));
      }
    }
    throw new IllegalStateException("Cannot find rank %d of %d".formatted(rank, total));
  }

  private static long rank(double share, long total) {
    return Math.max(1, (long) Math.ceil(share * total));
  }

  /**
   * The largest value whose bucket ends at or below a limit, -1 if none does: a quantile is within
   * the limit exactly if so many values are at most this one as {@link #areEnough} asks for.
   */
  static long lastWithin(long limit) {
    int bucket = bucket(limit);
    if (upperEdge(bucket) <= limit) {
      return limit;
    }
    return bucket == 0 ? -1 : upperEdge(bucket - 1);
  }

  /** Whether the quantile at a share of all values is among so many smallest ones; true of none. */
  static boolean areEnough(long smallest, double share, long total) {
    return total == 0 || smallest >= rank(share, total);
  }

  static int bucket(long value) {
    if (value < SUB) {
      return (int) value;
    }
    int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BITS;
    return (shift << SUB_BITS) + (int) (value >>> shift);
  }

  static long upperEdge(int bucket) {
    if (bucket < 2 * SUB) {
      return bucket;
    }
    int shift = (bucket >> SUB_BITS) - 1;
    long mantissa = bucket - ((long) shift << SUB_BITS);
    return ((mantissa + 1) << shift) - 1;
  }
}
