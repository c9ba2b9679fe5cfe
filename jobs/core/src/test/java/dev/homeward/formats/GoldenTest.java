package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.Ids;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One call written in every format reads back as that call. */
final class GoldenTest {
  private static final long START =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-10-05T08:00:01.500Z"));

  @ParameterizedTest
  @CsvSource({
    "CANONICAL_JSONL, canonical-jsonl.golden.jsonl",
    "CANONICAL_CSV, canonical-csv.golden.csv",
    "LITELLM_SPENDLOGS, litellm-spendlogs.golden.jsonl",
    "LITELLM_SPENDLOGS_CSV, litellm-spendlogs-csv.golden.csv",
    "CLAUDE_CODE, claude-code.golden.jsonl"
  })
  void goldenFileReadsAsTheGoldenCall(LogFormat format, String file) {
    byte[] bytes = Reading.resource(file);
    Reading reading = Reading.of(format, Reading.NOTHING_GIVEN, bytes);

    assertEquals(List.of(), reading.rejections);
    assertEquals(1, reading.calls.size());
    CallDraft call = reading.calls.get(0);
    assertEquals(START, call.startedAtMicros);
    assertEquals(1200, call.inputTokens);
    assertEquals(3000, call.cacheReadTokens);
    assertEquals(400, call.cacheWrite5mTokens);
    assertEquals(0, call.cacheWrite1hTokens);
    assertEquals(250, call.outputTokens);
    assertEquals(90, call.reasoningTokens);
    assertEquals("claude-haiku-4-5", call.requestModel);
    assertEquals("anthropic", call.provider);
    assertEquals(CallStatus.SUCCESS, call.status);
    assertEquals(Ids.hash("session-1"), call.session);
    assertTrue(call.hasId);
    assertEquals(null, call.id);
    if (format != LogFormat.CLAUDE_CODE) {
      // A transcript holds neither durations nor, by default, costs.
      assertEquals(4_500_000, call.durationMicros);
      assertEquals(700_000, call.ttftMicros);
      assertEquals(CallFlags.STREAMED, call.flags);
      assertEquals(12_345_679, call.loggedNanoUsd, "0.0123456789 dollars, half even");
      assertTrue(Reading.attributes(call).contains("tag=app:golden"));
      assertTrue(Reading.attributes(call).contains("metadata.stage=prod"));
    }
    String all = Reading.describe(call);
    for (String secret : List.of("a@b.c", "User-Agent", "someone", "prompt", "10.0.0.1")) {
      assertTrue(!all.contains(secret), secret + " in " + all);
    }
    assertEquals(
        Optional.of(format), FormatDetection.detect(bytes, bytes.length).format(), "detected");
  }

  @Test
  void claudeCodeGoldenIgnoresWhatIsNoCall() {
    Reading reading =
        Reading.of(
            LogFormat.CLAUDE_CODE,
            Reading.NOTHING_GIVEN,
            Reading.resource("claude-code.golden.jsonl"));
    assertEquals(3, reading.ignored);
    CallDraft call = reading.calls.get(0);
    assertEquals(3, call.sourceLine);
    assertEquals(CallDraft.ABSENT, call.durationMicros);
    assertEquals(CallDraft.ABSENT, call.ttftMicros);
    assertEquals("eu", call.region);
    assertEquals(List.of("service=claude-code", "path=golden"), Reading.attributes(call));
  }

  @Test
  void azureGoldenHasAllInputUncachedAndTheZoneAssumed() {
    byte[] bytes = Reading.resource("azure-llm-trace.golden.csv");
    Reading reading = Reading.of(LogFormat.AZURE_LLM_TRACE, Reading.GIVEN, bytes);
    CallDraft call = reading.calls.get(0);
    assertEquals(1, reading.calls.size());
    assertEquals(1, reading.ignored, "the header");
    // 1,500,000.9 microseconds past the second: what is finer is cut off.
    assertEquals(START, call.startedAtMicros);
    assertEquals(4600, call.inputTokens);
    assertEquals(0, call.cacheReadTokens);
    assertEquals(250, call.outputTokens);
    assertEquals("given-model", call.requestModel);
    assertEquals(
        CallFlags.ZONE_ASSUMED | CallFlags.GIVEN_BY_USER | CallFlags.NO_CACHE_SPLIT, call.flags);
    assertEquals(List.of("workload=given"), Reading.attributes(call));
    assertEquals(CallDraft.ABSENT, call.durationMicros);
    assertEquals(
        Optional.of(LogFormat.AZURE_LLM_TRACE),
        FormatDetection.detect(bytes, bytes.length).format());
  }

  @Test
  void burstGptGoldenCountsSecondsFromTheEpochAndFailuresByTheirEmptyAnswer() {
    byte[] bytes = Reading.resource("burstgpt.golden.csv");
    Reading reading = Reading.of(LogFormat.BURSTGPT, Reading.NOTHING_GIVEN, bytes);
    assertEquals(2, reading.calls.size());
    CallDraft call = reading.calls.get(0);
    long midnight = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2023-01-01T00:00:00Z"));
    assertEquals(midnight + 28_801_500_000L, call.startedAtMicros);
    assertEquals(4_500_000, call.durationMicros);
    assertEquals("GPT-4", call.requestModel);
    assertEquals(Ids.hash("session-1"), call.session);
    assertEquals(CallStatus.SUCCESS, call.status);
    assertEquals(CallStatus.FAILURE, reading.calls.get(1).status);
    assertEquals(
        Optional.of(LogFormat.BURSTGPT), FormatDetection.detect(bytes, bytes.length).format());
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void everyFormatHasAWordThatParsesBack(LogFormat format) {
    assertEquals(format, LogFormat.parse(format.word()));
  }

  /** Sources of one log are ordered by their vantage, so that a source must not have two. */
  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void everySourceHasOneVantageAndBeginsTheWordsOfItsFormats(LogFormat format) {
    for (LogFormat other : LogFormat.values()) {
      if (other.source().equals(format.source()) && other.isAggregate() == format.isAggregate()) {
        assertEquals(format.vantage(), other.vantage(), format.word() + " and " + other.word());
      }
    }
    assertTrue(format.word().startsWith(format.source()), format.word());
  }

  @ParameterizedTest
  @CsvSource({
    "LITELLM_SPENDLOGS, litellm_spendlogs.jsonl",
    "LITELLM_SPENDLOGS_CSV, litellm_spendlogs_pgcopy.csv"
  })
  void sharedLiteLlmExampleReadsAsTheExpectedCall(LogFormat format, String file)
      throws IOException {
    JsonNode expected = expected();
    byte[] bytes = Reading.shared("formats/" + file);
    Reading reading = Reading.of(format, Reading.NOTHING_GIVEN, bytes);
    assertEquals(List.of(), reading.rejections);
    assertEquals(3, reading.calls.size(), "the call, a cache hit, a failure");
    CallDraft call = reading.calls.get(0);
    assertTokens(expected, call);
    assertEquals(expected.get("reasoning_subset_of_output").asLong(), call.reasoningTokens);
    assertEquals(
        ChronoUnit.MICROS.between(
            Instant.EPOCH, Instant.parse(expected.get("event_time_utc").asText())),
        call.startedAtMicros);
    assertEquals(expected.get("duration_ms").asLong() * 1000, call.durationMicros);
    assertEquals(expected.get("ttft_ms").asLong() * 1000, call.ttftMicros);
    assertEquals(
        new BigDecimal(expected.get("cost_sonnet45_usd").asText()).movePointRight(9).longValue(),
        call.loggedNanoUsd);
    List<String> attributes = Reading.attributes(call);
    assertTrue(attributes.contains("tag=app:" + expected.get("workload").asText()));
    assertTrue(attributes.contains("metadata.data_class=" + expected.get("data_class").asText()));
    assertEquals(1, attributes.stream().filter(a -> a.startsWith("team=")).count());

    CallDraft hit = reading.calls.get(1);
    assertEquals(CallFlags.PROXY_CACHE_HIT, hit.flags, "nothing was streamed either");
    assertEquals(CallDraft.ABSENT, hit.ttftMicros);
    CallDraft failure = reading.calls.get(2);
    assertEquals(CallStatus.FAILURE, failure.status);
    assertEquals(0, failure.inputTokens + failure.outputTokens);
  }

  @Test
  void sharedClaudeCodeExampleHasTheExpectedTokensOnItsLargestLine() throws IOException {
    JsonNode expected = expected();
    Reading reading =
        Reading.of(
            LogFormat.CLAUDE_CODE,
            Reading.NOTHING_GIVEN,
            Reading.shared("formats/claude_code_session.jsonl"));
    assertEquals(3, reading.calls.size());
    assertEquals(3, reading.calls.get(0).outputTokens);
    assertTokens(expected, reading.calls.get(1));
    for (CallDraft copy : reading.calls) {
      assertEquals(reading.calls.get(0).idHigh, copy.idHigh);
      assertEquals(reading.calls.get(0).idLow, copy.idLow);
    }
    assertEquals(reading.calls.get(0).idSecond, reading.calls.get(1).idSecond);
    assertEquals(List.of(false, false, true), reading.calls.stream().map(c -> c.weakCopy).toList());
  }

  @Test
  void sharedTraceExamplesHaveTheExpectedTotals() throws IOException {
    JsonNode e = expected();
    long input =
        e.get("uncached_input").asLong()
            + e.get("cache_read").asLong()
            + e.get("cache_write_5m").asLong();
    for (String file : List.of("azure_llm_trace.csv", "burstgpt.csv")) {
      byte[] bytes = Reading.shared("formats/" + file);
      LogFormat format = FormatDetection.detect(bytes, bytes.length).format().orElseThrow();
      Reading reading = Reading.of(format, Reading.GIVEN, bytes);
      assertEquals(2, reading.calls.size());
      assertEquals(input, reading.calls.get(0).inputTokens);
      assertEquals(e.get("output_total").asLong(), reading.calls.get(0).outputTokens);
    }
  }

  private static JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(Reading.shared("formats/_expected_canonical.jsonl"));
  }

  private static void assertTokens(JsonNode expected, CallDraft call) {
    assertEquals(expected.get("uncached_input").asLong(), call.inputTokens);
    assertEquals(expected.get("cache_read").asLong(), call.cacheReadTokens);
    assertEquals(expected.get("cache_write_5m").asLong(), call.cacheWrite5mTokens);
    assertEquals(expected.get("cache_write_1h").asLong(), call.cacheWrite1hTokens);
    assertEquals(expected.get("output_total").asLong(), call.outputTokens);
  }
}
