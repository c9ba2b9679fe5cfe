package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Usage that parents repeat counts once, whatever lines, files, formats and ranges the spans of a
 * trace lie in, and whoever works on them.
 */
final class NestedUsageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TRACES = 60;

  // A trace has an agent's sum of 3,000, two steps below it and a tool in between: 2 calls.
  private static final int CALLS = 2 * TRACES;

  @TempDir Path folder;

  /** The same traces as OTLP lines, as rows of JSON, as CSV: each source counts once. */
  @Test
  void threadsAndExecutorsSettleTracesAlikeInAnyOrder() throws IOException {
    List<String> spans = new ArrayList<>();
    for (int i = 0; i < TRACES; i++) {
      spans.addAll(otlp(i));
    }
    Collections.shuffle(spans, new Random(20_261_129));
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.write(logs.resolve("a.jsonl"), spans.subList(0, 100));
    Files.write(logs.resolve("b.jsonl"), spans.subList(100, spans.size()));

    JsonNode local = review(logs, "local", 3);
    assertEquals(CALLS, local.get("calls").asLong());
    JsonNode quality = local.get("data_quality");
    assertEquals(TRACES, quality.get("nested").asLong());
    assertEquals(0, quality.get("nested_say_more").asLong());
    assertEquals(0, quality.get("duplicates").asLong());
    assertEquals(TRACES, quality.get("ignored").asLong(), "the tools");
    review(logs, "spark", 3);
    assertSameCalls("local", "spark");

    Collections.reverse(spans);
    Path whole = Files.createDirectories(folder.resolve("whole"));
    Files.write(whole.resolve("a.jsonl"), spans);
    System.setProperty("homeward.range-bytes", "3000");
    try {
      assertEquals(
          quality.get("nested"), review(whole, "cut", 2).get("data_quality").get("nested"));
    } finally {
      System.clearProperty("homeward.range-bytes");
    }
    Cli.Ran validated = Cli.run("validate", whole.toString());
    assertTrue(
        validated.out().contains("records     240 = 120 calls + 120 no calls + 0 rejected"),
        validated.out());
    assertTrue(
        validated.out().contains("60 records repeat the usage of calls below them"),
        validated.out());
    // Two steps of 1,000 and 400 tokens in a trace.
    assertTrue(validated.out().contains("tokens      84,000 input"), validated.out());
  }

  @Test
  void rowsOfAnExportAndItsCsvAreOneLog() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    StringBuilder rows = new StringBuilder();
    StringBuilder csv =
        new StringBuilder(
            "id,trace_id,type,parent_observation_id,start_time,provided_model_name,usage_details\n");
    for (int i = 0; i < 20; i++) {
      // The generation stands in one file and what it wraps in the other.
      rows.append(
          ("{'id':'g%d','trace_id':'t%d','type':'GENERATION','parent_observation_id':null,"
                  + "'start_time':'2026-10-05 08:00:%02d.000','provided_model_name':'gpt-5-mini',"
                  + "'usage_details':{'input':700,'output':90,'total':790}}\n")
              .formatted(i, i, i)
              .replace('\'', '"'));
      csv.append(
          ("s%d,t%d,SPAN,g%d,2026-10-05 08:00:%02d.000,,{}%n"
                  + "o%d,t%d,GENERATION,s%d,2026-10-05 08:00:%02d.000,gpt-5-mini,"
                  + "\"{\"\"input\"\": 700, \"\"output\"\": 90, \"\"total\"\": 790}\"%n")
              .formatted(i, i, i, i, i, i, i, i));
    }
    Files.writeString(logs.resolve("rows.jsonl"), rows);
    Files.writeString(logs.resolve("rows.csv"), csv);
    JsonNode summary = review(logs, "local", 2);
    assertEquals(20, summary.get("calls").asLong());
    assertEquals(20, summary.get("data_quality").get("nested").asLong());
  }

  /** An export taken twice: copies are duplicates, and what repeats others is still found. */
  @Test
  void copiesOfATraceAreNoCallsEither() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.write(logs.resolve("a.jsonl"), otlp(1));
    Files.write(logs.resolve("b.jsonl"), otlp(1));
    JsonNode summary = review(logs, "local", 2);
    assertEquals(2, summary.get("calls").asLong());
    assertEquals(3, summary.get("data_quality").get("duplicates").asLong());
    assertEquals(1, summary.get("data_quality").get("nested").asLong());
  }

  @Test
  void casesCostWhatTheirTextsSay() throws IOException {
    Map<String, String> bedrock = row("bedrock-1h-cache-writes/input.jsonl");
    assertEquals(1.95, Double.parseDouble(bedrock.get("api_cost_usd")), 0.005, "to the cent");
    Map<String, String> compaction = row("anthropic-compaction-iterations/input.jsonl");
    assertEquals(1.134, Double.parseDouble(compaction.get("api_cost_usd")), 0.005);
  }

  @Test
  void runsOfOneAgentAreOneWorkload() throws IOException {
    List<Map<String, String>> rows = rows("run-ids-langfuse/input", "2026-02");
    assertEquals(1, rows.size());
    assertEquals("invoke_agent", rows.get(0).get("workload"));
    assertEquals("3", rows.get(0).get("calls"));
  }

  /** What is left out is said on the console and counted. */
  @Test
  void countsThatNothingExplainsAreSaid() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.writeString(
        logs.resolve("a.jsonl"),
        """
        {"id":"c1","object":"chat.completion","created":1790841601,"model":"gpt-5","choices":[],\
        "usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":150}}
        """);
    JsonNode quality = review(logs, "local", 1).get("data_quality");
    assertEquals(1, quality.get("unexplained_counts").asLong());
    assertEquals(0, quality.get("cache_in_doubt").asLong());
    String out = Cli.run("validate", logs.toString()).out();
    assertTrue(out.contains("1 calls hold counts that no rule of their source explains"), out);
  }

  private Map<String, String> row(String log) throws IOException {
    List<Map<String, String>> rows = rows(log, "2026-10");
    assertEquals(1, rows.size());
    return rows.get(0);
  }

  private List<Map<String, String>> rows(String log, String month) throws IOException {
    Path cases = Cli.root().resolve("jobs/core/src/test/resources/cases");
    Path out = folder.resolve("review");
    Cli.Ran ran =
        Cli.run(
            "review",
            cases.resolve(log).toString(),
            "--month",
            month,
            "--workers",
            "local",
            "--force",
            "--out",
            out.toString());
    assertTrue(ran.exit() <= 1, ran.err());
    return Cli.ranking(out);
  }

  private JsonNode review(Path logs, String name, int parts) throws IOException {
    Path out = folder.resolve("out-" + name);
    Cli.Ran ran =
        Cli.run(
            "review",
            logs.toString(),
            "--out",
            out.toString(),
            "--workers",
            name.equals("spark") ? "spark" : "local",
            "--partitions",
            Integer.toString(parts));
    assertTrue(ran.exit() <= 1, ran.err());
    return JSON.readTree(out.resolve("summary.json").toFile());
  }

  private void assertSameCalls(String one, String other) throws IOException {
    for (String file : List.of("ranking.csv", "summary.json", "calls/part-00000.parquet")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("out-" + one).resolve(file)),
          Files.readAllBytes(folder.resolve("out-" + other).resolve(file)),
          file);
    }
  }

  /** Four spans of a trace, each a line of its own as a collector writes them when they end. */
  private static List<String> otlp(int trace) {
    return List.of(
        span(trace, 4, 3, "chat", 400, 40),
        span(trace, 3, 1, "execute_tool", 0, 0),
        span(trace, 2, 1, "chat", 1_000, 100),
        span(trace, 1, 0, "chat", 1_400, 140));
  }

  private static String span(int trace, int id, int parent, String operation, int in, int out) {
    String usage =
        in == 0
            ? ""
            : (",{'key':'gen_ai.request.model','value':{'stringValue':'gpt-4o-mini'}},"
                    + "{'key':'gen_ai.usage.input_tokens','value':{'intValue':'%d'}},"
                    + "{'key':'gen_ai.usage.output_tokens','value':{'intValue':'%d'}}")
                .formatted(in, out);
    return ("{'resourceSpans':[{'resource':{'attributes':[{'key':'service.name','value':"
            + "{'stringValue':'bot'}}]},'scopeSpans':[{'spans':[{'traceId':'%032x','spanId':"
            + "'%016x','parentSpanId':'%s','startTimeUnixNano':'%d000000000','endTimeUnixNano':"
            + "'%d000000000','attributes':[{'key':'gen_ai.operation.name','value':{'stringValue':"
            + "'%s'}}%s]}]}]}]}")
        .formatted(
            trace + 1,
            id,
            parent == 0 ? "" : "%016x".formatted(parent),
            1_791_187_200 + 60L * trace + id,
            1_791_187_202 + 60L * trace + id,
            operation,
            usage)
        .replace('\'', '"');
  }
}
