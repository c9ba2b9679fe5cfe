package dev.homeward.replay;

/** Sees each call of a replay as it finishes. */
@FunctionalInterface
public interface CallObserver {
  /**
   * A call finished.
   *
   * @param call its place among the calls that are short enough for a replica, in order of the tape
   * @param firstTokenPicos when its first token came, since the first arrival
   * @param finishPicos when its last token came; its caller sees both later by the fixed time a
   *     call
   */
  void finished(int call, long firstTokenPicos, long finishPicos);

  /** Whether a service level that it holds calls to is missed for certain. */
  default boolean sawMiss() {
    return false;
  }
}
