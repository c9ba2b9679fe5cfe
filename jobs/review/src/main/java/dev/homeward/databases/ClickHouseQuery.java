package dev.homeward.databases;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.formats.tracer.LangfuseNames;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.TimeUnits;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What is asked of a table of ClickHouse, and how the answer becomes rows of a file. Texts of calls
 * are not among it, so they do not leave the database.
 *
 * @param table which table
 * @param cells the cells of a row of the file, in their order
 * @param rest the query behind the expressions, for a span of time
 */
record ClickHouseQuery(
    ClickHouseTable table, List<Cell> cells, BiFunction<Instant, Instant, String> rest) {

  /** How the texts of an answer become one of the file. */
  enum Kind {
    TEXT,
    /** Microseconds since 1970. */
    MOMENT,
    /** The values of an object, whose keys are known. */
    OBJECT
  }

  /**
   * A cell of a row.
   *
   * @param column the column of the file
   * @param expressions what gives it, as SQL of texts that are never NULL
   * @param keys of an object: the key of each expression, where {@link LangfuseTables#INSIDE}
   *     stands before it inside of the attributes of the span
   */
  record Cell(String column, Kind kind, List<String> expressions, List<String> keys) {
    static Cell of(String column, Kind kind, String expression) {
      return new Cell(column, kind, List.of(expression), List.of());
    }
  }

  List<String> header() {
    return cells.stream().map(Cell::column).toList();
  }

  List<String> expressions() {
    return cells.stream().flatMap(cell -> cell.expressions().stream()).toList();
  }

  /** Writes the row that the answer stands on. */
  void write(ClickHouseAnswer answer, RowFile file) {
    int at = 0;
    for (Cell cell : cells) {
      file.cell(
          switch (cell.kind()) {
            case TEXT -> answer.cell(at);
            case MOMENT -> moment(answer.cell(at));
            case OBJECT -> object(answer, at, cell.keys());
          });
      at += cell.expressions().size();
    }
    file.end();
  }

  private static String moment(String micros) {
    if (micros.isEmpty()) {
      return micros;
    }
    long since = Long.parseLong(micros);
    return Instant.ofEpochSecond(
            Math.floorDiv(since, TimeUnits.MICROS_PER_SECOND),
            Math.floorMod(since, TimeUnits.MICROS_PER_SECOND) * TimeUnits.NANOS_PER_MICRO)
        .toString();
  }

  private static String object(ClickHouseAnswer answer, int from, List<String> keys) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < keys.size(); i++) {
      String value = answer.cell(from + i);
      if (!value.isEmpty()) {
        boolean inside = keys.get(i).startsWith(LangfuseTables.INSIDE);
        ObjectNode in = inside ? object.withObjectProperty(LangfuseNames.ATTRIBUTES) : object;
        in.put(inside ? keys.get(i).substring(LangfuseTables.INSIDE.length()) : keys.get(i), value);
      }
    }
    return object.isEmpty() ? "" : object.toString();
  }

  /** A column as the cell of a file. */
  static Cell cell(String name, ClickHouseTable.Column column) {
    return cell(name, column, column.quoted());
  }

  /**
   * The same.
   *
   * @param expression what stands for the column
   */
  static Cell cell(String name, ClickHouseTable.Column column, String expression) {
    ClickHouseTime.Kind time = ClickHouseTime.kind(column.type());
    if (time == ClickHouseTime.Kind.FRACTIONS) {
      return Cell.of(
          name,
          Kind.MOMENT,
          text("toString(toUnixTimestamp64Micro(toDateTime64(%s, 6)))".formatted(expression)));
    }
    if (time == ClickHouseTime.Kind.SECONDS) {
      return Cell.of(
          name,
          Kind.MOMENT,
          text("toString(toInt64(toUnixTimestamp(%s)) * 1000000)".formatted(expression)));
    }
    String as = column.isNested() ? "toJSONString(%s)" : "toString(%s)";
    return Cell.of(name, Kind.TEXT, text(as.formatted(expression)));
  }

  static String text(String expression) {
    return "ifNull(%s, '')".formatted(expression);
  }

  /** The columns of a mapping that a table lacks; attributes may be missing. */
  static List<String> missing(ClickHouseTable table, Mapping mapping) {
    return mapping.columnNames().stream().filter(name -> !table.has(base(name))).toList();
  }

  /**
   * The query of a table of one's own.
   *
   * @param zone zone of times that carry none, where the mapping names none
   */
  static ClickHouseQuery mapped(ClickHouseTable table, Mapping mapping, ZoneId zone) {
    List<String> missing = missing(table, mapping);
    if (!missing.isEmpty()) {
      throw new InvalidInput(
          "Cannot read table %s of %s by %s: it has no column %s that this user may read"
              .formatted(table.name(), table.place(), mapping.name(), String.join(", ", missing)));
    }
    Set<String> wanted = new LinkedHashSet<>(mapping.columnNames());
    mapping.attributes().values().forEach(wanted::addAll);
    List<Cell> cells = new ArrayList<>();
    for (String name : wanted) {
      if (table.has(base(name))) {
        cells.add(inside(table.known(base(name)), name));
      }
    }
    Mapping.TimeOf of = mapping.time();
    if (of.column().contains("/")) {
      throw new InvalidInput(
          "Cannot read table %s of %s: its times, column %s, are inside of another, of which no month can be asked for. Maybe make a view with a DateTime64"
              .formatted(table.name(), table.place(), of.column()));
    }
    ClickHouseTime time =
        ClickHouseTime.of(
            table, table.known(of.column()), of.zone().orElse(zone), of.unitsPerSecond());
    // All of a row orders it, so that the same rows give the same file.
    List<String> order = new ArrayList<>(List.of(time.column()));
    cells.forEach(cell -> order.addAll(cell.expressions()));
    return new ClickHouseQuery(
        table,
        cells,
        (from, to) ->
            "FROM %s WHERE %s ORDER BY %s"
                .formatted(table.from(), time.within(from, to), String.join(", ", order)));
  }

  private static String base(String name) {
    return name.split("/", 2)[0];
  }

  // A key inside of a column is written with slashes.
  private static Cell inside(ClickHouseTable.Column column, String name) {
    if (!name.contains("/")) {
      return cell(name, column);
    }
    List<String> keys = new ArrayList<>(List.of(name.split("/")));
    keys.remove(0);
    String at = column.quoted();
    if (column.isMap()) {
      at = "toString(%s[%s])".formatted(at, ClickHouseTable.literal(keys.remove(0)));
    } else if (column.isNested()) {
      at = "toJSONString(%s)".formatted(at);
    } else {
      at = "toString(%s)".formatted(at);
    }
    if (keys.isEmpty()) {
      return Cell.of(name, Kind.TEXT, text(at));
    }
    List<String> path = keys.stream().map(ClickHouseTable::literal).toList();
    return Cell.of(
        name,
        Kind.TEXT,
        text("JSONExtract(%s, %s, 'Nullable(String)')".formatted(at, String.join(", ", path))));
  }
}
