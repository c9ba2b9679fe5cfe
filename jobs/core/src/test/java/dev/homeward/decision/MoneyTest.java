package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.OtherAssumptions;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ranking and plan are two ways to the same money: where one workload moves alone, they must say
 * the same saving, whatever is assumed; and what they say must be what a person works out.
 */
final class MoneyTest {
  private static final String MODEL = "qwen3-8b";

  /** Idle and busy watts of the first two boxes are equal: their power hangs on no replay. */
  private static final String BOXES =
      """
      hardware:
        - { id: flat, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 200, busy-watts: 200, load-gb-per-s: 5,
            acquisition: { mode: bought, price-usd: 2400 }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: mine, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 200, busy-watts: 200, load-gb-per-s: 5,
            acquisition: { mode: owned, price-usd: 600 }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: pc, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 100, busy-watts: 600, load-gb-per-s: 5,
            acquisition: { mode: bought, price-usd: 2400 }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: spot, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 100, busy-watts: 600, load-gb-per-s: 5,
            acquisition: { mode: spot, hourly-usd: 0.3, includes-power: true }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: stopped, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 100, busy-watts: 600, load-gb-per-s: 5,
            acquisition: { mode: on-demand, hourly-usd: 3, includes-power: true, release-after-minutes: 15, start-minutes: 4 },
            source: { kind: assumed, reference: test, date: "2026" } }
      """;

  @TempDir Path folder;

  private record Answer(RankedWorkload row, Plan plan) {
    double saving() {
      return row.savingUsd().orElseThrow();
    }
  }

  private static Assumptions with(String json) throws IOException {
    return Assumptions.defaults().with((ObjectNode) new ObjectMapper().readTree(json), "test");
  }

  private static Policy policy(String box, String more) throws IOException {
    return Policy.defaults()
        .with(
            (ObjectNode)
                new ObjectMapper()
                    .readTree(
                        "{\"hardware\": [\"%s\"], \"workloads\": {\"w\": {\"local-models\": [\"%s\"]%s}}}"
                            .formatted(box, MODEL, more)),
            "test");
  }

  private Answer decide(int calls, Assumptions a, Policy policy) throws IOException {
    return decide(calls, 0, a, policy);
  }

  // Calls of 8,000 tokens in and 7,000 out, of 2 s at the API, in sessions of ten: spread evenly
  // over the month, or as far apart as given within a session.
  private Answer decide(int calls, double apartSeconds, Assumptions a, Policy policy)
      throws IOException {
    Catalog catalog = Catalog.with(List.of(Files.writeString(folder.resolve("boxes.yaml"), BOXES)));
    Desk desk = new Desk(a, policy);
    long[] starts = new long[calls];
    long span = Desk.PERIOD.toMicros() - Desk.PERIOD.fromMicros();
    for (int i = 0; i < calls; i++) {
      long session = span / calls * (i / 10 * 10L);
      starts[i] =
          Desk.PERIOD.fromMicros()
              + (apartSeconds == 0
                  ? span / calls * i
                  : session + Math.round(apartSeconds * 1e6) * (i % 10));
    }
    Tape tape = Desk.tape(new WorkloadKey("w", "gpt-4o", "internal"), starts);
    Arrays.fill(tape.inputTokens, 8000);
    Arrays.fill(tape.outputTokens, 7000);
    for (int i = 0; i < calls; i++) {
      tape.session[i] = i / 10;
      tape.durationMicros[i] = 2_000_000;
    }
    desk.add(tape);
    Evaluations evaluations =
        new Evaluations(
            List.of(
                new Evaluations.Evidence(
                    "w", MODEL, "accuracy", 0.9, 0.9, 5000, -0.005, 0.005, "made up", 0.05, "")));
    DecideStep.Decision decision =
        new DecideStep(catalog, desk.pricer(), policy, evaluations, a).decide(desk.cases(), desk);
    return new Answer(decision.ranking().get(0), decision.plan());
  }

  /**
   * 10,000 calls of 8,000 tokens in at $2.50 and 7,000 out at $10 a million: $0.09 a call, $900 a
   * month. One box of $2,400 over 20 months at 0 %, a quarter left: $90. 744 h x 0.2 kW x 1.5 x
   * $0.20: $44.64. Space $10. Set-up 12 h x $90 / 20: $54. Upkeep and incidents 3.5 h x $90: $315.
   * One hour in a hundred at the API: $9.
   */
  @Test
  void aBoughtBoxByHand() throws IOException {
    double local = 90 + 44.64 + 10 + 54 + 315 + 9;
    Answer answer = decide(10_000, byHand("{}"), policy("flat", ""));
    assertEquals(Verdict.MOVE, answer.row.verdict());
    assertEquals(local, answer.row.chosen().orElseThrow().cost().orElseThrow().monthlyUsd(), 1e-6);
    assertSaves(900 - local, answer);
    assertEquals(2400, answer.plan.initialUsd(), 1e-9);
    Plan.Step buy = answer.plan.steps().get(0);
    assertEquals(Plan.Action.BUY, buy.action());
    assertEquals(1, buy.count());
    assertEquals(2400, buy.capexUsd(), 1e-9);
    // The box alone: 90 + 44.64 + 10.
    assertEquals(144.64, buy.monthlyCostUsd(), 1e-6);
    assertEquals(-144.64, buy.cumulativeSavingUsd(), 1e-6);
    Plan.Step move = answer.plan.steps().get(1);
    assertEquals(local - 144.64, move.monthlyCostUsd(), 1e-6);
    assertEquals(900 - local, move.cumulativeSavingUsd(), 1e-6);
    // $2,400 + 12 h x $90 paid; each month $900 less all but purchase and set-up; $600 fetched.
    assertEquals(3480, answer.row.cashFlow().orElseThrow().initialUsd(), 1e-9);
    assertEquals(
        900 - (local - 90 - 54), answer.row.cashFlow().orElseThrow().monthlyNetUsd(), 1e-6);
    assertEquals(600, answer.row.cashFlow().orElseThrow().residualUsd(), 1e-9);
    // At 0 % the sum of it, and 20 times the saving.
    assertEquals(20 * (900 - local), answer.row.npvUsd().orElseThrow(), 1e-6);
  }

  /** A spare: a second box is bought, powered and housed, and nothing goes to the API. */
  @Test
  void aSpareByHand() throws IOException {
    Answer answer = decide(10_000, byHand("{\"redundancy\": \"n-plus-1\"}"), policy("flat", ""));
    assertSaves(900 - (2 * (90 + 44.64 + 10) + 54 + 315), answer);
    assertEquals(2, answer.plan.steps().get(0).count());
    assertEquals(4800, answer.plan.initialUsd(), 1e-9);
    assertEquals(4800, answer.plan.steps().get(0).capexUsd(), 1e-9);
  }

  /** Licence, network, and a tenth of the calls too hard for the local model. */
  @Test
  void feesAndHardCallsByHand() throws IOException {
    Answer answer =
        decide(
            10_000,
            byHand(
                "{\"licence-usd-per-accelerator-month\": 25, \"network-usd-per-fleet-month\": 12}"),
            policy("flat", ", \"hardest-share-at-api\": 0.1"));
    // 90 at the API for the hard calls, and one hour in a hundred of the others: 0.01 x 0.9 x 900.
    assertSaves(900 - (90 + 44.64 + 10 + 25 + 54 + 315 + 12 + 90 + 8.1), answer);
  }

  /** An owned box costs what it would fetch, $600 x 0.75 / 20, but nobody pays it at the start. */
  @Test
  void anOwnedBoxByHand() throws IOException {
    Answer answer = decide(10_000, byHand("{}"), policy("mine", ""));
    assertSaves(900 - (22.5 + 44.64 + 10 + 54 + 315 + 9), answer);
    assertEquals(Plan.Action.USE, answer.plan.steps().get(0).action());
    assertEquals(0, answer.plan.initialUsd());
  }

  /**
   * Ten batches of ten calls, days apart, on a box at $3 an hour that is asked for by the first
   * call and given back after a quarter of an hour: each batch pays for 4 minutes of start, some
   * seconds of loading weights of 8 to 17 GB at 5 GB/s, its work, and 15 minutes.
   */
  @Test
  void aBoxThatRunsOnlyWhileThereIsWork() throws IOException {
    Policy batch = policy("stopped", ", \"kind\": \"batch\"");
    Answer answer = decide(100, 0.01, byHand("{}"), batch);
    Alternative chosen = answer.row.chosen().orElseThrow();
    assertEquals(10, chosen.fleet().orElseThrow().result().coldStarts());
    double busySeconds = chosen.fleet().orElseThrow().result().busyNanos() / 1e9;
    assertTrue(busySeconds > 10, busySeconds + " s");
    double rent =
        chosen.cost().orElseThrow().lines().stream()
            .filter(l -> l.name().equals("rent"))
            .findFirst()
            .orElseThrow()
            .monthlyUsd();
    double loading = (rent / 3 * 3600 - busySeconds) / 10 - (4 + 15) * 60;
    assertTrue(loading > 8 / 5.0 && loading < 17 / 5.0, loading + " s of loading a start");
    // Kept all month it would cost 744 x $3.
    assertTrue(rent < 0.02 * 744 * 3, "rent " + rent);
  }

  private static Assumptions byHand(String more) throws IOException {
    return with("""
            {"horizon-months": 20, "discount-rate-per-year": 0, "residual-share": 0.25, "pue": 1.5,
             "electricity-usd-per-kwh": 0.2, "space-usd-per-box-month": 10, "engineer-usd-per-hour": 90,
             "setup-hours-per-fleet": 8, "setup-hours-per-workload": 4,
             "upkeep-hours-per-fleet-month": 2, "upkeep-hours-per-workload-month": 0.5,
             "incident-hours-per-fleet-month": 1, "incident-hours-per-box-month": 0,
             "setup-hours-shared": 0, "upkeep-hours-shared-month": 0, "local-availability": 0.99}
            """)
        .with((ObjectNode) new ObjectMapper().readTree(more), "test");
  }

  private static void assertSaves(double usd, Answer answer) {
    assertEquals(usd, answer.saving(), 1e-6);
    assertEquals(usd, answer.plan.savingUsd(), 1e-6);
    assertEquals(usd, answer.row.moved().orElseThrow().marginalSavingUsd(), 1e-6);
  }

  /** They act on the outlook of the coming years; a month as it is stays what it is. */
  private static final Set<String> THE_FUTURE =
      Set.of(
          "growth-per-month",
          "growth-halves-after-months",
          "most-growth-per-month",
          "api-price-change-per-year",
          "people-factor",
          "tariff-factor",
          "token-factor",
          "samples",
          "seed");

  /** They cannot matter to a bought box that carries all calls; where they do, and which test. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry(
              "spot-interruptions-per-box-month", "a bought box is not taken away: onASpotBox"),
          Map.entry("spot-recovery-minutes", "a bought box is not taken away: onASpotBox"),
          Map.entry("most-replicas", "one replica is enough: inBursts"),
          Map.entry(
              "setup-hours-shared",
              "the plan pays it, no workload alone: assertPlanBearsWhatIsShared"),
          Map.entry("upkeep-hours-shared-month", "likewise"),
          Map.entry("sessions", "each call is answered before the next is sent: inHaste"),
          Map.entry("prefix-found-in-session", "nothing of it is in a cache: PrefixStudyTest"),
          Map.entry("prefix-found-without-session", "likewise"),
          Map.entry("minutes-per-evaluation-task", "nothing waits for one: DeciderTest"),
          Map.entry("api-subscriptions", "paid whatever is called: FocusTest"),
          Map.entry("api-accounts", "whom a provider bills: FocusTest"));

  /** Every assumption off its default, one at a time. */
  @Test
  @Tag("slow")
  void rankingAndPlanSayTheSameSavingWhateverIsAssumed() throws IOException {
    Policy policy = policy("pc", "");
    Answer usual = decide(10_000, Assumptions.defaults(), policy);
    assertPlanBearsWhatIsShared(Assumptions.defaults(), usual, "");
    Set<String> listed = new TreeSet<>(THE_FUTURE);
    listed.addAll(ELSEWHERE.keySet());
    for (Map.Entry<String, JsonNode> other : OtherAssumptions.values().entrySet()) {
      String key = other.getKey();
      Assumptions a = Assumptions.defaults().with(key, other.getValue(), "test");
      Answer answer = decide(10_000, a, policy);
      assertEquals(Verdict.MOVE, answer.row.verdict(), key);
      assertPlanBearsWhatIsShared(a, answer, key);
      if (listed.remove(key)) {
        assertEquals(usual.saving(), answer.saving(), key);
        if (THE_FUTURE.contains(key)) {
          assertNotEquals(usual.row.outlook(), answer.row.outlook(), key);
        }
      } else {
        assertTrue(
            Math.abs(usual.saving() - answer.saving()) > 1e-4,
            key + " changes nothing: " + answer.saving());
      }
    }
    assertEquals(Set.of(), listed, "listed, but no assumption");
  }

  // The one workload of the plan bears what all fleets share; alone it does not.
  private static void assertPlanBearsWhatIsShared(Assumptions a, Answer answer, String key) {
    Assumptions.People people = a.people();
    double shared =
        people.engineerUsdPerHour()
            * (people.upkeepHoursSharedMonth()
                + people.setupHoursShared() * a.finance().annuityPerMonth());
    assertEquals(answer.saving() - shared, answer.plan.savingUsd(), 1e-6, key);
  }

  /** Each interruption sends the calls to the API until another box is up. */
  @Test
  @Tag("slow")
  void onASpotBox() throws IOException {
    Policy policy = policy("spot", "");
    double usual = decide(10_000, Assumptions.defaults(), policy).saving();
    for (String key : List.of("spot-interruptions-per-box-month", "spot-recovery-minutes")) {
      Answer answer =
          decide(
              10_000,
              Assumptions.defaults().with(key, OtherAssumptions.values().get(key), "test"),
              policy);
      // A tenth less of 5 x 15 / 60 hours in 744, at $900 a month.
      assertEquals(0.1 * 5 * 15 / 60 / 744 * 900, answer.saving() - usual, 1e-9, key);
      assertPlanBearsWhatIsShared(Assumptions.defaults(), answer, key);
    }
  }

  /** The calls of a session all at once: one replica misses the first token's limit. */
  @Test
  @Tag("slow")
  void inBursts() throws IOException {
    Policy policy = policy("pc", "");
    Answer usual = decide(10_000, 0.01, Assumptions.defaults(), policy);
    int replicas = usual.row.chosen().orElseThrow().fleet().orElseThrow().options().replicas();
    assertTrue(replicas > 1, "replicas " + replicas);
    assertPlanBearsWhatIsShared(Assumptions.defaults(), usual, "");
    Answer one = decide(10_000, 0.01, with("{\"most-replicas\": 1}"), policy);
    assertNotEquals(usual.row.savingUsd(), one.row.savingUsd());
  }

  /** Calls 3 s apart that take longer locally: whoever waits for an answer sends the next later. */
  @Test
  @Tag("slow")
  void inHaste() throws IOException {
    Policy policy = policy("pc", "");
    Answer open = decide(10_000, 3, Assumptions.defaults(), policy);
    Answer closed = decide(10_000, 3, with("{\"sessions\": \"closed\"}"), policy);
    assertPlanBearsWhatIsShared(Assumptions.defaults(), open, "");
    assertPlanBearsWhatIsShared(Assumptions.defaults(), closed, "");
    assertTrue(
        Math.abs(open.saving() - closed.saving()) > 1e-4, open.saving() + ", " + closed.saving());
  }
}
