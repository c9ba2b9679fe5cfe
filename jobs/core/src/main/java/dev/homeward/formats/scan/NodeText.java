package dev.homeward.formats.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Objects as Node.js prints them for people ({@code console.dir}, which OpenTelemetry's console
 * exporter calls), read as the JSON that they stand for: keys without quotes, texts in single
 * quotes and in pieces, and words that JSON does not have.
 *
 * <pre>
 * {
 *   traceId: '5b8a...',
 *   parentSpanContext: undefined,
 *   attributes: { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 2000 },
 *   events: [ [Object] ]
 * }
 * </pre>
 *
 * <p>{@code undefined}, {@code [Object]} and the like are null; names of classes before a brace are
 * passed over, and so is everything outside of objects. A brace at the beginning of a line begins
 * an object, so that one that was cut off costs itself only. Lines stay lines.
 */
public final class NodeText extends InputStream {
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
  private static final int CHUNK = 1 << 15;
  private static final int LONGEST_WORD = 256;
  private static final int LONGEST_PIECE = 1 << 25;
  private static final int END = -1;
  private static final int NONE = -2;

  private final InputStream in;
  private final byte[] chunk = new byte[CHUNK];
  private int at;
  private int filled;
  private int back = NONE;

  // What is ready to be handed out.
  private byte[] out = new byte[1024];
  private int length;
  private int given;

  private int depth;
  private boolean lineStart = true;

  public NodeText(InputStream in) {
    this.in = in;
  }

  /**
   * Whether a line begins an object of this kind: a brace alone, and a key without quotes below.
   */
  public static boolean begins(byte[] head, int from, int to) {
    int i = from;
    if (i >= to || head[i] != '{' || i > 0 && head[i - 1] != '\n') {
      return false;
    }
    for (i++; i < to && (head[i] == ' ' || head[i] == '\r' || head[i] == '\n'); ) {
      i++;
    }
    int name = i;
    while (i < to && isWord(head[i])) {
      i++;
    }
    return i > name && i - name < LONGEST_WORD && i < to && head[i] == ':';
  }

  @Override
  public int read() throws IOException {
    while (given == length) {
      given = 0;
      length = 0;
      if (!step()) {
        return END;
      }
    }
    return out[given++] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    int count = 0;
    while (count < most) {
      if (given == length && count > 0) {
        break;
      }
      int c = read();
      if (c < 0) {
        break;
      }
      into[from + count++] = (byte) c;
    }
    return count == 0 && most > 0 ? END : count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Takes the next piece; false at the end. */
  private boolean step() throws IOException {
    boolean first = lineStart;
    int c = next();
    lineStart = c == '\n';
    if (c < 0) {
      return false;
    }
    if (c == '\n') {
      put(c);
    } else if (first && c == '{') {
      // What was open before was cut off: it ends here, and must not pass for whole.
      if (depth > 0) {
        put('!');
      }
      for (; depth > 0; depth--) {
        put('}');
      }
      depth = 1;
      put(c);
    } else if (depth == 0) {
      return true;
    } else if (c == '\'' || c == '"' || c == '`') {
      text(c);
    } else if (c == '[') {
      bracket();
    } else if (c == '<') {
      through('>');
    } else if (c == '.') {
      // "... 3 more items"
      rest();
      put("null");
    } else if (c == '-' || c >= '0' && c <= '9') {
      number(c);
    } else if (isWord((byte) c)) {
      word(c);
    } else {
      depth += c == '{' ? 1 : c == '}' || c == ']' ? -1 : 0;
      put(c);
    }
    return true;
  }

  /** A text, with the pieces that are added to it. */
  private void text(int quote) throws IOException {
    put('"');
    int lines = 0;
    int mark = quote;
    while (true) {
      piece(mark);
      int c = next();
      while (c == ' ') {
        c = next();
      }
      if (c != '+') {
        unread(c);
        break;
      }
      c = next();
      while (c == ' ' || c == '\n' || c == '\r') {
        lines += c == '\n' ? 1 : 0;
        c = next();
      }
      if (c != '\'' && c != '"' && c != '`') {
        unread(c);
        break;
      }
      mark = c;
    }
    put('"');
    for (; lines > 0; lines--) {
      put('\n');
    }
    cutOff();
  }

  // "'abc'... 20 more characters"
  private void cutOff() throws IOException {
    int c = next();
    if (c == '.') {
      rest();
    } else {
      unread(c);
    }
  }

  private void piece(int quote) throws IOException {
    for (int c = next(); c >= 0 && c != quote; c = next()) {
      if (c == '\\') {
        escape(next());
      } else if (c == '"') {
        put("\\\"");
      } else if (c < ' ') {
        put("\\u%04x".formatted(c));
      } else {
        put(c);
      }
    }
  }

  private void escape(int c) throws IOException {
    switch (c) {
      case 'n', 'r', 't', 'b', 'f', '\\', 'u' -> {
        put('\\');
        put(c);
      }
      case '"' -> put("\\\"");
      case 'x' -> {
        put("\\u00");
        put(next());
        put(next());
      }
      case 'v' -> put("\\u000b");
      case END -> {
        // The file ends here.
      }
      default -> put(c);
    }
  }

  /** A list, or a thing that is only named, such as {@code [Object]}. */
  private void bracket() throws IOException {
    int c = next();
    if (!isLetter(c)) {
      unread(c);
      depth++;
      put('[');
      return;
    }
    through(']');
    c = next();
    while (c == ' ') {
      c = next();
    }
    unread(c);
    if (c != '{' && c != '[') {
      put("null");
    }
  }

  private void through(int last) throws IOException {
    int c = next();
    while (c >= 0 && c != last && c != '\n') {
      c = next();
    }
    if (c == '\n') {
      unread(c);
    }
  }

  /** Passes over what stands before the next comma, bracket or line. */
  private void rest() throws IOException {
    int c = next();
    while (c >= 0 && c != ',' && c != ']' && c != '}' && c != '\n') {
      c = next();
    }
    unread(c);
  }

  /** A number; a date is a text. */
  private void number(int first) throws IOException {
    StringBuilder word = new StringBuilder().append((char) first);
    int c = next();
    while (c >= 0 && (isWord((byte) c) || c == '.' || c == ':' || c == '+' || c == '-')) {
      if (word.length() < LONGEST_WORD) {
        word.append((char) c);
      }
      c = next();
    }
    unread(c);
    String number = word.toString();
    if (number.endsWith("n")) {
      number = number.substring(0, number.length() - 1);
    }
    if (NUMBER.matcher(number).matches()) {
      put(number);
    } else {
      put(number.equals("-Infinity") ? "null" : '"' + number + '"');
    }
  }

  /** A key, a word of JSON, the name of a class, or a value that JSON has no word for. */
  private void word(int first) throws IOException {
    StringBuilder word = new StringBuilder().append((char) first);
    int c = next();
    while (c >= 0 && isWord((byte) c)) {
      if (word.length() < LONGEST_WORD) {
        word.append((char) c);
      }
      c = next();
    }
    String name = word.toString();
    if (c == '(') {
      // Symbol(x), Map(2)
      through(')');
      c = next();
    }
    if (c == ':') {
      put('"' + name + "\":");
      return;
    }
    while (c == ' ') {
      c = next();
    }
    unread(c);
    if (c == '{' || c == '[') {
      return;
    }
    put(name.equals("true") || name.equals("false") ? name : "null");
  }

  private static boolean isLetter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isWord(byte c) {
    return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '$';
  }

  private int next() throws IOException {
    if (back != NONE) {
      int c = back;
      back = NONE;
      return c;
    }
    if (at == filled) {
      at = 0;
      filled = Math.max(0, in.read(chunk));
      if (filled == 0) {
        return END;
      }
    }
    return chunk[at++] & 0xFF;
  }

  private void unread(int c) {
    back = c;
    lineStart = false;
  }

  private void put(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      put(b & 0xFF);
    }
  }

  private void put(int c) {
    // A piece without end must not fill the memory: what is left out of it damages its record.
    if (c < 0 || length == LONGEST_PIECE) {
      return;
    }
    if (length == out.length) {
      out = Arrays.copyOf(out, length * 2);
    }
    out[length++] = (byte) c;
  }
}
