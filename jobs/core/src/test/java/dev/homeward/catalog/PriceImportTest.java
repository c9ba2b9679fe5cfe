package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PriceImportTest {
  private static final Path PRICES =
      Path.of(System.getProperty("homeward.root", "."), "..", "shared", "data", "prices");
  private static final LocalDate DAY = LocalDate.of(2026, 10, 1);

  @TempDir private Path folder;

  @Test
  void aLiteLlmMapBecomesRowsByTierWithItsCliff() throws IOException {
    PriceImport.Imported imported =
        read(
            "{'xai/nova-9': {'litellm_provider': 'xai', 'mode': 'chat',"
                + " 'input_cost_per_token': 1.25e-06, 'output_cost_per_token': 2.5e-06,"
                + " 'input_cost_per_token_above_200k_tokens': 2.5e-06,"
                + " 'output_cost_per_token_above_200k_tokens': 5e-06,"
                + " 'cache_read_input_token_cost': 2e-07,"
                + " 'input_cost_per_token_batches': 6.25e-07,"
                + " 'output_cost_per_token_batches': 1.25e-06,"
                + " 'input_cost_per_token_priority': 9e-06}}");
    assertEquals(
        List.of(
            "  - { model: \"nova-9\", from: \"2026-10-01\", input: 1250000, cache-read: 200000,"
                + " output: 2500000, above: { tokens: 200000, input: 2500000, output: 5000000 },"
                + " source: import }",
            "  - { model: \"nova-9\", tier: batch, from: \"2026-10-01\", input: 625000,"
                + " output: 1250000, source: import }"),
        rows(imported));
    assertEquals(2, imported.rows());
    assertEquals(Map.of(), imported.skipped(), "a priority price without output is no price");
  }

  @Test
  void whatCannotBeUsedIsCountedByReason() throws IOException {
    PriceImport.Imported imported =
        read(
            "{'sample_spec': {'litellm_provider': 'one of'}, 'fallback_generalizations': {},"
                + " 'free': {'litellm_provider': 'openai', 'mode': 'chat', 'input_cost_per_token': 0},"
                + " 'none': {'litellm_provider': 'openai', 'mode': 'chat'},"
                + " 'mute': {'litellm_provider': 'openai', 'mode': 'chat', 'input_cost_per_token': 1e-6},"
                + " 'dall-e': {'litellm_provider': 'openai', 'mode': 'image_generation'},"
                + " 'azure/nova-9': {'litellm_provider': 'azure', 'mode': 'chat', 'input_cost_per_token': 1e-6, 'output_cost_per_token': 1e-6}}");
    assertEquals(0, imported.rows());
    assertEquals(
        Map.of(
            PriceImport.NOT_A_MODEL, 2,
            PriceImport.INPUT_PRICE_ZERO, 1,
            PriceImport.NO_INPUT_PRICE, 1,
            PriceImport.NO_OUTPUT_PRICE, 1,
            PriceImport.OTHER_UNIT, 1,
            PriceImport.ROUTE, 1),
        imported.skipped());
    assertEquals(
        PriceBook.standard().models(), bookOf(imported).models(), "an empty book is valid");
  }

  @Test
  void aPriceFinerThanAMicroDollarIsRoundedHalfEvenAndSaysSo() throws IOException {
    // 1.0000005 dollars a million = 1,000,000.5 micro-dollars, even neighbour 1,000,000.
    PriceImport.Imported imported =
        read(
            "{'fine': {'litellm_provider': 'openai', 'mode': 'embedding',"
                + " 'input_cost_per_token': 1.0000005e-06}}");
    assertEquals(
        List.of(
            "  - { model: \"fine\", from: \"2026-10-01\", input: 1000000,"
                + " note: \"rounded to a micro-dollar a million\", source: import }"),
        rows(imported));
  }

  @Test
  void theCanonicalNameWinsOverOtherNamesOfAModel() throws IOException {
    PriceImport.Imported imported =
        read(
            "{'gpt-4o-2024-08-06': {'litellm_provider': 'openai', 'input_cost_per_token': 9e-06,"
                + " 'output_cost_per_token': 9e-06},"
                + " 'gpt-4o': {'litellm_provider': 'openai', 'input_cost_per_token': 2e-06,"
                + " 'output_cost_per_token': 8e-06},"
                + " 'gpt-4o-2024-11-20': {'litellm_provider': 'openai', 'input_cost_per_token': 7e-06,"
                + " 'output_cost_per_token': 7e-06}}");
    assertEquals(1, imported.rows());
    assertEquals(Map.of(PriceImport.OTHER_NAME, 2), imported.skipped());
    assertEquals(2_000_000, found(bookOf(imported), "gpt-4o", DAY).row().base().input());
  }

  @Test
  void snapshotsOfOneModelAtDifferentPricesLeaveItOut() throws IOException {
    PriceImport.Imported imported =
        read(
            "{'mistral/codestral-2501': {'litellm_provider': 'mistral',"
                + " 'input_cost_per_token': 3e-06, 'output_cost_per_token': 9e-06},"
                + " 'mistral/codestral-2508': {'litellm_provider': 'mistral',"
                + " 'input_cost_per_token': 2e-06, 'output_cost_per_token': 6e-06}}");
    assertEquals(0, imported.rows());
    assertEquals(Map.of(PriceImport.AMBIGUOUS, 1), imported.skipped());
  }

  @Test
  void anUndatedPriceOfAGenaiFileStandsBeforeItsFirstChange() throws IOException {
    PriceImport.Imported imported =
        read(
            "[{'id': 'openai', 'models': [{'id': 'o3', 'prices': ["
                + "{'prices': {'input_mtok': 10, 'output_mtok': 40}},"
                + "{'constraint': {'start_date': '2025-06-10'},"
                + " 'prices': {'input_mtok': 2, 'output_mtok': 8}}]}]},"
                + "{'id': 'deepseek', 'models': [{'id': 'night', 'prices': ["
                + "{'prices': {'input_mtok': 1, 'output_mtok': 1}},"
                + "{'constraint': {'start_time': '00:30:00Z', 'end_time': '16:30:00Z'},"
                + " 'prices': {'input_mtok': 2, 'output_mtok': 2}}]}]},"
                + "{'id': 'openrouter', 'models': [{'id': 'nobody/knows-9', 'prices': {'input_mtok': 1}}]}]");
    PriceBook book = bookOf(imported);
    assertEquals(10_000_000, found(book, "o3", LocalDate.of(2025, 6, 9)).row().base().input());
    assertTrue(found(book, "o3", LocalDate.of(2025, 6, 8)).beforeFirst());
    assertEquals(2_000_000, found(book, "o3", LocalDate.of(2025, 6, 10)).row().base().input());
    assertEquals(2_000_000, found(book, "o3", LocalDate.of(2027, 1, 1)).row().base().input());
    assertEquals(Map.of(PriceImport.TIME_OF_DAY, 1, PriceImport.ROUTE, 1), imported.skipped());
  }

  /**
   * Google sells Claude without writes for an hour, and at other prices above 200,000 tokens: they
   * are Vertex's, and Anthropic's stay.
   */
  @Test
  void everyHostKeepsItsOwnPrices() throws IOException {
    String claude = "{'id': 'claude-opus-4-6', 'prices': {'input_mtok': 5, 'output_mtok': 25%s}}";
    PriceImport.Imported imported =
        read(
            "[{'id': 'anthropic', 'models': ["
                + claude.formatted(", 'cache_write_1h_mtok': 10, 'web_searches_kcount': 10")
                + "]}, {'id': 'google', 'models': ["
                + claude.formatted("").replace("25", "27")
                + ", {'id': 'gemini-2.5-pro', 'prices': {'input_mtok': 1, 'output_mtok': 9,"
                + " 'input_audio_mtok': 3, 'output_image_mtok': 30}}]},"
                + "{'id': 'aws', 'models': [{'id': 'us.anthropic.claude-opus-4-6-v1',"
                + " 'prices': {'input_mtok': 5.5, 'output_mtok': 27.5}}]},"
                + "{'id': 'together', 'models': [{'id': 'deepseek-ai/DeepSeek-R1',"
                + " 'prices': {'input_mtok': 3, 'output_mtok': 7}}]}]");
    assertEquals(Map.of(), imported.skipped());
    PriceBook book = bookOf(imported);
    assertEquals(
        OptionalLong.of(10_000_000), at(book, "claude-opus-4-6", "anthropic").cacheWrite1h());
    // 10 dollars a thousand searches: 10,000 a million.
    assertEquals(
        OptionalLong.of(10_000_000_000L), at(book, "claude-opus-4-6", "anthropic").webSearch());
    assertEquals(OptionalLong.of(27_000_000), at(book, "claude-opus-4-6", "vertex").output());
    assertEquals(OptionalLong.empty(), at(book, "claude-opus-4-6", "vertex").cacheWrite1h());
    assertEquals(5_500_000, at(book, "claude-opus-4-6", "bedrock/us").input());
    assertEquals(3_000_000, at(book, "deepseek-r1", "together").input());
    assertEquals(OptionalLong.of(3_000_000), at(book, "gemini-2.5-pro", "google").audioInput());
    assertEquals(Map.of("images", List.of("gemini-2.5-pro")), imported.dropped());
    assertTrue(
        imported.book().contains("# Not in this book: images (1 models: gemini-2.5-pro).\n"),
        imported.book());
  }

  @Test
  void aLiteLlmMapKeepsHostsAreasAndCacheHits() throws IOException {
    PriceImport.Imported imported =
        read(
            "{'deepseek/deepseek-chat': {'litellm_provider': 'deepseek', 'mode': 'chat',"
                + " 'input_cost_per_token': 2.8e-07, 'input_cost_per_token_cache_hit': 2.8e-08,"
                + " 'output_cost_per_token': 4.2e-07},"
                + " 'azure/eu/gpt-4o': {'litellm_provider': 'azure', 'mode': 'chat',"
                + " 'input_cost_per_token': 2.75e-06, 'output_cost_per_token': 1.1e-05,"
                + " 'search_context_cost_per_query': {'low': 0.03, 'medium': 0.035}},"
                + " 'azure/gpt-4o': {'litellm_provider': 'azure', 'mode': 'chat',"
                + " 'input_cost_per_token': 2.5e-06, 'output_cost_per_token': 1e-05},"
                + " 'dashscope/qwen-flash': {'litellm_provider': 'dashscope', 'mode': 'chat',"
                + " 'input_cost_per_token': 5e-08, 'output_cost_per_token': 4e-07,"
                + " 'output_cost_per_reasoning_token': 8e-07},"
                + " 'wandb/openai/gpt-oss-20b': {'litellm_provider': 'wandb', 'mode': 'chat',"
                + " 'input_cost_per_token': 0.05, 'output_cost_per_token': 0.2}}");
    assertEquals(Map.of(PriceImport.TOO_HIGH, 1), imported.skipped());
    PriceBook book = bookOf(imported);
    assertEquals(OptionalLong.of(28_000), at(book, "deepseek-chat", "deepseek").cacheRead());
    assertEquals(2_750_000, at(book, "gpt-4o", "azure/eu").input());
    assertEquals(2_500_000, at(book, "gpt-4o", "azure").input());
    assertEquals(
        Map.of(
            "reasoning apart from output", List.of("qwen-flash"),
            "searches by the size of their context", List.of("azure/eu/gpt-4o")),
        imported.dropped());
  }

  @Test
  void aFileOfNeitherKindIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"a\": 1}");
    InvalidInput e = assertThrows(InvalidInput.class, () -> PriceImport.read(file, DAY.toString()));
    assertTrue(
        e.getMessage().startsWith("Cannot import " + file + ": neither a LiteLLM price map"),
        e.getMessage());
  }

  /** The real files: the imported books load, and agree with the program's own book. */
  @Test
  void theTwoPublishedFilesAreImported() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(PRICES), "shared/data/prices is not here");
    PriceImport.Imported lite =
        PriceImport.read(PRICES.resolve("litellm_model_prices.json"), "2026-07-24");
    PriceImport.Imported genai =
        PriceImport.read(PRICES.resolve("genai_prices_v2_data.json"), "2026-08-21");
    assertEquals(
        lite.book(),
        PriceImport.read(PRICES.resolve("litellm_model_prices.json"), "2026-07-24").book());
    assertTrue(lite.rows() > 200, "rows " + lite.rows());
    assertTrue(genai.rows() > 150, "rows " + genai.rows());
    assertEquals(2, lite.skipped().get(PriceImport.NOT_A_MODEL));
    LocalDate day = LocalDate.of(2026, 8, 21);
    for (String model : List.of("gpt-4o-mini", "claude-sonnet-4-5", "gpt-5.6-luna", "o3")) {
      assertEquals(
          tokens(found(PriceBook.standard(), model, day).row().base()),
          tokens(found(bookOf(genai), model, day).row().base()),
          model);
    }
    PriceRow luna = found(bookOf(lite), "gpt-5.6-luna", LocalDate.of(2026, 7, 24)).row();
    assertEquals(1_000_000, luna.base().input());
    assertEquals(272_000, luna.longContextTokens());
    PriceRow qwen = found(bookOf(lite), "qwen3-max", day).row();
    assertEquals("only the first of 2 steps", qwen.note());
    assertEquals(OptionalLong.of(12_000_000), qwen.longContext().output());
    assertFalse(lite.book().contains("model: \"sample_spec\""));
  }

  /**
   * The shipped book against both published files by the way of the importer. A model is listed
   * here where the book departs from a file on purpose; its rows have a note that says why.
   */
  @Test
  void theShippedBookAgreesWithBothFilesExceptWhereANoteSaysWhy() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(PRICES), "shared/data/prices is not here");
    PriceBook genai =
        bookOf(PriceImport.read(PRICES.resolve("genai_prices_v2_data.json"), "2026-08-21"));
    PriceBook lite =
        bookOf(PriceImport.read(PRICES.resolve("litellm_model_prices.json"), "2026-07-24"));
    Set<String> otherThanGenai = new TreeSet<>();
    Set<String> otherThanLite = new TreeSet<>();
    for (String model : PriceBook.standard().models()) {
      departs(genai, model, LocalDate.of(2027, 1, 1), otherThanGenai);
      // LiteLLM has no dates: what it lists is the price of the day it was copied.
      departs(lite, model, LocalDate.of(2026, 7, 24), otherThanLite);
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "deepseek-v3.1",
                "deepseek-v3.2",
                "devstral-small",
                "kimi-k2",
                "ministral-3b",
                "ministral-8b",
                "mistral-embed",
                "mistral-small-3.2")),
        otherThanGenai);
    assertEquals(
        new TreeSet<>(Set.of("gemini-1.5-flash", "gemini-3.6-flash", "grok-4.20", "mistral-nemo")),
        otherThanLite);
    otherThanGenai.addAll(otherThanLite);
    for (String model : otherThanGenai) {
      assertTrue(
          PriceBook.standard().rowsOf(model).stream().anyMatch(row -> !row.note().isEmpty()),
          model + " departs without a note");
    }
  }

  // Prices of text: sound and searches are not imported.
  private static List<Object> tokens(PriceRow.Rates rates) {
    return List.of(
        rates.input(),
        rates.cacheRead(),
        rates.cacheWrite5m(),
        rates.cacheWrite1h(),
        rates.output());
  }

  private static void departs(PriceBook other, String model, LocalDate day, Set<String> found) {
    if (PriceBook.standard().at(model, null, "standard", day).isEmpty()) {
      // No maker sells it.
      return;
    }
    PriceRow own = found(PriceBook.standard(), model, day).row();
    PriceRow theirs = found(other, model, day).row();
    if (own.base().input() != theirs.base().input()
        || !own.base().output().equals(theirs.base().output())) {
      found.add(model);
    }
  }

  private PriceImport.Imported read(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("in.json"), json.replace('\'', '"'));
    return PriceImport.read(file, DAY.toString());
  }

  private PriceBook bookOf(PriceImport.Imported imported) throws IOException {
    return PriceBook.with(List.of(Files.writeString(folder.resolve("book.yaml"), imported.book())));
  }

  private static PriceRow.Rates at(PriceBook book, String model, String where) {
    return book.at(model, where, "standard", DAY).orElseThrow().row().base();
  }

  private static PriceBook.Found found(PriceBook book, String model, LocalDate day) {
    return book.at(model, null, "standard", day).orElseThrow();
  }

  private static List<String> rows(PriceImport.Imported imported) {
    return imported.book().lines().filter(line -> line.startsWith("  - ")).toList();
  }
}
