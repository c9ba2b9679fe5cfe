package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.SharedData;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Situation;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.CashFlow;
import dev.homeward.economics.FleetUse;
import dev.homeward.economics.LocalCost;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the articles behind this project claim, run through the product: the tables of
 * docs/articles.md are this test's output. {@code -Dhomeward.write-articles=true} writes it anew.
 */
@Tag("slow")
final class ArticlesTest {
  private static final int DAYS = 30;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final StringBuilder table = new StringBuilder();
  private final StringBuilder situations = new StringBuilder();

  /** A claim on whether calls of one kind pay at home. */
  private record Claim(
      String article,
      String text,
      String model,
      int perDay,
      int input,
      int output,
      Verdict expected) {}

  @Test
  void theTablesAreWhatTheRunsSay() throws IOException {
    table.append("| article | claim | the product says | holds? | why |\n|---|---|---|---|---|\n");
    apiFigures();
    hardwareFigures();
    fits();
    verdicts();
    Path file = SharedData.root().resolve("docs/articles.md");
    String text = Files.readString(file);
    text = compared(text, "| article | claim | the product says |", table);
    text = compared(text, "| article | claim | own-machine |", situations);
    if (WRITES) {
      Files.writeString(file, text);
    }
  }

  private static final boolean WRITES = Boolean.getBoolean("homeward.write-articles");

  // The text with the table that begins so; it must stand there already unless it is written.
  private static String compared(String text, String beginning, StringBuilder table) {
    int from = text.indexOf(beginning);
    int to = text.indexOf("\n\n", from);
    if (!WRITES) {
      assertEquals(table.toString().strip(), text.substring(from, to).strip());
    }
    return text.substring(0, from) + table.toString().strip() + text.substring(to);
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

  private static final List<Claim> CLAIMS =
      List.of(
          new Claim(
              "001",
              "under 1,000 calls a day stay at the API",
              "claude-3-5-haiku",
              1_000,
              500,
              50,
              Verdict.KEEP_API),
          new Claim(
              "003",
              "10,000 a day: self-hosting does not pay",
              "gpt-4o-mini",
              10_000,
              500,
              300,
              Verdict.KEEP_API),
          new Claim("003", "10,000 a day against gpt-4o", "gpt-4o", 10_000, 500, 300, Verdict.MOVE),
          new Claim(
              "003",
              "500,000 a day on 4x A100 ($22,000 to 35,000) is \"significantly cheaper than"
                  + " GPT-4o-mini\"",
              "gpt-4o-mini",
              500_000,
              500,
              300,
              Verdict.MOVE));

  // Calls of one kind all day long, replayed on the articles' machines at today's assumptions, and
  // in every situation.
  private void verdicts() throws IOException {
    situations.append("| article | claim |");
    Situation.all().forEach(s -> situations.append(" %s |".formatted(s.id())));
    situations.append("\n|---|---|").append("---|".repeat(Situation.all().size())).append('\n');
    for (Claim claim : CLAIMS) {
      situations.append("| %s | %s |".formatted(claim.article, claim.text));
      for (Situation situation : Situation.all()) {
        RankedWorkload row = decided(claim, Assumptions.defaults().in(situation));
        situations.append(
            " %s: %s, %s |"
                .formatted(
                    row.reasons().contains(ReasonCode.SAVES_IN_FEW_FUTURES)
                        ? row.verdict() + ", " + ReasonCode.SAVES_IN_FEW_FUTURES.word()
                        : row.verdict(),
                    usd(row.savingUsd().orElseThrow()),
                    row.chosen().orElseThrow().hardware().id()));
        if (situation.id().equals(Situation.DEFAULT)) {
          verdict(claim, row);
        }
      }
      situations.append('\n');
    }
  }

  private void verdict(Claim claim, RankedWorkload row) {
    Alternative best = row.chosen().orElseThrow();
    OptionalDouble flip = row.flip().orElseThrow().nearest();
    row(
        claim.article,
        claim.text,
        "%s: API %s, %s x%d with %s %s; saves %s; flips at %s calls a day"
            .formatted(
                row.verdict(),
                usd(row.workload().apiForecastUsd().orElseThrow()),
                best.hardware().id(),
                best.fleet().orElseThrow().options().replicas(),
                best.model().id(),
                usd(best.totalUsd().orElseThrow()),
                usd(row.savingUsd().orElseThrow()),
                flip.isPresent()
                    ? String.format(Locale.ROOT, "%,.0f", flip.getAsDouble() * claim.perDay)
                    : "no number of"),
        row.verdict() == claim.expected ? "yes" : "no",
        claim.expected == Verdict.MOVE && claim.perDay == 500_000
            ? "because a server batches: it takes a small part of the article's fleet"
            : "");
    assertEquals(claim.expected, row.verdict(), claim.text);
  }

  private static RankedWorkload decided(Claim claim, Assumptions a) throws IOException {
    Policy policy =
        Policy.defaults()
            .with(
                (ObjectNode)
                    new ObjectMapper()
                        .readTree(
                            "{\"hardware\": [\"mac-mini-m4-32gb\", \"rtx-4090\", \"rtx-4090-x2\","
                                + " \"a10g-on-demand\", \"a100-80gb-on-demand\", \"a100-80gb-x4-on-demand\"]}"),
                "test");
    // One day of the month: what it needs is sized on that day, what it costs is scaled.
    int calls = Math.min(claim.perDay, 50_000);
    double days = (double) calls / claim.perDay;
    Tape tape = tape(claim.model, calls, claim.input, claim.output, days);
    long from = tape.startedAtMicros[0];
    long to = from + (long) (MICROS_PER_DAY * days);
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
            WorkloadProfiler.profile(tape),
            Desk.PRICER.price(tape),
            period,
            policy,
            Desk.CATALOG.hostedModels().byId(claim.model),
            a);
    List<Evaluations.Evidence> evidence = new ArrayList<>();
    for (String local : List.of("qwen3.5-27b", "qwen3-30b-a3b", "llama-3.1-8b")) {
      evidence.add(
          new Evaluations.Evidence(
              "calls", local, "assumed good enough", 0.9, 0.9, 9000, 0, 0, "assumed", 0, ""));
    }
    ReplaySettings settings =
        new ReplaySettings(
            from, to, ReplayOptions.PrefixCache.OFF, ReplayOptions.Lengths.AS_LOGGED, 0, false);
    Replays replays =
        requests ->
            requests.stream()
                .map(
                    r ->
                        settings.size(
                            List.of(Desk.PRICER.billed(tape)),
                            List.of(workload.serviceLevel()),
                            r.deployment(),
                            r.volume(),
                            r.bounds()))
                .toList();
    return new DecideStep(Desk.CATALOG, Desk.PRICER, policy, new Evaluations(evidence), a)
        .decide(List.of(workload), replays)
        .ranking()
        .get(0);
  }

  private static Tape tape(String model, int calls, int input, int output, double days) {
    long from = Instant.parse("2026-09-01T00:00:00Z").getEpochSecond() * 1_000_000L;
    Random random = new Random(1);
    long[] starts = new long[calls];
    for (int i = 0; i < calls; i++) {
      starts[i] = from + (long) (random.nextDouble() * MICROS_PER_DAY * days);
    }
    Arrays.sort(starts);
    String maker = model.startsWith("claude") ? "anthropic" : "openai";
    Tape tape = Desk.tape(new WorkloadKey("calls", model, "internal"), starts, maker);
    Arrays.fill(tape.inputTokens, input);
    Arrays.fill(tape.outputTokens, output);
    return tape;
  }

  private static String usd(double usd) {
    return String.format(Locale.ROOT, usd < 0 ? "-$%,.2f" : "$%,.2f", Math.abs(usd));
  }
}
