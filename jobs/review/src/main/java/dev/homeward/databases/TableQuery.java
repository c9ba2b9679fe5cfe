package dev.homeward.databases;

import dev.homeward.formats.gateway.LiteLlmSpendLog;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.units.InvalidInput;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a table: the columns that a reader of logs uses, as text, of the rows of a span
 * of time. Texts of calls are not among them, so they do not leave the database.
 *
 * @param table which table
 * @param header names of the columns in the files
 * @param expressions the same in SQL
 * @param time what tells when a row was
 * @param order columns that order rows of one moment, so that the same rows give the same files
 */
record TableQuery(
    Table table,
    List<String> header,
    List<String> expressions,
    TimeColumn time,
    List<String> order) {
  static final String LITELLM_TABLE = "LiteLLM_SpendLogs";

  /**
   * The column that tells when a row was.
   *
   * @param column its name in SQL
   * @param kind how the database holds it
   * @param zone zone of its times where they carry none
   * @param unitsPerSecond of counts since 1970; 0 of others
   */
  record TimeColumn(String column, Kind kind, ZoneId zone, long unitsPerSecond) {
    enum Kind {
      WITH_ZONE,
      WITHOUT_ZONE,
      DAY,
      COUNT
    }

    /** A moment in the column's own type. */
    Object at(Instant moment) {
      return switch (kind) {
        case WITH_ZONE -> OffsetDateTime.ofInstant(moment, ZoneOffset.UTC);
        case WITHOUT_ZONE -> LocalDateTime.ofInstant(moment, zone);
        case DAY -> LocalDateTime.ofInstant(moment, zone).toLocalDate();
        case COUNT -> Math.multiplyExact(moment.getEpochSecond(), unitsPerSecond);
      };
    }
  }

  /** The rows of a span of time: from the first parameter on and before the second. */
  String sql() {
    List<String> selected = new ArrayList<>(expressions);
    return "SELECT %s FROM %s WHERE %s >= ? AND %s < ? ORDER BY %s"
        .formatted(
            String.join(", ", selected),
            table.quoted(),
            time.column(),
            time.column(),
            String.join(", ", order));
  }

  /** Whether a table is LiteLLM's spend log, whatever its name. */
  static boolean isSpendLog(Table table) {
    return LiteLlmSpendLog.NEEDED.stream().allMatch(c -> table.column(c).isPresent());
  }

  /**
   * The query of LiteLLM's spend log.
   *
   * @param zone zone of its times, which are in UTC unless the user says otherwise
   */
  static TableQuery spendLog(Table table, ZoneId zone) {
    table.require(
        LiteLlmSpendLog.NEEDED,
        "It is not LiteLLM's spend log; of a table of your own a mapping says what its columns mean (--mapping FILE)");
    List<String> header = new ArrayList<>();
    List<String> expressions = new ArrayList<>();
    for (String name : LiteLlmSpendLog.COLUMNS) {
      Optional<Table.Column> column = table.column(name).filter(Table.Column::isReadable);
      if (column.isPresent()) {
        header.add(name);
        expressions.add(text(column.get()));
      }
    }
    table
        .column(LiteLlmSpendLog.METADATA)
        .filter(Table.Column::isReadable)
        .ifPresent(
            column -> {
              header.add(LiteLlmSpendLog.METADATA);
              expressions.add(knownMetadata(column));
            });
    List<String> order = new ArrayList<>();
    order.add(table.column("startTime").orElseThrow().quoted());
    table.column("request_id").ifPresent(id -> order.add(id.quoted()));
    return new TableQuery(table, header, expressions, time(table, "startTime", zone, 0), order);
  }

  /**
   * The query of a table of one's own.
   *
   * @param zone zone of times that carry none, where the mapping names none
   */
  static TableQuery mapped(Table table, Mapping mapping, ZoneId zone) {
    Set<String> wanted = new LinkedHashSet<>(mapping.columnNames());
    mapping.attributes().values().forEach(wanted::addAll);
    List<String> missing = missing(table, mapping);
    if (!missing.isEmpty()) {
      throw new InvalidInput(
          "Cannot read table %s of %s by %s: it has no column %s"
              .formatted(
                  table.name(), table.database(), mapping.name(), String.join(", ", missing)));
    }
    List<String> expressions = new ArrayList<>();
    List<String> present = new ArrayList<>();
    for (String name : wanted) {
      if (table.column(base(name)).isPresent()) {
        table.require(List.of(base(name)), "");
        present.add(name);
        expressions.add(path(table.column(base(name)).orElseThrow(), name));
      }
    }
    Mapping.TimeOf time = mapping.time();
    TimeColumn column = time(table, time.column(), time.zone().orElse(zone), time.unitsPerSecond());
    List<String> order = new ArrayList<>(List.of(column.column()));
    for (int i = 1; i <= expressions.size(); i++) {
      order.add(Integer.toString(i));
    }
    return new TableQuery(table, present, expressions, column, order);
  }

  /** The columns of a mapping that a table lacks; attributes may be missing. */
  static List<String> missing(Table table, Mapping mapping) {
    return mapping.columnNames().stream()
        .filter(name -> table.column(base(name)).isEmpty())
        .toList();
  }

  private static String base(String name) {
    return name.split("/", 2)[0];
  }

  // A key inside of a JSON column is written with slashes.
  private static String path(Table.Column column, String name) {
    if (!name.contains("/")) {
      return text(column);
    }
    StringBuilder path = new StringBuilder();
    for (String key : name.substring(name.indexOf('/') + 1).split("/")) {
      path.append(path.isEmpty() ? "" : ", ").append(literal(key));
    }
    return "%s::jsonb #>> ARRAY[%s]".formatted(column.quoted(), path);
  }

  private static String literal(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String text(Table.Column column) {
    return column.type().equals("timestamp with time zone")
        ? "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
            .formatted(column.quoted())
        : column.quoted() + "::text";
  }

  // The metadata holds guardrails' findings, errors and the user as well: only the keys that the
  // reader knows leave the database. A column of JSON may hold JSON in a text.
  private static String knownMetadata(Table.Column column) {
    String document =
        column.isJson()
            ? "CASE jsonb_typeof(%1$s::jsonb) WHEN 'string' THEN NULLIF(%1$s::jsonb #>> '{}', '')::jsonb ELSE %1$s::jsonb END"
                .formatted(column.quoted())
            : "NULLIF(%s::text, '')::jsonb".formatted(column.quoted());
    StringBuilder keys = new StringBuilder();
    for (String key : LiteLlmSpendLog.METADATA_KEYS) {
      keys.append("'%s', m -> '%s', ".formatted(key, key));
    }
    // Of the model's entry the reader wants the name, and whether the entry is an object.
    keys.append(
        ("'%1$s', jsonb_build_object('%2$s', m #> '{%1$s,%2$s}', "
                + "'%3$s', CASE jsonb_typeof(m #> '{%1$s,%3$s}') WHEN 'object' THEN '{}'::jsonb END)")
            .formatted(
                LiteLlmSpendLog.MODEL_MAP,
                LiteLlmSpendLog.MODEL_MAP_KEY,
                LiteLlmSpendLog.MODEL_MAP_VALUE));
    return "(SELECT jsonb_strip_nulls(jsonb_build_object(%s))::text FROM (SELECT %s AS m) AS d WHERE jsonb_typeof(m) = 'object')"
        .formatted(keys, document);
  }

  private static TimeColumn time(Table table, String name, ZoneId zone, long unit) {
    Table.Column column = table.column(base(name)).orElseThrow();
    String type = name.contains("/") ? "a key of " + column.type() : column.type();
    TimeColumn.Kind kind =
        switch (type) {
          case "timestamp with time zone" -> TimeColumn.Kind.WITH_ZONE;
          case "timestamp without time zone" -> TimeColumn.Kind.WITHOUT_ZONE;
          case "date" -> TimeColumn.Kind.DAY;
          case "smallint", "integer", "bigint", "numeric", "real", "double precision" ->
              unit > 0 ? TimeColumn.Kind.COUNT : null;
          default -> null;
        };
    if (kind == null) {
      throw new InvalidInput(
          "Cannot read table %s of %s: its times, column %s, are of type %s, of which no month can be asked for. Maybe make a view with a timestamp, or say how they count (format: seconds)"
              .formatted(table.name(), table.database(), name, type));
    }
    return new TimeColumn(column.quoted(), kind, zone, unit);
  }
}
