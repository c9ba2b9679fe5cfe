package dev.homeward.store;

import dev.homeward.files.Files;
import dev.homeward.files.Stopping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder that a run writes to before its output appears: beside the target, with a name that no
 * other run has, so that two runs never share one. It is removed when the run fails or a signal
 * stops it. If the run was killed, the next run on the same machine removes the folder: a lock
 * tells that its writer has ended. Where nothing tells that (on an object store; of a run on
 * another machine that was at work within the hour) the folder is only named to the user.
 */
public final class Staging implements AutoCloseable {
  private static final String MARK = ".staging-";
  private static final String LOCK = ".lock";
  private static final int TRIES = 20;
  private static final int WAIT_MILLIS = 50;
  private static final Pattern LEFT_OVER =
      Pattern.compile("\\..+\\.staging-[0-9a-zA-Z]+(?:-[0-9a-f]{8})?(?:\\.lock)?");

  /** A run on another machine that has written nothing for so long is over. */
  private static final long QUIET_MILLIS = 3_600_000;

  private static final int MOST_NAMES = 5;

  private final Files files;
  private final String folder;
  private final List<String> leftAlone = new ArrayList<>();
  private Optional<RunLock> lock = Optional.empty();
  private boolean madeParent;
  private boolean done;
  private Stopping.Guard guard;

  private Staging(Files files, String folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * A fresh folder beside the target.
   *
   * @param id of what is made, a part of the folder's name
   */
  public static Staging beside(Files files, String target, String id) {
    String parent = files.parent(target);
    for (int left = MOST_NAMES; ; left--) {
      String run = UUID.randomUUID().toString().substring(0, 8);
      String folder = files.child(parent, "." + files.name(target) + MARK + id + "-" + run);
      Staging staging = new Staging(files, folder);
      // First of all: what is made afterwards is removed, however soon the program is stopped.
      staging.guard = Stopping.last(staging::discard);
      try {
        if (staging.make(parent)) {
          return staging;
        }
        staging.close();
        if (left <= 1) {
          throw new IOException("other runs take each lock before this one can");
        }
      } catch (IOException | RuntimeException e) {
        staging.closeAfter(e);
        if (e instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        throw new UncheckedIOException("Cannot make " + folder, (IOException) e);
      }
    }
  }

  /**
   * Removes what killed runs left beside a target, where nothing is to be written. What cannot be
   * removed stays: nobody asked for it.
   */
  static void tidy(Files files, String target) {
    String parent = files.parent(target);
    try {
      new Staging(files, files.child(parent, MARK)).removeLeftOvers(parent);
    } catch (IOException e) {
      // A place that may only be read.
      return;
    }
  }

  // False if another run, which looked for what killed runs left, held the lock just then: without
  // a lock of its own this one would be taken for dead.
  private boolean make(String parent) throws IOException {
    synchronized (this) {
      checkNotDiscarded();
      madeParent = !files.exists(parent);
      files.makeFolder(parent);
      Optional<Path> local = files.local(folder + LOCK);
      if (local.isPresent()) {
        try {
          lock = RunLock.tryTake(local.get());
        } catch (NoSuchFileException e) {
          // A run that failed has just removed the folder that it had made for its own review.
          return false;
        }
        if (lock.isEmpty()) {
          return false;
        }
      }
    }
    removeLeftOvers(parent);
    synchronized (this) {
      checkNotDiscarded();
      files.makeFolder(folder);
    }
    return true;
  }

  private void checkNotDiscarded() throws IOException {
    if (done) {
      throw new IOException("the program is being stopped");
    }
  }

  /** The folder. */
  public String folder() {
    return folder;
  }

  /** Folders of other runs, where it cannot be told whether those are still running. */
  public List<String> leftAlone() {
    return List.copyOf(leftAlone);
  }

  /** Whether the file system keeps runs from each other by locks of its own. */
  public boolean hasLocks() {
    return lock.map(RunLock::isLocked).orElse(true);
  }

  private void removeLeftOvers(String parent) throws IOException {
    for (Files.Entry child : files.listReadable(parent)) {
      String name = files.name(child.path());
      if (!LEFT_OVER.matcher(name).matches() || child.path().startsWith(folder)) {
        continue;
      }
      String of = name.endsWith(LOCK) ? name.substring(0, name.length() - LOCK.length()) : name;
      Optional<Path> local = files.local(files.child(parent, of + LOCK));
      if (local.isEmpty()) {
        leftAlone.add(child.path());
        continue;
      }
      Optional<RunLock> dead = RunLock.tryTake(local.get());
      if (dead.isEmpty()) {
        continue;
      }
      Path left = local.get().resolveSibling(of);
      if (dead.get().before().filter(run -> !run.isOfThisMachine()).isPresent()
          && !isQuiet(left, local.get())) {
        // Not every file system tells one machine of the locks of another.
        leftAlone.add(child.path());
        dead.get().leave();
        continue;
      }
      try {
        files.delete(files.child(parent, of));
      } finally {
        dead.get().close();
      }
    }
  }

  // By the file system's own clock: the lock has just been written.
  private static boolean isQuiet(Path folder, Path lock) throws IOException {
    long now = java.nio.file.Files.getLastModifiedTime(lock).toMillis();
    if (!java.nio.file.Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> all = java.nio.file.Files.walk(folder)) {
      for (Path file : all.toList()) {
        long changed = java.nio.file.Files.getLastModifiedTime(file).toMillis();
        if (Math.abs(now - changed) < QUIET_MILLIS) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException | UncheckedIOException e) {
      // It changes while it is looked at.
      return false;
    }
  }

  /** Marks the folder as committed, so that it is not removed. */
  public synchronized void done() {
    done = true;
  }

  /**
   * The folder anew, once what it held was committed: for what is added to that, so that what a
   * killed run leaves of it is removed like the rest.
   */
  public synchronized String anew() throws IOException {
    files.makeFolder(folder);
    done = false;
    return folder;
  }

  /** Removes the folder unless it was committed. */
  @Override
  public void close() {
    guard.close();
    discard();
  }

  // A disk that is full may keep even this from being done; what failed first is what to say.
  private void closeAfter(Exception failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  // Threads that a signal has not reached yet may still write while the folder is being removed.
  private void remove() throws IOException {
    for (int left = TRIES; ; left--) {
      try {
        files.delete(folder);
        if (Stopping.isStopping() && left == TRIES) {
          Thread.sleep(WAIT_MILLIS);
        }
        if (!files.exists(folder)) {
          return;
        }
        Thread.sleep(left <= 1 ? 0 : WAIT_MILLIS);
      } catch (IOException e) {
        if (left <= 1) {
          throw e;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (left <= 1) {
        return;
      }
    }
  }

  private synchronized void discard() {
    try {
      try {
        if (!done) {
          remove();
          done = true;
        }
      } finally {
        if (lock.isPresent()) {
          lock.get().close();
        }
      }
      String parent = files.parent(folder);
      if (madeParent) {
        // A run that failed leaves nothing, not even the folder it would have written to; but
        // another may have begun to use it.
        files.deleteIfEmpty(parent);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder, e);
    }
  }
}
