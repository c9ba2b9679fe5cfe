package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.scan.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of a format holds the one shared call, and is told by its content. */
final class SharedExamplesTest {
  private static final long NONE = CallDraft.ABSENT;
  private static final long SECOND = SharedCall.START_MICROS - 250_000;

  static Stream<Arguments> callFormats() {
    Map<String, Long> noLatency = Map.of("duration", NONE, "ttft", NONE, "streamed", 0L);
    Map<String, Long> noSplit =
        Map.of("input", 11_000L, "cacheRead", 0L, "write5m", 0L, "reasoning", NONE);
    return Stream.of(
        example(LogFormat.LITELLM_SPENDLOGS, "litellm_spendlogs.jsonl", 3, Map.of()),
        example(LogFormat.LITELLM_SPENDLOGS_CSV, "litellm_spendlogs_pgcopy.csv", 3, Map.of()),
        example(LogFormat.LITELLM_PAYLOAD, "litellm_standard_logging_payload.jsonl", 1, Map.of()),
        example(
            LogFormat.OPENAI_CHAT,
            "openai_chat_completion.jsonl",
            1,
            with(noLatency, "start", SECOND)),
        example(
            LogFormat.OPENAI_CHAT,
            "openai_chat_stream_chunks.jsonl",
            1,
            with(noLatency, "start", SECOND)),
        example(
            LogFormat.OPENAI_BATCH,
            "openai_batch_output.jsonl",
            1,
            with(noLatency, "start", SECOND)),
        example(
            LogFormat.OPENAI_RESPONSE,
            "openai_response.jsonl",
            1,
            with(with(noLatency, "start", SECOND), "duration", 6_000_000L)),
        example(
            LogFormat.CODEX,
            "codex_session.jsonl",
            1,
            Map.of(
                "start",
                SharedCall.START_MICROS + 6_200_000,
                "duration",
                NONE,
                "ttft",
                NONE,
                "streamed",
                0L,
                "input",
                3_000L,
                "write5m",
                0L)),
        example(LogFormat.OTLP, "otel_genai_otlp.jsonl", 1, Map.of()),
        example(
            LogFormat.OTLP, "openinference_otlp.jsonl", 1, Map.of("ttft", NONE, "streamed", 0L)),
        example(
            LogFormat.OTLP,
            "openllmetry_otlp.jsonl",
            1,
            Map.of("ttft", NONE, "streamed", 0L, "reasoning", NONE)),
        example(
            LogFormat.LANGFUSE_OBSERVATIONS,
            "langfuse_observations.jsonl",
            2,
            Map.of("reasoning", NONE)),
        example(
            LogFormat.LANGFUSE_OBSERVATIONS_CSV,
            "langfuse_observations.csv",
            1,
            Map.of("reasoning", NONE)),
        example(
            LogFormat.BEDROCK,
            "bedrock_model_invocation_log.jsonl",
            1,
            Map.of(
                "start",
                SharedCall.START_MICROS - 450_000,
                "ttft",
                NONE,
                "streamed",
                0L,
                "reasoning",
                NONE)),
        example(
            LogFormat.APIM_LLM_LOG_CSV,
            "azure_apim_llm_log.csv",
            2,
            with(with(with(noSplit, "duration", NONE), "ttft", NONE), "streamed", 0L)),
        example(
            LogFormat.VERTEX,
            "vertex_request_response_bq.jsonl",
            1,
            Map.of("write5m", 0L, "ttft", NONE, "streamed", 0L)),
        example(LogFormat.HELICONE, "helicone_request.jsonl", 1, Map.of()),
        example(
            LogFormat.PORTKEY,
            "portkey_log_export.jsonl",
            1,
            with(with(noSplit, "ttft", NONE), "streamed", 0L)),
        example(
            LogFormat.CLOUDFLARE_AI_GATEWAY,
            "cloudflare_ai_gateway_log.jsonl",
            1,
            with(with(noSplit, "ttft", NONE), "streamed", 0L)),
        example(LogFormat.KONG_AI, "kong_ai_log.jsonl", 1, noSplit),
        example(
            LogFormat.ENVOY_AI_GATEWAY,
            "envoy_ai_gateway_access_log.jsonl",
            1,
            Map.of("reasoning", NONE, "ttft", NONE, "streamed", 0L)),
        example(
            LogFormat.OPENROUTER_ACTIVITY_CSV,
            "openrouter_activity.csv",
            1,
            Map.of("input", 3_000L, "write5m", 0L)));
  }

  private static Arguments example(
      LogFormat format, String file, int calls, Map<String, Long> differing) {
    return Arguments.of(format, file, calls, differing);
  }

  private static Map<String, Long> with(Map<String, Long> map, String key, long value) {
    Map<String, Long> more = new java.util.HashMap<>(map);
    more.put(key, value);
    return more;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("callFormats")
  void theFirstCallIsTheSharedCall(
      LogFormat format, String file, int calls, Map<String, Long> differing) {
    byte[] bytes = Reading.shared("formats/" + file);
    SharedCall.checkDetected(format, bytes);
    Reading reading = Reading.of(format, Reading.NOTHING_GIVEN, bytes);
    assertEquals(List.of(), reading.rejections);
    assertEquals(calls, reading.calls.size());
    SharedCall.check(reading.calls.get(0), differing);
    String all = Reading.describe(reading.calls.get(0));
    for (String secret : List.of("u-317", "cust-88", "3f2a9c0d", "10.2.3", "i-0abc", "user-abc")) {
      assertFalse(all.contains(secret), secret + " in " + all);
    }
  }

  static Stream<Arguments> sums() {
    return Stream.of(
        Arguments.of(LogFormat.OPENAI_USAGE, "openai_usage_completions.jsonl", 5L, 86_400L),
        Arguments.of(
            LogFormat.ANTHROPIC_USAGE, "anthropic_usage_report_messages.jsonl", NONE, 86_400L),
        Arguments.of(LogFormat.LITELLM_DAILY_SPEND, "litellm_daily_user_spend.jsonl", 5L, 86_400L));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sums")
  void aReportHoldsFiveTimesTheSharedCall(LogFormat format, String file, long calls, long seconds) {
    byte[] bytes = Reading.shared("formats/" + file);
    SharedCall.checkDetected(format, bytes);
    Reading reading = Reading.of(format, Reading.NOTHING_GIVEN, bytes);
    assertEquals(List.of(), reading.rejections);
    assertEquals(1, reading.buckets.size());
    assertEquals(0, reading.calls.size());
    CallDraft bucket = reading.buckets.get(0);
    assertTrue(bucket.isBucket());
    assertEquals(calls, bucket.bucketCalls);
    assertEquals(seconds * 1_000_000, bucket.bucketMicros);
    assertEquals(5 * 2_000, bucket.inputTokens);
    assertEquals(5 * 8_000, bucket.cacheReadTokens);
    assertEquals(5 * 1_000, bucket.cacheWrite5mTokens);
    assertEquals(5 * 500, bucket.outputTokens);
    assertTrue(format.isAggregate());
  }

  @Test
  void openRoutersDaysTellNoCache() {
    byte[] bytes = Reading.shared("formats/openrouter_activity_api.jsonl");
    SharedCall.checkDetected(LogFormat.OPENROUTER_USAGE, bytes);
    CallDraft bucket =
        Reading.of(LogFormat.OPENROUTER_USAGE, Reading.NOTHING_GIVEN, bytes).buckets.get(0);
    assertEquals(5 * 11_000, bucket.inputTokens);
    assertEquals(5 * 500, bucket.outputTokens);
    assertEquals(5 * 200, bucket.reasoningTokens);
    assertEquals(5 * 19_650_000L, bucket.loggedNanoUsd);
    assertEquals(CallFlags.NO_CACHE_SPLIT, bucket.flags);
  }

  @Test
  void theDashboardsEmptyMinutesAreNoBuckets() {
    byte[] bytes = Reading.shared("formats/openai_dashboard_usage.csv");
    SharedCall.checkDetected(LogFormat.OPENAI_USAGE_CSV, bytes);
    Reading reading = Reading.of(LogFormat.OPENAI_USAGE_CSV, Reading.NOTHING_GIVEN, bytes);
    assertEquals(1, reading.buckets.size());
    assertEquals(2, reading.ignored, "the header and an empty minute");
    CallDraft bucket = reading.buckets.get(0);
    assertEquals(3_000, bucket.inputTokens);
    assertEquals(8_000, bucket.cacheReadTokens);
    assertEquals(1, bucket.bucketCalls);
    assertEquals(60_000_000, bucket.bucketMicros);
  }

  @Test
  void costsOfOpenAiAreDollarsAndThoseOfAnthropicCents() {
    byte[] openAi = Reading.shared("formats/openai_costs.jsonl");
    SharedCall.checkDetected(LogFormat.OPENAI_COSTS, openAi);
    CallDraft dollars =
        Reading.of(LogFormat.OPENAI_COSTS, Reading.NOTHING_GIVEN, openAi).buckets.get(0);
    assertEquals(35_250_000, dollars.loggedNanoUsd, "0.03525 dollars, five times 0.00705");
    assertEquals("gpt-5.6-luna-2026-06-01", dollars.requestModel);
    assertEquals(CallDraft.ABSENT, dollars.inputTokens);
    byte[] anthropic = Reading.shared("formats/anthropic_cost_report.jsonl");
    SharedCall.checkDetected(LogFormat.ANTHROPIC_COST, anthropic);
    CallDraft cents =
        Reading.of(LogFormat.ANTHROPIC_COST, Reading.NOTHING_GIVEN, anthropic).buckets.get(0);
    // Five times 2,000 uncached tokens at 3 dollars a million are 3 cents.
    assertEquals(5 * 2_000 * 3_000L, cents.loggedNanoUsd);
  }

  @Test
  void anthropicMessagesNeedATimeBesideThem() {
    String message =
        new String(Reading.shared("formats/anthropic_message.jsonl"), StandardCharsets.UTF_8);
    Rejection rejection = Reading.onlyRejection(LogFormat.ANTHROPIC_MESSAGE, message);
    assertEquals(Reason.MISSING_TIME, rejection.reason());
    assertTrue(rejection.detail().contains("\"timestamp\""), rejection.detail());
    String wrapped =
        "{\"timestamp\":\"2026-05-04T13:05:07.250Z\",\"duration_ms\":6200,\"message\":%s}"
            .formatted(message.strip());
    SharedCall.checkDetected(LogFormat.ANTHROPIC_MESSAGE, wrapped.getBytes(StandardCharsets.UTF_8));
    SharedCall.check(
        Reading.onlyCall(LogFormat.ANTHROPIC_MESSAGE, wrapped),
        Map.of("ttft", NONE, "streamed", 0L));
  }

  @Test
  void aBatchIsOfTheBatchTierAndWhatNeverRanIsNoCall() {
    Reading reading =
        Reading.of(
            LogFormat.OPENAI_BATCH,
            Reading.NOTHING_GIVEN,
            Reading.shared("formats/openai_batch_output.jsonl"));
    assertEquals(ServiceTier.BATCH, reading.calls.get(0).serviceTier);
    assertEquals(1, reading.ignored);
  }

  @Test
  void rowsOfOneApimCallShareAnId() {
    Reading reading =
        Reading.of(
            LogFormat.APIM_LLM_LOG_CSV,
            Reading.NOTHING_GIVEN,
            Reading.shared("formats/azure_apim_llm_log.csv"));
    assertTrue(reading.calls.get(0).hasId);
    assertEquals(reading.calls.get(0).idLow, reading.calls.get(1).idLow);
    assertEquals(reading.calls.get(0).idHigh, reading.calls.get(1).idHigh);
  }

  @Test
  void langfusesSecondExampleCountsReasoningBesideOutput() {
    Reading reading =
        Reading.of(
            LogFormat.LANGFUSE_OBSERVATIONS,
            Reading.NOTHING_GIVEN,
            Reading.shared("formats/langfuse_observations.jsonl"));
    SharedCall.check(reading.calls.get(1), Map.of());
    assertEquals("gpt-5.6-luna", reading.calls.get(1).requestModel);
  }

  @Test
  void traceLengthsAreReadAndTurnsShareAChat() {
    CallDraft mooncake =
        Reading.of(
                LogFormat.MOONCAKE_TRACE,
                Reading.GIVEN,
                Reading.shared("formats/mooncake_trace.jsonl"))
            .calls
            .get(0);
    assertEquals(6755, mooncake.inputTokens);
    assertEquals(500, mooncake.outputTokens);
    byte[] bytes = Reading.shared("formats/qwen_bailian_trace.jsonl");
    SharedCall.checkDetected(LogFormat.QWEN_BAILIAN_TRACE, bytes);
    CallDraft bailian = Reading.of(LogFormat.QWEN_BAILIAN_TRACE, Reading.GIVEN, bytes).calls.get(0);
    assertEquals(48, bailian.inputTokens);
    assertEquals(61_114_000, bailian.startedAtMicros - mooncake.startedAtMicros + 27_482_000);
  }

  @Test
  void requestResponseLogsOfAzureAreRefusedWithWhatToUseInstead() {
    byte[] bytes = Reading.shared("formats/azure_openai_requestresponse.jsonl");
    FormatDetection.Detected detected = FormatDetection.detect(bytes, bytes.length);
    assertTrue(detected.format().isEmpty());
    assertEquals(
        "Azure OpenAI's RequestResponse log has no token counts; use the category"
            + " AzureOpenAIRequestUsage or API Management's LLM log instead",
        detected.why());
  }

  @Test
  void embeddingsHaveNoOutput() {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.CLOUDFLARE_AI_GATEWAY,
            "{\"id\":\"a\",\"created_at\":\"2026-05-04T13:05:07Z\",\"model\":\"m\",\"model_type\":"
                + "\"embedding\",\"tokens_in\":12}");
    assertEquals(Operation.EMBEDDINGS, call.operation);
    assertEquals(12, call.inputTokens);
    assertEquals(0, call.outputTokens);
  }
}
