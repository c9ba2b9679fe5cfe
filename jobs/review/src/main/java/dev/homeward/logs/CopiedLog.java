package dev.homeward.logs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.YearMonth;
import java.util.Collection;

/**
 * Rows of a database that were copied to files for the length of a run.
 *
 * @param folder where the files lie
 * @param database host, port and name of the database; never a user or a password
 * @param table schema and name of the table
 * @param month whose rows they are
 * @param rows how many
 */
public record CopiedLog(String folder, String database, String table, YearMonth month, long rows) {

  /** Says in a manifest where the rows came from. */
  public static void write(Collection<CopiedLog> all, ArrayNode into) {
    for (CopiedLog log : all) {
      into.addObject()
          .put("database", log.database)
          .put("table", log.table)
          .put("month", log.month.toString())
          .put("rows", log.rows);
    }
  }
}
