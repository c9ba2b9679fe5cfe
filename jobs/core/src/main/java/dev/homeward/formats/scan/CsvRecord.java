package dev.homeward.formats.scan;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fields of one record of a table as bytes, reused from record to record: CSV (RFC 4180) with a
 * comma or another separator, or a row of PostgreSQL's COPY. A field becomes a String only when an
 * adapter asks for it, so texts of prompts and answers never do.
 */
public final class CsvRecord {
  /** What the lines taken so far make. */
  public enum State {
    COMPLETE,
    /** A quote is open: the record goes on with the next line. */
    OPEN,
    /** Text follows a closing quote. */
    BROKEN
  }

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private byte[] bytes = new byte[4096];
  private int length;
  private int[] ends = new int[64];
  private int size;
  private boolean open;
  private final byte separator;

  /** Fields between commas. */
  public CsvRecord() {
    this(',');
  }

  /**
   * @param separator an ASCII character. Where it is a semicolon, a comma between digits is a
   *     decimal one: programs that write the one write the other
   */
  public CsvRecord(char separator) {
    this.separator = (byte) separator;
  }

  /** Starts over with the first line of a record, without its line end. */
  public State begin(byte[] line, int from, int to) {
    length = 0;
    size = 0;
    open = false;
    return take(line, from, to);
  }

  /** Goes on with the next line of a record that is open. */
  public State more(byte[] line, int from, int to) {
    put((byte) '\n');
    return take(line, from, to);
  }

  private State take(byte[] line, int from, int to) {
    int i = from;
    while (true) {
      if (open) {
        while (true) {
          if (i == to) {
            return State.OPEN;
          }
          byte c = line[i++];
          if (c != '"') {
            put(c);
          } else if (i < to && line[i] == '"') {
            put(c);
            i++;
          } else {
            open = false;
            break;
          }
        }
        if (i < to && line[i] != separator) {
          return State.BROKEN;
        }
      } else if (i < to && line[i] == '"') {
        open = true;
        i++;
        continue;
      } else {
        while (i < to && line[i] != separator) {
          put(line[i++]);
        }
      }
      endField();
      if (i == to) {
        return State.COMPLETE;
      }
      i++;
    }
  }

  /**
   * Takes a row of COPY in PostgreSQL's text form: fields between tabs, with escapes. NULL is an
   * empty field.
   */
  public void copy(byte[] line, int from, int to) {
    length = 0;
    size = 0;
    open = false;
    int i = from;
    while (i <= to) {
      if (i == to || line[i] == '\t') {
        endField();
        i++;
      } else if (line[i] != '\\' || i + 1 == to) {
        put(line[i++]);
      } else {
        i = escape(line, i + 1, to);
      }
    }
  }

  /** Takes what stands behind a backslash; gives where to go on. */
  private int escape(byte[] line, int at, int to) {
    byte c = line[at];
    if (c >= '0' && c <= '7') {
      int value = 0;
      int i = at;
      while (i < to && i < at + 3 && line[i] >= '0' && line[i] <= '7') {
        value = value * 8 + (line[i++] - '0');
      }
      put((byte) value);
      return i;
    }
    switch (c) {
      case 'N' -> {}
      case 'b' -> put((byte) '\b');
      case 'f' -> put((byte) '\f');
      case 'n' -> put((byte) '\n');
      case 'r' -> put((byte) '\r');
      case 't' -> put((byte) '\t');
      case 'v' -> put((byte) 0x0B);
      default -> put(c);
    }
    return at + 1;
  }

  /** Starts over without a field, to be filled with {@link #add}. */
  public void clear() {
    length = 0;
    size = 0;
    open = false;
  }

  /** Adds a field; null is an empty one. */
  public void add(byte[] field) {
    if (field != null) {
      for (byte c : field) {
        put(c);
      }
    }
    endField();
  }

  private void put(byte c) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = c;
  }

  private void endField() {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size * 2);
    }
    ends[size++] = length;
  }

  /** Number of fields. */
  public int size() {
    return size;
  }

  /** Where a field begins in {@link #bytes}. */
  public int start(int field) {
    return field == 0 ? 0 : ends[field - 1];
  }

  /** Where a field ends. */
  public int end(int field) {
    return ends[field];
  }

  /** Holds the fields; of the record's own, to be read until the next one is taken. */
  public byte[] bytes() {
    return bytes;
  }

  public boolean isEmpty(int field) {
    return start(field) == ends[field];
  }

  /** The field as a text, empty if it is empty. */
  public String text(int field) throws RejectedRecord {
    int from = start(field);
    int to = ends[field];
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        try {
          return utf8.decode(ByteBuffer.wrap(bytes, from, to - from)).toString();
        } catch (CharacterCodingException e) {
          throw new RejectedRecord(Reason.NOT_UTF8, "field %d is not UTF-8".formatted(field + 1));
        }
      }
    }
    String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    return separator == ';' && isDecimal(from, to) ? text.replace(',', '.') : text;
  }

  /** Whether the field is digits, a comma, and digits again. */
  private boolean isDecimal(int from, int to) {
    int commas = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] == ',') {
        commas++;
      } else if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return commas == 1 && bytes[from] != ',' && bytes[to - 1] != ',';
  }

  /** A parser of the JSON that the field holds. */
  public JsonParser json(int field) throws IOException {
    return Json.FACTORY.createParser(bytes, start(field), ends[field] - start(field));
  }

  /** All fields as texts: for a header. */
  public String[] texts() throws RejectedRecord {
    String[] texts = new String[size];
    for (int i = 0; i < size; i++) {
      texts[i] = text(i);
    }
    return texts;
  }
}
