package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClaudeCodeTest {
  private static final String LINE =
      "{\"type\":\"assistant\",\"timestamp\":\"2026-10-05T08:00:01Z\",\"sessionId\":\"s\",\"message\":{\"id\":\"i\",\"model\":\"claude-x\",\"usage\":{%s}}}";

  /** The other route: a tree of each line, and maps. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ae4a77f8-aedd-4bc1-888f-c94edc91af04.jsonl",
        "ae4a77f8-aedd-4bc1-888f-c94edc91af04/subagents/agent-aac57f5.jsonl",
        "ae4a77f8-aedd-4bc1-888f-c94edc91af04/subagents/agent-acompact-946d2b.jsonl",
        "short.jsonl",
        "tool_heavy.jsonl"
      })
  void realTranscriptsReadAsATreeReadsThem(String file) throws IOException {
    byte[] bytes = Reading.shared("fixtures/claude-code/" + file);
    Reading reading = Reading.of(LogFormat.CLAUDE_CODE, Reading.NOTHING_GIVEN, bytes);
    assertEquals(
        Optional.of(LogFormat.CLAUDE_CODE), FormatDetection.detect(bytes, bytes.length).format());

    ObjectMapper mapper = new ObjectMapper();
    Map<String, Long> expected = new HashMap<>();
    Map<String, long[]> largest = new HashMap<>();
    int other = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      JsonNode node = mapper.readTree(line);
      JsonNode usage = node.path("message").path("usage");
      if (!node.path("type").asText().equals("assistant") || usage.isMissingNode()) {
        other++;
        continue;
      }
      expected.merge("lines", 1L, Long::sum);
      expected.merge("input", usage.path("input_tokens").asLong(), Long::sum);
      expected.merge("read", usage.path("cache_read_input_tokens").asLong(), Long::sum);
      expected.merge("write", usage.path("cache_creation_input_tokens").asLong(), Long::sum);
      expected.merge("output", usage.path("output_tokens").asLong(), Long::sum);
      expected.merge(
          "time",
          ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(node.path("timestamp").asText())),
          Long::sum);
      long total = usage.path("output_tokens").asLong();
      largest.merge(
          node.path("message").path("id").asText() + "/" + node.path("requestId").asText(),
          new long[] {total},
          (a, b) -> a[0] >= b[0] ? a : b);
    }
    Map<String, Long> seen = new HashMap<>();
    Map<String, Long> seenLargest = new HashMap<>();
    for (CallDraft call : reading.calls) {
      seen.merge("lines", 1L, Long::sum);
      seen.merge("input", call.inputTokens, Long::sum);
      seen.merge("read", call.cacheReadTokens, Long::sum);
      seen.merge("write", call.cacheWrite5mTokens + call.cacheWrite1hTokens, Long::sum);
      seen.merge("output", call.outputTokens, Long::sum);
      seen.merge("time", call.startedAtMicros, Long::sum);
      seenLargest.merge(
          call.idHigh + "," + call.idLow + "," + call.idSecond, call.outputTokens, Math::max);
    }
    assertEquals(List.of(), reading.rejections);
    assertEquals(expected, seen);
    assertEquals(other, reading.ignored);
    assertEquals(largest.size(), seenLargest.size(), "calls, not lines");
    assertEquals(
        largest.values().stream().mapToLong(v -> v[0]).sum(),
        seenLargest.values().stream().mapToLong(v -> v).sum(),
        "output of the largest copy of each call");
  }

  @Test
  void theFlatCacheFieldCountsWhereTheBreakdownIsMissingOrZero() {
    String flat = "\"input_tokens\":1,\"output_tokens\":2,\"cache_creation_input_tokens\":50";
    assertEquals(50, call(flat).cacheWrite5mTokens);
    String zero =
        ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":0}";
    assertEquals(50, call(flat + zero).cacheWrite5mTokens);
    String hour =
        ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":50}";
    assertEquals(0, call(flat + hour).cacheWrite5mTokens);
    assertEquals(50, call(flat + hour).cacheWrite1hTokens);
  }

  @Test
  void cacheMayBeLargerThanInputBecauseTheyAreDisjoint() {
    CallDraft call =
        call("\"input_tokens\":3,\"output_tokens\":2,\"cache_read_input_tokens\":90000");
    assertEquals(3, call.inputTokens);
    assertEquals(90_000, call.cacheReadTokens);
  }

  @Test
  void usageWithoutCountsIsMissingAndNotZero() {
    CallDraft call = call("\"service_tier\":\"standard\"");
    assertEquals(CallFlags.MISSING_USAGE, call.flags);
    assertEquals(CallDraft.ABSENT, call.inputTokens);
    assertEquals(CallDraft.ABSENT, call.outputTokens);
  }

  @Test
  void aHomeDirectoryIsNobodysRepository() {
    for (String home : List.of("/home/alice", "/Users/alice/", "C:\\\\Users\\\\alice")) {
      CallDraft call = withDirectory(home);
      assertEquals(List.of("service=claude-code"), Reading.attributes(call), home);
    }
    assertTrue(
        Reading.attributes(withDirectory("C:\\\\Users\\\\alice\\\\shop")).contains("path=shop"));
  }

  @Test
  void linesOfUsersAndOfTheProgramItselfAreIgnored() {
    String usage = "\"input_tokens\":1,\"output_tokens\":1";
    String user = LINE.formatted(usage).replace("\"assistant\"", "\"user\"");
    String error =
        LINE.formatted(usage).replace("\"sessionId\"", "\"isApiErrorMessage\":true,\"sessionId\"");
    String synthetic = LINE.formatted(usage).replace("claude-x", "<synthetic>");
    Reading reading = Reading.of(LogFormat.CLAUDE_CODE, String.join("\n", user, error, synthetic));
    assertEquals(3, reading.ignored);
    assertEquals(3, reading.records());
  }

  private static CallDraft call(String usage) {
    return Reading.onlyCall(LogFormat.CLAUDE_CODE, LINE.formatted(usage));
  }

  private static CallDraft withDirectory(String directory) {
    return Reading.onlyCall(
        LogFormat.CLAUDE_CODE,
        LINE.formatted("\"input_tokens\":1,\"output_tokens\":1")
            .replace("\"sessionId\"", "\"cwd\":\"" + directory + "\",\"sessionId\""));
  }
}
