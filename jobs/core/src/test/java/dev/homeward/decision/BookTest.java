package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Tier;
import dev.homeward.config.Documents;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The book of situations (docs/cases/book.md): what people ask most, each answered with what a
 * person who serves models would say. API costs are worked out from tokens and prices, local costs
 * from prices, hours and watts; only the busy time behind the power comes from a replay, so power
 * is held between a box that idles all month and one that works all month.
 *
 * <p>A month's annuity of a dollar over 36 months at 8 % a year: (1.08^(1/12) - 1) / (1 - 1.08^-3)
 * = 0.006434 / 0.206168 = 0.031208. What a box fetches then counts 1.08^-3 = 0.793832 of it.
 */
@Tag("slow")
final class BookTest {
  private static final double ANNUITY = 0.031208;
  private static final double DISCOUNT = 0.793832;
  private static final double CENT = 0.01;

  /** Hours of the month that the logs lie in. */
  private static final double MONTH = 744;

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "book.yaml");
  }

  private static Assumptions in(String situation, String... more) {
    String text = "situation: " + situation + "\n" + String.join("\n", more);
    return Assumptions.defaults().with(yaml(text), "book");
  }

  private static Policy policy(String... lines) {
    return Policy.defaults().with(yaml(String.join("\n", lines)), "book");
  }

  private static WorkloadKey key(String model) {
    return new WorkloadKey("w", model, "internal");
  }

  private static RankedWorkload decide(Assumptions assumptions, Policy policy, Tape tape) {
    Desk desk = new Desk(assumptions, policy);
    desk.add(tape);
    return new DecideStep(Desk.CATALOG, desk.pricer(), policy, Evaluations.none(), assumptions)
        .decide(desk.cases(), desk)
        .ranking()
        .get(0);
  }

  private static void api(double usd, RankedWorkload row) {
    assertEquals(usd, row.workload().apiForecastUsd().orElseThrow(), CENT);
  }

  /** What it costs beside its power, and its power between idle and busy all month. */
  private static void local(
      double usd, double tolerance, double usdPerKwh, double hours, Alternative a) {
    double boxes = a.cost().orElseThrow().boxes();
    double power = line(a, "power");
    double least = usdPerKwh * boxes * hours * a.hardware().idleWatts().value() / 1000;
    double most = usdPerKwh * boxes * hours * a.hardware().busyWatts().value() / 1000;
    assertTrue(power >= least - CENT && power <= most + CENT, least + " " + power + " " + most);
    assertEquals(usd, a.totalUsd().orElseThrow() - power, tolerance);
  }

  private static double line(Alternative a, String name) {
    return a.cost().orElseThrow().lines().stream()
        .filter(l -> l.name().equals(name))
        .mapToDouble(l -> l.monthlyUsd())
        .sum();
  }

  private static void served(
      String model, Set<String> formats, String engine, String box, int boxes, Alternative a) {
    assertEquals(model, a.model().id());
    assertTrue(formats.contains(a.quantization().id()), a.quantization().id());
    assertEquals(engine, a.engine().id());
    assertEquals(box, a.hardware().id());
    assertEquals(boxes, a.cost().orElseThrow().boxes());
  }

  private static void verdict(Verdict verdict, ReasonCode first, RankedWorkload row) {
    assertEquals(verdict, row.verdict(), row.reasons().toString());
    assertEquals(first, row.reasons().get(0));
  }

  /**
   * 48 calls a day of claude-3-5-haiku, 500 in at $0.80 and 50 out at $4 a million: 1,488 x $0.0006
   * = $0.8928. Half an hour a month at $64 is $32, 4 hours of set-up 4 x 64 x 0.031208 = $7.99. The
   * laptop is on from 9 to 17: of 48 calls 16 are answered there, and 32, $0.5952, at the API
   * still.
   */
  @Test
  void anAgentEveryHalfHourOnAnOwnedLaptopStays() {
    String[] nobodyWaits = {"hardware: [laptop-16gb]", "workloads: { w: { kind: batch } }"};
    Tape tape = BookTapes.evenly(key("claude-3-5-haiku"), 48, 500, 50);
    RankedWorkload row = decide(in("own-machine"), policy(nobodyWaits), tape);
    api(0.8928, row);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, row);
    Alternative a = row.chosen().orElseThrow();
    assertEquals("laptop-16gb", a.hardware().id());
    // With it 3 % of $0.8928 while the laptop is away.
    local(32 + 7.99 + 0.5952 + 0.0268, CENT, 0.18, MONTH / 3, a);
    // Who counts no hour of his own still pays 8 W and two calls of three: 0.36 + 0.60 + 0.03.
    Policy tier = policy(nobodyWaits[0], nobodyWaits[1], "enough-evidence: tier");
    RankedWorkload free = decide(in("own-machine", "engineer-usd-per-hour: 0"), tier, tape);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, free);
    assertEquals(-0.09, free.savingUsd().orElseThrow(), 0.02);
  }

  /** 310,000 x (500 x $0.15 + 300 x $0.60) a million = $79.05: less than an hour of a person. */
  @Test
  void tenThousandCallsADayOfASmallModelStay() {
    RankedWorkload row =
        decide(
            in("small-team"),
            policy("{}"),
            BookTapes.roundTheClock(key("gpt-4o-mini"), 10_000, 500, 300));
    api(79.05, row);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, row);
    // 1.5 + 0.75 hours at $90 and 10 hours of set-up alone are 202.50 + 28.09.
    assertTrue(row.chosen().orElseThrow().totalUsd().orElseThrow() > 202.50 + 28.09);
    assertTrue(row.chosen().orElseThrow().totalUsd().orElseThrow() < 330);
  }

  /**
   * 310,000 x (500 x $2.50 + 300 x $10) a million = $1,317.50. A $2,000 mini PC: 2000 x (1 - 0.2 x
   * 0.793832) x 0.031208 = $52.51; $10 for its place; set-up 10 x 90 x 0.031208 = $28.09; 1.5 +
   * 0.75 hours at $90 = $202.50; a hundredth of the API's $1,317.50 while it is down: $306.27.
   */
  @Test
  void tenThousandCallsADayOfALargeModelWaitForAnEvaluation() {
    RankedWorkload row =
        decide(
            in("small-team"),
            policy("{}"),
            BookTapes.roundTheClock(key("gpt-4o"), 10_000, 500, 300));
    api(1317.50, row);
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, row);
    assertFalse(row.reasons().contains(ReasonCode.LOWER_TIER));
    Alternative a = row.chosen().orElseThrow();
    served("qwen3.5-35b-a3b", Set.of("q6_k", "q4_k_m"), "llama.cpp", "strix-halo", 1, a);
    local(52.51 + 10 + 28.09 + 202.50 + 13.175, 0.05, 1.3 * 0.2, MONTH, a);
    assertTrue(row.outlook().orElseThrow().probabilitySaves() > 0.9);
    // (2,000 + 900) / (1,317.50 - 202.50 - 10 - 13.18 - about 15) = 2.7.
    assertEquals(3, row.paybackMonths().orElseThrow());
  }

  /** Policies of a team that rents: an A10G kept, or by day as well. */
  private static final String KEPT = "hardware: [a10g-g5-on-demand]";

  private static final String BY_DAY = "hardware: [a10g-g5-on-demand, a10g-g5-office-hours]";

  /**
   * 15,000 calls on each of 22 weekdays, 8 to 18 o'clock, of claude-3-5-haiku: 330,000 x (2,000 x
   * $0.80 + 300 x $4) a million = $924. An A10G at $1.006: 744 hours $748.46, ten hours a day
   * $311.86; besides set-up $28.09, two hours of people $180, and a hundredth of $924. By day $395
   * are saved today; over three years of falling API prices less than half of the futures save.
   */
  @Test
  void anA10gPaysByDayAndNotAllMonth() {
    Tape tape = BookTapes.officeHours(key("claude-3-5-haiku"), 15_000, 2_000, 300);
    RankedWorkload kept = decide(in("small-team"), policy(KEPT), tape);
    api(924, kept);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, kept);
    assertEquals(924 - 748.46 - 28.09 - 180 - 9.24, kept.savingUsd().orElseThrow(), CENT);
    RankedWorkload byDay = decide(in("small-team"), policy(BY_DAY), tape);
    verdict(Verdict.KEEP_API, ReasonCode.SAVES_IN_FEW_FUTURES, byDay);
    Alternative a = byDay.chosen().orElseThrow();
    assertEquals("a10g-g5-office-hours", a.hardware().id());
    assertEquals("vllm", a.engine().id());
    assertEquals(924 - 311.86 - 28.09 - 180 - 9.24, byDay.savingUsd().orElseThrow(), CENT);
    // 25,000 a day, $1,540: more than one A10G answers in time at the peaks, and those calls stay.
    RankedWorkload more =
        decide(
            in("small-team"),
            policy(BY_DAY),
            BookTapes.officeHours(key("claude-3-5-haiku"), 25_000, 2_000, 300));
    api(1540, more);
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, more);
    Alternative b = more.chosen().orElseThrow();
    assertEquals("a10g-g5-office-hours", b.hardware().id());
    assertEquals(1, b.cost().orElseThrow().boxes());
    double peaks = b.overflowUsd().orElseThrow();
    assertTrue(peaks > 0 && peaks < 0.25 * 1540, "" + peaks);
    assertEquals(311.86 + 28.09 + 180 + 15.40 + peaks, b.totalUsd().orElseThrow(), CENT);
  }

  /** A Mac mini of its owner, who waits up to five seconds for the first word. */
  private static RankedWorkload macMini(int perDay) {
    return decide(
        in("own-machine"),
        policy("hardware: [mac-mini-m4-32gb]", "workloads: { w: { ttft-p95-ms: 5000 } }"),
        BookTapes.officeHours(key("claude-sonnet-4-5"), perDay, 500, 250));
  }

  /**
   * A call is 500 x $3 + 250 x $15 a million = $0.00525: 22 x 433 are $50.01, 22 x 1,732 $200.05.
   * $1,149 less 0.45 x 0.793832 of it at the end, x 0.031208 = $23.05; set-up 4 x 64 x 0.031208 =
   * $7.99; 0.25 + 0.1 + 0.15 and the Mac's own 0.25 hours at $64 = $48; 3 % of the API while away.
   */
  @Test
  void aMacMiniPaysAgainstTwoHundredOfSonnetAndNotAgainstFifty() {
    RankedWorkload fifty = macMini(433);
    api(50.01, fifty);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, fifty);
    local(23.05 + 7.99 + 48 + 1.50, 0.02, 0.18, MONTH, fifty.chosen().orElseThrow());
    RankedWorkload twoHundred = macMini(1732);
    api(200.05, twoHundred);
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, twoHundred);
    assertTrue(twoHundred.reasons().contains(ReasonCode.LOWER_TIER));
    Alternative a = twoHundred.chosen().orElseThrow();
    // A mixture of 3 billion active parameters at 4 bits: what a bandwidth of 120 GB/s can serve.
    served("qwen3.5-35b-a3b", Set.of("mlx-4bit"), "mlx", "mac-mini-m4-32gb", 1, a);
    local(23.05 + 7.99 + 48 + 6.00, 0.02, 0.18, MONTH, a);
    // (1,149 + 256) / (200.05 - 48 - 6 - 1.7) = 9.7.
    assertEquals(10, twoHundred.paybackMonths().orElseThrow());
  }

  /** An owned card of 24 GB with the model asked about. */
  private static Alternative card(String model) {
    RankedWorkload row =
        decide(
            in("own-machine"),
            policy(
                "hardware: [pc-rtx-3090-owned]",
                "workloads: { w: { local-models: [%s] } }".formatted(model)),
            BookTapes.officeHours(key("gpt-4o"), 600, 1_000, 400));
    // 13,200 x (1,000 x $2.50 + 400 x $10) a million.
    api(85.80, row);
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, row);
    return row.chosen().orElseThrow();
  }

  /**
   * 27 billion at 8 bits are over 27 GB, 32 billion over 32: neither fits. At 4 and 5 bits both do:
   * 32.8 x 4.156 / 8 = 17 GB and the embedding at 16 bits (1.6 GB); 27 x 5.7 / 8 = 19 GB and more.
   * The PC is there: set-up $7.99, half an hour at $64 = $32, 3 % of $85.80.
   */
  @Test
  void aCardOf24GbServesA27bOr32bAtFourOrFiveBits() {
    Alternative b32 = card("qwen3-32b");
    served("qwen3-32b", Set.of("awq-4bit"), "vllm", "pc-rtx-3090-owned", 1, b32);
    local(7.99 + 32 + 2.574, 0.02, 0.18, MONTH, b32);
    Alternative b27 = card("qwen3.5-27b");
    served("qwen3.5-27b", Set.of("q5_k_m", "q4_k_m"), "llama.cpp", "pc-rtx-3090-owned", 1, b27);
    local(7.99 + 32 + 2.574, 0.02, 0.18, MONTH, b27);
  }

  /**
   * 20 developers, 15 sessions of 12 calls on each of 22 weekdays: 6,600 sessions. A session reads
   * 15,000 + 11 x 20,000 + 3,000 x (0 + 1 + ... + 10) = 400,000 tokens from the cache at $0.30,
   * writes 5,000 + 11 x 3,000 = 38,000 at $3.75 and gets 6,000 at $15 a million: 0.12 + 0.1425 +
   * 0.09 = $0.3525; $2,326.50 a month.
   */
  private static final double AGENT_USD = 2326.50;

  private static RankedWorkload codingAgent(String prefixCache, String... policy) {
    return decide(
        in("small-team", "prefix-cache: " + prefixCache),
        policy(policy),
        BookTapes.codingAgent(key("claude-sonnet-4-5"), 20, 15));
  }

  @Test
  void twentyDevelopersEvaluateALowerTier() {
    RankedWorkload row = codingAgent("as-logged", "{}");
    api(AGENT_USD, row);
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, row);
    assertTrue(row.reasons().contains(ReasonCode.LOWER_TIER));
    Alternative a = row.chosen().orElseThrow();
    assertEquals(Tier.LARGE, a.model().tier());
    assertEquals("vllm", a.engine().id());
    assertTrue(a.model().abilities().contextWindow() > 53_000);
    assertTrue(row.savingUsd().orElseThrow() > 0.7 * AGENT_USD);
    assertTrue(row.outlook().orElseThrow().probabilitySaves() > 0.9);
    // Even if two parts of three turned out to be too hard and stayed.
    assertTrue(row.evaluation().orElseThrow().hardestShare().orElseThrow() > 2 / 3.0);
  }

  private static RankedWorkload workstation(String prefixCache) {
    return codingAgent(
        prefixCache,
        "hardware: [rtx-pro-6000]",
        "workloads: { w: { local-models: [qwen3.5-27b], quantization: fp8 } }");
  }

  /**
   * The same on one workstation with a 27B: 11,000 x (1 - 0.158766) x 0.031208 = $288.79, $10,
   * set-up $28.09, 2.5 hours at $90 = $225, a hundredth of the API's bill $23.27. FP8 weights of 28
   * GB leave over 50 GB for the contexts of twenty; a card of 24 GB beside its weights holds one or
   * two.
   */
  @Test
  void twentyDevelopersOnOneWorkstation() {
    RankedWorkload row = workstation("as-logged");
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, row);
    Alternative a = row.chosen().orElseThrow();
    served("qwen3.5-27b", Set.of("fp8"), "vllm", "rtx-pro-6000", 1, a);
    local(288.79 + 10 + 28.09 + 225 + 23.27, 0.05, 1.3 * 0.2, MONTH, a);
    // (11,000 + 900) / (2,326.50 - 225 - 10 - 23.27 - about 41) = 5.9.
    assertEquals(6, row.paybackMonths().orElseThrow());
    // If only half of each prompt were found again, 26,500 tokens of the longest would be computed:
    // more than the 2.7 s leave time for.
    verdict(Verdict.INFEASIBLE, ReasonCode.MISSES_SERVICE_LEVEL, workstation("0.5"));
    // What a replay of the sessions finds in the cache of one workstation is enough.
    RankedWorkload replayed = workstation("replayed");
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, replayed);
    assertTrue(replayed.outlook().orElseThrow().probabilitySaves() > 0.5);
    // Two cards of 24 GB hold a few contexts, and find little of twenty sessions again.
    RankedWorkload small =
        codingAgent(
            "replayed",
            "hardware: [rtx-3090, rtx-4090]",
            "workloads: { w: { local-models: [qwen3.5-27b] } }");
    assertTrue(
        Set.of(Verdict.KEEP_API, Verdict.INFEASIBLE).contains(small.verdict()),
        small.verdict().toString());
  }

  /**
   * 3,652 calls of gpt-4o-mini at $0.000255: $0.93. A box of its own: Mac mini 1149 x 0.841234 x
   * 0.031208 = $30.16, $10, $28.09, 2.25 hours at $90 = $202.50. In the plan the hour and the
   * set-up for all fleets come to it: 90 + 2 x 90 x 0.031208. On servers that are run anyway: one
   * hour at $130 and 8 hours of set-up, 8 x 130 x 0.031208 = $32.46.
   */
  @Test
  void protectedDataMustMoveAndTheCheapestWayIsSaid() {
    RankedWorkload row =
        decide(
            in("small-team"),
            policy("data-classes: [{ name: internal, place: local-only }]"),
            BookTapes.officeHours(key("gpt-4o-mini"), 166, 500, 300));
    api(0.93126, row);
    verdict(Verdict.MUST_MOVE, ReasonCode.VIOLATION_LOCAL_ONLY, row);
    Alternative a = row.chosen().orElseThrow();
    assertEquals("mac-mini-m4-32gb", a.hardware().id());
    local(30.16 + 10 + 28.09 + 202.50, 0.02, 1.3 * 0.2, MONTH, a);
    List<WayToComply> ways = row.waysToComply();
    assertEquals(
        List.of(
            WayToComply.How.MACHINE_THERE,
            WayToComply.How.ALONE,
            WayToComply.How.IN_THE_PLAN,
            WayToComply.How.NOT_SENT),
        ways.stream().map(WayToComply::how).toList());
    assertEquals(130 + 32.46, ways.get(0).monthlyUsd(), 5);
    assertEquals(ways.get(1).monthlyUsd() + 90 + 2 * 90 * ANNUITY, ways.get(2).monthlyUsd(), CENT);
  }

  /**
   * 264 contracts of 55,000 tokens in at $5 and 2,800 out at $25 a million: $0.345 each, $91.08.
   * The hours of any box, 1.5 + 0.75 at $90, are twice that. It says so at the price of a box that
   * would do the work overnight, not of a server of eight.
   */
  @Test
  void aContractReviewStays() {
    Tape tape = BookTapes.officeHours(key("claude-opus-4-5"), 12, 55_000, 2_800);
    RankedWorkload row =
        decide(in("small-team"), policy("workloads: { w: { kind: batch } }"), tape);
    api(91.08, row);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, row);
    Alternative a = row.chosen().orElseThrow();
    assertEquals(Tier.LARGE, a.model().tier());
    local(30.16 + 10 + 28.09 + 202.50 + 0.91, 0.02, 1.3 * 0.2, MONTH, a);
    // A model of the frontier at home, whatever it costs: no server of eight either.
    RankedWorkload frontier =
        decide(
            in("small-team"),
            policy("workloads: { w: { kind: batch, lowest-tier-to-evaluate: frontier } }"),
            tape);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, frontier);
    assertEquals(Tier.FRONTIER, frontier.chosen().orElseThrow().model().tier());
    assertTrue(frontier.chosen().get().totalUsd().orElseThrow() < 600);
    assertTrue(row.reasons().contains(ReasonCode.OTHER_API_MODEL_CHEAPER));
  }

  /** 310,000 chunks of 400 tokens at $0.02 a million: $2.48 buys two minutes of a person. */
  @Test
  void embeddingsOfASearchIndexStay() {
    RankedWorkload row =
        decide(
            in("small-team"),
            policy("{}"),
            BookTapes.embeddings(
                BookTapes.roundTheClock(key("text-embedding-3-small"), 10_000, 400, 0)));
    api(2.48, row);
    verdict(Verdict.KEEP_API, ReasonCode.NO_SAVING, row);
    // A hundred times the volume would be needed, and the box hardly works: not ten hours a month.
    assertTrue(row.flip().orElseThrow().nearest().orElseThrow() > 100);
    assertEquals(1, row.chosen().orElseThrow().cost().orElseThrow().boxes());
  }

  /**
   * 620,000 documents of 4,000 tokens at $0.13 a million: $322.40. On a spare L4: set-up 8 x 130 x
   * 0.031208 = $32.46, an hour at $130, half a hundredth of the API's.
   */
  @Test
  void embeddingsOfABigIndexWaitForAnEvaluationOnASpareCard() {
    RankedWorkload row =
        decide(
            in("existing-servers"),
            policy(
                "hardware: [server-epyc-7543-owned, server-l4-spare-owned]",
                "workloads: { w: { kind: batch } }"),
            BookTapes.embeddings(
                BookTapes.roundTheClock(key("text-embedding-3-large"), 20_000, 4_000, 0)));
    api(322.40, row);
    verdict(Verdict.EVALUATE_FIRST, ReasonCode.NO_EVIDENCE, row);
    Alternative a = row.chosen().orElseThrow();
    assertTrue(a.model().embedding());
    assertEquals("server-l4-spare-owned", a.hardware().id());
    local(32.46 + 130 + 1.612, 0.02, 1.58 * 0.14, MONTH, a);
  }

  /**
   * Small recurring work: 22,000 x (1,000 x $2.50 + 200 x $10) a million = $99. On a laptop that is
   * there: $32 of its owner's time and $7.99; what is sent outside its eight hours stays at the
   * API. A small team's hours are six times as many dollars, and it stays.
   */
  @Test
  void smallRecurringWorkMovesToOnesOwnMachineAndNotToATeamsBox() {
    Tape tape = BookTapes.officeHours(key("gpt-4o"), 1_000, 1_000, 200);
    RankedWorkload own =
        decide(
            in("own-machine"),
            policy("hardware: [macbook-pro-m4-pro-owned]", "enough-evidence: tier"),
            tape);
    api(99, own);
    verdict(Verdict.MOVE_WITH_OVERFLOW, ReasonCode.SAVES, own);
    Alternative a = own.chosen().orElseThrow();
    assertEquals("qwen3.5-35b-a3b", a.model().id());
    double outside = a.overflowUsd().orElseThrow();
    assertTrue(outside > 0 && outside < 0.1 * 99, "" + outside);
    local(32 + 7.99 + 2.97 + outside, 0.02, 0.18, MONTH / 3, a);
    verdict(
        Verdict.KEEP_API,
        ReasonCode.NO_SAVING,
        decide(in("small-team"), policy("enough-evidence: tier"), tape));
  }

  /**
   * 66,000 x $0.0045 = $297 on servers that are run already: an hour at $130 and $32.46 of set-up
   * on a spare L4.
   */
  @Test
  void smallRecurringWorkMovesToServersThatAreThere() {
    RankedWorkload row =
        decide(
            in("existing-servers"),
            policy(
                "hardware: [server-epyc-7543-owned, server-l4-spare-owned, server-l40s-spare-owned]",
                "enough-evidence: tier"),
            BookTapes.officeHours(key("gpt-4o"), 3_000, 1_000, 200));
    api(297, row);
    verdict(Verdict.MOVE, ReasonCode.SAVES, row);
    Alternative a = row.chosen().orElseThrow();
    assertEquals("server-l4-spare-owned", a.hardware().id());
    local(32.46 + 130 + 1.485, 0.02, 1.58 * 0.14, MONTH, a);
  }

  /** The arithmetic that the comments use. */
  @Test
  void theAnnuityByHand() {
    assertEquals(ANNUITY, (Math.pow(1.08, 1 / 12.0) - 1) / (1 - Math.pow(1.08, -3)), 1e-6);
    assertEquals(DISCOUNT, Math.pow(1.08, -3), 1e-6);
  }
}
