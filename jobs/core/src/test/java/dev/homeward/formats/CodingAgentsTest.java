package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.scan.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How Cursor, OpenCode, Gemini CLI, Amp and pi count, and what of their files is one call. */
final class CodingAgentsTest {
  private static final String CURSOR =
      "Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,"
          + "Output Tokens,Total Tokens,Cost\n";

  private static final String OPENCODE =
      "{'id':'%s','sessionID':'s','role':'assistant','time':{'created':1770109200000,"
          + "'completed':1770109206000},'modelID':'gpt-5','providerID':'openai','cost':%s,"
          + "'tokens':{%s'input':900,'output':400,'reasoning':60,'cache':{'read':30000,'write':0}}}\n";

  private static final String GEMINI =
      "{'id':'m','timestamp':'2026-05-01T00:01:00.000Z','type':'gemini','model':'%s',"
          + "'tokens':{'input':%d,'output':%d,'cached':%d,'thoughts':%d,'tool':%d,'total':%d}}\n";

  private static final String PI =
      "{'type':'message','id':'%s','timestamp':'2026-05-04T13:05:1%d.450Z','message':{'role':"
          + "'assistant','model':'m','usage':{'input':20,'output':5,'cacheRead':80,'cacheWrite':10,"
          + "'totalTokens':%d}}}\n";

  /** 1,000 neither read nor written, 400 written, 3,000 read, 250 out. */
  @ParameterizedTest
  @CsvSource({
    // Beside each other, as the total of the export says.
    "400, 1000, 3000, 250, 4650, 1000, 400, false",
    // The first contains the second, as the total of other exports says.
    "1400, 1000, 3000, 250, 4650, 1000, 400, false",
    // Nothing of both.
    "400, 1000, 3000, 250, 9999, 1000, 400, true",
    // No total: as the columns are meant.
    "400, 1000, 3000, 250, '', 1000, 400, false"
  })
  void cursorsTotalSaysWhetherWritesStandBeside(
      String with,
      String without,
      String read,
      String out,
      String total,
      long input,
      long write,
      boolean flagged) {
    String row =
        "2026-02-03T09:00:00.000Z,Included,gpt-5,No,%s,%s,%s,%s,%s,0.05\n"
            .formatted(with, without, read, out, total);
    CallDraft call = Reading.onlyCall(LogFormat.CURSOR_USAGE_CSV, CURSOR + row);
    assertEquals(input, call.inputTokens);
    assertEquals(write, call.cacheWrite5mTokens);
    assertEquals(3000, call.cacheReadTokens);
    assertEquals(250, call.outputTokens);
    assertEquals(flagged ? CallFlags.UNEXPLAINED : 0, call.flags);
  }

  @ParameterizedTest
  @CsvSource({
    "0.05, 50000000",
    "$0.03, 30000000",
    "'\"$1,234.5\"', 1234500000000",
    "Included, -1",
    "Free, -1",
    "-, -1",
    "NaN, -1",
    "0, 0"
  })
  void cursorsCostIsAnAmountOrAWord(String cost, long nanos) {
    String row = "2026-02-03T09:00:00.000Z,Included,gpt-5,No,0,1,2,3,6," + cost + "\n";
    CallDraft call = Reading.onlyCall(LogFormat.CURSOR_USAGE_CSV, CURSOR + row);
    assertEquals(nanos < 0 ? CallDraft.ABSENT : nanos, call.loggedNanoUsd);
  }

  @Test
  void olderExportsOfCursorKnowTheDayOnlyAndNoKind() {
    String csv =
        "Date,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,"
            + "Total Tokens,Cost,Cost to you\n"
            + "2025-02-01,gpt-4o,0,5,0,15,20,$0.10,$0.00\n";
    SharedCall.checkDetected(LogFormat.CURSOR_USAGE_CSV, csv.getBytes(StandardCharsets.UTF_8));
    CallDraft call = Reading.onlyCall(LogFormat.CURSOR_USAGE_CSV, csv);
    assertEquals(1_738_368_000_000_000L, call.startedAtMicros);
    assertEquals(CallFlags.ZONE_ASSUMED, call.flags);
    assertEquals(false, call.hasId, "two equal calls of a day are two");
    assertEquals(100_000_000, call.loggedNanoUsd);
  }

  @Test
  void whatCursorBrokeOffOrCouldNotAnswerIsSaid() {
    Reading reading =
        Reading.of(
            LogFormat.CURSOR_USAGE_CSV,
            CURSOR
                + "2026-02-03T09:00:00.000Z,\"Errored, No Charge\",gpt-5,No,0,0,0,0,0,-\n"
                + "2026-02-03T09:01:00.000Z,\"Aborted, Not Charged\",gpt-5,No,0,7,0,2,9,-\n"
                + ",,,,,,,,,\n");
    assertEquals(2, reading.calls.size());
    assertEquals(CallStatus.FAILURE, reading.calls.get(0).status);
    assertEquals(CallDraft.ABSENT, reading.calls.get(0).inputTokens, "not 0");
    assertEquals(CallFlags.INTERRUPTED, reading.calls.get(1).flags);
    assertEquals(2, reading.ignored, "the header and the empty row");
  }

  @Test
  void aRowOfTwoOverlappingExportsIsOneCall() {
    String row = "2026-02-03T09:00:00.000Z,Included,gpt-5,No,0,1,2,3,6,0.05\n";
    Reading reading = Reading.of(LogFormat.CURSOR_USAGE_CSV, CURSOR + row + row);
    assertTrue(sameId(reading.calls.get(0), reading.calls.get(1)));
    String later = row.replace("00.000Z", "00.001Z");
    Reading two = Reading.of(LogFormat.CURSOR_USAGE_CSV, CURSOR + row + later);
    assertTrue(!sameId(two.calls.get(0), two.calls.get(1)));
  }

  @ParameterizedTest
  @CsvSource({
    // 900 + 400 + 60 + 30,000.
    "31360, 460, 0",
    // 900 + 400 + 30,000: output contains the reasoning.
    "31300, 400, 0",
    "99999, 460, 2048",
    // No total: added, and it may be wrong.
    "0, 460, 8"
  })
  void openCodesTotalSaysWhetherOutputContainsReasoning(long total, long output, int flags) {
    String tokens = total == 0 ? "" : "'total':" + total + ",";
    CallDraft call = only(LogFormat.OPENCODE, OPENCODE.formatted("msg_1", "0.02", tokens));
    assertEquals(900, call.inputTokens);
    assertEquals(30_000, call.cacheReadTokens);
    assertEquals(output, call.outputTokens);
    assertEquals(60, call.reasoningTokens);
    assertEquals(6_000_000, call.durationMicros);
    assertEquals(flags, call.flags);
  }

  @Test
  void openCodesEstimateOfNothingIsNoCost() {
    CallDraft call = only(LogFormat.OPENCODE, OPENCODE.formatted("msg_1", "0", ""));
    assertEquals(CallDraft.ABSENT, call.loggedNanoUsd);
  }

  /** A fork has new ids, the database strips them, an export wraps them: one call all the same. */
  @Test
  void aMessageOfOpenCodeIsOneCallInFilesForksRowsAndExports() {
    String file = json(OPENCODE.formatted("msg_1", "0.02", "")).strip();
    String fork = json(OPENCODE.formatted("msg_9", "0.02", "")).strip();
    String data = file.replace("\"id\":\"msg_1\",\"sessionID\":\"s\",", "");
    String row =
        "{\"id\":\"msg_1\",\"session_id\":\"s\",\"time_created\":1,\"data\":\"%s\"}"
            .formatted(data.replace("\"", "\\\""));
    String export =
        "{\"info\":{\"id\":\"s\",\"title\":\"t\"},\"messages\":[{\"info\":%s,\"parts\":[]}]}";
    String log = file + "\n" + fork + "\n" + row + "\n" + export.formatted(file) + "\n";
    Reading reading = Reading.of(LogFormat.OPENCODE, log);
    assertEquals(List.of(), reading.rejections);
    assertEquals(4, reading.calls.size());
    for (CallDraft call : reading.calls) {
      assertTrue(sameId(reading.calls.get(0), call));
      assertEquals(460, call.outputTokens);
    }
    for (String one : new String[] {file, row, export.formatted(file), "[" + row + "]"}) {
      SharedCall.checkDetected(LogFormat.OPENCODE, one.getBytes(StandardCharsets.UTF_8));
    }
    String other = fork.replace("1770109200000", "1770109200001");
    assertTrue(!sameId(reading.calls.get(0), Reading.onlyCall(LogFormat.OPENCODE, other)));
  }

  @Test
  void aSessionsSumsAndAPartsUsageAreNoCalls() {
    String part =
        "{\"id\":\"prt_1\",\"session_id\":\"s\",\"message_id\":\"m\",\"time_created\":1,\"data\":"
            + "{\"type\":\"step-finish\",\"cost\":1,\"tokens\":{\"input\":1,\"output\":1,"
            + "\"cache\":{\"read\":0,\"write\":0}},\"time\":{\"created\":1770109200000}}}\n";
    String session =
        "{\"info\":{\"id\":\"ses\",\"projectID\":\"p\",\"time\":{\"created\":1770109200000},"
            + "\"tokens\":{\"input\":1,\"output\":1}},\"messages\":[]}\n";
    Reading reading = Reading.of(LogFormat.OPENCODE, part + session);
    assertEquals(0, reading.calls.size());
    assertEquals(List.of(), reading.rejections);
    assertEquals(2, reading.ignored);
  }

  @Test
  void aBrokenRowOfOpenCodeIsNamed() {
    String row = "{\"id\":\"m\",\"session_id\":\"s\",\"time_created\":1,\"data\":\"{broken\"}";
    assertEquals(Reason.MALFORMED_JSON, Reading.onlyRejection(LogFormat.OPENCODE, row).reason());
    String negative = OPENCODE.formatted("m", "0", "").replace("'input':900", "'input':-1");
    assertEquals(
        Reason.NEGATIVE_TOKENS, Reading.onlyRejection(LogFormat.OPENCODE, json(negative)).reason());
  }

  /** Input, output, cached, thoughts, tool, total; then uncached, read, output, reasoning. */
  @ParameterizedTest
  @CsvSource({
    // 14,918 + 60 + 863 + 7 = 15,848.
    "14918, 60, 0, 863, 7, 15848, 14925, 0, 923, 863, false",
    // 15 + 20 + 2 = 37: the input contains what was cached.
    "15, 20, 5, 2, 0, 37, 10, 5, 22, 2, false",
    // 10 + 20 + 5 + 2 = 37: it stands beside.
    "10, 20, 5, 2, 0, 37, 10, 5, 22, 2, false",
    // 10 + 20 = 30, and 12 are left over: thoughts.
    "10, 20, 0, 0, 0, 42, 10, 0, 32, 12, false",
    // 10 + 20 = 30: output contains the thoughts.
    "10, 20, 0, 8, 0, 30, 10, 0, 20, 8, false",
    // 10 + 20 + 8 = 38: the input contains the tool's prompt.
    "10, 20, 0, 8, 4, 38, 10, 0, 28, 8, false",
    // Told by nothing.
    "10, 20, 0, 8, 0, 33, 10, 0, 28, 8, true",
    // A total of 0 was not told.
    "15, 20, 5, 2, 0, 0, 10, 5, 22, 2, false"
  })
  void geminisTotalSaysWhatContainsWhat(
      long input,
      long output,
      long cached,
      long thoughts,
      long tool,
      long total,
      long uncached,
      long read,
      long answer,
      long reasoning,
      boolean flagged) {
    String line = GEMINI.formatted("gemini-2.5-pro", input, output, cached, thoughts, tool, total);
    CallDraft call = only(LogFormat.GEMINI_CLI, line);
    assertEquals(uncached, call.inputTokens);
    assertEquals(read, call.cacheReadTokens);
    assertEquals(answer, call.outputTokens);
    assertEquals(reasoning, call.reasoningTokens);
    assertEquals(flagged ? CallFlags.UNEXPLAINED : 0, call.flags);
    assertEquals("google", call.provider);
  }

  @Test
  void aSessionOfGeminiIsPrettyPrintedOrInLinesAndItsCopiesShareTheirId() {
    String head =
        json("{'sessionId':'s','projectHash':'p','startTime':'2026-05-01T00:00:00.000Z'}\n");
    String message = json(GEMINI.formatted("gemini-2.5-pro", 10, 20, 0, 0, 0, 30));
    SharedCall.checkDetected(
        LogFormat.GEMINI_CLI, (head + message).getBytes(StandardCharsets.UTF_8));
    Reading lines = Reading.of(LogFormat.GEMINI_CLI, head + message + message);
    assertEquals(2, lines.calls.size());
    assertTrue(sameId(lines.calls.get(0), lines.calls.get(1)));
    assertNotEquals(CallDraft.ABSENT, lines.calls.get(0).session);

    String pretty =
        head.strip()
            .replaceFirst("}$", ",\n \"messages\": [\n" + message + "]}")
            .replace(",", ",\n");
    SharedCall.checkDetected(LogFormat.GEMINI_CLI, pretty.getBytes(StandardCharsets.UTF_8));
    CallDraft call = Reading.onlyCall(LogFormat.GEMINI_CLI, pretty);
    assertTrue(sameId(call, lines.calls.get(0)), "the same session, before it became lines");
    assertEquals(lines.calls.get(0).session, call.session);
  }

  @Test
  void otherModelsInGeminisFormatNameNoProvider() {
    assertNull(
        only(LogFormat.GEMINI_CLI, GEMINI.formatted("qwen3-coder", 1, 2, 0, 0, 0, 3)).provider);
  }

  @Test
  void amp() {
    String thread =
        json(
            "{'id':'T-1','created':1775304000000,'messages':["
                + "{'role':'assistant','messageId':1,'usage':{'model':'m','inputTokens':100,"
                + "'outputTokens':20,'cacheReadInputTokens':7}},"
                + "{'role':'assistant','messageId':2,'usage':{'model':'m','inputTokens':50,"
                + "'outputTokens':10}},"
                + "{'role':'assistant','messageId':5,'usage':{'model':'m','inputTokens':0,"
                + "'outputTokens':0}}],"
                + "'usageLedger':{'events':[{'id':'e','timestamp':'2026-04-08T12:00:00Z','model':"
                + "'m','credits':0.75,'tokens':{'input':100,'output':20}}]}}");
    SharedCall.checkDetected(LogFormat.AMP, thread.getBytes(StandardCharsets.UTF_8));
    Reading reading = Reading.of(LogFormat.AMP, thread);
    assertEquals(2, reading.calls.size(), "the event and its message are one call");
    CallDraft both = reading.calls.get(0);
    assertEquals(1_775_649_600_000_000L, both.startedAtMicros, "the event's time");
    assertEquals(100, both.inputTokens);
    assertEquals(7, both.cacheReadTokens, "the message's cache");
    assertEquals(CallDraft.ABSENT, both.loggedNanoUsd, "credits are no dollars");
    CallDraft alone = reading.calls.get(1);
    assertEquals(1_775_304_000_000_000L, alone.startedAtMicros, "the thread's time");
    assertEquals(50, alone.inputTokens);
  }

  @Test
  void ampsTotalMayContainTheCache() {
    String usage =
        "{'id':'T','messages':[{'role':'assistant','usage':{'model':'gpt-5','inputTokens':100,"
            + "'outputTokens':20,'cacheReadInputTokens':70,'totalInputTokens':%d,"
            + "'timestamp':'2026-04-08T12:00:00Z'}}]}";
    assertEquals(30, only(LogFormat.AMP, usage.formatted(100)).inputTokens);
    assertEquals(100, only(LogFormat.AMP, usage.formatted(170)).inputTokens);
  }

  @Test
  void aBranchOfPiRepeatsItsParentAndATotalThatDoesNotFitIsFlagged() {
    String head =
        "{'type':'session','version':3,'id':'%s','timestamp':'2026-05-04T13:05:07.250Z','cwd':"
            + "'/repo/claims'}\n";
    String parent = head.formatted("s1") + PI.formatted("a", 3, 115) + PI.formatted("a", 4, 115);
    String branch = head.formatted("s2") + PI.formatted("a", 3, 115);
    Reading first = Reading.of(LogFormat.PI, json(parent));
    Reading second = Reading.of(LogFormat.PI, json(branch));
    SharedCall.checkDetected(LogFormat.PI, json(parent).getBytes(StandardCharsets.UTF_8));
    assertEquals(2, first.calls.size());
    assertTrue(sameId(first.calls.get(0), second.calls.get(0)));
    assertTrue(!sameId(first.calls.get(0), first.calls.get(1)), "ids are short");
    assertEquals(List.of("service=pi", "path=claims"), Reading.attributes(first.calls.get(0)));
    assertEquals(0, first.calls.get(0).flags);
    assertEquals(CallFlags.UNEXPLAINED, only(LogFormat.PI, PI.formatted("b", 5, 999)).flags);
  }

  private static CallDraft only(LogFormat format, String text) {
    return Reading.onlyCall(format, json(text));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static boolean sameId(CallDraft a, CallDraft b) {
    return a.hasId && b.hasId && a.idHigh == b.idHigh && a.idLow == b.idLow;
  }
}
