package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.scan.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class LiteLlmSpendLogTest {
  private static final String ROW =
      "{\"request_id\":\"r\",\"call_type\":\"acompletion\",\"startTime\":\"2026-10-05T08:00:00Z\",\"endTime\":\"2026-10-05T08:00:02Z\",\"model\":\"m\",\"prompt_tokens\":100,\"completion_tokens\":10,\"spend\":0.5,\"status\":\"success\",\"metadata\":{%s}}";

  static Stream<Arguments> usageShapes() {
    return Stream.of(
        // prompt 100 = uncached + read + write
        arguments("\"usage_object\":{\"cache_read_input_tokens\":60}", 40, 60, 0, 0),
        arguments(
            "\"additional_usage_values\":{\"prompt_tokens_details\":{\"cached_tokens\":60}}",
            40,
            60,
            0,
            0),
        arguments(
            "\"usage_object\":{\"cache_creation_input_tokens\":30,\"cache_read_input_tokens\":60}",
            10,
            60,
            30,
            0),
        arguments(
            "\"usage_object\":{\"cache_creation_input_tokens\":30,\"prompt_tokens_details\":{\"cache_creation_token_details\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20}}}",
            70,
            0,
            10,
            20),
        arguments(
            "\"usage_object\":{\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":25}}",
            75,
            0,
            25,
            0),
        arguments("\"usage_object\":{\"prompt_cache_hit_tokens\":64}", 36, 64, 0, 0),
        arguments("\"usage_object\":null,\"additional_usage_values\":{}", 100, 0, 0, 0));
  }

  @ParameterizedTest
  @MethodSource("usageShapes")
  void everyShapeOfUsageIsMadeDisjoint(String metadata, int input, int read, int w5m, int w1h) {
    CallDraft call = call(ROW.formatted(metadata));
    assertEquals(
        List.of(input, read, w5m, w1h),
        Stream.of(
                call.inputTokens,
                call.cacheReadTokens,
                call.cacheWrite5mTokens,
                call.cacheWrite1hTokens)
            .map(Long::intValue)
            .toList());
    assertEquals(
        100,
        call.inputTokens
            + call.cacheReadTokens
            + call.cacheWrite5mTokens
            + call.cacheWrite1hTokens);
  }

  @Test
  void cacheBeyondTheInclusiveInputIsRejectedNotClipped() {
    Rejection r =
        Reading.onlyRejection(
            LogFormat.LITELLM_SPENDLOGS,
            ROW.formatted("\"usage_object\":{\"cache_read_input_tokens\":101}"));
    assertEquals(Reason.CACHE_EXCEEDS_INPUT, r.reason());
    assertEquals("prompt_tokens 100 includes cache reads 101 and writes 0", r.detail());
  }

  @Test
  void aRowThatWasNotStreamedHasNoTimeToFirstToken() {
    String end =
        ROW.replace("\"model\"", "\"completionStartTime\":\"2026-10-05T08:00:02Z\",\"model\"");
    assertEquals(CallDraft.ABSENT, call(end.formatted("")).ttftMicros);
    CallDraft streamed =
        call(end.replace("08:00:02Z\",\"model", "08:00:00.25Z\",\"model").formatted(""));
    assertEquals(250_000, streamed.ttftMicros);
    assertEquals(CallFlags.STREAMED, streamed.flags);
  }

  @ParameterizedTest
  @CsvSource({"1e-7, 100", "0.00022500000000000002, 225000", "4.5E-10, 0", "12, 12000000000"})
  void spendIsReadExactlyToANanoDollar(String spend, long nanos) {
    CallDraft call = call(ROW.replace("0.5", spend).formatted(""));
    assertEquals(nanos, call.loggedNanoUsd);
  }

  @ParameterizedTest
  @CsvSource({
    "acompletion, CHAT, STANDARD",
    "aresponses, CHAT, STANDARD",
    "aembedding, EMBEDDINGS, STANDARD",
    "image_generation, OTHER, STANDARD",
    "atranscription, OTHER, STANDARD",
    "aretrieve_batch, CHAT, BATCH",
    "pass_through_endpoint, CHAT, STANDARD"
  })
  void theCallTypeTellsOperationAndTier(String type, Operation operation, ServiceTier tier) {
    CallDraft call = call(ROW.replace("acompletion", type).formatted(""));
    assertEquals(operation, call.operation);
    assertEquals(tier, call.serviceTier);
  }

  @Test
  void aSuccessWithoutTokensHasMissingUsageAndAFailureUsedNothing() {
    String none = ROW.replace(":100", ":0").replace(":10,", ":0,").replace("0.5", "0.0");
    CallDraft success = call(none.formatted(""));
    assertEquals(CallFlags.MISSING_USAGE, success.flags);
    assertEquals(CallDraft.ABSENT, success.inputTokens);
    CallDraft failure = call(none.replace("success", "failure").formatted(""));
    assertEquals(CallStatus.FAILURE, failure.status);
    assertEquals(0, failure.inputTokens);
    assertEquals(0, failure.flags);
  }

  @Test
  void aFailureWithTokensAndNoSpendIsLiteLlmsEstimate() {
    CallDraft call =
        call(ROW.replace("0.5", "0").replace("\"success\"", "\"failure\"").formatted(""));
    assertEquals(CallFlags.ESTIMATED_USAGE, call.flags);
    assertEquals(100, call.inputTokens);
  }

  @Test
  void rowsThatReachNoModelAreIgnored() {
    String none = ROW.replace(":100", ":0").replace(":10,", ":0,").replace("0.5", "0.0");
    String file = none.replace("acompletion", "acreate_file").formatted("");
    String denied =
        none.replace("\"m\"", "\"\"").replace("\"success\"", "\"failure\"").formatted("");
    Reading reading = Reading.of(LogFormat.LITELLM_SPENDLOGS, file + "\n" + denied);
    assertEquals(2, reading.ignored);
    assertEquals(2, reading.records());
  }

  @Test
  void namesComeInOrderOfTheirWorthAndWithoutPeople() {
    CallDraft call =
        call(
            ROW.replace(
                    "\"model\"",
                    "\"team_id\":\"t\",\"request_tags\":\"[\\\"a\\\",\\\"User-Agent: x\\\"]\",\"model\"")
                .formatted(
                    "\"user_api_key_project_id\":\"p-1\",\"user_api_key_project_alias\":\"Shop\",\"user_api_key_alias\":\"k\",\"spend_logs_metadata\":{\"cost_center\":7,\"user\":\"bob\",\"contact\":\"b@c\",\"client_ip\":\"10.0.0.1\",\"api_key\":\"sk\",\"deep\":{\"a\":1}}"));
    assertEquals(
        List.of(
            "tag=a",
            "key-alias=k",
            "metadata.cost_center=7",
            "project=Shop",
            "project=p-1",
            "team=t"),
        Reading.attributes(call));
  }

  @Test
  void aRowWithoutAModelTakesTheGivenOneOrIsRejected() {
    String row = ROW.replace("\"m\"", "null").formatted("");
    Rejection r = Reading.onlyRejection(LogFormat.LITELLM_SPENDLOGS, row);
    assertEquals(Reason.MISSING_MODEL, r.reason());
    assertEquals("model is missing, and --hosted-model is not given", r.detail());
    CallDraft call =
        Reading.of(LogFormat.LITELLM_SPENDLOGS, Reading.GIVEN, row.getBytes(StandardCharsets.UTF_8))
            .calls
            .get(0);
    assertEquals("given-model", call.requestModel);
    assertEquals(CallFlags.GIVEN_BY_USER, call.flags);
  }

  @Test
  void jsonInATextReadsAsJson() {
    String nested = "\"usage_object\":{\"cache_read_input_tokens\":60}";
    String asText = ROW.replace("{%s}}", "\"{" + nested.replace("\"", "\\\"") + "}\"}");
    assertEquals(60, call(asText).cacheReadTokens);
    Rejection r =
        Reading.onlyRejection(LogFormat.LITELLM_SPENDLOGS, ROW.replace("{%s}}", "\"{\\\"a\\\"\"}"));
    assertEquals(Reason.TRUNCATED, r.reason());
  }

  @Test
  void aRowAsLiteLlmsOwnCodeWritesItReads() throws IOException {
    byte[] pretty = Reading.shared("fixtures/litellm/spend_logs_payload.json");
    String line = new ObjectMapper().readTree(pretty).toString();
    CallDraft call = call(line);
    assertEquals(10, call.inputTokens);
    assertEquals(20, call.outputTokens);
    assertEquals(4_583, call.durationMicros, "09:20:46.851954 - 09:20:46.847371");
    assertEquals(CallDraft.ABSENT, call.ttftMicros);
    assertEquals(225_000, call.loggedNanoUsd);
    assertEquals(0, call.flags, "cache_hit None is no hit");
  }

  @Test
  void bothExportsOfOneRowAreTheSameCall() {
    CallDraft json = call(ROW.formatted(""));
    CallDraft csv =
        Reading.onlyCall(
            LogFormat.LITELLM_SPENDLOGS_CSV,
            "request_id,startTime,model,prompt_tokens,completion_tokens\nr,2026-10-05 08:00:00,m,100.0,10");
    assertEquals(json.idHigh, csv.idHigh);
    assertEquals(json.idLow, csv.idLow);
    assertEquals(json.startedAtMicros, csv.startedAtMicros);
    assertNotEquals(json.idLow, call(ROW.replace("\"r\"", "\"s\"").formatted("")).idLow);
  }

  private static CallDraft call(String row) {
    return Reading.onlyCall(LogFormat.LITELLM_SPENDLOGS, row);
  }
}
