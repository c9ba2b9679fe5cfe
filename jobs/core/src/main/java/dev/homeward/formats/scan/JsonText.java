package dev.homeward.formats.scan;

/**
 * JSON that stands inside of a JSON text, as tools that fetch logs write records. A text without
 * its escapes is never longer than with them, so it is decoded where it stands and no record is
 * copied.
 */
public final class JsonText {
  private static final int REPLACEMENT = 0xFFFD;

  private JsonText() {}

  /**
   * Decodes the escapes of a text in its place.
   *
   * @param from first byte behind the opening quote
   * @param to its closing quote, or where the text was cut off
   * @return the end of the decoded text, which begins at {@code from}
   */
  public static int unescape(byte[] bytes, int from, int to) {
    int read = from;
    while (read < to && bytes[read] != '\\') {
      read++;
    }
    int write = read;
    while (read < to) {
      byte c = bytes[read++];
      if (c != '\\' || read >= to) {
        bytes[write++] = c;
        continue;
      }
      byte escaped = bytes[read++];
      switch (escaped) {
        case 'b' -> bytes[write++] = '\b';
        case 'f' -> bytes[write++] = '\f';
        case 'n' -> bytes[write++] = '\n';
        case 'r' -> bytes[write++] = '\r';
        case 't' -> bytes[write++] = '\t';
        case 'u' -> {
          int unit = hex(bytes, read, to);
          read = Math.min(read + 4, to);
          int low = -1;
          if (Character.isHighSurrogate((char) unit)
              && read + 1 < to
              && bytes[read] == '\\'
              && bytes[read + 1] == 'u') {
            low = hex(bytes, read + 2, to);
          }
          boolean pair = low >= 0 && Character.isLowSurrogate((char) low);
          read = pair ? Math.min(read + 6, to) : read;
          int point = pair ? Character.toCodePoint((char) unit, (char) low) : unit;
          boolean half = !pair && Character.isSurrogate((char) unit);
          write = put(bytes, write, half ? REPLACEMENT : point);
        }
        default -> bytes[write++] = escaped;
      }
    }
    return write;
  }

  /**
   * Where an object begins in a text that may have something before it, such as a time and a level:
   * the first brace that a quote or another brace follows; -1 if there is none.
   */
  public static int objectStart(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != '{') {
        continue;
      }
      int next = i + 1;
      while (next < to && isSpace(bytes[next])) {
        next++;
      }
      if (next == to || bytes[next] == '"' || bytes[next] == '}') {
        return i;
      }
    }
    return -1;
  }

  static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private static int hex(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < to ? Character.digit(bytes[i], 16) : -1;
      if (digit < 0) {
        return REPLACEMENT;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private static int put(byte[] bytes, int at, int point) {
    int i = at;
    if (point < 0x80) {
      bytes[i++] = (byte) point;
    } else if (point < 0x800) {
      bytes[i++] = (byte) (0xC0 | point >> 6);
      bytes[i++] = (byte) (0x80 | point & 0x3F);
    } else if (point < 0x10000) {
      bytes[i++] = (byte) (0xE0 | point >> 12);
      bytes[i++] = (byte) (0x80 | point >> 6 & 0x3F);
      bytes[i++] = (byte) (0x80 | point & 0x3F);
    } else {
      bytes[i++] = (byte) (0xF0 | point >> 18);
      bytes[i++] = (byte) (0x80 | point >> 12 & 0x3F);
      bytes[i++] = (byte) (0x80 | point >> 6 & 0x3F);
      bytes[i++] = (byte) (0x80 | point & 0x3F);
    }
    return i;
  }
}
