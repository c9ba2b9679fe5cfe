package dev.homeward.databases;

import dev.homeward.files.Files;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.logs.CopiedLog;
import dev.homeward.progress.Progress;
import dev.homeward.units.InvalidInput;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Copies a month of a table of ClickHouse to files, a file a day, compressed; without a name and a
 * mapping Langfuse's observations. The rows are written as they come, so memory does not grow with
 * the month.
 */
record ClickHouseCopy(ClickHouseUrl database, RowSource.Asked asked, ClickHouseHttp.Limits limits)
    implements RowSource {

  ClickHouseCopy(ClickHouseUrl database, RowSource.Asked asked) {
    this(database, asked, ClickHouseHttp.Limits.USUAL);
  }

  @Override
  public CopiedLog copy(
      Files files,
      String folder,
      YearMonth month,
      ZoneId zone,
      Function<String, String> environment,
      Progress progress) {
    ClickHouseHttp http = ClickHouseHttp.connect(database, environment, limits);
    ClickHouseTable table =
        asked.table().isPresent()
            ? named(http, asked.table().get())
            : langfuse(http, month, zone, progress);
    ClickHouseQuery query = query(http, table, progress);
    long rows = 0;
    int days = month.lengthOfMonth();
    try (Progress.Bar bar = progress.bar("copying " + table.name(), days, "days", 1)) {
      for (int day = 1; day <= days; day++) {
        rows += day(http, query, files, folder, month.atDay(day), zone);
        bar.add(1);
      }
    }
    if (rows == 0) {
      throw new InvalidInput(
          "Cannot read table %s of %s: it has no row of %s (%s)"
              .formatted(table.name(), database.name(), month, zone));
    }
    return new CopiedLog(
        folder, database.name(), table.database() + "." + table.name(), month, rows);
  }

  private ClickHouseTable named(ClickHouseHttp http, String name) {
    return ClickHouseTable.find(http, database, name).orElseThrow(() -> none(name));
  }

  private InvalidInput none(String names) {
    return new InvalidInput(
        "Cannot read %s: it has no table %s that this user may read. Maybe name another database behind the host, or another table with --table NAME or --table DATABASE.NAME"
            .formatted(database.name(), names));
  }

  /**
   * Langfuse's table: the one that holds more calls of the month, because between its versions 3
   * and 4 an installation has both, and either may have been left behind.
   */
  private ClickHouseTable langfuse(
      ClickHouseHttp http, YearMonth month, ZoneId zone, Progress progress) {
    Optional<ClickHouseTable> older =
        ClickHouseTable.find(http, database, LangfuseTables.OBSERVATIONS)
            .filter(LangfuseTables::isOne);
    Optional<ClickHouseTable> newer =
        LangfuseTables.EVENTS.stream()
            .map(name -> ClickHouseTable.find(http, database, name))
            .flatMap(Optional::stream)
            .filter(LangfuseTables::isOne)
            .findFirst();
    if (older.isEmpty() || newer.isEmpty()) {
      return older
          .or(() -> newer)
          // Says which column it lacks, if it is there at all.
          .orElseGet(() -> named(http, LangfuseTables.OBSERVATIONS));
    }
    long before = calls(http, older.get(), month, zone);
    long now = calls(http, newer.get(), month, zone);
    ClickHouseTable chosen = now > before ? newer.get() : older.get();
    if (before > 0 && now > 0) {
      progress.note(
          "%s has about %,d calls of %s in %s and %,d in %s: %s is read (--table names the other)"
              .formatted(
                  database.name(),
                  before,
                  month,
                  older.get().name(),
                  now,
                  newer.get().name(),
                  chosen.name()));
    }
    return chosen;
  }

  private static long calls(
      ClickHouseHttp http, ClickHouseTable table, YearMonth month, ZoneId zone) {
    Instant from = month.atDay(1).atStartOfDay(zone).toInstant();
    Instant to = month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
    long calls = 0;
    try (ClickHouseAnswer answer =
        http.ask(
            List.of(LangfuseTables.number(table)),
            LangfuseTables.calls(table, from, to),
            "table " + table.name())) {
      while (answer.next()) {
        calls = Long.parseLong(answer.cell(0));
      }
    }
    return calls;
  }

  private ClickHouseQuery query(ClickHouseHttp http, ClickHouseTable table, Progress progress) {
    for (Mapping mapping : asked.mappings()) {
      if (ClickHouseQuery.missing(table, mapping).isEmpty()) {
        return ClickHouseQuery.mapped(table, mapping, asked.sourceZone());
      }
    }
    if (LangfuseTables.isOne(table)) {
      Optional<ClickHouseTable> traces =
          ClickHouseTable.find(http, database, table.database() + "." + LangfuseTables.TRACES);
      if (traces.isEmpty() && !table.has("trace_name")) {
        progress.note(
            "%s has no table traces that this user may read: the calls have no names of traces, tags and sessions"
                .formatted(database.name()));
      }
      return LangfuseTables.query(table, traces, asked.metadataKeys());
    }
    if (asked.mappings().isEmpty()) {
      throw table.missing(
          LangfuseTables.lacking(table),
          "It is not Langfuse's observations; of a table of your own a mapping says what its columns mean (--mapping FILE)");
    }
    return ClickHouseQuery.mapped(table, asked.mappings().get(0), asked.sourceZone());
  }

  private static long day(
      ClickHouseHttp http,
      ClickHouseQuery query,
      Files files,
      String folder,
      LocalDate day,
      ZoneId zone) {
    Instant from = day.atStartOfDay(zone).toInstant();
    Instant to = day.plusDays(1).atStartOfDay(zone).toInstant();
    String reading = "table " + query.table().name();
    try (ClickHouseAnswer answer =
            http.ask(query.expressions(), query.rest().apply(from, to), reading);
        RowFile file = new RowFile(files, folder, query.table().name(), day, query.header())) {
      while (answer.next()) {
        query.write(answer, file);
      }
      return file.rows();
    }
  }
}
