package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Spans of Phoenix as a table, {@code get_spans_dataframe().to_csv(...)}: a row a span, a column an
 * attribute, {@code attributes.llm.token_count.prompt}. Each row goes through {@link SpanExport} as
 * the JSON object it stands for, so that the two cannot differ. Columns of inputs, outputs, events
 * and documents are not read.
 */
public final class SpanTable implements CsvAdapter {
  private final SpanExport export;
  private final JsonScanner scanner = new JsonScanner();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
  private final One one = new One();
  private final Items items = new Items(one);
  private String[] header;
  private boolean[] read;

  public SpanTable(ReadContext context) {
    this.export = new SpanExport(context);
  }

  /** Keeps the one result of a row. */
  private static final class One implements Sink {
    CallDraft into;
    boolean found;
    Rejection rejection;

    @Override
    public void call(CallDraft draft) {
      long line = into.sourceLine;
      into.set(draft);
      into.sourceLine = line;
      found = true;
    }

    @Override
    public void bucket(CallDraft draft) {
      throw new IllegalStateException("A span is no bucket");
    }

    @Override
    public void ignored() {
      // The row is no call.
    }

    @Override
    public void between(CallDraft span) {
      into.trace = span.trace;
      into.span = span.span;
      into.parentSpan = span.parentSpan;
    }

    @Override
    public void rejected(Rejection why) {
      rejection = why;
    }
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    CsvRecords.needed(columns, "start_time");
    CsvRecords.needed(columns, "span_kind");
    read = new boolean[columns.length];
    Set<String> named = new HashSet<>();
    for (int i = 0; i < columns.length; i++) {
      read[i] = isRead(columns[i]) && named.add(columns[i]);
    }
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    one.into = into;
    one.found = false;
    one.rejection = null;
    items.begin(into.sourceLine);
    try {
      write(record);
      scanner.reset(bytes.toByteArray(), 0, bytes.size());
      scanner.nextToken();
      export.read(scanner, items);
    } catch (IOException e) {
      throw JsonDamage.rejection(e, "the row");
    }
    if (one.rejection != null) {
      throw new RejectedRecord(one.rejection.reason(), one.rejection.detail());
    }
    return one.found;
  }

  private void write(CsvRecord record) throws IOException, RejectedRecord {
    bytes.reset();
    try (JsonGenerator out = Json.FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      for (int i = 0; i < header.length; i++) {
        if (read[i] && !record.isEmpty(i)) {
          out.writeStringField(header[i], SpanAttributes.clean(record.text(i)));
        }
      }
      out.writeEndObject();
    }
  }

  private static boolean isRead(String column) {
    return switch (column) {
      case "context.trace_id", "context.span_id", "parent_id", "span_kind", "status_code" -> true;
      case "start_time", "end_time" -> true;
      default ->
          column.startsWith("attributes.")
              && SpanAttributes.mayBeRead(column.substring("attributes.".length()));
    };
  }
}
