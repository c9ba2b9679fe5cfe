package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The one call that every example under ../shared/data/formats holds, written here by hand from its
 * description: 2,000 uncached, 8,000 read from and 1,000 written to the cache, 500 out of which 200
 * reasoning; first token after 850 ms, done after 6.2 s, 2026-05-04T13:05:07.250Z, streamed.
 */
final class SharedCall {
  static final long START_MICROS =
      ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-05-04T13:05:07.250Z"));

  private SharedCall() {}

  /**
   * Fails unless the draft is that call.
   *
   * @param differing what the format cannot say or says otherwise, by field: {@code start,
   *     duration, ttft, input, cacheRead, write5m, write1h, output, reasoning, streamed}; ABSENT
   *     where it is silent
   */
  static void check(CallDraft call, Map<String, Long> differing) {
    Map<String, Long> expected = new LinkedHashMap<>();
    expected.put("start", START_MICROS);
    expected.put("duration", 6_200_000L);
    expected.put("ttft", 850_000L);
    expected.put("input", 2_000L);
    expected.put("cacheRead", 8_000L);
    expected.put("write5m", 1_000L);
    expected.put("write1h", 0L);
    expected.put("output", 500L);
    expected.put("reasoning", 200L);
    expected.put("streamed", 1L);
    assertEquals(Set.of(), unknown(expected, differing), "fields of SharedCall");
    expected.putAll(differing);
    Map<String, Long> found = new LinkedHashMap<>();
    found.put("start", call.startedAtMicros);
    found.put("duration", call.durationMicros);
    found.put("ttft", call.ttftMicros);
    found.put("input", call.inputTokens);
    found.put("cacheRead", call.cacheReadTokens);
    found.put("write5m", call.cacheWrite5mTokens);
    found.put("write1h", call.cacheWrite1hTokens);
    found.put("output", call.outputTokens);
    found.put("reasoning", call.reasoningTokens);
    found.put("streamed", (call.flags & CallFlags.STREAMED) == 0 ? 0L : 1L);
    assertEquals(new TreeMap<>(expected), new TreeMap<>(found));
    assertEquals(CallStatus.SUCCESS, call.status);
  }

  private static Set<String> unknown(Map<String, Long> known, Map<String, Long> named) {
    Set<String> unknown = new java.util.TreeSet<>(named.keySet());
    unknown.removeAll(known.keySet());
    return unknown;
  }

  /** Fails unless the bytes are told to be of the format by their content. */
  static void checkDetected(LogFormat format, byte[] bytes) {
    if (format.isMapped()) {
      // Told by a mapping, or by what the columns are called, which is no format.
      assertEquals(format, OwnTable.of(bytes).format());
      return;
    }
    int head = Math.min(bytes.length, FormatDetection.HEAD_BYTES);
    assertEquals(Optional.of(format), FormatDetection.detect(bytes, head).format());
  }
}
