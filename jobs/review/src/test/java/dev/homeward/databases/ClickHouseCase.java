package dev.homeward.databases;

import dev.homeward.files.HadoopFiles;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.logs.CopiedLog;
import dev.homeward.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of copies from a ClickHouse share: a server that speaks as one, and a copy of it. */
abstract class ClickHouseCase {
  static final YearMonth OCTOBER = YearMonth.of(2026, 10);
  static final Map<String, String> LOGIN = Map.of("CLICKHOUSE_PASSWORD", FakeClickHouse.PASSWORD);
  static final ClickHouseHttp.Limits SHORT =
      new ClickHouseHttp.Limits(Duration.ofSeconds(3), Duration.ofSeconds(2));

  final FakeClickHouse server = new FakeClickHouse();
  final ByteArrayOutputStream said = new ByteArrayOutputStream();
  @TempDir Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  CopiedLog copy(RowSource.Asked asked, ZoneId zone) {
    return copy(server.url(), asked, zone, LOGIN);
  }

  CopiedLog copy(String url, RowSource.Asked asked, ZoneId zone, Map<String, String> environment) {
    return new ClickHouseCopy(ClickHouseUrl.parse(url), asked, SHORT)
        .copy(
            HadoopFiles.standalone(),
            folder.toString(),
            OCTOBER,
            zone,
            environment::get,
            new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), false));
  }

  static RowSource.Asked langfuse(String... keys) {
    return new RowSource.Asked(Optional.empty(), List.of(), ZoneOffset.UTC, List.of(keys));
  }

  static RowSource.Asked table(String name, String... mapping) {
    return new RowSource.Asked(
        Optional.of(name),
        Stream.of(mapping).map(text -> Mapping.parse(text, "calls.yaml")).toList(),
        ZoneOffset.UTC,
        List.of());
  }

  static Map<String, String> columns(String... namesAndTypes) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      all.put(namesAndTypes[i], namesAndTypes[i + 1]);
    }
    return all;
  }

  void hasObservations(int rows) {
    List<Map<String, String>> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("at", "2026-10-%02d 12:00:00".formatted(5 + i % 20));
      row.put("id", "obs-" + i);
      row.put("trace_id", "tr-" + i);
      row.put("parent_observation_id", "\\N");
      row.put("type", "GENERATION");
      // 2026-10-05T12:00:00.25Z
      row.put("start_time", "1791201600250000");
      row.put("provided_model_name", "gpt-4o");
      row.put("usage_details", "{\"input\":\"100\",\"output\":7}");
      row.put("total_cost", "0.00042");
      row.put("name", "a, \\\"b\\\"\\tc\\nd\\\\e");
      row.put("metadata.app", "claims");
      row.put("gen_ai.agent.name", "triage");
      row.put("tags", "[\"app:x\"]");
      row.put("session_id", "s-1");
      row.put("timestamp", "1791201600000000");
      all.add(row);
    }
    server.has(
        "observations",
        "ReplacingMergeTree",
        columns(
            "id", "String",
            "trace_id", "String",
            "project_id", "String",
            "type", "LowCardinality(String)",
            "parent_observation_id", "Nullable(String)",
            "start_time", "DateTime64(3)",
            "end_time", "Nullable(DateTime64(3))",
            "name", "String",
            "metadata", "Map(LowCardinality(String), String)",
            "level", "LowCardinality(String)",
            "input", "Nullable(String)",
            "output", "Nullable(String)",
            "provided_model_name", "Nullable(String)",
            "usage_details", "Map(LowCardinality(String), UInt64)",
            "total_cost", "Nullable(Decimal(18, 12))",
            "completion_start_time", "Nullable(DateTime64(3))",
            "event_ts", "DateTime64(3)",
            "is_deleted", "UInt8"),
        all);
    server.has(
        "traces",
        "ReplacingMergeTree",
        columns(
            "id", "String",
            "timestamp", "DateTime64(3)",
            "name", "String",
            "user_id", "Nullable(String)",
            "metadata", "Map(LowCardinality(String), String)",
            "project_id", "String",
            "tags", "Array(String)",
            "session_id", "Nullable(String)",
            "event_ts", "DateTime64(3)"),
        all);
  }
}
