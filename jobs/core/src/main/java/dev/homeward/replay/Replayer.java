package dev.homeward.replay;

/** Replays the calls of a workload on a deployment: a tape at once, or window by window. */
public interface Replayer {
  /** Calls that a replica can take at all. */
  int offeredCalls();

  /**
   * Runs the replay, but stops early once more than {@code mostSlow} calls missed their limit of
   * first token or end-to-end time: the service level is then certainly missed.
   *
   * @param observer sees each call that finishes; null for nobody
   */
  ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer);
}
