package dev.homeward.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Binding;
import dev.homeward.config.Documents;
import dev.homeward.config.EveryKey;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * Every key of policies and evaluations: set, left out, and wrong. What each does:
 * PolicyKeysActTest.
 */
final class PolicyKeysTest {
  @Test
  void everyKeyOfAPolicyShows() {
    new EveryKey(
            "policy.schema.json",
            """
            workload-rules: [{ from: tag, prefix: a, equals: b, name: c }]
            owner-rules: [{ from: tag, prefix: d, equals: e, name: f }]
            billing-rules: [{ from: tag, prefix: g, equals: h, billing-mode: metered }]
            data-classes:
              - { name: low, aliases: [l], place: api-with-agreement, regions: [eu], providers: [openai] }
            data-class-sources: [{ from: tag, prefix: i }]
            unclassified: api-allowed
            served-locally: [{ provider: p, api-base: a, model: m }]
            hardware: [rtx-4090]
            non-inferiority-margin: 0.05
            lowest-tier-to-evaluate: medium
            enough-evidence: tier
            least-probability: 0.75
            most-workloads: 7
            portfolio: { budget-usd: 100, most-boxes: 3, owned: { rtx-4090: 2 } }
            workloads:
              w: { kind: interactive, ttft-p95-ms: 1, tpot-p95-ms: 2, e2e-p95-ms: 3,
                complete-within-hours: 4, offline: true, owner: o, local-models: [m], hardware: [b],
                engine: [e], quantization: [q], placement: p, boxes: 2, hosted-model: h,
                lowest-tier-to-evaluate: large, needs-tools: true, needs-structured-output: true, needs-languages: [de],
                hardest-share-at-api: 0.25, needs-modalities: [text] }
              x: { most-boxes: 5 }
            """)
        .shows(
            document -> {
              JsonNode workloads = document.remove("workloads");
              return List.of(
                  Binding.plain().bind(document, PolicyKeys.class, "test"),
                  Policy.workloads(workloads, "test"));
            });
  }

  @Test
  void everyKeyOfAnEvaluationShows() {
    String start =
        "evaluations:\n  - { workload: w, local-model: m, metric: f1, date: \"2026-01-02\", note: x, ";
    for (String figures :
        List.of(
            "n: 100, hosted-score: 0.5, local-score: 0.25 }",
            "n: 100, both-right: 5, only-hosted-right: 6, only-local-right: 7 }",
            "scores: scores.csv }")) {
      new EveryKey("evaluations.schema.json", start + figures)
          .showsGiven(
              document -> {
                List<Object> found = new ArrayList<>();
                for (JsonNode entry : document.get("evaluations")) {
                  found.add(Binding.plain().bind(entry, WrittenEvaluation.class, "test"));
                }
                return found;
              });
    }
  }

  /** What the policy says of a workload that it does not mention: nothing. */
  @Test
  void defaultsOfAWorkload() {
    assertEquals(
        new WorkloadPolicy(
            Optional.empty(),
            new WorkloadPolicy.ServiceLimits(
                java.util.OptionalDouble.empty(),
                java.util.OptionalDouble.empty(),
                java.util.OptionalDouble.empty(),
                java.util.OptionalDouble.empty()),
            false,
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            new WorkloadPolicy.Needs(false, List.of(), false, List.of()),
            0),
        Policy.defaults().workloadPolicy("nobody"));
    assertTrue(Policy.defaults().hardware().isEmpty());
    assertTrue(Policy.defaults().portfolio().budgetUsd().isEmpty());
    assertTrue(Policy.defaults().portfolio().mostBoxes().isEmpty());
  }

  /** One id may stand without brackets, as a person types it after --set. */
  @Test
  void oneIdIsAListOfOne() {
    WorkloadPolicy one =
        given("{ local-models: m, engine: e, quantization: q, hardware: b }").workloadPolicy("w");
    assertEquals(List.of("m"), one.localModels());
    assertEquals(List.of("e"), one.engines());
    assertEquals(List.of("q"), one.quantizations());
    assertEquals(List.of("b"), one.hardware());
    InvalidInput e = assertThrows(InvalidInput.class, () -> given("{ engine: [] }"));
    assertTrue(e.getMessage().startsWith("--set x /workloads/w/engine: "), e.getMessage());
  }

  @Test
  void howManyBoxesIsSaidOnce() {
    InvalidInput e = assertThrows(InvalidInput.class, () -> given("{ boxes: 2, most-boxes: 3 }"));
    assertTrue(
        e.getMessage()
            .contains("boxes: 2 and most-boxes: 3 (say how many, or how many at the most)"),
        e.getMessage());
  }

  private static Policy given(String workload) {
    ObjectNode document =
        (ObjectNode)
            Documents.parse(
                ("workloads: { w: " + workload + " }").getBytes(StandardCharsets.UTF_8), "p.yaml");
    return Policy.defaults().with(document, "--set x");
  }

  /** A review keeps its policy as text; a key that is younger than it has its default. */
  @Test
  void aKeptPolicyWithoutAKeyHasItsDefault() {
    Policy old = Policy.parse("{\"unclassified\":\"local-only\"}");
    assertEquals(0.02, old.nonInferiorityMargin());
    assertEquals(Place.LOCAL_ONLY, old.dataClass("unclassified").place());
  }

  @Test
  void anUnknownKeyIsNamedWithTheNearest() {
    ObjectNode given =
        (ObjectNode)
            Documents.parse(
                "workloads: { w: { ofline: true } }".getBytes(StandardCharsets.UTF_8), "p.yaml");
    InvalidInput e =
        assertThrows(InvalidInput.class, () -> Policy.defaults().with(given, "--set x"));
    assertEquals("--set x /workloads/w: unknown key 'ofline' (nearest: offline)", e.getMessage());
  }
}
