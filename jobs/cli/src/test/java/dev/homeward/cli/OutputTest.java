package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What commands print, for programs: with --json one document and nothing else, whatever the names
 * in the log; and the metrics of a review. One small review of hostile names serves all tests.
 */
final class OutputTest {
  /** Refuses a second document, and a key that stands twice. */
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final List<String> NAMES =
      List.of(
          "plain",
          "<script>alert(1)</script>",
          "=cmd|' /C calc'!A0",
          "quote\" back\\slash",
          "\u202egnilaever",
          "日本語",
          "x".repeat(10_000));

  @TempDir static Path folder;
  private static Path log;
  private static Path review;
  private static Cli.Ran made;

  @BeforeAll
  static void makeAReview() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      lines.add(
          STRICT
              .createObjectNode()
              .put("started_at", "2026-10-%02dT%02d:%02d:01Z".formatted(1 + i % 31, i % 24, i % 60))
              .put("request_model", "gpt-4o")
              .put("workload", NAMES.get(i % NAMES.size()))
              .put("input_tokens", 3000 + i)
              .put("output_tokens", 100)
              .put("duration_us", 1_000_000)
              .toString());
    }
    lines.add(
        "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"gpt-4o\",\"input_tokens\":-1}");
    log = folder.resolve("log.jsonl");
    Files.write(log, lines);
    review = folder.resolve("reviews").resolve("2026-10");
    made =
        Cli.run(
            "review",
            log.toString(),
            "--workers",
            "local",
            "--month",
            "2026-10",
            "--out",
            folder.resolve("reviews") + "/{month}",
            "--metrics",
            folder.resolve("homeward.prom").toString(),
            "--json");
  }

  /** A command without them would be one that a scheduler's script must treat apart. */
  @Test
  void everyCommandHasJsonAndVerbose() {
    List<String> without = new ArrayList<>();
    collect(Main.commandLine(), "homeward", without);
    assertEquals(List.of(), without);
  }

  private static void collect(CommandLine at, String path, List<String> without) {
    boolean works = at.getSubcommands().isEmpty();
    if (works && !at.getCommandSpec().usageMessage().hidden()) {
      for (String option : List.of("--json", "--verbose")) {
        if (at.getCommandSpec().findOption(option) == null) {
          without.add(path + " has no " + option + " (@Mixin private OutputFlags output)");
        }
      }
    }
    at.getSubcommands().forEach((name, sub) -> collect(sub, path + " " + name, without));
  }

  @Test
  void aReviewPrintsItsSummaryWhenItIsMadeAndWhenItIsThere() throws IOException {
    assertEquals(0, made.exit(), made.err());
    JsonNode summary = STRICT.readTree(review.resolve("summary.json").toFile());
    assertEquals(summary, document(made));
    Cli.Ran again = review("--json");
    assertEquals(0, again.exit(), again.err());
    assertEquals(summary, document(again));
    assertFalse(again.err().contains("decided on"), "made again: " + again.err());
  }

  @Test
  void progressSaysWhereTheTimeWent() {
    assertTrue(made.err().contains("Where the time went, "), made.err());
    assertTrue(made.err().contains("%  replays and decision"), made.err());
    assertFalse(made.err().contains("log.jsonl: "), "details are for those who ask");
  }

  @Test
  void verboseSaysWhatWasReadAndShowsTheTraceOfAMistake() {
    Cli.Ran ran = review("--force", "--verbose");
    assertEquals(0, ran.exit(), ran.err());
    assertTrue(ran.err().contains("log.jsonl: "), ran.err());
    assertTrue(ran.err().contains(" bytes, canonical-jsonl ("), ran.err());
    assertTrue(ran.err().contains("policy.yaml: defaults"), ran.err());
    assertTrue(ran.err().contains("memory: "), ran.err());
    Cli.Ran mistake = Cli.run("explain", "nobody", "--review", review.toString());
    assertEquals(2, mistake.exit());
    assertFalse(mistake.err().contains("\tat "), mistake.err());
    Cli.Ran traced = Cli.run("explain", "nobody", "--review", review.toString(), "--verbose");
    assertEquals(2, traced.exit());
    assertTrue(traced.err().startsWith(mistake.err().strip()), traced.err());
    assertTrue(traced.err().contains("\tat dev.homeward.report.Explain"), traced.err());
  }

  @Test
  void whatLogsHoldIsADocument() throws IOException {
    Cli.Ran validated = Cli.run("validate", log.toString(), "--json");
    assertEquals(1, validated.exit(), "a record was rejected");
    JsonNode found = document(validated);
    assertFalse(found.get("clean").booleanValue());
    JsonNode file = found.get("files").get(0);
    assertEquals(401, file.get("records").intValue());
    assertEquals(400, file.get("calls").intValue());
    assertEquals(1, file.at("/rejected_by_reason/negative_tokens").intValue());
    assertEquals(401, file.at("/rejected_records/0/line").intValue());
    assertEquals(400, file.at("/calls_by_model/gpt-4o").intValue());
    assertEquals(7, file.get("calls_by_workload").size());
    // 3,000 to 3,399: 400 times 3,199.5.
    assertEquals(1_279_800, found.at("/total/tokens/input").intValue());
    assertEquals("2026-10-01T00:00:01Z", file.get("first_call").textValue());
    Path clean = folder.resolve("clean");
    JsonNode ingested =
        document(
            Cli.run(
                "ingest",
                log.toString(),
                "--workers",
                "local",
                "--out",
                clean.toString(),
                "--json"));
    assertEquals(400, ingested.at("/total/calls").intValue());
    assertEquals(clean.toString(), ingested.get("directory").textValue());
    assertEquals(
        STRICT.readTree(clean.resolve("manifest.json").toFile()).get("inputs"),
        ingested.get("inputs"));
  }

  @Test
  void whatAReviewAnswersIsADocument() throws IOException {
    String of = review.toString();
    JsonNode whatIf = document(Cli.run("whatif", of, "--set", "assumptions.pue=1.2", "--json"));
    assertEquals(2, whatIf.get("scenarios").size());
    assertEquals(
        whatIf,
        document(Cli.run("whatif", of, "--set", "assumptions.pue=1.2", "--format", "json")));
    JsonNode sweep =
        document(Cli.run("whatif", of, "--workload", "plain", "--sweep", "rtx-4090", "--json"));
    assertEquals("rtx-4090", sweep.at("/workloads/0/hardware/0/hardware").textValue());
    JsonNode explained = document(Cli.run("explain", "plain", "--review", of, "--json"));
    assertEquals("plain", explained.at("/workloads/0/row/workload").textValue());
    assertEquals(2, Cli.run("explain", "nobody", "--review", of, "--json").exit());
    assertTrue(document(Cli.run("diff", of, of, "--json")).isArray());
    Path report = folder.resolve("report");
    JsonNode written =
        document(Cli.run("report", of, "--out", report.toString(), "--json")).get("written");
    assertTrue(written.toString().contains("metrics.prom"), written.toString());
    assertEquals(
        Files.readString(review.resolve("metrics.prom")),
        Files.readString(report.resolve("metrics.prom")));
  }

  @Test
  void whatIsKnownAndMadeIsADocument() throws IOException {
    JsonNode catalog = document(Cli.run("catalog", "--json"));
    assertEquals(
        new TreeSet<>(
            List.of(
                "hardware",
                "models",
                "quantizations",
                "engines",
                "price_book_of",
                "hosted",
                "situations")),
        new TreeSet<>(Map.copyOf(names(catalog)).keySet()));
    JsonNode situations = document(Cli.run("catalog", "situations", "--json"));
    assertEquals(catalog.get("situations"), situations.get("situations"));
    assertTrue(
        document(Cli.run("catalog", "hardware", "--json"))
            .get("hardware")
            .toString()
            .contains("rtx-4090"));
    Path logs = folder.resolve("generated");
    JsonNode generated =
        document(Cli.run("generate", "--scale", "0.002", "--out", logs.toString(), "--json"));
    assertEquals(logs.toString(), generated.get("logs").textValue());
    Path prices = folder.resolve("prices.json");
    Files.writeString(
        prices,
        "{\"gpt-4o\":{\"litellm_provider\":\"openai\",\"mode\":\"chat\",\"input_cost_per_token\":2.5e-6,\"output_cost_per_token\":1e-5}}");
    JsonNode imported =
        document(
            Cli.run(
                "prices",
                "import",
                prices.toString(),
                "--from",
                "2026-10-01",
                "--out",
                folder.resolve("prices.yaml").toString(),
                "--json"));
    assertEquals(1, imported.get("rows").intValue());
    JsonNode calibrated =
        document(
            Cli.run(
                "calibrate",
                Cli.root().resolve("docs/examples/h200-8b-q4.json").toString(),
                "--model",
                "8b-q4.gguf=llama-3.1-8b",
                "--json"));
    assertTrue(calibrated.at("/sets/0/residual").isNumber(), calibrated.toString());
  }

  private static Map<String, JsonNode> names(JsonNode object) {
    Map<String, JsonNode> names = new TreeMap<>();
    object.properties().forEach(e -> names.put(e.getKey(), e.getValue()));
    return names;
  }

  /** The figures are those of the ranking, to the digit; what is not known there is not here. */
  @Test
  void metricsSayWhatTheRankingSays() throws IOException {
    String text = Files.readString(review.resolve("metrics.prom"));
    assertEquals(text, Files.readString(folder.resolve("homeward.prom")));
    assertFalse(Files.exists(folder.resolve("homeward.prom.unfinished")));
    Map<String, OpenMetricsParser.Family> families = OpenMetricsParser.parse(text);
    JsonNode summary = STRICT.readTree(review.resolve("summary.json").toFile());
    Map<String, String> columns =
        Map.of(
            "homeward_workload_calls", "calls",
            "homeward_workload_api_forecast_usd", "api_forecast_usd",
            "homeward_workload_saving_usd", "saving_monthly_usd",
            "homeward_workload_plan_saving_usd", "marginal_saving_usd",
            "homeward_workload_break_even_ratio", "break_even_volume_ratio",
            "homeward_workload_slo_attainment_ratio", "slo_attainment");
    List<JsonNode> rows = new ArrayList<>();
    document(Cli.run("whatif", review.toString(), "--set", "assumptions.pue=1.2", "--json"))
        .at("/scenarios/0/ranking")
        .forEach(rows::add);
    assertEquals(NAMES.size(), rows.size());
    columns.forEach(
        (metric, column) -> {
          Map<String, Double> expected = new TreeMap<>();
          for (JsonNode row : rows) {
            if (!row.get(column).textValue().isEmpty()) {
              expected.put(
                  row.get("workload").textValue(), Double.valueOf(row.get(column).textValue()));
            }
          }
          Map<String, Double> said = new TreeMap<>();
          families
              .get(metric)
              .samples()
              .forEach(s -> said.put(s.labels().get("workload"), s.value()));
          assertEquals(expected, said, metric);
        });
    // 2026-10-01T00:00:00Z.
    assertEquals(1_790_812_800.0, only(families, "homeward_review_month_start_seconds"));
    assertEquals(400, only(families, "homeward_calls"));
    assertEquals(
        summary.get("api_forecast_monthly_usd").doubleValue(),
        only(families, "homeward_api_forecast_usd"),
        0.005);
    double workloads =
        families.get("homeward_workloads").samples().stream()
            .mapToDouble(OpenMetricsParser.Sample::value)
            .sum();
    assertEquals(NAMES.size(), workloads);
    families.values().forEach(f -> assertEquals("gauge", f.type(), f.name()));
    families.values().forEach(f -> assertFalse(f.help().isEmpty(), f.name()));
  }

  private static double only(Map<String, OpenMetricsParser.Family> families, String name) {
    assertEquals(1, families.get(name).samples().size(), name);
    return families.get(name).samples().get(0).value();
  }

  private static Cli.Ran review(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "review",
                log.toString(),
                "--workers",
                "local",
                "--month",
                "2026-10",
                "--out",
                review.toString()));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  // The document that a command printed, in ASCII.
  private static JsonNode document(Cli.Ran ran) throws IOException {
    assertTrue(ran.exit() <= 1, ran.err());
    assertTrue(ran.out().chars().allMatch(c -> c < 0x80), "not ASCII");
    return STRICT.readTree(ran.out());
  }
}
