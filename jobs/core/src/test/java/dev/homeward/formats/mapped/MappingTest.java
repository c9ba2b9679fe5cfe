package dev.homeward.formats.mapped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.InvalidInput;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A mapping's file: what it may hold, and what is said where it is wrong. */
final class MappingTest {
  private static final String LEAST =
      "columns: { started_at: at, request_model: m, input_tokens: in, output_tokens: out }\n";

  private static String problem(String text) {
    return assertThrows(InvalidInput.class, () -> Mapping.parse(text, "mapping.yaml")).getMessage();
  }

  @Test
  void theLeastMapping() {
    Mapping mapping = Mapping.parse(LEAST, "mapping.yaml");
    assertEquals('.', mapping.decimal());
    assertTrue(mapping.othersKept());
    assertEquals(List.of("at", "m", "in", "out"), mapping.columnNames());
    assertEquals(List.of("m", "out"), mapping.missing(Set.of("AT", "In"), false));
    // A key without a value is often left out of JSON.
    assertEquals(List.of("m"), mapping.missing(Set.of("at", "in"), true));
  }

  @Test
  void everyProblemNamesFileAndKey() {
    assertEquals(
        "mapping.yaml /columns: unknown key 'input_token' (nearest: input_tokens)",
        problem(LEAST.replace("input_tokens", "input_token")));
    assertTrue(
        problem("cached-input: \"?\"\n" + LEAST).startsWith("mapping.yaml /cached-input: "),
        "an open question");
    assertTrue(
        problem("columns: { started_at: at").startsWith("Cannot read mapping.yaml:1:"), "line");
    assertTrue(problem("").startsWith("mapping.yaml /: "), "an empty file");
    assertEquals(
        "mapping.yaml /columns: a question is open: put the name of a column where ? stands",
        problem(LEAST.replace("in,", "\"?\",")));
    String cached = LEAST.replace(" }", ", cache_read_tokens: c }");
    assertTrue(problem(cached).startsWith("mapping.yaml /: cached-input is missing: say whether"));
    assertEquals(4, Mapping.parse(LEAST, "m").columns().size());
    String reasoning = LEAST.replace(" }", ", reasoning_tokens: r }");
    assertTrue(problem(reasoning).startsWith("mapping.yaml /: reasoning is missing: say whether"));
    String span = LEAST.replace(" }", ", duration: took }");
    assertTrue(problem(span).startsWith("mapping.yaml /columns/duration: say what the numbers"));
    String money = LEAST.replace(" }", ", cost: price }");
    assertTrue(problem(money).startsWith("mapping.yaml /columns/cost: say what the numbers count"));
    String zone = LEAST.replace("started_at: at", "started_at: { column: at, zone: Mars/Base }");
    assertTrue(
        problem(zone).startsWith("mapping.yaml /columns/started_at/zone: no such zone (found"));
    String several = LEAST.replace("request_model: m", "request_model: [a, b]");
    assertTrue(problem(several).startsWith("mapping.yaml /columns/request_model: "));
  }

  /** Two problems are two lines: one is not hidden behind the other. */
  @Test
  void allProblemsAreReportedAtOnce() {
    String text =
        "columns: { request_model: m, input_tokens: in, duration: took }\nattributes: { team: user }\n";
    assertEquals(4, problem(text).lines().count(), problem(text));
  }

  @Test
  void whatIsPrivateIsNotKeptEvenWhereAMappingAsksForIt() {
    assertTrue(
        problem(LEAST + "attributes: { metadata.who: User Email }\n")
            .contains("speaks of a person, a secret or a text, which is not kept"));
    assertTrue(
        problem(LEAST + "attributes: { metadata.user: who }\n")
            .contains("no name of a person or secret is kept"));
  }
}
