package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.scan.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How one-api, APISIX, Higress and LangChain's callbacks count, and what is near and refused. */
final class MoreGatewaysTest {
  private static final String ROW =
      "{'id':%d,'created_at':1770109200,'type':%s,'model_name':'m','quota':9,'prompt_tokens':%d,"
          + "'completion_tokens':7,'use_time':3,'is_stream':true,'other':'%s'}";

  @Test
  void theOpenRowsInputContainsTheCacheAndClaudesDoesNot() {
    CallDraft open = row(1, "2", 3000, "{\\'cache_tokens\\':1024,\\'frt\\':640}");
    assertEquals(1976, open.inputTokens);
    assertEquals(1024, open.cacheReadTokens);
    assertEquals(640_000, open.ttftMicros);
    assertEquals(1_770_109_197_000_000L, open.startedAtMicros);
    CallDraft claude = row(2, "2", 500, "{\\'cache_tokens\\':20000,\\'claude\\':true}");
    assertEquals(500, claude.inputTokens);
    assertEquals(20_000, claude.cacheReadTokens);
    CallDraft marked =
        row(3, "2", 500, "{\\'cache_tokens\\':20000,\\'usage_semantic\\':\\'anthropic\\'}");
    assertEquals(500, marked.inputTokens);
    // Claude behind another protocol, before rows were marked: only it has lifetimes.
    CallDraft older =
        row(4, "2", 500, "{\\'cache_tokens\\':900,\\'cache_creation_tokens_1h\\':50}");
    assertEquals(500, older.inputTokens);
    assertEquals(50, older.cacheWrite1hTokens);
    assertEquals(CallDraft.ABSENT, claude.loggedNanoUsd, "quota is no dollars");
  }

  @Test
  void aCacheThatExceedsTheInputOfAnOpenRowIsRejected() {
    String row = ROW.formatted(1, "2", 10, "{\\'cache_tokens\\':1024}");
    assertEquals(
        Reason.CACHE_EXCEEDS_INPUT,
        Reading.onlyRejection(LogFormat.ONEAPI_LOGS, json(row)).reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3", "4", "5", "6", "'5'"})
  void rowsOfOtherTypesAreNoCalls(String type) {
    Reading reading = Reading.of(LogFormat.ONEAPI_LOGS, json(ROW.formatted(1, type, 9, "{}")));
    assertEquals(0, reading.calls.size());
    assertEquals(1, reading.ignored);
  }

  @Test
  void pagesOfTheApiAndRowsAreTheSame() {
    String row = json(ROW.formatted(1, "2", 9, "{}"));
    String other = json(ROW.formatted(2, "2", 9, "{}").replace("1770109200", "'x'"));
    for (String page :
        List.of(
            "{\"success\":true,\"data\":[%s,%s]}",
            "{\"data\":{\"page\":1,\"total\":2,\"items\":[%s,%s]}}", "[%s,%s]")) {
      String text = page.formatted(row, other);
      Detecting read = Detecting.of(text);
      assertEquals(Optional.of(LogFormat.ONEAPI_LOGS), read.detected.format(), page);
      Reading reading = read.reading;
      assertEquals(1, reading.calls.size(), page);
      assertEquals(9, reading.calls.get(0).inputTokens);
      assertEquals(Reason.INVALID_TIME, reading.rejections.get(0).reason());
    }
  }

  /** Users see the number modulo 1024: the same number is not the same call. */
  @Test
  void theNumberAloneIsNoIdentity() {
    String one = json(ROW.formatted(7, "2", 9, "{}"));
    String two = one.replace("1770109200", "1770209200");
    Reading reading = Reading.of(LogFormat.ONEAPI_LOGS, one + "\n" + two + "\n" + one);
    assertTrue(!sameId(reading.calls.get(0), reading.calls.get(1)));
    assertTrue(sameId(reading.calls.get(0), reading.calls.get(2)));
  }

  @Test
  void aFirstTokenAfterTheWholeSecondsIsTheEndAndRowsOfOneApiHaveMilliseconds() {
    CallDraft call = row(1, "2", 9, "{\\'frt\\':3400}");
    assertEquals(3_400_000, call.durationMicros);
    assertEquals(3_400_000, call.ttftMicros);
    String plain =
        "{'id':1,'created_at':1770109200,'type':2,'model_name':'m','quota':9,'prompt_tokens':9,"
            + "'completion_tokens':7,'elapsed_time':1250,'is_stream':false}";
    CallDraft old = Reading.onlyCall(LogFormat.ONEAPI_LOGS, json(plain));
    assertEquals(1_250_000, old.durationMicros);
    assertEquals(CallFlags.NO_CACHE_SPLIT, old.flags, "nothing is told of the cache");
  }

  /** Model, read, written, total; then uncached input and the flags. */
  @ParameterizedTest
  @CsvSource({
    "gpt-4o, 3000, 0, 4450, 1200, 0",
    "claude-sonnet-4-5, 3000, 400, 4450, 4200, 0",
    // More was cached than the prompt has, so that it stands beside.
    "kimi-k2, 9000, 0, 4450, 4200, 0",
    // 4,200 + 250 are not 9,999, and with what was cached they are not either.
    "gpt-4o, 3000, 0, 9999, 1200, 2048",
    "gpt-4o, '', '', 4450, 4200, 1024"
  })
  void apisixCountsTextsAndClaudesCacheStandsBeside(
      String model, String read, String written, String total, long input, int flags) {
    String line =
        ("{'start_time':1770109200000,'latency':4500,'llm_summary':{'model':'%s','prompt_tokens':"
                + "'4200','completion_tokens':'250','total_tokens':'%s','cache_read_input_tokens':"
                + "'%s','cache_creation_input_tokens':'%s'}}")
            .formatted(model, total, read, written);
    CallDraft call = Reading.onlyCall(LogFormat.APISIX, json(line));
    assertEquals(input, call.inputTokens);
    assertEquals(250, call.outputTokens);
    assertEquals(flags, call.flags);
  }

  @Test
  void apisixsOwnLogFormatsAreReadAndItsTextIsRefusedWithWhatToDo() {
    String line =
        "{'time':'04/May/2026:13:05:13 +0200','llm_model':'m','llm_prompt_tokens':'23',"
            + "'llm_completion_tokens':'8','request_time':'2.000','request_type':'ai_chat',"
            + "'llm_time_to_first_token':'1990','upstream_host':'x.openai.azure.com'}";
    SharedCall.checkDetected(LogFormat.APISIX, json(line).getBytes(StandardCharsets.UTF_8));
    CallDraft call = Reading.onlyCall(LogFormat.APISIX, json(line));
    assertEquals(1_777_892_711_000_000L, call.startedAtMicros, "11:05:13 UTC, two seconds before");
    assertEquals(CallDraft.ABSENT, call.ttftMicros, "it was not streamed");
    assertEquals("azure", call.provider);
    String text =
        "192.168.215.1 - - [21/Mar/2025:04:28:03 +0000] api.openai.com \"POST / HTTP/1.1\" 200 804"
            + " 2.858 \"-\" \"curl\" \"ai_chat\" \"2858\" \"gpt-4\" \"gpt-4\" \"23\" \"8\"\n";
    assertTrue(why(text).startsWith("it is an access log of APISIX as text"), why(text));
  }

  @Test
  void aRequestThatApisixDidNotProxyToAModelIsNoCall() {
    Reading reading =
        Reading.of(
            LogFormat.APISIX,
            json(
                "{'start_time':1770109200000,'latency':5,'response':{'status':200}}\n"
                    + "{'time_iso8601':'2026-05-04T13:05:13Z','llm_prompt_tokens':'0',"
                    + "'llm_completion_tokens':'0','request_type':'traditional_http'}\n"));
    assertEquals(0, reading.calls.size());
    assertEquals(2, reading.ignored);
  }

  @Test
  void higressLogIsTextObjectOrFlatAndTheTotalSaysWhereTheCacheStands() {
    String log =
        "{'ai_log':%s,'start_time':'2026-05-04T13:05:07.250Z','duration':'6210','request_id':'r'}";
    String fields =
        "'model':'m','input_token':'100','output_token':'20','total_token':'%d','cached_tokens':'70'";
    for (int total : new int[] {120, 190}) {
      String object = "{" + fields.formatted(total) + "}";
      String text = "'" + object.replace("'", "\\'") + "'";
      for (String form : new String[] {object, text}) {
        String line = json(log.formatted(form));
        SharedCall.checkDetected(LogFormat.HIGRESS, line.getBytes(StandardCharsets.UTF_8));
        CallDraft call = Reading.onlyCall(LogFormat.HIGRESS, line);
        assertEquals(total == 120 ? 30 : 100, call.inputTokens);
        assertEquals(70, call.cacheReadTokens);
        assertEquals(0, call.flags);
      }
    }
  }

  @Test
  void aConsumerThatIsAKeyIsLeftOut() {
    String log =
        "{'ai_log':{'model':'m','input_token':'1','output_token':'2','consumer':'%s'},"
            + "'start_time':'2026-05-04T13:05:07.250Z'}";
    assertEquals(
        List.of("key-alias=ledger"),
        Reading.attributes(Reading.onlyCall(LogFormat.HIGRESS, json(log.formatted("ledger")))));
    for (String key : new String[] {"sk-1234", "0123456789abcdef0123456789abcdef0", "none", "-"}) {
      CallDraft call = Reading.onlyCall(LogFormat.HIGRESS, json(log.formatted(key)));
      assertEquals(List.of(), Reading.attributes(call), key);
    }
  }

  @Test
  void langChainsResultsInTheirSeveralFormsAreTheSameCall() {
    String usage =
        "'usage_metadata':{'input_tokens':100,'output_tokens':20,'total_tokens':120,"
            + "'input_token_details':{'cache_read':70,'cache_creation':10},"
            + "'output_token_details':{'reasoning':5}}";
    String message = "'response_metadata':{'model_name':'m'}," + usage;
    for (String form :
        List.of(
            "{'event':'on_chat_model_end','run_id':'r','time':1770109200.5,'data':{'output':{%s}}}",
            "{'event':'on_llm_end','run_id':'r','time':'2026-02-03T09:00:00.500Z','response':"
                + "{'generations':[[{'text':'x','message':{'lc':1,'type':'constructor','kwargs':"
                + "{%s}}}]]}}",
            "{'run_id':'r','timestamp':1770109200500,'response':{'generations':[[{'message':{%s}}]],"
                + "'llm_output':{'token_usage':{'prompt_tokens':100,'completion_tokens':20}}},"
                + "'event':'llm_end'}",
            "{'run_id':'r','created_at':'2026-02-03T09:00:00.500Z',%s}")) {
      String line = json(form.formatted(message));
      SharedCall.checkDetected(LogFormat.LANGCHAIN_EVENTS, line.getBytes(StandardCharsets.UTF_8));
      CallDraft call = Reading.onlyCall(LogFormat.LANGCHAIN_EVENTS, line);
      assertEquals(1_770_109_200_500_000L, call.startedAtMicros, form);
      assertEquals(20, call.inputTokens, form);
      assertEquals(70, call.cacheReadTokens, form);
      assertEquals(10, call.cacheWrite5mTokens, form);
      assertEquals(20, call.outputTokens, form);
      assertEquals(5, call.reasoningTokens, form);
      assertEquals("m", call.requestModel, form);
    }
  }

  @Test
  void whatLangChainRepeatsIsNoCallAndAnEventWithoutATimeIsToldWhatItLacks() {
    String event =
        "{'event':'%s',%s'run_id':'r','data':{'output':{'response_metadata':{'model_name':'m'},"
            + "'usage_metadata':{'input_tokens':1,'output_tokens':2,'total_tokens':3}}}}";
    for (String other : List.of("on_chain_end", "on_chat_model_stream", "on_tool_end")) {
      Reading reading =
          Reading.of(
              LogFormat.LANGCHAIN_EVENTS, json(event.formatted(other, "'time':1770109200,")));
      assertEquals(0, reading.calls.size(), other);
    }
    String timeless = json(event.formatted("on_chat_model_end", ""));
    assertEquals(
        "the event has no time: let the callback write one beside it, as timestamp",
        Reading.onlyRejection(LogFormat.LANGCHAIN_EVENTS, timeless).detail());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"resourceMetrics\":[{}]}|it holds OpenTelemetry's metrics, which are sums",
        "{\"response\":\"x\",\"stats\":{\"models\":{}}}|it is what one run of Gemini CLI printed",
        "{\"id\":\"prt\",\"sessionID\":\"s\",\"messageID\":\"m\",\"type\":\"text\"}|it is a part of a message of OpenCode",
        "{\"id\":\"s\",\"projectID\":\"p\",\"directory\":\"d\",\"title\":\"t\"}|it is a session of OpenCode without",
        "SQLite format 3|it is an SQLite database; export the table"
      })
  void whatIsNearIsRefusedWithWhatToGiveInstead(String text, String why) {
    assertTrue(why(text).startsWith(why), why(text));
  }

  @Test
  void aNearHeaderIsToldWhatItLacks() {
    assertEquals(
        "CSV with the columns Date, Model, Tokens, Cost is no known log; the nearest is"
            + " cursor-usage-csv, which also has Input (w/o Cache Write), Cache Read, Output Tokens",
        why("Date,Model,Tokens,Cost\n2026-02-03,gpt-5,12,0.1\n"));
  }

  private static String why(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    FormatDetection.Detected detected = FormatDetection.detect(bytes, bytes.length);
    assertTrue(detected.format().isEmpty());
    return detected.why();
  }

  private static CallDraft row(int id, String type, int prompt, String other) {
    return Reading.onlyCall(LogFormat.ONEAPI_LOGS, json(ROW.formatted(id, type, prompt, other)));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static boolean sameId(CallDraft a, CallDraft b) {
    return a.hasId && b.hasId && a.idHigh == b.idHigh && a.idLow == b.idLow;
  }
}
