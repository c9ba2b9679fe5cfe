package dev.homeward.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.files.HadoopFiles;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A review appears whole or not at all, and nothing but a review is ever replaced. */
final class ReviewDirectoryTest {
  @TempDir private Path folder;

  @Test
  void aReviewAppearsByItsCommitAndReplacesTheOlderOne() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    commit(review, "first");
    assertEquals(Optional.of("first"), review.reviewId());

    commit(review, "second");

    assertEquals(Optional.of("second"), review.reviewId());
    assertEquals(List.of("out"), children(folder), "nothing is left beside it");
  }

  @Test
  void whatAKilledRunLeftIsRemovedByTheNext() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    Path left = Path.of(review.stage("killed"));
    Files.writeString(left.resolve("half.parquet"), "half");
    assertFalse(review.reviewId().isPresent(), "a staging directory is no review");

    commit(review, "next");

    assertEquals(List.of("out"), children(folder));
  }

  /** Killed between its two renames: the older review stands aside, and nothing in its place. */
  @Test
  void aRunKilledInItsCommitDoesNotLoseTheOlderReview() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    commit(review, "older");
    Files.move(folder.resolve("out"), folder.resolve(".out.staging-replaced"));

    String staging = review.stage("newer");

    assertEquals(Optional.of("older"), review.reviewId());
    review.discard(staging);
    assertEquals(Optional.of("older"), review.reviewId());
  }

  @Test
  void somethingThatIsNotAReviewIsNeverReplaced() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("thesis.txt"), "years of work");
    ReviewDirectory review = new ReviewDirectory(HadoopFiles.standalone(), out.toString());

    InvalidInput failure = assertThrows(InvalidInput.class, review::checkReplaceable);

    assertEquals(
        "Cannot write the review to %s: something that is not a review is there. Choose another --out or remove it"
            .formatted(out),
        failure.getMessage());
  }

  @Test
  void aRunThatFailsLeavesNotEvenTheFolderItMade() {
    Path reviews = folder.resolve("reviews");
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), reviews.resolve("2026-10").toString());

    String staging = review.stage("failing");
    assertTrue(Files.isDirectory(reviews));
    review.discard(staging);

    assertFalse(Files.exists(reviews));
  }

  private static void commit(ReviewDirectory review, String id) throws IOException {
    String staging = review.stage(id);
    Files.writeString(
        Path.of(staging).resolve("manifest.json"), "{\"review_id\": \"%s\"}".formatted(id));
    review.commit(staging);
  }

  private static List<String> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
