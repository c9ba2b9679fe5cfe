package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.CallDraft;
import dev.homeward.config.Documents;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Attribution;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.NonInferiority;
import dev.homeward.policy.Policy;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What each key of a policy does, in a situation small enough to tell the answer by docs/policy.md.
 */
final class PolicyKeysActTest {
  private static Policy policy(String yaml) {
    return Policy.defaults()
        .with(
            (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml"),
            "test");
  }

  private static Policy of(String workloadKeys) {
    return policy("workloads: { w: { " + workloadKeys + " } }");
  }

  private static Attribution attribute(Policy policy, String... attributes) {
    CallDraft draft = new CallDraft();
    for (int i = 0; i < attributes.length; i += 2) {
      draft.attributes.add(attributes[i], attributes[i + 1]);
    }
    return policy.attribute(draft);
  }

  /** 300 calls of some 1,000 tokens to gpt-4o at openai, class internal. */
  private static WorkloadCase workload(Policy policy) {
    return new Desk(Assumptions.defaults(), policy).add("w", "gpt-4o", 300, 1000, 100, 1);
  }

  private static List<CandidatePlanner.Candidate> candidates(Policy policy) {
    return new CandidatePlanner(Desk.CATALOG, policy, Evaluations.none()).plan(workload(policy));
  }

  private static Set<String> models(Policy policy) {
    return candidates(policy).stream()
        .filter(c -> !c.fellOut().equals(java.util.Optional.of(ReasonCode.NEEDS_ABILITY)))
        .map(c -> c.model().id())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> boxes(Policy policy) {
    return candidates(policy).stream()
        .map(c -> c.hardware().id())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void rulesNameWorkloadsOwnersAndBilling() {
    Policy policy =
        policy(
            """
            workload-rules:
              - { from: tag, prefix: "team:", equals: blue, name: sky }
              - { from: tag, prefix: "team:" }
            owner-rules: [{ from: project, name: CC-7 }]
            billing-rules: [{ from: service, prefix: "seat-", equals: pro, billing-mode: provisioned }]
            """);
    assertEquals("sky", attribute(policy, "tag", "team:blue").workload());
    // Not equal to blue: the next rule gives the value itself, without the prefix.
    assertEquals("red", attribute(policy, "tag", "team:red").workload());
    assertEquals("unassigned", attribute(policy, "tag", "blue").workload());
    assertEquals("CC-7", attribute(policy, "project", "x").owner());
    assertEquals("PROVISIONED", attribute(policy, "service", "seat-pro").billingMode().name());
    assertEquals("METERED", attribute(policy, "service", "seat-basic").billingMode().name());
  }

  @Test
  void classesSayWhereDataMayBe() {
    Policy policy =
        policy(
            """
            data-class-sources: [{ from: tag, prefix: "secrecy:" }]
            data-classes:
              - { name: low, aliases: [c0], place: api-allowed, regions: [eu] }
              - { name: mid, place: api-with-agreement, providers: [azure] }
              - { name: internal, place: local-only }
            """);
    assertEquals("low", attribute(policy, "tag", "secrecy:C0").dataClass());
    // The defaults' sources are replaced.
    assertEquals("unclassified", attribute(policy, "tag", "data_class:low").dataClass());
    assertTrue(policy.dataClass("low").allows("openai", "eu"));
    assertFalse(policy.dataClass("low").allows("openai", "us"));
    assertTrue(policy.dataClass("mid").allows("azure", ""));
    assertFalse(policy.dataClass("mid").allows("openai", ""));
    // Its calls are of class internal and went to openai.
    assertEquals(Compliance.OK, workload(Policy.defaults()).compliance());
    assertEquals(Compliance.VIOLATION, workload(policy).compliance());
    assertTrue(workload(policy).mustBeLocal());
  }

  @Test
  void callsWithoutAClassMayStayAtHomeOnly() {
    assertTrue(Policy.defaults().dataClass("unclassified").allows("openai", ""));
    assertFalse(policy("unclassified: local-only").dataClass("unclassified").allows("openai", ""));
  }

  @Test
  void hardwareIsTheListOfBoxesToTryAndAWorkloadsOwnListWins() {
    assertTrue(boxes(Policy.defaults()).size() > 9);
    assertEquals(Set.of("rtx-4090"), boxes(policy("hardware: [rtx-4090]")));
    assertEquals(
        Set.of("rtx-3090"),
        boxes(policy("{ hardware: [rtx-4090], workloads: { w: { hardware: [rtx-3090] } } }")));
  }

  /** Of gpt-4o's tier are large and frontier models; a named model is tried whatever its tier. */
  @Test
  void localModelsAreTheOnlyOnesTried() {
    assertFalse(models(Policy.defaults()).contains("mistral-7b"));
    assertEquals(Set.of("mistral-7b"), models(of("local-models: [mistral-7b]")));
  }

  /** codestral-22b: no tools, text alone, languages not said; mistral-7b: tools and English. */
  @Test
  void needsRuleOutModelsThatLackThem() {
    String two = "local-models: [codestral-22b, mistral-7b]";
    assertEquals(Set.of("codestral-22b", "mistral-7b"), models(of(two)));
    assertEquals(Set.of("mistral-7b"), models(of(two + ", needs-tools: true")));
    assertEquals(Set.of("mistral-7b"), models(of(two + ", needs-languages: [en]")));
    assertEquals(Set.of(), models(of(two + ", needs-languages: [en, de]")));
    assertEquals(Set.of(), models(of(two + ", needs-modalities: [image]")));
    assertEquals(
        Set.of("codestral-22b", "mistral-7b"), models(of(two + ", needs-modalities: [text]")));
  }

  /** All default engines hold answers to a schema; where the first cannot, the next is taken. */
  @Test
  void structuredOutputRulesOutEnginesThatCannot() {
    String text = Documents.readResource("dev/homeward/catalog/engines.yaml").toString();
    ObjectNode engines =
        (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "e.json");
    ObjectNode vllm = (ObjectNode) engines.get("engines").get(0);
    assertEquals("vllm", vllm.get("id").textValue());
    vllm.put("structured-output", false);
    var catalog = Desk.CATALOG.with(engines, "test");
    String one = "local-models: [mistral-7b], hardware: [rtx-4090]";
    List<String> used = new ArrayList<>();
    for (Policy policy : List.of(of(one), of(one + ", needs-structured-output: true"))) {
      used.add(
          new CandidatePlanner(catalog, policy, Evaluations.none())
              .plan(workload(policy))
              .get(0)
              .engine()
              .id());
    }
    assertEquals(List.of("vllm", "llama.cpp"), used);
  }

  /** mistral-7b comes in formats for vLLM, llama.cpp and others, most of which fit an RTX 4090. */
  @Test
  void enginesAndWeightFormatsAreTheOnlyOnesTried() {
    String one = "local-models: mistral-7b, hardware: rtx-4090";
    assertEquals(Set.of("llama.cpp"), engines(of(one + ", engine: llama.cpp")));
    assertEquals(Set.of("ollama"), engines(of(one + ", engine: [ollama]")));
    assertTrue(Set.of("vllm", "llama.cpp").containsAll(engines(of(one))));
    assertEquals(Set.of("q4_k_m"), formats(of(one + ", quantization: q4_k_m")));
    assertTrue(
        Set.of("q5_k_m", "fp16").containsAll(formats(of(one + ", quantization: [q5_k_m, fp16]"))));
    assertEquals(
        Set.of("q8_0"), formats(of(one + ", engine: llama.cpp, quantization: [q8_0, fp8]")));
    CandidatePlanner.Candidate none = candidates(of(one + ", quantization: mxfp4")).get(0);
    assertEquals(java.util.Optional.of(ReasonCode.DOES_NOT_FIT), none.fellOut());
    assertEquals(
        "it comes in fp8, fp16, q8_0, q5_k_m, q4_k_m, awq-4bit, mlx-4bit, q6_k, gptq-4bit, mlx-8bit,"
            + " not in mxfp4",
        none.explanation());
  }

  private static Set<String> engines(Policy policy) {
    return tried(policy).map(c -> c.engine().id()).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> formats(Policy policy) {
    return tried(policy)
        .map(c -> c.quantization().id())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<CandidatePlanner.Candidate> tried(Policy policy) {
    return candidates(policy).stream().filter(c -> c.deployment().isPresent());
  }

  @Test
  void unknownNamesAreSaidWithTheNearest() {
    for (String[] wrong :
        new String[][] {
          {"engine: vlm", "Unknown engine: vlm (nearest: vllm"},
          {"quantization: fp9", "Unknown quantization: fp9 (nearest: fp8"},
          {"placement: rtx-4091", "Unknown hardware: rtx-4091 (nearest: rtx-4090"},
          {"hosted-model: gpt-4p", "Unknown hosted model: gpt-4p (nearest: gpt-4"}
        }) {
      CandidatePlanner planner =
          new CandidatePlanner(Desk.CATALOG, of(wrong[0]), Evaluations.none());
      InvalidInput e = assertThrows(InvalidInput.class, planner::checkNames);
      assertTrue(e.getMessage().startsWith(wrong[1]), e.getMessage());
    }
  }

  /** One box for all its calls: other boxes are not tried, and nothing overflows. */
  @Test
  void aPlacementIsTheOneBoxForAllCalls() {
    Policy placed = of("placement: rtx-3090, hardware: [rtx-4090, rtx-5090]");
    assertEquals(Set.of("rtx-3090"), boxes(placed));
    // A sweep asks about other boxes.
    assertEquals(Set.of("rtx-4090"), boxes(placed.withHardware("w", List.of("rtx-4090"))));
    assertTrue(workload(Policy.defaults()).mayOverflow());
    assertFalse(workload(placed).mayOverflow());
    assertFalse(workload(placed).mustBeLocal());
    String model = ", local-models: [mistral-7b]";
    assertFalse(request(of("placement: rtx-4090-x2" + model)).overflowAllowed());
    assertTrue(request(of("hardware: rtx-4090-x2" + model)).overflowAllowed());
  }

  /** Two RTX 4090 in a box carry two replicas of a 7B. */
  @Test
  void numbersOfBoxesBoundTheFleet() {
    String on = "local-models: [mistral-7b], hardware: rtx-4090-x2";
    assertEquals(new Sizing.Bounds(1, 16, true), request(of(on)).bounds());
    assertEquals(new Sizing.Bounds(1, 4, true), request(of(on + ", most-boxes: 2")).bounds());
    assertEquals(new Sizing.Bounds(1, 16, true), request(of(on + ", most-boxes: 9")).bounds());
    assertEquals(new Sizing.Bounds(6, 6, true), request(of(on + ", boxes: 3")).bounds());
    // More than most-replicas: whoever names a number wants that number.
    assertEquals(new Sizing.Bounds(40, 40, true), request(of(on + ", boxes: 20")).bounds());
    // Two workloads on one fleet that name different numbers: there is none.
    WorkloadCase three = workload(of(on + ", boxes: 3"));
    WorkloadCase two = workload(of(on + ", boxes: 2"));
    ReplayRequest both =
        new ReplayRequest(List.of(three, two), request(of(on)).deployment(), 1, 16);
    assertEquals(new Sizing.Bounds(6, 4, true), both.bounds());
  }

  private static ReplayRequest request(Policy policy) {
    return ReplayRequest.of(workload(policy), candidates(policy).get(0), 1, 16);
  }

  /** 300 calls need one box; three are bought and run, though two of them stand idle. */
  @Test
  void exactlySoManyBoxesAreCharged() {
    String on = "local-models: [mistral-7b], hardware: rtx-4090-x2, offline: true";
    Alternative one = chosen(of(on));
    Alternative three = chosen(of(on + ", boxes: 3"));
    assertEquals(1, one.cost().orElseThrow().boxes());
    assertEquals(3, three.cost().orElseThrow().boxes());
    assertEquals(6, three.fleet().orElseThrow().options().replicas());
    assertEquals(
        3 * one.cost().orElseThrow().initialUsd(),
        three.cost().orElseThrow().initialUsd(),
        0.5 * one.cost().orElseThrow().initialUsd());
  }

  private static Alternative chosen(Policy policy) {
    Desk desk = new Desk(Assumptions.defaults(), policy);
    desk.add("w", "gpt-4o", 300, 1000, 100, 1);
    return new DecideStep(
            Desk.CATALOG, Desk.PRICER, policy, Evaluations.none(), Assumptions.defaults())
        .decide(desk.cases(), desk)
        .ranking()
        .get(0)
        .chosen()
        .orElseThrow();
  }

  /** Usual: TTFT 2 s and TPOT 100 ms where a person waits, 24 h in a batch, 1 s for embeddings. */
  @Test
  void limitsTakeThePlaceOfTheUsualOnes() {
    long none = ServiceLevel.NONE;
    long day = 24L * 3600 * 1_000_000;
    assertEquals(new ServiceLevel(2_000_000, 100_000, none, none), level(Policy.defaults()));
    assertEquals(new ServiceLevel(none, none, none, day), level(of("kind: batch")));
    assertEquals(new ServiceLevel(none, none, 1_000_000, none), level(of("kind: embeddings")));
    assertEquals(
        new ServiceLevel(300_000, 40_000, 5_000_000, 1_800_000_000L),
        level(
            of(
                "ttft-p95-ms: 300, tpot-p95-ms: 40, e2e-p95-ms: 5000,"
                    + " complete-within-hours: 0.5")));
  }

  private static ServiceLevel level(Policy policy) {
    return workload(policy).serviceLevel();
  }

  @Test
  void offlineMustBeLocalAndOwnerIsFixed() {
    assertFalse(workload(Policy.defaults()).mustBeLocal());
    assertTrue(workload(of("offline: true")).mustBeLocal());
    Policy owned = of("owner: CC-9");
    assertEquals("CC-9", attribute(owned, "workload", "w", "owner", "CC-1").owner());
    assertEquals("CC-1", attribute(owned, "workload", "other", "owner", "CC-1").owner());
  }

  /** None of it where all must be local. */
  @Test
  void theHardestShareStaysAtTheApi() {
    assertEquals(0, workload(Policy.defaults()).hardestShareAtApi());
    assertEquals(0.25, workload(of("hardest-share-at-api: 0.25")).hardestShareAtApi());
    assertEquals(0, workload(of("hardest-share-at-api: 0.25, offline: true")).hardestShareAtApi());
  }

  /** Local less hosted lies between -0.03 and 0.01: proven at 0.04, open at 0.02. */
  @Test
  void theMarginDecidesWhatEvidenceProves() {
    Evaluations.Evidence evidence =
        new Evaluations.Evidence(
            "w", "m", "accuracy", 0.9, 0.89, 500, -0.03, 0.01, "made up", 0.05, "");
    assertEquals(0.02, Policy.defaults().nonInferiorityMargin());
    double wide = policy("non-inferiority-margin: 0.04").nonInferiorityMargin();
    assertEquals(NonInferiority.Outcome.PROVEN, evidence.outcome(wide));
    assertFalse(evidence.outcome(0.02) == NonInferiority.Outcome.PROVEN);
  }

  /** Without an evaluation: its tier is enough only where the policy says so. */
  @Test
  void aTierMayBeEnough() {
    String models =
        "hardware: [rtx-pro-6000]\nworkloads: { w: { local-models: [%s] } }\nenough-evidence: %s";
    assertEquals(Verdict.EVALUATE_FIRST, untested(models.formatted("qwen3.5-27b", "evaluation")));
    assertEquals(Verdict.MOVE, untested(models.formatted("qwen3.5-27b", "tier")));
    // gpt-4o is a large model; an 8B is not.
    assertEquals(Verdict.EVALUATE_FIRST, untested(models.formatted("qwen3-8b", "tier")));
  }

  /** Always is more than any uncertain saving can promise. */
  @Test
  void aMoveMustSaveInEnoughFutures() {
    String keys =
        "hardware: [rtx-pro-6000]\nworkloads: { w: { local-models: [qwen3.5-27b] } }\n"
            + "enough-evidence: tier\nleast-probability: ";
    RankedWorkload usual = untestedRow(keys + "0.5");
    assertEquals(Verdict.MOVE, usual.verdict());
    double probability = usual.outlook().orElseThrow().probabilitySaves();
    assertTrue(probability > 0.5 && probability < 1, "probability " + probability);
    RankedWorkload strict = untestedRow(keys + "1");
    assertEquals(Verdict.KEEP_API, strict.verdict());
    assertEquals(ReasonCode.SAVES_IN_FEW_FUTURES, strict.reasons().get(0));
    assertTrue(strict.moved().isEmpty());
  }

  private static Verdict untested(String keys) {
    return untestedRow(keys).verdict();
  }

  private static RankedWorkload untestedRow(String keys) {
    Policy policy = policy(keys);
    Desk desk = new Desk(Assumptions.defaults(), policy);
    desk.add("w", "gpt-4o", 80_000, 3000, 300, 4);
    return new DecideStep(
            Desk.CATALOG, Desk.PRICER, policy, Evaluations.none(), Assumptions.defaults())
        .decide(desk.cases(), desk)
        .ranking()
        .get(0);
  }

  /** One workload that is worth a box: none may be bought, or the box is there already. */
  @Test
  void thePlanKeepsToBudgetAndBoxesAndOwnsSome() {
    Plan free = plan("");
    assertTrue(free.initialUsd() > 0);
    assertEquals(0, plan("portfolio: { most-boxes: 0 }").moved().size());
    assertEquals(0, plan("portfolio: { budget-usd: 1 }").moved().size());
    Plan owned = plan("portfolio: { owned: { rtx-pro-6000: 9 } }");
    assertEquals(1, owned.moved().size());
    assertTrue(owned.initialUsd() < free.initialUsd());
  }

  private static Plan plan(String portfolio) {
    Policy policy =
        policy(
            "hardware: [rtx-pro-6000]\nworkloads: { w: { local-models: [qwen3.5-27b] } }\n"
                + portfolio);
    Evaluations evaluations =
        new Evaluations(
            List.of(
                new Evaluations.Evidence(
                    "w", "qwen3.5-27b", "accuracy", 0.9, 0.9, 5000, -0.005, 0.005, "", 0.05, "")));
    Desk desk = new Desk(Assumptions.defaults(), policy);
    desk.add("w", "gpt-4o", 80_000, 3000, 300, 4);
    return new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, Assumptions.defaults())
        .decide(desk.cases(), desk)
        .plan();
  }
}
