package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceBook;
import dev.homeward.config.Documents;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Pricer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What the calls of a workload would cost on another hosted model, by hand from the program's price
 * book: dollars a million of gpt-4o 2.50 in, 1.25 cached, 10 out; gpt-5-mini (large) 0.25, 0.025, 2
 * and half of it in a batch; gpt-5-nano (medium) 0.05, 0.005, 0.40; gpt-5.6-luna (large) 0.20 in
 * and 1.20 out, above 272,000 tokens 0.40 and 1.80; claude-haiku-4-5 (large) 1, 0.10, 5.
 */
final class HostedChoicesTest {
  private static final double SAME = 1e-6;

  private static Policy policy(String yaml) {
    return Policy.defaults()
        .with(
            (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml"),
            "test");
  }

  /** A thousand calls of openai: 1,000 tokens in, 500 more from the cache, 200 out. */
  private static Tape thousand(String dataClass) {
    long[] starts = new long[1000];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Desk.PERIOD.fromMicros() + i * 2_600_000_000L;
    }
    Tape tape = Desk.tape(new WorkloadKey("w", "gpt-4o", dataClass), starts);
    Arrays.fill(tape.inputTokens, 1000);
    Arrays.fill(tape.cacheReadTokens, 500);
    Arrays.fill(tape.outputTokens, 200);
    return tape;
  }

  private static WorkloadCase priced(Policy policy, Tape tape) {
    return priced(policy, tape, Assumptions.defaults());
  }

  private static WorkloadCase priced(Policy policy, Tape tape, Assumptions a) {
    Desk desk = new Desk(a, policy);
    return new HostedChoices(Desk.CATALOG, desk.pricer()).of(desk.add(tape));
  }

  private static Optional<HostedChoice> choice(WorkloadCase workload, String model) {
    return workload.hostedChoices().stream().filter(c -> c.model().id().equals(model)).findFirst();
  }

  // Of all choices only the five cheapest of a kind are kept: these are priced one by one.
  private static double on(String model, Tape tape) {
    WorkloadCase workload =
        priced(policy("workloads: { w: { hosted-model: " + model + " } }"), tape);
    assertEquals(model, workload.instead().orElseThrow().id());
    return workload.apiForecastUsd().orElseThrow();
  }

  private static double month() {
    return Desk.PERIOD.coverage();
  }

  @Test
  void tokensAsLoggedAtTheOtherModelsPrices() {
    Tape tape = thousand("internal");
    WorkloadCase now = priced(Policy.defaults(), tape);
    // A million in, half a million cached, 200,000 out: 2.50 + 0.625 + 2.
    assertEquals(5.125 / month(), now.apiForecastUsd().orElseThrow(), SAME);
    assertEquals((0.25 + 0.0125 + 0.4) / month(), on("gpt-5-mini", tape), SAME);
    assertEquals((0.05 + 0.0025 + 0.08) / month(), on("gpt-5-nano", tape), SAME);
    assertEquals((1 + 0.05 + 1.0) / month(), on("claude-haiku-4-5", tape), SAME);
    // By another of its names, and what was paid stays what it was.
    WorkloadCase other =
        priced(policy("workloads: { w: { hosted-model: claude-haiku-4.5 } }"), tape);
    assertEquals("claude-haiku-4-5", other.instead().orElseThrow().id());
    assertEquals(now.apiMonthlyUsd(), other.apiMonthlyUsd());
    assertEquals("gpt-4o", other.hosted().orElseThrow().id());
  }

  @Test
  void batchesAndLongContextsFollowTheOtherModelsRows() {
    Tape tape = thousand("internal");
    for (int i = 0; i < 500; i++) {
      tape.serviceTier[i] = (byte) ServiceTier.BATCH.ordinal();
    }
    // Half of the calls at half price.
    assertEquals(0.75 * (0.25 + 0.0125 + 0.4) / month(), on("gpt-5-mini", tape), SAME);
    Tape lengthy = thousand("internal");
    for (int i = 0; i < 10; i++) {
      lengthy.inputTokens[i] = 300_000;
      lengthy.cacheReadTokens[i] = 0;
    }
    // 990 calls of 1,000 + 500 + 200; ten of 300,000 + 200, all of it above the limit.
    double below = 0.99 * 0.2 + 0.99 * 0.5 * 0.02 + 0.198 * 1.2;
    double above = 3 * 0.4 + 0.002 * 1.8;
    assertEquals((below + above) / month(), on("gpt-5.6-luna", lengthy), SAME);
  }

  @Test
  void aTierWithoutAPriceIsCountedAtStandard() {
    Tape tape = thousand("internal");
    Arrays.fill(tape.serviceTier, (byte) ServiceTier.FLEX.ordinal());
    WorkloadCase workload = priced(Policy.defaults(), tape);
    HostedChoice none =
        workload.hostedChoices().stream()
            .filter(c -> c.standardTierCalls() > 0)
            .findFirst()
            .orElseThrow();
    assertEquals(1000, none.standardTierCalls());
  }

  @Test
  void cheaperModelsOfItsTierAreOfferedAndOneTierLowerToBeEvaluated() {
    WorkloadCase workload = priced(Policy.defaults(), thousand("internal"));
    List<HostedChoice> choices = workload.hostedChoices();
    double now = workload.apiForecastUsd().orElseThrow();
    assertTrue(choices.size() > 4, "choices: " + choices.size());
    double last = 0;
    boolean lower = false;
    for (HostedChoice c : choices) {
      assertTrue(c.monthlyUsd() < now);
      assertTrue(c.lowerTier() || !lower, "those of its tier come first");
      last = c.lowerTier() == lower ? last : 0;
      assertTrue(c.monthlyUsd() >= last, "cheapest first");
      last = c.monthlyUsd();
      lower = c.lowerTier();
      String tier = c.model().tier().word();
      assertEquals(c.lowerTier() ? "medium" : tier, tier);
      assertTrue(c.lowerTier() || tier.equals("large") || tier.equals("frontier"), tier);
    }
    assertTrue(lower, "one of a lower tier");
    // First priced in 2024-07, more than two years before the end of 2026-10.
    assertEquals(Optional.empty(), choice(workload, "gpt-4o-mini"));
    assertEquals(Optional.empty(), choice(workload, "gpt-4o"));
  }

  @Test
  void thePolicyDecidesWhereDataMayGo() {
    String classes =
        """
        data-classes:
          - { name: open, place: api-allowed }
          - { name: contract, place: api-with-agreement, providers: [openai] }
          - { name: closed, place: local-only }
        """;
    List<HostedChoice> contract = priced(policy(classes), thousand("contract")).hostedChoices();
    assertFalse(contract.isEmpty());
    assertTrue(contract.stream().allMatch(c -> c.model().provider().equals("openai")));
    assertTrue(
        priced(policy(classes), thousand("open")).hostedChoices().stream()
            .anyMatch(c -> !c.model().provider().equals("openai")));
    assertEquals(List.of(), priced(policy(classes), thousand("closed")).hostedChoices());
  }

  /** 300,000 tokens a prompt: those with a window of 200,000 are not offered. */
  @Test
  void thePromptsMustFit() {
    Tape tape = thousand("internal");
    Arrays.fill(tape.inputTokens, 300_000);
    WorkloadCase workload = priced(Policy.defaults(), tape);
    assertFalse(workload.hostedChoices().isEmpty());
    assertTrue(
        workload.hostedChoices().stream().allMatch(c -> c.model().contextWindow() >= 300_500));
  }

  /** Prices of a provider's discount hold for that provider's models alone. */
  @Test
  void aDiscountIsTheProvidersOwn() {
    Assumptions half =
        Assumptions.defaults()
            .with(
                (ObjectNode)
                    Documents.parse(
                        "api-discounts-percent: { openai: 50 }".getBytes(StandardCharsets.UTF_8),
                        "a.yaml"),
                "test");
    String asked = "workloads: { w: { hosted-model: %s } }";
    assertEquals(
        0.5 * 0.6625 / month(),
        priced(policy(asked.formatted("gpt-5-mini")), thousand("internal"), half)
            .apiForecastUsd()
            .orElseThrow(),
        SAME);
    assertEquals(
        2.05 / month(),
        priced(policy(asked.formatted("claude-haiku-4-5")), thousand("internal"), half)
            .apiForecastUsd()
            .orElseThrow(),
        SAME);
  }

  /** A model without a price of output is not free: the row has no price, and it is no choice. */
  @Test
  void aModelWithoutAPriceIsUnknown() {
    Pricer pricer =
        new Pricer(
            PriceBook.parse(
                List.of(
                    """
                    {"prices": [{"model": "gpt-5-mini", "from": "2026-01-01", "input": 1,
                     "source": {"kind": "assumed", "reference": "test", "date": "2026-01-01"}}]}""")),
            Optional.empty());
    Desk desk =
        new Desk(Assumptions.defaults(), policy("workloads: { w: { hosted-model: gpt-5-mini } }"));
    WorkloadCase workload =
        new HostedChoices(Desk.CATALOG, pricer).of(desk.add(thousand("internal")));
    assertTrue(workload.apiForecastUsd().isEmpty());
    assertEquals(
        Optional.of("no price of gpt-5-mini for these calls, on which the policy has them priced"),
        workload.spend().problem());
    Desk other = new Desk(Assumptions.defaults(), Policy.defaults());
    assertEquals(
        Optional.empty(),
        choice(
            new HostedChoices(Desk.CATALOG, pricer).of(other.add(thousand("internal"))),
            "gpt-5-mini"));
  }

  /** The row says that another model is cheaper; its verdict and money are as without. */
  @Test
  void aRowSaysSoAndNothingIsDecidedByIt() {
    Policy policy =
        policy("{ hardware: [rtx-4090], workloads: { w: { local-models: [qwen3-8b] } } }");
    Desk desk = new Desk(Assumptions.defaults(), policy);
    desk.add(thousand("internal"));
    Pricer pricer = Desk.PRICER;
    RankedWorkload row =
        new DecideStep(Desk.CATALOG, pricer, policy, Evaluations.none(), Assumptions.defaults())
            .decide(desk.cases(), desk)
            .ranking()
            .get(0);
    assertEquals(Verdict.KEEP_API, row.verdict());
    assertEquals(ReasonCode.NO_SAVING, row.reasons().get(0));
    assertTrue(row.reasons().contains(ReasonCode.OTHER_API_MODEL_CHEAPER));
  }
}
