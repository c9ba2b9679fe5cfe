package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.replay.Sizing;
import java.io.IOException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class CostBoundTest {
  private static final long SECOND = 1_000_000;

  private static Assumptions assumptions(String json) throws IOException {
    return Assumptions.defaults().with((ObjectNode) new ObjectMapper().readTree(json), "test");
  }

  private static Policy policy(String json) throws IOException {
    return Policy.defaults().with((ObjectNode) new ObjectMapper().readTree(json), "test");
  }

  /** Calls of a log that is so many seconds long. */
  private record Log(Tape tape, ReviewPeriod period, Assumptions assumptions, Policy policy) {
    static Log of(Tape tape, long seconds, Assumptions assumptions, Policy policy) {
      long from = Desk.PERIOD.fromMicros();
      ReviewPeriod period =
          ReviewPeriod.of(
              from,
              from + seconds * SECOND,
              Optional.of(YearMonth.of(2026, 10)),
              ZoneOffset.UTC,
              (a, b) -> new long[] {from, from + seconds * SECOND});
      return new Log(tape, period, assumptions, policy);
    }

    WorkloadCase workload() {
      return WorkloadCase.of(
          WorkloadProfiler.profile(tape),
          Desk.PRICER.price(tape),
          period,
          policy,
          Desk.CATALOG.hostedModels().byId(tape.key.hostedModel()),
          assumptions);
    }

    List<Sizing.ReplayedFleet> size(WorkloadCase workload, Candidate candidate) {
      return Desk.settings(assumptions, period)
          .size(
              List.of(Desk.PRICER.billed(tape)),
              List.of(workload.serviceLevel()),
              candidate.deployment().orElseThrow(),
              1,
              new Sizing.Bounds(1, 64, workload.mayOverflow()));
    }
  }

  private static Tape calls(int n, long seconds, int prompt, int output, Random random) {
    long[] starts =
        random
            .longs(n, 0, seconds * SECOND)
            .sorted()
            .map(at -> Desk.PERIOD.fromMicros() + at)
            .toArray();
    starts[0] = Desk.PERIOD.fromMicros();
    Tape tape = Desk.tape(new WorkloadKey("w", "gpt-4o", "internal"), starts);
    for (int i = 0; i < n; i++) {
      int all = Math.max(1, (int) (prompt * Math.exp(random.nextGaussian())));
      tape.cacheReadTokens[i] = random.nextInt(3) == 0 ? random.nextInt(all) : 0;
      tape.inputTokens[i] = all - tape.cacheReadTokens[i];
      tape.outputTokens[i] = (int) (output * Math.exp(random.nextGaussian()));
    }
    return tape;
  }

  /** Whatever is replayed and could be chosen costs at least what the bound says. */
  @Test
  @Tag("slow")
  void noFleetThatServesCostsLess() throws IOException {
    // Boxes that the calls of an hour can be too much for.
    List<String> boxes =
        new ArrayList<>(
            List.of(
                "mac-mini-m4-32gb",
                "mac-mini-m4-pro-64gb",
                "strix-halo",
                "dgx-spark",
                "mac-studio-m2-ultra",
                "rtx-3090"));
    int served = 0;
    int aboveIdle = 0;
    double closest = 10;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Collections.shuffle(boxes, random);
      String[] caches = {"\"as-logged\"", "0.3", "\"replayed\""};
      Assumptions a =
          assumptions(
              ("{\"prompt-token-ratio\": %s, \"output-token-ratio\": %s, \"prefix-cache\": %s,"
                      + " \"upkeep-hours-per-fleet-month\": 0}")
                  .formatted(
                      0.8 + 0.1 * random.nextInt(6),
                      0.8 + 0.1 * random.nextInt(6),
                      caches[seed % 3]));
      Policy policy =
          policy(
              ("{\"hardware\": [\"%s\"], \"workloads\": {\"w\": {\"kind\": \"%s\","
                      + " \"ttft-p95-ms\": 60000, \"tpot-p95-ms\": 1000%s}}}")
                  .formatted(
                      String.join("\", \"", boxes.subList(0, 2)),
                      random.nextInt(4) == 0 ? "batch" : "interactive",
                      random.nextInt(4) == 0 ? ", \"offline\": true" : ""));
      long seconds = 1800L + random.nextInt(3600);
      Tape tape =
          calls(
              1000 + random.nextInt(3000),
              seconds,
              (int) Math.exp(6 + 3 * random.nextDouble()),
              (int) Math.exp(6 * random.nextDouble()),
              random);
      Log log = Log.of(tape, seconds, a, policy);
      WorkloadCase workload = log.workload();
      Weigher weigher =
          new Weigher(
              a,
              policy,
              Evaluations.none(),
              new ApiBill(List.of(workload), a.api().apiAgreements()),
              Desk.PRICER);
      List<Candidate> candidates =
          new ArrayList<>(
              new CandidatePlanner(Desk.CATALOG, policy, Evaluations.none())
                  .plan(workload).stream().filter(c -> c.deployment().isPresent()).toList());
      Collections.shuffle(candidates, random);
      for (Candidate candidate : candidates.subList(0, Math.min(10, candidates.size()))) {
        double idle = weigher.leastUsd(workload, candidate);
        double bound =
            weigher
                .bound(workload)
                .usd(
                    idle,
                    weigher.boxUsd(workload, candidate),
                    weigher.leastTokenSeconds(candidate));
        for (Sizing.ReplayedFleet fleet : log.size(workload, candidate)) {
          Alternative weighed = weigher.weigh(workload, candidate, fleet);
          if (weighed.isViable() && weighed.totalUsd().isPresent()) {
            double total = weighed.totalUsd().getAsDouble();
            assertTrue(
                total >= bound * (1 - 1e-9),
                () ->
                    "%s: %s, at least %s said, %d replicas"
                        .formatted(
                            candidate.deployment().orElseThrow().id(),
                            total,
                            bound,
                            fleet.options().replicas()));
            served++;
            aboveIdle += bound > 1.05 * idle ? 1 : 0;
            closest = bound > 1.05 * idle ? Math.min(closest, total / bound) : closest;
          }
        }
      }
    }
    String seen =
        "%d served, %d bounds above an idle box, the closest %.2f"
            .formatted(served, aboveIdle, closest);
    assertTrue(served > 1000 && aboveIdle > 400 && closest < 1.5, seen);
  }

  /**
   * A thousand calls in 1,000 s, 1,000 prompt tokens and 100 of output each; a prompt token costs $
   * 0.15 a million, one of output $ 0.60. A box may work 1.25 x 1,000 s + 600 s = 1,850 s, and
   * takes 10 ms a token: 185,000 tokens. All are (1,000 - 2 + 100) x 1,000 = 1,098,000.
   */
  @Test
  void theWorkedExample() throws IOException {
    Assumptions a = assumptions("{}");
    WorkloadCase workload = example(a, policy("{}"));
    double api = workload.apiForecastUsd().orElseThrow();
    CostBound bound = new CostBound(workload, a.serving());

    // 100,000 tokens of output are served first, then 85,000 of 998,000 of prompts; two of each
    // prompt are free. At the API stay (998 - 85) / 1,000 of what prompts cost: $ 0.15 of $ 0.21.
    double stays = 0.913 * 0.15 / 0.21;
    assertEquals(300 + stays * api, bound.usd(300, api, 0.01), 1e-9 * api);
    // A box more takes 185,000 tokens of prompts, which cost 13.2 % of the bill.
    assertEquals(300 + stays * api, bound.usd(300, 0.14 * api, 0.01), 1e-9 * api);
    // So boxes for less are worth it until six of them take all.
    assertEquals(300 + 0.5 * api, bound.usd(300, 0.1 * api, 0.01), 1e-9 * api);
    // Nothing is too much for a box that is fast enough, or free.
    assertEquals(300, bound.usd(300, 1, 0.0016), 1e-9);
    assertEquals(300, bound.usd(300, 0, 0.01), 1e-9);
  }

  /** Where no call may go to the API, there must be boxes for all. */
  @Test
  void withoutOverflowThereAreBoxesForAll() throws IOException {
    Assumptions a = assumptions("{}");
    WorkloadCase workload = example(a, policy("{\"workloads\": {\"w\": {\"offline\": true}}}"));

    double api = workload.apiForecastUsd().orElseThrow();
    assertEquals(
        300 + 5 * api, new CostBound(workload, a.serving()).usd(300, api, 0.01), 1e-9 * api);
  }

  /** Batches may be done a day after the log: 87,400 s, at half a second a token 174,800 tokens. */
  @Test
  void batchesMayBeDoneLater() throws IOException {
    Assumptions a = assumptions("{}");
    Policy batch = policy("{\"workloads\": {\"w\": {\"kind\": \"batch\"}}}");
    // 100,000 of output and 74,800 of prompts.
    assertStays((998 - 74.8) / 1000 * 0.15 / 0.21, example(a, batch), a, 0.5);
  }

  /** A fifth stays at the API anyway, and is paid for elsewhere. */
  @Test
  void hardCallsThatStayAreNoOverflow() throws IOException {
    Assumptions a = assumptions("{}");
    Policy hard = policy("{\"workloads\": {\"w\": {\"hardest-share-at-api\": 0.2}}}");
    assertStays(0.8 * 0.913 * 0.15 / 0.21, example(a, hard), a, 0.01);
  }

  /** Two tokens a step: 50,000 for all output, 135,000 for prompts. */
  @Test
  void draftsThatAreAcceptedTakeNoTokens() throws IOException {
    Assumptions a =
        assumptions(
            "{\"speculative-decoding\": {\"draft-tokens\": 2, \"accepted-tokens\": 2,"
                + " \"source\": \"made up\"}}");
    assertStays((998 - 135) / 1000.0 * 0.15 / 0.21, example(a, policy("{}")), a, 0.01);
  }

  /**
   * 400 of 1,000 are read at $ 0.075 and take nothing: of $ 0.18 stay 513 tokens of each prompt.
   */
  @Test
  void tokensReadFromACacheTakeNothing() throws IOException {
    Assumptions a = assumptions("{}");
    assertStays(0.513 * 0.15 / 0.18, example(a, policy("{}"), 400), a, 0.01);
  }

  /** Two local tokens for one: 85,000 of prompts are worth $ 0.006375, two of each $ 0.00015. */
  @Test
  void promptsAreCountedInLocalTokens() throws IOException {
    Assumptions a = assumptions("{\"prompt-token-ratio\": 2}");
    assertStays((0.15 - 0.006375 - 0.00015) / 0.21, example(a, policy("{}")), a, 0.01);
  }

  /** Half of each prompt is found: 85,000 tokens are worth $ 0.0255, two of each $ 0.0006. */
  @Test
  void aShareThatIsFoundTakesNothing() throws IOException {
    Assumptions a = assumptions("{\"prefix-cache\": 0.5}");
    assertStays((0.15 - 0.0255 - 0.0006) / 0.21, example(a, policy("{}")), a, 0.01);
  }

  private static void assertStays(
      double share, WorkloadCase workload, Assumptions a, double tokenSeconds) {
    double api = workload.apiForecastUsd().orElseThrow();
    assertEquals(
        300 + share * api,
        new CostBound(workload, a.serving()).usd(300, api, tokenSeconds),
        1e-9 * api);
  }

  private static WorkloadCase example(Assumptions a, Policy policy) {
    return example(a, policy, 0);
  }

  private static WorkloadCase example(Assumptions a, Policy policy, int read) {
    long from = Desk.PERIOD.fromMicros();
    long[] starts = new long[1000];
    Arrays.setAll(starts, i -> from + i * 1000L * SECOND / 999);
    Tape tape = Desk.tape(new WorkloadKey("w", "gpt-4o-mini", "internal"), starts);
    Arrays.fill(tape.inputTokens, 1000 - read);
    Arrays.fill(tape.cacheReadTokens, read);
    Arrays.fill(tape.outputTokens, 100);
    return Log.of(tape, 1000, a, policy).workload();
  }
}
