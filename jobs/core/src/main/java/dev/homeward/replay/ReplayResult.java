package dev.homeward.replay;

import dev.homeward.calls.ApiUse;
import dev.homeward.units.TimeUnits;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a replay found. Times are microseconds; percentiles have a relative error of at most 1/128
 * upwards unless exact. TPOT is empty where every call has at most one output token.
 *
 * @param calls calls offered (with usage, reached a model)
 * @param localCalls of those, served by the replicas
 * @param overflowCalls of those, sent to the API
 * @param tooLongCalls of those, longer than the replica's context or KV cache: they cannot be
 *     served locally at all
 * @param apiUse what overflowed and too long calls take of the API, by line
 * @param promptTokens prompt tokens of local calls
 * @param outputTokens output tokens of local calls
 * @param prefix prompt tokens that caches had; empty in replays that nobody counted them in
 * @param sloAttainment share of local calls within the service level's per-call limits, in [0, 1]
 * @param meetsServiceLevel whether every limit of the service level holds
 * @param utilization busy time of the replicas over their time up, in [0, 1]
 * @param busyNanos summed over replicas
 * @param busyLoad share of the way from idle to busy watts while busy, in [0, 1]
 * @param upNanos summed over replicas: their hours in the observed span
 * @param observedNanos first arrival to the later of last finish and end of the observed span
 * @param busyByClock busy hours of a replica by the hour of the clock: 24 of weekdays, then 24 of
 *     Saturdays and Sundays
 * @param hours the same by hour; empty where nobody keeps them
 * @param peakInFlight most calls held at once, all replicas
 * @param peakQueue most calls waiting at once, all replicas
 * @param kvPeakShare most of a replica's KV cache in use, in [0, 1]
 * @param coldStarts times that a call found the model unloaded or the replica given back
 * @param refusedCalls calls that found the engine's own queue full (HTTP 503); part of the overflow
 * @param closedLoop whether calls of a session waited for one another
 * @param saturated the queue grew without end: percentiles say nothing about a steady state
 * @param cut the service level was missed for certain before the last call, and nothing was
 *     replayed from there on: all figures are of the calls until then
 * @param replayedShare of the calls, in (0, 1]: those of some days, which stand for days like them;
 *     all counts and times are of all days. 1 where nothing stands for anything else
 */
public record ReplayResult(
    long calls,
    long localCalls,
    long overflowCalls,
    long tooLongCalls,
    ApiUse apiUse,
    long promptTokens,
    long outputTokens,
    Optional<PrefixUse> prefix,
    double ttftMeanMicros,
    OptionalLong ttftP50Micros,
    OptionalLong ttftP95Micros,
    OptionalLong ttftP99Micros,
    OptionalLong tpotP50Micros,
    OptionalLong tpotP95Micros,
    OptionalLong tpotP99Micros,
    OptionalLong e2eP50Micros,
    OptionalLong e2eP95Micros,
    OptionalLong e2eP99Micros,
    double sloAttainment,
    boolean meetsServiceLevel,
    double utilization,
    long busyNanos,
    double busyLoad,
    long upNanos,
    long observedNanos,
    float[] busyByClock,
    Hours hours,
    long peakInFlight,
    long peakQueue,
    double kvPeakShare,
    long preemptions,
    long coldStarts,
    long refusedCalls,
    boolean closedLoop,
    boolean saturated,
    boolean cut,
    double replayedShare) {

  /** Whether some days stand for the others. */
  public boolean isSampled() {
    return replayedShare < 1;
  }

  /** The same without its hours. */
  public ReplayResult withoutHours() {
    return with(meetsServiceLevel, Hours.NONE, replayedShare);
  }

  /** The same where the service level was judged otherwise. */
  ReplayResult judged(boolean meets) {
    return with(meets, hours, replayedShare);
  }

  /** The same, known from so large a share of the calls: what is by the hour of the log is not. */
  public ReplayResult sampled(double share) {
    return with(meetsServiceLevel, Hours.NONE, share);
  }

  private ReplayResult with(boolean meets, Hours newHours, double share) {
    return new ReplayResult(
        calls,
        localCalls,
        overflowCalls,
        tooLongCalls,
        apiUse,
        promptTokens,
        outputTokens,
        prefix,
        ttftMeanMicros,
        ttftP50Micros,
        ttftP95Micros,
        ttftP99Micros,
        tpotP50Micros,
        tpotP95Micros,
        tpotP99Micros,
        e2eP50Micros,
        e2eP95Micros,
        e2eP99Micros,
        sloAttainment,
        meets,
        utilization,
        busyNanos,
        busyLoad,
        upNanos,
        observedNanos,
        busyByClock,
        newHours,
        peakInFlight,
        peakQueue,
        kvPeakShare,
        preemptions,
        coldStarts,
        refusedCalls,
        closedLoop,
        saturated,
        cut,
        share);
  }

  /**
   * Prompt tokens of local calls that need not be computed.
   *
   * @param loggedTokens read from the provider's cache, as the log says
   * @param inSessionTokens of those, by calls of a session
   * @param foundTokens found in the engine's prefix cache
   */
  public record PrefixUse(long loggedTokens, long inSessionTokens, long foundTokens) {}

  /**
   * What happened in each hour since the first call was sent.
   *
   * @param busyShare busy share of the replicas, in [0, 1]; may go on after the last call
   * @param calls sent in the hour and served here
   * @param withinLevel of those, within the service level's per-call limits
   * @param overflow sent in the hour and sent on to the API
   */
  public record Hours(float[] busyShare, int[] calls, int[] withinLevel, int[] overflow) {
    /** Nobody kept them. */
    public static final Hours NONE = new Hours(new float[0], new int[0], new int[0], new int[0]);

    private static final int HOURS = 24;
    private static final int DAYS = 7;

    /**
     * Busy hours of a replica by the hour of the clock: 24 of weekdays, then 24 of Saturdays and
     * Sundays. An hour since the first call counts for the clock's hour that its middle lies in.
     *
     * @param firstMicros when the first call was sent
     * @param dayOffsetMicros offset of the business day from the UTC day
     */
    float[] busyByClock(long firstMicros, long dayOffsetMicros) {
      float[] busy = new float[2 * HOURS];
      long start = firstMicros + dayOffsetMicros + TimeUnits.MICROS_PER_HOUR / 2;
      for (int h = 0; h < busyShare.length; h++) {
        long hour = Math.floorDiv(start + h * TimeUnits.MICROS_PER_HOUR, TimeUnits.MICROS_PER_HOUR);
        // 1970-01-01 was a Thursday, three days after a Monday.
        long weekday = Math.floorMod(Math.floorDiv(hour, (long) HOURS) + 3, (long) DAYS);
        int slot = (int) Math.floorMod(hour, (long) HOURS) + (weekday >= 5 ? HOURS : 0);
        busy[slot] += busyShare[h];
      }
      return busy;
    }
  }
}
