package dev.homeward.databases;

import dev.homeward.files.Files;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.logs.CopiedLog;
import dev.homeward.progress.Progress;
import dev.homeward.units.InvalidInput;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;

/**
 * Copies a month of a table to files, a file a day, compressed. The rows come a few thousand at a
 * time and are written as they come, so memory does not grow with the month. Each day is a
 * transaction of its own that can only read: it is over in seconds and holds up nothing else.
 *
 * @param table the name that the user gave; empty: LiteLLM's spend log
 * @param mappings what the columns of tables of one's own mean; the first that fits is taken
 * @param sourceZone zone of times that carry none
 */
public record TableCopy(
    DatabaseUrl database, Optional<String> table, List<Mapping> mappings, ZoneId sourceZone)
    implements RowSource {
  private static final int ROWS_AT_ONCE = 5_000;

  /**
   * {@inheritDoc}
   *
   * @param environment gives PGUSER and PGPASSWORD; without a password the driver looks into
   *     ~/.pgpass
   */
  @Override
  public CopiedLog copy(
      Files files,
      String folder,
      YearMonth month,
      ZoneId zone,
      Function<String, String> environment,
      Progress progress) {
    String reading = "";
    try (Connection connection = connect(environment)) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      Table found = Table.find(connection, database, table.orElse(TableQuery.LITELLM_TABLE));
      reading = found.name();
      TableQuery query = query(found);
      long rows = 0;
      int days = month.lengthOfMonth();
      try (Progress.Bar bar = progress.bar("copying " + found.name(), days, "days", 1)) {
        for (int day = 1; day <= days; day++) {
          rows += day(connection, query, files, folder, month.atDay(day), zone);
          connection.commit();
          bar.add(1);
        }
      }
      if (rows == 0) {
        throw new InvalidInput(
            "Cannot read table %s of %s: it has no row of %s (%s)"
                .formatted(found.name(), database.name(), month, zone));
      }
      return new CopiedLog(
          folder, database.name(), found.schema() + "." + found.name(), month, rows);
    } catch (SQLException e) {
      throw DatabaseFailure.of(database, reading, e);
    }
  }

  private TableQuery query(Table found) {
    for (Mapping mapping : mappings) {
      if (TableQuery.missing(found, mapping).isEmpty()) {
        return TableQuery.mapped(found, mapping, sourceZone);
      }
    }
    return mappings.isEmpty() || TableQuery.isSpendLog(found)
        ? TableQuery.spendLog(found, sourceZone)
        : TableQuery.mapped(found, mappings.get(0), sourceZone);
  }

  private Connection connect(Function<String, String> environment) throws SQLException {
    if (DriverManager.drivers().noneMatch(this::isDriver)) {
      throw new InvalidInput(
          "Cannot read %s: PostgreSQL's JDBC driver is not on the class path. ./homeward has it; under spark-submit add --packages org.postgresql:postgresql:42.7.14"
              .formatted(database.name()));
    }
    Properties given = new Properties();
    database
        .user()
        .or(() -> Optional.ofNullable(environment.apply("PGUSER")))
        .ifPresent(user -> given.setProperty("user", user));
    Optional.ofNullable(environment.apply("PGPASSWORD"))
        .ifPresent(password -> given.setProperty("password", password));
    given.setProperty("ApplicationName", "homeward");
    given.setProperty("readOnlyMode", "always");
    // A server that is not there, or that falls silent, ends the run and does not hang it.
    given.setProperty("connectTimeout", "10");
    given.setProperty("loginTimeout", "20");
    given.setProperty("socketTimeout", "900");
    given.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(database.jdbc(), given);
  }

  private boolean isDriver(java.sql.Driver driver) {
    try {
      return driver.acceptsURL(database.jdbc());
    } catch (SQLException e) {
      return false;
    }
  }

  private static long day(
      Connection connection,
      TableQuery query,
      Files files,
      String folder,
      LocalDate day,
      ZoneId zone)
      throws SQLException {
    Instant from = day.atStartOfDay(zone).toInstant();
    Instant to = day.plusDays(1).atStartOfDay(zone).toInstant();
    try (PreparedStatement select =
        connection.prepareStatement(
            query.sql(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
      select.setFetchSize(ROWS_AT_ONCE);
      select.setObject(1, query.time().at(from));
      select.setObject(2, query.time().at(to));
      try (ResultSet rows = select.executeQuery();
          RowFile file = new RowFile(files, folder, query.table().name(), day, query.header())) {
        while (rows.next()) {
          for (int i = 1; i <= query.header().size(); i++) {
            file.cell(rows.getString(i));
          }
          file.end();
        }
        return file.rows();
      }
    }
  }
}
