package dev.homeward.databases;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A month of traces as Langfuse 3 and 4 keep them and as Langfuse exports them: with versions that
 * were written over, rows that were deleted, calls within calls, names with all that needs care in
 * text formats, and a text in every place that holds texts.
 */
final class LangfuseRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String[] NAMES = {"claims-triage", "mail, \"draft\"\tx", "it's \\ a bot"};
  private static final String[] MODELS = {"gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5"};

  /** The tables, of the columns that Langfuse's own have, those that matter here. */
  static final List<String> TABLES =
      List.of(
          "DROP TABLE IF EXISTS observations",
          "DROP TABLE IF EXISTS traces",
          "DROP TABLE IF EXISTS events_core",
          "CREATE TABLE observations (id String, trace_id String, project_id String, type LowCardinality(String),"
              + " parent_observation_id Nullable(String), start_time DateTime64(3), end_time Nullable(DateTime64(3)),"
              + " name String, metadata Map(LowCardinality(String), String), level LowCardinality(String),"
              + " input Nullable(String), output Nullable(String), provided_model_name Nullable(String),"
              + " usage_details Map(LowCardinality(String), UInt64), cost_details Map(LowCardinality(String), Decimal64(12)),"
              + " total_cost Nullable(Decimal64(12)), completion_start_time Nullable(DateTime64(3)),"
              + " prompt_name Nullable(String), environment LowCardinality(String) DEFAULT 'default',"
              + " event_ts DateTime64(3), is_deleted UInt8) ENGINE = ReplacingMergeTree(event_ts, is_deleted)"
              + " PARTITION BY toYYYYMM(start_time) PRIMARY KEY (project_id, type, toDate(start_time))"
              + " ORDER BY (project_id, type, toDate(start_time), id)",
          "CREATE TABLE traces (id String, timestamp DateTime64(3), name String, user_id Nullable(String),"
              + " metadata Map(LowCardinality(String), String), project_id String, tags Array(String),"
              + " input Nullable(String), output Nullable(String), session_id Nullable(String),"
              + " event_ts DateTime64(3), is_deleted UInt8) ENGINE = ReplacingMergeTree(event_ts, is_deleted)"
              + " PARTITION BY toYYYYMM(timestamp) PRIMARY KEY (project_id, toDate(timestamp))"
              + " ORDER BY (project_id, toDate(timestamp), id)",
          "CREATE TABLE events_core (project_id String, trace_id String, span_id String, parent_span_id String,"
              + " start_time DateTime64(6), end_time Nullable(DateTime64(6)), name String, type LowCardinality(String),"
              + " environment LowCardinality(String) DEFAULT 'default', trace_name String, user_id String, session_id String,"
              + " tags Array(String), level LowCardinality(String), completion_start_time Nullable(DateTime64(6)),"
              + " prompt_name String, provided_model_name String, usage_details Map(LowCardinality(String), UInt64),"
              + " cost_details Map(LowCardinality(String), Decimal(18, 12)),"
              + " total_cost Decimal(18, 12) ALIAS cost_details['total'], input String, output String,"
              + " metadata_names Array(String), metadata_values Array(String), service_name String,"
              + " event_ts DateTime64(6), is_deleted UInt8) ENGINE = ReplacingMergeTree(event_ts, is_deleted)"
              + " PARTITION BY toYYYYMM(start_time)"
              + " PRIMARY KEY (project_id, toStartOfMinute(start_time), xxHash32(trace_id))"
              + " ORDER BY (project_id, toStartOfMinute(start_time), xxHash32(trace_id), span_id, start_time)");

  private final String text;
  private final List<ObjectNode> observations = new ArrayList<>();
  private final List<ObjectNode> traces = new ArrayList<>();
  private final List<ObjectNode> events = new ArrayList<>();
  private final List<ObjectNode> exported = new ArrayList<>();

  LangfuseRows(int count, String text) {
    this.text = text;
    for (int i = 0; i < count; i++) {
      trace(i, Instant.parse("2026-10-01T00:00:00.250Z").plusSeconds(i * 6_000L));
    }
  }

  List<ObjectNode> observations() {
    return observations;
  }

  List<ObjectNode> traces() {
    return traces;
  }

  List<ObjectNode> events() {
    return events;
  }

  List<ObjectNode> exported() {
    return exported;
  }

  private void trace(int i, Instant at) {
    ObjectNode trace = JSON.createObjectNode();
    trace.put("id", "tr-" + i).put("timestamp", TIME.format(at)).put("project_id", "p1");
    trace.put("name", "first name").put("user_id", text).put("input", text).put("output", text);
    trace.put("event_ts", TIME.format(at)).put("is_deleted", 0);
    trace.putArray("tags").add("app:wrong");
    traces.add(trace.deepCopy());
    trace.put("name", NAMES[i % NAMES.length]).put("event_ts", TIME.format(at.plusSeconds(9)));
    trace.putArray("tags");
    if (i % 3 > 0) {
      trace.withArray("tags").add("app:app" + i % 3).add("x'y");
    }
    if (i % 2 == 0) {
      trace.put("session_id", "s-" + i % 40);
    }
    trace.putObject("metadata").put("cost_center", "CC-trace").put("prompt", text);
    traces.add(trace);
    ObjectNode root = observation("sp-" + i, "SPAN", trace, at);
    keep(root, trace);
    for (int call = 0; call <= i % 2; call++) {
      call(i, call, at.plusMillis(300L * call), trace);
    }
  }

  private ObjectNode observation(String id, String type, ObjectNode trace, Instant at) {
    ObjectNode row = JSON.createObjectNode();
    row.put("id", id).put("trace_id", trace.path("id").asText()).put("project_id", "p1");
    row.put("type", type).put("start_time", TIME.format(at)).put("name", "step");
    row.put("level", "DEFAULT").put("environment", "production");
    row.put("input", text).put("output", text);
    row.putObject("metadata");
    row.putObject("usage_details");
    row.putObject("cost_details");
    return row;
  }

  private void call(int i, int call, Instant at, ObjectNode trace) {
    ObjectNode row =
        observation(
            "g-%d-%d".formatted(i, call), i % 17 == 0 ? "EMBEDDING" : "GENERATION", trace, at);
    // The second call of a trace lies in the first, which repeats it.
    row.put("parent_observation_id", call == 0 ? "sp-" + i : "g-%d-0".formatted(i));
    row.put("provided_model_name", MODELS[i % MODELS.length]);
    ObjectNode metadata = row.withObjectProperty("metadata");
    if (i % 4 == 0) {
      metadata.put("cost_center", "CC-" + i % 3);
    }
    metadata.put(
        "attributes", "{\"gen_ai.agent.name\":\"agent\",\"gen_ai.prompt\":\"%s\"}".formatted(text));
    metadata.put("resourceAttributes", "{\"service.name\":\"svc\"}");
    observations.add(version(row, at, 0, 0));
    row.put("end_time", TIME.format(at.plusSeconds(2)));
    row.put("level", i % 40 == 0 ? "ERROR" : "DEFAULT");
    if (i % 3 == 0) {
      row.put("completion_start_time", TIME.format(at.plusMillis(400)));
    }
    long cached = i % 5 == 0 ? 500 : 0;
    ObjectNode usage = row.withObjectProperty("usage_details");
    usage.put("input", 100 + i % 900).put("output", 10 + i % 90);
    usage.put("input_cached_tokens", cached).put("total", 110 + i % 900 + i % 90 + cached);
    if (i % 7 > 0) {
      row.put("total_cost", "0.00" + (1000 + i));
      row.withObjectProperty("cost_details").put("total", "0.00" + (1000 + i));
    }
    if (i % 50 == 1) {
      observations.add(version(row, at, 5, 0));
      observations.add(version(row, at, 60, 1));
    } else {
      keep(row, trace);
    }
  }

  private static ObjectNode version(ObjectNode row, Instant at, long seconds, int deleted) {
    ObjectNode version = row.deepCopy();
    return version.put("event_ts", TIME.format(at.plusSeconds(seconds))).put("is_deleted", deleted);
  }

  private void keep(ObjectNode row, ObjectNode trace) {
    observations.add(version(row, Instant.parse("2026-11-01T00:00:00Z"), 0, 0));
    ObjectNode metadata = row.withObjectProperty("metadata");
    ObjectNode export = row.deepCopy();
    if (!metadata.has("cost_center")) {
      export.withObjectProperty("metadata").put("cost_center", "CC-trace");
    }
    export.set("trace_name", trace.get("name"));
    export.set("tags", trace.get("tags"));
    export.set("session_id", trace.get("session_id"));
    export.put("user_id", text);
    exported.add(export);
    events.add(event(export));
  }

  private static ObjectNode event(ObjectNode export) {
    ObjectNode event = export.deepCopy();
    event.put("span_id", export.path("id").asText());
    event.put("parent_span_id", export.path("parent_observation_id").asText(""));
    event.put("session_id", export.path("session_id").asText(""));
    event.put("provided_model_name", export.path("provided_model_name").asText(""));
    event.put("event_ts", "2026-11-01 00:00:00.000").put("is_deleted", 0);
    event.putArray("metadata_names").add("cost_center");
    event.putArray("metadata_values").add(export.path("metadata").path("cost_center").asText());
    if (export.path("metadata").has("attributes")) {
      event.put("service_name", "svc");
      event.withArray("metadata_names").add("attributes.gen_ai.agent.name");
      event.withArray("metadata_values").add("agent");
    }
    for (String other : List.of("id", "parent_observation_id", "metadata", "total_cost")) {
      event.remove(other);
    }
    return event;
  }
}
