package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody does who has a table and has never heard of Homeward: looks, answers, reviews. The
 * tables are written as people write them, in other words than any format.
 */
final class OwnTablesTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** Lines of validate that a table gives. */
  private static void assertSaid(Cli.Ran ran, String... expected) {
    for (String line : expected) {
      assertTrue(ran.out().contains(line), line + "\n" + ran.out() + ran.err());
    }
  }

  /** What its columns say is YAML in memory, whatever the file's own name ends in. */
  @Test
  void anArrayOfCallsInAJsonDocumentIsReadByItsColumns() throws IOException {
    Path array =
        file(
            "calls.json",
            """
            [{"createdAt":"2026-10-05T08:00:00Z","modelId":"gemini-2.5-flash","usage":{"promptTokenCount":900,"candidatesTokenCount":100,"totalTokenCount":1000},"app":"search"},
             {"createdAt":"2026-10-05T08:10:00Z","modelId":"gemini-2.5-flash","usage":{"promptTokenCount":1900,"candidatesTokenCount":200,"totalTokenCount":2100},"app":"search"}]
            """);
    assertSaid(
        Cli.run("validate", array.toString()),
        "tokens      2,800 input + 0 read from cache + 0 written to cache + 300 output",
        "workloads   search (2)");
  }

  @Test
  void fourTablesOfNewcomersAskAtMostOneThing() throws IOException {
    Path sheet =
        file(
            "ausgaben.csv",
            """
            Zeitpunkt;KI-Modell;Token Eingang;Token Ausgang;davon gecacht;Preis in USD;Anwendung;Bemerkung
            04.05.2026 08:15:00;gpt-4o;2.400;310;1.024;0,0078;Angebote;bitte prüfen
            04.05.2026 08:16:30;gpt-4o-mini;900;45;0;0,0002;Chat;
            """);
    assertSaid(
        Cli.run("validate", sheet.toString()),
        "tokens      2,276 input + 1,024 read from cache + 0 written to cache + 355 output",
        "logged cost $0.01 of 2 calls",
        "workloads   Angebote (1), Chat (1)");

    Path lines =
        file(
            "llm.jsonl",
            """
            {"requested_at":"2026-05-04T08:15:00+02:00","llm":"claude-sonnet-4-5","tokens":{"sent":2400,"received":310,"cache_read":2000,"sum":2710},"took_ms":4100,"purpose":"offers","who":{"email":"a@b.example"},"messages":[{"content":"a prompt"}]}
            {"requested_at":"2026-05-04T08:16:00+02:00","llm":"claude-sonnet-4-5","tokens":{"sent":900,"received":45,"cache_read":0,"sum":945},"took_ms":900,"purpose":"offers","who":{"email":"a@b.example"},"messages":[]}
            """);
    assertSaid(
        Cli.run("validate", lines.toString()),
        "span        2026-05-04T06:15:00Z to 2026-05-04T06:16:00Z",
        "tokens      1,300 input + 2,000 read from cache + 0 written to cache + 355 output",
        "cached-input: inside  # the totals say so",
        "workloads   offers (2)");

    Path tabs =
        file(
            "export.tsv",
            """
            Start Time\tEngine\tTokens In (k)\tTokens Out (k)\tSpend (cents)\tProject\tStatus
            5/14/2026 8:15 AM\tgpt-4.1\t2.4\t0.31\t0.78\tapollo\tok
            5/14/2026 8:16 AM\tgpt-4.1\t0.9\t0.045\t0.02\tapollo\tfailed
            """);
    assertSaid(
        Cli.run("validate", tabs.toString()),
        "tokens      3,300 input + 0 read from cache + 0 written to cache + 355 output",
        "logged cost $0.01 of 2 calls",
        "note        1 failures",
        "workloads   apollo (2)");

    // Nothing tells whether the input of this one holds what was cached: one question.
    Path pipes =
        file(
            "usage.txt",
            """
            epoch|model id|prompt|completion|cached|feature
            1777899907123|gpt-5-mini|2400|310|1024|offers
            1777899967123|gpt-5-mini|900|45|0|chat
            """);
    Cli.Ran asked = Cli.run("validate", pipes.toString());
    assertEquals(1, asked.exit());
    assertSaid(
        asked,
        "usage.txt is a table of calls that is read once a question is answered in its mapping:",
        "cached-input: \"?\"",
        "# Question 1, to be answered where ? stands: Does prompt contain cached, or are they counted");
    Path mapping = folder.resolve("answers/mapping.yaml");
    Cli.Ran wrote = Cli.run("validate", pipes.toString(), "--suggest-mapping", mapping.toString());
    assertSaid(wrote, "Wrote " + mapping + ": answer its question in it");
    Cli.Ran unanswered = Cli.run("validate", pipes.toString(), "--mapping", mapping.toString());
    assertEquals(2, unanswered.exit());
    assertTrue(unanswered.err().contains(mapping + " /cached-input: "), unanswered.err());
    Files.writeString(mapping, Files.readString(mapping).replace("\"?\"", "inside"));
    assertSaid(
        Cli.run("validate", pipes.toString(), "--mapping", mapping.toString()),
        "format      mapped-csv: mapped by " + mapping,
        "tokens      2,276 input + 1,024 read from cache + 0 written to cache + 355 output");
  }

  @Test
  void reviewSaysHowItReadsAndRefusesWhatMustBeAsked() throws IOException {
    StringBuilder table = new StringBuilder("when,llm,tokens in,tokens out,app,plan\n");
    for (int i = 0; i < 60; i++) {
      table.append(
          String.format(
              Locale.ROOT, "2026-10-05T08:%02d:00Z,gpt-4o-mini,%d,20,triage,gold%n", i, 500 + i));
    }
    Path log = file("logs/calls.csv", table.toString());
    Path out = folder.resolve("review");
    Cli.Ran ran = Cli.run("review", log.toString(), "--out", out.toString(), "--workers", "local");
    assertEquals(0, ran.exit(), ran.err());
    String said = ran.out().replaceAll("\\s+", " ");
    assertTrue(
        said.contains(
            "calls.csv is read by its columns: when = started_at, llm = request_model, tokens in ="
                + " input_tokens, tokens out = output_tokens, app = workload; homeward validate FILE"
                + " --suggest-mapping shows it."),
        ran.out());
    assertEquals("triage", Cli.ranking(out).get(0).get("workload"));
    assertEquals("60", Cli.ranking(out).get(0).get("calls"));

    Path cached =
        file(
            "logs2/c.csv",
            table.toString().replace(",app,plan", ",cached tokens,plan").replace("triage", "7"));
    Cli.Ran refused =
        Cli.run("review", cached.toString(), "--out", out.toString(), "--workers", "local");
    assertEquals(2, refused.exit());
    assertTrue(
        refused
            .err()
            .contains(
                "by its columns, one thing must be asked: Does tokens in contain cached tokens"),
        refused.err());
    assertFalse(refused.err().contains("\tat "), "no stack trace");
  }

  /** An extra column names data classes and workloads for a policy beside the log. */
  @Test
  void policyRulesKnowTheColumnsAndTheMappingIsFoundBesideTheLog() throws IOException {
    file(
        "gateway/homeward/mapping.yaml",
        """
        columns: { started_at: t, request_model: m, input_tokens: a, output_tokens: b }
        constants: { provider: openai }
        """);
    file(
        "gateway/homeward/policy.yaml",
        "workload-rules: [{ from: metadata.queue }]\ndata-class-sources: [{ from: metadata.sort }]\n");
    Path log =
        file(
            "gateway/x.csv",
            """
            t,m,a,b,queue,sort,user
            2026-10-05T08:00:00Z,gpt-4o-mini,500,20,night,pii,someone
            2026-10-05T08:01:00Z,gpt-4o-mini,500,20,night,pii,someone
            """);
    Path out = folder.resolve("clean");
    Cli.Ran ran = Cli.run("ingest", log.toString(), "--out", out.toString(), "--workers", "local");
    assertEquals(0, ran.exit(), ran.err());
    assertTrue(ran.out().startsWith("3 records = 2 calls"), ran.out());
    assertSaid(Cli.run("validate", log.toString()), "workloads   night (2)", "mapped by ");
    String ingested = Files.readString(out.resolve("manifest.json"));
    assertFalse(ingested.contains("someone"));
  }

  /** Columns called as Homeward's own are no canonical record where the model's is not. */
  @Test
  void aTableThatSharesNamesWithCanonicalRecordsIsReadByItsColumns() throws IOException {
    Path csv =
        file(
            "s.csv",
            "started_at,model,input_tokens,output_tokens,app,temperature\n2026-10-05T08:00:00Z,gpt-4o-mini,500,20,chat,0.2\n");
    assertSaid(
        Cli.run("validate", csv.toString()),
        "read by its columns: started_at = started_at, model = request_model",
        "records     2 = 1 calls + 1 no calls + 0 rejected",
        "workloads   chat (1)");
    Path canonical =
        file(
            "c.csv",
            "started_at,request_model,input_tokens,output_tokens\n2026-10-05T08:00:00Z,gpt-4o-mini,500,20\n");
    assertSaid(Cli.run("validate", canonical.toString()), "format      canonical-csv: ");
  }

  @Test
  void aMappingThatDoesNotFitNamesWhatIsMissing() throws IOException {
    Path mapping =
        file(
            "m.yaml",
            "columns: { started_at: t, request_model: m, input_tokens: a, output_tokens: b }\n");
    Path log = file("x.csv", "t,m,a,c\n2026-10-05T08:00:00Z,gpt-4o-mini,500,20\n");
    Cli.Ran ran = Cli.run("validate", log.toString(), "--mapping", mapping.toString());
    assertEquals(2, ran.exit());
    assertTrue(ran.err().contains("by " + mapping + ": it has no column b."), ran.err());
    Cli.Ran exists =
        Cli.run(
            "validate",
            file("y.csv", "time,model,tokens in,tokens out\n2026-10-05T08:00:00Z,gpt-4o,1,2\n")
                .toString(),
            "--suggest-mapping",
            mapping.toString());
    assertEquals(2, exists.exit());
    assertTrue(exists.err().contains("it exists"), exists.err());
  }

  /** Ranges of a plain file of lines, and Spark, give what one reader gives. */
  @Test
  void splitAndOnSparkTheTableIsTheSame() throws IOException {
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      table.append(
          String.format(
              Locale.ROOT,
              "{\"at\":%d,\"model\":\"gpt-4o-mini\",\"usage\":{\"input\":%d,\"output\":%s},\"app\":\"a%d\"}%n",
              1_777_899_907L + i * 60L,
              500 + i,
              i % 97 == 96 ? "-1" : "20",
              i % 3));
    }
    Path log = file("calls.jsonl", table.toString());
    JsonNode whole = ingest(log, "whole", "local");
    assertEquals(396, whole.get("calls").asLong());
    assertEquals(4, whole.get("rejected").asLong());
    try {
      System.setProperty("homeward.range-bytes", "3000");
      assertEquals(whole, ingest(log, "cut", "local"));
      assertEquals(parts("whole"), parts("cut"));
      assertEquals(whole, ingest(log, "spark", "spark"));
      assertEquals(parts("whole"), parts("spark"));
    } finally {
      System.clearProperty("homeward.range-bytes");
    }
  }

  private JsonNode ingest(Path log, String name, String workers) throws IOException {
    Path out = folder.resolve(name);
    List<String> command =
        List.of(
            "ingest",
            log.toString(),
            "--out",
            out.toString(),
            "--partitions",
            "2",
            "--workers",
            workers);
    Cli.Ran ran = Cli.run(command.toArray(String[]::new));
    assertEquals(0, ran.exit(), ran.err());
    return new ObjectMapper().readTree(out.resolve("manifest.json").toFile()).get("inputs").get(0);
  }

  private Map<String, Integer> parts(String name) throws IOException {
    Map<String, Integer> parts = new java.util.TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve(name).resolve("calls"))) {
      for (Path file : files.toList()) {
        parts.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return parts;
  }
}
