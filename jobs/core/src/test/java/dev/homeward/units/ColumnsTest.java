package dev.homeward.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

final class ColumnsTest {
  private static final String INDENT = "    ";

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    assertEquals(3, Columns.of("abc"));
    assertEquals(6, Columns.of("日本語"));
    assertEquals(2, Columns.of("\ud83d\ude80"));
    assertEquals(1, Columns.of("e\u0301"));
    assertEquals("日本  |", Columns.padded("日本", 6) + "|");
    assertEquals("  日本", Columns.paddedLeft("日本", 6));
    assertEquals("日~", Columns.cut("日本語", 4), "two and two do not fit beside the sign");
    assertEquals("e\u0301e\u0301~", Columns.cut("e\u0301".repeat(4), 3));
  }

  /** Bedrock's names of inference profiles have no space in more than a line. */
  @Test
  void aWordLongerThanALineStandsOnALineOfItsOwn() {
    String arn =
        "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/" + "x".repeat(80);
    assertEquals(
        List.of("      Violation:", INDENT + arn, INDENT + "of someone"),
        Columns.wrapped("      Violation: " + arn + " of someone", 120, INDENT));
    assertEquals(List.of(arn), Columns.wrapped(arn, 20, INDENT));
  }

  /** Every width, words of every length: it ends, loses nothing, and no line could be shorter. */
  @Test
  void wrappingLosesNothingAndKeepsTheWidth() {
    Random random = new Random(3);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(" ".repeat(random.nextInt(7)));
            for (int n = random.nextInt(12); n >= 0; n--) {
              text.append("日x\ud83d\ude80".repeat(1 + random.nextInt(40)), 0, 1)
                  .append("w".repeat(random.nextInt(60)))
                  .append(" ".repeat(1 + random.nextInt(2)));
            }
            int width = INDENT.length() + 1 + random.nextInt(130);
            List<String> lines = Columns.wrapped(text.toString(), width, INDENT);
            assertEquals(text.toString().replace(" ", ""), String.join("", lines).replace(" ", ""));
            for (String line : lines) {
              assertTrue(
                  Columns.of(line) <= width || !line.strip().contains(" "),
                  width + " columns: " + line);
            }
          }
        });
  }

  @Test
  void aLongTextIsWrappedInNoTime() {
    String text = "word ".repeat(200_000);
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> Columns.wrapped(text, 120, INDENT));
  }
}
