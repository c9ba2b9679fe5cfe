package dev.homeward.databases;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.PGConnection;

/**
 * A PostgreSQL of the tests' own, with a week of the sample as LiteLLM keeps it. Each row holds a
 * text in every place that holds texts of calls, and a user that may select only what a review
 * needs.
 */
final class SpendLogs implements AutoCloseable {
  static final String USER = "reader";
  static final String PASSWORD = "correct-horse-7";
  static final String TEXT = "patient-was-told";

  private static final String TABLE =
      """
      CREATE TABLE "LiteLLM_SpendLogs" (
        request_id text PRIMARY KEY, call_type text NOT NULL, api_key text NOT NULL DEFAULT '',
        spend double precision NOT NULL DEFAULT 0, total_tokens integer NOT NULL DEFAULT 0,
        prompt_tokens integer NOT NULL DEFAULT 0, completion_tokens integer NOT NULL DEFAULT 0,
        "startTime" timestamp(3) NOT NULL, "endTime" timestamp(3) NOT NULL,
        "completionStartTime" timestamp(3), model text NOT NULL DEFAULT '', model_id text DEFAULT '',
        model_group text DEFAULT '', custom_llm_provider text DEFAULT '', api_base text DEFAULT '',
        "user" text DEFAULT '', metadata jsonb DEFAULT '{}', cache_hit text DEFAULT '',
        cache_key text DEFAULT '', request_tags jsonb DEFAULT '[]', team_id text, end_user text,
        requester_ip_address text, messages jsonb DEFAULT '{}', response jsonb DEFAULT '{}',
        session_id text, status text, proxy_server_request jsonb DEFAULT '{}',
        request_duration_ms integer)
      """;

  private final EmbeddedPostgres server;

  private SpendLogs(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Starts it with the week; skips the test, and says so, where there are no binaries. */
  static SpendLogs start() throws IOException, SQLException {
    EmbeddedPostgres server;
    try {
      server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    } catch (IOException | IllegalStateException e) {
      System.err.println("SKIPPED: PostgreSQL does not start here: " + e);
      Assumptions.abort("PostgreSQL does not start here: " + e);
      throw new IllegalStateException(e);
    }
    SpendLogs logs = new SpendLogs(server);
    logs.askForPasswords();
    logs.run(
        TABLE,
        "CREATE INDEX ON \"LiteLLM_SpendLogs\" (\"startTime\")",
        "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(USER, PASSWORD));
    logs.load();
    logs.run(
        "UPDATE \"LiteLLM_SpendLogs\" SET messages = '[{\"content\": \"%1$s\"}]',".formatted(TEXT)
            + " response = '{\"content\": \"%1$s\"}', proxy_server_request = '{\"body\": \"%1$s\"}',"
                .formatted(TEXT)
            + " metadata = metadata || '{\"error_information\": {\"traceback\": \"%1$s\"}, \"guardrail_information\": \"%1$s\"}'"
                .formatted(TEXT),
        // What is granted is what a review selects: anything more would be refused.
        "GRANT SELECT (request_id, call_type, \"startTime\", \"endTime\", \"completionStartTime\", model,"
            + " custom_llm_provider, api_base, cache_hit, session_id, status, team_id, prompt_tokens,"
            + " completion_tokens, total_tokens, request_duration_ms, spend, request_tags, metadata)"
            + " ON \"LiteLLM_SpendLogs\" TO "
            + USER);
    return logs;
  }

  // The server of the tests trusts everybody; the reader must give a password.
  private void askForPasswords() throws IOException, SQLException {
    Path file;
    try (Connection connection = admin();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW hba_file")) {
      rows.next();
      file = Path.of(rows.getString(1));
    }
    Files.writeString(
        file, "host all %s all scram-sha-256%n".formatted(USER) + Files.readString(file));
    run("SELECT pg_reload_conf()");
  }

  private void load() throws IOException, SQLException {
    Path folder = Path.of(System.getProperty("homeward.root", "../.."), "sample-logs", "litellm");
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      // A week of the month: enough for every shape of row, and soon reviewed.
      files = all.filter(file -> file.toString().contains("-w1.")).toList();
    }
    try (Connection connection = admin();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO \"LiteLLM_SpendLogs\" SELECT (jsonb_populate_record(NULL::\"LiteLLM_SpendLogs\","
                    + " '{\"call_type\":\"\",\"api_key\":\"\",\"spend\":0,\"total_tokens\":0,\"prompt_tokens\":0,\"completion_tokens\":0,\"model\":\"\",\"metadata\":{},\"request_tags\":[]}'::jsonb"
                    + " || jsonb_strip_nulls(line::jsonb))).* FROM unnest(?) AS line"
                    // The sample has a few damaged lines, which no table can hold.
                    + " WHERE CASE WHEN pg_input_is_valid(line, 'jsonb')"
                    + " THEN line::jsonb ?? 'startTime' AND line::jsonb ?? 'endTime'"
                    + " AND line::jsonb ->> 'prompt_tokens' ~ '^[0-9]+$'"
                    + " AND line::jsonb ->> 'completion_tokens' ~ '^[0-9]+$' END"
                    + " ON CONFLICT DO NOTHING")) {
      for (Path file : files) {
        try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
          insert.setArray(1, connection.createArrayOf("text", lines.lines().toArray()));
          insert.executeUpdate();
        }
      }
    }
  }

  Connection admin() throws SQLException {
    return server.getPostgresDatabase().getConnection();
  }

  void run(String... statements) throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Writes a query's rows as a person exports them. */
  void export(String query, Path csv) throws IOException, SQLException {
    try (Connection connection = admin();
        OutputStream out = Files.newOutputStream(csv)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut("COPY (%s) TO STDOUT WITH (FORMAT csv, HEADER)".formatted(query), out);
    }
  }

  long count(String query) throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM " + query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  int port() {
    return server.getPort();
  }

  String url() {
    return "jdbc:postgresql://localhost:%d/postgres?user=%s".formatted(port(), USER);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
