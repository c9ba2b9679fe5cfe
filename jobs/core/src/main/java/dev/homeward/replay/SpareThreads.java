package dev.homeward.replay;

/** Threads of this process that may have nothing to do. */
@FunctionalInterface
public interface SpareThreads {
  /** None. */
  SpareThreads NONE = task -> false;

  /** Has a thread that has nothing to do run a task soon; false if there is none. */
  boolean offer(Runnable task);
}
