package dev.homeward.notebooks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a notebook finds what it reads. */
public final class Notebook {
  private Notebook() {}

  /**
   * The review: what {@code homeward notebook --review} named, else the last one under {@code
   * reviews/} of the project.
   */
  public static Path review() {
    return review(System.getenv("HOMEWARD_REVIEW"), Path.of("..", "reviews"));
  }

  static Path review(String named, Path reviews) {
    if (named != null && !named.isEmpty()) {
      return Path.of(named);
    }
    List<Path> all;
    try (Stream<Path> children =
        Files.isDirectory(reviews) ? Files.list(reviews) : Stream.empty()) {
      all =
          children
              .filter(child -> Files.isRegularFile(child.resolve("manifest.json")))
              .sorted(Comparator.comparing(Path::toString))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + reviews, e);
    }
    if (all.isEmpty()) {
      throw new IllegalStateException(
          "There is no review under %s. Make one: ./homeward review sample-logs"
              .formatted(reviews));
    }
    return all.get(all.size() - 1);
  }
}
