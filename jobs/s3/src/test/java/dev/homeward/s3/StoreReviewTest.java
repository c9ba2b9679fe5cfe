package dev.homeward.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logs and reviews in a store that speaks S3. The risks: other figures than on a disk; half a
 * review that looks like one; and waiting for minutes for a store that is not there.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StoreReviewTest {
  private static final int CALLS = 400;
  private static final long MOST_SECONDS = 60;

  @TempDir static Path work;
  private static Store store;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    store = Store.start(work);
    store.ask("PUT", "/gateway", "");
    store.ask("PUT", "/reviews", "");
    Files.createDirectories(work.resolve("logs"));
    Files.writeString(work.resolve("logs/calls.jsonl"), log());
    store.ask("PUT", "/gateway/logs/calls.jsonl", log());
  }

  @AfterAll
  static void stop() {
    if (store != null) {
      store.close();
    }
  }

  // Two workloads, a call every hour and a half or so, over October.
  private static String log() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < CALLS; i++) {
      int minute = i * 31 * 24 * 60 / CALLS;
      lines.append(
          "{\"started_at\":\"2026-10-%02dT%02d:%02d:00Z\",\"request_model\":\"gpt-4o\",\"workload\":\"%s\",\"input_tokens\":%d,\"output_tokens\":%d,\"duration_us\":2000000}%n"
              .formatted(
                  1 + minute / 1440,
                  minute / 60 % 24,
                  minute % 60,
                  i % 3 == 0 ? "letters" : "claims",
                  9000 + i,
                  300 + i % 50));
    }
    return lines.toString();
  }

  private static Program.Ran homeward(String... args) throws IOException, InterruptedException {
    return Program.homeward(work, store.environment(), args);
  }

  private static Program.Ran review(String log, String out, String... more)
      throws IOException, InterruptedException {
    return homeward(
        Stream.concat(Stream.of("review", log, "--workers", "local", "--out", out), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  @Order(1)
  void aReviewOfAStoreInAStoreIsThatOfLocalFiles() throws Exception {
    Program.Ran local = review("logs", "local");
    assertEquals(0, local.exit(), local.text());
    Program.Ran there = review("s3a://gateway/logs", "s3a://reviews/2026-10");
    assertEquals(0, there.exit(), there.text());
    for (String file : List.of("ranking.csv", "plan.csv", "spend/spend.jsonl")) {
      assertEquals(
          Files.readString(work.resolve("local").resolve(file)),
          store.ask("GET", "/reviews/2026-10/" + file, ""),
          file);
    }
    List<String> keys = store.keys("reviews");
    assertTrue(keys.contains("2026-10/manifest.json"), keys.toString());
    assertEquals(
        List.of(), keys.stream().filter(k -> !k.startsWith("2026-10/")).toList(), "left beside it");
    assertFalse(keys.contains("2026-10/_unfinished"), "the mark is gone");
    Program.Ran again = review("s3a://gateway/logs", "s3a://reviews/2026-10");
    assertTrue(again.text().contains("Nothing to do"), again.text());
  }

  @Test
  @Order(2)
  void questionsAreAnsweredFromThere() throws Exception {
    for (List<String> question :
        List.of(
            List.of("whatif", "REVIEW", "--set", "hardware.rtx-4090.price=1400"),
            // Another volume is replayed, from the calls that stay there.
            List.of("whatif", "REVIEW", "--set", "assumptions.volume-factor=2"),
            List.of("explain", "claims", "--review", "REVIEW"),
            List.of("diff", "REVIEW", "REVIEW"))) {
      Program.Ran local = homeward(with(question, "local"));
      Program.Ran there = homeward(with(question, "s3a://reviews/2026-10"));
      assertEquals(0, there.exit(), there.text());
      assertEquals(answer(local), answer(there), question.toString());
    }
    Program.Ran report = homeward("report", "s3a://reviews/2026-10", "--out", "report");
    assertEquals(0, report.exit(), report.text());
    assertTrue(Files.size(work.resolve("report/report.html")) > 100_000);
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertEquals(
          List.of(),
          all.filter(p -> p.getFileName().toString().startsWith("homeward-review-")).toList(),
          "copies are removed");
    }
  }

  // Whoever waits long is told so, by lines that end in points.
  private static List<String> answer(Program.Ran ran) {
    return ran.text().lines().filter(line -> !line.endsWith(" ...")).toList();
  }

  @Test
  @Order(3)
  void aReviewIsReplacedWhole() throws Exception {
    store.ask("PUT", "/reviews/2026-10/of-an-older-program.csv", "x");
    Program.Ran forced = review("s3a://gateway/logs", "s3a://reviews/2026-10", "--force");
    assertEquals(0, forced.exit(), forced.text());
    List<String> keys = store.keys("reviews");
    assertFalse(keys.contains("2026-10/of-an-older-program.csv"), keys.toString());
    assertEquals(0, homeward("diff", "local", "s3a://reviews/2026-10").exit());
  }

  @Test
  @Order(4)
  void whatHasNoManifestIsNoReview() throws Exception {
    store.ask("DELETE", "/reviews/2026-10/manifest.json", "");
    for (String[] question :
        List.of(
            new String[] {
              "whatif", "s3a://reviews/2026-10", "--set", "assumptions.volume-factor=2"
            },
            new String[] {"explain", "claims", "--review", "s3a://reviews/2026-10"},
            new String[] {"diff", "local", "s3a://reviews/2026-10"},
            new String[] {"report", "s3a://reviews/2026-10", "--out", "report2"})) {
      refused(homeward(question), "s3a://reviews/2026-10", "not a review directory");
    }
    // Files that this program may not have written are not replaced ...
    refused(
        review("s3a://gateway/logs", "s3a://reviews/2026-10"), "something that is not a review");
    // ... but what a run left that was killed while it put its files in place.
    store.ask("PUT", "/reviews/2026-10/_unfinished", "0123456789abcdef");
    Program.Ran again = review("s3a://gateway/logs", "s3a://reviews/2026-10");
    assertEquals(0, again.exit(), again.text());
    assertEquals(0, homeward("diff", "local", "s3a://reviews/2026-10").exit());
    assertFalse(store.keys("reviews").contains("2026-10/_unfinished"));
  }

  @Test
  @Order(5)
  void aChangedFileIsNamed() throws Exception {
    store.ask("PUT", "/reviews/2026-10/decisions.json", "{}");
    refused(
        homeward("explain", "claims", "--review", "s3a://reviews/2026-10"),
        "decisions.json has changed since the review was written");
  }

  private static void refused(Program.Ran ran, String... parts) {
    assertEquals(2, ran.exit(), ran.text());
    assertFalse(ran.text().contains("\tat "), () -> "a stack trace: " + ran.text());
    assertFalse(ran.text().contains("Exception"), () -> "a name of a class: " + ran.text());
    assertFalse(ran.complaints().isEmpty(), ran.text());
    for (String part : parts) {
      assertTrue(ran.complaints().get(0).contains(part), () -> part + " is not in " + ran.text());
    }
  }

  @Test
  @Order(6)
  void aStoreThatIsNotThereIsSaidSoon() throws Exception {
    refused(review("s3a://no-such-bucket-here/logs", "x"), "s3a://no-such-bucket-here", "ucket");
    refused(review("s3a://gateway/nowhere", "x"), "no such file or directory");
    refused(review("logs", "s3a://no-such-bucket-here/2026-10"), "no-such-bucket-here", "ucket");
    String closed = "http://localhost:" + Store.closedPort();
    Map<String, String> nobody =
        Map.of("AWS_ENDPOINT_URL", closed, "AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b");
    long begun = System.nanoTime();
    refused(
        Program.homeward(work, nobody, "explain", "claims", "--review", "s3a://reviews/2026-10"),
        "s3a://reviews/2026-10",
        "refused");
    long seconds = (System.nanoTime() - begun) / 1_000_000_000L;
    assertTrue(seconds < MOST_SECONDS, () -> "it took " + seconds + " s");
    Map<String, String> noCredentials =
        Map.of("AWS_ENDPOINT_URL", closed, "AWS_EC2_METADATA_DISABLED", "true");
    refused(
        Program.homeward(
            work, noCredentials, "explain", "claims", "--review", "s3a://reviews/2026-10"),
        "no credentials; give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }

  private static String[] with(List<String> question, String review) {
    return question.stream().map(a -> a.equals("REVIEW") ? review : a).toArray(String[]::new);
  }
}
