package dev.homeward.formats.scan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * JSON that names its columns once and gives its rows as lists, as queries answer: Azure's Log
 * Analytics and BigQuery's REST interface. Each row becomes the object that it stands for.
 *
 * <pre>
 * {"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"}],
 *   "rows":[["2026-02-03T09:00:00Z"]]}]}
 * {"schema":{"fields":[{"name":"request_id","type":"INTEGER"}]},"rows":[{"f":[{"v":"7"}]}]}
 * </pre>
 *
 * <p>BigQuery writes every value as a text, and a time as seconds since 1970: they become what
 * their column's type says. Columns stand before their rows in both; rows that come first are
 * rejected. What is damaged ends the file with one record that says so.
 */
public final class JsonTable implements JsonRecords {
  private static final int LONGEST_TEXT = 1 << 25;

  /** Rows are copied by their values, so that a text without end must not fill the memory. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.DEEPEST)
                  .maxNumberLength(Json.LONGEST_NUMBER)
                  .maxNameLength(Json.LONGEST_NAME)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          .build();

  private static final byte[] DAMAGED = "{".getBytes(StandardCharsets.US_ASCII);
  private static final Set<String> NUMBERS =
      Set.of("INTEGER", "INT64", "FLOAT", "FLOAT64", "NUMERIC", "BIGNUMERIC");
  private static final int SECONDS_DIGITS = 11;
  private static final int LONGEST_NUMBER = 60;

  /** A column; of BigQuery with the columns inside of it. */
  private record Column(String name, String type, boolean repeated, List<Column> inside) {}

  private final JsonParser in;
  private final Bounded record;
  private byte[] bytes = new byte[0];
  private List<Column> columns = List.of();
  private boolean inRows;
  private boolean ended;
  private long line;

  public JsonTable(InputStream in, int maxRecordBytes) throws IOException {
    this.in = FACTORY.createParser(in);
    this.record = new Bounded(maxRecordBytes);
  }

  /** The first bytes of a row, and whether there are more. */
  private static final class Bounded extends ByteArrayOutputStream {
    private final int most;
    private boolean full;

    Bounded(int most) {
      this.most = most;
    }

    @Override
    public synchronized void write(int b) {
      full |= count >= most;
      if (!full) {
        super.write(b);
      }
    }

    @Override
    public synchronized void write(byte[] b, int off, int len) {
      int fits = Math.min(len, most - count);
      full |= fits < len;
      super.write(b, off, fits);
    }

    @Override
    public synchronized void reset() {
      super.reset();
      full = false;
    }
  }

  /** Whether an object with such names, joined by slashes, is such a table. */
  public static boolean is(Set<String> names) {
    boolean azure = names.contains("tables/columns/name") && names.contains("tables/rows");
    boolean bigQuery = names.contains("schema/fields/name") && names.contains("rows/f/v");
    return azure || bigQuery;
  }

  @Override
  public boolean next() throws IOException {
    if (ended) {
      return false;
    }
    try {
      return advance();
    } catch (JsonProcessingException e) {
      ended = true;
      record.reset();
      bytes = DAMAGED;
      return true;
    }
  }

  private boolean advance() throws IOException {
    for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
      if (inRows && token == JsonToken.END_ARRAY) {
        inRows = false;
      } else if (inRows) {
        line = in.currentTokenLocation().getLineNr();
        row(token);
        return true;
      } else if (token == JsonToken.FIELD_NAME) {
        member(in.currentName());
      }
    }
    ended = true;
    return false;
  }

  private void member(String name) throws IOException {
    JsonToken value = in.nextToken();
    switch (name) {
      case "columns" -> columns = columns();
      case "schema" -> schema();
      case "rows" -> inRows = value == JsonToken.START_ARRAY;
      default -> {
        // What is inside is gone through: tables stand there.
      }
    }
  }

  private void schema() throws IOException {
    for (String field = Json.firstField(in); field != null; field = Json.nextField(in)) {
      if (field.equals("fields")) {
        columns = columns();
      } else {
        in.skipChildren();
      }
    }
  }

  private List<Column> columns() throws IOException {
    List<Column> found = new ArrayList<>();
    for (boolean item = Json.firstItem(in); item; item = Json.nextItem(in)) {
      String name = "";
      String type = "";
      boolean repeated = false;
      List<Column> inside = List.of();
      for (String field = Json.firstField(in); field != null; field = Json.nextField(in)) {
        switch (field) {
          case "name", "ColumnName" -> name = text();
          case "type", "DataType" -> type = text();
          case "mode" -> repeated = text().equals("REPEATED");
          case "fields" -> inside = columns();
          default -> in.skipChildren();
        }
      }
      found.add(new Column(name, type, repeated, inside));
    }
    return found;
  }

  private String text() throws IOException {
    String text = Json.skippedScalar(in);
    return text == null ? "" : text;
  }

  private void row(JsonToken token) throws IOException {
    record.reset();
    try (JsonGenerator out = FACTORY.createGenerator(record)) {
      if (token == JsonToken.START_ARRAY) {
        list(out);
      } else if (token == JsonToken.START_OBJECT && !columns.isEmpty()) {
        cells(columns, out);
      } else {
        out.copyCurrentStructure(in);
      }
    }
    bytes = record.toByteArray();
  }

  /** A row of Azure: its values in the order of the columns. */
  private void list(JsonGenerator out) throws IOException {
    out.writeStartObject();
    int at = 0;
    for (boolean item = Json.firstItem(in); item; item = Json.nextItem(in)) {
      if (at < columns.size()) {
        out.writeFieldName(columns.get(at).name);
        out.copyCurrentStructure(in);
      } else {
        in.skipChildren();
      }
      at++;
    }
    out.writeEndObject();
  }

  /** A row of BigQuery, or a record in one: {@code {"f":[{"v":...}]}}. */
  private void cells(List<Column> of, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (String field = Json.firstField(in); field != null; field = Json.nextField(in)) {
      if (!field.equals("f")) {
        in.skipChildren();
        continue;
      }
      int at = 0;
      for (boolean item = Json.firstItem(in); item; item = Json.nextItem(in)) {
        if (at < of.size()) {
          out.writeFieldName(of.get(at).name);
          cell(of.get(at), out, of.get(at).repeated);
        } else {
          in.skipChildren();
        }
        at++;
      }
    }
    out.writeEndObject();
  }

  private void cell(Column column, JsonGenerator out, boolean list) throws IOException {
    boolean written = false;
    for (String field = Json.firstField(in); field != null; field = Json.nextField(in)) {
      if (!field.equals("v") || written) {
        in.skipChildren();
        continue;
      }
      written = true;
      if (list && in.currentToken() == JsonToken.START_ARRAY) {
        out.writeStartArray();
        for (boolean item = Json.firstItem(in); item; item = Json.nextItem(in)) {
          cell(column, out, false);
        }
        out.writeEndArray();
      } else if (in.currentToken() == JsonToken.START_OBJECT) {
        cells(column.inside, out);
      } else {
        scalar(column.type, out);
      }
    }
    if (!written) {
      out.writeNull();
    }
  }

  private void scalar(String type, JsonGenerator out) throws IOException {
    String text = Json.skippedScalar(in);
    if (text == null) {
      out.writeNull();
    } else if (type.equals("TIMESTAMP") && decimal(text) != null) {
      out.writeString(instant(decimal(text)));
    } else if (NUMBERS.contains(type) && decimal(text) != null) {
      out.writeNumber(decimal(text));
    } else if (type.startsWith("BOOL") && (text.equals("true") || text.equals("false"))) {
      out.writeBoolean(text.equals("true"));
    } else {
      out.writeString(text);
    }
  }

  private static BigDecimal decimal(String text) {
    try {
      BigDecimal number = text.length() <= LONGEST_NUMBER ? new BigDecimal(text) : null;
      return number != null && Math.abs((long) number.scale()) <= LONGEST_NUMBER ? number : null;
    } catch (NumberFormatException e) {
      // NaN, or a text in a column of numbers: it stays one.
      return null;
    }
  }

  /** Seconds, as the interface writes them unless it is asked for microseconds. */
  private static String instant(BigDecimal number) {
    boolean seconds = (long) number.precision() - number.scale() <= SECONDS_DIGITS;
    BigDecimal micros = seconds ? number.movePointRight(6) : number;
    long whole = micros.toBigInteger().longValue();
    return Instant.ofEpochSecond(
            Math.floorDiv(whole, 1_000_000L), Math.floorMod(whole, 1_000_000L) * 1_000L)
        .toString();
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int from() {
    return 0;
  }

  @Override
  public int to() {
    return bytes.length;
  }

  @Override
  public boolean tooLong() {
    return record.full;
  }

  @Override
  public long lineNumber() {
    return Math.max(1, line);
  }
}
