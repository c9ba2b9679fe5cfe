package dev.homeward.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VisibleTextTest {
  /** Java's own tables of characters are the other route: none of these kinds gets through. */
  @Test
  void nothingThatCommandsATerminalTurnsTextOrHidesGetsThrough() {
    List<String> through = new ArrayList<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      int type = Character.getType(c);
      boolean bad =
          type == Character.CONTROL
              || type == Character.FORMAT
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR
              || type == Character.SURROGATE;
      String text = "a" + new String(Character.toChars(c)) + "b";
      if (bad && VisibleText.of(text).equals(text)) {
        through.add("U+%04X".formatted(c));
      }
    }
    assertEquals(List.of(), through);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain name",
        "Größe",
        "日本語",
        "\ud83d\ude80 rockets",
        "❤️",
        "עברית",
        "e\u0301",
        "C:\\logs"
      })
  void whatPeopleWriteStays(String text) {
    assertEquals(text, VisibleText.of(text));
    assertEquals(text, VisibleText.nameOf(text));
  }

  @Test
  void theRestIsWrittenOut() {
    assertEquals("\\u001b[2Jgone", VisibleText.of("\u001b[2Jgone"));
    assertEquals("a\\u000ab\\u0009c", VisibleText.of("a\nb\tc"));
    assertEquals("a\nb\\u0009c", VisibleText.ofLines("a\nb\tc"));
    assertEquals("\\u202egpj.exe", VisibleText.of("\u202egpj.exe"));
    assertEquals("x\\u{e0041}", VisibleText.of("x" + Character.toString(0xE0041)));
    assertEquals("half \\ud83d", VisibleText.of("half \ud83d"));
    assertEquals("gpt-4o\\ufe0f", VisibleText.of("gpt-4o\ufe0f"), "no symbol before it");
  }

  /** Also where the letters of an escape stand in the log. */
  @Test
  void differentNamesStayDifferent() {
    assertNotEquals(VisibleText.nameOf("a\u001b"), VisibleText.nameOf("a\\u001b"));
    assertNotEquals(VisibleText.nameOf("a\\u001b"), VisibleText.nameOf("a\\u005cu001b"));
    String start = "x".repeat(120);
    assertNotEquals(shortName(start + "1"), shortName(start + "2"));
    String rockets = "\ud83d\ude80".repeat(70);
    assertNotEquals(shortName(rockets), shortName(rockets + "!"));
    // Pieces that could be taken for one another, in every order, drawn with a fixed seed.
    String[] pieces = {
      "\\", "u", "0", "001b", "\\u001b", "\u001b", "{e0041}", "\u200b", "\\u200b", "\ud83d"
    };
    Random random = new Random(12);
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 200_000; i++) {
      StringBuilder name = new StringBuilder("n");
      for (int n = random.nextInt(7); n >= 0; n--) {
        name.append(pieces[random.nextInt(pieces.length)]);
      }
      String other = seen.putIfAbsent(VisibleText.nameOf(name.toString()), name.toString());
      assertTrue(other == null || other.contentEquals(name), other + " and " + name);
    }
  }

  @Test
  void aLongNameIsCutBetweenCharactersAndEndsInItsHash() {
    String name = shortName("a".repeat(106) + "\ud83d\ude80".repeat(20));
    assertTrue(name.matches("a{106}~[0-9a-f]{12}"), name);
    assertEquals("b".repeat(120), shortName("b".repeat(120)));
    assertEquals(120, shortName("b".repeat(121)).length());
    assertEquals("", shortName(" \n\t\u2028"));
  }

  /** What is made visible twice is what is made visible once: reports may do it again. */
  @Test
  void visibleTextIsLeftAlone() {
    String once = VisibleText.of("\u001b[31m\u202ered\\u001b");
    assertEquals(once, VisibleText.of(once));
  }

  private static String shortName(String name) {
    return VisibleText.shortNameOf(name, VisibleText.LONGEST_NAME);
  }
}
