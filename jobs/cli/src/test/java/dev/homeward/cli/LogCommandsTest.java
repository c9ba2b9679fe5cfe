package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at logs and clean them. */
final class LogCommandsTest {
  private static final String CALL =
      "{\"started_at\":\"2026-10-05T08:%02d:01Z\",\"request_model\":\"%s\",\"team\":\"%s\","
          + "\"input_tokens\":1000,\"output_tokens\":100,\"call_id\":\"%s\",\"tags\":[\"unit:%s\"]}";

  @TempDir Path folder;

  @Test
  void validateTellsWhatAFileHoldsAndWhichPolicyLinesWouldNameItsCalls() throws IOException {
    Path log = folder.resolve("calls.jsonl");
    Files.write(
        log,
        List.of(
            CALL.formatted(1, "gpt-4o-mini", "red", "a", "x").replace("\"team\":\"red\",", ""),
            CALL.formatted(2, "gpt-4o-mini", "red", "a", "x").replace("\"team\":\"red\",", ""),
            CALL.formatted(3, "northstar-9", "red", "b", "y").replace("\"team\":\"red\",", ""),
            "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":-1}"));
    Cli.Ran ran = Cli.run("validate", log.toString());
    assertEquals(1, ran.exit(), "a record was rejected");
    for (String expected :
        new String[] {
          "format      canonical-jsonl: JSON lines with started_at, request_model",
          "records     4 = 3 calls + 0 no calls + 1 rejected + 0 buckets of usage reports",
          "rejected    1 negative_tokens",
          "line 4: input_tokens is -1 (must be 0 or more)",
          "span        2026-10-05T08:01:01Z to 2026-10-05T08:03:01Z",
          "tokens      3,000 input + 0 read from cache + 0 written to cache + 300 output",
          "copies      1 of these calls have the id of another",
          "unknown     model northstar-9 (1 calls) is not in the catalog",
          "3 calls have no workload.",
          "  - { from: tag, prefix: \"unit:\" }"
        }) {
      assertTrue(ran.out().contains(expected), expected + "\n" + ran.out());
    }
  }

  /** A bill alone: what it says is shown, though no call is in it. */
  @Test
  void validateAddsUpWhatBillsSay() throws IOException {
    Path costs = folder.resolve("cost.csv");
    String four = "start_time,end_time,start_time_iso,end_time_iso,";
    Files.write(
        costs,
        List.of(
            four + "amount_value,amount_currency,line_item",
            "1769904000,1769990400,x,x,12.5000,usd,\"gpt-5-mini, input\"",
            "1769904000,1769990400,x,x,30.2500,usd,\"gpt-5-mini, output\"",
            "1769990400,1770076800,x,x,,,"));
    String shown = Cli.run("validate", costs.toString()).out();
    assertTrue(shown.contains("0 calls + 2 no calls + 0 rejected + 2 buckets"), shown);
    assertTrue(shown.contains("billed cost $42.75 in 2 buckets"), shown);

    Path usage = folder.resolve("usage.csv");
    Files.write(
        usage,
        List.of(
            "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens",
            "2026-02-03,claude-sonnet-4-5-20250929,120000,41000",
            "2026-02-03,claude-haiku-4-5-20251001,80000,9000"));
    shown = Cli.run("validate", usage.toString()).out();
    assertTrue(shown.contains("billed      200,000 input + 0 read from cache"), shown);
    assertTrue(shown.contains("+ 50,000 output"), shown);
  }

  /** A wrapper and the call it wraps, on lines of their own: the tokens count once. */
  @Test
  void runsAboveRunsCountOnceAcrossLines() throws IOException {
    String run =
        "{\"id\":\"%s\",\"trace_id\":\"t\",\"parent_run_id\":%s,\"run_type\":\"llm\","
            + "\"start_time\":\"2026-02-03T09:00:00\",\"prompt_tokens\":2000,"
            + "\"completion_tokens\":150,\"extra\":{\"metadata\":{\"ls_model_name\":\"gpt-4o-mini\"}}}";
    Path runs = folder.resolve("runs.jsonl");
    Files.write(runs, List.of(run.formatted("a", "null"), run.formatted("b", "\"a\"")));
    Path calls = folder.resolve("calls.jsonl");
    String call =
        "{\"id\":\"%s\",\"trace_id\":\"t\",\"parent_id\":%s,\"op_name\":\"%s\","
            + "\"started_at\":\"2026-02-03T09:00:00Z\",\"summary\":{\"usage\":{\"gpt-4o-mini\":"
            + "{\"requests\":1,\"prompt_tokens\":2000,\"completion_tokens\":150}}}}";
    Files.write(
        calls, List.of(call.formatted("a", "null", "agent"), call.formatted("b", "\"a\"", "chat")));
    Path spans = folder.resolve("spans.csv");
    Files.write(
        spans,
        List.of(
            "context.span_id,context.trace_id,parent_id,span_kind,start_time,"
                + "attributes.llm.model_name,attributes.llm.token_count.prompt,"
                + "attributes.llm.token_count.completion",
            "a,t,,LLM,2026-02-03 09:00:00+00:00,gpt-4o-mini,2000,150",
            "c,t,a,CHAIN,2026-02-03 09:00:00+00:00,,,",
            "b,t,c,LLM,2026-02-03 09:00:00+00:00,gpt-4o-mini,2000,150"));
    for (Path file : List.of(runs, calls, spans)) {
      String shown = Cli.run("validate", file.toString()).out();
      assertTrue(shown.contains(" = 1 calls + "), shown);
      assertTrue(shown.contains("tokens      2,000 input"), shown);
    }
  }

  /** However the file is cut, every line keeps its number and every call is there once. */
  @Test
  void ingestGivesTheSameWhateverTheRanges() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      String record = CALL.formatted(i % 60, "gpt-4o-mini", "red", "id" + i % 350, "x");
      log.append(i % 97 == 96 ? "{\"broken\":" : record).append('\n');
    }
    Path file = folder.resolve("calls.jsonl");
    Files.writeString(file, log);
    JsonNode whole = ingest(file, "whole");
    String rejected = Files.readString(folder.resolve("whole/rejected/rejected.jsonl"));
    assertEquals(400, whole.get("records").asLong());
    assertEquals(4, whole.get("rejected").asLong());
    assertEquals(396 - whole.get("duplicates").asLong(), whole.get("calls").asLong());
    assertTrue(rejected.contains("\"source_line\":97,"), rejected);
    assertTrue(rejected.contains("\"source_line\":388,"), rejected);
    try {
      System.setProperty("homeward.range-bytes", "3000");
      JsonNode cut = ingest(file, "cut");
      assertEquals(whole, cut);
      assertEquals(rejected, Files.readString(folder.resolve("cut/rejected/rejected.jsonl")));
      assertEquals(parts("whole"), parts("cut"));
    } finally {
      System.clearProperty("homeward.range-bytes");
    }
    Cli.Ran again = Cli.run("ingest", file.toString(), "--out", folder.resolve("cut").toString());
    assertEquals(2, again.exit());
    assertTrue(again.err().contains("it exists"), again.err());
  }

  private JsonNode ingest(Path log, String name) throws IOException {
    Path out = folder.resolve(name);
    Cli.Ran ran = Cli.run("ingest", log.toString(), "--out", out.toString(), "--partitions", "3");
    assertEquals(0, ran.exit(), ran.err());
    return new ObjectMapper().readTree(out.resolve("manifest.json").toFile()).get("inputs").get(0);
  }

  private List<Integer> parts(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name).resolve("calls"))) {
      return files
          .sorted()
          .map(
              file -> {
                try {
                  return java.util.Arrays.hashCode(Files.readAllBytes(file));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              })
          .toList();
    }
  }

  @Test
  void standardInputIsALog() {
    InputStream in = System.in;
    try {
      String log = CALL.formatted(1, "gpt-4o-mini", "red", "a", "x") + "\n";
      System.setIn(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
      Cli.Ran ran = Cli.run("validate", "-");
      assertEquals(0, ran.exit(), ran.err());
      assertTrue(ran.out().startsWith("standard input ("), ran.out());
      assertTrue(ran.out().contains("workloads   red (1)"), ran.out());
    } finally {
      System.setIn(in);
    }
  }

  @Test
  void timesWithoutAZoneAreReadInTheSourcesZone() throws IOException {
    Path log = folder.resolve("trace.csv");
    Files.writeString(log, "TIMESTAMP,ContextTokens,GeneratedTokens\n2026-07-05 08:00:01,10,5\n");
    String[] args = {"validate", log.toString(), "--workload", "w", "--hosted-model", "gpt-4o"};
    Cli.Ran assumed = Cli.run(args);
    assertTrue(assumed.out().contains("1 calls whose times have no zone"), assumed.out());
    String[] given = java.util.Arrays.copyOf(args, args.length + 2);
    given[args.length] = "--source-timezone";
    given[args.length + 1] = "Europe/Berlin";
    Cli.Ran told = Cli.run(given);
    assertTrue(told.out().contains("span        2026-07-05T06:00:01Z"), told.out());
    assertFalse(told.out().contains("no zone"), told.out());
  }

  /** A gateway's log and a tracer's log of the same calls: the gateway counts, each call once. */
  @Test
  void aTracerThatRepeatsTheGatewayIsNamedAndLeftOut() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("two-sources"));
    StringBuilder gateway = new StringBuilder();
    StringBuilder tracer = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      String time = "2026-10-05T08:%02d:01.000Z".formatted(i);
      gateway.append(
          ("{\"request_id\":\"r%d\",\"call_type\":\"acompletion\",\"startTime\":\"%s\",\"endTime\":\"%s\","
                  + "\"model\":\"gpt-4o-mini\",\"prompt_tokens\":%d,\"completion_tokens\":%d,\"team_id\":"
                  + "\"red\"}%n")
              .formatted(i, time, time, 100 + i % 7, 20 + i % 3));
      if (i < 40) {
        tracer.append(
            ("{\"id\":\"o%d\",\"trace_id\":\"t\",\"type\":\"GENERATION\",\"start_time\":\"%s\","
                    + "\"provided_model_name\":\"gpt-4o-mini\",\"usage_details\":{\"input\":%d,\"output\":%d}}%n")
                .formatted(i, time.replace("01.000Z", "02.500Z"), 100 + i % 7, 20 + i % 3));
      }
    }
    tracer.append(
        "{\"id\":\"own\",\"trace_id\":\"t\",\"type\":\"GENERATION\",\"start_time\":"
            + "\"2026-10-05T09:30:00Z\",\"provided_model_name\":\"gpt-4o-mini\",\"usage_details\":"
            + "{\"input\":900,\"output\":90}}\n");
    Files.writeString(logs.resolve("gateway.jsonl"), gateway);
    Files.writeString(logs.resolve("tracer.jsonl"), tracer);
    String one = review(logs, "overlap-1", "1");
    assertEquals(one, review(logs, "overlap-4", "4"));
    long calls =
        Cli.ranking(folder.resolve("overlap-1")).stream()
            .mapToLong(row -> Long.parseLong(row.get("calls")))
            .sum();
    assertEquals(61, calls, "sixty of the gateway, and the one that only the tracer saw");
    JsonNode summary =
        new ObjectMapper().readTree(folder.resolve("overlap-1/summary.json").toFile());
    assertEquals(
        40,
        summary.get("data_quality").get("calls_of_two_sources").get("litellm+langfuse").asLong());
    assertEquals(40, summary.get("data_quality").get("duplicates").asLong());
  }

  @Test
  void aSampledLogIsScaledAndSaysSo() throws IOException {
    Path log = folder.resolve("sampled.jsonl");
    StringBuilder calls = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      calls.append(CALL.formatted(i, "gpt-4o-mini", "red", "id" + i, "x")).append('\n');
    }
    Files.writeString(log, calls);
    Path out = folder.resolve("scaled");
    Cli.Ran ran =
        Cli.run("review", log.toString(), "--out", out.toString(), "--sampling-rate", "0.25");
    assertEquals(0, ran.exit(), ran.err());
    Map<String, String> row = Cli.ranking(out).get(0);
    assertEquals("240", row.get("calls"));
    assertEquals("extrapolated", row.get("confidence"));
    assertTrue(ran.out().contains("60 records + 180 calls made up = 240 calls"), ran.out());
    Cli.Ran wrong = Cli.run("validate", log.toString(), "--sampling-rate", "0");
    assertEquals(2, wrong.exit());
  }

  private String review(Path logs, String name, String partitions) throws IOException {
    Path out = folder.resolve(name);
    Cli.Ran ran =
        Cli.run("review", logs.toString(), "--out", out.toString(), "--partitions", partitions);
    assertEquals(0, ran.exit(), ran.err() + ran.out());
    return Files.readString(out.resolve("ranking.csv"));
  }
}
