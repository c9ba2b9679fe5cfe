package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real exporters wrote gives the figures that a tree of the same JSON gives. */
final class FixturesTest {
  private static final ObjectMapper TREE = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agno-2025-06-11",
        "autogen-2025-06-06",
        "beeai-2025-08-01",
        "claude-agent-2025-12-22",
        "crewai-2025-07-11",
        "csharp-agent-with-gemini-2026-03-09",
        "google-adk-2025-08-28",
        "google-gemini-2025-08-01"
      })
  void langfuseTracesCountEveryLeafOnce(String name) throws IOException {
    byte[] bytes = Reading.shared("fixtures/langfuse/" + name + ".trace.json");
    SharedCall.checkDetected(LogFormat.LANGFUSE_TRACE, bytes);
    Reading reading = Reading.of(LogFormat.LANGFUSE_TRACE, Reading.NOTHING_GIVEN, bytes);
    JsonNode observations = TREE.readTree(bytes).get("observations");
    Map<String, String> parents = new HashMap<>();
    Set<String> withUsage = new HashSet<>();
    for (JsonNode o : observations) {
      parents.put(o.get("id").asText(), o.path("parentObservationId").asText(""));
      if (isGeneration(o) && o.path("usageDetails").has("total")) {
        withUsage.add(o.get("id").asText());
      }
    }
    Set<String> above = new HashSet<>();
    for (String id : withUsage) {
      for (String p = parents.get(id); p != null && !p.isEmpty(); p = parents.get(p)) {
        above.add(p);
      }
    }
    long calls = 0;
    long tokens = 0;
    for (JsonNode o : observations) {
      if (isGeneration(o) && o.path("model").isTextual() && !above.contains(o.get("id").asText())) {
        calls++;
        tokens += o.path("usageDetails").path("total").asLong();
      }
    }
    assertEquals(calls, reading.calls.size());
    assertTrue(calls > 0);
    assertEquals(tokens, tokens(reading.calls), "tokens");
    assertEquals(observations.size(), reading.records(), "every observation is accounted for");
  }

  private static boolean isGeneration(JsonNode observation) {
    return observation.path("type").asText().equals("GENERATION");
  }

  @ParameterizedTest
  @CsvSource({
    "fastApiOpenTelemetryRequest, 0, 0, 0, 2",
    "openInferenceOpenAIRequest, 1, 0, 1, 1",
    "openllmetryLangChainRequest, 0, 0, 0, 1",
    "openllmetryOpenAIRequest, 1, 0, 1, 1",
    "springAITrace, 1, 24, 0, 1",
    "strandsTrace, 1, 34, 0, 1",
    "traceWithException, 0, 0, 0, 1"
  })
  void otlpCapturesGiveTheirCalls(String name, int calls, long tokens, int missing, int spans) {
    byte[] bytes = Reading.shared("fixtures/otlp/langwatch_" + name + ".json");
    SharedCall.checkDetected(LogFormat.OTLP, bytes);
    Reading reading = Reading.of(LogFormat.OTLP, Reading.NOTHING_GIVEN, bytes);
    assertEquals(List.of(), reading.rejections);
    assertEquals(calls, reading.calls.size());
    assertEquals(tokens, tokens(reading.calls));
    assertEquals(
        missing,
        reading.calls.stream().filter(c -> (c.flags & CallFlags.MISSING_USAGE) != 0).count());
    assertEquals(spans, reading.records());
  }

  @Test
  void liteLlmsOwnRecordsAreRead() throws IOException {
    byte[] payload = Reading.shared("fixtures/litellm/standard_logging_payload.json");
    SharedCall.checkDetected(LogFormat.LITELLM_PAYLOAD, payload);
    CallDraft call =
        Reading.of(LogFormat.LITELLM_PAYLOAD, Reading.NOTHING_GIVEN, payload).calls.get(0);
    JsonNode tree = TREE.readTree(payload);
    assertEquals(tree.get("prompt_tokens").asLong(), call.inputTokens);
    assertEquals(tree.get("completion_tokens").asLong(), call.outputTokens);
    assertEquals(225_000, call.loggedNanoUsd);
    assertEquals(4_583, call.durationMicros, "20:46.847371 to 20:46.851954");
    assertEquals(CallDraft.ABSENT, call.ttftMicros, "completionStartTime is endTime");
    byte[] spend = Reading.shared("fixtures/litellm/spend_logs_payload.json");
    Reading row = Reading.of(LogFormat.LITELLM_SPENDLOGS, Reading.NOTHING_GIVEN, spend);
    JsonNode spendTree = TREE.readTree(spend);
    assertEquals(1, row.calls.size());
    assertEquals(spendTree.get("prompt_tokens").asLong(), row.calls.get(0).inputTokens);
    assertEquals(spendTree.get("completion_tokens").asLong(), row.calls.get(0).outputTokens);
  }

  @Test
  void aCodexSessionCountsEachAnswerOnce() throws IOException {
    byte[] bytes = Reading.shared("fixtures/tracelab/codex_trace.json");
    String text = withoutSeparators(bytes);
    Reading reading =
        Reading.of(LogFormat.CODEX, Reading.NOTHING_GIVEN, text.getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(), reading.rejections);
    long calls = 0;
    long tokens = 0;
    String before = "";
    for (JsonNode event : events(text)) {
      JsonNode info = event.path("payload").path("info");
      if (event.path("payload").path("type").asText().equals("token_count") && info.isObject()) {
        String total = info.path("total_token_usage").toString();
        if (!total.equals(before)) {
          calls++;
          tokens +=
              info.path("last_token_usage").path("input_tokens").asLong()
                  + info.path("last_token_usage").path("output_tokens").asLong();
        }
        before = total;
      }
    }
    assertTrue(calls > 0);
    assertEquals(calls, reading.calls.size());
    assertEquals(tokens, tokens(reading.calls));
    assertEquals(events(text).size(), reading.records());
  }

  @Test
  void aClaudeSegmentIsReadThroughItsSeparators() throws IOException {
    String text = withoutSeparators(Reading.shared("fixtures/tracelab/claude_trace.json"));
    Reading reading =
        Reading.of(
            LogFormat.CLAUDE_CODE, Reading.NOTHING_GIVEN, text.getBytes(StandardCharsets.UTF_8));
    Map<String, Long> largest = new HashMap<>();
    for (JsonNode event : events(text)) {
      JsonNode usage = event.path("message").path("usage");
      if (usage.isObject() && event.path("type").asText().equals("assistant")) {
        long sum =
            usage.path("input_tokens").asLong()
                + usage.path("cache_creation_input_tokens").asLong()
                + usage.path("cache_read_input_tokens").asLong()
                + usage.path("output_tokens").asLong();
        largest.merge(event.path("message").path("id").asText(), sum, Math::max);
      }
    }
    Map<Long, Long> read = new HashMap<>();
    for (CallDraft call : reading.calls) {
      read.merge(call.idLow, tokens(List.of(call)), Math::max);
    }
    assertTrue(largest.size() > 1);
    assertEquals(
        largest.values().stream().sorted().toList(), read.values().stream().sorted().toList());
    assertEquals(events(text).size(), reading.records());
  }

  @Test
  void mooncakesTraceKeepsItsSums() throws IOException {
    byte[] bytes = Reading.shared("traces/mooncake/synthetic_trace.jsonl");
    SharedCall.checkDetected(LogFormat.MOONCAKE_TRACE, bytes);
    Reading reading = Reading.of(LogFormat.MOONCAKE_TRACE, Reading.GIVEN, bytes);
    long tokens = 0;
    int rows = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      JsonNode row = TREE.readTree(line);
      tokens += row.get("input_length").asLong() + row.get("output_length").asLong();
      rows++;
    }
    assertEquals(3_993, rows);
    assertEquals(rows, reading.calls.size());
    assertEquals(tokens, tokens(reading.calls));
  }

  private static long tokens(List<CallDraft> calls) {
    long sum = 0;
    for (CallDraft c : calls) {
      for (long kind :
          new long[] {
            c.inputTokens,
            c.cacheReadTokens,
            c.cacheWrite5mTokens,
            c.cacheWrite1hTokens,
            c.outputTokens
          }) {
        sum += Math.max(kind, 0);
      }
    }
    return sum;
  }

  private static String withoutSeparators(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).replaceAll("(?m)^(#|=====).*$", "");
  }

  private static List<JsonNode> events(String text) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    TREE.readerFor(JsonNode.class).<JsonNode>readValues(text).forEachRemaining(events::add);
    return events;
  }
}
