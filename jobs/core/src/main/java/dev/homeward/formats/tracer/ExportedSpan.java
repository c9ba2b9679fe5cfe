package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * One span as its exporter writes it: ids, parent, times, state, attributes and resource, each
 * under the names that OpenTelemetry's SDKs for Python, JavaScript and Go, Jaeger, Phoenix and
 * MLflow give them.
 *
 * <p>A time is a text, a count since 1970 whose unit its size tells (seconds, milliseconds,
 * microseconds and nanoseconds of this century do not overlap), or an array of seconds and
 * nanoseconds. A duration is in microseconds, or such an array.
 */
final class ExportedSpan {
  final SpanAttributes attributes = new SpanAttributes();
  final SpanAttributes resource = new SpanAttributes();

  /** Of Jaeger: which of the trace's processes it ran in; else null. */
  String process;

  private final SourceTimes times;
  private String trace;
  private String id;
  private String otherId;
  private String parent;
  private String kind;
  private String scope;
  private long start = CallDraft.ABSENT;
  private long end = CallDraft.ABSENT;
  private long duration = CallDraft.ABSENT;
  private boolean failed;
  private RejectedRecord damage;

  ExportedSpan(SourceTimes times) {
    this.times = times;
  }

  /** Notes why a field could not be read; the first one counts. */
  void damaged(RejectedRecord why) {
    damage = damage == null ? why : damage;
  }

  /** Reads a field, or passes it over. */
  void field(String field, JsonParser p) throws IOException, RejectedRecord {
    switch (field) {
      case "context", "spanContext", "_spanContext", "SpanContext" -> context(p, false);
      case "parentSpanContext", "Parent" -> context(p, true);
      case "trace_id", "traceId", "traceID", "context.trace_id" -> trace = Json.skippedScalar(p);
      case "span_id", "spanId", "spanID", "context.span_id" -> id = Json.skippedScalar(p);
      case "id" -> otherId = Json.skippedScalar(p);
      case "parent_id", "parentSpanId", "parent_span_id", "parentId", "parentSpanID" ->
          parent = Json.skippedScalar(p);
      case "references" -> references(p);
      case "start_time", "startTime", "StartTime", "start_time_unix_nano", "startTimeUnixNano" ->
          start = moment(p, field);
      case "timestamp" -> start = start == CallDraft.ABSENT ? moment(p, field) : start;
      case "end_time", "endTime", "EndTime", "end_time_unix_nano", "endTimeUnixNano" ->
          end = moment(p, field);
      case "duration", "_duration" -> duration = width(p, field);
      case "status_code", "statusCode" -> state(Json.skippedScalar(p));
      case "status", "Status" -> status(p);
      case "span_kind" -> kind = Json.skippedScalar(p);
      case "attributes", "Attributes", "tags" -> attributes.read(p);
      case "tag" -> elasticTags(p);
      case "resource", "Resource" -> resource(p);
      case "instrumentationScope", "instrumentationLibrary", "InstrumentationScope" -> scope(p);
      case "process" -> process(p, resource);
      case "processID" -> process = Json.skippedScalar(p);
      default -> {
        if (field.startsWith("attributes.")) {
          attributes.read(field.substring("attributes.".length()), p);
        } else {
          p.skipChildren();
        }
      }
    }
  }

  private void context(JsonParser p, boolean ofParent) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String word = field.toLowerCase(Locale.ROOT).replace("_", "");
      if (word.equals("spanid") && ofParent) {
        parent = Json.skippedScalar(p);
      } else if (word.equals("spanid")) {
        id = Json.skippedScalar(p);
      } else if (word.equals("traceid") && !ofParent) {
        trace = Json.skippedScalar(p);
      } else {
        p.skipChildren();
      }
    }
  }

  // Jaeger: the span it is a child of; one that only follows from another is no part of it.
  private void references(JsonParser p) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      String type = null;
      String span = null;
      for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
        switch (field) {
          case "refType" -> type = Json.skippedScalar(p);
          case "spanID" -> span = Json.skippedScalar(p);
          default -> p.skipChildren();
        }
      }
      parent = "CHILD_OF".equals(type) && parent == null ? span : parent;
    }
  }

  // Jaeger in Elasticsearch: an object, its keys with @ for the dot.
  private void elasticTags(JsonParser p) throws IOException {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      attributes.read(key.replace('@', '.'), p);
    }
  }

  private void resource(JsonParser p) throws IOException {
    if (!Json.isObject(p)) {
      resource.read(p);
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "attributes", "_attributes", "_rawAttributes", "_syncAttributes" -> resource.read(p);
        default -> p.skipChildren();
      }
    }
  }

  private void scope(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equalsIgnoreCase("name")) {
        scope = Json.skippedScalar(p);
      } else {
        p.skipChildren();
      }
    }
  }

  /** Which library wrote it, as far as is known: some count in ways of their own. */
  String scope() {
    String told = scope != null ? scope : attributes.get("otel.scope.name");
    return told != null ? told : attributes.get("otel.library.name");
  }

  /** Reads a process of Jaeger as the resource that it is. */
  static void process(JsonParser p, SpanAttributes into) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "serviceName" -> into.add("service.name", Json.skippedScalar(p));
        case "tags" -> into.read(p);
        default -> p.skipChildren();
      }
    }
  }

  private void status(JsonParser p) throws IOException {
    if (!Json.isObject(p)) {
      state(Json.skippedScalar(p));
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String word = field.toLowerCase(Locale.ROOT).replace("_", "");
      if (word.equals("code") || word.equals("statuscode")) {
        state(Json.skippedScalar(p));
      } else {
        p.skipChildren();
      }
    }
  }

  private void state(String word) {
    String upper = word == null ? "" : word.toUpperCase(Locale.ROOT);
    failed |= upper.equals("2") || upper.equals("ERROR") || upper.endsWith("_ERROR");
  }

  private long moment(JsonParser p, String field) throws IOException, RejectedRecord {
    JsonToken token = p.currentToken();
    if (token == JsonToken.START_ARRAY) {
      return secondsAndNanos(p, field);
    }
    if (token == JsonToken.VALUE_NULL) {
      return CallDraft.ABSENT;
    }
    if (!token.isNumeric() && token != JsonToken.VALUE_STRING) {
      RejectedRecord wrong = Json.wrongType(p, field, "a time");
      p.skipChildren();
      throw wrong;
    }
    String text = p.getText().strip();
    if (text.isEmpty() || text.equals("0")) {
      return CallDraft.ABSENT;
    }
    boolean date = text.length() > 4 && text.charAt(4) == '-' && token == JsonToken.VALUE_STRING;
    return date ? times.utc(text, field) : ofCount(text, field);
  }

  /** A count since 1970, by the digits before its point: 10 seconds, 13, 16, and 19 nanoseconds. */
  static long ofCount(String text, String field) throws RejectedRecord {
    BigDecimal number;
    try {
      number = Json.decimal(text, field);
    } catch (RejectedRecord e) {
      throw new RejectedRecord(Reason.INVALID_TIME, field + " is not a time");
    }
    long digits = (long) number.precision() - number.scale();
    if (number.signum() < 0 || digits > 20 || number.scale() > 40) {
      throw new RejectedRecord(Reason.INVALID_TIME, field + " is not a plausible count of time");
    }
    if (digits <= 11) {
      return Times.ofSeconds(text, field);
    }
    if (digits <= 14) {
      return Times.ofMillis(text, field);
    }
    return digits <= 17 ? Times.ofMicros(text, field) : Times.ofNanos(text, field);
  }

  private static long width(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.START_ARRAY) {
      return secondsAndNanos(p, field);
    }
    String micros = Json.skippedScalar(p);
    return micros == null || micros.isEmpty() ? CallDraft.ABSENT : Times.ofMicros(micros, field);
  }

  private static long secondsAndNanos(JsonParser p, String field)
      throws IOException, RejectedRecord {
    long micros = 0;
    int parts = 0;
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      String part = Json.skippedScalar(p);
      if (part == null || parts > 1) {
        throw new RejectedRecord(Reason.INVALID_TIME, field + " is not seconds and nanoseconds");
      }
      micros += parts == 0 ? Times.ofSeconds(part, field) : Times.ofNanos(part, field);
      parts++;
    }
    return parts == 0 ? CallDraft.ABSENT : micros;
  }

  /**
   * Gives attributes the names that {@link Otlp} knows, and settles start and end.
   *
   * @throws RejectedRecord if the span is a call, as far as can be seen, and cannot be read
   */
  void settle() throws RejectedRecord {
    attributes.translateMlflow();
    if (!attributes.nameAModel()) {
      attributes.takeModelFromParameters();
    }
    // Jaeger has no state: its clients write it as tags.
    failed |= "ERROR".equals(attributes.get("otel.status_code"));
    failed |= "true".equals(attributes.get("error"));
    if (kind != null && !kind.isEmpty() && !kind.equals("UNKNOWN")) {
      attributes.add("openinference.span.kind", kind);
    }
    if (end == CallDraft.ABSENT && duration != CallDraft.ABSENT && start != CallDraft.ABSENT) {
      end = start + duration;
    }
    if (!attributes.speakOfTokens()) {
      return;
    }
    if (damage != null) {
      throw damage;
    }
    if (start == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.MISSING_TIME, "the span does not say when it began");
    }
    if (end != CallDraft.ABSENT && end < start) {
      throw new RejectedRecord(Reason.END_BEFORE_START, "the span ends before it begins");
    }
  }

  /** Writes the span as OTLP does. */
  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    text(out, "traceId", bare(trace));
    text(out, "spanId", bare(id != null ? id : otherId));
    text(out, "parentSpanId", bare(parent));
    nanos(out, "startTimeUnixNano", start);
    nanos(out, "endTimeUnixNano", end);
    if (failed) {
      out.writeObjectFieldStart("status");
      out.writeNumberField("code", 2);
      out.writeEndObject();
    }
    attributes.write(out);
    out.writeEndObject();
  }

  // Python writes hexadecimal ids with their prefix, and a missing parent is all zeros in Go.
  private static String bare(String id) {
    String hex = id != null && id.startsWith("0x") ? id.substring(2) : id;
    return hex == null || hex.chars().allMatch(c -> c == '0') ? null : hex;
  }

  private static void text(JsonGenerator out, String field, String value) throws IOException {
    if (value != null) {
      out.writeStringField(field, SpanAttributes.clean(value));
    }
  }

  private static void nanos(JsonGenerator out, String field, long micros) throws IOException {
    if (micros >= 0) {
      out.writeStringField(field, BigDecimal.valueOf(micros, -3).toPlainString());
    }
  }
}
