package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Tier;
import dev.homeward.config.Documents;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which models are tried beside a hosted one, and which of them, in which format, is named. */
final class LadderTest {
  private static Policy policy(String yaml) {
    return Policy.defaults()
        .with(
            (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml"),
            "test");
  }

  private static List<CandidatePlanner.Candidate> candidates(String hosted, Policy policy) {
    WorkloadCase workload =
        new Desk(Assumptions.defaults(), policy).add("w", hosted, 300, 1000, 100, 1);
    return new CandidatePlanner(Desk.CATALOG, policy, Evaluations.none()).plan(workload);
  }

  private static Set<Tier> tiers(String hosted, String policy) {
    return candidates(hosted, policy(policy)).stream()
        .map(c -> c.model().tier())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Down to small unless the policy says otherwise; for a workload or for all. */
  @Test
  void modelsBelowTheHostedOneAreTriedDownToTheLowestTierAllowed() {
    assertEquals(Tier.FRONTIER, Desk.CATALOG.hostedModels().byId("gpt-5").orElseThrow().tier());
    assertEquals(Set.of(Tier.SMALL, Tier.MEDIUM, Tier.LARGE, Tier.FRONTIER), tiers("gpt-5", "{}"));
    assertEquals(
        Set.of(Tier.LARGE, Tier.FRONTIER), tiers("gpt-5", "lowest-tier-to-evaluate: large"));
    assertEquals(
        Set.of(Tier.FRONTIER),
        tiers("gpt-5", "workloads: { w: { lowest-tier-to-evaluate: frontier } }"));
    assertEquals(Set.of(Tier.EMBEDDING), tiers("text-embedding-3-small", "{}"));
  }

  @Test
  void eachStandsWhereItsTierStands() {
    for (CandidatePlanner.Candidate c : candidates("gpt-5", Policy.defaults())) {
      assertEquals(
          switch (c.model().tierUnder(c.quantization()).orElse(Tier.EMBEDDING)) {
            case FRONTIER -> 0;
            case LARGE -> -1;
            case MEDIUM -> -2;
            case SMALL -> -3;
            case EMBEDDING -> -4;
          },
          c.standing().rung(),
          c.model().id());
    }
    // Whoever names a model has decided that it may be tried.
    assertTrue(
        candidates("gpt-5", policy("workloads: { w: { local-models: [qwen3-8b] } }")).stream()
            .allMatch(c -> c.standing().mayStandIn()));
  }

  /** An 8B at 16 bits and at 8 and 4: all that a Mac mini holds, not only the first that fits. */
  @Test
  void everyFormatThatFitsIsACandidate() {
    Set<String> formats =
        candidates(
                "gpt-4o-mini",
                policy(
                    "hardware: [mac-mini-m4-pro-64gb]\n"
                        + "workloads: { w: { local-models: [llama-3.1-8b] } }"))
            .stream()
            .map(c -> c.quantization().id())
            .collect(Collectors.toSet());
    assertEquals(Set.of("fp16", "mlx-8bit", "mlx-6bit", "mlx-4bit"), formats);
  }

  private static Alternative at(Alternative a, int rung) {
    return with(a, a.quantization().id(), new Standing(rung));
  }

  private static Alternative in(Alternative a, String format) {
    return with(a, format, a.standing());
  }

  private static Alternative with(Alternative a, String format, Standing standing) {
    return new Alternative(
        a.model(),
        Desk.CATALOG.quantization(format),
        a.engine(),
        a.hardware(),
        standing,
        a.replicasPerBox(),
        a.fleet(),
        a.cost(),
        a.overflowUsd(),
        a.agreementUsd(),
        a.savingUsd(),
        a.evidence(),
        a.proven(),
        a.fellOut(),
        a.explanation());
  }

  private static Alternative on(Alternative a, String box) {
    return new Alternative(
        a.model(),
        a.quantization(),
        a.engine(),
        Desk.CATALOG.hardware(box),
        a.standing(),
        a.replicasPerBox(),
        a.fleet(),
        a.cost(),
        a.overflowUsd(),
        a.agreementUsd(),
        a.savingUsd(),
        a.evidence(),
        a.proven(),
        a.fellOut(),
        a.explanation());
  }

  private static RankedWorkload decide(
      Policy policy, Set<Alternative> unlikely, Alternative... alternatives) {
    Assumptions a = Assumptions.defaults();
    return new Decider(a, policy, new EvaluationNeeds(a, policy))
        .decide(new Desk(a, policy).add(HandMade.tape("w")), List.of(alternatives), unlikely);
  }

  private static RankedWorkload decide(Alternative... alternatives) {
    return decide(Policy.defaults(), Set.of(), alternatives);
  }

  /** $90 at the API. The smallest saves most, and is not named while a larger one saves too. */
  @Test
  void theHighestRungThatSavesIsNamed() {
    Alternative own = HandMade.unproven(HandMade.alternative(120, -30));
    Alternative below = at(HandMade.unproven(HandMade.alternative(60, 30)), -1);
    Alternative smallest = at(HandMade.unproven(HandMade.alternative(20, 70)), -2);
    RankedWorkload row = decide(smallest, below, own);
    assertEquals(Verdict.EVALUATE_FIRST, row.verdict());
    assertEquals(below, row.chosen().orElseThrow());
    assertEquals(List.of(ReasonCode.NO_EVIDENCE, ReasonCode.LOWER_TIER), row.reasons());
    // All of its $90 avoided, $30 saved: a third of it may stay at the API.
    assertEquals(1 / 3.0, row.evaluation().orElseThrow().hardestShare().orElseThrow(), 1e-9);
    // Where it saves in too few futures, the next rung's turn comes.
    Set<Alternative> unlikely = Collections.newSetFromMap(new IdentityHashMap<>());
    unlikely.add(below);
    assertEquals(
        smallest, decide(Policy.defaults(), unlikely, smallest, below, own).chosen().orElseThrow());
    unlikely.add(smallest);
    RankedWorkload none = decide(Policy.defaults(), unlikely, smallest, below, own);
    assertEquals(Verdict.KEEP_API, none.verdict());
    assertEquals(ReasonCode.SAVES_IN_FEW_FUTURES, none.reasons().get(0));
    assertEquals(below, none.chosen().orElseThrow());
  }

  @Test
  void whatIsProvenButSavesInFewFuturesStays() {
    Alternative saves = HandMade.alternative(50, 40);
    Set<Alternative> unlikely = Collections.newSetFromMap(new IdentityHashMap<>());
    unlikely.add(saves);
    RankedWorkload row = decide(Policy.defaults(), unlikely, saves);
    assertEquals(Verdict.KEEP_API, row.verdict());
    assertEquals(
        List.of(ReasonCode.SAVES_IN_FEW_FUTURES, ReasonCode.EVIDENCE_MEETS_BAR), row.reasons());
  }

  /** Two per cent dearer, or less, and it loses less: it is taken. */
  @Test
  void ofFormatsThatCostAboutTheSameTheBetterIsTaken() {
    Alternative four = in(HandMade.alternative(50, 40), "q4_k_m");
    Alternative eight = in(HandMade.alternative(51, 39), "q8_0");
    RankedWorkload row = decide(four, eight);
    assertEquals(eight, row.chosen().orElseThrow());
    assertEquals(
        Optional.of(ReasonCode.LOSES_MORE),
        row.alternatives().stream()
            .filter(a -> a.quantization().id().equals("q4_k_m"))
            .findFirst()
            .orElseThrow()
            .fellOut());
    Alternative dearer = in(HandMade.alternative(51.01, 38.99), "q8_0");
    assertEquals(four, decide(four, dearer).chosen().orElseThrow());
    // On another box each is a case of its own.
    assertEquals(four, decide(four, on(eight, "rtx-pro-6000")).chosen().orElseThrow());
  }

  /** Refuted is said, and what is offered instead is named. */
  @Test
  void aRefutedModelIsAReasonOfItsOwn() {
    Alternative refuted =
        HandMade.fallen(HandMade.alternative(20, 70), ReasonCode.EVALUATION_REFUTED);
    Alternative other = HandMade.unproven(HandMade.alternative(60, 30));
    RankedWorkload row = decide(refuted, other);
    assertEquals(Verdict.EVALUATE_FIRST, row.verdict());
    assertEquals(List.of(ReasonCode.NO_EVIDENCE, ReasonCode.EVALUATION_REFUTED), row.reasons());
    assertEquals(other, row.chosen().orElseThrow());
    assertEquals(List.of(ReasonCode.EVALUATION_REFUTED), decide(refuted).reasons());
  }

  /** $90 at the API, $10 of it overflow: with a share h there, 90 - 50 - 90 h - 10 (1 - h). */
  @Test
  void theShareThatMayStay() {
    Alternative a = HandMade.alternative(50, 30);
    Alternative overflows =
        new Alternative(
            a.model(),
            a.quantization(),
            a.engine(),
            a.hardware(),
            a.standing(),
            1,
            a.fleet(),
            a.cost(),
            OptionalDouble.of(10),
            0,
            OptionalDouble.of(30),
            Optional.empty(),
            false,
            Optional.empty(),
            "");
    WorkloadCase workload =
        new Desk(Assumptions.defaults(), Policy.defaults()).add(HandMade.tape("w"));
    assertEquals(30 / 80.0, EvaluationNeeds.hardestShare(workload, overflows).orElseThrow(), 1e-9);
    assertTrue(EvaluationNeeds.hardestShare(workload, HandMade.alternative(100, -10)).isEmpty());
  }

  /**
   * The least step of a deployment against a replay of one call that has it to itself: no token
   * comes sooner, and where nothing but weights is read none comes much later.
   */
  @Test
  void noTokenComesSoonerThanTheLeastStep() {
    Policy policy =
        policy(
            "hardware: [mac-mini-m4-pro-64gb, rtx-4090, rtx-pro-6000]\n"
                + "workloads: { w: { local-models: [llama-3.1-8b, qwen3-30b-a3b] } }");
    Desk desk = new Desk(Assumptions.defaults(), policy);
    WorkloadCase workload = desk.add("w", "gpt-4o", 1, 100, 200, 1);
    int compared = 0;
    for (CandidatePlanner.Candidate c :
        new CandidatePlanner(Desk.CATALOG, policy, Evaluations.none()).plan(workload)) {
      if (c.deployment().isEmpty()) {
        continue;
      }
      double least = c.deployment().get().leastStepSeconds() * 1e6;
      var fleet = desk.of(List.of(ReplayRequest.of(workload, c, 1, 1))).get(0).get(0);
      if (fleet.result().tpotP50Micros().isEmpty()) {
        continue;
      }
      double alone = fleet.result().tpotP50Micros().getAsLong();
      assertTrue(alone >= 0.98 * least, c.deployment().get().id() + ": " + alone + ", " + least);
      assertTrue(alone <= 1.6 * least, c.deployment().get().id() + ": " + alone + ", " + least);
      compared++;
    }
    assertTrue(compared >= 10, "compared " + compared);
  }

  /** A limit just below the least step cannot be met, one just above may be. */
  @Test
  void aFormatThatIsTooSlowEvenAloneIsToldWithoutAReplay() {
    Assumptions a = Assumptions.defaults();
    for (double times : new double[] {0.97, 1.0}) {
      CandidatePlanner.Candidate fp16 = onAMac("");
      double limit = fp16.deployment().orElseThrow().leastStepSeconds() * 1e3 * times;
      String keys = ", tpot-p95-ms: " + limit;
      CandidatePlanner.Candidate candidate = onAMac(keys);
      Policy policy = mac(keys);
      Desk desk = new Desk(a, policy);
      WorkloadCase workload = desk.add("w", "gpt-4o-mini", 300, 1000, 100, 1);
      Weigher weigher =
          new Weigher(
              a, policy, Evaluations.none(), new ApiBill(desk.cases(), List.of()), Desk.PRICER);
      assertEquals(times < 0.98, weigher.tooSlow(workload, candidate).isPresent(), "x " + times);
    }
  }

  private static Policy mac(String keys) {
    return policy(
        "hardware: [mac-mini-m4-pro-64gb]\n"
            + "workloads: { w: { local-models: [llama-3.1-8b], quantization: fp16"
            + keys
            + " } }");
  }

  private static CandidatePlanner.Candidate onAMac(String keys) {
    return candidates("gpt-4o-mini", mac(keys)).get(0);
  }

  /** 16 bits are no better than 8, whatever they miss; not the other way round, nor elsewhere. */
  @Test
  void whatAFasterFormatMissesASlowerOneMissesToo() {
    List<CandidatePlanner.Candidate> all =
        candidates(
            "gpt-4o-mini",
            policy(
                "hardware: [rtx-4090, rtx-5090]\n"
                    + "workloads: { w: { local-models: [llama-3.1-8b], quantization: [fp8, fp16] } }"));
    var eight = all.get(0).deployment().orElseThrow();
    var sixteen = all.get(1).deployment().orElseThrow();
    assertEquals("fp8", eight.quantization().id());
    assertEquals("fp16", sixteen.quantization().id());
    assertTrue(sixteen.isNoBetterThan(eight));
    assertFalse(eight.isNoBetterThan(sixteen));
    assertFalse(all.get(3).deployment().orElseThrow().isNoBetterThan(eight), "another box");
  }
}
