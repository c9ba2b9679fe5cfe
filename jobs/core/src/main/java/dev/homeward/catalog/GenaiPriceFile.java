package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The v2 file of genai-prices: an array of providers with models, prices in dollars per million
 * tokens, some with a first day, some by time of day. A maker's models are its list prices; those
 * of every other provider, and what Google sells of other makers, are prices of that host.
 *
 * <pre>{@code
 * [{"id": "openai", "models": [{"id": "o3", "prices": [
 *     {"prices": {"input_mtok": 10, "output_mtok": 40}},
 *     {"constraint": {"start_date": "2025-06-10"}, "prices": {"input_mtok": 2, "output_mtok": 8}}]}]}]
 * }</pre>
 */
final class GenaiPriceFile {
  private static final Set<String> MAKERS =
      Set.of("openai", "anthropic", "google", "mistral", "deepseek", "xai", "cohere");

  /** Zhipu in China charges other prices than z.ai, and logs know both by one name. */
  private static final Set<String> DOMESTIC = Set.of("zhipuai");

  private static final BigDecimal A_THOUSAND = BigDecimal.valueOf(1000);
  private static final String SEARCHES = "web_searches_kcount";

  /** What the book has no price for, by the words in the file's keys. */
  private static final String[][] NOT_KEPT = {
    {"cache_audio", "cache reads of sound"},
    {"image", "images"},
    {"video", "video"},
    {"reasoning", "reasoning apart from output"},
    {"citation", "citations"},
    {"requests_kcount", "requests"}
  };

  private static final String[][] KINDS = {
    {"input", "input_mtok"},
    {"cache-read", "cache_read_mtok"},
    {"cache-write-5m", "cache_write_mtok"},
    {"cache-write-1h", "cache_write_1h_mtok"},
    {"output", "output_mtok"},
    {"audio-input", "input_audio_mtok"},
    {"audio-output", "output_audio_mtok"}
  };

  private final LocalDate from;
  private final PriceImport book;

  GenaiPriceFile(LocalDate from, PriceImport book) {
    this.from = from;
    this.book = book;
  }

  void read(JsonNode providers) {
    for (JsonNode provider : providers) {
      String id = Providers.canonical(provider.path("id").asText());
      boolean domestic = DOMESTIC.contains(provider.path("id").asText());
      for (JsonNode model : provider.path("models")) {
        if (domestic) {
          book.skip(PriceImport.DOMESTIC);
          continue;
        }
        String name = model.path("id").asText().toLowerCase(Locale.ROOT);
        readModel(model, name, host(id, name));
      }
    }
  }

  // The maker itself is no host of its own models: its rows are list prices.
  private String host(String provider, String name) {
    Optional<HostedModel> known = book.known(name);
    if (known.isPresent()) {
      String maker = known.get().provider();
      if (maker.equals(provider)) {
        return "";
      }
      return provider.equals("google") ? "vertex" : provider;
    }
    boolean others = provider.equals("google") && !name.startsWith("gem");
    return MAKERS.contains(provider) ? (others ? "vertex" : "") : provider;
  }

  private void readModel(JsonNode model, String name, String host) {
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
          book.skip(PriceImport.TIME_OF_DAY);
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
    if (take(name, host, entries)) {
      prices.findParents("input_mtok").forEach(each -> drop(name, each));
    }
  }

  private void drop(String name, JsonNode prices) {
    for (Map.Entry<String, JsonNode> price : prices.properties()) {
      for (String[] what : NOT_KEPT) {
        if (price.getKey().contains(what[0])) {
          book.drop(what[1], name);
          break;
        }
      }
    }
  }

  private boolean take(String name, String host, List<PriceEntry> entries) {
    for (PriceEntry entry : entries) {
      BigDecimal input = entry.base().get("input");
      if (input == null) {
        book.skip(PriceImport.NO_INPUT_PRICE);
        return false;
      }
      if (input.signum() == 0) {
        book.skip(PriceImport.INPUT_PRICE_ZERO);
        return false;
      }
    }
    return book.add(host, name, entries);
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
    // Dollars a thousand searches; the book has them a million, like tokens.
    if (prices.path(SEARCHES).isNumber()) {
      base.put("web-search", prices.get(SEARCHES).decimalValue().multiply(A_THOUSAND));
    }
    return new PriceEntry("standard", day, base, limit, above, note);
  }
}
