package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.SharedData;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.CashFlow;
import dev.homeward.economics.FleetUse;
import dev.homeward.economics.LocalCost;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the articles behind this project claim, run through the product: the table of
 * docs/articles.md is this test's output. {@code -Dhomeward.write-articles=true} writes it anew.
 */
@Tag("slow")
final class ArticlesTest {
  private static final int DAYS = 30;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final StringBuilder table = new StringBuilder();

  @Test
  void theTableIsWhatTheRunsSay() throws IOException {
    table.append("| article | claim | the product says | holds? | why |\n|---|---|---|---|---|\n");
    apiFigures();
    hardwareFigures();
    fits();
    verdicts();
    Path file = SharedData.root().resolve("docs/articles.md");
    String text = Files.readString(file);
    int from = text.indexOf("| article |");
    int to = text.indexOf("\n\n", from);
    if (Boolean.getBoolean("homeward.write-articles")) {
      Files.writeString(
          file, text.substring(0, from) + table.toString().strip() + text.substring(to));
    } else {
      assertEquals(table.toString().strip(), text.substring(from, to).strip());
    }
  }

  private void row(String article, String claim, String says, String holds, String why) {
    table.append("| %s | %s | %s | %s | %s |\n".formatted(article, claim, says, holds, why));
  }

  // A month of so many calls a day, priced by the price book.
  private static double apiUsd(String model, int perDay, int input, int output) {
    Tape one = tape(model, 1, input, output, 1);
    ApiQuote quote = Desk.PRICER.quote(Desk.PRICER.billed(one).use());
    return ((ApiQuote.Known) quote).usd() * perDay * DAYS;
  }

  private void apiFigures() {
    row(
        "001",
        "an agent every 30 minutes, 500 in, 50 out: $0.86 a month",
        usd(apiUsd("claude-3-5-haiku", 48, 500, 50)),
        "yes",
        "");
    row(
        "001",
        "1,000 calls a day of that: under $20; elsewhere under 1,000 a day is \"less than $1\"",
        usd(apiUsd("claude-3-5-haiku", 1000, 500, 50)),
        "the first",
        "$0.86 is 48 calls a day");
    row(
        "001",
        "100,000 calls a day: approaching $180",
        usd(apiUsd("claude-3-5-haiku", 100_000, 500, 50)),
        "no",
        "ten times too low");
    for (int perDay : new int[] {1_000, 10_000, 500_000}) {
      row(
          "003",
          "%,d a day, 500 in, 300 out: gpt-4o-mini $%,.2f, gpt-4o $%,.2f"
              .formatted(perDay, 0.0225 * perDay, 0.375 * perDay),
          usd(apiUsd("gpt-4o-mini", perDay, 500, 300))
              + ", "
              + usd(apiUsd("gpt-4o", perDay, 500, 300)),
          "no",
          "2.94 times too high at its own prices");
    }
  }

  private void hardwareFigures() {
    Assumptions a = Assumptions.defaults();
    for (Object[] r :
        new Object[][] {
          {"a10g-on-demand", "an A10G always on at $3.50: $2,520", "yes", ""},
          {
            "a10g-spot-nights",
            "an A10G spot, 8 hours a day: $840",
            "no",
            "$840 is the on-demand rate for 8 hours; spot is $0.45 in the catalog"
          }
        }) {
      LocalCost cost =
          LocalCost.of(
              a, Desk.CATALOG.hardware((String) r[0]), new FleetUse(1, DAYS * 24, 0, 0, 0, false));
      row(
          "003",
          (String) r[1],
          usd(cost.lines().get(0).monthlyUsd()),
          (String) r[2],
          (String) r[3]);
    }
    for (double watts : new double[] {350, 450}) {
      row(
          "002",
          "%.0f W all month: %.0f kWh".formatted(watts, watts * 0.72),
          "%.0f kWh".formatted(watts * DAYS * 24 / 1000),
          "yes",
          "");
    }
    row(
        "004",
        "a Mac mini against $50 and $200 of API a month: under 2 years, 6 months",
        "months %d and %d, gross"
            .formatted(
                new CashFlow(1149, 50, 0, 36).paybackMonths().orElseThrow(),
                new CashFlow(1149, 200, 0, 36).paybackMonths().orElseThrow()),
        "gross",
        "");
    LocalCost mini =
        LocalCost.of(
            a,
            Desk.CATALOG.hardware("mac-mini-m4-32gb"),
            new FleetUse(1, DAYS * 24, 100, 0.8, 0, false));
    row(
        "004",
        "self-hosted is free after the purchase",
        usd(mini.runningUsd()) + " a month of power, space and people for a Mac mini",
        "no",
        // A fleet's hour and half an hour, a workload's half, a quarter of the Mac's own.
        "people are %s of it; another %s is shared by all fleets"
            .formatted(
                usd(a.people().engineerUsdPerHour() * 2.25), usd(a.people().engineerUsdPerHour())));
  }

  private void fits() {
    fit("003", "a 4-bit 70B runs on 24 GB", "rtx-4090", "llama-3.1-70b", "q4_k_m", "no");
    fit("003", "and on two of them", "rtx-4090-x2", "llama-3.1-70b", "q4_k_m", "yes");
    fit(
        "004",
        "a Mac Studio of 192 GB runs full DeepSeek V3",
        "mac-studio-m2-ultra",
        "deepseek-v3",
        "q4_k_m",
        "no");
  }

  private void fit(
      String article, String claim, String box, String model, String quantization, String holds) {
    Fit fit =
        Deployments.fit(
            Desk.CATALOG.hardware(box),
            Desk.CATALOG.model(model),
            Desk.CATALOG.quantization(quantization),
            Desk.CATALOG.engine("llama.cpp"),
            4096);
    if (fit instanceof Fit.DoesNotFit not) {
      row(article, claim, not.explanation(), holds, "");
      assertEquals("no", holds);
    } else {
      row(article, claim, "it fits", holds, "");
      assertEquals("yes", holds);
    }
  }

  // Calls of one kind all day long, replayed on the articles' machines at today's assumptions.
  private void verdicts() throws IOException {
    verdict(
        "001",
        "under 1,000 calls a day stay at the API",
        "claude-3-5-haiku",
        1_000,
        500,
        50,
        Verdict.KEEP_API);
    verdict(
        "003",
        "10,000 a day: self-hosting does not pay",
        "gpt-4o-mini",
        10_000,
        500,
        300,
        Verdict.KEEP_API);
    verdict("003", "10,000 a day against gpt-4o", "gpt-4o", 10_000, 500, 300, Verdict.MOVE);
    verdict(
        "003",
        "500,000 a day on 4x A100 ($22,000 to 35,000) is \"significantly cheaper than GPT-4o-mini\"",
        "gpt-4o-mini",
        500_000,
        500,
        300,
        Verdict.MOVE);
  }

  private void verdict(
      String article,
      String claim,
      String model,
      int perDay,
      int input,
      int output,
      Verdict expected)
      throws IOException {
    Policy policy =
        Policy.defaults()
            .with(
                (ObjectNode)
                    new ObjectMapper()
                        .readTree(
                            "{\"hardware\": [\"mac-mini-m4-32gb\", \"rtx-4090\", \"rtx-4090-x2\","
                                + " \"a10g-on-demand\", \"a100-80gb-on-demand\", \"a100-80gb-x4-on-demand\"]}"),
                "test");
    Assumptions a = Assumptions.defaults();
    // One day of the month: what it needs is sized on that day, what it costs is scaled.
    int calls = Math.min(perDay, 50_000);
    Tape tape = tape(model, calls, input, output, (double) calls / perDay);
    var spend = Desk.PRICER.price(tape);
    long from = tape.startedAtMicros[0];
    long to = from + (long) (MICROS_PER_DAY * ((double) calls / perDay));
    ReviewPeriod period =
        new ReviewPeriod(
            YearMonth.of(2026, 9),
            ZoneOffset.UTC,
            from,
            from + DAYS * MICROS_PER_DAY,
            from,
            to,
            (double) (to - from) / (DAYS * MICROS_PER_DAY));
    WorkloadCase workload =
        WorkloadCase.of(
            dev.homeward.calls.WorkloadProfiler.profile(tape),
            spend,
            period,
            policy,
            Desk.CATALOG.hostedModels().byId(model),
            a);
    var evidence = new java.util.ArrayList<Evaluations.Evidence>();
    for (String local : java.util.List.of("qwen3.5-27b", "qwen3-30b-a3b", "llama-3.1-8b")) {
      evidence.add(
          new Evaluations.Evidence(
              "calls", local, "assumed good enough", 0.9, 0.9, 9000, 0, 0, "assumed", 0, ""));
    }
    var settings =
        new dev.homeward.replay.ReplaySettings(
            from,
            to,
            dev.homeward.replay.ReplayOptions.PrefixCache.OFF,
            dev.homeward.replay.ReplayOptions.Lengths.AS_LOGGED,
            0,
            false);
    Replays replays =
        requests ->
            requests.stream()
                .map(
                    r ->
                        settings.size(
                            java.util.List.of(Desk.PRICER.billed(tape)),
                            java.util.List.of(workload.serviceLevel()),
                            r.deployment(),
                            r.volume(),
                            r.bounds()))
                .toList();
    RankedWorkload row =
        new DecideStep(Desk.CATALOG, Desk.PRICER, policy, new Evaluations(evidence), a)
            .decide(java.util.List.of(workload), replays)
            .ranking()
            .get(0);
    Alternative best = row.chosen().orElseThrow();
    row(
        article,
        claim,
        "%s: API %s, %s x%d with %s %s; saves %s; flips at %s calls a day"
            .formatted(
                row.verdict(),
                usd(workload.apiForecastUsd().orElseThrow()),
                best.hardware().id(),
                best.fleet().orElseThrow().options().replicas(),
                best.model().id(),
                usd(best.totalUsd().orElseThrow()),
                usd(row.savingUsd().orElseThrow()),
                row.flip().orElseThrow().nearest().isPresent()
                    ? String.format(
                        Locale.ROOT,
                        "%,.0f",
                        row.flip().orElseThrow().nearest().getAsDouble() * perDay)
                    : "no number of"),
        row.verdict() == expected ? "yes" : "no",
        expected == Verdict.MOVE && perDay == 500_000
            ? "because a server batches: it takes a small part of the article's fleet"
            : "");
    assertEquals(expected, row.verdict(), claim);
  }

  private static Tape tape(String model, int calls, int input, int output, double days) {
    long from = Instant.parse("2026-09-01T00:00:00Z").getEpochSecond() * 1_000_000L;
    java.util.Random random = new java.util.Random(1);
    long[] starts = new long[calls];
    for (int i = 0; i < calls; i++) {
      starts[i] = from + (long) (random.nextDouble() * MICROS_PER_DAY * days);
    }
    java.util.Arrays.sort(starts);
    Tape tape = Desk.tape(new WorkloadKey("calls", model, "internal"), starts);
    java.util.Arrays.fill(tape.inputTokens, input);
    java.util.Arrays.fill(tape.outputTokens, output);
    return tape;
  }

  private static String usd(double usd) {
    return String.format(Locale.ROOT, usd < 0 ? "-$%,.2f" : "$%,.2f", Math.abs(usd));
  }
}
