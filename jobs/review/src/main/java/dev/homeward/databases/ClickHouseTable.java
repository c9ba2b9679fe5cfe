package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table or view of ClickHouse as its catalog describes it; none of its rows is looked at. Columns
 * that the user may not read are not among its columns.
 *
 * @param place name of the server and the database, for messages
 * @param engine what keeps its rows
 */
record ClickHouseTable(
    String place, String database, String name, String engine, List<Column> columns) {

  /**
   * A column.
   *
   * @param type its type in ClickHouse's words, without what only says how it is kept
   */
  record Column(String name, String type) {
    String quoted() {
      return ClickHouseTable.quoted(name);
    }

    boolean isText() {
      return type.startsWith("String") || type.startsWith("FixedString");
    }

    boolean isMap() {
      return type.startsWith("Map(");
    }

    boolean isNested() {
      return isMap()
          || type.startsWith("Array(")
          || type.startsWith("Tuple(")
          || type.startsWith("Nested(")
          || isJson();
    }

    boolean isJson() {
      return type.startsWith("JSON") || type.startsWith("Object(");
    }
  }

  /** The table of a name, which may begin with its database and a point; empty if there is none. */
  static Optional<ClickHouseTable> find(ClickHouseHttp http, ClickHouseUrl url, String name) {
    List<String[]> found = new ArrayList<>();
    String tables =
        "FROM system.tables WHERE (database = %s AND name = %s) OR concat(database, '.', name) = %s ORDER BY database = %s DESC"
            .formatted(
                literal(url.database()), literal(name), literal(name), literal(url.database()));
    try (ClickHouseAnswer answer =
        http.ask(List.of("database", "name", "engine"), tables, "the list of tables")) {
      while (answer.next()) {
        found.add(new String[] {answer.cell(0), answer.cell(1), answer.cell(2)});
      }
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String[] first = found.get(0);
    List<Column> columns = new ArrayList<>();
    String of =
        "FROM system.columns WHERE database = %s AND table = %s"
            .formatted(literal(first[0]), literal(first[1]));
    try (ClickHouseAnswer answer = http.ask(List.of("name", "type"), of, "table " + first[1])) {
      while (answer.next()) {
        columns.add(new Column(answer.cell(0), base(answer.cell(1))));
      }
    }
    return Optional.of(new ClickHouseTable(url.name(), first[0], first[1], first[2], columns));
  }

  /** A type without the words around it that do not say what it holds. */
  static String base(String type) {
    for (String around : List.of("LowCardinality(", "Nullable(")) {
      if (type.startsWith(around) && type.endsWith(")")) {
        return base(type.substring(around.length(), type.length() - 1));
      }
    }
    String aggregate = "SimpleAggregateFunction(";
    if (type.startsWith(aggregate) && type.contains(", ")) {
      return base(type.substring(type.indexOf(", ") + 2, type.length() - 1));
    }
    return type;
  }

  boolean has(String column) {
    return column(column).isPresent();
  }

  /** A column by its name; where none is written so, one that differs in letters' case alone. */
  Optional<Column> column(String wanted) {
    return columns.stream()
        .filter(c -> c.name().equals(wanted))
        .findFirst()
        .or(() -> columns.stream().filter(c -> c.name().equalsIgnoreCase(wanted)).findFirst());
  }

  Column known(String wanted) {
    return column(wanted).orElseThrow(() -> missing(List.of(wanted), ""));
  }

  InvalidInput missing(List<String> wanted, String advice) {
    return new InvalidInput(
        "Cannot read table %s of %s: it has no column %s that this user may read. %s"
            .formatted(name, place, String.join(", ", wanted), advice)
            .strip());
  }

  /**
   * The table in a query. Of rows that were written again the engine keeps the older versions for a
   * while; what is asked for is the newest, and none that was deleted.
   */
  String from() {
    return quoted(database)
        + "."
        + quoted(name)
        + (engine.contains("ReplacingMergeTree") ? " FINAL" : "");
  }

  static String quoted(String identifier) {
    return '`' + identifier.replace("\\", "\\\\").replace("`", "\\`") + '`';
  }

  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
