package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.generate.Generator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReviewCommandTest {
  @TempDir Path folder;

  /** The same bytes whatever the cores, partitions, time zone and locale. */
  @Test
  void rankingIsByteIdenticalWhereverItIsMade() throws IOException {
    Path logs = folder.resolve("logs");
    Generator.write(11, 0.02, logs);
    byte[] first = ranking(logs, "a", "local[1]", "1");
    assertTrue(first.length > 1000);
    TimeZone zone = TimeZone.getDefault();
    Locale locale = Locale.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      Locale.setDefault(Locale.GERMANY);
      assertEquals(text(first), text(ranking(logs, "b", "local[2]", "7")));
    } finally {
      TimeZone.setDefault(zone);
      Locale.setDefault(locale);
    }
    assertEquals(text(first), text(ranking(logs, "c", "local[2]", "0")));
  }

  private byte[] ranking(Path logs, String name, String master, String partitions)
      throws IOException {
    Path out = folder.resolve(name);
    Cli.Ran ran =
        Cli.run(
            "review",
            logs.toString(),
            "--out",
            out.toString(),
            "--master",
            master,
            "--partitions",
            partitions);
    assertEquals(0, ran.exit(), ran.err());
    return Files.readAllBytes(out.resolve("ranking.csv"));
  }

  @Test
  void theAzureTraceIsCountedPricedAndExtrapolated() throws IOException {
    Path trace = Cli.shared("traces/azure-2023/AzureLLMInferenceTrace_code.csv");
    Path out = folder.resolve("azure");
    Cli.Ran ran =
        Cli.run(
            "review",
            trace.toString(),
            "--hosted-model",
            "gpt-4o-mini",
            "--workload",
            "code",
            "--out",
            out.toString(),
            "--master",
            "local[2]");
    assertEquals(0, ran.exit(), ran.err());
    long input = 0;
    long output = 0;
    List<String> lines = Files.readAllLines(trace);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.trim().split(",");
      input += Long.parseLong(cells[1]);
      output += Long.parseLong(cells[2]);
    }
    BigDecimal byHand =
        BigDecimal.valueOf(input)
            .multiply(new BigDecimal("0.15"))
            .add(BigDecimal.valueOf(output).multiply(new BigDecimal("0.60")))
            .movePointLeft(6)
            .setScale(2, RoundingMode.HALF_EVEN);
    Map<String, String> row = Cli.ranking(out).get(0);
    assertEquals("8819", row.get("calls"));
    assertEquals(byHand.toPlainString(), row.get("api_cost_usd"));
    assertEquals("extrapolated", row.get("confidence"));
    assertEquals("code", row.get("workload"));
    assertTrue(ran.out().contains("+ 0 rejected"), ran.out());
  }

  /** Answers of the real transcripts, counted by another route: a map by message and request. */
  @Test
  void claudeCodeTranscriptsAreCountedByCallNotByLine() throws IOException {
    Path logs = Cli.shared("fixtures/claude-code");
    Path out = folder.resolve("claude");
    Cli.Ran ran =
        Cli.run("review", logs.toString(), "--out", out.toString(), "--master", "local[2]");
    assertTrue(ran.exit() == 0 || ran.exit() == 1, ran.err());
    ObjectMapper json = new ObjectMapper();
    Map<String, Map<String, long[]>> main = new HashMap<>();
    Map<String, long[]> side = new HashMap<>();
    int lines = 0;
    try (Stream<Path> files = Files.walk(logs)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode node = json.readTree(line);
          JsonNode usage = node.path("message").path("usage");
          if (!usage.isObject()
              || node.path("message").path("model").asText().equals("<synthetic>")) {
            continue;
          }
          lines++;
          long[] figures = {
            usage.path("input_tokens").asLong(), usage.path("cache_read_input_tokens").asLong(),
            usage.path("cache_creation_input_tokens").asLong(), usage.path("output_tokens").asLong()
          };
          String id = node.path("message").path("id").asText();
          if (node.path("isSidechain").asBoolean()) {
            side.merge(id, figures, ReviewCommandTest::larger);
          } else {
            main.computeIfAbsent(id, k -> new HashMap<>())
                .merge(node.path("requestId").asText(), figures, ReviewCommandTest::larger);
          }
        }
      }
    }
    long calls = 0;
    long reads = 0;
    for (Map<String, long[]> byRequest : main.values()) {
      calls += byRequest.size();
      for (long[] figures : byRequest.values()) {
        reads += figures[1];
      }
    }
    for (Map.Entry<String, long[]> entry : side.entrySet()) {
      if (!main.containsKey(entry.getKey())) {
        calls++;
        reads += entry.getValue()[1];
      }
    }
    JsonNode summary = json.readTree(out.resolve("summary.json").toFile());
    assertEquals(calls, summary.get("data_quality").get("calls").asLong());
    assertTrue(calls < lines, "lines repeat calls");
    assertTrue(reads > 0);
    JsonNode manifest = json.readTree(out.resolve("manifest.json").toFile());
    // The review month holds a part of them; all cache reads are in calls/ as cache reads.
    long ranked = 0;
    for (Map<String, String> row : Cli.ranking(out)) {
      ranked += Long.parseLong(row.get("cache_read_tokens"));
    }
    assertTrue(ranked > 0 && ranked <= reads, ranked + " of " + reads);
    assertTrue(manifest.get("inputs").size() > 1);
  }

  private static long[] larger(long[] a, long[] b) {
    return Arrays.stream(b).sum() > Arrays.stream(a).sum() ? b : a;
  }

  @Test
  void badInputIsOneClearMessageExitTwoAndNothingWritten() throws IOException {
    Path good = folder.resolve("good.jsonl");
    Files.writeString(
        good,
        "{\"started_at\":\"2026-05-04T13:05:07Z\",\"request_model\":\"gpt-4o\",\"workload\":\"w\",\"input_tokens\":10,\"output_tokens\":5}\n");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path truncated = folder.resolve("truncated.jsonl.gz");
    Path whole = Cli.root().resolve("sample-logs/exports/batch-and-search-2026-10.jsonl.gz");
    byte[] gz = Files.readAllBytes(whole);
    Files.write(truncated, Arrays.copyOf(gz, gz.length / 2));
    Path binary = folder.resolve("program.bin");
    Files.write(binary, new byte[] {0x7f, 'E', 'L', 'F', 0, 0, 1});
    Path unknown = folder.resolve("unknown.log");
    Files.writeString(unknown, "{\"foo\":1}\n");
    Path policy = folder.resolve("policy.yaml");
    Files.writeString(policy, "worklaod-rules: []\nunclassified: maybe\n");
    Path prices = folder.resolve("prices.yaml");
    Files.writeString(
        prices,
        "prices: [{model: gpt-4o, from: \"2026-01-01\", input: -5, source: {kind: vendor, reference: r, date: d}}]\n");
    Path boxes = folder.resolve("boxes-policy.yaml");
    Files.writeString(boxes, "hardware: [rtx4090]\n");

    refused("no such file or directory", "/nowhere/log.jsonl");
    refused("it holds no log files", empty.toString());
    refused("truncated or damaged", truncated.toString());
    refused("it is a binary file", binary.toString());
    refused("Cannot tell the format of", unknown.toString());
    refused("unknown key 'worklaod-rules'", good.toString(), "--policy", policy.toString());
    refused("/unclassified", good.toString(), "--policy", policy.toString());
    refused(
        "/prices/0/input: must have a minimum value of 0",
        good.toString(),
        "--prices",
        prices.toString());
    refused(
        "Unknown hardware: rtx4090 (nearest: rtx-4090",
        good.toString(),
        "--policy",
        boxes.toString());
    refused("Invalid --month", good.toString(), "--month", "May");
    refused("Invalid --timezone", good.toString(), "--timezone", "Mars/Base");
    refused("Invalid --format", good.toString(), "--format", "nonsense");
  }

  private void refused(String message, String... args) throws IOException {
    Path out = folder.resolve("refused");
    String[] all = new String[args.length + 5];
    all[0] = "review";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "--out";
    all[args.length + 2] = out.toString();
    all[args.length + 3] = "--master";
    all[args.length + 4] = "local[1]";
    Cli.Ran ran = Cli.run(all);
    assertEquals(2, ran.exit(), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertFalse(ran.err().contains("\tat "), ran.err());
    assertEquals("", ran.out());
    try (Stream<Path> children = Files.list(folder)) {
      assertTrue(
          children.noneMatch(c -> c.getFileName().toString().contains("refused")),
          "something was written for " + message);
    }
  }

  /** One call is no month: 2.6 million seconds of it would be money out of nothing. */
  @Test
  void aLogOfAMomentGivesNoMonthlyFigures() throws IOException {
    Path log = folder.resolve("one.jsonl");
    Files.writeString(
        log,
        "{\"started_at\":\"2026-05-04T13:05:07Z\",\"request_model\":\"gpt-4o\",\"input_tokens\":1000,\"output_tokens\":100}\n");
    Path out = folder.resolve("one");
    Cli.Ran ran =
        Cli.run("review", log.toString(), "--out", out.toString(), "--master", "local[1]");
    assertEquals(0, ran.exit(), ran.err());
    Map<String, String> row = Cli.ranking(out).get(0);
    assertEquals("", row.get("api_monthly_usd"));
    assertEquals("", row.get("saving_monthly_usd"));
    assertEquals("KEEP_API", row.get("verdict"));
    assertTrue(row.get("reasons").startsWith("log_too_short"), row.get("reasons"));
    assertTrue(ran.out().contains("The log covers less than a minute"), ran.out());
  }

  @Test
  void aFolderThatIsNoReviewIsNeverReplaced() throws IOException {
    Path log = folder.resolve("log.jsonl");
    Files.writeString(
        log,
        "{\"started_at\":\"2026-05-04T13:05:07Z\",\"request_model\":\"gpt-4o\",\"input_tokens\":10}\n");
    Path out = Files.createDirectories(folder.resolve("mine"));
    Files.writeString(out.resolve("thesis.txt"), "years of work", StandardCharsets.UTF_8);
    Cli.Ran ran = Cli.run("review", log.toString(), "--out", out.toString(), "--force");
    assertEquals(2, ran.exit());
    assertTrue(ran.err().contains("something that is not a review is there"), ran.err());
    assertEquals("years of work", Files.readString(out.resolve("thesis.txt")));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
