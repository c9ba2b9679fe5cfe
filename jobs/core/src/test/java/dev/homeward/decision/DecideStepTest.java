package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.Tape;
import dev.homeward.calls.Tapes;
import dev.homeward.catalog.PriceBook;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.Sizing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class DecideStepTest {
  private static final String MODEL = "qwen3.5-27b";

  private static Evaluations.Evidence proven(String workload, String model) {
    return new Evaluations.Evidence(
        workload, model, "accuracy", 0.9, 0.9, 5000, -0.005, 0.005, "made up", 0.05, "");
  }

  private static Assumptions assumptions(String json) throws IOException {
    return Assumptions.defaults().with((ObjectNode) new ObjectMapper().readTree(json), "test");
  }

  private static Policy policy(String json) throws IOException {
    return Policy.defaults().with((ObjectNode) new ObjectMapper().readTree(json), "test");
  }

  /** One workload, w, that may use this box only. */
  private static Policy on(String box) throws IOException {
    return policy(
        "{\"hardware\": [\"%s\"], \"workloads\": {\"w\": {\"local-models\": [\"%s\"]}}}"
            .formatted(box, MODEL));
  }

  /** Pruning saves replays and never changes a row or the plan. */
  @Test
  void pruningNeverChangesTheAnswer() throws IOException {
    List<String> boxes =
        Desk.CATALOG.hardware().stream()
            .filter(box -> box.defaultCandidate())
            .map(box -> box.id())
            .toList();
    for (long seed = 0; seed < 6; seed++) {
      Assumptions a = assumptions("{\"most-replicas\": 4}");
      Random random = new Random(seed);
      // All models and formats on a third of the boxes, another third for each seed.
      List<String> some = new ArrayList<>(boxes);
      java.util.Collections.shuffle(some, random);
      Policy policy =
          policy("{\"hardware\": [\"%s\"]}".formatted(String.join("\", \"", some.subList(0, 6))));
      List<Evaluations.Evidence> evidence = new ArrayList<>();
      Desk desk = new Desk(a, policy);
      for (int w = 0; w < 4; w++) {
        desk.add(
            "w" + w,
            random.nextBoolean() ? "gpt-4o" : "gpt-4o-mini",
            500 + random.nextInt(3000),
            500 + random.nextInt(4000),
            100 + random.nextInt(400),
            seed * 10 + w);
        if (random.nextInt(3) > 0) {
          evidence.add(proven("w" + w, MODEL));
        }
      }
      Evaluations evaluations = new Evaluations(evidence);
      DecideStep.Decision pruned =
          new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, a, true)
              .decide(desk.cases(), desk);
      long fewer = desk.asked;
      DecideStep.Decision whole =
          new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, a, false)
              .decide(desk.cases(), desk);
      assertTrue(fewer < desk.asked - fewer, fewer + " of " + (desk.asked - fewer));
      assertEquals(whole.plan(), pruned.plan());
      DecideStep.Decision planned =
          new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, a)
              .plan(desk.cases(), desk);
      assertEquals(whole.plan(), planned.plan());
      for (int i = 0; i < whole.ranking().size(); i++) {
        RankedWorkload x = whole.ranking().get(i);
        RankedWorkload y = pruned.ranking().get(i);
        assertEquals(x.workload().key(), y.workload().key());
        assertEquals(x.verdict(), y.verdict());
        assertEquals(x.reasons(), y.reasons());
        assertEquals(x.savingUsd(), y.savingUsd());
        assertEquals(
            x.flip().map(RankedWorkload.Flip::nearest), y.flip().map(RankedWorkload.Flip::nearest));
        assertEquals(x.outlook(), y.outlook());
        assertEquals(x.moved(), y.moved());
        assertEquals(
            x.chosen().map(c -> c.hardware().id() + c.model().id()),
            y.chosen().map(c -> c.hardware().id() + c.model().id()));
      }
    }
  }

  /**
   * Where the answer flips by the grid and bisection, against a scan of replays volume by volume.
   */
  @Test
  void theFlipIsWhereAScanOfReplaysFindsIt() throws IOException {
    Assumptions a = assumptions("{\"growth-per-month\": 0}");
    Policy policy = on("rtx-pro-6000");
    Evaluations evaluations = new Evaluations(List.of(proven("w", MODEL)));
    Desk desk = new Desk(a, policy);
    WorkloadCase workload = desk.add("w", "gpt-4o", 9_000, 3000, 300, 4);
    RankedWorkload row =
        new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, a)
            .decide(desk.cases(), desk)
            .ranking()
            .get(0);
    double found = row.flip().orElseThrow().nearest().orElseThrow();
    boolean saves = row.savingUsd().orElseThrow() > 0;
    VolumeStudy study = study(workload, desk, policy, evaluations, a);
    double step = 1.01;
    double scanned = 1;
    for (double v = 1; v > 0.05 && v < 8; v = saves ? v / step : v * step) {
      study.add(v, fleets(study, desk, v));
      VolumeCurve.Point point = point(study, v);
      if (point.savingUsd() > 0 != saves) {
        scanned = v;
        break;
      }
    }
    assertEquals(scanned, found, 0.03 * scanned);
  }

  /** What a load needs between two replayed volumes, against a replay at that load. */
  @Test
  void theCurveIsNearWhatAReplayFindsBetweenItsPoints() throws IOException {
    Assumptions a = Assumptions.defaults();
    Policy policy = on("rtx-pro-6000");
    Evaluations evaluations = new Evaluations(List.of(proven("w", MODEL)));
    Desk desk = new Desk(a, policy);
    WorkloadCase workload = desk.add("w", "gpt-4o", 12_000, 2500, 300, 9);
    VolumeStudy study = study(workload, desk, policy, evaluations, a);
    for (List<Double> wanted = study.wanted(); !wanted.isEmpty(); wanted = study.wanted()) {
      for (double volume : wanted) {
        study.add(volume, fleets(study, desk, volume));
      }
    }
    VolumeCurve curve = study.curve().orElseThrow();
    double worstBusy = 0;
    int worstBoxes = 0;
    for (double volume : new double[] {0.2, 0.35, 0.7, 1.3, 1.8, 2.7, 3.5, 5.5, 7}) {
      VolumeStudy other = study(workload, desk, policy, evaluations, a);
      other.add(1.0, fleets(other, desk, 1.0));
      other.add(volume, fleets(other, desk, volume));
      VolumeCurve.Point real = point(other, volume);
      worstBusy =
          Math.max(worstBusy, Math.abs(curve.busyBoxHours(volume) / real.busyBoxHours() - 1));
      worstBoxes = Math.max(worstBoxes, Math.abs(curve.boxes(volume) - real.boxes()));
    }
    assertTrue(worstBusy < 0.1, "busy hours off by " + worstBusy);
    assertTrue(worstBoxes <= 1, "boxes off by " + worstBoxes);
  }

  private static VolumeStudy study(
      WorkloadCase workload, Desk desk, Policy policy, Evaluations evaluations, Assumptions a) {
    var candidate =
        new CandidatePlanner(Desk.CATALOG, policy, evaluations)
            .plan(workload).stream()
                .filter(c -> c.deployment().isPresent())
                .findFirst()
                .orElseThrow();
    return new VolumeStudy(
        workload,
        candidate,
        a,
        new Weigher(a, policy, evaluations, new ApiBill(desk.cases(), List.of()), Desk.PRICER));
  }

  private static List<Sizing.ReplayedFleet> fleets(VolumeStudy study, Desk desk, double volume) {
    return desk.of(List.of(ReplayRequest.of(study.workload(), study.candidate(), volume, 16)))
        .get(0);
  }

  private static VolumeCurve.Point point(VolumeStudy study, double volume) {
    return study.curve().orElseThrow().points().stream()
        .filter(p -> p.volume() == volume)
        .findFirst()
        .orElseThrow();
  }

  /**
   * A larger volume holds a smaller one's calls; whole copies come whole; nothing leaves the span.
   */
  @Test
  void scaledTapesAreNestedAndKeepToTheSpan() {
    Desk desk = new Desk(Assumptions.defaults(), Policy.defaults());
    Tape tape = desk.tape(desk.add("w", "gpt-4o", 5_000, 1000, 100, 1));
    long from = Desk.PERIOD.fromMicros();
    long to = Desk.PERIOD.toMicros();
    Tape smaller = null;
    for (double volume : new double[] {0.1, 0.5, 0.9, 1, 1.5, 2, 3.3}) {
      Tape scaled = Tapes.scaled(tape, volume, from, to);
      assertEquals(volume * tape.size, scaled.size, 0.03 * tape.size);
      for (int i = 0; i < scaled.size; i++) {
        assertTrue(scaled.startedAtMicros[i] >= from && scaled.startedAtMicros[i] < to);
        assertTrue(i == 0 || scaled.startedAtMicros[i] >= scaled.startedAtMicros[i - 1]);
      }
      if (smaller != null) {
        int at = 0;
        for (int i = 0; i < smaller.size; i++) {
          while (at < scaled.size
              && (scaled.startedAtMicros[at] != smaller.startedAtMicros[i]
                  || scaled.inputTokens[at] != smaller.inputTokens[i])) {
            at++;
          }
          assertTrue(at < scaled.size, "a call of the smaller volume is missing at " + volume);
        }
      }
      smaller = scaled;
    }
  }

  /** A call on a shared fleet is held to its own workload's level. */
  @Test
  void aSharedFleetHoldsEveryWorkloadsOwnLevel() throws IOException {
    Policy strict =
        policy(
            "{\"hardware\": [\"rtx-pro-6000\"], \"workloads\": {"
                + "\"a\": {\"local-models\": [\"qwen3-8b\"], \"ttft-p95-ms\": 1},"
                + "\"b\": {\"local-models\": [\"qwen3-8b\"]}}}");
    Desk desk = new Desk(Assumptions.defaults(), strict);
    WorkloadCase a = desk.add("a", "gpt-4o", 20, 500, 50, 1);
    WorkloadCase b = desk.add("b", "gpt-4o", 5_000, 500, 50, 2);
    var candidate =
        new CandidatePlanner(Desk.CATALOG, strict, Evaluations.none())
            .plan(b).stream().filter(c -> c.deployment().isPresent()).findFirst().orElseThrow();
    var alone = desk.of(List.of(ReplayRequest.of(b, candidate, 1, 16))).get(0);
    assertTrue(alone.get(0).result().meetsServiceLevel());
    // 20 calls of 5,020 could all be late without moving the 95th percentile of all.
    var shared =
        desk.of(
                List.of(
                    new ReplayRequest(List.of(a, b), candidate.deployment().orElseThrow(), 1, 16)))
            .get(0);
    assertTrue(shared.stream().noneMatch(f -> f.result().meetsServiceLevel()));
  }

  @Test
  void agreementsTakeFromTheSavingWhatTheyGave() throws IOException {
    Policy policy = on("rtx-pro-6000");
    Evaluations evaluations = new Evaluations(List.of(proven("w", MODEL)));
    Assumptions none = Assumptions.defaults();
    Assumptions tenPercent =
        assumptions(
            "{\"api-agreements\": [{\"provider\": \"openai\", \"tiers\": [{\"from-monthly-usd\": 0, \"percent-off\": 10}]}]}");
    double[] savings = new double[2];
    double forecast = 0;
    double stays = 0;
    int i = 0;
    for (Assumptions a : List.of(none, tenPercent)) {
      Desk desk = new Desk(a, policy);
      desk.add("w", "gpt-4o", 9_000, 3000, 300, 4);
      RankedWorkload row =
          new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, a)
              .decide(desk.cases(), desk)
              .ranking()
              .get(0);
      savings[i++] = row.savingUsd().orElseThrow();
      forecast = row.workload().apiForecastUsd().orElseThrow();
      stays = 0.01 * forecast;
    }
    // A tenth off everything: what leaves saves a tenth less. One call in a hundred stays.
    assertEquals(savings[0] - 0.1 * (forecast - stays), savings[1], 1e-6);
  }

  @Test
  void aPlanKeepsToItsBudget() throws IOException {
    Evaluations evaluations = new Evaluations(List.of(proven("w", MODEL)));
    String workload = "\"workloads\": {\"w\": {\"local-models\": [\"" + MODEL + "\"]}}";
    for (String limit : List.of("", ", \"portfolio\": {\"budget-usd\": 1000}")) {
      Policy policy = policy("{\"hardware\": [\"rtx-pro-6000\"]," + workload + limit + "}");
      Desk desk = new Desk(Assumptions.defaults(), policy);
      desk.add("w", "gpt-4o", 80_000, 3000, 300, 4);
      DecideStep.Decision decision =
          new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, Assumptions.defaults())
              .decide(desk.cases(), desk);
      Optional<RankedWorkload.Moved> moved = decision.ranking().get(0).moved();
      assertEquals(limit.isEmpty(), moved.isPresent());
      assertEquals(
          limit.isEmpty() ? Verdict.MOVE : Verdict.KEEP_API, decision.ranking().get(0).verdict());
    }
  }

  /** Local-only data: nothing overflows or falls back, alone or on a shared fleet; spot is out. */
  @Test
  void localOnlyDataNeverLeaves() throws IOException {
    Policy policy =
        policy(
            "{\"data-classes\": [{\"name\": \"internal\", \"place\": \"api-allowed\"},"
                + "{\"name\": \"phi\", \"place\": \"local-only\"}],"
                + "\"hardware\": [\"rtx-pro-6000\", \"a10g-spot-nights\"], \"workloads\": {"
                + "\"open\": {\"local-models\": [\"qwen3-8b\"]}, \"closed\": {\"local-models\": [\"qwen3-8b\"]}}}");
    Evaluations evaluations =
        new Evaluations(List.of(proven("open", "qwen3-8b"), proven("closed", "qwen3-8b")));
    Desk desk = new Desk(Assumptions.defaults(), policy);
    desk.add("open", "gpt-4o", 60_000, 4000, 300, 1);
    Tape closed =
        Desk.tape(
            new dev.homeward.calls.WorkloadKey("closed", "gpt-4o", "phi"),
            desk.tape(desk.cases().get(0)).startedAtMicros);
    java.util.Arrays.fill(closed.inputTokens, 3000);
    java.util.Arrays.fill(closed.outputTokens, 200);
    desk.add(closed);
    List<ReplayRequest> asked = new ArrayList<>();
    DecideStep.Decision decision =
        new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, Assumptions.defaults())
            .decide(
                desk.cases(),
                requests -> {
                  asked.addAll(requests);
                  return desk.of(requests);
                });
    RankedWorkload row =
        decision.ranking().stream()
            .filter(r -> r.workload().key().workload().equals("closed"))
            .findFirst()
            .orElseThrow();
    assertEquals(Verdict.MUST_MOVE, row.verdict());
    Alternative chosen = row.chosen().orElseThrow();
    assertEquals("rtx-pro-6000", chosen.hardware().id());
    assertEquals(0, chosen.fleet().orElseThrow().result().overflowCalls());
    assertTrue(
        chosen.cost().orElseThrow().lines().stream().noneMatch(l -> l.name().contains("API")));
    assertTrue(row.moved().isPresent());
    assertTrue(
        asked.stream()
            .filter(r -> r.workloads().stream().anyMatch(WorkloadCase::mustBeLocal))
            .noneMatch(ReplayRequest::overflowAllowed));
    assertTrue(
        row.alternatives().stream()
            .filter(a -> a.hardware().id().equals("a10g-spot-nights"))
            .noneMatch(Alternative::isViable));
  }

  /**
   * Overflow of calls that no price list knows is not free: what it costs, and what is saved, is
   * not known, and nothing moves because of it.
   */
  @Test
  void overflowWithoutAPriceIsUnknown() throws IOException {
    Policy policy = on("rtx-pro-6000");
    Evaluations evaluations = new Evaluations(List.of(proven("w", MODEL)));
    Assumptions a = assumptions("{\"growth-per-month\": 0}");
    Desk desk = new Desk(a, policy);
    Tape like = desk.tape(desk.add("like", "gpt-4o", 80_000, 3000, 300, 4));
    Tape tape =
        Desk.tape(
            new dev.homeward.calls.WorkloadKey("w", "gpt-4o", "internal"), like.startedAtMicros);
    System.arraycopy(like.inputTokens, 0, tape.inputTokens, 0, tape.size);
    System.arraycopy(like.outputTokens, 0, tape.outputTokens, 0, tape.size);
    // One call in two thousand is longer than the model's context: it can only go to the API.
    for (int i = 0; i < tape.size; i += 2000) {
      tape.inputTokens[i] = 900_000;
    }
    desk.cases().clear();
    desk.add(tape);
    RankedWorkload priced = decide(desk, Desk.PRICER, policy, evaluations, a);
    assertEquals(Verdict.MOVE_WITH_OVERFLOW, priced.verdict());
    assertTrue(priced.chosen().orElseThrow().overflowUsd().orElseThrow() > 0);
    // The same review, weighed by a price list that does not know the model any more.
    Pricer without =
        new Pricer(
            PriceBook.parse(
                List.of(
                    """
                    {"prices": [{"model": "gpt-4o", "from": "2024-01-01", "input": 2500000,
                     "source": {"kind": "assumed", "reference": "test", "date": "2026-01-01"}}]}""")),
            Optional.empty());
    RankedWorkload unpriced = decide(desk, without, policy, evaluations, a);
    assertEquals(Verdict.KEEP_API, unpriced.verdict());
    assertTrue(unpriced.reasons().contains(ReasonCode.UNPRICED_OVERFLOW));
    Alternative chosen = unpriced.chosen().orElseThrow();
    assertEquals(40, chosen.fleet().orElseThrow().result().tooLongCalls());
    assertTrue(chosen.overflowUsd().isEmpty());
    assertTrue(chosen.savingUsd().isEmpty());
    assertTrue(unpriced.savingUsd().isEmpty());
    assertTrue(unpriced.moved().isEmpty());
  }

  private static RankedWorkload decide(
      Desk desk, Pricer pricer, Policy policy, Evaluations evaluations, Assumptions a) {
    return new DecideStep(Desk.CATALOG, pricer, policy, evaluations, a)
        .decide(desk.cases(), desk)
        .ranking()
        .get(0);
  }

  /** The steps of a plan add up to what it saves, and to the marginal savings. */
  @Test
  void thePlanAddsUp() throws IOException {
    List<Evaluations.Evidence> evidence = new ArrayList<>();
    Desk desk = new Desk(Assumptions.defaults(), Policy.defaults());
    for (int w = 0; w < 9; w++) {
      desk.add("w" + w, "gpt-4o", 6_000 * (w + 1), 2500, 300, w);
      evidence.add(proven("w" + w, MODEL));
    }
    DecideStep.Decision decision =
        new DecideStep(
                Desk.CATALOG,
                Desk.PRICER,
                Policy.defaults(),
                new Evaluations(evidence),
                Assumptions.defaults())
            .decide(desk.cases(), desk);
    Plan plan = decision.plan();
    double marginal =
        plan.moved().values().stream().mapToDouble(RankedWorkload.Moved::marginalSavingUsd).sum();
    double steps = plan.steps().stream().mapToDouble(Plan.Step::monthlySavingUsd).sum();
    assertEquals(plan.savingUsd(), marginal, 1e-6);
    assertEquals(plan.savingUsd(), steps, 1e-6);
    assertEquals(
        plan.savingUsd(), plan.steps().get(plan.steps().size() - 1).cumulativeSavingUsd(), 1e-6);
    double capex = plan.steps().stream().mapToDouble(Plan.Step::capexUsd).sum();
    assertEquals(plan.initialUsd(), capex, 1e-6);
    double best =
        decision.ranking().stream().mapToDouble(r -> r.savingUsd().orElse(0)).max().orElseThrow();
    assertTrue(plan.savingUsd() >= best, plan.savingUsd() + " and " + best);
  }
}
