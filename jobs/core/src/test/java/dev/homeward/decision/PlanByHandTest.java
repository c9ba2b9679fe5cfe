package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.Catalog;
import dev.homeward.config.Documents;
import dev.homeward.decision.HandMade.Result;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.Outlook;
import dev.homeward.economics.Spread;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.Policy;
import dev.homeward.replay.Sizing.ReplayedFleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plans on replays whose numbers are given. A box takes the same watts idle and busy: $90 of price,
 * $44.64 of power, $10 of space. A fleet: 8 h x $10 / 20 of set-up, 2 h of upkeep and 1 h of
 * incidents at $10: $34. A workload: 4 h x $10 / 20 and half an hour at $10: $7, and one part in a
 * hundred of what it pays the API.
 */
final class PlanByHandTest {
  private static final double BOX = 144.64;
  private static final double FLEET = 34;
  private static final double WORKLOAD = 7;

  @TempDir Path folder;

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }

  /** Replicas by the names of the workloads on a fleet. */
  private static Function<Set<String>, List<ReplayedFleet>> replicas(Map<Set<String>, Integer> by) {
    return names -> List.of(Result.served(1000).busy(10, 0.5).on(by.getOrDefault(names, 1)));
  }

  private static Function<Set<String>, List<ReplayedFleet>> one() {
    return replicas(Map.of());
  }

  /** A workload of 1,000 calls and so many dollars a month: 10 dollars are 1,000 tokens a call. */
  private static Tape tape(String name, int usd) {
    Tape tape = HandMade.tape(name);
    Arrays.fill(tape.inputTokens, 0);
    Arrays.fill(tape.outputTokens, usd * 100);
    return tape;
  }

  private DecideStep.Decision decide(
      String policy,
      String assumptions,
      Map<String, Integer> usd,
      Function<Set<String>, List<ReplayedFleet>> found)
      throws IOException {
    Catalog catalog =
        Catalog.with(
            List.of(
                Files.writeString(
                    folder.resolve("boxes.yaml"),
                    """
                    hardware:
                      - { id: flat, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 200, busy-watts: 200,
                          load-gb-per-s: 5, acquisition: { mode: bought, price-usd: 2400 },
                          source: { kind: assumed, reference: test, date: "2026" } }
                      - { id: rented, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 200, busy-watts: 200,
                          load-gb-per-s: 5, acquisition: { mode: reserved, monthly-usd: 200, includes-power: true },
                          source: { kind: assumed, reference: test, date: "2026" } }
                    """)));
    Assumptions a =
        WeigherTest.byHand("")
            .with(yaml("engineer-usd-per-hour: 10\nsamples: 64\n"), "test")
            .with(yaml(assumptions.isEmpty() ? "{}" : assumptions), "test");
    Policy of = Policy.defaults().with(yaml("hardware: [flat]"), "test").with(yaml(policy), "test");
    Desk desk = new Desk(a, of);
    List<Evidence> evidence = new ArrayList<>();
    for (Map.Entry<String, Integer> w : new TreeMap<>(usd).entrySet()) {
      desk.add(tape(w.getKey(), w.getValue()));
      if (!w.getKey().startsWith("untested")) {
        evidence.add(
            new Evidence(
                w.getKey(), HandMade.MODEL, "f1", 0.9, 0.9, 5000, -0.005, 0.005, "", 0.05, ""));
      }
    }
    Replays replays =
        requests ->
            requests.stream()
                .map(
                    r -> {
                      Set<String> names = new TreeSet<>();
                      r.workloads().forEach(w -> names.add(w.key().workload()));
                      return found.apply(names);
                    })
                .toList();
    Policy named = of.with(models(usd.keySet()), "test");
    List<WorkloadCase> cases = new ArrayList<>();
    for (WorkloadCase w : desk.cases()) {
      cases.add(WorkloadCase.of(w.profile(), w.spend(), w.period(), named, w.hosted(), a));
    }
    return new DecideStep(catalog, desk.pricer(), named, new Evaluations(evidence), a)
        .decide(cases, replays);
  }

  private static ObjectNode models(Set<String> names) {
    StringBuilder text = new StringBuilder("workloads: {");
    names.forEach(n -> text.append(" ").append(n).append(": { local-models: [qwen3-8b] },"));
    return yaml(text + " }");
  }

  private static RankedWorkload row(DecideStep.Decision decision, String name) {
    return decision.ranking().stream()
        .filter(r -> r.workload().key().workload().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String steps(Plan plan) {
    StringBuilder text = new StringBuilder();
    for (Plan.Step step : plan.steps()) {
      text.append(step.number()).append(' ').append(step.action()).append(' ');
      text.append(
          step.workload().map(k -> k.workload()).orElse(step.count() + " " + step.hardware()));
      text.append(step.note().isEmpty() ? "" : " (" + step.note() + ")").append('\n');
    }
    return text.toString();
  }

  /** What a workload saves once its box and fleet are there. */
  private static double alone(double usd) {
    return 0.99 * usd - WORKLOAD;
  }

  /**
   * Two share a box. In the steps the larger moves first and bears the box and the fleet; the rows
   * share what is saved as they pay the API: three quarters and one.
   */
  @Test
  void twoShareABox() throws IOException {
    DecideStep.Decision decision = decide("{}", "", Map.of("a", 300, "b", 900), one());
    Plan plan = decision.plan();
    assertEquals("1 BUY 1 flat\n2 MOVE b\n3 MOVE a\n", steps(plan));
    double all = alone(300) + alone(900) - FLEET - BOX;
    assertEquals(all, plan.savingUsd(), 1e-6);
    assertEquals(2400, plan.initialUsd(), 1e-9);
    List<Plan.Step> steps = plan.steps();
    assertEquals(2400, steps.get(0).capexUsd(), 1e-9);
    assertEquals(BOX, steps.get(0).monthlyCostUsd(), 1e-9);
    assertEquals(-BOX, steps.get(0).monthlySavingUsd(), 1e-9);
    assertEquals(-BOX, steps.get(0).cumulativeSavingUsd(), 1e-9);
    // The move adds its own cost: 7 + 9 at the API + 34; its purchase is in the step before.
    assertEquals(WORKLOAD + 9 + FLEET, steps.get(1).monthlyCostUsd(), 1e-6);
    assertEquals(alone(900) - FLEET, steps.get(1).monthlySavingUsd(), 1e-6);
    assertEquals(alone(900) - FLEET - BOX, steps.get(1).cumulativeSavingUsd(), 1e-6);
    assertEquals(WORKLOAD + 3, steps.get(2).monthlyCostUsd(), 1e-6);
    assertEquals(alone(300), steps.get(2).monthlySavingUsd(), 1e-6);
    assertEquals(all, steps.get(2).cumulativeSavingUsd(), 1e-6);
    assertEquals(1, row(decision, "b").moved().orElseThrow().order());
    assertEquals(2, row(decision, "a").moved().orElseThrow().order());
    // 1,188 - 14 - 34 - 144.64 = 995.36.
    assertEquals(746.52, row(decision, "b").moved().orElseThrow().marginalSavingUsd(), 1e-6);
    assertEquals(248.84, row(decision, "a").moved().orElseThrow().marginalSavingUsd(), 1e-6);
    assertTrue(!plan.estimated());
  }

  /**
   * Hours for all fleets, 4 a month and 40 once: 4 x $10 + 40 x $10 / 20 = $60. The plan pays them
   * once, in a step of their own that the first workload bears; no workload alone pays them.
   */
  @Test
  void whatAllFleetsShareIsPaidOnce() throws IOException {
    String shared = "upkeep-hours-shared-month: 4\nsetup-hours-shared: 40\n";
    DecideStep.Decision decision = decide("{}", shared, Map.of("a", 300, "b", 900), one());
    Plan plan = decision.plan();
    assertEquals(
        "1 SHARE 0  (hours for all fleets together)\n2 BUY 1 flat\n3 MOVE b\n4 MOVE a\n",
        steps(plan));
    double all = alone(300) + alone(900) - FLEET - BOX - 60;
    assertEquals(all, plan.savingUsd(), 1e-6);
    assertEquals(2400, plan.initialUsd(), 1e-9);
    double cumulative = 0;
    for (Plan.Step step : plan.steps()) {
      cumulative += step.monthlySavingUsd();
      assertEquals(cumulative, step.cumulativeSavingUsd(), 1e-6, "step " + step.number());
    }
    assertEquals(60, plan.steps().get(0).monthlyCostUsd(), 1e-9);
    assertEquals(alone(900) - FLEET - BOX, row(decision, "b").savingUsd().orElseThrow(), 1e-6);
    assertEquals(alone(300) - FLEET - BOX, row(decision, "a").savingUsd().orElseThrow(), 1e-6);
    // The rows share it as they share the rest: three quarters and one of 995.36 - 60.
    assertEquals(701.52, row(decision, "b").moved().orElseThrow().marginalSavingUsd(), 1e-6);
    assertEquals(233.84, row(decision, "a").moved().orElseThrow().marginalSavingUsd(), 1e-6);
  }

  /** A workload that would save $11.37 alone does not bring $60 of hours for all fleets. */
  @Test
  void whatDoesNotPayForTheSharedHoursStays() throws IOException {
    String shared = CERTAIN + "upkeep-hours-shared-month: 4\nsetup-hours-shared: 40\n";
    DecideStep.Decision decision = decide("{}", shared, Map.of("a", 199), one());
    RankedWorkload row = row(decision, "a");
    assertEquals(0.99 * 199 - WORKLOAD - FLEET - BOX, row.savingUsd().orElseThrow(), 1e-6);
    assertTrue(row.savingUsd().orElseThrow() > 11 && row.savingUsd().orElseThrow() < 12);
    assertEquals(Verdict.KEEP_API, row.verdict());
    assertEquals(ReasonCode.SHARED_HOURS, row.reasons().get(0));
    assertTrue(!row.reasons().contains(ReasonCode.SAVES));
    assertEquals(0, decision.plan().savingUsd());
    assertEquals("", steps(decision.plan()));
    // Beside one that must move, the hours are there anyway.
    DecideStep.Decision must =
        decide("workloads: { m: { offline: true } }", shared, Map.of("a", 199, "m", 10), one());
    assertTrue(row(must, "a").moved().isPresent());
    assertEquals(Verdict.MOVE, row(must, "a").verdict());
  }

  /** Together they need two boxes: the second is bought when the second workload comes. */
  @Test
  void theSecondBoxComesWithTheSecondWorkload() throws IOException {
    Plan plan =
        decide("{}", "", Map.of("a", 300, "b", 900), replicas(Map.of(Set.of("a", "b"), 2))).plan();
    assertEquals("1 BUY 1 flat\n2 MOVE b\n3 BUY 1 flat\n4 MOVE a\n", steps(plan));
    assertEquals(alone(300) + alone(900) - FLEET - 2 * BOX, plan.savingUsd(), 1e-6);
    assertEquals(4800, plan.initialUsd(), 1e-9);
    // Where it needs three, it is better left at the API.
    DecideStep.Decision three =
        decide("{}", "", Map.of("a", 200, "b", 900), replicas(Map.of(Set.of("a", "b"), 3)));
    assertEquals("1 BUY 1 flat\n2 MOVE b\n", steps(three.plan()));
    assertEquals(alone(900) - FLEET - BOX, three.plan().savingUsd(), 1e-6);
  }

  /** It would not pay for a box, but it rides on one. */
  @Test
  void whatDoesNotSaveAloneMaySaveInThePlan() throws IOException {
    DecideStep.Decision decision = decide("{}", "", Map.of("a", 100, "b", 900), one());
    RankedWorkload small = row(decision, "a");
    assertEquals(alone(100) - FLEET - BOX, small.savingUsd().orElseThrow(), 1e-6);
    assertEquals(Verdict.MOVE, small.verdict());
    assertEquals(ReasonCode.SAVES_IN_PLAN, small.reasons().get(0));
    assertTrue(!small.reasons().contains(ReasonCode.NO_SAVING));
    // A tenth of 990 - 14 - 34 - 144.64.
    assertEquals(79.736, small.moved().orElseThrow().marginalSavingUsd(), 1e-6);
    // Seven dollars a month cost as much as they save.
    DecideStep.Decision none = decide("{}", "", Map.of("a", 7, "b", 900), one());
    assertEquals(Verdict.KEEP_API, row(none, "a").verdict());
    assertTrue(row(none, "a").moved().isEmpty());
  }

  @Test
  void aBudgetToTheDollar() throws IOException {
    Map<Set<String>, Integer> two = Map.of(Set.of("a", "b"), 2);
    Map<String, Integer> usd = Map.of("a", 300, "b", 900);
    for (Object[] row :
        new Object[][] {
          {"budget-usd: 4800", 2, 2},
          {"budget-usd: 4799", 1, 1},
          {"budget-usd: 2400", 1, 1},
          {"budget-usd: 2399", 0, 0},
          {"most-boxes: 2", 2, 2},
          {"most-boxes: 1", 1, 1},
          {"most-boxes: 0", 0, 0}
        }) {
      DecideStep.Decision decision =
          decide("portfolio: { " + row[0] + " }", "", usd, replicas(two));
      assertEquals(row[1], decision.plan().moved().size(), (String) row[0]);
      assertEquals((int) row[2] * 2400, decision.plan().initialUsd(), 1e-9, (String) row[0]);
      // The one that saves more is kept, and the other is told why.
      if ((int) row[1] == 1) {
        assertTrue(row(decision, "b").moved().isPresent());
        assertEquals(Verdict.KEEP_API, row(decision, "a").verdict());
        assertEquals(ReasonCode.NOT_IN_PLAN, row(decision, "a").reasons().get(0));
        assertTrue(!row(decision, "a").reasons().contains(ReasonCode.SAVES));
      }
    }
  }

  /** A box that is there already costs its power and its space, and the next is bought. */
  @Test
  void boxesThatAreThereAreUsedFirst() throws IOException {
    Plan plan =
        decide(
                "portfolio: { owned: { flat: 1 } }",
                "",
                Map.of("a", 300, "b", 900),
                replicas(Map.of(Set.of("a", "b"), 2)))
            .plan();
    assertEquals("1 USE 1 flat\n2 MOVE b\n3 BUY 1 flat\n4 MOVE a\n", steps(plan));
    assertEquals(0, plan.steps().get(0).capexUsd());
    assertEquals(54.64, plan.steps().get(0).monthlyCostUsd(), 1e-9);
    assertEquals(2400, plan.steps().get(2).capexUsd(), 1e-9);
    assertEquals(2400, plan.initialUsd(), 1e-9);
    assertEquals(alone(300) + alone(900) - FLEET - 54.64 - BOX, plan.savingUsd(), 1e-6);
  }

  /** One spare for all boxes of a kind; nothing goes to the API. */
  @Test
  void aSpareForThePlan() throws IOException {
    Plan plan =
        decide(
                "{}",
                "redundancy: n-plus-1",
                Map.of("a", 300, "b", 900),
                replicas(Map.of(Set.of("a", "b"), 2)))
            .plan();
    assertEquals(
        "1 BUY 2 flat (one of them is the spare)\n2 MOVE b\n3 BUY 1 flat\n4 MOVE a\n", steps(plan));
    assertEquals(1200 - 2 * WORKLOAD - FLEET - 3 * BOX, plan.savingUsd(), 1e-6);
    assertEquals(7200, plan.initialUsd(), 1e-9);
  }

  /** What must be local comes first, though it pays less; a rented box takes no capital. */
  @Test
  void whatMustMoveComesFirst() throws IOException {
    DecideStep.Decision decision =
        decide(
            "{ hardware: [rented], workloads: { a: { offline: true } } }",
            "",
            Map.of("a", 20, "b", 900),
            one());
    assertEquals(Verdict.MUST_MOVE, row(decision, "a").verdict());
    assertEquals("a", decision.ranking().get(0).workload().key().workload());
    Plan plan = decision.plan();
    assertEquals("1 RENT 1 rented\n2 MOVE a (must move)\n3 MOVE b\n", steps(plan));
    assertEquals(0, plan.initialUsd());
    // What must be local has no API to fall back on: 20 - 7; the other pays it $9.
    assertEquals(20 - WORKLOAD + alone(900) - FLEET - 200, plan.savingUsd(), 1e-6);
    assertTrue(plan.steps().get(1).cumulativeSavingUsd() < 0);
  }

  /** Nobody has tested it: it is no part of a plan, unless it must be local. */
  @Test
  void whatIsNotProvenIsNotPlanned() throws IOException {
    DecideStep.Decision decision = decide("{}", "", Map.of("untested", 900), one());
    assertEquals(Verdict.EVALUATE_FIRST, row(decision, "untested").verdict());
    assertEquals(Plan.EMPTY, decision.plan());
    DecideStep.Decision must =
        decide("workloads: { untested: { offline: true } }", "", Map.of("untested", 900), one());
    assertEquals("1 BUY 1 flat\n2 MOVE untested (must move)\n", steps(must.plan()));
  }

  /** One box and ten calls at the API are cheaper than two boxes, where calls may leave. */
  @Test
  void overflowOrABoxMore() throws IOException {
    Function<Set<String>, List<ReplayedFleet>> both =
        names ->
            List.of(
                Result.served(990).busy(10, 0.5).atApi(10, 0, WeigherTest.tenCalls()).on(1),
                Result.served(1000).busy(10, 0.5).on(2));
    DecideStep.Decision open = decide("{}", "", Map.of("b", 900), both);
    assertEquals(Verdict.MOVE_WITH_OVERFLOW, row(open, "b").verdict());
    assertEquals(alone(900) - FLEET - BOX - 0.9, open.plan().savingUsd(), 1e-6);
    DecideStep.Decision closed =
        decide("workloads: { b: { offline: true } }", "", Map.of("b", 900), both);
    assertEquals(Verdict.MUST_MOVE, row(closed, "b").verdict());
    assertEquals("1 BUY 2 flat\n2 MOVE b (must move)\n", steps(closed.plan()));
    assertEquals(900 - WORKLOAD - FLEET - 2 * BOX, closed.plan().savingUsd(), 1e-6);
  }

  /** No fleet holds the level, or none serves a call: nothing is planned. */
  @Test
  void whatFailsIsNotPlanned() throws IOException {
    for (Result result :
        List.of(Result.served(1000).tooSlow(), Result.served(0).atApi(0, 1000, ApiUse.NONE))) {
      DecideStep.Decision decision =
          decide("{}", "", Map.of("b", 900), names -> List.of(result.on(1)));
      assertEquals(Verdict.INFEASIBLE, row(decision, "b").verdict());
      assertEquals(Plan.EMPTY, decision.plan());
    }
  }

  /**
   * Ten per cent off from $1,000 a month on. Today $1,200 are billed at $1,080. Both leave but for
   * one part in a hundred: $12 at list prices.
   */
  @Test
  void anAgreementIsLostAsVolumeLeaves() throws IOException {
    DecideStep.Decision decision =
        decide(
            "{}",
            "api-agreements: [{ provider: openai, tiers: [{ from-monthly-usd: 1000, percent-off: 10 }] }]",
            Map.of("a", 300, "b", 900),
            one());
    assertEquals(1080 - 12 - 2 * WORKLOAD - FLEET - BOX, decision.plan().savingUsd(), 1e-6);
    // Alone a's leaving costs b its discount: 1080 - (1200 - 297) = 177 are saved for 297.
    assertEquals(177 - WORKLOAD - FLEET - BOX, row(decision, "a").savingUsd().orElseThrow(), 1e-6);
  }

  private static final String CERTAIN =
      "growth-per-month: 0\napi-price-change-per-year: 0\npeople-factor: 1\ntariff-factor: 1\n"
          + "token-factor: 1\n";

  /**
   * Where nothing is uncertain every future is the plan. $2,400 for the box and 8 + 2 x 4 hours at
   * $10 are paid at the start; each month brings the saving and the annuities of both, 2,560 / 20;
   * a quarter of the price comes back.
   */
  @Test
  void aCertainFutureIsThePlan() throws IOException {
    Plan plan = decide("{}", CERTAIN, Map.of("a", 300, "b", 900), one()).plan();
    Plan.Futures futures = plan.futures().orElseThrow();
    // Step times alone are uncertain, and one box is enough at all of them.
    assertEquals(995.36, futures.outlook().p10Usd(), 1e-6);
    assertEquals(995.36, futures.outlook().p90Usd(), 1e-6);
    assertEquals(1, futures.outlook().probabilitySaves());
    // The annuity of the box is (2,400 - 600) / 20; that of the hours 160 / 20.
    double month = 995.36 + 90 + 8;
    assertEquals(-2560, futures.cash().get(0).p50Usd(), 1e-6);
    assertEquals(-2560 + 20 * month, futures.cash().get(12).p50Usd(), 1e-6);
    assertEquals(20, futures.cash().get(12).month(), 1e-9);
    // Without interest: all months, and the residual.
    assertEquals(-2560 + 20 * month + 600, futures.npvP50Usd(), 1e-6);
    assertEquals((int) Math.ceil(2560 / month), futures.paybackMonths().orElseThrow());
    // Each workload has its part of the saving, and each step what it adds.
    Plan.Step b = plan.steps().get(1);
    assertEquals(alone(900) - FLEET - BOX, b.outlook().orElseThrow().p50Usd(), 1e-6);
    assertEquals(alone(300), plan.steps().get(2).outlook().orElseThrow().p50Usd(), 1e-6);
  }

  /** A box of one's own is not paid again; a second fleet on the same kind of box costs its own. */
  @Test
  void boxesThatAreThereAreNotPaidInAnyFuture() throws IOException {
    Plan plan =
        decide("portfolio: { owned: { flat: 1 } }", CERTAIN, Map.of("a", 300, "b", 900), one())
            .plan();
    assertEquals(plan.savingUsd(), plan.futures().orElseThrow().outlook().p50Usd(), 1e-6);
  }

  /**
   * What the future brings is drawn from the same distributions, and its money added up here, month
   * by month: the band of eight futures in ten holds it eight times in ten.
   */
  @Test
  @Tag("slow")
  void theBandOfThePlanHoldsTheTruthAsOftenAsItSays() throws IOException {
    Random random = new Random(23);
    int trials = 0;
    int held = 0;
    int saved = 0;
    double promised = 0;
    for (int world = 0; world < 20; world++) {
      Map<String, Integer> usd =
          Map.of("a", 60 + random.nextInt(60), "b", 80 + random.nextInt(100), "c", 90);
      DecideStep.Decision decision = decide("{}", "samples: 1024", usd, one());
      if (decision.plan().moved().size() != 3) {
        continue;
      }
      Outlook outlook = decision.plan().futures().orElseThrow().outlook();
      for (int trial = 0; trial < 25; trial++) {
        double truth = truth(decision, usd, random);
        trials++;
        held += truth >= outlook.p10Usd() && truth <= outlook.p90Usd() ? 1 : 0;
        saved += truth > 0 ? 1 : 0;
        promised += outlook.probabilitySaves();
      }
    }
    assertTrue(trials >= 400, "trials " + trials);
    assertTrue(held >= 0.75 * trials && held <= 0.85 * trials, held + " of " + trials);
    assertEquals(promised / trials, (double) saved / trials, 0.05);
  }

  // The mean of 20 months' savings in one future: each workload grows in its own way, growth halves
  // each year, API prices fall, people and electricity cost more or less. One box carries all.
  private static double truth(
      DecideStep.Decision decision, Map<String, Integer> usd, Random random) {
    Map<String, Double> growth = new TreeMap<>();
    for (String name : usd.keySet()) {
      double z = random.nextGaussian();
      growth.put(name, row(decision, name).growth().orElseThrow().perMonth().at(z));
    }
    double price = new Spread(-0.4, -0.1, 0).at(random.nextGaussian());
    double people = new Spread(0.7, 1, 2).at(random.nextGaussian());
    double tariff = new Spread(0.85, 1, 1.3).at(random.nextGaussian());
    double sum = 0;
    int steps = 2000;
    for (int i = 0; i < steps; i++) {
      double month = (i + 0.5) * 20 / steps;
      double api = 0;
      for (Map.Entry<String, Integer> w : usd.entrySet()) {
        double perMonth = Math.max(-Math.log(1.1), Math.min(Math.log(1.1), growth.get(w.getKey())));
        double halving = Math.log(2) / 12;
        api += w.getValue() * Math.exp(perMonth * (1 - Math.exp(-halving * month)) / halving);
      }
      api *= Math.pow(1 + Math.max(-0.95, price), month / 12);
      sum +=
          0.99 * api
              - (90 + 10 + 44.64 * Math.max(0, tariff))
              - Math.max(0, people) * (FLEET + usd.size() * WORKLOAD);
    }
    return sum / steps;
  }
}
