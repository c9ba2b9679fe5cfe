package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.generate.Generator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What-if against full reviews of the same settings, and reviews against one another. */
final class WhatIfTest {
  /** So many calls that the growth of a fifth a month stands out of chance. */
  private static final double SCALE = 0.2;

  @TempDir static Path folder;
  private static Path logs;
  private static Path review;
  private static String firstText;

  @BeforeAll
  static void reviewOnce() throws IOException {
    logs = generate("logs", Generator.FIRST_MONTH);
    review = folder.resolve("review");
    Cli.Ran ran = review(logs, review);
    assertEquals(0, ran.exit(), ran.err());
    firstText = ran.out();
  }

  private static Path generate(String name, YearMonth month) {
    Path out = folder.resolve(name);
    Generator.write(3, SCALE, out, month);
    return out;
  }

  private static Cli.Ran review(Path logs, Path out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("review", logs.toString(), "--out", out.toString(), "--master", "local[2]"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  /** Money alone: the ranking is that of a full review with the same assumptions, to the cent. */
  @Test
  void moneyEqualsAFullReview() throws IOException {
    Path money = folder.resolve("money.yaml");
    Files.writeString(
        money,
        """
        electricity-usd-per-kwh: 0.31
        engineer-usd-per-hour: 40
        horizon-months: 24
        api-price-factor: 3
        """);
    Path full = folder.resolve("full-money");
    assertEquals(0, review(logs, full, "--assumptions", money.toString()).exit());
    same(
        full,
        "--set",
        "assumptions.electricity-usd-per-kwh=0.31",
        "--set",
        "assumptions.engineer-usd-per-hour=40",
        "--set",
        "assumptions.horizon-months=24",
        "--set",
        "assumptions.api-price-factor=3");
  }

  /**
   * A situation, asked for by flag or by path, is that of a full review in it; and what the review
   * said of it beforehand is what that review's plan comes to.
   */
  @Test
  void aSituationEqualsAFullReviewAndWhatTheReviewSaidOfIt() throws IOException {
    Path full = folder.resolve("full-own-machine");
    Cli.Ran ran = review(logs, full, "--situation", "own-machine");
    assertEquals(0, ran.exit(), ran.err());
    assertTrue(ran.out().contains("Situation: own-machine."), ran.out());
    same(full, "--situation", "own-machine");
    same(full, "--set", "assumptions.situation=own-machine");
    ObjectMapper json = new ObjectMapper();
    JsonNode said = json.readTree(review.resolve("summary.json").toFile());
    JsonNode there = json.readTree(full.resolve("summary.json").toFile());
    assertEquals("small-team", said.get("situation").asText());
    assertEquals("own-machine", there.get("situation").asText());
    assertTrue(firstText.contains(" " + inOther("own-machine", there)), firstText);
    assertTrue(ran.out().contains(" " + inOther("small-team", said)), ran.out());
    assertTrue(firstText.contains("company $") && firstText.contains("existing-servers $"));
  }

  private static String inOther(String situation, JsonNode summary) {
    double usd = summary.at("/plan/saving_monthly_usd").doubleValue();
    return String.format(
        Locale.ROOT, "%s $%.2f %s", situation, Math.abs(usd), usd < 0 ? "dearer" : "saved");
  }

  /** What the review's own file gave stands in every situation. */
  @Test
  void whatTheReviewWasGivenStandsInAnotherSituation() throws IOException {
    Path given = folder.resolve("given.yaml");
    Files.writeString(given, "engineer-usd-per-hour: 40\n");
    Path before = folder.resolve("given");
    assertEquals(0, review(logs, before, "--assumptions", given.toString()).exit());
    Path full = folder.resolve("full-given");
    assertEquals(
        0, review(logs, full, "--assumptions", given.toString(), "--situation", "company").exit());
    same(before, full, "--situation", "company");
    Cli.Ran unknown = Cli.run("whatif", before.toString(), "--situation", "garage");
    assertEquals(2, unknown.exit());
    assertTrue(unknown.err().contains("Unknown situation: garage"), unknown.err());
  }

  /** Another box, another service level, more volume, shorter answers: what must be is replayed. */
  @Test
  void newHardwareAndVolumeEqualAFullReview() throws IOException {
    Path boxes = folder.resolve("boxes.yaml");
    String entry =
        """
        hardware:
          - { id: rack, name: Rack, accelerator: l40s, count: 2, idle-watts: 150, busy-watts: 700, load-gb-per-s: 2, default: true,
              acquisition: { mode: bought, price-usd: 15000 }, source: { kind: assumed, reference: test, date: "2026" } }
        """;
    Files.writeString(boxes, entry);
    Path money = folder.resolve("volume.yaml");
    Files.writeString(money, "volume-factor: 2\noutput-token-ratio: 0.8\n");
    Path full = folder.resolve("full-boxes");
    assertEquals(
        0,
        review(logs, full, "--hardware", boxes.toString(), "--assumptions", money.toString())
            .exit());
    Path scenario = folder.resolve("scenario.yaml");
    Files.writeString(
        scenario,
        "name: bigger\nassumptions: { volume-factor: 2, output-token-ratio: 0.8 }\ncatalog:\n"
            + entry.indent(2));
    same(full, "--scenario", scenario.toString());
  }

  /** Prices that were announced: calls are priced anew, what overflows too. */
  @Test
  void pricesEqualAFullReview() throws IOException {
    Path prices = folder.resolve("prices.yaml");
    String book =
        """
        prices:
          - { model: gpt-4o, from: "2024-08-06", input: 2500000, cache-read: 1250000, output: 10000000, source: { kind: vendor, reference: test, date: "2026" } }
          - { model: gpt-4o, from: "2026-11-01", input: 1000000, output: 4000000, source: { kind: vendor, reference: test, date: "2026" } }
        """;
    Files.writeString(prices, book);
    Path full = folder.resolve("full-prices");
    assertEquals(0, review(logs, full, "--prices", prices.toString()).exit());
    Path scenario = folder.resolve("cheaper.yaml");
    Files.writeString(scenario, "prices:\n" + book.indent(2));
    same(full, "--scenario", scenario.toString());
  }

  /** What is asked about single workloads equals a full review under that policy. */
  @Test
  void questionsAboutWorkloadsEqualAFullReview() throws IOException {
    Path policy = folder.resolve("asked.yaml");
    String workloads = Files.readString(logs.resolve("homeward/policy.yaml"));
    String asked =
        "  email-drafts: { hosted-model: gpt-5-mini }\n  fraud-screen: { boxes: 2, quantization: fp8 }\n";
    Files.writeString(policy, workloads.replace("\nworkloads:\n", "\nworkloads:\n" + asked));
    assertTrue(Files.readString(policy).contains(asked), "the sample's policy has workloads");
    Path full = folder.resolve("full-asked");
    assertEquals(0, review(logs, full, "--policy", policy.toString()).exit());
    same(
        full,
        "--set",
        "workloads.email-drafts.hosted-model=gpt-5-mini",
        "--set",
        "workloads.fraud-screen.boxes=2",
        "--set",
        "workloads.fraud-screen.quantization=fp8");
  }

  /** Words that YAML 1.1 took for false, as a person types them. */
  @Test
  void aPrefixCacheIsOff() {
    Cli.Ran ran = Cli.run("whatif", review.toString(), "--set", "assumptions.prefix-cache=off");
    assertEquals(0, ran.exit(), ran.err());
  }

  @Test
  void anEngineAndAPlacementAreAsked() {
    Cli.Ran ran =
        Cli.run(
            "whatif",
            review.toString(),
            "--format",
            "csv",
            "--set",
            "workloads.faq-answers.engine=llama.cpp",
            "--set",
            "workloads.support-chat.placement=rtx-pro-6000",
            "--set",
            "prices.gpt-4o.batch.input=1");
    assertEquals(0, ran.exit(), ran.err());
    List<String> rows = ran.out().lines().filter(l -> l.startsWith("set,")).toList();
    assertTrue(
        rows.stream().anyMatch(l -> l.contains(",faq-answers,") && l.contains(",llama.cpp,")),
        ran.out());
    assertTrue(
        rows.stream().anyMatch(l -> l.contains(",support-chat,") && l.contains(",rtx-pro-6000,")),
        ran.out());
    Cli.Ran wrong =
        Cli.run("whatif", review.toString(), "--set", "workloads.fraud-screen.engine=llama");
    assertEquals(2, wrong.exit());
    assertTrue(wrong.err().contains("Unknown engine: llama (nearest: "), wrong.err());
    assertTrue(wrong.err().contains("llama.cpp"), wrong.err());
  }

  /** Nothing changed: decided anew from the directory, the ranking is the review's. */
  @Test
  void whatIsAlreadySoGivesTheReview() throws IOException {
    same(review, "--set", "assumptions.horizon-months=36");
  }

  /** What people are likely to ask about money was replayed by the review. */
  @Test
  void likelyQuestionsNeedNoReplay() {
    for (String set :
        List.of(
            "assumptions.horizon-months=48",
            "assumptions.engineer-usd-per-hour=120",
            "assumptions.electricity-usd-per-kwh=0.3",
            "hardware.rtx-5090.price=2625")) {
      Cli.Ran ran = Cli.run("whatif", review.toString(), "--set", set);
      assertEquals(0, ran.exit(), ran.err());
      assertFalse(ran.err().contains("replayed"), set + ": " + ran.err());
      // The same workload has another figure in the review's table: the table says why.
      assertTrue(ran.out().contains("its part of what the plan saves a month"), ran.out());
    }
  }

  /** A review that another version of the program wrote is decided anew before it is compared. */
  @Test
  void aReviewOfAnotherVersionIsDecidedAnew() throws IOException {
    Path older = folder.resolve("older");
    try (Stream<Path> files = Files.walk(review)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, older.resolve(review.relativize(file).toString()));
      }
    }
    Path manifest = older.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replaceAll("(\"code_version\" : \")[^\"]*", "$10.0.9+then")
            // Programs of then did not list what they wrote.
            .replace("\"outputs\"", "\"not_known_then\""));
    Path ranking = older.resolve("ranking.csv");
    Files.writeString(
        ranking, Files.readString(ranking).replaceAll("[0-9]+\\.[0-9]{2}\\b", "1.00"));
    Cli.Ran ran =
        Cli.run(
            "whatif",
            older.toString(),
            "--format",
            "csv",
            "--set",
            "assumptions.horizon-months=36");
    assertEquals(0, ran.exit(), ran.err());
    Path csv = folder.resolve("older.csv");
    Files.writeString(csv, ran.out());
    List<Map<String, String>> rows = Cli.rows(csv);
    List<Map<String, String>> expected = Cli.ranking(review);
    assertEquals(2 * expected.size(), rows.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).get("npv_usd"), rows.get(i).get("npv_usd"));
    }
  }

  /** Credits end: calls that went to the API for nothing have a price again. */
  @Test
  void whatWasFreeIsPricedAgain() throws IOException {
    Path credits = folder.resolve("credits.yaml");
    String providers =
        "{ openai: %1$d, azure: %1$d, anthropic: %1$d, vertex_ai: %1$d, mistral: %1$d }";
    Files.writeString(credits, "api-discounts-percent: " + providers.formatted(100) + "\n");
    Path free = folder.resolve("free");
    assertEquals(0, review(logs, free, "--assumptions", credits.toString()).exit());
    same(free, review, "--set", "assumptions.api-discounts-percent=" + providers.formatted(0));
  }

  private static void same(Path full, String... scenario) throws IOException {
    same(review, full, scenario);
  }

  private static void same(Path review, Path full, String... scenario) throws IOException {
    List<String> args = new ArrayList<>(List.of("whatif", review.toString(), "--format", "csv"));
    args.addAll(List.of(scenario));
    Cli.Ran ran = Cli.run(args.toArray(String[]::new));
    assertEquals(0, ran.exit(), ran.err());
    Path csv = folder.resolve("whatif.csv");
    Files.writeString(csv, ran.out());
    List<Map<String, String>> all = Cli.rows(csv);
    String last = all.get(all.size() - 1).get("scenario");
    List<Map<String, String>> rows =
        all.stream().filter(r -> r.get("scenario").equals(last)).toList();
    List<Map<String, String>> expected = Cli.ranking(full);
    assertEquals(expected.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      for (Map.Entry<String, String> cell : expected.get(i).entrySet()) {
        assertEquals(
            cell.getValue(),
            rows.get(i).get(cell.getKey()),
            expected.get(i).get("workload") + " " + cell.getKey());
      }
    }
    // And the first column is the review itself.
    List<Map<String, String>> before =
        all.stream().filter(r -> r.get("scenario").equals("review")).toList();
    for (int i = 0; i < before.size(); i++) {
      for (Map.Entry<String, String> cell : Cli.ranking(review).get(i).entrySet()) {
        assertEquals(cell.getValue(), before.get(i).get(cell.getKey()));
      }
    }
  }

  @Test
  void aSweepRanksAllHardwareOfAName() {
    Cli.Ran ran =
        Cli.run("whatif", review.toString(), "--workload", "fraud-screen", "--sweep", "rtx-*");
    assertEquals(0, ran.exit(), ran.err());
    for (String box : List.of("rtx-3090", "rtx-4090", "rtx-4090-x2", "rtx-5090", "rtx-pro-6000")) {
      assertTrue(ran.out().contains("  " + box + " "), ran.out());
    }
  }

  @Test
  void mistakesAreNamedAllAtOnce() {
    Cli.Ran ran =
        Cli.run(
            "whatif",
            review.toString(),
            "--set",
            "assumptions.elektricity=1",
            "--set",
            "hardware.rtx-4099.price=1",
            "--set",
            "assumptions.pue=0.5");
    assertEquals(2, ran.exit());
    assertTrue(ran.err().contains("unknown key 'elektricity'"), ran.err());
    assertTrue(ran.err().contains("Unknown hardware: rtx-4099"), ran.err());
    assertTrue(ran.err().contains("/pue"), ran.err());
  }

  @Test
  void aReviewDoesNotDifferFromItself() {
    Cli.Ran ran = Cli.run("diff", review.toString(), review.toString());
    assertEquals(0, ran.exit(), ran.err());
    assertTrue(ran.out().contains("; 0 changes."), ran.out());
    // What is no change and is said all the same: violations that persist.
    List<String> lines = ran.out().lines().skip(1).toList();
    assertEquals(
        List.of(
            "  violation     intake-notes / gpt-4o / phi",
            "  violation     underwriting-files / gemini-2.5-pro / restricted"),
        lines.stream().map(line -> line.replaceAll(":.*", "")).toList());
    assertEquals(
        1, Cli.run("diff", review.toString(), review.toString(), "--fail-on", "violation").exit());
    assertEquals(
        0,
        Cli.run(
                "diff",
                review.toString(),
                review.toString(),
                "--fail-on",
                "new-violation,verdict-change")
            .exit());
  }

  /** All of them, each with its reason, and no share of a variance that reads as one of costs. */
  @Test
  void explainListsEveryAlternativeAndSaysDoubtsInDollars() throws IOException {
    JsonNode decisions = new ObjectMapper().readTree(review.resolve("decisions.json").toFile());
    for (JsonNode workload : decisions.get("workloads")) {
      String name = workload.get("row").get("workload").asText();
      Cli.Ran ran = Cli.run("explain", name, "--review", review.toString());
      String said = ran.out().replaceAll("\\s+", " ");
      for (JsonNode a : workload.get("alternatives")) {
        String what =
            "%s %s %s on"
                .formatted(
                    a.get("local_model").asText(),
                    a.get("quantization").asText(),
                    a.get("engine").asText());
        assertTrue(said.contains(what), what + "\n" + ran.out());
        assertTrue(said.contains(a.get("hardware").asText()), ran.out());
        if (a.has("explanation")) {
          String why = a.get("explanation").asText().replaceAll("\\s+", " ");
          assertTrue(said.contains(why), why + "\n" + ran.out());
        }
      }
      assertFalse(said.matches(".*\\de[+-]\\d.*"), ran.out());
      assertFalse(said.matches(".*incidents \\(\\d+ %\\).*"), ran.out());
    }
  }

  /** The planted changes of the second month, and the growth that was planted before. */
  @Test
  void twoMonthsDifferByWhatWasPlanted() throws IOException {
    Path next = folder.resolve("next-review");
    assertEquals(0, review(generate("next", Generator.FIRST_MONTH.plusMonths(1)), next).exit());
    Cli.Ran ran =
        Cli.run(
            "diff",
            review.toString(),
            next.toString(),
            "--fail-on",
            "verdict-change,new-violation");
    List<String> lines =
        ran.out()
            .lines()
            .skip(1)
            .takeWhile(l -> l.startsWith("  "))
            .map(l -> l.strip().replaceAll(":.*", ""))
            .toList();
    List<String> planted =
        List.of(
            "volume        document-extract / gpt-4o / confidential",
            "tenfold       faq-answers / gpt-4o-mini / public",
            "volume        fraud-screen / gpt-4o / confidential",
            "new           returns-triage / gpt-4o / internal",
            "gone          status-agent / claude-3-5-haiku / internal",
            "mix           support-chat / gpt-4o / confidential");
    for (String line : planted) {
      assertTrue(lines.contains(line), line + " is missing in\n" + ran.out());
    }
    // What else is there follows from them: a verdict or a box that another volume changes.
    for (String line : lines) {
      assertTrue(
          planted.contains(line)
              || line.startsWith("verdict")
              || line.startsWith("model")
              || line.startsWith("plan")
              || line.startsWith("violation"),
          ran.out());
    }
    assertTrue(ran.out().contains("\nDollars a day, at announced prices:\n"), ran.out());
    assertTrue(
        ran.out().lines().anyMatch(l -> l.matches("  fraud-screen .*: API \\$\\d.*")), ran.out());
    boolean flipped = lines.stream().anyMatch(l -> l.startsWith("verdict"));
    assertEquals(flipped ? 1 : 0, ran.exit());
  }
}
