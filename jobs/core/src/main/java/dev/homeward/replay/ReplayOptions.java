package dev.homeward.replay;

/**
 * How a replay is to run.
 *
 * @param replicas model instances, at least 1
 * @param inFlightCap calls a replica may hold, waiting and running; a call that finds all replicas
 *     full goes to the API; {@link #NO_CAP} never overflows
 * @param prefixCache what happens to tokens that the log says were read from the provider's cache
 * @param serviceLevel for attainment
 * @param hoursPerDay hours a day the box is up, 1-24; calls outside overflow
 * @param startHour first hour of that, 0-23, of the day that begins at {@code dayOffsetMicros}
 * @param dayOffsetMicros offset of the business day from the UTC day
 */
public record ReplayOptions(
    int replicas,
    int inFlightCap,
    PrefixCache prefixCache,
    ServiceLevel serviceLevel,
    int hoursPerDay,
    int startHour,
    long dayOffsetMicros) {

  /** No bound on calls in flight: nothing overflows. */
  public static final int NO_CAP = Integer.MAX_VALUE;

  /** Treatment of logged cache reads. */
  public enum PrefixCache {
    /** Every prompt token is computed. */
    OFF,
    /** Cache reads of the log are local prefix hits. */
    AS_LOGGED
  }
}
