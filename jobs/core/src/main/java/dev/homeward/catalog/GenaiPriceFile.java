package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The v2 file of genai-prices: an array of providers with models, prices in dollars per million
 * tokens, some with a first day, some by time of day.
 *
 * <pre>{@code
 * [{"id": "openai", "models": [{"id": "o3", "prices": [
 *     {"prices": {"input_mtok": 10, "output_mtok": 40}},
 *     {"constraint": {"start_date": "2025-06-10"}, "prices": {"input_mtok": 2, "output_mtok": 8}}]}]}]
 * }</pre>
 */
final class GenaiPriceFile {
  private static final Set<String> MAKERS =
      Set.of("openai", "anthropic", "google", "mistral", "deepseek", "x-ai", "cohere");
  private static final String[][] KINDS = {
    {"input", "input_mtok"},
    {"cache-read", "cache_read_mtok"},
    {"cache-write-5m", "cache_write_mtok"},
    {"cache-write-1h", "cache_write_1h_mtok"},
    {"output", "output_mtok"}
  };

  private final LocalDate from;
  private final BiConsumer<String, List<PriceEntry>> models;
  private final Consumer<String> skipped;

  GenaiPriceFile(
      LocalDate from, BiConsumer<String, List<PriceEntry>> models, Consumer<String> skipped) {
    this.from = from;
    this.models = models;
    this.skipped = skipped;
  }

  void read(JsonNode providers) {
    for (JsonNode provider : providers) {
      boolean maker = MAKERS.contains(provider.path("id").asText());
      for (JsonNode model : provider.path("models")) {
        if (maker) {
          readModel(model);
        } else {
          skipped.accept(PriceImport.ROUTE);
        }
      }
    }
  }

  private void readModel(JsonNode model) {
    List<PriceEntry> entries = new ArrayList<>();
    JsonNode prices = model.path("prices");
    if (!prices.isArray()) {
      entries.add(entry(from, prices, ""));
    } else {
      LocalDate firstChange = null;
      for (JsonNode dated : prices) {
        JsonNode constraint = dated.path("constraint");
        if (constraint.has("start_time")) {
          // Neither the day nor the night price alone is what a call cost.
          skipped.accept(PriceImport.TIME_OF_DAY);
          return;
        }
        if (constraint.has("start_date")) {
          LocalDate day = LocalDate.parse(constraint.get("start_date").asText());
          firstChange = firstChange == null || day.isBefore(firstChange) ? day : firstChange;
        }
      }
      for (JsonNode dated : prices) {
        JsonNode day = dated.path("constraint").path("start_date");
        if (!day.isMissingNode()) {
          entries.add(entry(LocalDate.parse(day.asText()), dated.path("prices"), ""));
        } else if (firstChange != null && !from.isBefore(firstChange)) {
          // The undated price is the one before the first change, whatever the file's own day.
          entries.add(entry(firstChange.minusDays(1), dated.path("prices"), "first day not known"));
        } else {
          entries.add(entry(from, dated.path("prices"), ""));
        }
      }
    }
    take(model.path("id").asText().toLowerCase(Locale.ROOT), entries);
  }

  private void take(String name, List<PriceEntry> entries) {
    for (PriceEntry entry : entries) {
      BigDecimal input = entry.base().get("input");
      if (input == null) {
        skipped.accept(PriceImport.NO_INPUT_PRICE);
        return;
      }
      if (input.signum() == 0) {
        skipped.accept(PriceImport.INPUT_PRICE_ZERO);
        return;
      }
    }
    models.accept(name, entries);
  }

  private static PriceEntry entry(LocalDate day, JsonNode prices, String note) {
    Map<String, BigDecimal> base = new LinkedHashMap<>();
    Map<String, BigDecimal> above = new LinkedHashMap<>();
    long limit = 0;
    for (String[] kind : KINDS) {
      JsonNode price = prices.path(kind[1]);
      if (price.isNumber()) {
        base.put(kind[0], price.decimalValue());
      } else if (price.path("base").isNumber()) {
        base.put(kind[0], price.get("base").decimalValue());
        JsonNode step = price.path("tiers").path(0);
        if (step.has("start")) {
          limit = step.get("start").longValue();
          above.put(kind[0], step.get("price").decimalValue());
        }
      }
    }
    return new PriceEntry("standard", day, base, limit, above, note);
  }
}
