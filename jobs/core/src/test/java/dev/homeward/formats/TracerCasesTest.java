package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.scan.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Exports of tracers and consoles: the cases under src/test/resources/cases by their expected
 * values, and what else such files hold.
 */
final class TracerCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String USAGE =
      "\"gen_ai.operation.name\":\"chat\",\"gen_ai.request.model\":\"gpt-4o-mini\","
          + "\"gen_ai.usage.input_tokens\":2000,\"gen_ai.usage.output_tokens\":150";

  @ParameterizedTest
  @CsvSource({
    "tracer-langsmith-runs, input.jsonl",
    "tracer-phoenix-spans, input.csv",
    "console-anthropic-usage, input.csv",
    "openai-cost-csv-ungrouped, input.csv"
  })
  void theCaseGivesItsExpectedValues(String name, String file) throws IOException {
    JsonNode expected = JSON.readTree(resource("/cases/" + name + "/expected.json"));
    Reading reading = read(resource("/cases/" + name + "/" + file));

    assertEquals(List.of(), reading.rejections);
    assertEquals(expected.path("calls").asInt(), reading.calls.size());
    assertEquals(expected.path("buckets").asInt(), reading.buckets.size());
    check(expected, "input_tokens", reading, d -> d.inputTokens);
    check(expected, "cache_read_tokens", reading, d -> d.cacheReadTokens);
    check(expected, "cache_write_5m_tokens", reading, d -> d.cacheWrite5mTokens);
    check(expected, "cache_write_1h_tokens", reading, d -> d.cacheWrite1hTokens);
    check(expected, "output_tokens", reading, d -> d.outputTokens);
    String dollars = expected.has("billed_usd") ? "billed_usd" : "logged_usd";
    if (expected.has(dollars)) {
      BigDecimal nanos = expected.get(dollars).decimalValue().movePointRight(9);
      assertEquals(nanos.longValueExact(), sum(reading, d -> d.loggedNanoUsd), dollars);
    }
  }

  /** A parent with the usage of its children, in one record with them, is no second call. */
  @Test
  void parentsRepeatTheUsageOfTheirChildren() {
    String run =
        "{\"id\":\"%s\",\"trace_id\":\"t\",\"run_type\":\"llm\",\"parent_run_id\":%s,"
            + "\"start_time\":\"2026-02-03T09:00:00\",\"prompt_tokens\":%d,"
            + "\"completion_tokens\":10,\"extra\":{\"metadata\":{\"ls_model_name\":\"m\"}}%s}";
    String children =
        "%s,%s"
            .formatted(run.formatted("b", "\"a\"", 100, ""), run.formatted("c", "\"a\"", 200, ""));
    Reading runs = read(run.formatted("a", "null", 300, ",\"child_runs\":[" + children + "]"));
    assertEquals(2, runs.calls.size());
    assertEquals(300, sum(runs, d -> d.inputTokens));
    assertEquals(1, runs.ignored);

    String span =
        "{\"traceID\":\"t\",\"spanID\":\"%s\",\"startTime\":1770109200000000,\"duration\":1,"
            + "\"references\":[%s],\"tags\":[{\"key\":\"gen_ai.request.model\",\"value\":\"m\"},"
            + "{\"key\":\"gen_ai.usage.input_tokens\",\"value\":%d},"
            + "{\"key\":\"gen_ai.usage.output_tokens\",\"value\":10}]}";
    String above = "{\"refType\":\"CHILD_OF\",\"traceID\":\"t\",\"spanID\":\"a\"}";
    Reading spans =
        read(
            "{\"traceID\":\"t\",\"spans\":[%s,%s,%s],\"processes\":{}}"
                .formatted(
                    span.formatted("b", above, 100),
                    span.formatted("a", "", 300),
                    span.formatted("c", above, 200)));
    assertEquals(2, spans.calls.size());
    assertEquals(300, sum(spans, d -> d.inputTokens));
  }

  /** The console exporter of Python prints a span over several lines, one after the other. */
  @Test
  void whatTheConsoleExporterPrintsIsRead() {
    String span =
        "{\n    \"name\": \"chat gpt-4o-mini\",\n    \"context\": {\n        \"trace_id\": \"0xa\","
            + "\n        \"span_id\": \"0x%s\",\n        \"trace_state\": \"[]\"\n    },\n"
            + "    \"kind\": \"SpanKind.CLIENT\",\n    \"parent_id\": null,\n"
            + "    \"start_time\": \"2026-02-03T09:00:00.000000Z\",\n"
            + "    \"end_time\": \"2026-02-03T09:00:03.000000Z\",\n    \"attributes\": {\n        "
            + USAGE
            + "\n    },\n    \"events\": [],\n    \"links\": []\n}\n";
    Reading reading = read(span.formatted("b") + span.formatted("c"));
    assertEquals(2, reading.calls.size());
    assertEquals(4_000, sum(reading, d -> d.inputTokens));
    assertEquals(3_000_000, reading.calls.get(0).durationMicros);
  }

  /** A file exporter of JavaScript writes its objects as they are: times are arrays. */
  @Test
  void timesOfAnyUnitAreTheSameTime() {
    for (String times :
        List.of(
            "\"startTime\":[1770109200,0],\"endTime\":[1770109203,0]",
            "\"startTime\":[1770109200,0],\"duration\":[3,0]",
            "\"startTime\":1770109200000,\"endTime\":1770109203000",
            "\"startTime\":1770109200000000,\"duration\":3000000",
            "\"startTime\":\"1770109200000000000\",\"endTime\":1770109203000000000",
            "\"startTime\":\"2026-02-03T09:00:00Z\",\"endTime\":\"2026-02-03T10:00:03+01:00\"")) {
      Reading reading =
          Reading.of(
              LogFormat.OTEL_SPANS,
              "{\"traceId\":\"a\",\"spanId\":\"b\",%s,\"attributes\":{%s}}"
                  .formatted(times, USAGE));
      assertEquals(1, reading.calls.size(), times);
      assertEquals(1_770_109_200_000_000L, reading.calls.get(0).startedAtMicros, times);
      assertEquals(3_000_000, reading.calls.get(0).durationMicros, times);
    }
  }

  @Test
  void aDamagedSpanIsRejectedAndItsNeighbourIsRead() {
    String span =
        "{\"traceID\":\"a\",\"spanID\":\"%s\",\"startTime\":%s,\"duration\":1,\"tags\":["
            + "{\"key\":\"gen_ai.request.model\",\"value\":\"m\"},"
            + "{\"key\":\"gen_ai.usage.input_tokens\",\"value\":5},"
            + "{\"key\":\"gen_ai.usage.output_tokens\",\"value\":6}]}";
    Reading reading =
        read(
            "{\"data\":[{\"traceID\":\"a\",\"spans\":[%s,%s,%s],\"processes\":{}}]}"
                .formatted(
                    span.formatted("b", "\"soon\""),
                    span.formatted("c", "1770109200000000"),
                    span.formatted("d", "null")));
    assertEquals(1, reading.calls.size());
    assertEquals(
        List.of(Reason.INVALID_TIME, Reason.MISSING_TIME),
        reading.rejections.stream().map(r -> r.reason()).toList());
    assertEquals("startTime is not a time", reading.rejections.get(0).detail());
  }

  /** Found by damaging golden files: such a number must not be written out. */
  @Test
  void aHugeDurationIsARejection() {
    for (String width : List.of("1e999999999", "1e2147483646", "[1e999999999,0]", "-1")) {
      Reading reading =
          Reading.of(
              LogFormat.OTEL_SPANS,
              "{\"traceId\":\"a\",\"spanId\":\"b\",\"startTime\":1770109200000000,"
                  + "\"duration\":%s,\"attributes\":{%s}}".formatted(width, USAGE));
      assertEquals(1, reading.rejections.size(), width);
      assertEquals(Reason.INVALID_TIME, reading.rejections.get(0).reason(), width);
    }
  }

  /** What an agent or a tool says of tokens is no call, and its prompts are not read. */
  @Test
  void spansOfAgentsAndToolsAreNoCalls() {
    for (String kind : List.of("AGENT", "CHAIN", "TOOL", "RETRIEVER", "EVALUATOR")) {
      Reading reading =
          read(
              "{\"context\":{\"trace_id\":\"t\",\"span_id\":\"a\"},\"span_kind\":\"%s\","
                      .formatted(kind)
                  + "\"start_time\":\"2026-02-03T09:00:00Z\",\"attributes\":{"
                  + "\"llm.model_name\":\"m\",\"llm.token_count.prompt\":5,"
                  + "\"llm.token_count.completion\":6,\"input.value\":\"secret\"}}");
      assertEquals(0, reading.calls.size(), kind);
      assertEquals(1, reading.ignored, kind);
    }
  }

  /** Weave adds the usage of all that a call made: such a caller is no call of a model. */
  @Test
  void callersOfWeaveAreNoCalls() {
    String call =
        "{\"id\":\"c\",\"op_name\":\"agent\",\"trace_id\":\"t\",\"parent_id\":null,"
            + "\"started_at\":\"2026-02-03T09:00:00Z\",\"summary\":{\"usage\":{%s}}}";
    String one = "\"%s\":{\"requests\":%d,\"prompt_tokens\":5,\"completion_tokens\":6}";
    assertEquals(1, read(call.formatted(one.formatted("m", 1))).calls.size());
    assertEquals(0, read(call.formatted(one.formatted("m", 2))).calls.size());
    String two = one.formatted("m", 1) + "," + one.formatted("n", 1);
    assertEquals(0, read(call.formatted(two)).calls.size());
  }

  /** Refused, naming the nearest format and what is missing. */
  @Test
  void anExportWithoutCountsIsToldWhatItLacks() {
    assertEquals(
        "JSON with the keys id, run_type, start_time is no known log; the nearest is"
            + " langsmith-runs, which also has prompt_tokens",
        why("{\"id\":\"a\",\"run_type\":\"llm\",\"start_time\":\"2026-02-03T09:00:00\"}\n"));
    assertEquals(
        "JSON with the keys op_name, trace_id, started_at is no known log; the nearest is"
            + " weave-calls, which also has summary/usage",
        why("{\"op_name\":\"a\",\"trace_id\":\"t\",\"started_at\":\"2026-02-03T09:00:00Z\"}\n"));
    assertTrue(
        why("usage_date_utc,model_version,workspace,usage_output_tokens\na,b,c,d\n")
            .endsWith(
                "the nearest is anthropic-usage-csv, which also has"
                    + " usage_input_tokens_no_cache"));
  }

  /** The dashboard's files share their first columns; none is taken for another. */
  @Test
  void filesOfTheDashboardAreToldApart() {
    String four = "start_time,end_time,start_time_iso,end_time_iso";
    assertEquals(Optional.of(LogFormat.OPENAI_USAGE_CSV), format(four + ",num_model_requests\n"));
    assertEquals(
        Optional.of(LogFormat.OPENAI_COSTS_CSV),
        format(four + ",amount_value,amount_currency,line_item\n"));
    assertEquals(Optional.empty(), format(four + ",num_images\n"));
  }

  /** A cost in another currency is no dollars, and a correction below zero is not added. */
  @Test
  void amountsThatAreNoDollarsAreRejected() {
    String costs =
        "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency\n"
            + "1769904000,1769990400,x,x,5.0,eur\n"
            + "1769904000,1769990400,x,x,-5.0,usd\n"
            + "1769904000,1769990400,x,x,5.0,USD\n";
    Reading reading = read(costs);
    assertEquals(
        List.of(Reason.INVALID_WORD, Reason.INVALID_NUMBER),
        reading.rejections.stream().map(r -> r.reason()).toList());
    assertEquals(5_000_000_000L, sum(reading, d -> d.loggedNanoUsd));
  }

  /** The four rows of the examples: one of each kind of tokens, 0.09825 dollars together. */
  @ParameterizedTest
  @CsvSource({"focus_1_2_tokens.csv", "focus_1_3_tokens.csv"})
  void aBillGivesTheTokensOfItsKinds(String file) {
    Reading reading = read(Reading.shared("formats/" + file));
    assertEquals(LogFormat.FOCUS_CSV, format(Reading.shared("formats/" + file)).orElseThrow());
    assertEquals(4, reading.buckets.size());
    assertEquals(10_000, sum(reading, d -> d.inputTokens));
    assertEquals(40_000, sum(reading, d -> d.cacheReadTokens));
    assertEquals(5_000, sum(reading, d -> d.cacheWrite5mTokens));
    assertEquals(2_500, sum(reading, d -> d.outputTokens));
    assertEquals(98_250_000, sum(reading, d -> d.loggedNanoUsd));
    for (CallDraft bucket : reading.buckets) {
      assertEquals("claude-sonnet-4-5-20250929", bucket.requestModel);
      assertEquals("anthropic", bucket.provider);
      assertEquals(CallDraft.ABSENT, bucket.bucketCalls);
    }
  }

  /**
   * Charged 10,000 tokens for $0.03, of which 4,000 and $0.012 are corrected later, and $0.005 of
   * good will: 6,000 tokens and $0.013 are left. A commitment that was bought is no usage.
   */
  @Test
  void correctionsAndCreditsLowerWhatABillSays() {
    String bill =
        """
        BilledCost,BillingCurrency,ChargeCategory,ChargeClass,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,ServiceCategory,SkuMeter,ProviderName,ResourceName
        0.03,USD,Usage,,2026-05-04T00:00:00Z,2026-05-05T00:00:00Z,10000,Tokens,AI and Machine Learning,Input Tokens,Anthropic,claude-sonnet-4-5
        -0.012,USD,Usage,Correction,2026-05-04T00:00:00Z,2026-05-05T00:00:00Z,-4,1K Tokens,AI and Machine Learning,Input Tokens,Anthropic,claude-sonnet-4-5
        -0.005,USD,Credit,,2026-05-01T00:00:00Z,2026-06-01T00:00:00Z,,,AI and Machine Learning,,Anthropic,claude-sonnet-4-5
        -9.00,USD,Credit,,2026-05-01T00:00:00Z,2026-06-01T00:00:00Z,,,Compute,,AWS,
        500,USD,Purchase,,2026-05-01T00:00:00Z,2026-06-01T00:00:00Z,,,AI and Machine Learning,,Anthropic,claude-sonnet-4-5
        """;
    Reading reading = read(bill.getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(), reading.rejections);
    assertEquals(3, reading.buckets.size());
    assertEquals(3, reading.ignored, "and the header");
    assertEquals(6_000, sum(reading, d -> d.inputTokens));
    assertEquals(13_000_000, sum(reading, d -> d.loggedNanoUsd));
    assertEquals(86_400_000_000L, reading.buckets.get(2).bucketMicros);
  }

  /** An answer that was cut off in JavaScript's milliseconds, with counts in its outputs only. */
  @Test
  void usageInsideOfOutputsIsFoundAndNothingElseThere() {
    Reading reading =
        read(
            "{\"id\":\"a\",\"run_type\":\"llm\",\"start_time\":1770109200000,"
                + "\"status\":\"interrupted\",\"extra\":{\"invocation_params\":{\"model\":\"m\"}},"
                + "\"outputs\":{\"llm_output\":{\"token_usage\":{\"prompt_tokens\":70,"
                + "\"completion_tokens\":8,\"prompt_tokens_details\":{\"cached_tokens\":64}}},"
                + "\"generations\":[[{\"text\":\"secret\",\"message\":\"secret\"}]]}}");
    assertEquals(List.of(), reading.rejections);
    CallDraft call = reading.calls.get(0);
    assertEquals(1_770_109_200_000_000L, call.startedAtMicros);
    assertEquals(6, call.inputTokens);
    assertEquals(64, call.cacheReadTokens);
    assertEquals(8, call.outputTokens);
    assertEquals(CallFlags.INTERRUPTED, call.flags);
  }

  /** Bulk exports hold what is nested as JSON in texts, and times as counts. */
  @Test
  void aRowOfABulkExportIsRead() {
    Reading reading =
        read(
            "{\"id\":\"a\",\"trace_id\":\"t\",\"run_type\":\"llm\","
                + "\"start_time\":1770109200000000,\"end_time\":1770109203000000,"
                + "\"error\":\"\",\"extra\":\"{\\\"metadata\\\":{\\\"ls_provider\\\":"
                + "\\\"google_vertexai\\\",\\\"ls_model_name\\\":\\\"m\\\"}}\","
                + "\"prompt_tokens\":\"2000\",\"completion_tokens\":\"150\","
                + "\"prompt_token_details\":\"{\\\"cache_read\\\": 1024}\"}");
    assertEquals(List.of(), reading.rejections);
    CallDraft call = reading.calls.get(0);
    assertEquals(1_770_109_200_000_000L, call.startedAtMicros);
    assertEquals(3_000_000, call.durationMicros);
    assertEquals("vertex_ai", call.provider);
    assertEquals("m", call.requestModel);
    assertEquals(976, call.inputTokens);
    assertEquals(CallStatus.SUCCESS, call.status);
  }

  /** The answer of the API holds the generation below {@code data}. */
  @Test
  void anAnswerWithAGenerationIsRead() {
    Reading reading =
        read(
            "{\"data\":{\"id\":\"gen-1\",\"created_at\":\"2026-02-03T09:00:00.000Z\","
                + "\"model\":\"openai/gpt-4o-mini\",\"native_tokens_prompt\":2000,"
                + "\"native_tokens_cached\":1024,\"native_tokens_completion\":150,"
                + "\"total_cost\":0.000236}}");
    assertEquals(List.of(), reading.rejections);
    assertEquals(976, sum(reading, d -> d.inputTokens));
    assertEquals(236_000, sum(reading, d -> d.loggedNanoUsd));
  }

  private static void check(
      JsonNode expected, String field, Reading reading, ToLongFunction<CallDraft> of) {
    if (expected.has(field)) {
      assertEquals(expected.get(field).asLong(), sum(reading, of), field);
    }
  }

  private static long sum(Reading reading, ToLongFunction<CallDraft> of) {
    long sum = 0;
    for (List<CallDraft> drafts : List.of(reading.calls, reading.buckets)) {
      for (CallDraft draft : drafts) {
        long value = of.applyAsLong(draft);
        sum += value == CallDraft.ABSENT ? 0 : value;
      }
    }
    return sum;
  }

  private static Reading read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Reading read(byte[] bytes) {
    return Detecting.of(bytes, Reading.NOTHING_GIVEN).reading;
  }

  private static Optional<LogFormat> format(String text) {
    return format(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<LogFormat> format(byte[] bytes) {
    return detect(bytes).format();
  }

  private static FormatDetection.Detected detect(byte[] bytes) {
    return FormatDetection.detect(bytes, Math.min(bytes.length, FormatDetection.HEAD_BYTES));
  }

  private static String why(String text) {
    FormatDetection.Detected detected = detect(text.getBytes(StandardCharsets.UTF_8));
    assertEquals(Optional.empty(), detected.format());
    return detected.why();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = TracerCasesTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError("no test resource " + name);
      }
      return in.readAllBytes();
    }
  }
}
