package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table or view of a database as its catalog describes it; none of its rows is looked at.
 *
 * @param database name of the database, for messages
 * @param schema schema that it lies in
 * @param name its name as the database writes it
 */
record Table(String database, String schema, String name, List<Column> columns) {
  /**
   * A column.
   *
   * @param type its type in PostgreSQL's words, without lengths
   * @param isReadable whether this user may select it
   */
  record Column(String name, String type, boolean isReadable) {
    String quoted() {
      return Table.quoted(name);
    }

    boolean isJson() {
      return type.equals("json") || type.equals("jsonb");
    }
  }

  private static final String COLUMNS =
      """
      SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL),
          has_column_privilege(c.oid, a.attnum, 'SELECT')
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
         AND (lower(c.relname) = lower(?) AND n.nspname = ANY (current_schemas(false))
              OR n.nspname || '.' || c.relname = ?)
       ORDER BY c.relname = ? DESC, array_position(current_schemas(false), n.nspname), c.oid, a.attnum
      """;

  /**
   * The table of a name, which may begin with its schema and a point.
   *
   * @throws InvalidInput if there is none
   */
  static Table find(Connection connection, DatabaseUrl database, String name) throws SQLException {
    List<Column> columns = new ArrayList<>();
    String schema = null;
    String found = null;
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, name);
      query.setString(2, name);
      query.setString(3, name);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          boolean first = schema == null;
          schema = first ? rows.getString(1) : schema;
          found = first ? rows.getString(2) : found;
          if (rows.getString(1).equals(schema) && rows.getString(2).equals(found)) {
            columns.add(new Column(rows.getString(3), rows.getString(4), rows.getBoolean(5)));
          }
        }
      }
    }
    if (columns.isEmpty()) {
      throw new InvalidInput(
          "Cannot read %s: it has no table %s in the schemas that this user sees. Maybe name another with --table NAME or --table SCHEMA.NAME"
              .formatted(database.name(), name));
    }
    return new Table(database.name(), schema, found, columns);
  }

  /** A column by its name; where none is written so, one that differs in letters' case alone. */
  Optional<Column> column(String wanted) {
    return columns.stream()
        .filter(c -> c.name().equals(wanted))
        .findFirst()
        .or(() -> columns.stream().filter(c -> c.name().equalsIgnoreCase(wanted)).findFirst());
  }

  /** Its name in a query. */
  String quoted() {
    return quoted(schema) + "." + quoted(name);
  }

  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /**
   * Refuses a table that lacks columns, or does not let this user read them.
   *
   * @param wanted names of columns
   */
  void require(List<String> wanted, String advice) {
    List<String> missing = wanted.stream().filter(c -> column(c).isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw new InvalidInput(
          "Cannot read table %s of %s: it has no column %s. %s"
              .formatted(name, database, String.join(", ", missing), advice));
    }
    List<String> closed =
        wanted.stream().filter(c -> !column(c).orElseThrow().isReadable()).toList();
    if (!closed.isEmpty()) {
      throw new InvalidInput(
          "Cannot read table %s of %s: this user may not select %s. Maybe GRANT SELECT on these columns"
              .formatted(name, database, String.join(", ", closed)));
    }
  }
}
