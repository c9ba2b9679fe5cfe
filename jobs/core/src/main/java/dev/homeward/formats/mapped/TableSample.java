package dev.homeward.formats.mapped;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.DocumentReader;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonRecords;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first rows of a table, by column. Of a column whose name speaks of texts, persons or secrets
 * only numbers are kept; of all others no text that is longer than a name.
 */
final class TableSample {
  /** Rows that are enough to tell what a column holds. */
  static final int MOST_ROWS = 200;

  private static final int MOST_COLUMNS = 2_000;
  private static final int LONGEST_VALUE = 64;
  private static final int DEEPEST = 4;
  private static final int LONGEST_RECORD = 1 << 20;

  /** A column of a table, or a key of JSON with the keys above it. */
  static final class Column {
    /** As a mapping writes it. */
    final String name;

    /** Its last key, and the keys above. */
    final String leaf;

    final String above;

    /** Whether its header says that its times are UTC. */
    boolean utc;

    /** By row; null where absent, too long, or private. */
    final String[] values = new String[MOST_ROWS];

    /** Rows that have a value. */
    int filled;

    /** Rows whose value is longer than a name, or is private and no number. */
    int texts;

    /** Rows whose value is a number of JSON, whose decimals follow a point. */
    int jsonNumbers;

    Column(String above, String leaf) {
      this.above = above;
      this.leaf = leaf;
      this.name = above.isEmpty() ? leaf : above + "/" + leaf;
    }

    /** The values that are there. */
    List<String> known() {
      List<String> known = new ArrayList<>();
      for (String value : values) {
        if (value != null) {
          known.add(value);
        }
      }
      return known;
    }
  }

  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final boolean json;
  private char separator;
  private String records = "";
  private int rows;
  private boolean twice;

  /** Whether it is known where the records stand. */
  private boolean told;

  private TableSample(boolean json) {
    this.json = json;
    this.separator = ',';
  }

  List<Column> columns() {
    return List.copyOf(columns.values());
  }

  boolean isJson() {
    return json;
  }

  char separator() {
    return separator;
  }

  /** Keys above the array that holds the records of a document; empty if there is none. */
  String records() {
    return records;
  }

  int rows() {
    return rows;
  }

  /** Whether two columns have one name. */
  boolean namesTwice() {
    return twice;
  }

  /**
   * The first rows of a CSV; empty if its first line is no header.
   *
   * @param whole whether the bytes are the whole file
   */
  static Optional<TableSample> csv(byte[] head, int length, char separator, boolean whole) {
    TableSample sample = new TableSample(false);
    sample.separator = separator;
    CsvRecord record = new CsvRecord(separator);
    try {
      LineReader lines =
          new LineReader(
              new ByteArrayInputStream(head, 0, length), 0, Long.MAX_VALUE, LONGEST_RECORD);
      Column[] header = null;
      while (sample.rows < MOST_ROWS && lines.next()) {
        byte[] bytes = lines.bytes();
        boolean cut = !whole && lines.to() >= length - 1;
        if (cut
            || lines.tooLong()
            || LineReader.isBlank(bytes, lines.start(), lines.to())
            || CsvRecords.isSeparatorLine(bytes, lines.start(), lines.to())) {
          continue;
        }
        int from = LineReader.afterBom(bytes, lines.start(), lines.to());
        CsvRecord.State state = record.begin(lines.bytes(), from, lines.to());
        while (state == CsvRecord.State.OPEN && lines.next()) {
          state = record.more(lines.bytes(), lines.start(), lines.to());
        }
        if (state != CsvRecord.State.COMPLETE) {
          continue;
        }
        if (header == null) {
          header = sample.header(record);
          if (header == null) {
            return Optional.empty();
          }
        } else if (record.size() == header.length) {
          sample.row(record, header);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    } catch (RejectedRecord e) {
      return Optional.empty();
    }
    return Optional.of(sample);
  }

  private Column[] header(CsvRecord record) throws RejectedRecord {
    Column[] header = new Column[record.size()];
    String[] written = record.texts();
    String[] names = CsvRecords.names(written);
    for (int i = 0; i < header.length; i++) {
      String name = names[i].strip();
      // A date or a number is no name: such a table has no header.
      if (WrittenNumber.parse(name, '.') != null
          || new WrittenTime().parse(name, WrittenTime.Format.ISO)) {
        return null;
      }
      if (i < MOST_COLUMNS && !name.isEmpty()) {
        header[i] = new Column("", name);
        header[i].utc = !written[i].equals(names[i]);
        twice |= columns.put(name, header[i]) != null;
      }
    }
    return header.length > 1 ? header : null;
  }

  private void row(CsvRecord record, Column[] header) throws IOException {
    for (int i = 0; i < header.length; i++) {
      if (header[i] == null || record.isEmpty(i)) {
        continue;
      }
      int from = record.start(i);
      int bytes = record.end(i) - from;
      if (record.bytes()[from] == '{' && bytes < LONGEST_RECORD) {
        inside(record, i, header[i]);
      } else if (bytes > LONGEST_VALUE) {
        header[i].filled++;
        header[i].texts++;
      } else {
        put(header[i], new String(record.bytes(), from, bytes, StandardCharsets.UTF_8), false);
      }
    }
    rows++;
  }

  private void inside(CsvRecord record, int field, Column column) throws IOException {
    column.filled++;
    column.texts++;
    if (PrivateNames.isPrivate(column.leaf)) {
      return;
    }
    try (JsonParser parser = record.json(field)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        object(parser, column.name, 1);
      }
    } catch (JsonProcessingException e) {
      // A text that begins like JSON: a text.
      column.texts++;
    }
  }

  /** The first records of JSON, one a line or in a document. */
  static Optional<TableSample> json(byte[] head, int length, boolean lines) {
    TableSample sample = new TableSample(true);
    ByteArrayInputStream in = new ByteArrayInputStream(head, 0, length);
    try {
      return sample.read(
          lines
              ? new LineReader(in, 0, Long.MAX_VALUE, LONGEST_RECORD)
              : new DocumentReader(in, LONGEST_RECORD));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
  }

  private Optional<TableSample> read(JsonRecords objects) {
    try {
      while (rows < MOST_ROWS && objects.next()) {
        if (!objects.tooLong()) {
          record(objects.bytes(), objects.from(), objects.to());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    return rows == 0 ? Optional.empty() : Optional.of(this);
  }

  /** The same of objects however they stand, or of those below some keys of a document. */
  static Optional<TableSample> json(byte[] head, int length, String records) {
    TableSample sample = new TableSample(true);
    sample.records = records;
    sample.told = true;
    return sample.read(
        new DocumentReader(new ByteArrayInputStream(head, 0, length), LONGEST_RECORD));
  }

  private void record(byte[] bytes, int from, int to) {
    try (JsonParser parser = Json.FACTORY.createParser(bytes, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      if (!told && rows == 0) {
        told = true;
        findEnvelope(bytes, from, to);
      }
      if (!records.isEmpty()) {
        rows(parser, 0);
      } else {
        object(parser, "", 0);
        rows++;
      }
    } catch (IOException e) {
      // Damaged, or cut off where the beginning of the file ends: what was read so far counts.
      return;
    }
  }

  /** Finds whether the records stand in an array of the object, each with counts of its own. */
  private void findEnvelope(byte[] bytes, int from, int to) {
    try (JsonParser p = Json.FACTORY.createParser(bytes, from, to - from)) {
      p.nextToken();
      String found = arrayBelow(p, "", 0);
      records = found == null ? "" : found;
    } catch (IOException e) {
      // Damaged before any such array: the object is the record.
      records = "";
    }
  }

  private String arrayBelow(JsonParser p, String above, int depth) throws IOException {
    String found = null;
    for (String key = Json.firstField(p); key != null && found == null; key = Json.nextField(p)) {
      String path = above.isEmpty() ? key : above + "/" + key;
      if (p.currentToken() == JsonToken.START_ARRAY && !PrivateNames.isPrivate(key)) {
        if (p.nextToken() == JsonToken.START_OBJECT && countsSomething(p, 0)) {
          return path;
        }
        while (p.currentToken() != JsonToken.END_ARRAY && p.currentToken() != null) {
          p.skipChildren();
          p.nextToken();
        }
      } else if (p.currentToken() == JsonToken.START_OBJECT && depth < 2) {
        found = arrayBelow(p, path, depth + 1);
      } else {
        p.skipChildren();
      }
    }
    return found;
  }

  /** Whether an object, or one below it, names tokens; the parser is moved to its end. */
  private static boolean countsSomething(JsonParser p, int depth) throws IOException {
    boolean counts = false;
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      counts |= ColumnWords.of(key).stream().anyMatch(ColumnWords::isToken);
      if (p.currentToken() == JsonToken.START_OBJECT && depth < DEEPEST) {
        counts |= countsSomething(p, depth + 1);
      } else {
        p.skipChildren();
      }
    }
    return counts;
  }

  private void rows(JsonParser p, int depth) throws IOException {
    String[] keys = records.split("/");
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      if (!key.equals(keys[depth])) {
        p.skipChildren();
      } else if (depth + 1 < keys.length) {
        rows(p, depth + 1);
      } else {
        while (rows < MOST_ROWS && p.nextToken() == JsonToken.START_OBJECT) {
          object(p, "", 0);
          rows++;
        }
        return;
      }
    }
  }

  private void object(JsonParser p, String above, int depth) throws IOException {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      JsonToken token = p.currentToken();
      if (token == JsonToken.START_OBJECT && depth < DEEPEST && !isText(key)) {
        object(p, above.isEmpty() ? key : above + "/" + key, depth + 1);
      } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        scalar(p, column(above, key));
      } else {
        p.skipChildren();
      }
    }
  }

  // Below a key like prompt or input there may be counts; below messages or user there is nothing.
  private static boolean isText(String key) {
    return PrivateNames.isPerson(key);
  }

  private Column column(String above, String key) {
    String name = above.isEmpty() ? key : above + "/" + key;
    Column column = columns.get(name);
    if (column == null) {
      column = new Column(above, key);
      if (columns.size() < MOST_COLUMNS) {
        columns.put(name, column);
      }
    }
    return column;
  }

  private void scalar(JsonParser p, Column column) throws IOException {
    if (p.currentToken() == JsonToken.VALUE_STRING && p.getTextLength() > LONGEST_VALUE) {
      column.filled++;
      column.texts++;
      return;
    }
    put(column, p.getText(), p.currentToken().isNumeric());
  }

  private void put(Column column, String written, boolean number) {
    String value = written.strip();
    if (value.isEmpty() || MappedCall.isNothing(value)) {
      return;
    }
    column.filled++;
    boolean kept =
        !PrivateNames.isPrivatePath(column.name)
            || number
            || WrittenNumber.parse(value, '.') != null
            || WrittenNumber.parse(value, ',') != null;
    if (!kept) {
      column.texts++;
    } else if (rows < MOST_ROWS) {
      column.values[rows] = value;
      column.jsonNumbers += number ? 1 : 0;
    }
  }
}
