package dev.homeward.units;

import java.util.ArrayList;
import java.util.List;

/**
 * Text laid out in the columns of a terminal: how many a text takes, padding, cutting, wrapping.
 *
 * <p>A character takes one column; a combining mark none; a wide one (Chinese, Japanese, Korean,
 * full-width forms, emoji) two. The wide ranges are those of Unicode's East Asian Width (UAX 11,
 * version 16) rounded to whole blocks: an unassigned character in such a block counts as wide.
 */
public final class Columns {
  /** First and last code points of what takes two columns. */
  private static final int[][] WIDE = {
    {0x1100, 0x115F},
    {0x231A, 0x231B},
    {0x2329, 0x232A},
    {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},
    {0x23F3, 0x23F3},
    {0x25FD, 0x25FE},
    {0x2614, 0x2615},
    {0x2630, 0x2637},
    {0x2648, 0x2653},
    {0x267F, 0x267F},
    {0x268A, 0x268F},
    {0x2693, 0x2693},
    {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},
    {0x26BD, 0x26BE},
    {0x26C4, 0x26C5},
    {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},
    {0x26EA, 0x26EA},
    {0x26F2, 0x26F3},
    {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},
    {0x26FD, 0x26FD},
    {0x2705, 0x2705},
    {0x270A, 0x270B},
    {0x2728, 0x2728},
    {0x274C, 0x274C},
    {0x274E, 0x274E},
    {0x2753, 0x2755},
    {0x2757, 0x2757},
    {0x2795, 0x2797},
    {0x27B0, 0x27B0},
    {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},
    {0x2B50, 0x2B50},
    {0x2B55, 0x2B55},
    {0x2E80, 0x303E},
    {0x3041, 0x4DBF},
    {0x4E00, 0xA4CF},
    {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE10, 0xFE19},
    {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x16FE0, 0x18DFF},
    {0x1AFF0, 0x1B2FF},
    {0x1D300, 0x1D37F},
    {0x1F004, 0x1F004},
    {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E},
    {0x1F191, 0x1F19A},
    {0x1F200, 0x1F320},
    {0x1F32D, 0x1F335},
    {0x1F337, 0x1F37C},
    {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA},
    {0x1F3CF, 0x1F3D3},
    {0x1F3E0, 0x1F3F0},
    {0x1F3F4, 0x1F3F4},
    {0x1F3F8, 0x1F43E},
    {0x1F440, 0x1F440},
    {0x1F442, 0x1F4FC},
    {0x1F4FF, 0x1F53D},
    {0x1F54B, 0x1F54E},
    {0x1F550, 0x1F567},
    {0x1F57A, 0x1F57A},
    {0x1F595, 0x1F596},
    {0x1F5A4, 0x1F5A4},
    {0x1F5FB, 0x1F64F},
    {0x1F680, 0x1F6C5},
    {0x1F6CC, 0x1F6CC},
    {0x1F6D0, 0x1F6D2},
    {0x1F6D5, 0x1F6D7},
    {0x1F6DC, 0x1F6DF},
    {0x1F6EB, 0x1F6EC},
    {0x1F6F4, 0x1F6FC},
    {0x1F7E0, 0x1F7EB},
    {0x1F7F0, 0x1F7F0},
    {0x1F90C, 0x1F93A},
    {0x1F93C, 0x1F945},
    {0x1F947, 0x1F9FF},
    {0x1FA70, 0x1FAFF},
    {0x20000, 0x3FFFD},
  };

  private Columns() {}

  /** How many columns a text takes. */
  public static int of(String text) {
    int columns = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      columns += of(c);
      i += Character.charCount(c);
    }
    return columns;
  }

  /** The text with spaces behind it, so that it takes at least so many columns. */
  public static String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - of(text)));
  }

  /** The text with spaces before it, so that it takes at least so many columns. */
  public static String paddedLeft(String text, int columns) {
    return " ".repeat(Math.max(0, columns - of(text))) + text;
  }

  /** The text, or as much of it as fits with a {@code ~} behind it. */
  public static String cut(String text, int columns) {
    if (fitting(text, columns) == text.length()) {
      return text;
    }
    int end = fitting(text, columns - 1);
    return text.substring(0, end) + "~";
  }

  /**
   * The text in lines of at most so many columns, broken at spaces. A word that is longer than a
   * line stands on a line of its own, whole, so that it can be copied.
   *
   * @param indent what the second and later lines begin with; shorter than a line
   */
  public static List<String> wrapped(String text, int columns, String indent) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    String before = "";
    while (true) {
      int end = fitting(rest, columns - of(before));
      if (end == rest.length()) {
        break;
      }
      int firstWord = wordFrom(rest);
      int at = rest.lastIndexOf(' ', end);
      if (at < firstWord) {
        // Not even one word fits: the line ends behind it.
        at = rest.indexOf(' ', firstWord);
      }
      if (at < 0) {
        break;
      }
      String line = before + rest.substring(0, at);
      rest = rest.substring(at + 1);
      before = indent;
      lines.add(line);
    }
    lines.add(before + rest);
    return lines;
  }

  /** Where the first character stands that is no space. */
  private static int wordFrom(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  /** The end of what fits into so many columns, behind the marks that combine with it. */
  private static int fitting(String text, int columns) {
    int end = 0;
    int taken = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      if (taken + of(c) > columns) {
        break;
      }
      taken += of(c);
      end += Character.charCount(c);
    }
    return end;
  }

  private static int of(int c) {
    if (c < 0x300) {
      return 1;
    }
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    for (int[] range : WIDE) {
      if (c <= range[1]) {
        return c >= range[0] ? 2 : 1;
      }
    }
    return 1;
  }
}
