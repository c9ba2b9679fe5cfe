package dev.homeward.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.files.HadoopFiles;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    // As a run leaves it that was killed with SIGKILL: nobody holds the lock.
    Path left = Files.createDirectory(folder.resolve(".out.staging-00ff00ff00ff00ff-12345678"));
    Files.writeString(folder.resolve(left.getFileName() + ".lock"), "");
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
    Files.move(folder.resolve("out"), folder.resolve(".out.replaced-12345678"));

    Staging staging = review.stage("newer");

    assertEquals(Optional.of("older"), review.reviewId());
    staging.close();
    assertEquals(Optional.of("older"), review.reviewId());
  }

  /**
   * Killed after its second rename: the new review is whole, the older one still stands aside. The
   * next run has nothing to do, and leaves nothing beside the review.
   */
  @Test
  void aRunKilledAtTheEndOfItsCommitLeavesNothingForLong() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    commit(review, "older");
    Files.move(folder.resolve("out"), folder.resolve(".out.replaced-12345678"));
    commit(review, "newer");
    Files.createDirectories(folder.resolve(".out.replaced-87654321"));
    Files.writeString(folder.resolve(".out.replaced-87654321/plan.csv"), "half removed");
    Files.writeString(folder.resolve(".out.commit.lock"), "");

    review.tidy();

    assertEquals(Optional.of("newer"), review.reviewId());
    assertEquals(List.of("out"), children(folder));
  }

  /** What another run holds is left alone: it is in its commit. */
  @Test
  void tidyingTakesNothingFromARunThatLives() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    commit(review, "older");
    Files.createDirectories(folder.resolve(".out.replaced-87654321"));
    RunLock lock = RunLock.take(folder.resolve(".out.commit.lock"));

    review.tidy();

    assertEquals(List.of(".out.commit.lock", ".out.replaced-87654321", "out"), children(folder));
    lock.close();
    review.tidy();
    assertEquals(List.of("out"), children(folder));
  }

  /** The second starts while the first is at work: neither touches what the other writes. */
  @Test
  void twoRunsAtOnceEndInOneWholeReview() throws IOException {
    ReviewDirectory one =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    ReviewDirectory two =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    try (Staging first = one.stage("same")) {
      write(first, "same");
      try (Staging second = two.stage("same")) {
        assertTrue(Files.exists(Path.of(first.folder()).resolve("ranking.csv")));
        write(second, "same");
        assertTrue(one.commit(first, ReviewDirectory.Same.KEPT));
        assertFalse(two.commit(second, ReviewDirectory.Same.KEPT), "it is there already");
      }
    }
    assertEquals(List.of(), one.problems());
    assertEquals(List.of("out"), children(folder));
    try (Staging third = one.stage("same")) {
      write(third, "same");
      assertTrue(one.commit(third, ReviewDirectory.Same.REPLACED));
    }
    assertEquals(List.of("out"), children(folder));
  }

  @Test
  void manyRunsThatCommitAtOnceLeaveOneWholeReview() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    List<Future<?>> runs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id = "review" + i % 5;
      runs.add(
          pool.submit(
              () -> {
                ReviewDirectory review =
                    new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
                try (Staging staging = review.stage(id)) {
                  write(staging, id);
                  review.commit(staging, ReviewDirectory.Same.REPLACED);
                }
                return null;
              }));
    }
    for (Future<?> run : runs) {
      run.get();
    }
    pool.shutdown();
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    assertEquals(List.of(), review.problems());
    assertEquals(List.of("out"), children(folder));
    assertEquals(
        "of " + review.reviewId().orElseThrow(),
        Files.readString(folder.resolve("out/ranking.csv")));
  }

  /** Half a review whose manifest lists that half would look whole. */
  @Test
  void aFolderThatLostFilesWhileItWasWrittenGetsNoManifest() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    try (Staging staging = review.stage("id")) {
      Path into = Path.of(staging.folder());
      Files.writeString(into.resolve("ranking.csv"), "later");
      UncheckedIOException failure =
          assertThrows(
              UncheckedIOException.class,
              () ->
                  Outputs.list(
                      HadoopFiles.standalone(),
                      staging.folder(),
                      JsonNodeFactory.instance.objectNode(),
                      List.of("calls/part-00000.parquet", "plan.csv", "ranking.csv")));
      assertTrue(
          failure.getCause().getMessage().startsWith("calls/part-00000.parquet, plan.csv had been"),
          failure.getCause()::getMessage);
    }
  }

  /** Another run has replaced the review that this one would add to. */
  @Test
  void nothingIsAddedToAnotherReview() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    commit(review, "mine");
    List<String> added = new ArrayList<>();
    assertTrue(review.add("mine", () -> added.add("first")));
    commit(review, "theirs");
    assertFalse(review.add("mine", () -> added.add("second")));
    Files.move(folder.resolve("out"), folder.resolve("elsewhere"));
    assertFalse(review.add("mine", () -> added.add("third")));
    assertEquals(List.of("first"), added);
  }

  /**
   * Something stands where the review was; the review that was moved aside is not the worse one.
   */
  @Test
  void theOlderReviewIsKeptAsideWhileSomethingElseIsInItsPlace() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    commit(review, "older");
    Files.move(folder.resolve("out"), folder.resolve(".out.replaced-12345678"));
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/report.json.unfinished"), "{}");

    review.stage("newer").close();

    assertEquals(
        "of older", Files.readString(folder.resolve(".out.replaced-12345678/ranking.csv")));
  }

  /** A rename onto a folder that holds something fails; it is not a copy into it. */
  @Test
  void aRenameHappensAtOnceOrNotAtAll() throws IOException {
    Path from = Files.createDirectory(folder.resolve("from"));
    Files.writeString(from.resolve("a"), "a");
    Path to = Files.createDirectory(folder.resolve("to"));
    Files.writeString(to.resolve("b"), "b");
    assertThrows(
        IOException.class, () -> HadoopFiles.standalone().rename(from.toString(), to.toString()));
    assertEquals(List.of("a"), children(from));
    assertEquals(List.of("b"), children(to));
  }

  @Test
  void whatIsNotWholeIsNotCommitted() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    try (Staging staging = review.stage("id")) {
      write(staging, "id");
      Files.delete(Path.of(staging.folder()).resolve("ranking.csv"));
      UncheckedIOException failure =
          assertThrows(
              UncheckedIOException.class, () -> review.commit(staging, ReviewDirectory.Same.KEPT));
      assertEquals(
          "somebody has changed what was written: ranking.csv is missing",
          failure.getCause().getMessage());
    }
    assertEquals(List.of(), children(folder));
  }

  @Test
  void aLinkIsKeptAndWhatItLeadsToIsReplaced() throws IOException {
    Path real = Files.createDirectories(folder.resolve("disk/reviews"));
    Path link = Files.createSymbolicLink(folder.resolve("latest"), Path.of("disk/reviews/october"));
    ReviewDirectory review = new ReviewDirectory(HadoopFiles.standalone(), link.toString());
    commit(review, "first");
    commit(review, "second");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("of second", Files.readString(link.resolve("ranking.csv")));
    assertEquals(List.of("october"), children(real));
    assertEquals(List.of("disk", "latest"), children(folder));
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertThrows(
        UncheckedIOException.class,
        () -> new ReviewDirectory(HadoopFiles.standalone(), loop.toString()));
  }

  @Test
  void filesThatAreMissingOrChangedAreNamed() throws IOException {
    ReviewDirectory review =
        new ReviewDirectory(HadoopFiles.standalone(), folder.resolve("out").toString());
    commit(review, "id");
    Path ranking = folder.resolve("out/ranking.csv");
    Files.writeString(ranking, "of iD");
    assertEquals(
        List.of("ranking.csv has changed since the review was written"), review.problems());
    Files.writeString(ranking, "of");
    assertEquals(
        List.of("ranking.csv has changed since the review was written (2 bytes, not 5)"),
        review.problems());
    Files.delete(ranking);
    assertEquals(List.of("ranking.csv is missing"), review.problems());
    Files.delete(folder.resolve("out/report.html"));
    Files.writeString(folder.resolve("out/report.json"), "");
    assertEquals(
        List.of("ranking.csv is missing", "report.json is missing", "report.html is missing"),
        review.problems());
    Files.writeString(folder.resolve("out/manifest.json"), "{\"review_id\": \"id\", \"out");
    InvalidInput damaged = assertThrows(InvalidInput.class, review::reviewId);
    assertTrue(
        damaged.getMessage().contains("manifest.json:1: it is damaged ("), damaged::getMessage);
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

    Staging staging = review.stage("failing");
    assertTrue(Files.isDirectory(reviews));
    staging.close();

    assertFalse(Files.exists(reviews));
  }

  private static void commit(ReviewDirectory review, String id) throws IOException {
    try (Staging staging = review.stage(id)) {
      write(staging, id);
      assertTrue(review.commit(staging, ReviewDirectory.Same.KEPT));
    }
  }

  private static void write(Staging staging, String id) throws IOException {
    Path into = Path.of(staging.folder());
    Files.writeString(into.resolve("ranking.csv"), "of " + id);
    Files.writeString(into.resolve("report.json"), "{}");
    Files.writeString(into.resolve("report.html"), "<html></html>");
    ObjectNode manifest = JsonNodeFactory.instance.objectNode().put("review_id", id);
    Outputs.list(HadoopFiles.standalone(), staging.folder(), manifest, List.of("ranking.csv"));
    Files.writeString(into.resolve("manifest.json"), manifest.toString());
  }

  private static List<String> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
