package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Spans and events as OpenTelemetry's JavaScript programs write them into a file, one object each,
 * attributes as a plain object: GitHub Copilot's CLI and its chat in VS Code, Gemini CLI's {@code
 * telemetry.log}. {@link EventFields} says which of them are calls. Spans of agents and tools, and
 * turns of an agent, add up what the spans below them say, and are no calls; metrics neither.
 *
 * <p>Copilot writes an event and a span for one answer, the event first. They are one call: an
 * event after a span of its trace is passed over, and a span that finds an event with its response
 * id, or of its trace, model and counts, takes over the event's identity, so that one of the two
 * copies goes.
 *
 * <pre>
 * {"type":"span","traceId":"t","spanId":"s","name":"chat claude-sonnet-4.5","startTime":[1777899907,250000000],"endTime":[1777899913,450000000],"attributes":{"gen_ai.operation.name":"chat","gen_ai.request.model":"claude-sonnet-4.5","gen_ai.usage.input_tokens":11000,"gen_ai.usage.output_tokens":500,"gen_ai.usage.cache_read.input_tokens":8000}}
 * </pre>
 */
public final class OtelRecords implements JsonAdapter {
  private static final int MOST_REMEMBERED = 100_000;

  private final ReadContext context;
  private final EventFields fields = new EventFields();
  private final List<String> resource = new ArrayList<>();

  // What the file has said so far.
  private final Set<String> tracesWithSpans = new HashSet<>();
  private final Map<String, String> events = new HashMap<>();

  // The record at hand.
  private String service;
  private String scope;
  private String type;
  private String name;
  private String parent;
  private long start;
  private long end;
  private long duration;
  private long written;
  private boolean timed;

  public OtelRecords(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft draft) throws IOException, RejectedRecord {
    clear();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "type" -> type = Json.skippedScalar(p);
        case "name" -> name = OtlpLogs.name(Json.skippedScalar(p), name);
        case "body", "_body", "eventName" ->
            fields.body = OtlpLogs.name(Json.skippedScalar(p), fields.body);
        case "traceId" -> fields.traceId = Json.skippedScalar(p);
        case "spanId", "id" -> fields.spanId = Json.skippedScalar(p);
        case "parentSpanId" -> parent = Json.skippedScalar(p);
        case "spanContext", "_spanContext" -> spanContext(p, false);
        case "parentSpanContext", "_parentSpanContext" -> spanContext(p, true);
        case "attributes" -> attributes(p);
        case "resource", "_resource" -> resource(p);
        case "instrumentationScope", "instrumentationLibrary" -> scope(p);
        case "status" -> status(p);
        default -> time(p, field);
      }
    }
    fields.isSpan = type == null ? timed : type.equals("span");
    if (fields.isSpan) {
      fields.body = name;
      span();
    } else {
      fields.atMicros = written == CallDraft.ABSENT ? start : written;
    }
    String program = service == null ? scope : service;
    if (!fields.isCall(program) || isRepeated()) {
      return false;
    }
    fields.fill(draft, context, service);
    if (fields.isSpan || fields.isInference(program)) {
      join(draft);
    }
    for (int i = 0; i < resource.size(); i += 2) {
      CallNames.add(draft, resource.get(i), resource.get(i + 1));
    }
    return true;
  }

  private void clear() {
    fields.clear();
    resource.clear();
    service = null;
    scope = null;
    type = null;
    name = null;
    parent = null;
    start = CallDraft.ABSENT;
    end = CallDraft.ABSENT;
    duration = CallDraft.ABSENT;
    written = CallDraft.ABSENT;
    timed = false;
  }

  private void span() {
    // The console's exporter calls the start a timestamp.
    start = start == CallDraft.ABSENT ? written : start;
    fields.atMicros = start == CallDraft.ABSENT ? end : start;
    if (start != CallDraft.ABSENT && end != CallDraft.ABSENT && end >= start) {
      fields.spanMicros = end - start;
    } else if (start != CallDraft.ABSENT) {
      fields.spanMicros = duration;
    }
  }

  private void time(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "startTime", "startTimeUnixNano" -> {
        start = moment(p, field);
        timed = true;
      }
      case "endTime", "endTimeUnixNano" -> {
        end = moment(p, field);
        timed = true;
      }
      case "duration", "_duration" -> {
        duration = length(p, field);
        timed = true;
      }
      case "hrTime", "_hrTime", "time", "timestamp", "timeUnixNano", "observedTimestamp" ->
          written = written == CallDraft.ABSENT ? moment(p, field) : skipped(p);
      default -> p.skipChildren();
    }
  }

  private long skipped(JsonParser p) throws IOException {
    p.skipChildren();
    return written;
  }

  /** A moment as seconds and nanoseconds in a pair, as a text, or as a number since 1970. */
  private static long moment(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.START_ARRAY) {
      return pair(p, field);
    }
    String text = Json.skippedScalar(p);
    if (text == null || text.isEmpty() || text.equals("0")) {
      return CallDraft.ABSENT;
    }
    boolean number = text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
    if (!number) {
      return Times.parse(text, field);
    }
    int point = text.indexOf('.');
    int digits = point < 0 ? text.length() : point;
    if (digits > 17) {
      return Times.ofNanos(text, field);
    } else if (digits > 14) {
      return Times.ofNanos(text.substring(0, digits) + "000", field);
    }
    return digits > 11 ? Times.ofMillis(text, field) : Times.ofSeconds(text, field);
  }

  /** A length: a pair as for a moment, or a number of microseconds, as the console writes it. */
  private static long length(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.START_ARRAY) {
      return pair(p, field);
    }
    String text = Json.skippedScalar(p);
    return text == null || text.isEmpty()
        ? CallDraft.ABSENT
        : Times.ofMillis(text, field) / TimeUnits.MICROS_PER_MILLI;
  }

  private static long pair(JsonParser p, String field) throws IOException, RejectedRecord {
    long micros = CallDraft.ABSENT;
    int place = 0;
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      String text = Json.skippedScalar(p);
      if (place == 0 && text != null) {
        micros = Times.ofSeconds(text, field);
      } else if (place == 1 && text != null && micros != CallDraft.ABSENT) {
        micros += Times.ofNanos(text, field);
      }
      place++;
    }
    return micros;
  }

  private void spanContext(JsonParser p, boolean ofParent) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      if (ofParent) {
        parent = field.equals("spanId") ? value : parent;
      } else if (field.equals("traceId")) {
        fields.traceId = value;
      } else if (field.equals("spanId")) {
        fields.spanId = value;
      }
    }
  }

  private void status(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      fields.failed |= field.equals("code") && ("2".equals(value) || "ERROR".equals(value));
    }
  }

  private void scope(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      scope = field.equals("name") ? value : scope;
    }
  }

  private void attributes(JsonParser p) throws IOException, RejectedRecord {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      if (p.currentToken().isStructStart()) {
        p.skipChildren();
      } else {
        fields.set(key, p);
      }
    }
  }

  /** Attributes of a resource: an object, or pairs in an array, as its own fields hold them. */
  private void resource(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      boolean attributes = field.endsWith("ttributes");
      if (attributes && Json.isObject(p)) {
        for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
          resource(key, Json.skippedScalar(p));
        }
      } else if (attributes) {
        for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
          resourcePair(p);
        }
      } else {
        p.skipChildren();
      }
    }
  }

  private void resourcePair(JsonParser p) throws IOException {
    String key = null;
    for (boolean part = Json.firstItem(p); part; part = Json.nextItem(p)) {
      String text = Json.skippedScalar(p);
      if (key == null) {
        key = text == null ? "" : text;
      } else {
        resource(key, text);
      }
    }
  }

  private void resource(String key, String value) {
    if (value == null) {
      return;
    }
    if (key.equals("service.name")) {
      service = value.startsWith("unknown_service") ? service : value;
    } else {
      OtlpLogs.addResource(resource, key, value);
    }
  }

  /** Whether a span of the same trace has said it already. */
  private boolean isRepeated() {
    return !fields.isSpan && fields.traceId != null && tracesWithSpans.contains(fields.traceId);
  }

  private void join(CallDraft draft) {
    if (tracesWithSpans.size() + events.size() > MOST_REMEMBERED) {
      tracesWithSpans.clear();
      events.clear();
    }
    String own = fields.traceId + "/" + fields.spanId;
    String byResponse = fields.responseId() == null ? null : "id " + fields.responseId();
    String byCounts = fields.traceId + " " + fields.print();
    if (fields.traceId == null || fields.spanId == null) {
      return;
    }
    if (!fields.isSpan) {
      if (byResponse != null) {
        events.put(byResponse, own);
      }
      events.putIfAbsent(byCounts, own);
      return;
    }
    Ids.place(draft, OtlpLogs.SOURCE, fields.traceId, fields.spanId, parent);
    tracesWithSpans.add(fields.traceId);
    String twin = byResponse == null ? null : events.remove(byResponse);
    String alike = events.get(byCounts);
    if (twin == null || twin.equals(alike)) {
      twin = alike;
      events.remove(byCounts);
    }
    Ids.identify(draft, OtlpLogs.SOURCE, twin == null ? own : twin, context.keepIds());
  }
}
