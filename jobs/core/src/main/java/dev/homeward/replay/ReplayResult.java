package dev.homeward.replay;

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
 * @param overflowWeight sum of the tape's weight over overflowed and too long calls
 * @param promptTokens prompt tokens of local calls
 * @param outputTokens output tokens of local calls
 * @param sloAttainment share of local calls within the service level's per-call limits, in [0, 1]
 * @param meetsServiceLevel whether every limit of the service level holds
 * @param utilization busy time of the replicas over their time up, in [0, 1]
 * @param busyNanos summed over replicas
 * @param busyLoad share of the way from idle to busy watts while busy, in [0, 1]
 * @param upNanos summed over replicas: their hours in the observed span
 * @param observedNanos first arrival to the later of last finish and end of the observed span
 * @param hours the same by hour
 * @param peakInFlight most calls held at once, all replicas
 * @param peakQueue most calls waiting at once, all replicas
 * @param kvPeakShare most of a replica's KV cache in use, in [0, 1]
 * @param coldStarts times that a call found the model unloaded or the replica given back
 * @param refusedCalls calls that found the engine's own queue full (HTTP 503); part of the overflow
 * @param closedLoop whether calls of a session waited for one another
 * @param saturated the queue grew without end: percentiles say nothing about a steady state
 */
public record ReplayResult(
    long calls,
    long localCalls,
    long overflowCalls,
    long tooLongCalls,
    long overflowWeight,
    long promptTokens,
    long outputTokens,
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
    Hours hours,
    long peakInFlight,
    long peakQueue,
    double kvPeakShare,
    long preemptions,
    long coldStarts,
    long refusedCalls,
    boolean closedLoop,
    boolean saturated) {

  /**
   * What happened in each hour since the first call was sent.
   *
   * @param busyShare busy share of the replicas, in [0, 1]; may go on after the last call
   * @param calls sent in the hour and served here
   * @param withinLevel of those, within the service level's per-call limits
   * @param overflow sent in the hour and sent on to the API
   */
  public record Hours(float[] busyShare, int[] calls, int[] withinLevel, int[] overflow) {}
}
