package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every review under {@code written-by}, each as the version of that name left it (0.2.0 without
 * report.html), is read by every command, and says of itself what it said then.
 */
final class KeptReviewsTest {
  private static final Path WRITTEN = Path.of("src/test/resources/written-by");

  @TempDir Path folder;

  @Test
  void eachIsReadByEveryCommand() throws IOException {
    List<Path> reviews;
    try (Stream<Path> all = Files.list(WRITTEN)) {
      reviews = all.sorted().toList();
    }
    assertTrue(reviews.size() >= 2, reviews.toString());
    for (Path review : reviews) {
      String name = review.getFileName().toString();
      JsonNode summary = new JsonMapper().readTree(review.resolve("summary.json").toFile());
      List<Map<String, String>> ranking = Cli.ranking(review);
      assertEquals(summary.get("workloads").asInt(), ranking.size(), name);

      String diff = out("diff", review.toString(), review.toString());
      assertTrue(diff.contains("; 0 changes."), name + diff);
      String whatIf =
          out(
              "whatif",
              review.toString(),
              "--set",
              "assumptions.horizon-months=36",
              "--format",
              "csv");
      report(review, summary.path("waiting").has("plan"));
      for (Map<String, String> row : ranking) {
        String workload = row.get("workload");
        assertEquals(
            2, whatIf.lines().filter(line -> line.contains("," + workload + ",")).count(), whatIf);
        String explained = out("explain", workload, "--review", review.toString());
        assertTrue(
            explained.contains("rank %s: %s".formatted(row.get("rank"), row.get("verdict"))),
            explained);
      }
    }
    String history = out("history", WRITTEN.toString(), "--format", "csv");
    assertEquals(1 + reviews.size(), history.lines().count(), history);
  }

  // A report shows figures that the first version did not write; it says so.
  private void report(Path review, boolean hasFigures) {
    String[] command = {"report", review.toString(), "--out", folder.resolve("report").toString()};
    if (hasFigures) {
      assertTrue(out(command).contains("report.html"));
    } else {
      Cli.Ran ran = Cli.run(command);
      assertEquals(2, ran.exit(), ran.err());
      assertTrue(ran.err().contains("summary.json") && ran.err().contains("--force"), ran.err());
    }
  }

  private static String out(String... command) {
    Cli.Ran ran = Cli.run(command);
    assertEquals(0, ran.exit(), String.join(" ", command) + "\n" + ran.err());
    return ran.out();
  }
}
