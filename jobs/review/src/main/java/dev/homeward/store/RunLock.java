package dev.homeward.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that says that a run is alive: the run holds a lock on it, and the system lets go of the
 * lock when the process ends, however it ends.
 */
final class RunLock implements AutoCloseable {
  private static final int WAIT_MILLIS = 50;
  private static final int MOST_BYTES = 1 << 20;

  /**
   * Files that this process has locked or tries to lock. POSIX releases a file's lock when the
   * process closes any handle of the file, so such a file must not be opened a second time.
   */
  private static final Set<Path> MINE = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The lock, unless another run, or another thread of this one, holds it. */
  static Optional<RunLock> tryTake(Path given) throws IOException {
    Path file = given.toAbsolutePath().normalize();
    synchronized (MINE) {
      if (!MINE.add(file)) {
        return Optional.empty();
      }
    }
    FileChannel channel = null;
    boolean taken = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      // The holder may have removed the file after this process opened it; a lock on a removed
      // file protects nothing.
      taken = lock != null && isStill(file, channel);
      return taken ? Optional.of(new RunLock(file, channel)) : Optional.empty();
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        forget(file);
      }
    }
  }

  /** The lock, as soon as it is free; a run holds it for its last renames only. */
  static RunLock take(Path file) throws IOException {
    while (true) {
      Optional<RunLock> lock = tryTake(file);
      if (lock.isPresent()) {
        return lock.get();
      }
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while another run commits", e);
      }
    }
  }

  // Whether the handle and the path are one file: a random length is set through the handle and
  // read by the path, because opening the file again would release the lock.
  private static boolean isStill(Path file, FileChannel channel) throws IOException {
    int bytes = 1 + ThreadLocalRandom.current().nextInt(MOST_BYTES);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), bytes - 1);
    try {
      return Files.size(file) == bytes;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void forget(Path file) {
    synchronized (MINE) {
      MINE.remove(file);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      // While the lock is held, so that nobody can hold a file that is being removed.
      Files.deleteIfExists(file);
      channel.close();
    } finally {
      forget(file);
    }
  }
}
