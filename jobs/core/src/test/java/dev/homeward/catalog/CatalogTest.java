package dev.homeward.catalog;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogTest {
  private static final Catalog CATALOG = Catalog.standard();
  private static final PriceBook PRICES = PriceBook.standard();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "laptop-16gb",
        "mac-mini-m4-32gb",
        "rtx-3090",
        "rtx-4090",
        "rx-7900-xtx",
        "rtx-4090-x2",
        "mac-studio-m2-ultra",
        "mac-studio-m3-ultra",
        "a10g-on-demand",
        "a10g-spot-nights",
        "a10g-reserved",
        "a100-80gb-on-demand",
        "a100-80gb-x2-on-demand",
        "a100-80gb-x4-on-demand",
        "a100-80gb-x4-reserved-1y",
        "h100-on-demand"
      })
  void theArticlesBoxesAreThere(String id) {
    assertEquals(id, CATALOG.hardware(id).id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-3.1-8b",
        "llama-3.1-70b",
        "mistral-7b",
        "qwen2.5-72b",
        "qwen2.5-coder-7b",
        "qwen2.5-coder-32b",
        "qwen3.5-9b",
        "qwen3.5-27b",
        "qwen3.5-397b-a17b",
        "deepseek-r1-distill-7b",
        "deepseek-v3",
        "codestral-22b",
        "qwen3-32b",
        "bge-m3"
      })
  void theArticlesLocalModelsAreThere(String id) {
    LocalModel model = CATALOG.model(id);
    assertTrue(model.architecture().parameters() > 0 && model.architecture().layers() > 0);
    assertTrue(model.abilities().contextWindow() > 0);
    model.quantizations().forEach(CATALOG::quantization);
  }

  @ParameterizedTest
  @CsvSource({
    "claude-3-haiku-20240307, claude-3-haiku",
    "anthropic/claude-3-5-haiku-20241022, claude-3-5-haiku",
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0, claude-3-5-sonnet",
    "claude-sonnet-4-6, claude-sonnet-4-6",
    "vertex_ai/claude-opus-4-6, claude-opus-4-6",
    "azure/gpt-4o-2024-08-06, gpt-4o",
    "gpt-4o-mini-2024-07-18, gpt-4o-mini",
    "gpt-5.2-2025-12-11, gpt-5.2",
    "gemini/gemini-2.5-pro, gemini-2.5-pro",
    "qwen3.5-plus, qwen3.5-plus",
    "codestral-2508, codestral",
    "ChatGPT, gpt-3.5-turbo",
    "GPT-4, gpt-4"
  })
  void namesFoundInLogsResolve(String logged, String id) {
    assertEquals(Optional.of(id), CATALOG.hostedModels().resolve(logged).map(HostedModel::id));
  }

  @Test
  void anUnknownModelKeepsItsNameAndIsNotGuessed() {
    assertEquals(Optional.empty(), CATALOG.hostedModels().resolve("gpt-4x"));
    assertEquals("acme/gpt-4x", CATALOG.hostedModels().idOf("acme/gpt-4x", null));
  }

  @Test
  void everyHostedModelHasAPriceAndEveryPriceAModel() {
    for (HostedModel model : CATALOG.hostedModels().all()) {
      // Weights that no maker sells have the prices of hosts alone.
      assertTrue(PRICES.has(model.id()), model.id());
      for (PriceRow row : PRICES.rowsOf(model.id())) {
        assertTrue(row.base().input() > 0, model.id());
        assertTrue(
            row.base().output().isPresent() || model.tier() == Tier.EMBEDDING,
            model.id() + " has no output price");
      }
    }
    Set<String> known = new HashSet<>();
    CATALOG.hostedModels().all().forEach(m -> known.add(m.id()));
    for (JsonNode row : Documents.readResource("dev/homeward/catalog/prices.yaml").get("prices")) {
      assertTrue(known.contains(row.get("model").textValue()), row.toString());
    }
  }

  @Test
  void everyEnginesEfficienciesAreForFamiliesOrChipsThatExist() {
    Set<String> names = new HashSet<>();
    CATALOG.accelerators().forEach(a -> names.add(a.id()));
    CATALOG.accelerators().forEach(a -> names.add(a.generation()));
    CATALOG.accelerators().forEach(a -> names.add(a.family()));
    for (Engine engine : CATALOG.engines()) {
      assertTrue(names.containsAll(engine.efficiencies().keySet()), engine.id());
      assertTrue(names.containsAll(engine.support().families()), engine.id());
      engine.support().quantizations().forEach(CATALOG::quantization);
    }
  }

  /** Every one costs a review replays: a box joins this list on purpose or not at all. */
  @Test
  void theDefaultBoxesAreThese() {
    assertEquals(
        List.of(
            "a100-80gb-on-demand",
            "a10g-g5-on-demand",
            "dgx-spark",
            "h100-on-demand",
            "h100-x2-on-demand",
            "h100-x8-on-demand",
            "l40s-on-demand",
            "mac-mini-m4-32gb",
            "mac-mini-m4-pro-64gb",
            "mac-studio-m2-ultra",
            "mac-studio-m3-ultra-256gb",
            "rtx-3090",
            "rtx-4090",
            "rtx-4090-x2",
            "rtx-5090",
            "rtx-pro-6000",
            "strix-halo"),
        CATALOG.hardware().stream()
            .filter(HardwareProfile::defaultCandidate)
            .map(HardwareProfile::id)
            .toList());
  }

  /** Parameters computed from the architecture, a route the program does not use. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-3.1-8b",
        "llama-3.1-70b",
        "mistral-7b",
        "qwen2.5-72b",
        "qwen2.5-coder-7b",
        "qwen2.5-coder-32b",
        "qwen3-32b",
        "qwen3-30b-a3b",
        "codestral-22b",
        "deepseek-r1-distill-7b"
      })
  void publishedParametersAgreeWithTheArchitectureWithinOnePercent(String id) {
    LocalModel.Architecture m = CATALOG.model(id).architecture();
    LocalModel.Attention a = m.attention();
    double attention =
        2.0 * m.hidden() * a.heads() * a.headDim() + 2.0 * m.hidden() * a.kvHeads() * a.headDim();
    double feedForward =
        3.0 * m.hidden() * m.forward().width() * Math.max(1, m.forward().experts());
    double embeddings = (m.tiedEmbeddings() ? 1.0 : 2.0) * m.vocabulary() * m.hidden();
    double computed = m.layers() * (attention + feedForward) + embeddings;
    assertEquals(1.0, computed / m.parameters(), 0.01, id);
  }

  /**
   * Millions of parameters of what mixes tokens, in a layer that attends and in one of another
   * kind, worked out by hand where it is not plain attention. Queries with a gate: 2048 x (2 x 4096
   * + 2 x 512 + 4096) = 27.3; delta net: 2048 x (2 x 2048 + 2 x 4096 + 64) + 4096 x 2048 = 33.7.
   * Latent: 7168 x (1536 + 576) + 1536 x 128 x 192 + 512 x 128 x 256 + 128 x 128 x 7168 = 187.1.
   * Mamba-2: 4096 x (2 x 8192 + 2 x 128 + 128) + 8192 x 4096 = 102.2.
   */
  private static final Map<String, double[]> MIXING =
      Map.ofEntries(
          entry("qwen3-next-80b-a3b", new double[] {27.3, 33.7}),
          entry("qwen3.5-0.8b", new double[] {7.34, 10.5}),
          entry("qwen3.5-2b", new double[] {14.7, 21.1}),
          entry("qwen3.5-4b", new double[] {36.7, 42.1}),
          entry("qwen3.5-9b", new double[] {58.7, 67.4}),
          entry("qwen3.5-27b", new double[] {104.9, 115.9}),
          entry("qwen3.5-35b-a3b", new double[] {27.3, 33.7}),
          entry("qwen3.5-122b-a10b", new double[] {78.6, 88.5}),
          entry("qwen3.5-397b-a17b", new double[] {104.9, 118.0}),
          entry("deepseek-v3", new double[] {187.1, 0}),
          entry("deepseek-r1", new double[] {187.1, 0}),
          entry("deepseek-v3.1", new double[] {187.1, 0}),
          entry("deepseek-v3.2", new double[] {201.1, 0}),
          entry("kimi-k2", new double[] {101.1, 0}),
          entry("kimi-k2-thinking", new double[] {101.1, 0}),
          entry("kimi-k2.5", new double[] {101.1, 0}),
          entry("glm-4.7-flash", new double[] {21.8, 0}),
          entry("glm-5", new double[] {174.7, 0}),
          entry("granite-4.0-h-micro", new double[] {10.5, 25.9}),
          entry("granite-4.0-h-tiny", new double[] {6.3, 14.6}),
          entry("granite-4.0-h-small", new double[] {41.9, 102.3}));

  @Test
  void parametersOfEveryModelAgreeWithItsArchitecture() {
    for (LocalModel model : CATALOG.models()) {
      if (model.id().startsWith("nemotron")) {
        continue; // Its layers are of one kind each: the next test.
      }
      LocalModel.Architecture m = model.architecture();
      LocalModel.Attention a = m.attention();
      LocalModel.FeedForward f = m.forward();
      double plain = 2.0 * m.hidden() * (a.heads() + a.kvHeads()) * a.headDim() / 1e6;
      double[] mixing = MIXING.getOrDefault(model.id(), new double[] {plain, 0});
      int others = m.layers() - a.fullLayers();
      double matrices = (f.gated() ? 3.0 : 2.0) * m.hidden();
      int copies = Math.max(1, f.experts() + f.sharedExperts());
      double embeddings = (m.tiedEmbeddings() ? 1.0 : 2.0) * m.vocabulary() * m.hidden();
      double computed =
          1e6 * (a.fullLayers() * mixing[0] + others * mixing[1])
              + (m.layers() - f.denseLayers()) * matrices * f.width() * copies
              + f.denseLayers() * matrices * f.denseWidth()
              + embeddings;
      assertEquals(1.0, computed / m.parameters(), 0.02, model.id());
      if (model.isMixture()) {
        double unused =
            (double) (m.layers() - f.denseLayers())
                * (f.experts() - f.expertsPerToken())
                * matrices
                * f.width();
        double active = m.parameters() - unused;
        // Some publish them without the embeddings.
        assertTrue(m.activeParameters() < 1.01 * active, model.id());
        assertTrue(m.activeParameters() > 0.99 * (active - embeddings), model.id());
      } else {
        assertEquals(m.parameters(), m.activeParameters(), model.id());
      }
    }
  }

  /**
   * Nemotron's experts have two matrices, of the width they work in; the catalog counts three of
   * the model's width, so it holds a width that gives as many parameters.
   */
  @ParameterizedTest
  @CsvSource({
    "nemotron-3-nano-30b-a3b, 23, 2688, 1856, 128",
    "nemotron-3-super-120b-a12b, 40, 1024, 2688, 512"
  })
  void expertsOfTwoMatricesAreGivenAsThreeOfTheSameSize(
      String id, int layers, double inside, double width, int experts) {
    LocalModel.Architecture m = CATALOG.model(id).architecture();
    LocalModel.FeedForward f = m.forward();
    assertEquals(layers, m.layers() - f.denseLayers());
    assertEquals(experts, f.experts());
    assertEquals(1.0, 3.0 * m.hidden() * f.width() / (2 * inside * width), 0.001);
  }

  @ParameterizedTest
  @CsvSource({"gpt-oss-20b, 12.1e9", "gpt-oss-120b, 63.4e9"})
  void gptOssInGgufWeighsWhatItsFilesWeigh(String id, double bytes) {
    LocalModel.Architecture m = CATALOG.model(id).architecture();
    LocalModel.FeedForward f = m.forward();
    Quantization format = CATALOG.quantization("mxfp4-gguf");
    double experts = 3.0 * m.layers() * f.experts() * m.hidden() * f.width();
    double bits =
        experts * format.bitsPerWeight().value()
            + (m.parameters() - experts) * format.otherBits().orElseThrow().value();
    assertEquals(1.0, bits / 8 / bytes, 0.005);
  }

  /** Chips of public measurements, as their tables name them here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "apple-m1",
        "apple-m1-max",
        "apple-m2-ultra",
        "apple-m3-ultra",
        "apple-m3-ultra-60",
        "apple-m4",
        "apple-m4-max",
        "apple-m5-max",
        "rtx-3060",
        "rtx-3070",
        "rtx-3080",
        "rtx-3090",
        "rtx-4060-ti-16gb",
        "rtx-4070-ti-super",
        "rtx-4080",
        "rtx-4090",
        "rtx-5070-ti",
        "rtx-5080",
        "rtx-5090",
        "rtx-a6000",
        "rtx-6000-ada",
        "rtx-pro-6000",
        "a40",
        "l4",
        "l40s",
        "t4",
        "v100-sxm2-32gb",
        "a100-pcie-80gb",
        "h100-pcie-80gb",
        "mi325x",
        "rx-9070-xt",
        "gb10",
        "ryzen-ai-max-395",
        "jetson-agx-thor",
        "core-i5-9500",
        "ryzen-7-8840u",
        "ryzen-9-7950x",
        "ryzen-9-9950x",
        "epyc-7543",
        "xeon-gold-6338",
        "epyc-9554",
        "epyc-9555",
        "xeon-gold-6430",
        "xeon-platinum-8592-plus"
      })
  void theChipsPeopleOwnAreThere(String id) {
    assertEquals(id, CATALOG.accelerator(id).id());
  }

  /** Rates with sparsity, or of another accumulation, would be off by two. */
  @Test
  void ratesOfEveryChipAreDense() {
    for (Accelerator chip : CATALOG.accelerators()) {
      double fp16 = chip.fp16Tflops().value();
      chip.fp8Tflops().ifPresent(fp8 -> assertEquals(2.0, fp8.value() / fp16, 0.05, chip.id()));
      chip.fp4Tflops().ifPresent(fp4 -> assertTrue(fp4.value() > 3.9 * fp16, chip.id()));
      double perByte = fp16 * 1e3 / chip.bandwidthGbPerSecond().value();
      double least = chip.family().equals("cpu") ? 5 : 19;
      assertTrue(perByte > least && perByte < 1000, chip.id() + ": " + perByte);
    }
  }

  /** The second of two entries with one id would replace the first without a word. */
  @ParameterizedTest
  @ValueSource(strings = {"accelerators", "hardware", "models", "quantizations"})
  void everyIdIsThereOnce(String kind) {
    Set<String> ids = new HashSet<>();
    for (JsonNode entry :
        Documents.readResource("dev/homeward/catalog/" + kind + ".yaml").get(kind)) {
      assertTrue(ids.add(entry.get("id").textValue()), entry.get("id").textValue());
    }
  }

  @Test
  void shippedBoxesAndPricesAreValidAgainstTheUsersSchemas() {
    for (String file : List.of("hardware", "accelerators")) {
      JsonNode node = Documents.readResource("dev/homeward/catalog/" + file + ".yaml");
      assertEquals(List.of(), Schemas.problems("hardware.schema.json", node, file));
    }
    JsonNode models = Documents.readResource("dev/homeward/catalog/models.yaml");
    assertEquals(List.of(), Schemas.problems("hardware.schema.json", models, "models"));
    ObjectNode prices = (ObjectNode) Documents.readResource("dev/homeward/catalog/prices.yaml");
    assertEquals(List.of(), Schemas.problems("prices.schema.json", prices, "prices"));
  }

  @Test
  void anUnknownBoxIsNamedWithTheNearest() {
    InvalidInput e = assertThrows(InvalidInput.class, () -> CATALOG.hardware("rtx4090"));
    assertTrue(
        e.getMessage().startsWith("Unknown hardware: rtx4090 (nearest: rtx-4090"), e.getMessage());
  }

  @Test
  void aUsersPriceWinsAndANegativeOneIsRefused(@TempDir Path folder) throws IOException {
    Path book = folder.resolve("mine.yaml");
    String row =
        "prices:\n  - { model: gpt-4o, from: \"2026-01-01\", input: %d, output: 8000000, source: { kind: vendor, reference: contract, date: \"2026\" } }\n";
    Files.writeString(book, row.formatted(2_000_000));
    PriceBook mine = PriceBook.with(List.of(book));
    assertEquals(
        2_000_000L,
        mine.at("gpt-4o", "openai", "standard", LocalDate.of(2026, 5, 1))
            .orElseThrow()
            .row()
            .base()
            .input());
    Files.writeString(book, row.formatted(-1));
    InvalidInput e = assertThrows(InvalidInput.class, () -> PriceBook.with(List.of(book)));
    assertEquals(
        book + " /prices/0/input: must have a minimum value of 0 (found -1)", e.getMessage());
  }

  /** A file of an earlier version lacks parameters: all are named at once, with the file. */
  @Test
  void anEfficiencySetThatLacksParametersNamesThemAll(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        efficiencies:
          - engines: [llama.cpp]
            accelerators: [rtx-4090]
            residual: 0.1
            source: { kind: measured, reference: mine, date: "2026-10" }
            values: { weight: 0.8, kv: 0.2 }
        """);
    InvalidInput problem = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertTrue(problem.getMessage().contains("mine.yaml"), problem.getMessage());
    assertTrue(
        problem.getMessage().contains("sample-single-us, host-pass-us"), problem.getMessage());
    assertTrue(problem.getMessage().contains("vector-compute"), problem.getMessage());
    // What a set may do without is not asked for.
    assertFalse(problem.getMessage().contains("sm-bytes"), problem.getMessage());
    // Of two that stand for the same, either will do; the later name is the one that is missing.
    Files.writeString(file, Files.readString(file).replace("[llama.cpp]", "[llama.cpp@2025-02]"));
    problem = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertTrue(problem.getMessage().contains("host-layer-us"), problem.getMessage());
    assertFalse(problem.getMessage().contains("host-pass-us"), problem.getMessage());
    Files.writeString(
        file, Files.readString(file).replace("kv: 0.2", "kv: 0.2, host-pass-us: 600"));
    problem = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertFalse(problem.getMessage().contains("host-layer-us"), problem.getMessage());
  }
}
