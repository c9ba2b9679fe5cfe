package dev.homeward.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that says that a run is alive. The run holds a lock on it, and the system lets go of the
 * lock when the process ends, however it ends. The file says besides which process holds it: where
 * the file system has no locks, or grants the same one to everybody, that tells whether it lives.
 */
final class RunLock implements AutoCloseable {
  private static final int WAIT_MILLIS = 50;

  /** Whoever holds it for its last renames holds it for milliseconds. */
  private static final long MOST_WAIT_NANOS = 120_000_000_000L;

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_RECORD_BYTES = 512;

  /**
   * Files that this process has locked or tries to lock. POSIX releases a file's lock when the
   * process closes any handle of the file, so such a file must not be opened a second time.
   */
  private static final Set<Path> MINE = new HashSet<>();

  /** How a file system locks a file. */
  interface Locks {
    /**
     * The lock, or null if another process holds it.
     *
     * @throws IOException if the file system has no locks
     */
    FileLock tryLock(FileChannel channel) throws IOException;
  }

  private final Path file;
  private final Optional<FileChannel> channel;
  private final Optional<RunId> before;

  private RunLock(Path file, Optional<FileChannel> channel, Optional<RunId> before) {
    this.file = file;
    this.channel = channel;
    this.before = before;
  }

  /** The lock, unless another run, or another thread of this one, holds it. */
  static Optional<RunLock> tryTake(Path file) throws IOException {
    return tryTake(file, FileChannel::tryLock);
  }

  /** The same where the file system locks in a way of its own. */
  static Optional<RunLock> tryTake(Path given, Locks locks) throws IOException {
    Path file = given.toAbsolutePath().normalize();
    synchronized (MINE) {
      if (!MINE.add(file)) {
        return Optional.empty();
      }
    }
    Optional<RunLock> taken = Optional.empty();
    try {
      taken = tryOpen(file, locks);
      return taken;
    } finally {
      if (taken.isEmpty()) {
        forget(file);
      }
    }
  }

  private static Optional<RunLock> tryOpen(Path file, Locks locks) throws IOException {
    boolean created = create(file);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      // Whoever held it is done and has removed it.
      return Optional.empty();
    }
    boolean taken = false;
    boolean locksHere = true;
    try {
      FileLock lock;
      try {
        lock = locks.tryLock(channel);
      } catch (IOException | UnsupportedOperationException e) {
        locksHere = false;
        lock = null;
      }
      if (locksHere && lock == null) {
        return Optional.empty();
      }
      Optional<RunId> before = created ? Optional.empty() : RunId.parse(read(channel));
      if (before.filter(RunId::lives).isPresent()) {
        // The file system grants a lock to everybody, or has none.
        return Optional.empty();
      }
      if (locksHere) {
        // The holder may have removed the file after this process opened it; a lock on a removed
        // file protects nothing.
        taken = isStill(file, channel);
        return taken
            ? Optional.of(new RunLock(file, Optional.of(channel), before))
            : Optional.empty();
      }
      return withoutLocks(file, channel, created, before);
    } catch (IOException e) {
      if (created) {
        // A disk that is full takes a file, but nothing into it.
        Files.deleteIfExists(file);
      }
      throw e;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  // Of those that create a file only one succeeds, and of those that move one away too.
  private static Optional<RunLock> withoutLocks(
      Path file, FileChannel channel, boolean created, Optional<RunId> before) throws IOException {
    if (!created) {
      if (before.isEmpty() || !before.get().isOfThisMachine()) {
        return Optional.empty();
      }
      Path dead = file.resolveSibling(file.getFileName() + "-" + UUID.randomUUID());
      try {
        Files.move(file, dead);
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
      boolean same = RunId.parse(Files.readAllBytes(dead)).equals(before);
      if (!same) {
        // Another run took it between the look and the move.
        Files.move(dead, file);
        return Optional.empty();
      }
      Files.delete(dead);
      if (!create(file)) {
        return Optional.empty();
      }
      Files.write(file, record(RunId.OF_THIS, 1));
    } else {
      channel.write(ByteBuffer.wrap(record(RunId.OF_THIS, 1)), 0);
    }
    return Optional.of(new RunLock(file, Optional.empty(), before));
  }

  private static boolean create(Path file) throws IOException {
    try {
      Files.createFile(file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static byte[] read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_RECORD_BYTES);
    channel.read(bytes, 0);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** The lock, as soon as it is free; a run holds it for its last renames only. */
  static RunLock take(Path file) throws IOException {
    long begun = System.nanoTime();
    while (true) {
      Optional<RunLock> lock = tryTake(file);
      if (lock.isPresent()) {
        return lock.get();
      }
      if (System.nanoTime() - begun > MOST_WAIT_NANOS) {
        throw new IOException(
            "another run holds %s%s. If none is at work, remove that file"
                .formatted(file, holder(file)));
      }
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while another run commits", e);
      }
    }
  }

  private static String holder(Path file) {
    synchronized (MINE) {
      if (MINE.contains(file.toAbsolutePath().normalize())) {
        return "";
      }
    }
    try {
      return RunId.parse(Files.readAllBytes(file)).map(id -> " (" + id.said() + ")").orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  // Whether the handle and the path are one file: a random length is set through the handle and
  // read by the path, because opening the file again would release the lock.
  private static boolean isStill(Path file, FileChannel channel) throws IOException {
    byte[] record =
        record(RunId.OF_THIS, ThreadLocalRandom.current().nextInt(MOST_RECORD_BYTES, MOST_BYTES));
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(record, 0, Math.min(record.length, MOST_RECORD_BYTES)), 0);
    channel.write(ByteBuffer.wrap(record, record.length - 1, 1), record.length - 1L);
    try {
      return Files.size(file) == record.length;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static byte[] record(RunId run, int bytes) {
    byte[] text = (run.text() + "\n").getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(text, Math.max(bytes, text.length));
  }

  /** Whether the file system keeps others from it; otherwise only what the file says does. */
  boolean isLocked() {
    return channel.isPresent();
  }

  /** Who held it before without letting go; empty if nobody did, or the file did not say who. */
  Optional<RunId> before() {
    return before;
  }

  /** Lets go of it, but leaves the file as it was: it is another run's. */
  void leave() throws IOException {
    try {
      if (before.isPresent()) {
        byte[] record = record(before.get(), 1);
        if (channel.isPresent()) {
          channel.get().truncate(0);
          channel.get().write(ByteBuffer.wrap(record), 0);
        }
      }
    } finally {
      if (channel.isPresent()) {
        channel.get().close();
      }
      forget(file);
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
      if (channel.isPresent()) {
        channel.get().close();
      }
    } finally {
      forget(file);
    }
  }
}
