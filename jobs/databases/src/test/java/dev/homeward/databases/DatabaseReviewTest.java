package dev.homeward.databases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdInputStream;
import dev.homeward.files.HadoopFiles;
import dev.homeward.focus.FocusVersion;
import dev.homeward.logs.CopiedLog;
import dev.homeward.logs.LogOptions;
import dev.homeward.progress.Progress;
import dev.homeward.review.DatabaseRows;
import dev.homeward.review.ReviewOptions;
import dev.homeward.testing.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reviews of tables where they live, in a real PostgreSQL. The risks: another figure than the same
 * rows give as a file; a text or a password that leaves the database; a table that is changed; a
 * month that does not fit into memory.
 */
final class DatabaseReviewTest {
  private static final Map<String, String> WITH_PASSWORD = Map.of("PGPASSWORD", SpendLogs.PASSWORD);

  private static final Progress QUIET =
      new Progress(new PrintStream(OutputStream.nullOutputStream()), false);

  @TempDir static Path work;
  private static SpendLogs logs;

  @BeforeAll
  static void start() throws IOException, SQLException {
    logs = SpendLogs.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (logs != null) {
      logs.close();
    }
  }

  private static String policy() {
    return Path.of(System.getProperty("homeward.root", "../.."), "sample-logs/homeward/policy.yaml")
        .toAbsolutePath()
        .normalize()
        .toString();
  }

  private static Program.Ran review(Path in, Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    String[] all = new String[args.length + 3];
    all[0] = "review";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "--workers";
    all[args.length + 2] = "local";
    return Program.homeward(in, environment, all);
  }

  private static Path folder(String name) throws IOException {
    return Files.createDirectories(work.resolve(name));
  }

  @Test
  void theReviewEqualsThatOfTheSameRowsExported() throws Exception {
    Path in = folder("equal");
    logs.export("SELECT * FROM \"LiteLLM_SpendLogs\"", in.resolve("export.csv"));
    Program.Ran exported =
        review(
            in,
            Map.of(),
            "export.csv",
            "--month",
            "2026-10",
            "--policy",
            policy(),
            "--out",
            "file");
    assertEquals(0, exported.exit(), exported.text());
    Program.Ran read =
        review(
            in,
            WITH_PASSWORD,
            logs.url(),
            "--month",
            "2026-10",
            "--policy",
            policy(),
            "--out",
            "table");
    assertEquals(0, read.exit(), read.text());
    for (String same : List.of("ranking.csv", "plan.csv", "violations.csv", "spend/spend.jsonl")) {
      assertEquals(
          Files.readString(in.resolve("file").resolve(same)),
          Files.readString(in.resolve("table").resolve(same)),
          same);
    }
    String manifest = Files.readString(in.resolve("table/manifest.json"));
    long rows = logs.count("\"LiteLLM_SpendLogs\"");
    assertTrue(rows > 30_000, () -> "only " + rows + " rows");
    String said = manifest.replaceAll("\\s+", "");
    String from =
        "\"databases\":[{\"database\":\"postgresql://localhost:%d/postgres\",\"table\":\"public.LiteLLM_SpendLogs\",\"month\":\"2026-10\",\"rows\":%d}]"
            .formatted(logs.port(), rows);
    assertTrue(said.contains(from), () -> from + " is not in " + manifest);
    nothingIsLeft(in);
    holdsNeither(in, read.text());
    // The same rows are the same review.
    Program.Ran again =
        review(
            in,
            WITH_PASSWORD,
            logs.url(),
            "--month",
            "2026-10",
            "--policy",
            policy(),
            "--out",
            "table");
    assertTrue(again.text().contains("Nothing to do"), again.text());
  }

  private static void nothingIsLeft(Path in) throws IOException {
    try (Stream<Path> all = Files.list(in)) {
      assertEquals(
          List.of(),
          all.map(p -> p.getFileName().toString()).filter(n -> n.startsWith(".")).toList());
    }
  }

  /** Neither a password nor a text of a call may be in what was printed or written. */
  private static void holdsNeither(Path in, String printed) throws IOException {
    for (String secret : List.of(SpendLogs.PASSWORD, SpendLogs.TEXT)) {
      assertFalse(printed.contains(secret), () -> secret + " was printed: " + printed);
      try (Stream<Path> all = Files.walk(in)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          String text = Files.readString(file, StandardCharsets.ISO_8859_1);
          boolean export = file.getFileName().toString().equals("export.csv");
          assertTrue(export || !text.contains(secret), () -> secret + " is in " + file);
        }
      }
    }
  }

  private static ReviewOptions options(String log, Path out) {
    return new ReviewOptions(
        new LogOptions(
            List.of(log),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            1,
            Optional.empty(),
            List.of()),
        Optional.of(out.toString()),
        Optional.of("2026-10"),
        "UTC",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        0,
        false,
        FocusVersion.DEFAULT,
        Optional.empty());
  }

  @Test
  void theCopyHoldsNoTextAndIsClosedToOthersAndGoes() throws Exception {
    Path in = folder("copy");
    CopiedLog copied;
    DatabaseRows.Wanted wanted =
        new DatabaseRows.Wanted(
            Optional.empty(), Optional.of("2026-10"), "UTC", WITH_PASSWORD::get);
    try (DatabaseRows rows =
        DatabaseRows.of(
            options(logs.url(), in.resolve("review")), wanted, HadoopFiles.standalone(), QUIET)) {
      copied = rows.log().copies().get(logs.url());
      Path folder = Path.of(copied.folder());
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
      List<Path> files;
      try (Stream<Path> all = Files.list(folder)) {
        files = all.sorted().toList();
      }
      // A query a day: a file for each day that has rows.
      assertEquals(
          logs.count("(SELECT DISTINCT \"startTime\"::date FROM \"LiteLLM_SpendLogs\") AS days"),
          files.size(),
          files.toString());
      long lines = 0;
      for (Path file : files) {
        try (InputStream text = new ZstdInputStream(Files.newInputStream(file))) {
          String csv = new String(text.readAllBytes(), StandardCharsets.UTF_8);
          assertTrue(csv.startsWith("request_id,call_type,startTime,"), csv.substring(0, 60));
          for (String no : List.of(SpendLogs.TEXT, "messages", "error_information", "traceback")) {
            assertFalse(csv.contains(no), () -> no + " is in " + file);
          }
          assertTrue(csv.contains("usage_object"), "the known keys of metadata are there");
          lines += csv.lines().count() - 1;
        }
      }
      assertEquals(copied.rows(), lines);
    }
    assertFalse(Files.exists(Path.of(copied.folder())));
    nothingIsLeft(in);
  }

  @Test
  void aMonthIsThatOfTheBusinessTimeZone() throws Exception {
    Path in = folder("zone");
    logs.run(
        "CREATE TABLE zoned AS SELECT * FROM \"LiteLLM_SpendLogs\" LIMIT 0",
        "INSERT INTO zoned (request_id, \"startTime\", \"endTime\", model, prompt_tokens, completion_tokens)"
            + " VALUES ('in', '2026-09-30 22:00:00', '2026-09-30 22:00:01', 'gpt-4o', 5, 5),"
            + " ('out', '2026-10-31 23:00:00', '2026-10-31 23:00:01', 'gpt-4o', 5, 5),"
            + " ('last', '2026-10-31 22:59:59', '2026-10-31 23:00:01', 'gpt-4o', 5, 5)",
        "GRANT SELECT ON zoned TO " + SpendLogs.USER);
    // Berlin's October began at 22:00 UTC, two hours ahead, and ended at 23:00, one hour ahead.
    Program.Ran ran =
        review(
            in,
            WITH_PASSWORD,
            logs.url(),
            "--table",
            "zoned",
            "--month",
            "2026-10",
            "--timezone",
            "Europe/Berlin",
            "--out",
            "zoned",
            "--verbose");
    assertTrue(ran.text().contains("copied 2 rows of public.zoned"), ran.text());
  }

  @Test
  void anotherTableIsReadByAMapping() throws Exception {
    Path in = folder("mapped");
    logs.run(
        """
        CREATE TABLE gateway_calls AS SELECT request_id AS id,
            "startTime" AT TIME ZONE 'UTC' AS at, model AS llm, prompt_tokens AS tokens_in,
            completion_tokens AS tokens_out,
            jsonb_build_object('team', metadata ->> 'user_api_key_team_alias') AS tags,
            '%1$s' AS question FROM "LiteLLM_SpendLogs"
        """
            .formatted(SpendLogs.TEXT),
        "GRANT SELECT (id, at, llm, tokens_in, tokens_out, tags) ON gateway_calls TO "
            + SpendLogs.USER);
    Path mapping = in.resolve("mapping.yaml");
    Files.writeString(
        mapping,
        """
        columns:
          started_at: at
          request_model: llm
          input_tokens: tokens_in
          output_tokens: tokens_out
          call_id: id
        attributes: { workload: tags/team }
        other-columns: left-out
        """);
    logs.export(
        "SELECT id, at, llm, tokens_in, tokens_out, tags ->> 'team' AS \"tags/team\" FROM gateway_calls",
        in.resolve("calls.csv"));
    String[] common = {"--month", "2026-10", "--mapping", mapping.toString()};
    Program.Ran file =
        review(
            in, Map.of(), "calls.csv", common[0], common[1], common[2], common[3], "--out", "file");
    assertEquals(0, file.exit(), file.text());
    Program.Ran table =
        review(
            in,
            WITH_PASSWORD,
            logs.url(),
            "--table",
            "public.gateway_calls",
            common[0],
            common[1],
            common[2],
            common[3],
            "--out",
            "table");
    assertEquals(0, table.exit(), table.text());
    assertEquals(
        Files.readString(in.resolve("file/ranking.csv")),
        Files.readString(in.resolve("table/ranking.csv")));
    assertTrue(Files.readString(in.resolve("table/ranking.csv")).contains("IT Operations"));
  }

  /** Nobody waits for a copy to hear of a misspelt key. */
  @Test
  void settingsAreCheckedBeforeTheFirstRowIsCopied() throws Exception {
    Path in = folder("settings");
    Files.writeString(in.resolve("policy.yaml"), "workload-rulez: []\n");
    String closed = "jdbc:postgresql://localhost:1/litellm";
    for (String[] command :
        List.of(
            new String[] {"review", closed, "--month", "2026-10", "--policy", "policy.yaml"},
            new String[] {"review", closed, "--month", "2026-10", "--prices", "policy.yaml"},
            new String[] {"review", closed, "--month", "2026-10", "--source-timezone", "Mars"},
            new String[] {"validate", closed, "--month", "2026-10", "--policy", "policy.yaml"},
            new String[] {
              "ingest", closed, "--month", "2026-10", "--policy", "policy.yaml", "--out", "x"
            })) {
      Program.Ran ran = Program.homeward(in, Map.of(), command);
      assertEquals(2, ran.exit(), ran.text());
      assertFalse(ran.text().contains("localhost"), ran.text());
      assertTrue(ran.text().contains("policy.yaml") || ran.text().contains("Mars"), ran.text());
    }
    nothingIsLeft(in);
  }

  @Test
  void validateAndIngestReadTheTableToo() throws Exception {
    Path in = folder("others");
    Program.Ran validated =
        Program.homeward(
            in, WITH_PASSWORD, "validate", logs.url(), "--month", "2026-10", "--policy", policy());
    assertTrue(validated.text().contains("litellm-spendlogs-csv"), validated.text());
    Program.Ran ingested =
        Program.homeward(
            in,
            WITH_PASSWORD,
            "ingest",
            logs.url(),
            "--month",
            "2026-10",
            "--out",
            "clean",
            "--workers",
            "local");
    assertEquals(0, ingested.exit(), ingested.text());
    String manifest = Files.readString(in.resolve("clean/manifest.json")).replaceAll("\\s+", "");
    assertTrue(manifest.contains("\"table\":\"public.LiteLLM_SpendLogs\""), manifest);
    nothingIsLeft(in);
    try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertEquals(
          List.of(), left.filter(p -> p.toString().contains("homeward-validate")).toList());
    }
    holdsNeither(in, validated.text() + ingested.text());
  }

  private static void refused(Program.Ran ran, String... parts) {
    assertEquals(2, ran.exit(), ran.text());
    assertFalse(ran.text().contains("\tat "), () -> "a stack trace: " + ran.text());
    assertEquals(1, ran.complaints().size(), ran.text());
    for (String part : parts) {
      assertTrue(ran.complaints().get(0).contains(part), () -> part + " is not in " + ran.text());
    }
    assertFalse(ran.text().contains(SpendLogs.PASSWORD), ran.text());
  }

  @Test
  void whatCannotBeReadIsSaidInOneLine() throws Exception {
    Path in = folder("refused");
    String url = logs.url();
    refused(
        review(in, Map.of("PGPASSWORD", "wrong-horse"), url, "--month", "2026-10"),
        "password authentication failed for user \"reader\"",
        "PGPASSWORD or ~/.pgpass");
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    refused(
        review(
            in,
            WITH_PASSWORD,
            "jdbc:postgresql://localhost:%d/litellm".formatted(closed),
            "--month",
            "2026-10"),
        "postgresql://localhost:%d/litellm".formatted(closed),
        "refused",
        "Check the host");
    refused(
        review(in, WITH_PASSWORD, url, "--month", "2026-10", "--table", "nowhere"),
        "no table nowhere",
        "--table SCHEMA.NAME");
    logs.run("CREATE TABLE half (\"startTime\" timestamp, model text, prompt_tokens int)");
    logs.run("GRANT SELECT ON half TO " + SpendLogs.USER);
    refused(
        review(in, WITH_PASSWORD, url, "--month", "2026-10", "--table", "half"),
        "no column completion_tokens",
        "--mapping FILE");
    refused(review(in, WITH_PASSWORD, url, "--month", "2025-01"), "no row of 2025-01 (UTC)");
    refused(review(in, WITH_PASSWORD, url), "give --month");
    refused(
        review(in, Map.of(), url + "&password=" + SpendLogs.PASSWORD, "--month", "2026-10"),
        "password in a command line",
        "PGPASSWORD");
    refused(
        review(
            in,
            Map.of(),
            "postgresql://reader:%s@localhost/litellm".formatted(SpendLogs.PASSWORD),
            "--month",
            "2026-10"),
        "//...@localhost/litellm",
        "PGPASSWORD");
    refused(Program.homeward(in, WITH_PASSWORD, "validate", url), "give --month");
    refused(
        Program.homeward(in, WITH_PASSWORD, "validate", url, "--suggest-mapping"),
        "only columns that a mapping names are read there");
    refused(
        Program.homeward(in, WITH_PASSWORD, "validate", "no.csv", "--month", "2026-10"),
        "no log is a database");
    nothingIsLeft(in);
    holdsNeither(in, "");
  }

  @Test
  void thePasswordMayStandInPgpass() throws Exception {
    Path in = folder("pgpass");
    Path file = in.resolve("pgpass");
    Files.writeString(file, "localhost:*:*:reader:%s%n".formatted(SpendLogs.PASSWORD));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    // No row of that month: the password was good.
    refused(
        review(in, Map.of("PGPASSFILE", file.toString()), logs.url(), "--month", "2025-01"),
        "no row of 2025-01");
  }

  @Test
  void aTableIsOnlyRead() throws Exception {
    Path in = folder("read-only");
    logs.run(
        "CREATE TABLE read_by (at timestamp)",
        "CREATE FUNCTION note() RETURNS integer LANGUAGE sql SECURITY DEFINER AS"
            + " 'INSERT INTO read_by VALUES (now()) RETURNING 1'",
        "CREATE VIEW noting AS SELECT *, note() AS completion_tokens FROM"
            + " (SELECT request_id, \"startTime\", model, prompt_tokens FROM \"LiteLLM_SpendLogs\") AS l",
        "GRANT SELECT ON noting TO " + SpendLogs.USER);
    refused(
        review(in, WITH_PASSWORD, logs.url(), "--month", "2026-10", "--table", "noting"),
        "it is only read");
    assertEquals(0, logs.count("read_by"));
  }

  /** 1.5 million rows of 300 bytes, all of one day, through a heap of 64 MB: a sixth of them. */
  @Test
  void memoryDoesNotGrowWithTheRows() throws Exception {
    Path in = folder("memory");
    logs.run(
        "CREATE VIEW many AS SELECT 'id-' || g || repeat('x', 200) AS request_id,"
            + " timestamp '2026-10-05' + g * interval '50 ms' AS \"startTime\", 'gpt-4o'::text AS model,"
            + " g AS prompt_tokens, 1 AS completion_tokens FROM generate_series(1, 1500000) AS g",
        "GRANT SELECT ON many TO " + SpendLogs.USER);
    Path folder = Files.createDirectories(in.resolve("rows"));
    Program.Ran ran =
        Program.java(
            in,
            WITH_PASSWORD,
            List.of("-Xmx64m"),
            "dev.homeward.databases.CopyMain",
            logs.url(),
            "many",
            folder.toString());
    assertEquals(0, ran.exit(), ran.text());
    assertTrue(ran.text().contains("1500000"), ran.text());
  }
}
