package dev.homeward.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings that want more memory than there is, other objects, or to be read for ever. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileDocumentsTest {
  /** Nine of nine of nine ...: a few hundred bytes that stand for gigabytes. */
  @Test
  void aliasesAreRefusedByName() {
    StringBuilder laughs = new StringBuilder("a: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
    for (char c = 'b'; c <= 'i'; c++) {
      String before = "*" + (char) (c - 1);
      laughs.append(c).append(": &").append(c).append(" [");
      laughs.append(String.join(",", List.of(before, before, before, before))).append("]\n");
    }
    String said = message(laughs.toString());
    assertTrue(said.startsWith("Cannot read x.yaml:2:"), said);
    assertTrue(said.endsWith(": an alias (*a): write out what it stands for"), said);
    assertTrue(message("b: *a\n").contains("an alias (*a)"));
    assertTrue(message("a: &a { k: v }\nb: { <<: *a }\n").contains("an alias (*a)"));
    assertTrue(message("&a [*a]\n").contains("an alias (*a)"));
    assertEquals("x", parse("a: &a x\n").get("a").asText(), "an anchor alone does no harm");
  }

  /** Libraries of YAML that follow tags have run what these ask for. */
  @Test
  void tagsMakeNoObjects() {
    JsonNode node =
        parse(
            "a: !!javax.script.ScriptEngineManager [!!java.net.URL [\"http://127.0.0.1:1/\"]]\n"
                + "b: !!python/object/apply:os.system [\"exit 1\"]\n"
                + "c: !!int \"7\"\n");
    assertEquals("{\"a\":[[\"http://127.0.0.1:1/\"]],\"b\":[\"exit 1\"],\"c\":7}", node.toString());
  }

  @Test
  void deepNestingIsRefused() {
    for (String deep :
        List.of("[".repeat(100_000), "{a: ".repeat(100_000), "\n" + "- ".repeat(20_000))) {
      assertTrue(message("a: " + deep).contains("nesting depth (1001)"), message("a: " + deep));
    }
  }

  /** A second document would be read by nobody. */
  @Test
  void aSecondDocumentIsRefused() {
    assertTrue(
        message("---\na: 1\n---\na: 2\n").startsWith("Cannot read x.yaml:4:"),
        message("---\na: 1\n---\na: 2\n"));
    assertEquals("{\"a\":1}", parse("---\na: 1\n...\n").toString());
  }

  /** The reader copies what it has of a text with every thousand characters more. */
  @Test
  void aLineWithoutEndIsRefused() {
    String end = ": the line is longer than 1,048,576 bytes";
    assertEquals("Cannot read x.yaml:2" + end, message("a: 1\nb: " + "x".repeat(2_000_000)));
    assertEquals("Cannot read x.yaml:1" + end, message("#" + "x".repeat(3_000_000) + "\na: 1\n"));
    assertEquals(
        "Cannot read x.yaml: it has 20,000,000 bytes, and YAML of at most 3 MB is read",
        message("# 45678\n".repeat(2_500_000)));
    assertEquals(1_000_000, parse("a: " + "x".repeat(1_000_000)).get("a").asText().length());
  }

  /** A name of a million letters is compared with the known ones by its beginning. */
  @Test
  void anEndlessNameHasANearestOne() {
    assertEquals(List.of("bb"), NearestNames.of("b".repeat(3_000_000), List.of("aa", "bb"), 1));
  }

  @Test
  void whatCommandsATerminalIsWrittenOut() {
    List<String> problems =
        Schemas.problems("policy.schema.json", parse("\"\\e[31mkey\\nfoo\": 1\n"), "x.yaml");
    assertEquals(1, problems.size());
    assertTrue(
        problems.get(0).startsWith("x.yaml /: unknown key '\\u001b[31mkey\\u000afoo'"),
        problems.get(0));
  }

  private static String message(String text) {
    return assertThrows(InvalidInput.class, () -> parse(text)).getMessage();
  }

  private static JsonNode parse(String text) {
    return Documents.parse(text.getBytes(StandardCharsets.UTF_8), "x.yaml");
  }
}
