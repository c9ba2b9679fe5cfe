package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The same spans that {@link Otlp} reads, in other envelopes: console and file exporters of
 * OpenTelemetry's SDKs, Jaeger, Phoenix and MLflow. A record is a span, a trace with its spans, or
 * a page of either below {@code data}, {@code spans} or {@code traces}. Each record is rewritten as
 * OTLP and read as such, so that a span means the same in every envelope: input contains what was
 * cached, a span with usage above a span with usage is no call.
 *
 * <pre>
 * {"name":"chat gpt-4o","context":{"trace_id":"0x5b8a","span_id":"0xeee1"},"parent_id":null,
 *  "start_time":"2026-02-03T09:00:00Z","end_time":"2026-02-03T09:00:03Z",
 *  "attributes":{"gen_ai.operation.name":"chat","gen_ai.usage.input_tokens":2000}}
 * </pre>
 */
public final class SpanExport implements JsonItemsAdapter {
  private final SourceTimes times;
  private final Otlp otlp;
  private final JsonScanner scanner = new JsonScanner();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4_096);
  private final List<Placed> spans = new ArrayList<>();

  public SpanExport(ReadContext context) {
    this.times = new SourceTimes(context);
    this.otlp = new Otlp(context);
  }

  /** A span and the trace it stands in, which is complete only when the record was read. */
  private record Placed(ExportedSpan span, Trace trace) {}

  /** What an envelope says of all spans in it. */
  private static final class Trace {
    final Trace above;
    final Map<String, SpanAttributes> processes = new HashMap<>();
    final SpanAttributes ofSpans = new SpanAttributes();
    final SpanAttributes resource = new SpanAttributes();

    Trace(Trace above) {
      this.above = above;
    }
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    spans.clear();
    try {
      object(p, null);
    } finally {
      handOver(items);
    }
  }

  /** A span, or an envelope of spans. */
  private void object(JsonParser p, Trace above) throws IOException {
    Trace trace = new Trace(above);
    ExportedSpan span = new ExportedSpan(times);
    boolean envelope = false;
    int depth = Json.depth(p);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "data", "spans", "traces", "_source" -> {
          envelope = true;
          below(p, trace);
        }
        case "processes" -> processes(p, trace);
        case "info" -> info(p, trace);
        case "trace_metadata", "request_metadata" -> metadata(p, trace);
        default -> {
          if (field.equals("tags") && Json.isObject(p)) {
            traceTags(p, trace);
          } else {
            field(span, field, p, depth);
          }
        }
      }
    }
    if (!envelope) {
      spans.add(new Placed(span, trace));
    }
  }

  private static void field(ExportedSpan span, String field, JsonParser p, int depth)
      throws IOException {
    try {
      span.field(field, p);
    } catch (RejectedRecord e) {
      // The span is lost, the ones beside it are not: what follows of it is read past.
      span.damaged(e);
      Json.climb(p, depth);
    }
  }

  private void below(JsonParser p, Trace trace) throws IOException {
    if (p.currentToken() == JsonToken.START_OBJECT) {
      object(p, trace);
      return;
    }
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (Json.isObject(p)) {
        object(p, trace);
      } else {
        p.skipChildren();
      }
    }
  }

  private static void processes(JsonParser p, Trace trace) throws IOException {
    for (String id = Json.firstField(p); id != null; id = Json.nextField(p)) {
      SpanAttributes process = new SpanAttributes();
      ExportedSpan.process(p, process);
      trace.processes.put(id, process);
    }
  }

  // MLflow: what it says of the trace as a whole.
  private static void info(JsonParser p, Trace trace) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "tags" -> traceTags(p, trace);
        case "trace_metadata", "request_metadata" -> metadata(p, trace);
        default -> p.skipChildren();
      }
    }
  }

  private static void metadata(JsonParser p, Trace trace) throws IOException {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      if (key.equals("mlflow.trace.session")) {
        trace.ofSpans.add("session.id", Json.skippedScalar(p));
      } else {
        p.skipChildren();
      }
    }
  }

  private static void traceTags(JsonParser p, Trace trace) throws IOException {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      if (key.equals("mlflow.traceName")) {
        trace.resource.add("service.name", Json.skippedScalar(p));
      } else if (key.startsWith("mlflow.")) {
        p.skipChildren();
      } else {
        trace.ofSpans.read("traceloop.association.properties." + key, p);
      }
    }
  }

  private void handOver(Items items) throws IOException {
    bytes.reset();
    try (JsonGenerator out = Json.FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeArrayFieldStart("resourceSpans");
      for (Placed placed : spans) {
        try {
          write(placed, out);
        } catch (RejectedRecord e) {
          items.reject(e);
        }
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    spans.clear();
    scanner.reset(bytes.toByteArray(), 0, bytes.size());
    scanner.nextToken();
    try {
      otlp.read(scanner, items);
    } catch (RejectedRecord e) {
      items.reject(e);
    }
  }

  private static void write(Placed placed, JsonGenerator out) throws IOException, RejectedRecord {
    ExportedSpan span = placed.span;
    for (Trace trace = placed.trace; trace != null; trace = trace.above) {
      span.attributes.addAll(trace.ofSpans);
      SpanAttributes process = trace.processes.get(span.process);
      if (process != null) {
        span.resource.addAll(process);
      }
      span.resource.addAll(trace.resource);
    }
    span.settle();
    out.writeStartObject();
    out.writeObjectFieldStart("resource");
    span.resource.write(out);
    out.writeEndObject();
    out.writeArrayFieldStart("scopeSpans");
    out.writeStartObject();
    if (span.scope() != null) {
      out.writeObjectFieldStart("scope");
      out.writeStringField("name", SpanAttributes.clean(span.scope()));
      out.writeEndObject();
    }
    out.writeArrayFieldStart("spans");
    span.write(out);
    out.writeEndArray();
    out.writeEndObject();
    out.writeEndArray();
    out.writeEndObject();
  }
}
