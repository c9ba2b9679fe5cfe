package dev.homeward.nextsteps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.config.Documents;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.report.Reviewed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Alerts on the limits that would change the answer. */
final class AlertsTest {
  static final WorkloadKey CHAT = new WorkloadKey("chat", "gpt-4o", "internal");
  static final WorkloadKey SECRET = new WorkloadKey("secret", "gpt-4o", "restricted");

  /** A chat that moves, one that must, and one that waits for an evaluation. */
  static final Reviewed REVIEW =
      new MadeUp()
          .add(CHAT, 31000, 8000, 300)
          .add(SECRET, 2000, 3000, 300)
          .untested(new WorkloadKey("drafts", "gpt-4o", "internal"), 31000, 8000, 300)
          .review(
              """
              hardware: [rtx-4090]
              data-classes: [{ name: restricted, place: local-only }, { name: internal, place: api-allowed }]
              """);

  private static JsonNode yaml(String text) {
    return Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }

  /** Rules for fleets as if each served the review's chat alone. */
  static String engines(List<FleetSetup> fleets) {
    RankedWorkload row =
        REVIEW.decision().ranking().stream()
            .filter(r -> r.workload().key().equals(CHAT))
            .findFirst()
            .orElseThrow();
    return new AlertRules(Map.of(CHAT, row), Map.of(CHAT, "chat")).of(fleets, List.of());
  }

  private static List<JsonNode> rules() {
    List<JsonNode> rules = new ArrayList<>();
    yaml(MadeUp.steps(REVIEW).get("next-steps/alerts.yaml"))
        .get("groups")
        .forEach(group -> group.get("rules").forEach(rules::add));
    return rules;
  }

  private static RankedWorkload row(WorkloadKey key) {
    return REVIEW.decision().ranking().stream()
        .filter(r -> r.workload().key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void bothMoveAndSoHaveRules() {
    assertTrue(row(CHAT).moved().isPresent());
    assertTrue(row(SECRET).moved().isPresent());
    assertTrue(rules().size() >= 6, rules().size() + " rules");
    for (JsonNode rule : rules()) {
      assertEquals(
          List.of("alert", "expr", "for", "labels", "annotations"),
          new ArrayList<>(List.copyOf(fieldNames(rule))));
    }
  }

  private static List<String> fieldNames(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** 31,000 calls in 31 days are 1,000 a day; a week of the part below which it stops saving. */
  @Test
  void theVolumeAtWhichTheAnswerFlipsIsAWeekOfCalls() {
    double from =
        row(CHAT).flip().orElseThrow().saves().stream()
            .filter(s -> s.from() <= 1 && s.to() >= 1)
            .findFirst()
            .orElseThrow()
            .from();
    double expected = 7 * 1000 * from;
    JsonNode rule =
        rules().stream()
            .filter(r -> r.get("alert").asText().equals("HomewardVolumeTooSmall"))
            .findFirst()
            .orElseThrow();
    String expr = rule.get("expr").asText();
    assertTrue(
        expr.startsWith(
            "sum(increase(litellm_proxy_total_requests_metric_total{requested_model=\"chat\"}[7d])) < "),
        expr);
    double limit = Double.parseDouble(expr.substring(expr.lastIndexOf(' ') + 1));
    assertEquals(expected, limit, 0.005 * expected);
  }

  /** Calls that must stay local never go on to the API, and are moved at any volume. */
  @Test
  void dataThatStaysLocalHasNoRuleOnOverflowOrVolume() {
    for (JsonNode rule : rules()) {
      boolean ofSecret = rule.get("expr").asText().contains("\"secret\"");
      String alert = rule.get("alert").asText();
      assertTrue(!ofSecret || !alert.contains("Volume") && !alert.contains("Api"), rule.toString());
    }
  }

  /** The default service level of a chat whose log tells no times: 2 s and 100 ms. */
  @Test
  void theServiceLevelIsTheLimit() {
    assertTrue(
        rules().stream()
            .anyMatch(
                r ->
                    r.get("alert").asText().equals("HomewardFirstTokenTooLate")
                        && r.get("expr").asText().endsWith(" > 2")));
  }
}
