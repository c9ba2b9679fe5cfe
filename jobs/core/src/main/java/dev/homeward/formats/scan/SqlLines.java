package dev.homeward.formats.scan;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The bytes of a dump in SQL, one after the other, with what its tokens need: names in any quotes,
 * texts with doubled quotes and, as MySQL writes them, with backslashes.
 */
public final class SqlLines {
  private static final int LONGEST_NAME = 200;

  /** The end of a line, and of the file. */
  public static final int LINE = '\n';

  public static final int END = -1;

  private final LineReader lines;
  private final Runnable nextLine;
  private int at;
  private int to = -1;
  private boolean more = true;
  private boolean backslashes;

  /**
   * @param nextLine run before each line after the first, and at the end
   */
  public SqlLines(LineReader lines, Runnable nextLine) {
    this.lines = lines;
    this.nextLine = nextLine;
  }

  /** Goes to the beginning of the next line; false at the end. */
  public boolean advance() throws IOException {
    if (to >= 0) {
      nextLine.run();
    }
    more = more && lines.next();
    at = more ? lines.from() : 0;
    to = more ? (lines.tooLong() ? at : lines.to()) : -1;
    return more;
  }

  public long line() {
    return lines.lineNumber();
  }

  public boolean isTooLong() {
    return more && lines.tooLong();
  }

  /** Whether what comes on this line is this, in any case. */
  public boolean comes(String text) {
    if (at + text.length() > to) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.toLowerCase((char) lines.bytes()[at + i])
          != Character.toLowerCase(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The same anywhere on this line. */
  public boolean holds(String text) {
    int before = at;
    boolean found = false;
    for (; at + text.length() <= to && !found; at++) {
      found = comes(text);
    }
    at = before;
    return found;
  }

  /** Whether a statement begins here that inserts. */
  public boolean isInsert() {
    return comes("insert into ") || comes("insert ignore into ") || comes("replace into ");
  }

  /** Backslashes in texts escape what follows from here on. */
  public void escapeByBackslash() {
    backslashes = true;
  }

  /** The next byte, not taken; {@link #LINE} at the end of a line, {@link #END} at that of all. */
  public int peek() {
    return !more ? END : at < to ? lines.bytes()[at] & 0xFF : LINE;
  }

  /** Takes the next byte. */
  public int take() throws IOException {
    int c = peek();
    if (c == LINE) {
      advance();
    } else if (c != END) {
      at++;
    }
    return c;
  }

  public void skipSpace() throws IOException {
    for (int c = peek(); c == ' ' || c == '\t' || c == LINE; c = peek()) {
      take();
    }
  }

  /** The same without going to another line. */
  public void skipSpaceOnLine() throws IOException {
    for (int c = peek(); c == ' ' || c == '\t'; c = peek()) {
      take();
    }
  }

  /** A word of letters, in small ones; empty if none comes. */
  public String word() throws IOException {
    StringBuilder word = new StringBuilder();
    for (int c = peek(); isWord(c); c = peek()) {
      if (word.length() < LONGEST_NAME) {
        word.append((char) c);
      }
      take();
    }
    return word.toString().toLowerCase(Locale.ROOT);
  }

  /** A name, in quotes or not; empty if none comes. */
  public String name() throws IOException {
    int c = peek();
    if (c == '"' || c == '`' || c == '[') {
      backslashes |= c == '`';
      ByteArrayOutputStream name = new ByteArrayOutputStream();
      take();
      quoted(c == '[' ? ']' : c, name, LONGEST_NAME, false);
      return name.toString(StandardCharsets.UTF_8);
    }
    StringBuilder name = new StringBuilder();
    for (; isWord(c) || c > 127; c = peek()) {
      if (name.length() < LONGEST_NAME) {
        name.append((char) c);
      }
      take();
    }
    return name.toString();
  }

  /** A name behind those of its database and schema. */
  public String lastName() throws IOException {
    String name = name();
    while (peek() == '.') {
      take();
      name = name();
    }
    return name;
  }

  private static boolean isWord(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  /**
   * A text whose opening quote was taken, to behind its closing one.
   *
   * @param most bytes that are kept
   * @param escaped whether its own form has backslashes (PostgreSQL's {@code E'...'})
   * @return false if the file, or {@code most}, ends before it does, or a line begins that inserts
   */
  public boolean quoted(int quote, ByteArrayOutputStream into, int most, boolean escaped)
      throws IOException {
    while (into.size() <= most) {
      int c = take();
      if (c == END || c == LINE && isInsert()) {
        return false;
      }
      if (c == quote) {
        if (peek() != quote) {
          return true;
        }
        take();
      } else if (c == '\\' && quote == '\'' && (escaped || backslashes)) {
        c = escape(take());
      }
      if (c != END) {
        into.write(c);
      }
    }
    return false;
  }

  private static int escape(int c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case '0' -> 0;
      case 'Z' -> 0x1A;
      default -> c;
    };
  }
}
