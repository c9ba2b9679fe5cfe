package dev.homeward.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import dev.homeward.files.HadoopFiles;
import dev.homeward.formats.tracer.LangfuseObservation;
import dev.homeward.logs.CopiedLog;
import dev.homeward.progress.Progress;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is asked of ClickHouse, and what becomes of its answers. The risk: a text that is asked for.
 * That the SQL means what is meant is shown by ClickHouse itself, in jobs/databases.
 */
final class ClickHouseCopyTest extends ClickHouseCase {
  private List<String> lines() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        try (InputStream text = new ZstdInputStream(Files.newInputStream(file))) {
          all.add(file.getFileName().toString());
          new String(text.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(all::add);
        }
      }
    }
    return all;
  }

  @Test
  void observationsBecomeRowsOfLangfusesOwnExport() throws IOException {
    hasObservations(1);
    CopiedLog copied = copy(langfuse("app", "user_name"), ZoneOffset.UTC);
    assertEquals(1, copied.rows());
    assertEquals("default.observations", copied.table());
    assertEquals("clickhouse://localhost:%d/default".formatted(server.port()), copied.database());
    assertEquals(
        List.of(
            "observations-2026-10-05.csv.zst",
            "id,trace_id,parent_observation_id,type,start_time,end_time,completion_start_time,level,"
                + "provided_model_name,usage_details,total_cost,name,trace_name,session_id,tags,metadata",
            "obs-0,tr-0,,GENERATION,2026-10-05T12:00:00.250Z,,,,gpt-4o,"
                + "\"{\"\"input\"\":\"\"100\"\",\"\"output\"\":7}\",0.00042,\"a, \"\"b\"\"\tc",
            "d\\e\",\"a, \"\"b\"\"\tc",
            "d\\e\",s-1,\"[\"\"app:x\"\"]\","
                + "\"{\"\"app\"\":\"\"claims\"\",\"\"attributes\"\":{\"\"gen_ai.agent.name\"\":\"\"triage\"\"}}\""),
        lines());
  }

  @Test
  void noTextIsAskedForAndNothingCanBeChanged() {
    hasObservations(3);
    copy(langfuse("app", "user_name", "prompt"), ZoneOffset.UTC);
    // The readonly mode, two lookups of tables, their columns, and a query a day.
    String all = String.join("\n", server.asked);
    for (String no :
        List.of("input", "output", "user_id", "user_name", "'prompt'", "model_parameters", "*")) {
      assertFalse(all.replace("usage_details", "").contains(no), () -> no + " is in " + all);
    }
    assertTrue(all.contains("metadata['app']"), all);
    assertTrue(all.contains("FROM `default`.`observations` FINAL WHERE"), all);
    assertEquals(31, server.asked.stream().filter(q -> q.contains("LEFT ANY JOIN")).count());
    for (String query : server.asked) {
      assertTrue(query.startsWith("SELECT ") && query.endsWith(" FORMAT TabSeparated"), query);
    }
    for (String address : server.addresses.subList(1, server.addresses.size())) {
      assertEquals("/?database=default&readonly=2&enable_http_compression=1", address);
    }
  }

  @Test
  void aUserWhoMayOnlyReadIsAskedWithoutSettings() {
    hasObservations(3);
    server.isReadOnly("1");
    assertEquals(3, copy(langfuse(), ZoneOffset.UTC).rows());
    assertTrue(server.addresses.stream().allMatch(a -> a.equals("/?database=default")));
  }

  @Test
  void theMonthIsThatOfTheBusinessTimeZone() {
    hasObservations(1);
    copy(langfuse(), ZoneId.of("Europe/Berlin"));
    List<String> days = server.asked.stream().filter(q -> q.contains("LEFT ANY JOIN")).toList();
    // Two hours ahead of UTC at its beginning, one at its end.
    assertTrue(days.get(0).contains(">= toDateTime64('2026-09-30 22:00:00', 3, 'UTC')"));
    assertTrue(days.get(30).contains("< toDateTime64('2026-10-31 23:00:00', 3, 'UTC')"));
  }

  @Test
  void whereBothVersionsOfLangfuseHaveTablesTheFullerOneIsRead() {
    hasObservations(2);
    Map<String, String> one =
        Map.of("at", "2026-10-05 12:00:00", "span_id", "e", "start_time", "1791201600000000");
    List<Map<String, String>> three = List.of(one, one, one);
    server.has(
        "events_core",
        "ReplacingMergeTree",
        columns(
            "span_id", "String",
            "parent_span_id", "String",
            "trace_id", "String",
            "type", "String",
            "start_time", "DateTime64(6)",
            "provided_model_name", "String",
            "usage_details", "Map(String, UInt64)",
            "cost_details", "Map(String, Decimal(18, 12))",
            "trace_name", "String",
            "metadata_names", "Array(String)",
            "metadata_values", "Array(String)",
            "service_name", "String"),
        three);
    CopiedLog copied = copy(langfuse("app"), ZoneOffset.UTC);
    assertEquals("default.events_core", copied.table());
    assertEquals(3, copied.rows());
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("2 calls of 2026-10 in observations and 3 in events_core"), text);
    String query = server.asked.get(server.asked.size() - 1);
    assertTrue(query.contains("metadata_values[indexOf(metadata_names, 'app')]"), query);
    assertFalse(query.contains("JOIN"), query);
    assertEquals(
        "default.observations",
        copy(
                new RowSource.Asked(
                    Optional.of("observations"), List.of(), ZoneOffset.UTC, List.of()),
                ZoneOffset.UTC)
            .table());
  }

  @Test
  void everyColumnThatTheReaderKnowsIsAskedForWhereTheTableHasIt() {
    Map<String, String> all = new LinkedHashMap<>();
    LangfuseObservation.COLUMNS.forEach(name -> all.put(name, "String"));
    all.put("metadata", "Map(String, String)");
    ClickHouseTable table = described("observations", all);
    assertEquals(
        LangfuseObservation.COLUMNS,
        LangfuseTables.query(table, Optional.empty(), List.of("app")).header());
  }

  private static ClickHouseTable described(String name, Map<String, String> columns) {
    return new ClickHouseTable(
        "clickhouse://db/x",
        "x",
        name,
        "MergeTree",
        columns.entrySet().stream()
            .map(e -> new ClickHouseTable.Column(e.getKey(), ClickHouseTable.base(e.getValue())))
            .toList());
  }

  @Test
  void anotherTableIsReadByAMapping() throws IOException {
    server.has(
        "calls",
        "MergeTree",
        columns(
            "moment", "DateTime('Europe/Berlin')",
            "llm", "LowCardinality(Nullable(String))",
            "tin", "UInt32",
            "tout", "UInt32",
            "labels", "Map(String, String)",
            "extra", "String",
            "question", "String"),
        List.of(
            Map.of(
                "at", "2026-10-31 23:59:59",
                // 2026-10-31T23:59:59Z
                "moment", "1793491199000000",
                "llm", "gpt-4o",
                "tin", "5",
                "tout", "6",
                "labels", "hr",
                "extra", "eu")));
    String mapping =
        """
        columns: { started_at: moment, request_model: llm, input_tokens: tin, output_tokens: tout }
        attributes: { workload: labels/team, metadata.region: extra/place/region, metadata.no: none }
        """;
    copy(table("calls", mapping), ZoneOffset.UTC);
    assertEquals(
        List.of(
            "calls-2026-10-31.csv.zst",
            "moment,llm,tin,tout,labels/team,extra/place/region",
            "2026-10-31T23:59:59Z,gpt-4o,5,6,hr,eu"),
        lines());
    String query = server.asked.get(server.asked.size() - 1);
    assertFalse(query.contains("question"), query);
    assertTrue(query.contains("ifNull(toString(`labels`['team']), '')"), query);
    assertTrue(
        query.contains("JSONExtract(toString(`extra`), 'place', 'region', 'Nullable(String)')"),
        query);
    assertTrue(query.contains("toString(toInt64(toUnixTimestamp(`moment`)) * 1000000)"), query);
    assertTrue(query.contains("`moment` >= toDateTime('2026-10-31 00:00:00', 'UTC')"), query);
    assertFalse(query.contains("FINAL"), query);
  }

  @Test
  void whatComesOfTimesIsToldByTheirTypes() {
    Map<String, String> types = new LinkedHashMap<>();
    types.put("Date", "t >= toDate('2026-10-01') AND t < toDate('2026-10-02')");
    types.put(
        "Nullable(DateTime64(9, 'UTC'))",
        "t >= toDateTime64('2026-09-30 22:00:00', 3, 'UTC') AND t < toDateTime64('2026-10-01 22:00:00', 3, 'UTC')");
    types.put("UInt64", "t >= 1790805600000 AND t < 1790892000000");
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Instant from = Instant.parse("2026-09-30T22:00:00Z");
    types.forEach(
        (type, expected) -> {
          ClickHouseTable of = described("calls", Map.of("t", type));
          assertEquals(
              expected.replace("t ", "`t` "),
              ClickHouseTime.of(of, of.known("t"), berlin, type.equals("UInt64") ? 1000 : 0)
                  .within(from, from.plus(Duration.ofDays(1))));
        });
    ClickHouseTable text = described("calls", Map.of("t", "String"));
    InvalidInput refused =
        assertThrows(
            InvalidInput.class, () -> ClickHouseTime.of(text, text.known("t"), berlin, 1000));
    assertTrue(refused.getMessage().contains("column t, are of type String"));
  }

  @Test
  void thePasswordMayStandInAFile() throws IOException {
    hasObservations(1);
    Path file = folder.resolve("password");
    Files.writeString(file, FakeClickHouse.PASSWORD + "\n");
    Path rows = Files.createDirectory(folder.resolve("rows"));
    Map<String, String> environment = Map.of("CLICKHOUSE_PASSWORD_FILE", file.toString());
    CopiedLog copied =
        new ClickHouseCopy(ClickHouseUrl.parse(server.url()), langfuse(), SHORT)
            .copy(
                HadoopFiles.standalone(),
                rows.toString(),
                OCTOBER,
                ZoneOffset.UTC,
                environment::get,
                new Progress(new PrintStream(OutputStream.nullOutputStream()), false));
    assertEquals(1, copied.rows());
  }
}
