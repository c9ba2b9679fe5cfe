package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reviews are kept for years: one that an earlier version wrote is read, with its own figures. Each
 * folder of {@code written-by} is a review as the version of that name left it (without
 * ranking.parquet).
 */
final class OlderReviewsTest {
  @TempDir Path folder;
  private Path review;

  @BeforeEach
  void copy() throws IOException {
    review = folder.resolve("review");
    Path written = Path.of("src/test/resources/written-by/0.1.0");
    try (Stream<Path> files = Files.walk(written)) {
      for (Path file : files.toList()) {
        Path to = review.resolve(written.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
    stepTimesOfThen();
  }

  /**
   * How long steps took, as the program knew it then, and the bits of the weights; and the chosen
   * box at its price, whose range the outlook did not know: what a later program means to differ
   * in. With them every figure must be as it was written.
   */
  private static final String THEN =
      """
      {"hardware": [
         {"id": "rtx-4090", "name": "PC with one RTX 4090", "accelerator": "rtx-4090", "count": 1,
          "idle-watts": 85, "busy-watts": 550, "load-gb-per-s": 5,
          "acquisition": {"mode": "bought", "price-usd": 2600},
          "source": {"kind": "assumed", "reference": "0.1.0", "date": "2026-11"}}],
       "quantizations": [
         {"id": "awq-4bit", "name": "AWQ 4 bit, group 128", "bits-per-weight": 4.25, "compute": "fp16",
          "source": {"kind": "published", "reference": "0.1.0", "date": "2026-08"}}],
       "efficiencies": [
         {"engines": ["vllm"], "accelerators": ["rtx-4090"], "residual": 0.05,
          "source": {"kind": "published", "reference": "0.1.0", "date": "2026-08"},
          "values": {"weight": 0.92, "weight-packed": 0.85, "expert": 0.84, "kv": 0.85, "compute": 0.93,
            "compute-fp8": 0.75, "compute-fp4": 0.5, "compute-packed": 0.6, "expert-compute": 0.8,
            "attention": 0.65, "knee": 4, "activation": 0, "layer-us": 10, "expert-layer-us": 20,
            "latent-layer-us": 20, "eager-layer-us": 10, "sequence-us": 8, "step-us": 500,
            "call-us": 4000, "all-reduce-us": 40, "link": 0.4}},
         {"engines": ["vllm"], "accelerators": ["rtx-pro-6000"], "residual": 0.25,
          "source": {"kind": "assumed", "reference": "0.1.0", "date": "2026-11"},
          "values": {"weight": 0.86, "weight-packed": 0.8, "expert": 0.9, "kv": 0.95, "compute": 0.7,
            "compute-fp8": 0.58, "compute-fp4": 0.42, "compute-packed": 0.3, "expert-compute": 0.55,
            "attention": 0.4, "knee": 3, "activation": 0.93, "layer-us": 25, "expert-layer-us": 33,
            "latent-layer-us": 20, "eager-layer-us": 100, "sequence-us": 15, "step-us": 380,
            "call-us": 15600, "all-reduce-us": 40, "link": 0.4}}]}
      """;

  /** The models that were tried unasked then, of each hosted model's tier and above. */
  private static final Map<String, List<String>> MODELS_THEN =
      Map.of(
          "triage",
              List.of(
                  "llama-3.1-8b",
                  "qwen2.5-72b",
                  "qwen3-32b",
                  "qwen3-30b-a3b",
                  "qwen3.5-27b",
                  "qwen3.5-397b-a17b"),
          "summaries", List.of("qwen2.5-72b", "qwen3.5-27b", "qwen3.5-397b-a17b"),
          "contracts", List.of("qwen3.5-397b-a17b"));

  private void stepTimesOfThen() throws IOException {
    JsonMapper json = new JsonMapper();
    Path file = review.resolve("settings.json");
    ObjectNode settings = (ObjectNode) json.readTree(file.toFile());
    settings.putArray("catalog").add(THEN);
    ObjectNode policy = (ObjectNode) json.readTree(settings.get("policy").textValue());
    ObjectNode workloads = policy.putObject("workloads");
    MODELS_THEN.forEach(
        (workload, models) -> {
          var list = workloads.putObject(workload).putArray("local-models");
          models.forEach(list::add);
        });
    settings.put("policy", policy.toString());
    json.writeValue(file.toFile(), settings);
  }

  /** Decided again by this version, from what the review kept. */
  @Test
  void whatIfGivesItsFigures() throws IOException {
    assertFigures();
  }

  /** Keys that are newer than the review have their defaults: here all that it says by default. */
  @Test
  void keysThatItDoesNotKnowHaveTheirDefaults() throws IOException {
    JsonMapper json = new JsonMapper();
    Path file = review.resolve("settings.json");
    ObjectNode settings = (ObjectNode) json.readTree(file.toFile());
    ObjectNode assumptions = (ObjectNode) json.readTree(settings.get("assumptions").textValue());
    assertTrue(assumptions.size() > 20);
    assumptions.retain("horizon-months");
    settings.put("assumptions", assumptions.toString());
    json.writeValue(file.toFile(), settings);
    assertFigures();
  }

  @Test
  void newPricesForItsCallsAreWeighed() throws IOException {
    Map<String, String> row =
        whatIf("--set", "prices.gpt-4o.input=5").stream()
            .filter(r -> !r.get("scenario").equals("review"))
            .filter(r -> r.get("workload").equals("summaries"))
            .findFirst()
            .orElseThrow();
    // 426,000 tokens at $5 a million, 24,000 read from the cache at $1.25, 12,660 out at $10, for
    // 2,509,200 of the month's 2,678,400 seconds.
    double usd = (426_000 * 5 + 24_000 * 1.25 + 12_660 * 10) / 1e6 / (2_509_200.0 / 2_678_400);
    assertEquals(usd, Double.parseDouble(row.get("api_forecast_usd")), 0.005);
  }

  @Test
  void explainAndDiffReadIt() throws IOException {
    for (Map<String, String> row : Cli.ranking(review)) {
      Cli.Ran ran = Cli.run("explain", row.get("workload"), "--review", review.toString());
      assertEquals(0, ran.exit(), ran.err());
      assertTrue(
          ran.out().contains("rank %s: %s".formatted(row.get("rank"), row.get("verdict"))),
          ran.out());
      assertTrue(ran.out().contains(row.get("local_monthly_usd")), ran.out());
    }
    Cli.Ran diff = Cli.run("diff", review.toString(), review.toString());
    assertEquals(0, diff.exit(), diff.err());
    assertTrue(diff.out().contains("; 0 changes."), diff.out());
  }

  private void assertFigures() throws IOException {
    List<Map<String, String>> rows =
        whatIf().stream().filter(r -> r.get("scenario").equals("review")).toList();
    List<Map<String, String>> written = Cli.ranking(review);
    assertEquals(written.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      for (Map.Entry<String, String> cell : written.get(i).entrySet()) {
        assertEquals(
            cell.getValue(),
            rows.get(i).get(cell.getKey()),
            written.get(i).get("workload") + " " + cell.getKey());
      }
    }
  }

  private List<Map<String, String>> whatIf(String... more) {
    String[] scenario =
        more.length > 0 ? more : new String[] {"--set", "assumptions.horizon-months=36"};
    Cli.Ran ran =
        Cli.run(
            Stream.concat(
                    Stream.of("whatif", review.toString(), "--format", "csv"), Stream.of(scenario))
                .toArray(String[]::new));
    assertEquals(0, ran.exit(), ran.err());
    Path csv = folder.resolve("whatif.csv");
    try {
      Files.writeString(csv, ran.out());
      return Cli.rows(csv);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
