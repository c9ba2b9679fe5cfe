package dev.homeward.store;

import dev.homeward.files.Files;
import dev.homeward.keeping.KeptFile;
import dev.homeward.page.ReportFace;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A review directory and how it appears: everything is written to a {@link Staging} folder beside
 * it, and one rename makes it the review. What has no manifest.json is not a review.
 *
 * <p>Runs that end at the same time commit one after the other, each a whole review.
 *
 * <p>An object store has neither locks nor such a rename. There the manifest is the commit: the one
 * of the older review goes first, then each file is put in its place, and the manifest of the new
 * one is put last. Whoever looks meanwhile finds no review, never half of one. A run that is killed
 * in between leaves a mark by which the next run knows that it may begin again. Two runs that
 * commit at the same time are told by the sizes of what lies there then: no review is left, and the
 * run says so.
 */
public final class ReviewDirectory {
  private static final String ASIDE = ".replaced-";
  private static final String COMMIT_LOCK = ".%s.commit.lock";

  /**
   * Lies in a directory of an object store from before its old manifest goes till the new one is
   * there.
   */
  static final String UNFINISHED = "_unfinished";

  private final Files files;
  private final String target;

  /** A directory; where its path is a link, what the link leads to. */
  public ReviewDirectory(Files files, String target) {
    this.files = files;
    try {
      this.target = files.normal(files.behindLinks(target));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot follow the link " + target, e);
    }
  }

  /** The id of the review that is there; empty if none is. */
  public Optional<String> reviewId() {
    String manifest = files.child(target, Outputs.MANIFEST);
    try {
      return files.exists(manifest)
          ? Optional.of(Outputs.parse(files.read(manifest), manifest).path("review_id").asText())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + manifest, e);
    }
  }

  /** What is missing or changed of the review that is there, a line a file. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>(Outputs.problems(files, target));
    for (String made : List.of(ReportFace.JSON, ReportFace.HTML)) {
      try {
        String path = files.child(target, made);
        if (!files.exists(path) || files.entry(path).bytes() == 0) {
          problems.add("%s is missing".formatted(made));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot look at " + target, e);
      }
    }
    return problems;
  }

  /**
   * The id of the review that is there; empty if none is, or its manifest is damaged, so that the
   * review must be made again.
   *
   * @throws InvalidInput if what is there is not a review and must not be replaced
   */
  public Optional<String> replaceableId() {
    try {
      Optional<String> id;
      try {
        id = reviewId();
      } catch (InvalidInput damaged) {
        if (!files.exists(files.child(target, KeptFile.SUMMARY.path()))
            && !files.exists(files.child(target, KeptFile.DECISIONS.path()))) {
          throw damaged;
        }
        return Optional.empty();
      }
      if (files.exists(target)
          && id.isEmpty()
          && !files.exists(files.child(target, UNFINISHED))
          && (!files.entry(target).isFolder() || !files.list(target).isEmpty())) {
        throw new InvalidInput(
            "Cannot write the review to %s: something that is not a review is there. Choose another"
                    .formatted(target)
                + " --out or remove it");
      }
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + target, e);
    }
  }

  /** Refuses a target that holds something that is not a review. */
  public void checkReplaceable() {
    replaceableId();
  }

  /** A fresh staging folder; a review that a killed run had moved aside is put back. */
  public Staging stage(String reviewId) {
    Staging staging = Staging.beside(files, target, reviewId);
    try {
      alone(this::restore);
      return staging;
    } catch (IOException e) {
      staging.close();
      throw new UncheckedIOException("Cannot restore " + target, e);
    }
  }

  /** What a commit does with a review of the same inputs that another run has made meanwhile. */
  public enum Same {
    KEPT,
    REPLACED
  }

  /**
   * Makes the staging folder the review, in place of an older one.
   *
   * @return false if the very same review, whole, was there already and was kept
   */
  public boolean commit(Staging staging, Same same) {
    List<String> missing = Outputs.problems(files, staging.folder());
    if (!missing.isEmpty()) {
      throw new UncheckedIOException(
          "Cannot commit the review to " + target,
          new IOException("somebody has changed what was written: " + String.join(", ", missing)));
    }
    String reviewId = new ReviewDirectory(files, staging.folder()).reviewId().orElseThrow();
    try {
      return alone(
          () -> {
            Optional<String> before = replaceableId();
            boolean there =
                same == Same.KEPT && before.equals(Optional.of(reviewId)) && problems().isEmpty();
            if (!there && files.renamesAtOnce(target)) {
              exchange(staging);
            } else if (!there) {
              publish(staging, reviewId);
            }
            return !there;
          });
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot commit the review to " + target, e);
    }
  }

  private void exchange(Staging staging) throws IOException {
    String aside =
        beside("." + files.name(target) + ASIDE + UUID.randomUUID().toString().substring(0, 8));
    boolean replaces = files.exists(target);
    if (replaces) {
      try {
        files.rename(target, aside);
      } catch (FileSystemException e) {
        throw new IOException(
            "%s (a folder that something is mounted on cannot be replaced: name one in it with --out)"
                .formatted(e.getReason() == null ? e.getMessage() : e.getReason()),
            e);
      }
    }
    try {
      files.rename(staging.folder(), target);
    } catch (IOException e) {
      if (replaces) {
        try {
          files.rename(aside, target);
        } catch (IOException again) {
          throw new IOException(
              "%s; the review that was there lies in %s".formatted(e.getMessage(), aside), e);
        }
      }
      throw e;
    }
    // Where a folder is there already, Hadoop's rename puts the other into it.
    String nested = files.child(target, files.name(staging.folder()));
    if (files.exists(nested)) {
      files.delete(nested);
      throw new IOException("another run has made a review there meanwhile");
    }
    staging.done();
    if (replaces) {
      files.delete(aside);
    }
  }

  private void publish(Staging staging, String reviewId) throws IOException {
    String manifest = files.child(target, Outputs.MANIFEST);
    String unfinished = files.child(target, UNFINISHED);
    Set<String> mine = Outputs.names(files, staging.folder());
    files.write(unfinished, reviewId);
    files.delete(manifest);
    Set<String> older = files.exists(target) ? Outputs.names(files, target) : Set.of();
    for (String name : older) {
      if (!mine.contains(name) && !name.equals(UNFINISHED)) {
        files.delete(files.child(target, name));
      }
    }
    for (String name : mine) {
      if (!name.equals(Outputs.MANIFEST)) {
        move(files.child(staging.folder(), name), files.child(target, name));
      }
    }
    move(files.child(staging.folder(), Outputs.MANIFEST), manifest);
    List<String> wrong = Outputs.sizeProblems(files, target);
    if (!wrong.isEmpty()) {
      files.delete(manifest);
      throw new IOException(
          "another run has written there meanwhile, and no review is left: "
              + String.join(", ", wrong));
    }
    files.delete(unfinished);
  }

  private void move(String from, String to) throws IOException {
    files.delete(to);
    files.makeFolder(files.parent(to));
    files.rename(from, to);
  }

  /**
   * Adds to the review what is only known later, unless another review lies there by now. No other
   * run commits meanwhile: files of two reviews are never mixed.
   *
   * @param reviewId of the review that it belongs to
   * @return false if nothing was added
   */
  public boolean add(String reviewId, Runnable step) {
    try {
      return alone(
          () -> {
            boolean still = replaceableId().equals(Optional.of(reviewId));
            if (still) {
              step.run();
            }
            return still;
          });
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot add to " + target, e);
    }
  }

  /**
   * Restores or removes the review that a run had moved aside when it was killed between its two
   * renames.
   */
  private boolean restore() throws IOException {
    List<Files.Entry> siblings;
    try {
      siblings = files.listReadable(files.parent(target));
    } catch (FileNotFoundException e) {
      return false;
    }
    for (Files.Entry child : siblings) {
      String prefix = "." + files.name(target) + ASIDE;
      if (!files.name(child.path()).startsWith(prefix)) {
        continue;
      }
      if (!files.exists(target)) {
        files.rename(child.path(), target);
      } else if (files.local(target).isPresent() && isReview()) {
        files.delete(child.path());
      }
    }
    return files.exists(target);
  }

  private boolean isReview() {
    try {
      return reviewId().isPresent();
    } catch (InvalidInput damaged) {
      return false;
    }
  }

  /**
   * Removes what killed runs left beside a review that is there and stays: folders that they wrote
   * to, and the older review that one of them had moved aside. What cannot be removed stays, and
   * what another run holds is that run's: nobody asked for it.
   */
  public void tidy() {
    Staging.tidy(files, target);
    try {
      String held = beside(COMMIT_LOCK.formatted(files.name(target)));
      Optional<Path> local = files.local(held);
      if (local.isEmpty() || !files.exists(held) && !isOneAside()) {
        return;
      }
      Optional<RunLock> lock = RunLock.tryTake(local.get());
      if (lock.isPresent()) {
        try {
          restore();
        } finally {
          lock.get().close();
        }
      }
    } catch (IOException e) {
      // A place that may only be read.
      return;
    }
  }

  private boolean isOneAside() throws IOException {
    for (Files.Entry child : files.listReadable(files.parent(target))) {
      if (files.name(child.path()).startsWith("." + files.name(target) + ASIDE)) {
        return true;
      }
    }
    return false;
  }

  private interface Turn {
    boolean run() throws IOException;
  }

  // One run after the other; elsewhere than on this machine there are no locks.
  private boolean alone(Turn step) throws IOException {
    Optional<Path> local = files.local(beside(COMMIT_LOCK.formatted(files.name(target))));
    if (local.isEmpty()) {
      return step.run();
    }
    CommitLock lock = CommitLock.take(local.get());
    try {
      return step.run();
    } finally {
      lock.close();
    }
  }

  private String beside(String name) {
    return files.child(files.parent(target), name);
  }

  public String path() {
    return target;
  }
}
