package dev.homeward.store;

import dev.homeward.files.Stopping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The lock that a run holds while it puts a review in its place. If a signal stops the program
 * meanwhile, what has begun may end; the file of the lock goes in any case.
 */
final class CommitLock implements AutoCloseable {
  /** A commit is two renames; what is added later takes longer, and may be left out. */
  private static final long MOST_MILLIS = 1000;

  private final Stopping.Guard guard = Stopping.last(this::letGo);
  private RunLock lock;
  private boolean isStopped;

  private CommitLock() {}

  /** The lock, as soon as it is free. */
  static CommitLock take(Path file) throws IOException {
    CommitLock taken = new CommitLock();
    try {
      taken.hold(RunLock.take(file));
      return taken;
    } catch (IOException | RuntimeException e) {
      taken.guard.close();
      throw e;
    }
  }

  private synchronized void hold(RunLock held) throws IOException {
    if (isStopped) {
      held.close();
      throw new IOException("the program is being stopped");
    }
    lock = held;
  }

  @Override
  public void close() throws IOException {
    guard.close();
    release();
  }

  private synchronized void release() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
      notifyAll();
    }
  }

  private synchronized void letGo() {
    isStopped = true;
    long until = System.nanoTime() + MOST_MILLIS * 1_000_000;
    try {
      for (long left = MOST_MILLIS; lock != null && left > 0; ) {
        wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      release();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove the lock of a commit", e);
    }
  }
}
