package dev.homeward.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.homeward.testing.Program;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reviews of tables in a ClickHouse (see {@link RealClickHouse}). The risks: another figure than
 * the same rows give as Langfuse's export; a version of a row that was written over; a text that
 * leaves the database; a month that does not fit into memory.
 */
final class ClickHouseReviewTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TEXT = "patient-was-told";
  private static final int TRACES = 400;

  @TempDir static Path work;

  private static Program.Ran review(Path in, String log, String out, String... more)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("review", log, "--month", "2026-10"));
    all.addAll(List.of("--out", out, "--workers", "local"));
    all.addAll(List.of(more));
    Program.Ran ran = Program.homeward(in, Map.of(), all.toArray(String[]::new));
    assertTrue(ran.exit() <= 1, ran.text());
    assertFalse(ran.text().contains(TEXT), ran.text());
    return ran;
  }

  private static void same(Path in, String one, String other) throws IOException {
    for (String file : List.of("ranking.csv", "violations.csv", "spend/spend.jsonl")) {
      assertEquals(
          Files.readString(in.resolve(one).resolve(file)),
          Files.readString(in.resolve(other).resolve(file)),
          file);
    }
    try (Stream<Path> all = Files.walk(in.resolve(other))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(TEXT), () -> "a text is in " + file);
      }
    }
    try (Stream<Path> all = Files.list(in)) {
      assertEquals(List.of(), all.filter(p -> p.getFileName().toString().startsWith(".")).toList());
    }
  }

  @Test
  void aTableOfOnesOwnEqualsItsExport() throws Exception {
    Path in = Files.createDirectories(work.resolve("own"));
    try (RealClickHouse server = RealClickHouse.start(work.resolve("server-own"))) {
      server.sql("DROP TABLE IF EXISTS gateway_calls");
      server.sql(
          "CREATE TABLE gateway_calls (moment DateTime, llm String, tin UInt32, tout UInt32,"
              + " team Nullable(String), question String) ENGINE = MergeTree"
              + " PARTITION BY toYYYYMM(moment) ORDER BY moment");
      server.sql(
          "INSERT INTO gateway_calls SELECT toDateTime('2026-09-30 20:00:00', 'UTC') + number * 100,"
              + " if(number % 2 = 0, 'gpt-4o', 'gpt-4o-mini'), 100 + number % 900, number % 300,"
              + " if(number % 3 = 0, NULL, concat('te,am\\t\"', toString(number % 4))), '"
              + TEXT
              + "' FROM system.numbers LIMIT 30000");
      Files.writeString(
          in.resolve("calls.yaml"),
          """
          columns: { started_at: moment, request_model: llm, input_tokens: tin, output_tokens: tout }
          attributes: { workload: team }
          other-columns: left-out
          """);
      Files.writeString(
          in.resolve("export.csv"),
          server.sql(
              "SELECT formatDateTime(m, '%F %T', 'UTC') AS moment, llm, tin, tout,"
                  + " ifNull(team, '') AS team FROM (SELECT moment AS m, llm, tin, tout, team"
                  + " FROM gateway_calls WHERE moment >= toDateTime('2026-10-01 00:00:00', 'UTC')"
                  + " AND moment < toDateTime('2026-11-01 00:00:00', 'UTC')) ORDER BY m"
                  + " FORMAT CSVWithNames"));
      String[] mapping = {"--mapping", "calls.yaml"};
      review(in, "export.csv", "file", mapping);
      review(in, server.url(""), "table", "--mapping", "calls.yaml", "--table", "gateway_calls");
      same(in, "file", "table");
      if (server.isOwn()) {
        usersOfTheTests(in, server);
      }
    }
  }

  private static void usersOfTheTests(Path in, RealClickHouse server)
      throws IOException, InterruptedException {
    for (String user : List.of("reader", "setter")) {
      String out = "clean-" + user;
      Program.Ran ran = ingest(in, server, user, RealClickHouse.PASSWORD, "gateway_calls", out);
      assertEquals(0, ran.exit(), ran.text());
    }
    Program.Ran wrong = ingest(in, server, "reader", "wrong-horse", "gateway_calls", "no");
    assertEquals(2, wrong.exit(), wrong.text());
    assertEquals(1, wrong.complaints().size(), wrong.text());
    assertTrue(wrong.complaints().get(0).contains("CLICKHOUSE_PASSWORD"), wrong.text());
    assertFalse(wrong.text().contains("wrong-horse"), wrong.text());
  }

  private static Program.Ran ingest(
      Path in, RealClickHouse server, String user, String password, String table, String out)
      throws IOException, InterruptedException {
    return Program.homeward(
        in,
        Map.of("CLICKHOUSE_PASSWORD", password, "CLICKHOUSE_USER", user),
        "ingest",
        server.url(""),
        "--month",
        "2026-10",
        "--mapping",
        "calls.yaml",
        "--table",
        table,
        "--out",
        out,
        "--workers",
        "local");
  }

  /** Langfuse 3 and 4 hold the same calls, each with versions that were written over. */
  @Test
  void langfusesTablesEqualItsExport() throws Exception {
    Path in = Files.createDirectories(work.resolve("langfuse"));
    try (RealClickHouse server = RealClickHouse.start(work.resolve("server-langfuse"))) {
      Assumptions.assumeTrue(
          server.version() >= 23, "SKIPPED: Langfuse's tables need a ClickHouse of 2023 or later");
      LangfuseRows rows = new LangfuseRows(TRACES, TEXT);
      for (String statement : LangfuseRows.TABLES) {
        server.sql(statement);
      }
      insert(server, "observations", rows.observations());
      insert(server, "traces", rows.traces());
      StringBuilder lines = new StringBuilder();
      for (JsonNode row : rows.exported()) {
        lines.append(JSON.writeValueAsString(row)).append('\n');
      }
      Files.writeString(in.resolve("export.jsonl"), lines);
      review(in, "export.jsonl", "file");
      Program.Ran older = review(in, server.url(""), "older", "--verbose");
      assertTrue(older.text().contains("rows of default.observations"), older.text());
      same(in, "file", "older");
      String ranking = Files.readString(in.resolve("file/ranking.csv"));
      assertTrue(ranking.contains("app1") && ranking.contains("CC-trace"), ranking);
      // From now on Langfuse 4 has them all, and 3 lost some.
      insert(server, "events_core", rows.events());
      server.sql(
          "ALTER TABLE observations DELETE WHERE trace_id LIKE '%7' SETTINGS mutations_sync = 1");
      Program.Ran newer = review(in, server.url(""), "newer", "--verbose");
      assertTrue(newer.text().contains("rows of default.events_core"), newer.text());
      same(in, "file", "newer");
    }
  }

  private static void insert(RealClickHouse server, String table, List<ObjectNode> rows)
      throws IOException, InterruptedException {
    StringBuilder query = new StringBuilder("INSERT INTO " + table + " FORMAT JSONEachRow\n");
    for (ObjectNode row : rows) {
      query.append(JSON.writeValueAsString(row)).append('\n');
    }
    server.sql(query.toString());
  }

  /** 1.5 million rows of 300 bytes, all of one day, through a heap of 64 MB: a sixth of them. */
  @Test
  void memoryDoesNotGrowWithTheRows() throws Exception {
    Path rows = Files.createDirectories(work.resolve("memory/rows"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String query =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
            manyRows(query, out);
          }
        });
    server.start();
    try {
      Program.Ran ran =
          Program.java(
              rows.getParent(),
              Map.of(),
              List.of("-Xmx64m"),
              "dev.homeward.databases.CopyMain",
              "clickhouse://localhost:%d/default".formatted(server.getAddress().getPort()),
              "observations",
              rows.toString());
      assertEquals(0, ran.exit(), ran.text());
      assertTrue(ran.text().contains("1500000"), ran.text());
    } finally {
      server.stop(0);
    }
  }

  private static void manyRows(String query, OutputStream out) throws IOException {
    if (query.contains("system.settings")) {
      out.write("1\t.\n".getBytes(StandardCharsets.UTF_8));
    } else if (query.contains("system.tables")) {
      String found = query.contains("'observations'") ? "default\tobservations\tLog\t.\n" : "";
      out.write(found.getBytes(StandardCharsets.UTF_8));
    } else if (query.contains("system.columns")) {
      for (String column :
          List.of("id", "trace_id", "type", "provided_model_name", "usage_details")) {
        out.write((column + "\tString\t.\n").getBytes(StandardCharsets.UTF_8));
      }
      out.write("start_time\tDateTime64(3)\t.\n".getBytes(StandardCharsets.UTF_8));
    } else if (query.contains(">= toDateTime64('2026-10-05 00:00:00'")) {
      String id = "id-" + "x".repeat(200) + "-";
      for (int i = 0; i < 1_500_000; i++) {
        String row =
            "%s%d\ttr\tGENERATION\t1791187200250000\tgpt-4o\t{\"input\":10,\"output\":1}\t.\n"
                .formatted(id, i);
        out.write(row.getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
