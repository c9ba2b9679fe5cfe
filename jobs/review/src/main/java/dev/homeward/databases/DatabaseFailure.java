package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.sql.SQLException;

/** Says in one line why a database did not answer. */
final class DatabaseFailure {
  private DatabaseFailure() {}

  /**
   * What the user can mend.
   *
   * @param table what was being read; empty while connecting
   */
  static InvalidInput of(DatabaseUrl database, String table, SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String said = VisibleText.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    String what = table.isEmpty() ? database.name() : "table " + table + " of " + database.name();
    return new InvalidInput(
        "Cannot read %s: %s%s".formatted(what, why(state, said), advice(state)), e);
  }

  private static String why(String state, String said) {
    if (state.equals("25006")) {
      return "it would have to be changed for that, and it is only read (%s)".formatted(said);
    }
    return said.isEmpty() ? "it gives no reason (SQLSTATE %s)".formatted(state) : said;
  }

  private static String advice(String state) {
    if (state.startsWith("28")) {
      return ". Give the password by PGPASSWORD or ~/.pgpass, and the user by PGUSER or ?user=NAME";
    }
    if (state.startsWith("08")) {
      return ". Check the host, the port and the network";
    }
    return switch (state) {
      case "3D000" -> ". Check the name of the database";
      case "42501" -> ". Maybe GRANT SELECT on the table to this user";
      default -> "";
    };
  }
}
