package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tape that is cut into windows, run by tasks of their own, gives the ranking of the whole; calls
 * at a seam may differ, so energy and what follows from it may by a ten-thousandth.
 */
final class WindowedReviewTest {
  private static final String LIMIT = "homeward.whole-tape-calls";

  /** Saving, probability and break-even ask for replays at other volumes too. */
  private static final Set<String> TO_A_TEN_THOUSANDTH =
      Set.of(
          "energy_kwh",
          "npv_usd",
          "local_monthly_usd",
          "saving_p10_usd",
          "saving_p90_usd",
          "probability_saves",
          "break_even_volume_ratio");

  private static final String BOX = "rtx-4090";
  private static final String BOXES = "rtx-4090, rtx-5090, rtx-3090, rtx-pro-6000";
  private static final int CALLS = 1_500;

  /** Four days: too few for one to stand for another. */
  private static final long FOUR_DAYS = 240;

  /** Twenty-eight days. */
  private static final long MOST_OF_A_MONTH = 1600;

  @TempDir Path folder;

  @Test
  void windowsRunApartGiveTheSameRanking() throws IOException {
    List<Map<String, String>> whole = review("whole", FOUR_DAYS, BOX);
    List<Map<String, String>> cut = cut("cut", FOUR_DAYS, BOX);
    assertEquals(1, whole.size());
    assertEquals("1", whole.get(0).get("replicas"));
    assertFalse(whole.get(0).get("ttft_p95_ms").isEmpty());
    Map<String, String> row = cut.get(0);
    whole
        .get(0)
        .forEach(
            (column, value) -> {
              if (TO_A_TEN_THOUSANDTH.contains(column)) {
                double expected = Double.parseDouble(value);
                assertEquals(
                    expected,
                    Double.parseDouble(row.get(column)),
                    1e-4 * Math.abs(expected),
                    column);
              } else {
                assertEquals(value, row.get(column), column);
              }
            });
  }

  /** What is chosen rests on all days; what was only looked at says on how many calls it rests. */
  @Test
  void someDaysAreEnoughForWhatIsNotChosen() throws IOException {
    Map<String, String> whole = review("whole", MOST_OF_A_MONTH, BOXES).get(0);
    Map<String, String> cut = cut("cut", MOST_OF_A_MONTH, BOXES).get(0);
    for (String column :
        List.of(
            "verdict", "hardware", "quantization", "replicas", "ttft_p95_ms", "overflow_calls")) {
      assertEquals(whole.get(column), cut.get(column), column);
    }
    double usd = Double.parseDouble(whole.get("local_monthly_usd"));
    assertEquals(usd, Double.parseDouble(cut.get("local_monthly_usd")), 1e-4 * usd);
    String explained =
        Cli.run("explain", "reader", "--review", folder.resolve("cut").toString()).out();
    List<String> viable =
        explained.lines().filter(line -> line.matches(" +qwen3-8b .* on .* x\\d+ \\$.*")).toList();
    assertTrue(viable.size() > 2, explained);
    List<String> estimated =
        viable.stream()
            .filter(line -> line.endsWith(", estimated from days with 14 % of the calls"))
            .toList();
    assertEquals(viable.size() - 1, estimated.size(), explained);
    // The same questions again, from what the review keeps.
    Cli.Ran same =
        cut(
            () ->
                Cli.run(
                    "whatif",
                    folder.resolve("cut").toString(),
                    "--set",
                    "assumptions.electricity-usd-per-kwh=0.3"));
    assertEquals(0, same.exit(), same.err());
    assertFalse(same.err().contains("replayed"), same.err());
  }

  private List<Map<String, String>> cut(String name, long secondsBetweenCalls, String boxes)
      throws IOException {
    return cut(() -> review(name, secondsBetweenCalls, boxes));
  }

  private static <T> T cut(Reviewing<T> step) throws IOException {
    System.setProperty(LIMIT, "1200");
    try {
      return step.run();
    } finally {
      System.clearProperty(LIMIT);
    }
  }

  private interface Reviewing<T> {
    T run() throws IOException;
  }

  private List<Map<String, String>> review(String name, long secondsBetweenCalls, String boxes)
      throws IOException {
    Path logs = Files.createDirectories(folder.resolve("log"));
    Files.writeString(logs.resolve("calls.csv"), calls(secondsBetweenCalls));
    Path settings = Files.createDirectories(logs.resolve("homeward"));
    Files.writeString(
        settings.resolve("policy.yaml"),
        "workloads: {reader: {local-models: [qwen3-8b], hardware: [%s]}}\n".formatted(boxes));
    // Step times of the test's own: its figures are then the same whatever the catalog learns, and
    // none that is written with four digits lies where the last of them hangs on a seam.
    Files.writeString(
        settings.resolve("hardware.yaml"),
        """
        efficiencies:
          - engines: [vllm]
            accelerators: [rtx-4090]
            residual: 0.05
            source: { kind: assumed, reference: "a test", date: "2026-11" }
            values: { weight: 0.92, weight-packed: 0.85, expert: 0.84, kv: 0.85, compute: 0.93,
              compute-fp8: 0.75, compute-fp4: 0.5, compute-packed: 0.6, expert-compute: 0.8,
              attention: 0.65, knee: 4, activation: 0, layer-us: 10, expert-layer-us: 20,
              latent-layer-us: 20, eager-layer-us: 10, sequence-us: 8, step-us: 500, call-us: 4000,
              all-reduce-us: 40, link: 0.4 }
        """);
    Files.writeString(
        settings.resolve("evaluations.yaml"),
        """
        evaluations:
          - {workload: reader, local-model: qwen3-8b, metric: accuracy, hosted-score: 0.9,
             local-score: 0.9, n: 500, date: "2026-08-01"}
        """);
    Path out = folder.resolve(name);
    Cli.Ran ran =
        Cli.run("review", logs.toString(), "--workload", "reader", "--out", out.toString());
    assertEquals(0, ran.exit(), ran.err());
    return Cli.ranking(out);
  }

  private static String calls(long secondsBetweenCalls) {
    StringBuilder csv = new StringBuilder("started_at,request_model,input_tokens,output_tokens\n");
    Instant first = Instant.parse("2026-09-02T00:00:00Z");
    for (int i = 0; i < CALLS; i++) {
      csv.append(first.plusSeconds(i * secondsBetweenCalls + i % 7 * 30L))
          .append(",gpt-4o,")
          .append(2_000 + i % 13 * 700)
          .append(',')
          .append(100 + i % 11 * 90)
          .append('\n');
    }
    return csv.toString();
  }
}
