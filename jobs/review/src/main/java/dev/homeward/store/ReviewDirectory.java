package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.files.Files;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A review directory and how it appears: everything is written to a staging directory beside it,
 * and one rename makes it the review. What has no manifest.json is not a review.
 */
public final class ReviewDirectory {
  private static final String MANIFEST = "manifest.json";

  private final Files files;
  private final String target;
  private boolean madeParent;

  public ReviewDirectory(Files files, String target) {
    this.files = files;
    this.target = files.normal(target);
  }

  /** The id of the review that is there; empty if none is. */
  public Optional<String> reviewId() {
    String manifest = files.child(target, MANIFEST);
    try {
      if (!files.exists(manifest)) {
        return Optional.empty();
      }
      JsonNode json = new JsonMapper().readTree(files.read(manifest));
      return Optional.ofNullable(json.path("review_id").textValue());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + manifest, e);
    }
  }

  /** Refuses a target that holds something that is not a review. */
  public void checkReplaceable() {
    try {
      if (files.exists(target)
          && reviewId().isEmpty()
          && (!files.entry(target).isFolder() || !files.list(target).isEmpty())) {
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
  public String stage(String reviewId) {
    String parent = files.parent(target);
    String staging = files.child(parent, "." + files.name(target) + ".staging-" + reviewId);
    try {
      madeParent = !files.exists(parent);
      if (!madeParent) {
        String aside = aside(staging);
        if (!files.exists(target) && files.exists(aside)) {
          // A run was killed between its two renames: the older review is still the review.
          files.rename(aside, target);
        }
        for (Files.Entry child : files.list(parent)) {
          if (files.name(child.path()).startsWith("." + files.name(target) + ".staging-")) {
            files.delete(child.path());
          }
        }
      }
      files.makeFolder(staging);
      return staging;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + staging, e);
    }
  }

  public void discard(String staging) {
    try {
      files.delete(staging);
      String parent = files.parent(staging);
      if (madeParent && files.list(parent).isEmpty()) {
        // A run that failed leaves nothing, not even the folder it would have written to.
        files.delete(parent);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + staging, e);
    }
  }

  /** Makes the staging directory the review, in place of an older one. */
  public void commit(String staging) {
    String aside = aside(staging);
    try {
      boolean replaces = files.exists(target);
      if (replaces) {
        files.rename(target, aside);
      }
      files.rename(staging, target);
      if (replaces) {
        files.delete(aside);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot commit the review to " + target, e);
    }
  }

  private String aside(String staging) {
    return files.child(files.parent(staging), "." + files.name(target) + ".staging-replaced");
  }

  public String path() {
    return target;
  }
}
