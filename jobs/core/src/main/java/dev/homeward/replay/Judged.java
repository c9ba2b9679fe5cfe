package dev.homeward.replay;

import java.io.Serializable;
import java.util.List;

/**
 * How the calls of several workloads on one fleet stand to the service level of each. It counts
 * what a {@link Histogram} of each workload would tell: those take 58 kB, and a fleet may be shared
 * by hundreds. Counts of windows add up.
 */
final class Judged implements Serializable {
  private static final long serialVersionUID = 1;

  private static final int TTFT = 0;
  private static final int TPOT = 1;
  private static final int E2E = 2;
  private static final int LIMITS = 3;

  // By workload and limit: calls, those within it as a histogram counts, those beyond it.
  private final long[][] all;
  private final long[][] within;
  private final long[][] beyond;
  private final long[] longest;

  Judged(int workloads) {
    all = new long[workloads][LIMITS];
    within = new long[workloads][LIMITS];
    beyond = new long[workloads][LIMITS];
    longest = new long[workloads];
  }

  /** What 95 of 100 calls of a workload must keep, as a histogram counts it. */
  static final class Limits {
    private final long[] limit;
    private final long[] lastWithin;
    private final long completeWithin;

    Limits(ServiceLevel level) {
      limit = new long[] {level.ttftP95Micros(), level.tpotP95Micros(), level.e2eP95Micros()};
      lastWithin = new long[LIMITS];
      for (int i = 0; i < LIMITS; i++) {
        lastWithin[i] = Histogram.lastWithin(limit[i]);
      }
      completeWithin = level.completeWithinMicros();
    }
  }

  /**
   * Counts a call.
   *
   * @param tpot microseconds a token; of a call with one token, negative
   * @return whether the level of its workload is missed for certain
   */
  boolean record(int workload, Limits limits, long ttft, long tpot, long e2e, long mostSlow) {
    record(workload, TTFT, limits, ttft);
    record(workload, E2E, limits, e2e);
    if (tpot >= 0) {
      record(workload, TPOT, limits, tpot);
    }
    longest[workload] = Math.max(longest[workload], e2e);
    return slow(workload) > mostSlow || e2e > limits.completeWithin;
  }

  private void record(int workload, int which, Limits limits, long value) {
    all[workload][which]++;
    within[workload][which] += value <= limits.lastWithin[which] ? 1 : 0;
    beyond[workload][which] += value > limits.limit[which] ? 1 : 0;
  }

  private long slow(int workload) {
    long[] of = beyond[workload];
    return Math.max(of[TTFT], Math.max(of[TPOT], of[E2E]));
  }

  /** Whether more calls of a workload are slow than may be. */
  boolean misses(long[] mostSlow) {
    for (int w = 0; w < mostSlow.length; w++) {
      if (slow(w) > mostSlow[w]) {
        return true;
      }
    }
    return false;
  }

  /** Whether every workload got what it must. */
  boolean allMet(List<ServiceLevel> levels) {
    for (int w = 0; w < levels.size(); w++) {
      for (int which = 0; which < LIMITS; which++) {
        if (!Histogram.areEnough(within[w][which], 0.95, all[w][which])) {
          return false;
        }
      }
      if (longest[w] > levels.get(w).completeWithinMicros()) {
        return false;
      }
    }
    return true;
  }

  /** The same, each call so many times. */
  Judged times(int times) {
    Judged product = new Judged(longest.length);
    for (int w = 0; w < longest.length; w++) {
      for (int which = 0; which < LIMITS; which++) {
        product.all[w][which] = all[w][which] * times;
        product.within[w][which] = within[w][which] * times;
        product.beyond[w][which] = beyond[w][which] * times;
      }
      product.longest[w] = longest[w];
    }
    return product;
  }

  /** Both together. */
  Judged plus(Judged other) {
    Judged sum = new Judged(longest.length);
    for (int w = 0; w < longest.length; w++) {
      for (int which = 0; which < LIMITS; which++) {
        sum.all[w][which] = all[w][which] + other.all[w][which];
        sum.within[w][which] = within[w][which] + other.within[w][which];
        sum.beyond[w][which] = beyond[w][which] + other.beyond[w][which];
      }
      sum.longest[w] = Math.max(longest[w], other.longest[w]);
    }
    return sum;
  }
}
