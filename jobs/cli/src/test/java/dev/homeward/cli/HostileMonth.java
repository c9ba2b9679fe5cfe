package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A made-up month with workloads that pay to move, one that must, and names that want to be
 * formulas, scripts or something unseen. Its review tries two boxes, so that it takes seconds.
 */
public final class HostileMonth {
  /** Names as somebody put them into a log. */
  public static final List<String> NAMES =
      List.of(
          "=cmd|' /C calc'!A0",
          "=HYPERLINK(\"http://example.org\",\"click\")",
          "+1+1",
          "-2+3",
          "@SUM(A1:A9)",
          "<script>alert(1)</script>",
          "<img src=x onerror=alert(2)>",
          "\u202Egnp.live",
          "a\u0000b\u0007c\nd",
          "&lt;b&gt; \"quoted\", with, commas",
          "n".repeat(10_000),
          "\uD83D\uDE80 \u05D0\u05D1\u05D2");

  private static final Instant FIRST = Instant.parse("2026-10-01T00:00:00Z");
  private static final int DAYS = 31;

  private HostileMonth() {}

  /** Writes the logs and their settings, and reviews them without Spark. */
  public static Path review(Path folder) throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      steady(lines, "desk-" + i, "internal", 6, 40_000 + 1_000 * i);
    }
    steady(lines, "charts", "secret", 120, 3_000);
    for (int i = 0; i < NAMES.size(); i++) {
      named(lines, NAMES.get(i), i);
    }
    lines.add(call("lab", "no-such-model", "internal", "R&D", FIRST, 100));
    lines.add("{\"broken\":");
    Files.write(logs.resolve("calls.jsonl"), lines);
    settings(Files.createDirectories(logs.resolve("homeward")));
    return reviewed(folder, logs);
  }

  /**
   * Writes the logs of many small workloads, and reviews them.
   *
   * @param workloads how many
   */
  public static Path reviewOfMany(Path folder, int workloads) throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    List<String> lines = new ArrayList<>();
    for (int w = 0; w < workloads; w++) {
      for (int call = 0; call < 24; call++) {
        Instant at = FIRST.plus(Duration.ofHours(29L * call + w % 24));
        lines.add(
            call("team-" + w, "gpt-4o-mini", "internal", "CC-" + w % 40, at, 900 + 7L * w + call));
      }
    }
    Files.write(logs.resolve("calls.jsonl"), lines);
    Path settings = Files.createDirectories(logs.resolve("homeward"));
    Files.writeString(settings.resolve("policy.yaml"), "hardware: [rtx-4090]\n");
    return reviewed(folder, logs);
  }

  // Where the same review is there already, it stays.
  private static Path reviewed(Path folder, Path logs) throws IOException {
    Path review = folder.resolve("review");
    Cli.Ran ran =
        Cli.run("review", logs.toString(), "--out", review.toString(), "--workers", "local");
    assertEquals(0, ran.exit(), ran.err());
    if (!ran.out().startsWith("Nothing to do")) {
      Files.writeString(folder.resolve("console.txt"), ran.out());
    }
    return review;
  }

  private static void steady(
      List<String> lines, String workload, String dataClass, int everyMinutes, long input)
      throws IOException {
    for (int minute = 0; minute < DAYS * 24 * 60; minute += everyMinutes) {
      Instant at = FIRST.plus(Duration.ofMinutes(minute));
      lines.add(call(workload, "gpt-4o", dataClass, "desks", at, input + minute % 97));
    }
  }

  private static void named(List<String> lines, String name, int i) throws IOException {
    for (int hour = 0; hour < 40 + i; hour++) {
      Instant at = FIRST.plus(Duration.ofHours(17L * hour));
      lines.add(call(name, "gpt-4o-mini", "internal", name, at, 500 + hour));
    }
  }

  private static String call(
      String workload, String model, String dataClass, String owner, Instant at, long input)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode call = json.createObjectNode();
    call.put("started_at", at.toString());
    call.put("provider", "openai");
    call.put("request_model", model);
    call.put("workload", workload);
    call.put("owner", owner);
    call.put("data_class", dataClass);
    call.put("input_tokens", input);
    call.put("output_tokens", 300 + input % 41);
    call.put("duration_us", 4_000_000);
    return json.writeValueAsString(call);
  }

  private static void settings(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        hardware: [rtx-4090, rtx-pro-6000]
        data-classes:
          - { name: internal, place: api-allowed }
          - { name: secret, place: local-only }
        workloads:
          desk-0: { kind: batch, complete-within-hours: 12 }
          desk-1: { kind: batch, complete-within-hours: 12 }
        """);
    StringBuilder evaluations = new StringBuilder("evaluations:\n");
    for (String workload : List.of("desk-0", "desk-1", "charts")) {
      evaluations.append(
          """
          - { workload: %s, local-model: qwen3.5-27b, n: 9000, both-right: 9000, only-hosted-right: 0, only-local-right: 0 }
          """
              .formatted(workload)
              .indent(2));
    }
    Files.writeString(folder.resolve("evaluations.yaml"), evaluations);
    Files.writeString(folder.resolve("assumptions.yaml"), "engineer-usd-per-hour: 40\n");
  }
}
