package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
      assertTrue(
          PRICES.at(model.id(), null, "standard", LocalDate.of(2026, 10, 1)).isPresent(),
          model.id());
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
    CATALOG.accelerators().forEach(a -> names.add(a.family()));
    for (Engine engine : CATALOG.engines()) {
      assertTrue(names.containsAll(engine.efficiencies().keySet()), engine.id());
      assertTrue(names.containsAll(engine.support().families()), engine.id());
      engine.support().quantizations().forEach(CATALOG::quantization);
    }
  }

  @Test
  void thereAreAboutADozenDefaultBoxes() {
    long count = CATALOG.hardware().stream().filter(HardwareProfile::defaultCandidate).count();
    assertTrue(count >= 10 && count <= 14, "default boxes: " + count);
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
    assertTrue(problem.getMessage().contains("host-mask-ns"), problem.getMessage());
  }
}
