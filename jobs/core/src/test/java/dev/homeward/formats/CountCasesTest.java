package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallIds;
import dev.homeward.calls.Nested;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small logs whose counts stand under other names, outside of the total, or twice: each gives the
 * values of its {@code expected.json}, which were worked out by hand from its source's own rules.
 */
final class CountCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iterations-message",
        "cached-vercel-ai-sdk",
        "otlp-disjoint-strands",
        "thoughts-langfuse",
        "nested-langfuse-blob",
        "nested-otlp-two-lines"
      })
  void theCallsAreAsExpected(String name) {
    check(expected(name), settled(read(resource(name, "input.jsonl"))));
  }

  @Test
  void theDelimitedTableHoldsUsageInTheShapeOfResponses() {
    // Its form is another matter: here its tabs are commas, which stand in quoted fields only.
    String tabs = new String(resource("text-litellm-tsv", "input.tsv"), StandardCharsets.UTF_8);
    byte[] commas = tabs.replace('\t', ',').getBytes(StandardCharsets.UTF_8);
    Reading reading = Reading.of(LogFormat.LITELLM_SPENDLOGS_CSV, Reading.NOTHING_GIVEN, commas);
    check(expected("text-litellm-tsv"), settled(List.of(reading)));
    assertEquals(1_024, reading.calls.get(1).cacheReadTokens);
    assertEquals(2_976, reading.calls.get(1).inputTokens);
    assertEquals(512, reading.calls.get(1).reasoningTokens);
  }

  @Test
  void runsOfOneAgentAreOneWorkload() {
    List<CallDraft> calls = new ArrayList<>();
    for (String file : List.of("input/1.json", "input/2.json", "input/3.json")) {
      calls.addAll(settled(read(resource("run-ids-langfuse", file))));
    }
    check(expected("run-ids-langfuse"), calls);
    TreeSet<String> services = new TreeSet<>();
    for (CallDraft call : calls) {
      Reading.attributes(call).stream()
          .filter(a -> a.startsWith("service="))
          .forEach(services::add);
    }
    assertEquals(new TreeSet<>(List.of("service=invoke_agent")), services);
  }

  @Test
  void compactionsAreBilledBesideTheTopLevel() {
    List<CallDraft> calls = new ArrayList<>();
    for (String file : List.of("input.jsonl", "claude-code.jsonl")) {
      List<CallDraft> of = settled(read(resource("anthropic-compaction-iterations", file)));
      assertEquals(170_000, of.get(0).inputTokens, "150,000 to summarise and 20,000 to answer");
      assertEquals(3_800, of.get(0).outputTokens);
      calls.addAll(of);
    }
    JsonNode tokens = expected("anthropic-compaction-iterations").get("tokens");
    // The case counts the tokens of each of its two files.
    assertEquals(2 * tokens.get("input").asLong(), sum(calls, "input_tokens"));
    assertEquals(2 * tokens.get("output").asLong(), sum(calls, "output_tokens"));
  }

  @Test
  void cachedTokensAboveTheInputStandBesideIt() {
    List<CallDraft> calls = settled(read(resource("otlp-disjoint-bedrock", "input.jsonl")));
    JsonNode tokens = expected("otlp-disjoint-bedrock").get("tokens");
    assertEquals(tokens.get("input").asLong(), sum(calls, "input_tokens"));
    assertEquals(tokens.get("cache_read").asLong(), sum(calls, "cache_read_tokens"));
    assertEquals(tokens.get("cache_write").asLong(), sum(calls, "cache_write_5m_tokens"));
    assertEquals(tokens.get("output").asLong(), sum(calls, "output_tokens"));
  }

  @Test
  void xaiCountsReasoningBesideTheCompletion() {
    JsonNode files = expected("xai-reasoning-outside-completion").get("tokens");
    for (Map.Entry<String, JsonNode> file : files.properties()) {
      List<CallDraft> calls =
          settled(read(resource("xai-reasoning-outside-completion", file.getKey())));
      assertEquals(2, calls.size());
      assertEquals(file.getValue().get("output").asLong(), sum(calls, "output_tokens"));
      assertEquals(2 * 4_000, sum(calls, "reasoning_tokens"));
    }
  }

  @Test
  void theAnswerOfConverseSaysHowLongWritesStay() {
    List<CallDraft> calls = settled(read(resource("bedrock-1h-cache-writes", "input.jsonl")));
    assertEquals(2 * 90_000, sum(calls, "cache_write_1h_tokens"));
    assertEquals(0, sum(calls, "cache_write_5m_tokens"));
    // At 5, 10 and 25 dollars a million: 0.05 + 0.90 + 0.025 a call.
    long microUsd =
        sum(calls, "input_tokens") * 5
            + sum(calls, "cache_write_1h_tokens") * 10
            + sum(calls, "output_tokens") * 25;
    double usd =
        expected("bedrock-1h-cache-writes").get("api_cost_usd").get("bedrock-1h").asDouble();
    assertEquals(usd, microUsd / 1e6, 1e-9);
  }

  private static void check(JsonNode expected, List<CallDraft> calls) {
    assertEquals(expected.get("calls").asLong(), calls.size());
    for (Map.Entry<String, JsonNode> value : expected.properties()) {
      String name = value.getKey();
      if (name.endsWith("_tokens")) {
        assertEquals(value.getValue().asLong(), sum(calls, name), name);
      } else if (name.equals("provider")) {
        assertEquals(value.getValue().asText(), calls.get(0).provider);
      } else if (name.equals("operation")) {
        assertEquals(value.getValue().asText(), calls.get(0).operation.word());
      }
    }
  }

  private static long sum(List<CallDraft> calls, String kind) {
    long sum = 0;
    for (CallDraft call : calls) {
      long tokens =
          switch (kind) {
            case "input_tokens" -> call.inputTokens;
            case "cache_read_tokens" -> call.cacheReadTokens;
            case "cache_write_5m_tokens" -> call.cacheWrite5mTokens;
            case "cache_write_1h_tokens" -> call.cacheWrite1hTokens;
            case "output_tokens" -> call.outputTokens;
            case "reasoning_tokens" -> call.reasoningTokens;
            default -> throw new IllegalArgumentException(kind);
          };
      assertTrue(tokens >= 0, kind + " is not known");
      sum += tokens;
    }
    return sum;
  }

  private static List<Reading> read(byte[] log) {
    FormatDetection.Detected told = FormatDetection.detect(log, log.length);
    Reading reading = Reading.of(told.format().orElseThrow(), Reading.NOTHING_GIVEN, log);
    assertEquals(List.of(), reading.rejections);
    return List.of(reading);
  }

  /** The calls of a log that do not repeat others, as ingest settles it. */
  private static List<CallDraft> settled(List<Reading> log) {
    List<CallDraft> calls = new ArrayList<>();
    CallIds spans = new CallIds(16);
    for (Reading reading : log) {
      for (CallDraft call : reading.calls) {
        CallDraft place = call;
        if (!call.isInTrace()) {
          place = new CallDraft();
          place.trace = 1;
          place.span = calls.size();
        }
        spans.addSpan(
            place, Nested.kind(call), Nested.tokens(call), "f", 0, calls.size(), calls.size());
        calls.add(call);
      }
    }
    for (Reading reading : log) {
      reading.between.forEach(b -> spans.addSpan(b, Nested.NO_CALL, 0, "f", 0, 0, 0));
    }
    boolean[] repeats = Nested.find(spans.spans()).repeats();
    List<CallDraft> left = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      if (!repeats[i]) {
        left.add(calls.get(i));
      }
    }
    return left;
  }

  private static JsonNode expected(String name) {
    try {
      return JSON.readTree(resource(name, "expected.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String name, String file) {
    try (var in = CountCasesTest.class.getResourceAsStream("/cases/" + name + "/" + file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
