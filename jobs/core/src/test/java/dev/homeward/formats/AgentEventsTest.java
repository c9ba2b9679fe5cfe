package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events and spans that coding agents write of themselves: OTLP logs, and files of JavaScript. */
final class AgentEventsTest {
  private static final String SPAN =
      "{'type':'span','traceId':'%s','spanId':'%s','name':'%s','startTime':[1775934260,133000000],"
          + "'endTime':[1775934264,967317833],'attributes':{%s}}\n";

  private static final String USAGE =
      "'gen_ai.operation.name':'%s','gen_ai.request.model':'gpt-5.4','gen_ai.usage.input_tokens':%d,"
          + "'gen_ai.usage.output_tokens':%d";

  @Test
  void countsOfClaudeCodeMayBeTextsOrNumbersAndOnlyRequestsAreCalls() {
    Reading reading =
        Reading.of(
            LogFormat.OTLP_LOGS,
            logs(
                "claude-code",
                event(
                    "api_request",
                    "model",
                    "claude-opus-4-6",
                    "input_tokens",
                    "12",
                    "output_tokens",
                    340,
                    "cache_read_tokens",
                    30000,
                    "duration_ms",
                    "5200"),
                event("tool_result", "model", "claude-opus-4-6", "input_tokens", "99"),
                event("api_error", "model", "claude-opus-4-6", "status_code", "529")));
    assertEquals(1, reading.calls.size());
    assertEquals(2, reading.ignored);
    CallDraft call = reading.calls.get(0);
    assertEquals(12, call.inputTokens);
    assertEquals(30_000, call.cacheReadTokens);
    assertEquals(340, call.outputTokens);
    assertEquals(1_770_109_200_000_000L - 5_200_000, call.startedAtMicros, "written at the end");
    assertEquals(5_200_000, call.durationMicros);
    assertEquals(CallDraft.ABSENT, call.loggedNanoUsd);
  }

  @ParameterizedTest
  @CsvSource({
    "claude-sonnet-4-5-20250929, anthropic",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0, bedrock",
    "claude-sonnet-4-5@20250929, vertex",
    "glm-4.6, "
  })
  void whereClaudeCodeWasServedIsToldByTheModel(String model, String provider) {
    String log =
        logs(
            "claude-code",
            event("api_request", "model", model, "input_tokens", 1, "output_tokens", 1));
    assertEquals(provider, Reading.onlyCall(LogFormat.OTLP_LOGS, log).provider);
  }

  @Test
  void anEventThatWasSentAgainIsTheSameCallAndARequestIdTellsTwoApart() {
    String one =
        event(
            "api_request",
            "model",
            "m",
            "session.id",
            "s",
            "event.sequence",
            3,
            "input_tokens",
            1,
            "output_tokens",
            1);
    Reading twice = Reading.of(LogFormat.OTLP_LOGS, logs("claude-code", one, one));
    assertTrue(sameId(twice.calls.get(0), twice.calls.get(1)));
    String first = one.replace("event.sequence", "request_id");
    String second = first.replace("\"3\"", "\"4\"");
    Reading two = Reading.of(LogFormat.OTLP_LOGS, logs("claude-code", first, second));
    assertTrue(!sameId(two.calls.get(0), two.calls.get(1)));
  }

  @Test
  void geminisEventCountsAndTheOneThatRepeatsItDoesNot() {
    String native_ =
        event(
            "gemini_cli.api_response",
            "model",
            "gemini-2.5-pro",
            "input_token_count",
            12000,
            "cached_content_token_count",
            8000,
            "output_token_count",
            350,
            "thoughts_token_count",
            420,
            "tool_token_count",
            0,
            "total_token_count",
            12770,
            "auth_type",
            "gemini-api-key");
    String again =
        event(
            "gen_ai.client.inference.operation.details",
            "gen_ai.request.model",
            "gemini-2.5-pro",
            "gen_ai.usage.input_tokens",
            12000,
            "gen_ai.usage.output_tokens",
            350);
    CallDraft call = Reading.onlyCall(LogFormat.OTLP_LOGS, logs("gemini-cli", native_, again));
    assertEquals(4_000, call.inputTokens);
    assertEquals(8_000, call.cacheReadTokens);
    assertEquals(770, call.outputTokens);
    assertEquals(420, call.reasoningTokens);
    assertEquals("google", call.provider);
    CallDraft other = Reading.onlyCall(LogFormat.OTLP_LOGS, logs("my-agent", again));
    assertEquals(12_000, other.inputTokens, "of a program that writes no other");
  }

  @Test
  void codexCountsTheCompletedResponse() {
    Reading reading =
        Reading.of(
            LogFormat.OTLP_LOGS,
            logs(
                "codex_cli_rs",
                event("codex.api_request", "attempt", 2),
                event(
                    "codex.sse_event",
                    "event.kind",
                    "response.output_text.delta",
                    "input_token_count",
                    999),
                event(
                    "codex.sse_event",
                    "event.kind",
                    "response.completed",
                    "model",
                    "gpt-5",
                    "input_token_count",
                    1200,
                    "output_token_count",
                    300,
                    "cached_token_count",
                    800,
                    "reasoning_token_count",
                    50,
                    "tool_token_count",
                    1500)));
    assertEquals(1, reading.calls.size());
    CallDraft call = reading.calls.get(0);
    assertEquals(400, call.inputTokens);
    assertEquals(800, call.cacheReadTokens);
    assertEquals(300, call.outputTokens);
    assertEquals(50, call.reasoningTokens);
    assertEquals(0, call.flags);
  }

  @Test
  void aWrongCountCostsItsEventOnly() {
    Reading reading =
        Reading.of(
            LogFormat.OTLP_LOGS,
            logs(
                "claude-code",
                event("api_request", "model", "m", "input_tokens", "many", "output_tokens", 1),
                event("api_request", "model", "m", "input_tokens", 5, "output_tokens", 1)));
    assertEquals(1, reading.calls.size());
    assertEquals(5, reading.calls.get(0).inputTokens);
    assertEquals(Reason.INVALID_NUMBER, reading.rejections.get(0).reason());
    assertEquals("input_tokens is not a number", reading.rejections.get(0).detail());
  }

  /** Input, read, written, output, total; then uncached, read, written and the flags. */
  @ParameterizedTest
  @CsvSource({
    // The conventions: the input contains both.
    "1000, 200, 50, 20, 0, 750, 200, 50, 0",
    "1000, 200, 50, 20, 1020, 750, 200, 50, 0",
    // 1,000 + 20 + 200 + 50 = 1,270: both stand beside.
    "1000, 200, 50, 20, 1270, 1000, 200, 50, 0",
    // 1,000 + 20 + 50 = 1,070: what was written stands beside.
    "1000, 200, 50, 20, 1070, 800, 200, 50, 0",
    // 90 + 20 do not fit into 100.
    "100, 90, 20, 5, 0, 10, 90, 20, 4096",
    // Nothing but beside is possible.
    "0, 50, 20, 5, 0, 0, 50, 20, 0",
    "1000, 200, 50, 20, 4444, 750, 200, 50, 2048"
  })
  void aSpansTotalSaysWhereTheCacheStands(
      long input,
      long read,
      long written,
      long output,
      long total,
      long uncached,
      long hit,
      long kept,
      int flags) {
    String attributes =
        USAGE.formatted("chat", input, output)
            + ",'gen_ai.usage.cache_read.input_tokens':%d".formatted(read)
            + ",'gen_ai.usage.cache_write.input_tokens':%d".formatted(written)
            + ",'gen_ai.usage.total_tokens':%d".formatted(total);
    CallDraft call = only(SPAN.formatted("t", "s", "chat gpt-5.4", attributes));
    assertEquals(uncached, call.inputTokens);
    assertEquals(hit, call.cacheReadTokens);
    assertEquals(kept, call.cacheWrite5mTokens);
    assertEquals(output, call.outputTokens);
    assertEquals(flags, call.flags);
  }

  @Test
  void aSpanHandsOnItsPlaceInTheTrace() {
    String span = SPAN.formatted("t", "above", "chat gpt-5.4", USAGE.formatted("chat", 10, 2));
    String below =
        SPAN.formatted("t", "below", "chat gpt-5.4", USAGE.formatted("chat", 10, 2))
            .replace("'spanId':'below'", "'spanId':'below','parentSpanId':'above'");
    Reading reading = Reading.of(LogFormat.OTEL_RECORDS, json(span + below));
    assertEquals(2, reading.calls.size());
    assertEquals(reading.calls.get(0).trace, reading.calls.get(1).trace);
    assertEquals(reading.calls.get(0).span, reading.calls.get(1).parentSpan);
    assertEquals(CallDraft.ABSENT, reading.calls.get(0).parentSpan);
  }

  @Test
  void copilotsSpansOfAgentsToolsAndMetricsAreNoCalls() {
    String log =
        json(
            "{'type':'metric','name':'gen_ai.client.token.usage'}\n"
                + SPAN.formatted(
                    "t", "a", "execute_tool rg", "'gen_ai.operation.name':'execute_tool'")
                + SPAN.formatted(
                    "t", "b", "invoke_agent", USAGE.formatted("invoke_agent", 999, 111))
                + SPAN.formatted("t", "c", "chat gpt-5.4", USAGE.formatted("chat", 10, 5))
                + "{'hrTime':[1775934264,967317833],'spanContext':{'traceId':'t','spanId':'d'},"
                + "'attributes':{'event.name':'copilot_chat.agent.turn','turn.index':3,"
                + "'gen_ai.usage.input_tokens':120,'gen_ai.usage.output_tokens':9},'_body':'x'}\n");
    SharedCall.checkDetected(LogFormat.OTEL_RECORDS, log.getBytes(StandardCharsets.UTF_8));
    Reading reading = Reading.of(LogFormat.OTEL_RECORDS, log);
    assertEquals(List.of(), reading.rejections);
    assertEquals(1, reading.calls.size());
    assertEquals(10, reading.calls.get(0).inputTokens);
    assertEquals(4_834_317, reading.calls.get(0).durationMicros);
  }

  /** Whatever comes first, and whether or not the two name the same span. */
  @Test
  void anEventAndItsSpanAreOneCallAndAnEventAloneIsOne() {
    String event =
        "{'hrTime':[1775934264,967317833],'spanContext':{'traceId':'%s','spanId':'e'},'attributes':"
            + "{'event.name':'gen_ai.client.inference.operation.details',"
            + USAGE.formatted("chat", 42, 7)
            + "},'_body':'GenAI inference: gpt-5.4'}\n";
    String span = SPAN.formatted("t1", "s", "chat gpt-5.4", USAGE.formatted("chat", 42, 7));
    Reading before = Reading.of(LogFormat.OTEL_RECORDS, json(event.formatted("t1") + span));
    assertEquals(2, before.calls.size());
    assertTrue(sameId(before.calls.get(0), before.calls.get(1)));
    assertTrue(before.calls.get(0).weakCopy, "the span stays");
    assertTrue(!before.calls.get(1).weakCopy);

    Reading after = Reading.of(LogFormat.OTEL_RECORDS, json(span + event.formatted("t1")));
    assertEquals(1, after.calls.size());
    Reading alone = Reading.of(LogFormat.OTEL_RECORDS, json(event.formatted("t2") + span));
    assertTrue(!sameId(alone.calls.get(0), alone.calls.get(1)), "another trace, another call");
    assertEquals(42, alone.calls.get(0).inputTokens);
  }

  /** Gemini CLI's file of telemetry: pretty-printed objects one after the other. */
  @Test
  void geminisTelemetryFileIsRead() {
    String log =
        json("{'hrTime':[1775934264,0],'resource':{'_rawAttributes':[['service.name','gemini-cli']]},"
                + "'instrumentationScope':{'name':'gemini-cli'},'attributes':{'event.name':"
                + "'gemini_cli.config','model':'gemini-2.5-pro'}}"
                + "{'hrTime':[1775934264,0],'resource':{'_rawAttributes':[['service.name','gemini-cli']]},"
                + "'instrumentationScope':{'name':'gemini-cli'},'attributes':{'event.name':"
                + "'gemini_cli.api_response','model':'gemini-2.5-pro','duration_ms':2000,"
                + "'input_token_count':100,'output_token_count':10,'cached_content_token_count':40,"
                + "'thoughts_token_count':5,'tool_token_count':0,'total_token_count':115,"
                + "'finish_reasons':['STOP']}}")
            .replace("{", "{\n  ")
            .replace("}{", "}\n{");
    SharedCall.checkDetected(LogFormat.OTEL_RECORDS, log.getBytes(StandardCharsets.UTF_8));
    CallDraft call = Reading.onlyCall(LogFormat.OTEL_RECORDS, log);
    assertEquals(60, call.inputTokens);
    assertEquals(40, call.cacheReadTokens);
    assertEquals(15, call.outputTokens);
    assertEquals(1_775_934_262_000_000L, call.startedAtMicros);
    assertEquals(List.of("service=gemini-cli"), Reading.attributes(call));
  }

  @ParameterizedTest
  @CsvSource({
    "'[1775934260,133000000]', 1775934260133000",
    "1775934260133000000, 1775934260133000",
    "1775934260133000, 1775934260133000",
    "1775934260133, 1775934260133000",
    "1775934260.133, 1775934260133000",
    "'\"2026-04-11T19:04:20.133Z\"', 1775934260133000"
  })
  void aMomentIsAPairATextOrANumber(String start, long micros) {
    String span =
        json("{'traceId':'t','spanId':'s','name':'chat m','startTime':")
            + start
            + json(",'attributes':{" + USAGE.formatted("chat", 1, 1) + "}}");
    assertEquals(micros, Reading.onlyCall(LogFormat.OTEL_RECORDS, span).startedAtMicros);
  }

  private static CallDraft only(String text) {
    return Reading.onlyCall(LogFormat.OTEL_RECORDS, json(text));
  }

  /** One document of OTLP logs. */
  private static String logs(String service, String... events) {
    return ("{'resourceLogs':[{'resource':{'attributes':[{'key':'service.name','value':"
                + "{'stringValue':'%s'}}]},'scopeLogs':[{'scope':{'name':'x'},'logRecords':[")
            .replace('\'', '"')
            .formatted(service)
        + String.join(",", events)
        + "]}]}]}\n";
  }

  /**
   * A record of OTLP logs: texts stay texts, numbers become intValues, as the protocol has them.
   */
  private static String event(String name, Object... attributes) {
    Map<String, String> values = new TreeMap<>();
    values.put("event.name", "{\"stringValue\":\"" + name + "\"}");
    for (int i = 0; i < attributes.length; i += 2) {
      String kind = attributes[i + 1] instanceof String ? "stringValue" : "intValue";
      values.put((String) attributes[i], "{\"%s\":\"%s\"}".formatted(kind, attributes[i + 1]));
    }
    StringBuilder list = new StringBuilder();
    values.forEach(
        (key, value) ->
            list.append(list.isEmpty() ? "" : ",")
                .append("{\"key\":\"%s\",\"value\":%s}".formatted(key, value)));
    return "{\"timeUnixNano\":\"1770109200000000000\",\"attributes\":[" + list + "]}";
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static boolean sameId(CallDraft a, CallDraft b) {
    return a.hasId && b.hasId && a.idHigh == b.idHigh && a.idLow == b.idLow;
  }
}
