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

/**
 * LiteLLM's {@code model_prices_and_context_window.json}: an object of models, prices in dollars a
 * token. Entries of a maker are its list prices; those of every other provider are prices of that
 * host, in the area that the name says ({@code us.anthropic...}, {@code azure/eu/...}).
 *
 * <pre>{@code
 * "gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2.5e-06,
 *            "input_cost_per_token_batches": 1.25e-06, "output_cost_per_token": 1e-05},
 * "xai/grok-4.3": {"litellm_provider": "xai", "input_cost_per_token_above_200k_tokens": 2.5e-06, ...},
 * "dashscope/qwen-flash": {"tiered_pricing": [{"range": [0, 256000], "input_cost_per_token": 5e-08, ...}]}
 * }</pre>
 */
final class LiteLlmPriceMap {
  private static final Set<String> NOT_MODELS = Set.of("sample_spec", "fallback_generalizations");
  private static final Set<String> MAKERS =
      Set.of("openai", "anthropic", "google", "mistral", "deepseek", "xai", "qwen", "cohere");
  private static final Set<String> MODES =
      Set.of("chat", "responses", "completion", "embedding", "");
  private static final long[] LIMITS_THOUSAND_TOKENS = {128, 200, 256, 272, 512};
  private static final String[][] KINDS = {
    {"input", "input_cost_per_token"},
    {"cache-read", "cache_read_input_token_cost"},
    {"cache-write-5m", "cache_creation_input_token_cost"},
    {"cache-write-1h", "cache_creation_input_token_cost_above_1hr"},
    {"output", "output_cost_per_token"},
    {"audio-input", "input_cost_per_audio_token"},
    {"audio-output", "output_cost_per_audio_token"}
  };

  /** DeepSeek's own word for a cache read. */
  private static final String CACHE_HIT = "input_cost_per_token_cache_hit";

  /** What the book has no price for, by the words in the file's keys. */
  private static final String[][] NOT_KEPT = {
    {"cache_read_input_audio", "cache reads of sound"},
    {"cache_creation_input_audio", "cache writes of sound"},
    {"image", "images"},
    {"video", "video"},
    {"per_second", "time of sound and video"},
    {"citation", "citations"},
    {"per_request", "requests"},
    {"computer_use", "computer use"},
    {"file_search", "file search"},
    {"code_interpreter", "code interpreter"}
  };

  private final LocalDate from;
  private final PriceImport book;

  LiteLlmPriceMap(LocalDate from, PriceImport book) {
    this.from = from;
    this.book = book;
  }

  void read(JsonNode document) {
    for (Map.Entry<String, JsonNode> entry : document.properties()) {
      String name = entry.getKey().toLowerCase(Locale.ROOT);
      JsonNode model = entry.getValue();
      if (NOT_MODELS.contains(name) || !model.has("litellm_provider")) {
        book.skip(PriceImport.NOT_A_MODEL);
      } else if (!MODES.contains(model.path("mode").asText())) {
        book.skip(PriceImport.OTHER_UNIT);
      } else {
        String provider = Providers.canonical(model.get("litellm_provider").asText());
        if (MAKERS.contains(provider)) {
          readModel(name.substring(name.lastIndexOf('/') + 1), "", model);
        } else {
          readModel(name, provider, model);
        }
      }
    }
  }

  private void readModel(String name, String host, JsonNode model) {
    List<PriceEntry> entries = new ArrayList<>();
    JsonNode steps = model.path("tiered_pricing");
    PriceEntry standard =
        steps.path(0).has(KINDS[0][1]) ? stepped(steps) : entry(model, "standard", "");
    BigDecimal input = standard.base().get("input");
    boolean embedding = model.path("mode").asText().equals("embedding");
    if (input == null) {
      book.skip(PriceImport.NO_INPUT_PRICE);
    } else if (input.signum() == 0) {
      book.skip(PriceImport.INPUT_PRICE_ZERO);
    } else if (!embedding && !standard.base().containsKey("output")) {
      book.skip(PriceImport.NO_OUTPUT_PRICE);
    } else {
      entries.add(standard);
      for (String[] tier :
          new String[][] {{"batch", "_batches"}, {"flex", "_flex"}, {"priority", "_priority"}}) {
        PriceEntry other = entry(model, tier[0], tier[1]);
        // A tier needs its own price of every kind that must have one, or calls would be half free.
        if (other.base().containsKey("input")
            && (embedding || other.base().containsKey("output"))) {
          entries.add(other);
        }
      }
      if (book.add(host, name, entries)) {
        drop(name, model);
      }
    }
  }

  private void drop(String name, JsonNode model) {
    for (Map.Entry<String, JsonNode> price : model.properties()) {
      for (String[] what : NOT_KEPT) {
        if (price.getKey().contains("cost") && price.getKey().contains(what[0])) {
          book.drop(what[1], name);
          break;
        }
      }
    }
    JsonNode reasoning = model.path("output_cost_per_reasoning_token");
    if (reasoning.isNumber() && !reasoning.equals(model.path("output_cost_per_token"))) {
      book.drop("reasoning apart from output", name);
    }
    if (model.path("search_context_cost_per_query").isObject() && search(model) == null) {
      book.drop("searches by the size of their context", name);
    }
    if (model.path("tiered_pricing").size() > 2) {
      book.drop("further steps by length", name);
    }
  }

  // Dollars a search, where all sizes of context cost the same.
  private static BigDecimal search(JsonNode model) {
    BigDecimal one = null;
    for (JsonNode price : model.path("search_context_cost_per_query")) {
      if (!price.isNumber() || (one != null && one.compareTo(price.decimalValue()) != 0)) {
        return null;
      }
      one = price.decimalValue();
    }
    return one;
  }

  private PriceEntry entry(JsonNode model, String tier, String suffix) {
    Map<String, BigDecimal> base = new LinkedHashMap<>();
    Map<String, BigDecimal> above = new LinkedHashMap<>();
    long limit = 0;
    boolean embedding = model.path("mode").asText().equals("embedding");
    for (String[] kind : KINDS) {
      if (embedding && kind[0].equals("output")) {
        continue;
      }
      put(base, kind[0], model.path(kind[1] + suffix));
      if (kind[0].equals("cache-read") && !base.containsKey(kind[0]) && suffix.isEmpty()) {
        put(base, kind[0], model.path(CACHE_HIT));
      }
      for (long thousand : LIMITS_THOUSAND_TOKENS) {
        JsonNode price = model.path(kind[1] + "_above_" + thousand + "k_tokens" + suffix);
        if (price.isNumber() && (limit == 0 || limit == thousand * 1000)) {
          limit = thousand * 1000;
          put(above, kind[0], price);
        }
      }
    }
    BigDecimal search = search(model);
    if (search != null && search.signum() > 0 && base.containsKey("input")) {
      base.put("web-search", search.movePointRight(6));
    }
    return new PriceEntry(tier, from, base, limit, above, "");
  }

  // The book has one step; a third one is said in the note.
  private PriceEntry stepped(JsonNode steps) {
    Map<String, BigDecimal> base = new LinkedHashMap<>();
    Map<String, BigDecimal> above = new LinkedHashMap<>();
    for (String[] kind : KINDS) {
      put(base, kind[0], steps.get(0).path(kind[1]));
      put(above, kind[0], steps.path(1).path(kind[1]));
    }
    String note = steps.size() > 2 ? "only the first of %d steps".formatted(steps.size() - 1) : "";
    long limit = steps.get(0).path("range").path(1).longValue();
    return new PriceEntry("standard", from, base, limit, above, note);
  }

  private static void put(Map<String, BigDecimal> rates, String kind, JsonNode dollarsPerToken) {
    // A cache price of 0 in this file means that it is not known.
    if (dollarsPerToken.isNumber()
        && (dollarsPerToken.decimalValue().signum() > 0 || kind.equals("input"))) {
      rates.put(kind, dollarsPerToken.decimalValue().movePointRight(6));
    }
  }
}
