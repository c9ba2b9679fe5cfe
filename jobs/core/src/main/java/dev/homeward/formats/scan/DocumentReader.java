package dev.homeward.formats.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * JSON objects that span lines, one after the other or in an array, as records of bytes: found by
 * braces and quotes alone, so that an object the parser cannot read costs only itself. What stands
 * between objects and is no comma or bracket makes a record a line. An object that is never closed
 * takes the rest of the file.
 *
 * <p>Where the records stand in an array inside of an object, as pages of an API and exports have
 * them ({@code {"data":[...]}}), the keys on the way are given, and the items of the array are the
 * records: the object around them may be larger than memory. An object without such items is one
 * blank record.
 */
public final class DocumentReader implements JsonRecords {
  private static final int CHUNK = 1 << 16;
  private static final int MOST_OPEN = 64;

  private final InputStream in;
  private final int maxRecordBytes;
  private final byte[] chunk = new byte[CHUNK];
  private int at;
  private int end;
  private byte[] record = new byte[4096];
  private int length;
  private boolean tooLong;
  private long line = 1;
  private long recordLine;

  /** Keys on the way to the array of records. */
  private final byte[][] path;

  // What is open on the way: whether it is an array, and how many keys of the path lead to it.
  private final boolean[] isArray = new boolean[MOST_OPEN];
  private final int[] level = new int[MOST_OPEN];
  private int open;
  private boolean anyInside;

  public DocumentReader(InputStream in, int maxRecordBytes) {
    this(in, maxRecordBytes, List.of());
  }

  /**
   * @param path keys of objects, the outermost first; the last one's value is the array of records
   */
  public DocumentReader(InputStream in, int maxRecordBytes, List<String> path) {
    this.in = in;
    this.maxRecordBytes = maxRecordBytes;
    this.path =
        path.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  @Override
  public boolean next() throws IOException {
    length = 0;
    tooLong = false;
    while (true) {
      int c = open == 0 ? firstByte() : afterSpace();
      recordLine = line;
      if (c < 0) {
        boolean cutOff = open > 0;
        open = 0;
        if (cutOff) {
          // Read as what it is: an object that ends in the middle.
          keep('{');
        }
        return cutOff;
      }
      if (open == 0) {
        if (c == '{' && path.length > 0) {
          anyInside = false;
          open(false, 0);
          continue;
        }
        if (c == '{') {
          capture(c);
        } else {
          restOfLine(c);
        }
        return true;
      }
      if (inside(c)) {
        return true;
      }
    }
  }

  @Override
  public byte[] bytes() {
    return record;
  }

  @Override
  public int from() {
    return 0;
  }

  @Override
  public int to() {
    return length;
  }

  @Override
  public boolean tooLong() {
    return tooLong;
  }

  @Override
  public long lineNumber() {
    return recordLine;
  }

  /** The first byte that is not between records, taken; -1 at the end. */
  private int firstByte() throws IOException {
    while (true) {
      int c = read();
      boolean mark = c == 0xEF || c == 0xBB || c == 0xBF;
      boolean between = c == '[' || c == ']' || c == ',' || c == ' ' || c == '\t' || c == '\r';
      if (c == '\n') {
        line++;
      } else if (!between && !(mark && line == 1)) {
        return c;
      }
    }
  }

  // --- the way to the array of records

  /** Goes on from {@code c} in what is open; true where a record is there. */
  private boolean inside(int c) throws IOException {
    int top = open - 1;
    if (isArray[top]) {
      if (c == ']') {
        open--;
        return false;
      }
      return c == '}' ? lost(c) : value(c, level[top]);
    }
    if (c == '}') {
      open--;
      // Nothing in it is a record: it counts as a blank one.
      return open == 0 && !anyInside;
    }
    if (c != '"') {
      return lost(c);
    }
    boolean onTheWay = isKey(path[level[top]]);
    int colon = afterSpace();
    if (colon != ':') {
      return lost(colon);
    }
    int first = afterSpace();
    if (onTheWay) {
      return value(first, level[top] + 1);
    }
    skip(first);
    return false;
  }

  /** A value to which so many keys of the path lead; true where it is a record. */
  private boolean value(int c, int keys) throws IOException {
    boolean there = keys == path.length;
    boolean list = c == '[' && (!there || !isArray[open - 1]);
    if (list || c == '{' && !there) {
      open(c == '[', keys);
      return false;
    }
    if (!there || c != '{' && c != '[' && c != '"') {
      skip(c);
      return false;
    }
    anyInside = true;
    recordLine = line;
    capture(c);
    return true;
  }

  private void open(boolean array, int keys) {
    if (open == MOST_OPEN) {
      open = 0;
      return;
    }
    isArray[open] = array;
    level[open++] = keys;
  }

  /** What is here is no JSON: a line of it is a record, and reading starts anew behind it. */
  private boolean lost(int c) throws IOException {
    open = 0;
    if (c < 0) {
      keep('{');
    }
    restOfLine(c);
    return true;
  }

  /** Reads a key to behind its closing quote; whether it is the one. */
  private boolean isKey(byte[] key) throws IOException {
    int same = 0;
    boolean is = true;
    for (int c = read(); c >= 0 && c != '"'; c = read()) {
      is &= c != '\\' && same < key.length && (key[same] & 0xFF) == c;
      same++;
      line += c == '\n' ? 1 : 0;
      if (c == '\\') {
        read();
      }
    }
    return is && same == key.length;
  }

  /** The next byte that is no space and no comma, taken. */
  private int afterSpace() throws IOException {
    while (true) {
      int c = read();
      if (c == '\n') {
        line++;
      } else if (c != ' ' && c != '\t' && c != '\r' && c != ',') {
        return c;
      }
    }
  }

  /** Passes over the value that begins with {@code c}. */
  private void skip(int c) throws IOException {
    if (c == '{' || c == '[' || c == '"') {
      through(c, false);
      return;
    }
    int next = c;
    while (next >= 0 && next != ',' && next != '}' && next != ']' && next != '\n') {
      next = read();
    }
    if (next >= 0) {
      at--;
    }
  }

  // --- records

  private void capture(int opening) throws IOException {
    keep(opening);
    through(opening, true);
  }

  /** Reads to the end of the object, array or text that was opened. */
  private void through(int opening, boolean kept) throws IOException {
    boolean text = opening == '"';
    int depth = text ? 0 : 1;
    while (depth > 0 || text) {
      int c = read();
      if (c < 0) {
        // A record that is cut off says so itself.
        open = kept ? 0 : open;
        return;
      }
      if (kept) {
        keep(c);
      }
      if (c == '\n') {
        line++;
      } else if (text) {
        if (c == '\\') {
          int escaped = read();
          if (escaped < 0) {
            open = kept ? 0 : open;
            return;
          }
          if (kept) {
            keep(escaped);
          }
          line += escaped == '\n' ? 1 : 0;
        } else if (c == '"') {
          text = false;
        }
      } else if (c == '"') {
        text = true;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
  }

  private void restOfLine(int first) throws IOException {
    int c = first;
    while (c >= 0 && c != '\n') {
      keep(c);
      c = read();
    }
    line += c == '\n' ? 1 : 0;
  }

  private int read() throws IOException {
    if (at == end) {
      at = 0;
      end = in.read(chunk);
      if (end <= 0) {
        end = 0;
        return -1;
      }
    }
    return chunk[at++] & 0xFF;
  }

  private void keep(int c) {
    if (length >= maxRecordBytes) {
      tooLong = true;
      return;
    }
    if (length == record.length) {
      record = Arrays.copyOf(record, Math.min(record.length * 2, maxRecordBytes));
    }
    record[length++] = (byte) c;
  }
}
