package dev.homeward.databases;

import static dev.homeward.databases.ClickHouseTable.literal;

import dev.homeward.databases.ClickHouseQuery.Cell;
import dev.homeward.databases.ClickHouseQuery.Kind;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.tracer.LangfuseNames;
import dev.homeward.formats.tracer.LangfuseObservation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of Langfuse's tables, so that the rows are those of its own export: of Langfuse 3
 * {@code observations}, with what {@code traces} say of the trace that each belongs to, of Langfuse
 * 4 {@code events_core} or {@code events_full}, which hold both. All observations are asked for,
 * not generations alone: which call lies in which is told by the spans between them.
 *
 * <p>Never asked for: input, output, model parameters, users, and of the metadata any key that no
 * rule of the policy names.
 */
final class LangfuseTables {
  static final String OBSERVATIONS = "observations";
  static final String TRACES = "traces";

  /** Of Langfuse 4; the first holds the same with long texts cut short. */
  static final List<String> EVENTS = List.of("events_core", "events_full");

  /** Stands before the key of an attribute of the span. */
  static final String INSIDE = "span attribute ";

  private static final List<String> SPAN = List.of(LangfuseNames.AGENT, LangfuseNames.SERVICE);

  /** A trace may begin before its observations; Langfuse itself looks so far back. */
  private static final Duration BACK = Duration.ofDays(2);

  private static final Duration AHEAD = Duration.ofDays(1);

  /** Columns whose names differ in the tables of Langfuse 4. */
  private static final Map<String, String> OF_EVENTS =
      Map.of("id", "span_id", "parent_observation_id", "parent_span_id");

  private static final List<String> NEEDED =
      List.of("trace_id", "type", "start_time", "provided_model_name", "usage_details");

  private static final List<String> OF_TRACES = List.of("trace_name", "session_id", "tags");

  private LangfuseTables() {}

  /** Whether a table is Langfuse's, whatever its name. */
  static boolean isOne(ClickHouseTable table) {
    return lacking(table).isEmpty();
  }

  /** The columns that a table lacks to be one. */
  static List<String> lacking(ClickHouseTable table) {
    List<String> lacking = new ArrayList<>();
    if (!table.has("id") && !isOfEvents(table)) {
      lacking.add("id");
    }
    NEEDED.stream().filter(column -> !table.has(column)).forEach(lacking::add);
    return lacking;
  }

  private static boolean isOfEvents(ClickHouseTable table) {
    return table.has("span_id");
  }

  /** A query for the number of calls, about: what tells which of two tables holds a month. */
  static String number(ClickHouseTable table) {
    return "toString(uniqCombined64(%s))"
        .formatted(table.known(isOfEvents(table) ? "span_id" : "id").quoted());
  }

  /** The rest of that query. */
  static String calls(ClickHouseTable table, Instant from, Instant to) {
    return "FROM %s WHERE %s AND %s IN ('GENERATION', 'EMBEDDING')"
        .formatted(
            ClickHouseTable.quoted(table.database()) + "." + ClickHouseTable.quoted(table.name()),
            time(table).within(from, to),
            table.known("type").quoted());
  }

  private static ClickHouseTime time(ClickHouseTable table) {
    return ClickHouseTime.of(table, table.known("start_time"), ZoneOffset.UTC, 0);
  }

  /**
   * The query of a table of Langfuse.
   *
   * @param traces the table of traces, where the user may read one
   * @param given keys of metadata that rules of the policy name
   */
  static ClickHouseQuery query(
      ClickHouseTable table, Optional<ClickHouseTable> traces, List<String> given) {
    List<String> keys = given.stream().filter(CallNames::isKept).toList();
    boolean events = isOfEvents(table);
    List<String> inner = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    Optional<ClickHouseTable> joined =
        traces.filter(t -> !events && t.has("id") && t.has("timestamp"));
    Map<String, String> ofTrace = joined.map(t -> ofTrace(t, keys)).orElse(Map.of());
    for (String column : LangfuseObservation.COLUMNS) {
      if (column.equals(LangfuseObservation.METADATA)) {
        metadata(table, keys, ofTrace, inner).ifPresent(cells::add);
      } else {
        cell(table, column, inner).or(() -> traced(ofTrace, column)).ifPresent(cells::add);
      }
    }
    return new ClickHouseQuery(
        table,
        cells,
        (from, to) ->
            "FROM (%s) AS o%s ORDER BY o.o_start, %s"
                .formatted(
                    observations(table, inner, from, to),
                    joined.map(t -> " " + join(t, table, ofTrace, from, to)).orElse(""),
                    cells.get(0).expressions().get(0)));
  }

  private static String observations(
      ClickHouseTable table, List<String> inner, Instant from, Instant to) {
    List<String> selected = new ArrayList<>(inner);
    selected.add("start_time AS o_start");
    selected.add("trace_id AS o_trace");
    if (table.has("project_id")) {
      selected.add("project_id AS o_project");
    }
    String alive = table.has("is_deleted") ? " AND is_deleted = 0" : "";
    return "SELECT %s FROM %s WHERE %s%s"
        .formatted(String.join(", ", selected), table.from(), time(table).within(from, to), alive);
  }

  /** Adds an expression to those of the observations; gives the name that it has outside. */
  private static String inner(List<String> inner, String expression) {
    String name = "o_" + inner.size();
    inner.add(expression + " AS " + name);
    return "o." + name;
  }

  private static Optional<Cell> cell(ClickHouseTable table, String column, List<String> inner) {
    boolean events = isOfEvents(table);
    if (events && column.equals("total_cost") && table.has("cost_details")) {
      // A cost that is not known is no cost of 0.
      String cost = "if(mapContains(cost_details, 'total'), toString(cost_details['total']), '')";
      return Optional.of(Cell.of(column, Kind.TEXT, inner(inner, cost)));
    }
    return table
        .column(events ? OF_EVENTS.getOrDefault(column, column) : column)
        .map(
            found -> {
              Cell of = ClickHouseQuery.cell(column, found);
              return Cell.of(column, of.kind(), inner(inner, of.expressions().get(0)));
            });
  }

  private static Optional<Cell> traced(Map<String, String> ofTrace, String column) {
    return ofTrace.containsKey(column)
        ? Optional.of(Cell.of(column, Kind.TEXT, "t.t_" + column))
        : Optional.empty();
  }

  /** What is taken of a trace: a name, and what gives it. */
  private static Map<String, String> ofTrace(ClickHouseTable traces, List<String> keys) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String column : OF_TRACES) {
      traces
          .column(column.equals("trace_name") ? "name" : column)
          .ifPresent(
              found -> all.put(column, ClickHouseQuery.cell(column, found).expressions().get(0)));
    }
    if (traces.column("metadata").filter(ClickHouseTable.Column::isMap).isPresent()) {
      for (int i = 0; i < keys.size(); i++) {
        all.put("key" + i, value("metadata", keys.get(i)));
      }
    }
    return all;
  }

  private static String value(String map, String key) {
    return "toString(%s[%s])".formatted(map, literal(key));
  }

  // Several versions of a trace may lie in the table, on several days even: the newest is meant.
  private static String join(
      ClickHouseTable traces,
      ClickHouseTable table,
      Map<String, String> ofTrace,
      Instant from,
      Instant to) {
    String version = traces.has("event_ts") ? "event_ts" : "timestamp";
    boolean projects = traces.has("project_id") && table.has("project_id");
    String key = projects ? "project_id, id" : "id";
    List<String> selected = new ArrayList<>();
    ofTrace.forEach(
        (name, expression) ->
            selected.add("argMax(%s, %s) AS t_%s".formatted(expression, version, name)));
    ClickHouseTime started =
        ClickHouseTime.of(traces, traces.known("timestamp"), ZoneOffset.UTC, 0);
    String wanted =
        "SELECT trace_id FROM %s.%s WHERE %s"
            .formatted(
                ClickHouseTable.quoted(table.database()),
                ClickHouseTable.quoted(table.name()),
                time(table).within(from, to));
    String found =
        "SELECT %s, %s FROM %s.%s WHERE %s AND id IN (%s) GROUP BY %s"
            .formatted(
                key,
                String.join(", ", selected),
                ClickHouseTable.quoted(traces.database()),
                ClickHouseTable.quoted(traces.name()),
                started.within(from.minus(BACK), to.plus(AHEAD)),
                wanted,
                key);
    return "LEFT ANY JOIN (%s) AS t ON %so.o_trace = t.id"
        .formatted(found, projects ? "o.o_project = t.project_id AND " : "");
  }

  /**
   * The keys of the metadata that rules name, of the observation or else of its trace, and the two
   * attributes of the span that name its program.
   */
  private static Optional<Cell> metadata(
      ClickHouseTable table, List<String> keys, Map<String, String> ofTrace, List<String> inner) {
    List<String> expressions = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      Optional<String> own = value(table, keys.get(i)).map(expression -> inner(inner, expression));
      Optional<String> traced =
          Optional.of("t.t_key" + i).filter(t -> ofTrace.containsKey(t.substring("t.t_".length())));
      if (own.isPresent() || traced.isPresent()) {
        names.add(keys.get(i));
        expressions.add(
            own.isPresent() && traced.isPresent()
                ? "if(%1$s != '', %1$s, %2$s)".formatted(own.get(), traced.get())
                : own.or(() -> traced).orElseThrow());
      }
    }
    for (String attribute : SPAN) {
      attribute(table, attribute)
          .ifPresent(
              expression -> {
                names.add(INSIDE + attribute);
                expressions.add(inner(inner, expression));
              });
    }
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(new Cell(LangfuseObservation.METADATA, Kind.OBJECT, expressions, names));
  }

  /** The value of a key of the metadata; empty where the table keeps none. */
  private static Optional<String> value(ClickHouseTable table, String key) {
    if (isOfEvents(table)) {
      return table.has("metadata_names") && table.has("metadata_values")
          ? Optional.of(
              "toString(metadata_values[indexOf(metadata_names, %s)])".formatted(literal(key)))
          : Optional.empty();
    }
    return table
        .column("metadata")
        .filter(ClickHouseTable.Column::isMap)
        .map(c -> value("metadata", key));
  }

  /** An attribute of the span or of its resource, which stand in the metadata as JSON in a text. */
  private static Optional<String> attribute(ClickHouseTable table, String attribute) {
    String above =
        attribute.equals(LangfuseNames.SERVICE) ? LangfuseNames.RESOURCE : LangfuseNames.ATTRIBUTES;
    if (isOfEvents(table)) {
      return attribute.equals(LangfuseNames.SERVICE) && table.has("service_name")
          ? Optional.of("toString(service_name)")
          : value(table, above + "." + attribute);
    }
    return value(table, above)
        .map(json -> "JSONExtractString(%s, %s)".formatted(json, literal(attribute)));
  }
}
