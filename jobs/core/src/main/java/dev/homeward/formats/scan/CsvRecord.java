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
 * The fields of one CSV record (RFC 4180) as bytes, reused from record to record. A field becomes a
 * String only when an adapter asks for it, so texts of prompts and answers never do.
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
        if (i < to && line[i] != ',') {
          return State.BROKEN;
        }
      } else if (i < to && line[i] == '"') {
        open = true;
        i++;
        continue;
      } else {
        while (i < to && line[i] != ',') {
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

  private int start(int field) {
    return field == 0 ? 0 : ends[field - 1];
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
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
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
