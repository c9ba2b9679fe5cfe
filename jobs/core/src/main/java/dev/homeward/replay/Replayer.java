package dev.homeward.replay;

/** Replays the calls of a workload on a deployment: a tape at once, or window by window. */
public interface Replayer {
  /** Calls that a replica can take at all. */
  int offeredCalls();

  /**
   * Runs the replay, but cuts it once more calls than may be missed one limit of the service level:
   * the level is then certainly missed, and the result is {@link ReplayResult#cut}.
   *
   * @param mostSlow a twentieth of all calls offered, and one; {@link Long#MAX_VALUE} to run to the
   *     end
   * @param observer sees each call that finishes; null for nobody
   */
  ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer);

  /**
   * Whether the service level is missed however many replicas there are: more calls than may be are
   * beyond one of its limits even where each has a replica to itself, and finds in the prefix cache
   * all that it could.
   *
   * @param mostSlow as for {@link #run}
   * @return false where it is not missed, and where it cannot be told
   */
  default boolean isMissedAlone(ReplayOptions options, long mostSlow) {
    return false;
  }
}
