package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.scan.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CodexTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  // UUIDs of version 7, each of a later time than the one before.
  private static final String PARENT = "01a00000-0001-7000-8000-000000000001";
  private static final String PARENT_TURN = "01a00000-0002-7000-8000-000000000002";
  private static final String FORK = "01a00000-0003-7000-8000-000000000003";
  private static final String FORK_TURN = "01a00000-0004-7000-8000-000000000004";

  @Test
  void theSharedExampleIsTheSharedCallAndItsRepeatedSnapshotIsNone() {
    byte[] bytes = Reading.shared("formats/codex_session.jsonl");
    SharedCall.checkDetected(LogFormat.CODEX, bytes);
    Reading reading = Reading.of(LogFormat.CODEX, Reading.NOTHING_GIVEN, bytes);
    assertEquals(List.of(), reading.rejections);
    assertEquals(1, reading.calls.size());
    assertEquals(2, reading.ignored, "the turn, the repeated snapshot");
    Map<String, Long> differing = new LinkedHashMap<>();
    // The line is written when the answer is done, 6.2 s after the start.
    differing.put("start", SharedCall.START_MICROS + 6_200_000);
    differing.put("duration", CallDraft.ABSENT);
    differing.put("ttft", CallDraft.ABSENT);
    differing.put("streamed", 0L);
    // The example is of a version without cache writes: they are uncached input.
    differing.put("input", 3_000L);
    differing.put("write5m", 0L);
    SharedCall.check(reading.calls.get(0), differing);
    assertEquals("gpt-5.3-codex", reading.calls.get(0).requestModel);
    assertFalse(reading.calls.get(0).hasId, "its session is not named");
  }

  @Test
  void theGoldenFileIsTheGoldenCall() {
    byte[] bytes = Reading.resource("codex.golden.jsonl");
    SharedCall.checkDetected(LogFormat.CODEX, bytes);
    Reading reading = Reading.of(LogFormat.CODEX, Reading.NOTHING_GIVEN, bytes);
    assertEquals(List.of(), reading.rejections);
    assertEquals(1, reading.calls.size());
    assertEquals(5, reading.ignored);
    CallDraft call = reading.calls.get(0);
    assertEquals(micros("2026-10-05T08:00:01.500Z"), call.startedAtMicros);
    assertEquals(1200, call.inputTokens);
    assertEquals(3000, call.cacheReadTokens);
    assertEquals(400, call.cacheWrite5mTokens);
    assertEquals(250, call.outputTokens);
    assertEquals(90, call.reasoningTokens);
    assertEquals("gpt-5-codex", call.requestModel);
    assertEquals("openai", call.provider);
    assertEquals(Ids.hash("session-1"), call.session);
    assertTrue(call.hasId);
    assertEquals(0, call.flags);
    assertEquals(5, call.sourceLine);
    assertEquals(List.of("service=codex", "path=golden"), Reading.attributes(call));
    String all = Reading.describe(call);
    for (String secret : List.of("someone", "prompt", "answer", "session-1")) {
      assertFalse(all.contains(secret), secret + " in " + all);
    }
  }

  /** The other route: the rounds that TraceLab itself made of the two sessions. */
  @ParameterizedTest
  @CsvSource({"CODEX, codex, codex_trace.json", "CLAUDE_CODE, claude, claude_trace.json"})
  void realSessionsGiveTheRoundsThatTraceLabFound(LogFormat format, String provider, String file)
      throws IOException {
    List<String> expected = new ArrayList<>();
    for (String line : shared("fixtures/tracelab/sanitized_round_trace.jsonl").split("\n")) {
      JsonNode round = MAPPER.readTree(line);
      if (round.path("provider").asText().equals(provider)) {
        long uncached = round.path("claude_uncached_input_tokens").asLong();
        long written = round.path("claude_cache_creation_input_tokens").asLong();
        long appended = round.path("newly_append_tokens").asLong();
        expected.add(
            "%s input %d read %d written %d output %d"
                .formatted(
                    round.path("model").asText(),
                    provider.equals("claude") ? uncached : appended,
                    round.path("prefix_tokens").asLong(),
                    written,
                    round.path("output_tokens").asLong()));
      }
    }
    byte[] bytes = withoutSeparators(shared("fixtures/tracelab/" + file));
    SharedCall.checkDetected(format, bytes);
    Reading reading = Reading.of(format, Reading.NOTHING_GIVEN, bytes);
    Map<String, CallDraft> largest = new LinkedHashMap<>();
    for (CallDraft call : reading.calls) {
      largest.merge(
          call.idHigh + "," + call.idLow, call, (a, b) -> b.outputTokens > a.outputTokens ? b : a);
    }
    List<String> found = new ArrayList<>();
    for (CallDraft call : largest.values()) {
      found.add(
          "%s input %d read %d written %d output %d"
              .formatted(
                  call.requestModel,
                  call.inputTokens,
                  call.cacheReadTokens,
                  call.cacheWrite5mTokens + call.cacheWrite1hTokens,
                  call.outputTokens));
    }
    assertEquals(List.of(), reading.rejections);
    assertTrue(expected.size() >= 9, "rounds of " + provider);
    assertEquals(expected, found);
  }

  @Test
  void aRealSessionAddsUpToTheTotalOnItsLastLine() throws IOException {
    String text = shared("fixtures/tracelab/codex_trace.json");
    JsonNode total = null;
    byte[] bytes = withoutSeparators(text);
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      JsonNode info = MAPPER.readTree(line).path("payload").path("info");
      total = info.has("total_token_usage") ? info.get("total_token_usage") : total;
    }
    Reading reading = Reading.of(LogFormat.CODEX, Reading.NOTHING_GIVEN, bytes);
    assertEquals(
        total.path("input_tokens").asLong(),
        reading.calls.stream().mapToLong(c -> c.inputTokens + c.cacheReadTokens).sum());
    assertEquals(
        total.path("cached_input_tokens").asLong(),
        reading.calls.stream().mapToLong(c -> c.cacheReadTokens).sum());
    assertEquals(
        total.path("output_tokens").asLong(),
        reading.calls.stream().mapToLong(c -> c.outputTokens).sum());
    assertEquals(
        total.path("reasoning_output_tokens").asLong(),
        reading.calls.stream().mapToLong(c -> c.reasoningTokens).sum());
    assertEquals(
        List.of("service=codex", "path=project"), Reading.attributes(reading.calls.get(0)));
  }

  @Test
  void whereTheLastUseIsMissingTheTotalsDifferenceStandsForIt() {
    Reading reading =
        read(
            turn("m"),
            count(1, null, usage(100, 60, 10)),
            count(2, null, usage(250, 150, 30)),
            count(3, null, usage(250, 150, 30)),
            // The count began anew.
            count(4, null, usage(40, 0, 5)));
    assertEquals(List.of(), reading.rejections);
    assertEquals(
        List.of("40+60>10", "60+90>20", "40+0>5"),
        reading.calls.stream()
            .map(c -> c.inputTokens + "+" + c.cacheReadTokens + ">" + c.outputTokens)
            .toList());
  }

  @Test
  void aSessionMayUseMoreThanOneCallCan() {
    String total = usage(3_000_000_000L, 0, 20);
    Reading reading = read(turn("m"), count(1, usage(100, 60, 10), total));
    assertEquals(40, reading.calls.get(0).inputTokens);
  }

  @Test
  void bookkeepingOfCompactionsIsNoCall() {
    String estimate = "{\"input_tokens\":0,\"output_tokens\":0,\"total_tokens\":9000}";
    Reading reading =
        read(
            turn("m"),
            count(1, usage(100, 60, 10), usage(100, 60, 10)),
            count(2, estimate, usage(100, 60, 10)),
            count(3, estimate, "{\"total_tokens\":258400}"));
    assertEquals(1, reading.calls.size());
  }

  @Test
  void recordsOfAnswersReplaceTheEventsAndHaveTheAnswersId() {
    String record =
        line(
            2,
            "token_usage_record",
            "{\"thread_id\":\"%s\",\"turn_id\":\"t\",\"response_id\":\"resp_1\",\"usage\":%s}"
                .formatted(PARENT, usage(100, 60, 10)));
    String[] old = {
      meta(PARENT), turn("m"), count(1, usage(50, 0, 5), usage(50, 0, 5)),
    };
    Reading reading =
        read(old[0], old[1], old[2], record, count(3, usage(100, 60, 10), usage(150, 60, 15)));
    assertEquals(2, reading.calls.size());
    assertEquals(50, reading.calls.get(0).inputTokens);
    assertEquals(60, reading.calls.get(1).cacheReadTokens);
    CallDraft elsewhere = read(turn("m"), record).calls.get(0);
    assertEquals(elsewhere.idHigh, reading.calls.get(1).idHigh);
    assertEquals(elsewhere.idLow, reading.calls.get(1).idLow);
  }

  /** A session of two calls is forked after the first; the fork makes one call of its own. */
  @Test
  void aForkDoesNotRepeatWhatItsParentUsed() {
    String first = count(5, usage(100, 0, 10), usage(100, 0, 10));
    String copied = count(30, usage(100, 0, 10), usage(100, 0, 10));
    String own = count(31, usage(120, 100, 7), usage(220, 100, 17));
    Reading fork =
        read(meta(FORK), meta(PARENT), turn("m", PARENT_TURN), copied, turn("n", FORK_TURN), own);
    assertEquals(1, fork.calls.size());
    assertEquals(7, fork.calls.get(0).outputTokens);
    assertEquals("n", fork.calls.get(0).requestModel);
    assertEquals(Ids.hash(FORK), fork.calls.get(0).session);
    assertEquals(2, read(meta(PARENT), turn("m", PARENT_TURN), first, own).calls.size());
    String record =
        line(
            30,
            "token_usage_record",
            "{\"thread_id\":\"%s\",\"response_id\":\"r\",\"usage\":%s}"
                .formatted(PARENT, usage(1, 0, 1)));
    assertEquals(0, read(meta(FORK), meta(PARENT), turn("m", FORK_TURN), record).calls.size());
    assertEquals(1, read(meta(PARENT), turn("m", PARENT_TURN), record).calls.size());
  }

  @Test
  void whatIsDatedBeforeTheSessionIsItsParents() {
    String meta = line(20, "session_meta", "{\"id\":\"s\",\"timestamp\":\"2026-05-04T13:00:20Z\"}");
    Reading reading =
        read(
            meta,
            turn("m"),
            count(5, usage(100, 0, 10), usage(100, 0, 10)),
            count(25, usage(120, 0, 7), usage(220, 0, 17)));
    assertEquals(1, reading.calls.size());
    assertEquals(7, reading.calls.get(0).outputTokens);
  }

  @Test
  void oneFileInTwoPlacesGivesTheSameIds() {
    String[] lines = {meta(PARENT), turn("m"), count(1, usage(9, 0, 1), usage(9, 0, 1))};
    CallDraft one = read(lines).calls.get(0);
    CallDraft two = read(lines).calls.get(0);
    assertTrue(one.hasId);
    assertEquals(one.idHigh, two.idHigh);
    assertEquals(one.idLow, two.idLow);
  }

  @Test
  void theModelIsThatOfTheTurnAndMayBeGiven() {
    Reading reading =
        read(
            turn("m"),
            count(1, usage(9, 0, 1), usage(9, 0, 1)),
            turn("n"),
            count(2, usage(9, 0, 1), usage(18, 0, 2)));
    assertEquals(List.of("m", "n"), reading.calls.stream().map(c -> c.requestModel).toList());
    String alone = count(1, usage(9, 0, 1), usage(9, 0, 1));
    assertEquals(Reason.MISSING_MODEL, Reading.onlyRejection(LogFormat.CODEX, alone).reason());
    Reading given =
        Reading.of(LogFormat.CODEX, Reading.GIVEN, alone.getBytes(StandardCharsets.UTF_8));
    assertEquals("given-model", given.calls.get(0).requestModel);
    assertEquals(CallFlags.GIVEN_BY_USER, given.calls.get(0).flags);
  }

  @Test
  void theOrderOfKeysDoesNotMatter() throws IOException {
    StringBuilder sorted = new StringBuilder();
    for (String line : List.of(turn("m"), count(1, usage(9, 0, 1), usage(9, 0, 1)))) {
      JsonNode node = MAPPER.readTree(line);
      sorted.append(
          "{\"payload\":%s,\"timestamp\":%s,\"type\":%s}\n"
              .formatted(node.get("payload"), node.get("timestamp"), node.get("type")));
    }
    assertEquals(1, Reading.of(LogFormat.CODEX, sorted.toString()).calls.size());
  }

  @Test
  void aFileIsNeverSplit() {
    assertFalse(LogFormat.CODEX.isSplittable(JsonLayout.LINES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"input_tokens\":9|\"input_tokens\":\"9\"|WRONG_TYPE",
        "\"input_tokens\":9|\"input_tokens\":-9|NEGATIVE_TOKENS",
        "\"input_tokens\":9|\"x\":9|INCOMPLETE_USAGE",
        "\"cached_input_tokens\":3|\"cached_input_tokens\":10|CACHE_EXCEEDS_INPUT",
        "\"output_tokens\":2|\"output_tokens\":2,\"reasoning_output_tokens\":3|REASONING_EXCEEDS_OUTPUT",
        "\"last_token_usage\":{|\"last_token_usage\":7,\"x\":{|WRONG_TYPE",
        "\"2026-05-04T13:00:01Z\"|\"noon\"|INVALID_TIME",
        "\"2026-05-04T13:00:01Z\"|5|WRONG_TYPE",
        "\"2026-05-04T13:00:01Z\"|null|MISSING_TIME"
      })
  void damagedFieldsAreRejectedWithTheirReason(String field, String damaged, Reason reason) {
    String text = count(1, usage(9, 3, 2), usage(99, 3, 22));
    assertTrue(text.contains(field));
    Reading reading = read(turn("m"), text.replace(field, damaged));
    assertEquals(1, reading.rejections.size());
    assertEquals(reason, reading.rejections.get(0).reason());
    assertTrue(reading.calls.isEmpty());
  }

  private static Reading read(String... lines) {
    return Reading.of(LogFormat.CODEX, String.join("\n", lines));
  }

  private static String meta(String id) {
    return line(0, "session_meta", "{\"id\":\"%s\"}".formatted(id));
  }

  private static String turn(String model) {
    return line(0, "turn_context", "{\"model\":\"%s\"}".formatted(model));
  }

  private static String turn(String model, String id) {
    return line(0, "turn_context", "{\"model\":\"%s\",\"turn_id\":\"%s\"}".formatted(model, id));
  }

  private static String count(int second, String last, String total) {
    return line(
        second,
        "event_msg",
        "{\"type\":\"token_count\",\"info\":{%s\"total_token_usage\":%s}}"
            .formatted(last == null ? "" : "\"last_token_usage\":" + last + ",", total));
  }

  private static String usage(long input, long cached, long output) {
    return "{\"input_tokens\":%d,\"cached_input_tokens\":%d,\"output_tokens\":%d}"
        .formatted(input, cached, output);
  }

  private static String line(int second, String type, String payload) {
    return "{\"timestamp\":\"2026-05-04T13:00:%02dZ\",\"type\":\"%s\",\"payload\":%s}"
        .formatted(second, type, payload);
  }

  private static String shared(String name) {
    return new String(Reading.shared(name), StandardCharsets.UTF_8);
  }

  /** TraceLab's file for human eyes as the program wrote it: one record a line. */
  private static byte[] withoutSeparators(String text) throws IOException {
    StringBuilder lines = new StringBuilder();
    String[] records = text.split("(?m)^===== record \\d+ =====$");
    for (int i = 1; i < records.length; i++) {
      lines.append(MAPPER.readTree(records[i])).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static long micros(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }
}
