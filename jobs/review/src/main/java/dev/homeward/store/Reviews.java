package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.files.Files;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Decisions;
import dev.homeward.keeping.KeptFile;
import dev.homeward.report.ReviewTables;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The reviews under reviews/, and what can be read of one without deciding it anew. */
public final class Reviews {
  private static final Path FOLDER = Path.of("reviews");

  private Reviews() {}

  /** Where a review of a month goes unless the user says otherwise. */
  public static String of(Object month) {
    return FOLDER + "/" + month;
  }

  /** The review with this id, if one is there. */
  public static Optional<String> withId(Files files, String reviewId) {
    return all().stream().filter(p -> hasId(files, p, reviewId)).findFirst();
  }

  // A review of another month that is damaged must not keep this one from being made.
  private static boolean hasId(Files files, String path, String reviewId) {
    try {
      return new ReviewDirectory(files, path).reviewId().equals(Optional.of(reviewId));
    } catch (InvalidInput | UncheckedIOException e) {
      return false;
    }
  }

  /** The last review, by month. */
  public static Optional<String> last() {
    return all().stream()
        .filter(p -> java.nio.file.Files.isRegularFile(Path.of(p, "manifest.json")))
        .reduce((earlier, later) -> later);
  }

  private static List<String> all() {
    if (!java.nio.file.Files.isDirectory(FOLDER)) {
      return List.of();
    }
    try (Stream<Path> children = java.nio.file.Files.list(FOLDER)) {
      return children.map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + FOLDER, e);
    }
  }

  /** The summary of a review. */
  public static JsonNode summary(Files files, String review) {
    String path = files.child(review, KeptFile.SUMMARY.path());
    try {
      return Codec.tree(KeptFile.SUMMARY, files.read(path), path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /** The decisions of a review, for explain. */
  public static Decisions decisions(Files files, String review) {
    String path = files.child(review, KeptFile.DECISIONS.path());
    try {
      Decisions decisions = Codec.file(KeptFile.DECISIONS, files.read(path), Decisions.class, path);
      for (Decisions.Workload w : decisions.workloads()) {
        Optional<String> bad = ReviewTables.noNumber(w.row());
        if (bad.isPresent()) {
          throw new InvalidInput(
              "Cannot read %s: it is damaged (%s). Take a copy of the review, or make it again"
                  .formatted(path, bad.get()));
        }
      }
      return decisions;
    } catch (FileNotFoundException e) {
      throw new InvalidInput("Cannot read %s: it is not a review directory".formatted(review), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }
}
