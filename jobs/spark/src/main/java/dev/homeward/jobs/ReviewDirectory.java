package dev.homeward.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A review directory and how it appears: everything is written to a staging directory beside it,
 * and one rename makes it the review. What has no manifest.json is not a review.
 */
final class ReviewDirectory {
  private static final String MANIFEST = "manifest.json";

  private final Path target;
  private final FileSystem fs;
  private boolean madeParent;

  ReviewDirectory(String target) {
    this.target = Storage.path(target);
    try {
      this.fs = Storage.fileSystem(this.target);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + target, e);
    }
  }

  /** The id of the review that is there; empty if none is. */
  Optional<String> reviewId() {
    Path manifest = new Path(target, MANIFEST);
    try {
      if (!fs.exists(manifest)) {
        return Optional.empty();
      }
      JsonNode json = new JsonMapper().readTree(Storage.read(manifest));
      return Optional.ofNullable(json.path("review_id").textValue());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + manifest, e);
    }
  }

  /** Refuses a target that holds something that is not a review. */
  void checkReplaceable() {
    try {
      if (fs.exists(target)
          && reviewId().isEmpty()
          && (!fs.getFileStatus(target).isDirectory() || fs.listStatus(target).length > 0)) {
        throw new InvalidInput(
            "Cannot write the review to %s: something that is not a review is there. Choose another"
                    .formatted(target)
                + " --out or remove it");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + target, e);
    }
  }

  /** A fresh staging directory; what killed runs left is removed. */
  Path stage(String reviewId) {
    Path parent = target.getParent() == null ? new Path(".") : target.getParent();
    Path staging = new Path(parent, "." + target.getName() + ".staging-" + reviewId);
    try {
      madeParent = !fs.exists(parent);
      if (!madeParent) {
        Path aside = aside(staging);
        if (!fs.exists(target) && fs.exists(aside)) {
          // A run was killed between its two renames: the older review is still the review.
          fs.rename(aside, target);
        }
        for (FileStatus child : fs.listStatus(parent)) {
          if (child.getPath().getName().startsWith("." + target.getName() + ".staging-")) {
            fs.delete(child.getPath(), true);
          }
        }
      }
      fs.mkdirs(staging);
      return staging;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + staging, e);
    }
  }

  void discard(Path staging) {
    try {
      fs.delete(staging, true);
      Path parent = staging.getParent();
      if (madeParent && fs.listStatus(parent).length == 0) {
        // A run that failed leaves nothing, not even the folder it would have written to.
        fs.delete(parent, false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + staging, e);
    }
  }

  /** Makes the staging directory the review, in place of an older one. */
  void commit(Path staging) {
    Path aside = aside(staging);
    try {
      boolean replaces = fs.exists(target);
      if (replaces && !fs.rename(target, aside)) {
        throw new IOException("cannot move the older review aside");
      }
      if (!fs.rename(staging, target)) {
        throw new IOException("cannot rename " + staging);
      }
      if (replaces) {
        fs.delete(aside, true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot commit the review to " + target, e);
    }
  }

  private Path aside(Path staging) {
    return new Path(staging.getParent(), "." + target.getName() + ".staging-replaced");
  }

  Path path() {
    return target;
  }
}
