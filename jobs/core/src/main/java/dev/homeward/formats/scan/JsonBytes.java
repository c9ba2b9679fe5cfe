package dev.homeward.formats.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON into an array of bytes that is used again and again. Texts are copied byte by byte
 * and never become Strings: they may be prompts.
 */
public final class JsonBytes {
  private static final int LONGEST_NUMBER = 40;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private final JsonScanner scanner = new JsonScanner();
  private byte[] bytes = new byte[1024];
  private int length;

  /** Whether the next value or name must be parted from the one before. */
  private boolean comma;

  public void clear() {
    length = 0;
    comma = false;
  }

  /** Holds what was written from 0 to {@link #length}; until it is cleared. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** Opens an object or an array. */
  public void open(char bracket) {
    part();
    put((byte) bracket);
    comma = false;
  }

  public void close(char bracket) {
    put((byte) bracket);
    comma = true;
  }

  public void name(String name) {
    text(name.getBytes(StandardCharsets.UTF_8));
    put((byte) ':');
    comma = false;
  }

  /** Writes a number or a word of JSON as it stands. */
  public void raw(String value) {
    byte[] of = value.getBytes(StandardCharsets.US_ASCII);
    raw(of, 0, of.length);
  }

  public void text(byte[] text) {
    text(text, 0, text.length);
  }

  public void text(byte[] text, int from, int to) {
    part();
    put((byte) '"');
    for (int i = from; i < to; i++) {
      byte c = text[i];
      if (c == '"' || c == '\\') {
        put((byte) '\\');
        put(c);
      } else if (c >= 0 && c < ' ') {
        put((byte) '\\');
        put((byte) 'u');
        put((byte) '0');
        put((byte) '0');
        put(HEX[c >> 4]);
        put(HEX[c & 15]);
      } else {
        put(c);
      }
    }
    put((byte) '"');
    comma = true;
  }

  /** Writes a text that may hold a JSON object or array, which then counts as one. */
  public void textOrObject(byte[] text, int from, int to) {
    if (isObject(text, from, to)) {
      raw(text, from, to);
    } else {
      text(text, from, to);
    }
  }

  /** Writes a field of a table: a number, a truth value, an object or an array, else a text. */
  public void field(byte[] text, int from, int to) {
    if (isNumber(text, from, to)
        || Arrays.equals(text, from, to, TRUE, 0, TRUE.length)
        || Arrays.equals(text, from, to, FALSE, 0, FALSE.length)
        || isObject(text, from, to)) {
      raw(text, from, to);
    } else {
      text(text, from, to);
    }
  }

  private void raw(byte[] value, int from, int to) {
    part();
    for (int i = from; i < to; i++) {
      put(value[i]);
    }
    comma = true;
  }

  private void part() {
    if (comma) {
      put((byte) ',');
    }
    comma = false;
  }

  private void put(byte c) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = c;
  }

  private boolean isObject(byte[] text, int from, int to) {
    if (from == to || text[from] != '{' && text[from] != '[') {
      return false;
    }
    scanner.reset(text, from, to);
    try {
      scanner.nextToken();
      scanner.skipChildren();
      return scanner.nextToken() == null;
    } catch (IOException e) {
      // Damaged, or a text that only begins like one.
      return false;
    }
  }

  private static boolean isNumber(byte[] text, int from, int to) {
    if (to - from > LONGEST_NUMBER) {
      return false;
    }
    int i = from < to && text[from] == '-' ? from + 1 : from;
    int digits = digits(text, i, to);
    if (digits == i || text[i] == '0' && digits > i + 1) {
      return false;
    }
    i = digits;
    if (i < to && text[i] == '.') {
      digits = digits(text, i + 1, to);
      if (digits == i + 1) {
        return false;
      }
      i = digits;
    }
    if (i < to && (text[i] == 'e' || text[i] == 'E')) {
      i++;
      i += i < to && (text[i] == '-' || text[i] == '+') ? 1 : 0;
      digits = digits(text, i, to);
      if (digits == i) {
        return false;
      }
      i = digits;
    }
    return i == to;
  }

  private static int digits(byte[] text, int from, int to) {
    int i = from;
    while (i < to && text[i] >= '0' && text[i] <= '9') {
      i++;
    }
    return i;
  }
}
