package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.Tape;
import dev.homeward.config.Documents;
import dev.homeward.decision.HandMade.Result;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.CashFlow;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.Policy;
import dev.homeward.units.Confidence;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Verdicts on alternatives whose money is given: which gate decides, and by how little. */
final class DeciderTest {
  private static final Alternative SAVES = HandMade.alternative(80, 10);
  private static final Alternative LOSES = HandMade.alternative(120, -30);

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }

  private static Policy policy(String text) {
    return Policy.defaults().with(yaml(text), "test");
  }

  private static Policy of(String workloadKeys) {
    return policy("workloads: { w: { " + workloadKeys + " } }");
  }

  private static WorkloadCase workload(Policy policy, Tape tape) {
    return new Desk(Assumptions.defaults(), policy).add(tape);
  }

  private static RankedWorkload decide(Policy policy, Tape tape, Alternative... alternatives) {
    return new Decider(
            Assumptions.defaults(), policy, new EvaluationNeeds(Assumptions.defaults(), policy))
        .decide(workload(policy, tape), List.of(alternatives), Set.of());
  }

  private static RankedWorkload decide(Alternative... alternatives) {
    return decide(Policy.defaults(), HandMade.tape("w"), alternatives);
  }

  private static void assertVerdict(Verdict verdict, RankedWorkload row, ReasonCode... reasons) {
    assertEquals(verdict, row.verdict());
    assertEquals(List.of(reasons), row.reasons());
  }

  @Test
  void itMovesIfACentIsSavedAndStaysIfNoneIs() {
    assertVerdict(
        Verdict.MOVE,
        decide(HandMade.alternative(89.99, 0.01)),
        ReasonCode.SAVES,
        ReasonCode.EVIDENCE_MEETS_BAR);
    assertVerdict(
        Verdict.KEEP_API,
        decide(HandMade.alternative(90, 0)),
        ReasonCode.NO_SAVING,
        ReasonCode.EVIDENCE_MEETS_BAR);
    assertVerdict(
        Verdict.KEEP_API, decide(LOSES), ReasonCode.NO_SAVING, ReasonCode.EVIDENCE_MEETS_BAR);
  }

  @Test
  void oneCallAtTheApiMakesItAMoveWithOverflow() {
    for (Result result :
        List.of(
            Result.served(999).atApi(1, 0, ApiUse.NONE),
            Result.served(999).atApi(0, 1, ApiUse.NONE))) {
      assertVerdict(
          Verdict.MOVE_WITH_OVERFLOW,
          decide(HandMade.on(SAVES, result.on(1))),
          ReasonCode.SAVES,
          ReasonCode.OVERFLOW,
          ReasonCode.EVIDENCE_MEETS_BAR);
    }
  }

  /** A cheaper model that nobody tested does not hide a proven one that saves as well. */
  @Test
  void whatIsProvenMovesBeforeWhatSavesMore() {
    Alternative cheaper = HandMade.unproven(HandMade.alternative(20, 70));
    RankedWorkload row = decide(cheaper, SAVES);
    assertVerdict(Verdict.MOVE, row, ReasonCode.SAVES, ReasonCode.EVIDENCE_MEETS_BAR);
    assertEquals(SAVES, row.chosen().orElseThrow());
    assertEquals(OptionalLong.empty(), row.tasksNeeded());
    RankedWorkload first = decide(LOSES, cheaper);
    assertVerdict(Verdict.EVALUATE_FIRST, first, ReasonCode.NO_EVIDENCE);
    assertEquals(cheaper, first.chosen().orElseThrow());
    // (1.64485 + 0.84162)^2 x 0.2 / 0.02^2 = 3,091.3, and a task is whole.
    assertEquals(OptionalLong.of(3092), first.tasksNeeded());
  }

  /** 3,092 tasks of half a minute, and of two. */
  @Test
  void anEvaluationTakesHours() {
    RankedWorkload row = decide(HandMade.unproven(SAVES));
    assertEquals(3092 * 0.5 / 60, row.evaluation().orElseThrow().hours(), 1e-9);
    Assumptions slower =
        Assumptions.defaults().with(yaml("minutes-per-evaluation-task: 2"), "test");
    EvaluationNeeds needs = new EvaluationNeeds(slower, Policy.defaults());
    assertEquals(
        3092 * 2 / 60.0,
        needs.of(HandMade.MODEL, Optional.empty(), OptionalDouble.empty()).hours(),
        1e-9);
  }

  /** 100 tasks, a tenth of them apart, equally good: 6.18256 x 0.1 / 0.02^2 = 1,545.6 tasks. */
  @Test
  void anEvaluationThatIsTooSmallSaysHowManyTasksWouldDo() {
    Alternative a = HandMade.unproven(SAVES);
    Alternative tested =
        new Alternative(
            a.model(),
            a.quantization(),
            a.engine(),
            a.hardware(),
            a.standing(),
            1,
            a.fleet(),
            a.cost(),
            a.overflowUsd(),
            0,
            a.savingUsd(),
            Optional.of(
                new Evidence("w", HandMade.MODEL, "f1", 0.9, 0.9, 100, -0.1, 0.1, "", 0.1, "")),
            false,
            Optional.empty(),
            "");
    RankedWorkload row = decide(tested);
    assertVerdict(Verdict.EVALUATE_FIRST, row, ReasonCode.EVIDENCE_INCONCLUSIVE);
    assertEquals(OptionalLong.of(1546), row.tasksNeeded());
  }

  @Test
  void whereNothingSavesTheBestThatCouldServeIsShown() {
    Alternative dear = HandMade.unproven(HandMade.alternative(130, -40));
    assertEquals(LOSES, decide(dear, LOSES).chosen().orElseThrow());
    assertEquals(dear, decide(dear).chosen().orElseThrow());
    // One that fell out is not chosen, however cheap.
    Alternative fell =
        HandMade.fallen(HandMade.alternative(1, 89), ReasonCode.MISSES_SERVICE_LEVEL);
    RankedWorkload row = decide(fell, dear);
    assertEquals(dear, row.chosen().orElseThrow());
    assertEquals(List.of(dear, fell), row.alternatives());
  }

  @Test
  void whatOverflowsWithoutAPriceSavesNothingThatAnybodyKnows() {
    RankedWorkload row = decide(HandMade.unpriced(SAVES));
    assertVerdict(
        Verdict.KEEP_API, row, ReasonCode.UNPRICED_OVERFLOW, ReasonCode.EVIDENCE_MEETS_BAR);
    assertTrue(row.savingUsd().isEmpty());
    assertTrue(row.cashFlow().isEmpty());
    // Its cost is not known either: what has a known cost comes first.
    assertEquals(LOSES, decide(HandMade.unpriced(SAVES), LOSES).alternatives().get(0));
  }

  /** Seats are paid whatever the calls do: no cash, no payback; unless its data must come home. */
  @Test
  void flatRatesSaveNothingUntilTheyAreCancelled() {
    Tape seats = HandMade.billed(HandMade.tape("w"), BillingMode.SUBSCRIPTION);
    RankedWorkload row = decide(Policy.defaults(), seats, SAVES);
    assertVerdict(
        Verdict.KEEP_API, row, ReasonCode.FLAT_RATE_BILLING, ReasonCode.EVIDENCE_MEETS_BAR);
    assertEquals(OptionalDouble.of(0), row.savingUsd());
    assertTrue(row.cashFlow().isEmpty());
    assertTrue(row.npvUsd().isEmpty());
    assertTrue(row.paybackMonths().isEmpty());
    // The proven one is shown, and where none is, the other.
    Alternative unproven = HandMade.unproven(HandMade.alternative(20, 70));
    assertEquals(SAVES, decide(Policy.defaults(), seats, unproven, SAVES).chosen().orElseThrow());
    assertEquals(unproven, decide(Policy.defaults(), seats, unproven).chosen().orElseThrow());
    // Seats decide before anything is said of models that fell out.
    assertVerdict(Verdict.KEEP_API, decide(Policy.defaults(), seats), ReasonCode.FLAT_RATE_BILLING);
    assertVerdict(
        Verdict.MUST_MOVE,
        decide(of("offline: true"), seats, SAVES),
        ReasonCode.OFFLINE_REQUIRED,
        ReasonCode.EVIDENCE_MEETS_BAR);
  }

  @Test
  void whatMustBeLocalMovesWhateverItCosts() {
    Policy offline = of("offline: true");
    Alternative cheaper = HandMade.unproven(HandMade.alternative(20, 70));
    RankedWorkload row = decide(offline, HandMade.tape("w"), cheaper, LOSES);
    assertVerdict(
        Verdict.MUST_MOVE, row, ReasonCode.OFFLINE_REQUIRED, ReasonCode.EVIDENCE_MEETS_BAR);
    assertEquals(LOSES, row.chosen().orElseThrow());
    RankedWorkload untested = decide(offline, HandMade.tape("w"), cheaper);
    assertVerdict(Verdict.MUST_MOVE, untested, ReasonCode.OFFLINE_REQUIRED, ReasonCode.NO_EVIDENCE);
    assertEquals(OptionalLong.empty(), untested.tasksNeeded());
  }

  @Test
  void aViolationStandsFirstAndSaysOfWhichKind() {
    String classes = "data-classes: [{ name: internal, place: %s }]%s";
    assertVerdict(
        Verdict.MUST_MOVE,
        decide(policy(classes.formatted("local-only", "")), HandMade.tape("w"), SAVES),
        ReasonCode.VIOLATION_LOCAL_ONLY,
        ReasonCode.EVIDENCE_MEETS_BAR);
    assertVerdict(
        Verdict.MUST_MOVE,
        decide(
            policy(
                classes.formatted(
                    "api-with-agreement, providers: [azure]",
                    "\nworkloads: { w: { offline: true } }")),
            HandMade.tape("w"),
            SAVES),
        ReasonCode.VIOLATION_NO_AGREEMENT,
        ReasonCode.OFFLINE_REQUIRED,
        ReasonCode.EVIDENCE_MEETS_BAR);
  }

  @Test
  void dataWithoutAClassIsSaid() {
    assertVerdict(
        Verdict.MOVE,
        decide(Policy.defaults(), HandMade.tape("w", "gpt-4o", "unclassified"), SAVES),
        ReasonCode.SAVES,
        ReasonCode.EVIDENCE_MEETS_BAR,
        ReasonCode.UNCLASSIFIED_DATA);
  }

  /** Nobody can try what has no candidate or no tokens: the API keeps it, unless it may not. */
  @Test
  void whatCannotBeTriedStaysAndWhatWasTriedInVainIsInfeasible() {
    Alternative slow = HandMade.fallen(SAVES, ReasonCode.MISSES_SERVICE_LEVEL);
    Alternative large = HandMade.fallen(SAVES, ReasonCode.DOES_NOT_FIT);
    assertVerdict(
        Verdict.INFEASIBLE,
        decide(slow, large, slow),
        ReasonCode.DOES_NOT_FIT,
        ReasonCode.MISSES_SERVICE_LEVEL);
    assertVerdict(Verdict.KEEP_API, decide(), ReasonCode.NO_LOCAL_MODEL);
    Policy offline = of("offline: true");
    assertVerdict(
        Verdict.INFEASIBLE,
        decide(offline, HandMade.tape("w")),
        ReasonCode.OFFLINE_REQUIRED,
        ReasonCode.NO_LOCAL_MODEL);
    Tape unknown = HandMade.tape("w", "nobodys-model", "internal");
    assertVerdict(
        Verdict.KEEP_API,
        decide(Policy.defaults(), unknown),
        ReasonCode.UNKNOWN_TIER,
        ReasonCode.UNPRICED_MODEL);
    Tape silent = HandMade.tape("w");
    for (int[] tokens :
        List.of(
            silent.inputTokens,
            silent.cacheReadTokens,
            silent.cacheWrite5mTokens,
            silent.cacheWrite1hTokens,
            silent.outputTokens,
            silent.reasoningTokens)) {
      Arrays.fill(tokens, Tape.ABSENT_TOKENS);
    }
    Arrays.fill(silent.flags, CallFlags.MISSING_USAGE);
    RankedWorkload row = decide(Policy.defaults(), silent, slow);
    assertEquals(Verdict.KEEP_API, row.verdict());
    assertEquals(ReasonCode.NO_USAGE, row.reasons().get(0));
    // One call of a thousand with tokens can be tried.
    silent.inputTokens[0] = 10;
    silent.outputTokens[0] = 10;
    silent.flags[0] = 0;
    assertEquals(Verdict.INFEASIBLE, decide(Policy.defaults(), silent, slow).verdict());
  }

  @Test
  void aModelWithoutAPriceStays() {
    RankedWorkload row =
        decide(
            Policy.defaults(),
            HandMade.tape("w", "nobodys-model", "internal"),
            HandMade.unpriced(SAVES));
    assertVerdict(Verdict.KEEP_API, row, ReasonCode.UNPRICED_MODEL, ReasonCode.EVIDENCE_MEETS_BAR);
    assertTrue(row.savingUsd().isEmpty());
  }

  /**
   * $90 a month at the API against $1,000 at the start, $30 a month and $200 in the end, over 36
   * months at 8 % a year: 60 a month, paid back in month 17.
   */
  @Test
  void theMoneyOfARowByHand() {
    RankedWorkload row =
        decide(HandMade.costing(HandMade.alternative(50, 40), HandMade.cost(50, 1000, 200, 30)));
    CashFlow flow = row.cashFlow().orElseThrow();
    assertEquals(1000, flow.initialUsd());
    assertEquals(60, flow.monthlyNetUsd(), 1e-9);
    assertEquals(200, flow.residualUsd());
    assertEquals(36, flow.months());
    assertEquals(OptionalInt.of(17), row.paybackMonths()); // 16 x 60 = 960, 17 x 60 = 1020
    double byHand = -1000;
    for (int month = 1; month <= 36; month++) {
      byHand += 60 / Math.pow(1.08, month / 12.0);
    }
    byHand += 200 / (1.08 * 1.08 * 1.08);
    assertEquals(byHand, row.npvUsd().orElseThrow(), 1e-6);
    assertEquals(OptionalDouble.of(40), row.savingUsd());
  }

  /** Overflow of $7 goes off the month, and agreements that take $5 more. */
  @Test
  void overflowAndAgreementsGoOffTheMonth() {
    Alternative a = HandMade.alternative(50, 28);
    Alternative b =
        new Alternative(
            a.model(),
            a.quantization(),
            a.engine(),
            a.hardware(),
            a.standing(),
            1,
            a.fleet(),
            Optional.of(HandMade.cost(50, 0, 0, 50)),
            OptionalDouble.of(7),
            -5,
            a.savingUsd(),
            Optional.empty(),
            true,
            Optional.empty(),
            "");
    assertEquals(OptionalDouble.of(62), b.totalUsd());
    assertEquals(28, decide(b).cashFlow().orElseThrow().monthlyNetUsd(), 1e-9); // 90 - 50 - 7 - 5
  }

  /** A row is as well known as the weakest figure in it: watts and host of the PC are assumed. */
  @Test
  void confidenceIsThatOfTheWeakestFigure() {
    assertEquals(Confidence.ASSUMED, decide(SAVES).confidence());
    Tape scaled = HandMade.tape("w");
    scaled.flags[7] = CallFlags.SCALED;
    assertEquals(Confidence.EXTRAPOLATED, decide(Policy.defaults(), scaled, SAVES).confidence());
    Tape madeUp = HandMade.tape("w");
    madeUp.flags[7] = CallFlags.SYNTHESISED;
    assertEquals(Confidence.SYNTHESISED, decide(Policy.defaults(), madeUp, SAVES).confidence());
    // Without an alternative only the log and the prices count: one was read, the other published.
    assertTrue(decide().confidence().compareTo(Confidence.ASSUMED) < 0);
  }

  /** Of equal cost the one with fewer replicas, then the lower cap; each name before that. */
  @Test
  void whatCostsTheSameIsOrderedByName() {
    Alternative one = HandMade.on(SAVES, Result.served(1000).on(1, 8));
    Alternative two = HandMade.on(SAVES, Result.served(1000).on(2, 4));
    Alternative wide = HandMade.on(SAVES, Result.served(1000).on(2, 6));
    assertEquals(List.of(one, two, wide), decide(wide, two, one).alternatives());
    assertEquals(List.of(SAVES, LOSES), decide(LOSES, SAVES).alternatives());
  }

  /** Must move, move with or without overflow by money, evaluate, keep, infeasible. */
  @Test
  void workloadsAreRankedByVerdictThenByMoney() {
    Alternative some =
        HandMade.on(HandMade.alternative(70, 20), Result.served(9).atApi(1, 0, ApiUse.NONE).on(1));
    RankedWorkload small = row("small", HandMade.alternative(85, 5));
    RankedWorkload overflow = row("overflow", some);
    RankedWorkload large = row("large", HandMade.alternative(50, 40));
    RankedWorkload like = row("small-too", HandMade.alternative(85, 5));
    RankedWorkload test = row("test", HandMade.unproven(HandMade.alternative(10, 80)));
    RankedWorkload keep = row("keep", LOSES);
    RankedWorkload unknown = row("a-unknown", HandMade.unpriced(SAVES));
    RankedWorkload never = row("never", HandMade.fallen(SAVES, ReasonCode.MISSES_SERVICE_LEVEL));
    RankedWorkload must =
        decide(policy("workloads: { must: { offline: true } }"), HandMade.tape("must"), LOSES);
    List<RankedWorkload> ranked =
        Decider.rank(List.of(never, unknown, keep, test, like, small, overflow, large, must));
    assertEquals(
        List.of(
            "must",
            "large",
            "overflow",
            "small",
            "small-too",
            "test",
            "keep",
            "a-unknown",
            "never"),
        ranked.stream().map(r -> r.workload().key().workload()).toList());
    for (int i = 0; i < ranked.size(); i++) {
      assertEquals(i + 1, ranked.get(i).rank());
    }
  }

  private static RankedWorkload row(String name, Alternative alternative) {
    return decide(Policy.defaults(), HandMade.tape(name), alternative);
  }
}
