package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cutting a file of JSON lines anywhere neither loses nor doubles a record, nor its line number.
 */
final class SplitTest {
  private static final String RECORD =
      "{\"started_at\":\"2026-10-05T08:00:0%d.5Z\",\"request_model\":\"m-é\",\"input_tokens\":%d,\"output_tokens\":1}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s\n%s\n%s\n",
        "%s\n%s\n%s",
        "%s\r\n%s\r\n%s\r\n",
        "\n\n%s\n\n\n%s\n{broken\n%s\n\n",
        "\r\n%s\r\n\r\n%s\r\n \t\r\n%s",
        "\uFEFF%s\n\uFEFF%s\n%s\n",
        "%s\n%s\nnot json\n%s"
      })
  void everyPairOfSplitPointsGivesTheSameRecords(String pattern) {
    String text =
        pattern.formatted(RECORD.formatted(1, 11), RECORD.formatted(2, 22), RECORD.formatted(3, 3));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> whole = new ArrayList<>();
    int ignored = add(whole, bytes, 0, Long.MAX_VALUE, 0);

    for (int first = 1; first < bytes.length; first++) {
      for (int second = first; second <= bytes.length; second += 37) {
        List<String> parts = new ArrayList<>();
        int blank = add(parts, bytes, 0, first, 0);
        blank += add(parts, bytes, first, second, linesStartedIn(bytes, 0, first));
        blank += add(parts, bytes, second, bytes.length, linesStartedIn(bytes, 0, second));
        assertEquals(whole, parts, "split at " + first + " and " + second);
        assertEquals(ignored, blank, "blank lines, split at " + first + " and " + second);
      }
    }
  }

  private static int add(List<String> into, byte[] bytes, long start, long end, long linesBefore) {
    Reading reading =
        Reading.range(LogFormat.CANONICAL_JSONL, Reading.NOTHING_GIVEN, bytes, start, end);
    List<String> mine = new ArrayList<>();
    for (CallDraft call : reading.calls) {
      call.sourceLine += linesBefore;
      mine.add("%06d %s".formatted(call.sourceLine, Reading.describe(call)));
    }
    for (Rejection r : reading.rejections) {
      mine.add("%06d %s %s".formatted(r.line() + linesBefore, r.reason(), r.detail()));
    }
    mine.sort(null);
    into.addAll(mine);
    return reading.ignored;
  }

  // The rule that LogReader states: newlines in [start - 1, end - 1), and the line at byte 0.
  private static long linesStartedIn(byte[] bytes, int start, int end) {
    long lines = start == 0 ? 1 : 0;
    for (int i = Math.max(0, start - 1); i < end - 1; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
    }
    return lines;
  }
}
