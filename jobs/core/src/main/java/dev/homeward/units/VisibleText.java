package dev.homeward.units;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Text from logs and settings, made safe to print. A name in a log can hold anything: escape
 * sequences that command a terminal, line ends that forge a row, marks that turn the direction of
 * writing or take no room at all. Such a character is written as a backslash, {@code u} and its
 * four hexadecimal digits, beyond U+FFFF in braces; every other character, emoji and any script,
 * stays as it is.
 *
 * <p>Which characters these are is fixed here by code points and not asked of the Java that runs,
 * so that the same log gives the same bytes on every version of Java.
 */
public final class VisibleText {
  /** Longest name of a workload, a class or an owner. */
  public static final int LONGEST_NAME = 120;

  /** Longest name of a hosted model: resource names of clouds are longer than names people give. */
  public static final int LONGEST_MODEL = 300;

  private static final int HASH_DIGITS = 12;

  /** Text that already looks like one of the escapes. */
  private static final Pattern LIKE_ESCAPE =
      Pattern.compile("\\\\(?=u(?:[0-9a-f]{4}|\\{[0-9a-f]{1,6}\\}))");

  /** Follows a symbol to ask for its colourful form; anywhere else it takes no room. */
  private static final int EMOJI_STYLE = 0xFE0F;

  private static final int FIRST_SYMBOL = 0x203C;

  /** First and last code points of what is never printed: see the comments at the ends of lines. */
  private static final int[][] HIDDEN = {
    {0x0000, 0x001F}, // controls: escape, line ends, tab
    {0x007F, 0x009F}, // delete and the controls of eight-bit terminals
    {0x00AD, 0x00AD}, // soft hyphen
    {0x034F, 0x034F}, // grapheme joiner
    {0x0600, 0x0605}, // format characters of Arabic and Syriac
    {0x061C, 0x061C}, // Arabic letter mark
    {0x06DD, 0x06DD},
    {0x070F, 0x070F},
    {0x0890, 0x0891},
    {0x08E2, 0x08E2},
    {0x115F, 0x1160}, // fillers that take no room
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F}, // no width; marks of direction
    {0x2028, 0x202E}, // line and paragraph separators; embeddings and overrides of direction
    {0x2060, 0x206F}, // joiners; isolates of direction
    {0x3164, 0x3164},
    {0xD800, 0xDFFF}, // halves of a character
    {0xFDD0, 0xFDEF}, // never characters
    {0xFE00, 0xFE0F}, // variation selectors
    {0xFEFF, 0xFEFF}, // byte order mark
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF},
    {0x110BD, 0x110BD},
    {0x110CD, 0x110CD},
    {0x13430, 0x1345F}, // joiners of hieroglyphs
    {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF}, // tags: a whole hidden alphabet
  };

  private VisibleText() {}

  /** The text with what cannot be seen written out; a text that was made visible stays the same. */
  public static String of(String text) {
    return escaped(text, false);
  }

  /** The same for a text of several lines, whose line feeds stay. */
  public static String ofLines(String text) {
    return escaped(text, true);
  }

  /**
   * A name as results show it, not shortened. Different names stay different: one that holds the
   * letters of an escape has its backslash escaped.
   */
  public static String nameOf(String logged) {
    String plain =
        logged.indexOf('\\') < 0 ? logged : LIKE_ESCAPE.matcher(logged).replaceAll("\\\\u005c");
    return of(plain);
  }

  /**
   * A name as results show it, without white space around it, at most so many characters long. What
   * is longer ends in {@code ~} and the first twelve digits of its SHA-256, so that names with a
   * common start stay different. Empty if the name is nothing but white space.
   */
  public static String shortNameOf(String logged, int longest) {
    String name = nameOf(logged.strip());
    if (name.length() <= longest) {
      return name;
    }
    int end = longest - HASH_DIGITS - 1;
    if (Character.isHighSurrogate(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(0, end) + "~" + sha256(logged.strip()).substring(0, HASH_DIGITS);
  }

  private static String escaped(String text, boolean keepsLineFeeds) {
    int from = firstHidden(text, keepsLineFeeds);
    if (from == text.length()) {
      return text;
    }
    StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, from);
    int before = from == 0 ? 0 : text.codePointBefore(from);
    for (int i = from; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (isHidden(c, before) && !(keepsLineFeeds && c == '\n')) {
        visible.append(c <= 0xFFFF ? "\\u%04x".formatted(c) : "\\u{%x}".formatted(c));
      } else {
        visible.appendCodePoint(c);
      }
      before = c;
      i += Character.charCount(c);
    }
    return visible.toString();
  }

  /** Where the first character that must be written out stands; the length if none must. */
  private static int firstHidden(String text, boolean keepsLineFeeds) {
    int before = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (isHidden(c, before) && !(keepsLineFeeds && c == '\n')) {
        return i;
      }
      before = c;
      i += Character.charCount(c);
    }
    return text.length();
  }

  private static boolean isHidden(int c, int before) {
    if (c >= 0x20 && c < 0x7F || c == EMOJI_STYLE && before >= FIRST_SYMBOL) {
      return false;
    }
    for (int[] range : HIDDEN) {
      if (c <= range[1]) {
        return c >= range[0];
      }
    }
    return (c & 0xFFFE) == 0xFFFE;
  }

  private static String sha256(String text) {
    try {
      // UTF-16, because UTF-8 has one form for all halves of a character.
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.UTF_16BE)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
