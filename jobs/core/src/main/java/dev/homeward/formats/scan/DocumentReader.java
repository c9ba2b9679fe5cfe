package dev.homeward.formats.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * JSON objects that span lines, one after the other or in an array, as records of bytes: found by
 * braces and quotes alone, so that an object the parser cannot read costs only itself. What stands
 * between objects and is no comma or bracket makes a record a line. An object that is never closed
 * takes the rest of the file.
 */
public final class DocumentReader implements JsonRecords {
  private static final int CHUNK = 1 << 16;

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

  public DocumentReader(InputStream in, int maxRecordBytes) {
    this.in = in;
    this.maxRecordBytes = maxRecordBytes;
  }

  @Override
  public boolean next() throws IOException {
    length = 0;
    tooLong = false;
    int c = firstByte();
    if (c < 0) {
      return false;
    }
    recordLine = line;
    if (c == '{') {
      object();
    } else {
      restOfLine(c);
    }
    return true;
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

  private void object() throws IOException {
    keep('{');
    int depth = 1;
    boolean text = false;
    while (depth > 0) {
      int c = read();
      if (c < 0) {
        return;
      }
      keep(c);
      if (c == '\n') {
        line++;
      } else if (text) {
        if (c == '\\') {
          int escaped = read();
          if (escaped < 0) {
            return;
          }
          keep(escaped);
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
