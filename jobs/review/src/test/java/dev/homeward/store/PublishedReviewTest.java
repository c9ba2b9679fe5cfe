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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A review in a store that cannot rename a folder: its manifest is put last, so that whoever looks
 * meanwhile, or after a run was killed, finds the older review, no review or the new one, and never
 * half of one.
 */
final class PublishedReviewTest {
  private static final int NEVER = Integer.MAX_VALUE;

  @TempDir private Path folder;

  /** Such a store on this machine's disk; it breaks down after some renames. */
  private final class Store {
    private final int most;
    private int renames;
    private boolean halfSeen;

    Store(int most) {
      this.most = most;
    }

    dev.homeward.files.Files files() {
      return (dev.homeward.files.Files)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {dev.homeward.files.Files.class},
              (proxy, method, args) -> {
                switch (method.getName()) {
                  case "renamesAtOnce" -> {
                    return false;
                  }
                  // No locks either: nothing lies on a disk of this machine.
                  case "local" -> {
                    return Optional.empty();
                  }
                  case "rename" -> {
                    look();
                    if (++renames > most) {
                      throw new IOException("the store is gone");
                    }
                  }
                  default -> {}
                }
                try {
                  return method.invoke(HadoopFiles.standalone(), args);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    // What somebody sees who looks between two steps.
    private void look() {
      Path manifest = folder.resolve("out/manifest.json");
      halfSeen |=
          Files.exists(manifest)
              && !Outputs.problems(HadoopFiles.standalone(), folder.resolve("out").toString())
                  .isEmpty();
    }
  }

  private ReviewDirectory review(Store store) {
    return new ReviewDirectory(store.files(), folder.resolve("out").toString());
  }

  private void commit(Store store, String id) throws IOException {
    ReviewDirectory review = review(store);
    review.checkReplaceable();
    try (Staging staging = review.stage(id)) {
      Path inside = Path.of(staging.folder());
      Files.createDirectories(inside.resolve("spend"));
      Files.writeString(inside.resolve("ranking.csv"), "ranking of " + id);
      Files.writeString(inside.resolve("spend/spend.jsonl"), "spend of the month " + id);
      Files.writeString(inside.resolve("only-" + id + ".csv"), id);
      Files.writeString(inside.resolve("report.json"), "{}");
      Files.writeString(inside.resolve("report.html"), "<p>" + id);
      ObjectNode manifest = JsonNodeFactory.instance.objectNode().put("review_id", id);
      Outputs.list(
          HadoopFiles.standalone(),
          staging.folder(),
          manifest,
          Outputs.names(HadoopFiles.standalone(), staging.folder()));
      Files.writeString(inside.resolve("manifest.json"), manifest.toString());
      review.commit(staging, ReviewDirectory.Same.KEPT);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(p -> folder.relativize(p).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void nobodySeesHalfAReview() throws IOException {
    Store store = new Store(NEVER);
    commit(store, "first");
    commit(store, "second-and-longer");
    assertFalse(store.halfSeen);
    assertEquals(Optional.of("second-and-longer"), review(store).reviewId());
    assertEquals(
        List.of(
            "out/manifest.json",
            "out/only-second-and-longer.csv",
            "out/ranking.csv",
            "out/report.html",
            "out/report.json",
            "out/spend/spend.jsonl"),
        files());
    assertEquals(List.of(), review(store).problems());
  }

  /** The store breaks down after each number of steps; the next run must always mend it. */
  @Test
  void whateverStepARunDiesAtTheNextOneMendsIt() throws IOException {
    commit(new Store(NEVER), "first");
    for (int most = 0; most < 4; most++) {
      Store dying = new Store(most);
      assertThrows(UncheckedIOException.class, () -> commit(dying, "second"), "after " + most);
      assertFalse(dying.halfSeen);
      assertEquals(Optional.empty(), review(dying).reviewId(), "no manifest, no review");
      assertTrue(Files.exists(folder.resolve("out/_unfinished")));
      commit(new Store(NEVER), "third");
      assertEquals(Optional.of("third"), review(dying).reviewId());
      assertEquals(List.of(), review(dying).problems());
      assertFalse(Files.exists(folder.resolve("out/_unfinished")));
      assertFalse(Files.exists(folder.resolve("out/only-second.csv")), "what it left goes too");
    }
  }

  @Test
  void whatIsNoReviewIsNotReplaced() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/letter.txt"), "dear");
    assertThrows(InvalidInput.class, () -> commit(new Store(NEVER), "first"));
    assertEquals(List.of("out/letter.txt"), files());
  }
}
