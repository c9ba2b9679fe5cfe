package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Samples;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.JsonText;
import dev.homeward.formats.scan.PackedText;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.List;

/**
 * Finds the records inside of a JSON value, by the keys that lead to them, and reads each. A record
 * is read where it stands; one that is JSON in a text is decoded in its place first, so that
 * nothing of it is copied and what no adapter asks for never becomes a String.
 *
 * <p>Arrays on the way are stepped through. An object {@code {"field": K, "value": V}}, as
 * CloudWatch Insights writes the columns of a row, stands for {@code {K: V}}. A text that holds no
 * object is no record: groups of logs hold lines of other programs too. A text that is gzip in
 * base64 is unpacked. A value without any record is no call.
 */
final class Unwrapper {
  /** Texts inside of texts; more is no log. */
  private static final int MOST_TEXTS = 4;

  private final RecordReader records;
  private final Sink sink;
  private final List<String> path;
  private final JsonScanner[] scanners = new JsonScanner[MOST_TEXTS];
  private int inTexts;
  private int found;
  private long line;

  /**
   * @param path keys that lead to the records; none where a value is a record, or a text that holds
   *     one
   */
  Unwrapper(RecordReader records, Sink sink, List<String> path) {
    this.records = records;
    this.sink = sink;
    this.path = path;
  }

  /** Reads the records in the value that stands in {@code bytes[from, to)}, and may change it. */
  void read(byte[] bytes, int from, int to, long atLine) {
    line = atLine;
    found = 0;
    inTexts = 0;
    if (path.isEmpty() && bytes[from] == '{') {
      records.read(bytes, from, to, line);
      return;
    }
    try {
      inside(bytes, from, to, 0);
      if (found == 0) {
        sink.ignored();
      }
    } catch (RejectedRecord e) {
      sink.rejected(
          new Rejection(e.reason(), line, e.getMessage(), Samples.ofJson(bytes, from, to)));
    }
  }

  private void inside(byte[] bytes, int from, int to, int keys) throws RejectedRecord {
    JsonScanner p = scanners[inTexts];
    if (p == null) {
      p = new JsonScanner();
      scanners[inTexts] = p;
    }
    p.reset(bytes, from, to);
    try {
      p.nextToken();
      value(p, keys);
      if (p.nextToken() != null) {
        throw new RejectedRecord(
            Reason.MALFORMED_JSON, "text after the end of what is around the records");
      }
    } catch (IOException e) {
      throw JsonDamage.rejection(e, "what is around the records");
    }
  }

  private void value(JsonScanner p, int keys) throws IOException, RejectedRecord {
    JsonToken token = p.currentToken();
    if (token == JsonToken.START_ARRAY) {
      while (p.nextToken() != JsonToken.END_ARRAY) {
        value(p, keys);
      }
    } else if (token == JsonToken.VALUE_STRING) {
      text(p, keys);
    } else if (token == JsonToken.START_OBJECT && keys == path.size()) {
      int start = p.position() - 1;
      p.skipChildren();
      found++;
      records.read(p.bytes(), start, p.position(), line);
    } else if (token == JsonToken.START_OBJECT) {
      members(p, keys);
    }
  }

  private void members(JsonScanner p, int keys) throws IOException, RejectedRecord {
    String key = path.get(keys);
    boolean named = false;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String name = p.currentName();
      boolean wanted = name.equals(key) || named && name.equals("value");
      JsonToken token = p.nextToken();
      if (wanted) {
        value(p, keys + 1);
      } else {
        named |= name.equals("field") && token == JsonToken.VALUE_STRING && isText(p, key);
        p.skipChildren();
      }
    }
  }

  private static boolean isText(JsonScanner p, String text) {
    return p.to() - p.from() == text.length() && p.getText().equals(text);
  }

  private void text(JsonScanner p, int keys) throws RejectedRecord {
    byte[] bytes = p.bytes();
    int from = p.from();
    // The scanner has passed the text, so that its place may be used.
    int end = JsonText.unescape(bytes, from, p.to());
    if (PackedText.is(bytes, from, end)) {
      bytes = PackedText.unpacked(bytes, from, end, LogReader.MAX_RECORD_BYTES);
      from = 0;
      end = bytes.length;
    }
    int start = JsonText.objectStart(bytes, from, end);
    if (start < 0) {
      return;
    }
    if (keys == path.size()) {
      found++;
      records.read(bytes, start, end, line);
    } else if (inTexts + 1 < MOST_TEXTS) {
      inTexts++;
      inside(bytes, start, end, keys);
      inTexts--;
    }
  }
}
