package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.files.Compression;
import dev.homeward.files.Files;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A review as commands read it that need no logs: a directory of this machine. One that lies in an
 * object store, or elsewhere, is copied for as long as the command takes; its calls, which are most
 * of it and of which few questions ask, stay where they are. What has no manifest is no review.
 */
public final class LocalReview implements AutoCloseable {
  private static final String CALLS = "calls/";

  private final Path directory;
  private final String calls;
  private final boolean isCopy;

  private LocalReview(Path directory, String calls, boolean isCopy) {
    this.directory = directory;
    this.calls = calls;
    this.isCopy = isCopy;
  }

  /**
   * The review of a path.
   *
   * @param storage asked only for what does not lie on this machine: Hadoop takes long to begin
   * @throws InvalidInput if it is no review, or not as it was written
   */
  public static LocalReview of(Supplier<Files> storage, String review) {
    if (!review.contains("://")) {
      return new LocalReview(Path.of(review), review, false);
    }
    Path folder;
    try {
      folder = java.nio.file.Files.createTempDirectory("homeward-review-");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder for temporary files", e);
    }
    Files files = storage.get();
    // Its own name, because messages name it.
    LocalReview copy = new LocalReview(folder.resolve(files.name(review)), review, true);
    boolean done = false;
    try {
      copy.fetch(files, review);
      done = true;
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + review, e);
    } finally {
      if (!done) {
        copy.close();
      }
    }
  }

  private void fetch(Files files, String review) throws IOException {
    String path = files.child(review, Outputs.MANIFEST);
    String text;
    try {
      text = files.read(path);
    } catch (FileNotFoundException e) {
      throw new InvalidInput(
          "Cannot read %s: it is not a review directory (there is no %s)"
              .formatted(review, Outputs.MANIFEST),
          e);
    }
    JsonNode manifest = Outputs.parse(text, path);
    ArrayNode kept = Codec.object().putArray("outputs");
    List<String> problems = new ArrayList<>();
    Map<String, Long> calls = sizes(files, files.child(review, "calls"));
    for (JsonNode output : Outputs.list(manifest)) {
      String name = output.path("path").asText();
      if (!name.startsWith(CALLS)) {
        kept.add(output);
        copy(files, review, name, problems);
      } else if (calls.getOrDefault(name, -1L) != output.path("bytes").asLong()) {
        problems.add("%s is missing or has changed since the review was written".formatted(name));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(
          problems.stream().map(p -> "Cannot use %s: %s".formatted(review, p)).toList());
    }
    if (files.exists(files.child(review, KeptFile.LIKELY.path()))) {
      copy(files, review, KeptFile.LIKELY.path(), problems);
    }
    // What stays where it is cannot be missed here.
    ObjectNode mine = manifest.deepCopy();
    mine.set("outputs", kept);
    java.nio.file.Files.writeString(directory.resolve(Outputs.MANIFEST), Codec.pretty(mine));
  }

  private static Map<String, Long> sizes(Files files, String folder) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    if (files.exists(folder)) {
      for (Files.Entry part : files.list(folder)) {
        sizes.put(CALLS + files.name(part.path()), part.bytes());
      }
    }
    return sizes;
  }

  private void copy(Files files, String review, String name, List<String> problems)
      throws IOException {
    Path to = directory.resolve(name).normalize();
    if (!to.startsWith(directory)) {
      throw new InvalidInput(
          "Cannot use %s: its manifest names a file outside of it (%s)".formatted(review, name));
    }
    java.nio.file.Files.createDirectories(to.getParent());
    try (InputStream in = files.open(files.child(review, name), Compression.NONE, 0)) {
      java.nio.file.Files.copy(in, to);
    } catch (FileNotFoundException e) {
      problems.add("%s is missing".formatted(name));
    }
  }

  /** The directory to read. */
  public Path directory() {
    return directory;
  }

  /** The review that holds the calls. */
  public String calls() {
    return calls;
  }

  /** Removes the copy. */
  @Override
  public void close() {
    if (!isCopy) {
      return;
    }
    try (Stream<Path> all = java.nio.file.Files.walk(directory.getParent())) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        java.nio.file.Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + directory.getParent(), e);
    }
  }
}
