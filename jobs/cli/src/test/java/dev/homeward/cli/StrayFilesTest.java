package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Folders as they lie: what is no log is listed and passed over; a file that is named must be one;
 * and records none of which is a call are never passed over in silence.
 */
final class StrayFilesTest {
  private static final Path CASES = Cli.root().resolve("jobs/core/src/test/resources/cases");

  private static final String BEDROCK =
      "{\"timestamp\":\"2026-02-03T09:00:00Z\",\"region\":\"us-east-1\",\"requestId\":\"q%d\","
          + "\"operation\":\"InvokeModel\",\"modelId\":\"anthropic.claude-sonnet-4-20250514-v1:0\","
          + "\"input\":{\"inputTokenCount\":200},\"output\":{\"outputTokenCount\":90},"
          + "\"schemaType\":\"ModelInvocationLog\",\"schemaVersion\":\"1.0\"}";

  @TempDir Path folder;

  @Test
  void theProjectsOfClaudeCodeAreReadAsTheyLie() {
    Cli.Ran ran = Cli.run("validate", CASES.resolve("tree-claude-projects/input").toString());
    assertEquals(0, ran.exit(), ran.err());
    for (String expected :
        new String[] {
          "records     4 = 2 calls + 2 no calls + 0 rejected",
          "tokens      8 input + 45,000 read from cache + 5,700 written to cache + 290 output",
          "Passed over 5 files that are no logs:",
          "sessions-index.json: JSON with the keys version, entries is no known log",
          "toolu_01abc.txt: what a tool answered to Claude Code",
          "MEMORY.md: its first line is neither JSON nor a known CSV header",
          "No call in 1 of 3 files:"
        }) {
      assertTrue(ran.out().contains(expected), expected + "\n" + ran.out());
    }
    assertFalse(ran.out().contains("--format"), "the words help only with a file that is named");
  }

  @Test
  void aCopyOfTheBucketOfBedrockIsReadAsItLies() throws IOException {
    Path hour = folder.resolve("AWSLogs/1/BedrockModelInvocationLogs/us-east-1/2026/02/03/09");
    Files.createDirectories(hour.resolve("data"));
    write(hour.resolve("20260203T090000000Z_1.json.gz"), BEDROCK.formatted(1) + "\n");
    write(
        hour.resolve("20260203T090500000Z_2.json.gz"), BEDROCK.formatted(2) + BEDROCK.formatted(3));
    write(
        hour.resolve("data/q1_output.json.gz"),
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"usage\":{\"input_tokens\":200}}");
    Files.writeString(
        folder.resolve("AWSLogs/1/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check"),
        "Permission check");
    Path out = folder.resolve("clean");
    Cli.Ran ran = Cli.run("ingest", folder.resolve("AWSLogs").toString(), "--out", out.toString());
    assertEquals(0, ran.exit(), ran.err());
    assertTrue(ran.out().contains("3 records = 3 calls"), ran.out());
    assertTrue(ran.out().contains("Passed over 2 files that are no logs:"), ran.out());
    JsonNode manifest = new ObjectMapper().readTree(out.resolve("manifest.json").toFile());
    assertEquals(2, manifest.get("inputs").size());
    assertEquals(2, manifest.get("passed_over").size());
    // A review keeps the same list.
    Path review = folder.resolve("review");
    Cli.run(
        "review",
        folder.resolve("AWSLogs").toString(),
        "--workers",
        "local",
        "--out",
        review.toString());
    assertEquals(
        manifest.get("passed_over"),
        new ObjectMapper().readTree(review.resolve("manifest.json").toFile()).get("passed_over"));
  }

  @Test
  void whatIsNamedMustBeALogAndAFolderMustHoldOne() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "Dear log\nhello\n");
    Path log = Files.writeString(folder.resolve("log.json"), BEDROCK.formatted(1));
    assertEquals(0, Cli.run("validate", folder.toString()).exit());
    assertEquals(0, Cli.run("validate", folder + "/*").exit());
    Cli.Ran named = Cli.run("validate", log.toString(), notes.toString());
    assertEquals(2, named.exit());
    assertTrue(named.err().contains("Cannot tell the format of"), named.err());
    Files.delete(log);
    Cli.Ran nothing = Cli.run("validate", folder.toString());
    assertEquals(2, nothing.exit());
    assertTrue(
        nothing
            .err()
            .contains("no file in it is a known log (notes.txt: its first line is neither"),
        nothing.err());
  }

  @Test
  void recordsWithoutACallAreSaidAloud() throws IOException {
    Path log = folder.resolve("cut.jsonl");
    Files.writeString(
        log, "{\"type\":\"summary\",\"summary\":\"Fix it\",\"leafUuid\":\"5d0c\"}\n".repeat(3));
    Cli.Ran validated = Cli.run("validate", log.toString());
    assertEquals(1, validated.exit());
    assertTrue(
        validated
            .out()
            .contains(
                "The log holds no call: no record of cut.jsonl (read as claude-code) is one. Maybe"
                    + " another --format fits"),
        validated.out());
    Cli.Ran ingested =
        Cli.run("ingest", log.toString(), "--out", folder.resolve("clean").toString());
    assertEquals(1, ingested.exit());
    assertTrue(ingested.out().contains("(read as claude-code)"), ingested.out());
    Cli.Ran reviewed =
        Cli.run("review", log.toString(), "--out", folder.resolve("review").toString());
    assertEquals(2, reviewed.exit());
    assertTrue(reviewed.err().contains("(read as claude-code)"), reviewed.err());
  }

  @Test
  void refusalsSayTheCureAndListNoWords() throws IOException {
    Path zip = Files.write(folder.resolve("a.csv"), new byte[] {'P', 'K', 3, 4, 0, 0});
    Path wide = Files.write(folder.resolve("b.csv"), "a,b\n".getBytes(StandardCharsets.UTF_16));
    Path sqlite = Files.writeString(folder.resolve("c.db"), "SQLite format 3\0" + "x".repeat(100));
    for (String[] refused :
        new String[][] {
          {zip.toString(), "it is a zip archive; unpack it first"},
          {wide.toString(), "it is UTF-16 text; convert it to UTF-8"},
          {
            sqlite.toString(),
            "it is an SQLite database; export the table that holds the calls as text, and give that"
          }
        }) {
      Cli.Ran ran = Cli.run("validate", refused[0]);
      assertEquals(2, ran.exit());
      assertTrue(ran.err().contains(refused[1]), ran.err());
      assertFalse(ran.err().contains("--format"), ran.err());
    }
    Path json = CASES.resolve("message-pretty-json/input.json");
    Path unknown = folder.resolve("d.json");
    Files.writeString(unknown, Files.readString(json).replace("gen_ai", "other"));
    Cli.Ran ran = Cli.run("validate", unknown.toString());
    if (ran.exit() == 2) {
      assertTrue(
          ran.err().contains("keys name, context, kind, parent_id, start_time, end_time, …"),
          ran.err());
      assertFalse(ran.err().contains("litellm-spendlogs, "), "no list of words: " + ran.err());
    }
  }

  private static void write(Path file, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    Files.write(file, bytes.toByteArray());
  }
}
