package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.Catalog;
import dev.homeward.config.Documents;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.decision.HandMade.Result;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetUse;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Money on replays whose numbers are given, against arithmetic done by hand. */
final class WeigherTest {
  /** Each box of the first carries two replicas. */
  private static final String BOXES =
      """
      hardware:
        - { id: two, name: box, accelerator: rtx-pro-6000, count: 2, idle-watts: 200, busy-watts: 1000, load-gb-per-s: 5,
            acquisition: { mode: bought, price-usd: 2400 }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: spot, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 200, busy-watts: 1000, load-gb-per-s: 5,
            acquisition: { mode: spot, hourly-usd: 0.5, includes-power: true }, source: { kind: assumed, reference: test, date: "2026" } }
      """;

  private static final double HOURS = 744;

  @TempDir Path folder;
  private Catalog catalog;

  @BeforeEach
  void readBoxes() throws IOException {
    catalog = Catalog.with(List.of(Files.writeString(folder.resolve("boxes.yaml"), BOXES)));
  }

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }

  static Assumptions byHand(String more) {
    return Assumptions.defaults()
        .with(
            yaml(
                """
                horizon-months: 20
                discount-rate-per-year: 0
                residual-share: 0.25
                pue: 1.5
                electricity-usd-per-kwh: 0.2
                space-usd-per-box-month: 10
                engineer-usd-per-hour: 90
                setup-hours-per-fleet: 8
                setup-hours-per-workload: 4
                upkeep-hours-per-fleet-month: 2
                upkeep-hours-per-workload-month: 0.5
                incident-hours-per-fleet-month: 1
                incident-hours-per-box-month: 0
                setup-hours-shared: 0
                upkeep-hours-shared-month: 0
                local-availability: 0.99
                """),
            "test")
        .with(yaml(more.isEmpty() ? "{}" : more), "test");
  }

  private static Policy policy(String box, String more) {
    return Policy.defaults()
        .with(
            yaml(
                "hardware: [%s]\nworkloads: { w: { local-models: [%s]%s } }"
                    .formatted(box, HandMade.MODEL, more)),
            "test");
  }

  /** A workload on a box under assumptions. */
  private final class Bench {
    final WorkloadCase workload;
    final Candidate candidate;
    final Weigher weigher;

    Bench(Assumptions a, Policy policy, Tape tape, ReviewPeriod period, Evaluations evaluations) {
      Desk desk = new Desk(a, policy);
      WorkloadCase whole = desk.add(tape);
      workload = WorkloadCase.of(whole.profile(), whole.spend(), period, policy, whole.hosted(), a);
      candidate = new CandidatePlanner(catalog, policy, Evaluations.none()).plan(workload).get(0);
      weigher =
          new Weigher(
              a,
              policy,
              evaluations,
              new ApiBill(List.of(workload), a.api().apiAgreements()),
              desk.pricer());
    }

    Alternative weigh(Result result, int replicas) {
      return weigher.weigh(workload, candidate, result.on(replicas));
    }

    FleetUse use(Result result, int replicas) {
      return weigher.use(workload, candidate.deployment().orElseThrow(), result.on(replicas), 1);
    }
  }

  private Bench bench(String box, String assumptions, String workloadKeys) {
    return new Bench(
        byHand(assumptions),
        policy(box, workloadKeys),
        HandMade.tape("w"),
        Desk.PERIOD,
        Evaluations.none());
  }

  /** Ten calls of 8,000 tokens in and 7,000 out: $0.90. */
  static ApiUse tenCalls() {
    return ApiUse.of(
        Map.of(
            new ApiLine("gpt-4o", "openai", ServiceTier.STANDARD, -1, Long.MAX_VALUE),
            new ApiUse.Amount(10, 80_000, 0, 0, 0, 70_000)));
  }

  /**
   * Three replicas at two a box are two boxes, busy 300 replica-hours or 150 box-hours at half
   * load. Two boxes of $2,400 x 0.75 / 20: 180. (2 x 744 h x 0.2 kW + 150 h x 0.5 x 0.8 kW) x 1.5 x
   * 0.2: 357.6 kWh, 107.28. Space 20, set-up 54, people 315, one hour in a hundred at the API 0.90.
   */
  @Test
  void aFleetByHand() {
    double local = 180 + 107.28 + 20 + 54 + 315 + 0.9;
    Bench bench = bench("two", "", "");
    Alternative a = bench.weigh(Result.served(1000).busy(300, 0.5), 3);
    assertEquals(local, a.cost().orElseThrow().monthlyUsd(), 1e-9);
    assertEquals(2, a.cost().orElseThrow().boxes());
    assertEquals(2, a.replicasPerBox());
    assertEquals(OptionalDouble.of(0), a.overflowUsd());
    assertEquals(90 - local, a.savingUsd().orElseThrow(), 1e-9);
    assertTrue(a.isViable());
    assertEquals(0, a.agreementUsd());
    // Ten calls more at the API.
    Alternative b = bench.weigh(Result.served(990).busy(300, 0.5).atApi(10, 0, tenCalls()), 3);
    assertEquals(0.9, b.overflowUsd().orElseThrow(), 1e-12);
    assertEquals(90 - local - 0.9, b.savingUsd().orElseThrow(), 1e-9);
    assertEquals(local + 0.9, b.totalUsd().orElseThrow(), 1e-9);
  }

  @Test
  void boxesAreWhole() {
    Bench bench = bench("two", "", "");
    for (int[] row : new int[][] {{1, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 3}}) {
      assertEquals(row[1], bench.use(Result.served(1), row[0]).boxes(), row[0] + " replicas");
    }
  }

  /** Half of the month was seen: all that was seen counts twice. */
  @Test
  void aPartOfAMonthIsScaledToTheMonth() {
    ReviewPeriod month = Desk.PERIOD;
    ReviewPeriod half =
        new ReviewPeriod(
            month.month(),
            month.zone(),
            month.fromMicros(),
            month.toMicros(),
            month.fromMicros(),
            month.fromMicros() + (month.toMicros() - month.fromMicros()) / 2,
            0.5);
    Bench bench =
        new Bench(
            byHand("api-price-factor: 3"),
            policy("two", ", hardest-share-at-api: 0.2"),
            HandMade.tape("w"),
            half,
            Evaluations.none());
    Result result = Result.served(990).busy(150, 0.5).atApi(10, 0, tenCalls());
    assertEquals(150, bench.use(result, 2).busyBoxHours(), 1e-9); // 150 / 2 a box x 2
    assertEquals(HOURS, bench.use(result, 2).monthHours(), 1e-9);
    assertEquals(90 * 2 * 3, bench.use(result, 2).apiForecastUsd(), 1e-9);
    assertEquals(0.2, bench.use(result, 2).hardestShare());
    // $0.90 x 2 x 3, of which a fifth would have been at the API anyway.
    assertEquals(
        0.9 * 2 * 3 * 0.8,
        bench.weigher.overflowUsd(bench.workload, result.on(2).result()).orElseThrow(),
        1e-9);
  }

  /** However short the log, a box is not busy for longer than the month. */
  @Test
  void aBoxIsBusyAllMonthAtTheMost() {
    Bench bench = bench("two", "", "");
    assertEquals(HOURS, bench.use(Result.served(1).busy(2 * HOURS, 1), 2).busyBoxHours(), 1e-6);
    assertEquals(HOURS, bench.use(Result.served(1).busy(5 * HOURS, 1), 2).busyBoxHours(), 1e-6);
    assertEquals(
        HOURS - 1, bench.use(Result.served(1).busy(2 * HOURS - 2, 1), 2).busyBoxHours(), 1e-6);
  }

  /** A box that idles: 90 + 744 h x 0.2 kW x 0.3 + 10; set-up 54, people 315, at the API 0.90. */
  @Test
  void theLeastThatAFleetCosts() {
    Bench bench = bench("two", "", "");
    assertEquals(
        144.64 + 54 + 315 + 0.9, bench.weigher.leastUsd(bench.workload, bench.candidate), 1e-9);
    assertEquals(144.64, bench.weigher.boxUsd(bench.workload, bench.candidate), 1e-9);
    // A spare is no box more: it is there from the first on, and nothing goes to the API.
    Bench spare = bench("two", "redundancy: n-plus-1", "");
    assertEquals(
        2 * 144.64 + 54 + 315, spare.weigher.leastUsd(spare.workload, spare.candidate), 1e-9);
    assertEquals(144.64, spare.weigher.boxUsd(spare.workload, spare.candidate), 1e-9);
    // Nothing answers while it is down.
    Bench none = bench("two", "redundancy: none", "");
    assertEquals(144.64 + 54 + 315, none.weigher.leastUsd(none.workload, none.candidate), 1e-9);
  }

  /** Neither the hardest calls nor those of an outage go to the API. */
  @Test
  void whatMustBeLocalPaysTheApiNothing() {
    Bench bench = bench("two", "", ", offline: true, hardest-share-at-api: 0.2");
    FleetUse use = bench.use(Result.served(1000), 1);
    assertFalse(use.fallbackAllowed());
    assertEquals(0, use.hardestShare());
    assertEquals(144.64 + 54 + 315, bench.weigher.leastUsd(bench.workload, bench.candidate), 1e-9);
    Bench open = bench("two", "", ", hardest-share-at-api: 0.2");
    assertTrue(open.use(Result.served(1000), 1).fallbackAllowed());
    // 0.2 x 90 at the API, and one hour in a hundred of the rest.
    assertEquals(
        144.64 + 54 + 315 + 18 + 0.72, open.weigher.leastUsd(open.workload, open.candidate), 1e-9);
  }

  /** A tenth off everything: of the $88.20 that leave (90 - 0.90 overflow - 0.90 in outages). */
  @Test
  void agreementsTakeATenthOfWhatLeaves() {
    String tenth =
        "api-agreements: [{ provider: openai, tiers: [{ from-monthly-usd: 0, percent-off: 10 }] }]";
    Result result = Result.served(990).atApi(10, 0, tenCalls());
    Alternative a = bench("two", tenth, "").weigh(result, 1);
    assertEquals(-8.82, a.agreementUsd(), 1e-9);
    assertEquals(
        bench("two", "", "").weigh(result, 1).savingUsd().orElseThrow() - 8.82,
        a.savingUsd().orElseThrow(),
        1e-9);
    // Seats are under no agreement on tokens.
    Bench seats =
        new Bench(
            byHand(tenth),
            policy("two", ""),
            HandMade.billed(HandMade.tape("w"), BillingMode.SUBSCRIPTION),
            Desk.PERIOD,
            Evaluations.none());
    assertEquals(0, seats.weigh(result, 1).agreementUsd());
  }

  private static Optional<ReasonCode> why(Bench bench, Result result) {
    return bench.weigh(result, 1).fellOut();
  }

  /** Nothing fits, then the service level, then what may not leave, then what is taken away. */
  @Test
  void gatesInTheirOrder() {
    Bench open = bench("two", "", "");
    Bench offline = bench("two", "", ", offline: true");
    Result nothing = Result.served(0).tooSlow().atApi(0, 1000, ApiUse.NONE);
    Result slow = Result.served(999).tooSlow().atApi(1, 0, ApiUse.NONE);
    Result overflow = Result.served(999).atApi(1, 0, ApiUse.NONE);
    Result tooLong = Result.served(999).atApi(0, 1, ApiUse.NONE);
    Result all = Result.served(1000);
    for (Bench bench : List.of(open, offline)) {
      assertEquals(Optional.of(ReasonCode.CONTEXT_TOO_LONG), why(bench, nothing));
      assertEquals(Optional.of(ReasonCode.MISSES_SERVICE_LEVEL), why(bench, slow));
      assertEquals(Optional.empty(), why(bench, all));
    }
    assertEquals(Optional.empty(), why(open, overflow));
    assertEquals(Optional.empty(), why(open, tooLong));
    assertEquals(Optional.of(ReasonCode.OVERFLOW_NOT_ALLOWED), why(offline, overflow));
    assertEquals(Optional.of(ReasonCode.OVERFLOW_NOT_ALLOWED), why(offline, tooLong));
    assertEquals(Optional.of(ReasonCode.MISSES_SERVICE_LEVEL), why(offline, slow));
    assertTrue(
        offline.weigh(overflow, 1).explanation().startsWith("1 of 1000 calls are longer than "),
        offline.weigh(overflow, 1).explanation());
  }

  @Test
  void aSpotBoxIsNoPlaceForWhatMustBeLocal() {
    Result all = Result.served(1000);
    String taken = "spot-interruptions-per-box-month: 2";
    String never = "spot-interruptions-per-box-month: 0";
    assertEquals(Optional.empty(), why(bench("spot", taken, ""), all));
    assertEquals(
        Optional.of(ReasonCode.OVERFLOW_NOT_ALLOWED),
        why(bench("spot", taken, ", offline: true"), all));
    assertEquals(Optional.empty(), why(bench("spot", never, ", offline: true"), all));
    assertEquals(Optional.empty(), why(bench("two", taken, ", offline: true"), all));
  }

  /** Of the margin 0.02: above -0.02 proven, below refuted, across it open. */
  @Test
  void evidenceIsThatOfTheWorkloadAndTheModel() {
    for (Object[] row :
        new Object[][] {
          {"w", HandMade.MODEL, -0.019, 0.0, true, false},
          {"w", HandMade.MODEL, -0.021, 0.0, false, false},
          {"w", HandMade.MODEL, -0.05, -0.021, false, true},
          {"other", HandMade.MODEL, -0.019, 0.0, false, false},
          {"w", "mistral-7b", -0.019, 0.0, false, false}
        }) {
      Evidence e =
          new Evidence(
              (String) row[0],
              (String) row[1],
              "f1",
              0.9,
              0.88,
              400,
              (double) row[2],
              (double) row[3],
              "",
              0.1,
              "");
      Bench bench =
          new Bench(
              byHand(""),
              policy("two", ""),
              HandMade.tape("w"),
              Desk.PERIOD,
              new Evaluations(List.of(e)));
      assertEquals(row[4], bench.weigher.isProven(bench.workload, bench.candidate));
      assertEquals(row[5], bench.weigher.isRefuted(bench.workload, bench.candidate));
      assertEquals(row[4], bench.weigh(Result.served(1000), 1).isProven());
      if ((boolean) row[5]) {
        Alternative refuted = bench.weigher.refuted(bench.workload, bench.candidate);
        assertEquals(Optional.of(ReasonCode.EVALUATION_REFUTED), refuted.fellOut());
        assertEquals(
            "local 0.8800, hosted 0.9000 on 400 tasks: the difference lies below -0.0210, the"
                + " margin is 0.02",
            refuted.explanation());
        assertTrue(refuted.savingUsd().isEmpty());
        assertTrue(refuted.cost().isEmpty());
      }
    }
  }
}
