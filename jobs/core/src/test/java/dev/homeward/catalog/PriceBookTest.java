package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PriceBookTest {
  private static final PriceBook BOOK = PriceBook.standard();
  private static final String SOURCE = "source: { kind: vendor, reference: contract, date: 2026 }";

  @TempDir private Path folder;

  /** A snapshot is not older than its model: the first day is that of the oldest dated name. */
  @Test
  void firstDaysAreThoseOfTheOldestDatedNames() {
    Pattern date = Pattern.compile("(20\\d\\d)-?([01]\\d)-?([0-3]\\d)(?!\\d)");
    int dated = 0;
    for (HostedModel model : Catalog.standard().hostedModels().all()) {
      Optional<LocalDate> first =
          BOOK.rowsOf(model.id()).stream()
              .filter(row -> row.provider().isEmpty())
              .map(PriceRow::validFrom)
              .min(Comparator.naturalOrder());
      for (String name : model.aliases()) {
        Matcher found = date.matcher(name);
        if (first.isPresent() && found.find()) {
          dated++;
          LocalDate day =
              LocalDate.parse(String.join("-", found.group(1), found.group(2), found.group(3)));
          assertTrue(!first.get().isAfter(day), model.id() + " from " + first.get() + ": " + name);
        }
      }
    }
    assertTrue(dated >= 40, dated + " dated names");
  }

  /**
   * Figures of the price pages, in dollars per million, that a change of the book must not lose.
   */
  @ParameterizedTest(name = "{0} {1} on {2}")
  @CsvSource({
    "gpt-4o-mini, standard, 2026-05-01, 0.15, 0.60",
    "gpt-4o, standard, 2026-05-01, 2.50, 10",
    "gpt-4o, batch, 2026-05-01, 1.25, 5",
    "gpt-4o-2024-05-13, standard, 2026-05-01, 5, 15",
    "o3, standard, 2025-06-09, 10, 40",
    "o3, standard, 2025-06-10, 2, 8",
    "o3, batch, 2025-06-09, 5, 20",
    "o3, batch, 2025-06-10, 1, 4",
    "gpt-5.2, standard, 2026-05-01, 1.75, 14",
    "gpt-5.6-luna, standard, 2026-07-29, 1, 6",
    "gpt-5.6-luna, standard, 2026-07-30, 0.20, 1.20",
    "gpt-5.6-luna, batch, 2026-07-29, 0.50, 3",
    "gpt-5.6-luna, batch, 2026-07-30, 0.10, 0.60",
    "gpt-5.6-terra, standard, 2026-07-29, 2.50, 15",
    "gpt-5.6-terra, standard, 2026-07-30, 2, 12",
    "claude-3-haiku, standard, 2026-05-01, 0.25, 1.25",
    "claude-3-5-haiku, standard, 2026-05-01, 0.80, 4",
    "claude-3-5-sonnet, standard, 2025-05-01, 3, 15",
    "claude-sonnet-4-6, standard, 2026-05-01, 3, 15",
    "claude-opus-4-6, standard, 2026-05-01, 5, 25",
    "claude-sonnet-5, standard, 2026-08-31, 2, 10",
    "claude-sonnet-5, standard, 2026-09-01, 3, 15",
    "claude-sonnet-5, batch, 2026-08-31, 1, 5",
    "claude-sonnet-5, batch, 2026-09-01, 1.50, 7.50",
    "gemini-2.5-pro, standard, 2026-05-01, 1.25, 10",
    "gemini-3.7-flash, standard, 2026-12-31, 0.75, 3.75",
    "gemini-3.7-flash, standard, 2027-01-01, 1.50, 7.50",
    "codestral, standard, 2024-12-31, 1, 3",
    "codestral, standard, 2026-05-01, 0.30, 0.90",
    // DeepSeek's own page: $0.56 and $1.68 from 2025-09-05 16:00 UTC on, $0.27 and $1.10 before.
    "deepseek-chat, standard, 2025-09-05, 0.27, 1.10",
    "deepseek-chat, standard, 2025-09-06, 0.56, 1.68",
    "deepseek-chat, standard, 2025-09-28, 0.56, 1.68",
    "deepseek-reasoner, standard, 2025-09-05, 0.55, 2.19",
    "deepseek-reasoner, standard, 2025-09-06, 0.56, 1.68",
    "deepseek-v3.1, standard, 2025-08-25, 0.27, 1.10",
    "deepseek-v3.1, standard, 2025-09-10, 0.56, 1.68",
    "deepseek-chat, standard, 2025-09-29, 0.28, 0.42",
    "qwen3.5-plus, standard, 2026-05-01, 0.40, 2.40",
    "grok-4.3, standard, 2026-06-01, 1.25, 2.50",
  })
  void theBookHoldsThePublishedFigures(
      String model, String tier, LocalDate day, double in, double out) {
    PriceRow row = BOOK.at(model, null, tier, day).orElseThrow().row();
    assertEquals(Math.round(in * 1e6), row.base().input());
    assertEquals(OptionalLong.of(Math.round(out * 1e6)), row.base().output());
  }

  @Test
  void embeddingsHaveAnInputPriceOnly() {
    for (String model :
        List.of(
            "text-embedding-3-small",
            "text-embedding-3-large",
            "text-embedding-ada-002",
            "gemini-embedding-001",
            "gemini-embedding-2",
            "mistral-embed",
            "codestral-embed")) {
      for (PriceRow row : BOOK.rowsOf(model)) {
        assertEquals(OptionalLong.empty(), row.base().output(), model);
        assertTrue(row.base().input() > 0, model);
      }
    }
  }

  @Test
  void everyHostedModelHasAPriceAndEveryPriceAHostedModel() {
    TreeSet<String> hosted = new TreeSet<>();
    Catalog.standard().hostedModels().all().forEach(model -> hosted.add(model.id()));
    assertEquals(hosted, BOOK.models());
    for (String model : BOOK.models()) {
      // Weights that no maker sells have the prices of hosts alone.
      boolean sold = BOOK.rowsOf(model).stream().anyMatch(row -> row.provider().isEmpty());
      assertEquals(
          sold,
          BOOK.at(model, null, "standard", LocalDate.of(2026, 11, 1)).isPresent(),
          model + " has no standard price");
    }
  }

  /** What each row of the shipped book must satisfy for a bill to make sense. */
  @Test
  void everyRowIsPlausible() {
    for (String model : BOOK.models()) {
      boolean embedding =
          Catalog.standard().hostedModels().byId(model).orElseThrow().tier() == Tier.EMBEDDING;
      for (PriceRow row : BOOK.rowsOf(model)) {
        String name = model + " " + row.provider() + " " + row.tier() + " " + row.validFrom();
        PriceRow.Rates base = row.base();
        assertTrue(base.input() > 0, name);
        assertEquals(!embedding, base.output().isPresent(), name);
        boolean ofMaker = row.provider().isEmpty();
        assertTrue(!ofMaker || base.output().orElse(base.input()) >= base.input(), name);
        assertTrue(base.cacheRead().orElse(0) < base.input(), name);
        assertTrue(base.cacheWrite5m().orElse(base.input()) >= base.input(), name);
        PriceRow.Rates above = row.longContext();
        boolean cliff = row.longContextTokens() < Long.MAX_VALUE;
        assertEquals(cliff, above.input() > base.input(), name);
        assertEquals(
            cliff && base.output().isPresent(), !above.output().equals(base.output()), name);
        if (base.cacheRead().isPresent()) {
          assertEquals(cliff, !above.cacheRead().equals(base.cacheRead()), name);
        }
        assertTrue(row.validFrom().isAfter(LocalDate.of(2022, 12, 31)), name);
        if (!row.tier().equals("standard")) {
          PriceRow standard =
              BOOK.at(model, row.provider(), "standard", row.validFrom()).orElseThrow().row();
          boolean dearer = List.of("priority", "fast").contains(row.tier());
          assertEquals(dearer, base.input() > standard.base().input(), name);
        }
      }
    }
  }

  /**
   * Anthropic: 5-minute cache writes cost 1.25 times the input, hour writes twice, reads a tenth.
   */
  @Test
  void anthropicCacheRatesKeepTheirProportions() {
    for (String model : BOOK.models()) {
      if (!model.startsWith("claude-") || List.of("claude-2", "claude-3-haiku").contains(model)) {
        continue;
      }
      for (PriceRow row : BOOK.rowsOf(model)) {
        if (!row.provider().isEmpty()) {
          continue;
        }
        for (PriceRow.Rates rates : List.of(row.base(), row.longContext())) {
          assertEquals(rates.input() * 5, rates.cacheWrite5m().orElseThrow() * 4, model);
          assertEquals(rates.input() * 2, rates.cacheWrite1h().orElseThrow(), model);
          assertEquals(rates.input(), rates.cacheRead().orElseThrow() * 10, model);
        }
      }
    }
  }

  @Test
  void aProvidersOwnPriceWinsAndOthersTakeTheMakers() {
    LocalDate day = LocalDate.of(2026, 8, 1);
    assertEquals(5_500_000, input("gpt-5.5", "bedrock", day));
    assertEquals(5_500_000, input("gpt-5.5", "aws.bedrock", day), "the name OpenTelemetry uses");
    assertEquals(5_000_000, input("gpt-5.5", "openai", day));
    assertEquals(5_000_000, input("gpt-5.5", "azure", day));
    assertEquals(3_000_000, input("claude-sonnet-4-6", "vertex_ai-anthropic_models", day));
    assertEquals(3_000_000, input("claude-sonnet-4-6", null, day));
  }

  @Test
  void aTierWithoutAPriceTakesStandardAndSaysSo() {
    LocalDate day = LocalDate.of(2026, 5, 1);
    assertEquals(Optional.empty(), BOOK.at("grok-3", null, "batch", day));
    PriceBook.Found found = BOOK.atOrStandard("grok-3", null, "batch", day).orElseThrow();
    assertTrue(found.standardInstead());
    assertEquals("standard", found.row().tier());
    assertFalse(BOOK.atOrStandard("gpt-4o", null, "batch", day).orElseThrow().standardInstead());
  }

  @Test
  void aDayBeforeTheFirstPriceTakesItAndSaysSo() {
    PriceBook.Found found =
        BOOK.at("claude-opus-5", null, "standard", LocalDate.of(2026, 7, 23)).orElseThrow();
    assertTrue(found.beforeFirst());
    assertEquals(5_000_000, found.row().base().input());
    assertFalse(
        BOOK.at("claude-opus-5", null, "standard", LocalDate.of(2026, 7, 24))
            .orElseThrow()
            .beforeFirst());
  }

  @Test
  void theForecastIsTheLastAnnouncedPriceOrThatOfADay() {
    Optional<LocalDate> none = Optional.empty();
    Optional<LocalDate> day = Optional.of(LocalDate.of(2026, 8, 31));
    assertEquals(
        3_000_000,
        BOOK.forecast("claude-sonnet-5", null, "standard", none).orElseThrow().base().input());
    assertEquals(
        2_000_000,
        BOOK.forecast("claude-sonnet-5", null, "standard", day).orElseThrow().base().input());
  }

  /** A snapshot that costs something else than its model must not be taken for it. */
  @ParameterizedTest(name = "{0} is {1} at {2}")
  @CsvSource({
    "gpt-4o-2024-05-13, gpt-4o-2024-05-13, 5",
    "openai/gpt-4o-2024-08-06, gpt-4o, 2.50",
    "gpt-3.5-turbo-1106, gpt-3.5-turbo-1106, 1",
    "gpt-3.5-turbo-16k-0613, gpt-3.5-turbo-16k, 3",
    "gpt-3.5-turbo-0125, gpt-3.5-turbo, 0.50",
    "gpt-5.1-codex-mini, gpt-5.1-codex-mini, 0.25",
    "o3-pro-2025-06-10, o3-pro, 20",
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0, claude-sonnet-4-5, 3",
    "vertex_ai/claude-3-5-haiku@20241022, claude-3-5-haiku, 0.80",
    "mistral/mistral-small-2603, mistral-small-2603, 0.15",
    "mistral-large-2512, mistral-large-3, 0.50",
    "ministral-3b-2512, ministral-3b, 0.10",
    "xai/grok-4.20-0309-reasoning, grok-4.20, 1.25",
  })
  void namesFoundInLogsLeadToTheirOwnPrice(String logged, String id, double in) {
    assertEquals(
        Optional.of(id), Catalog.standard().hostedModels().resolve(logged).map(HostedModel::id));
    assertEquals(Math.round(in * 1e6), input(id, null, LocalDate.of(2026, 8, 1)));
  }

  @Test
  void anUnknownModelHasNoPriceButNeighbours() {
    assertEquals(
        Optional.empty(), BOOK.at("gpt-4o-minni", null, "standard", LocalDate.of(2026, 5, 1)));
    assertEquals("gpt-4o-mini", BOOK.nearest("openai/gpt-4o-minni").get(0));
  }

  @Test
  void aUsersBookReplacesAllRowsOfItsKeyAndNoOther() throws IOException {
    PriceBook mine =
        PriceBook.with(
            List.of(
                file(
                    "a.yaml",
                    "prices:\n  - { model: o3, from: \"2026-01-01\", input: 1500000, output: 6000000, "
                        + SOURCE
                        + " }\n")));
    LocalDate early = LocalDate.of(2025, 5, 1);
    PriceBook.Found found = mine.at("o3", null, "standard", early).orElseThrow();
    assertEquals(1_500_000, found.row().base().input(), "the program's older row is gone");
    assertTrue(found.beforeFirst());
    assertEquals(
        BOOK.at("o3", null, "batch", early), mine.at("o3", null, "batch", early), "another key");
    assertNotEquals(BOOK.version(), mine.version());
    assertEquals(mine.version(), PriceBook.parse(mine.userDocuments()).version());
    assertTrue(BOOK.version().matches("[0-9a-f]{16}"), BOOK.version());
  }

  @Test
  void everyProblemOfAUsersBookIsNamedWithFileAndPath() throws IOException {
    Path bad =
        file(
            "bad.yaml",
            "prices:\n  - { model: gpt-4o, from: \"2026-01-01\", input: -3, output: 1, "
                + SOURCE
                + " }\n  - { model: gpt-4o, from: \"2026-01-01\", input: 1, ouput: 1, "
                + SOURCE
                + " }\n");
    InvalidInput e = assertThrows(InvalidInput.class, () -> PriceBook.with(List.of(bad)));
    assertEquals(
        bad
            + " /prices/0/input: must have a minimum value of 0 (found -3)\n"
            + bad
            + " /prices/1: unknown key 'ouput' (nearest: output)",
        e.getMessage());
  }

  @Test
  void aPriceThatStandsTwiceIsRefused() throws IOException {
    String row =
        "  - { model: gpt-4o, from: \"2026-01-01\", input: 1, output: 1, " + SOURCE + " }\n";
    Path twice = file("twice.yaml", "prices:\n" + row + row);
    InvalidInput e = assertThrows(InvalidInput.class, () -> PriceBook.with(List.of(twice)));
    assertEquals(
        twice
            + " /prices/1: Invalid price: gpt-4o standard from 2026-01-01"
            + " (stands twice for one provider and tier)",
        e.getMessage());
  }

  @Test
  void aDayThatDoesNotExistIsRefused() throws IOException {
    Path bad =
        file(
            "day.yaml",
            "prices:\n  - { model: gpt-4o, from: \"2026-02-30\", input: 1, " + SOURCE + " }\n");
    InvalidInput e = assertThrows(InvalidInput.class, () -> PriceBook.with(List.of(bad)));
    assertEquals(
        bad + " /prices/0/from: not a day of the calendar (found 2026-02-30)", e.getMessage());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text.replace("date: 2026 ", "date: \"2026\" "));
  }

  private static long input(String model, String provider, LocalDate day) {
    return BOOK.at(model, provider, "standard", day).orElseThrow().row().base().input();
  }
}
