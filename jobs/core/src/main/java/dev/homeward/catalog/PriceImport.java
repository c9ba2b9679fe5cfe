package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads somebody else's price file into the user's own book: a LiteLLM price map (dollars a token)
 * or a genai-prices v2 file (dollars a million tokens, with dates). Told by content.
 */
public final class PriceImport {
  private static final BigDecimal MICROS_PER_DOLLAR = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal TOKENS_PER_MILLION = BigDecimal.valueOf(1_000_000);
  private static final String LITELLM_INPUT = "input_cost_per_token";

  /** Keys of a LiteLLM price map that are no models. */
  private static final List<String> NOT_MODELS = List.of("sample_spec", "fallback_generalizations");

  private final String day;
  private final List<String> rows = new ArrayList<>();
  private final Map<String, Integer> skipped = new TreeMap<>();

  private PriceImport(String day) {
    this.day = day;
  }

  /**
   * What was imported.
   *
   * @param book the price book as YAML, ready to be given with --prices
   * @param rows price rows in it
   * @param skipped entries left out, by reason
   */
  public record Imported(String book, int rows, Map<String, Integer> skipped) {}

  /**
   * Imports a file.
   *
   * @param file a LiteLLM price map or a genai-prices v2 file
   * @param day first day of prices that carry no date, ISO-8601
   * @throws InvalidInput if the file is neither
   */
  public static Imported read(Path file, String day) {
    JsonNode document = Documents.read(file);
    PriceImport reader = new PriceImport(day);
    String origin;
    if (document.isArray() && document.path(0).has("models")) {
      origin = "genai-prices";
      reader.genaiPrices(document);
    } else if (document.isObject()
        && document.properties().stream().anyMatch(e -> e.getValue().has("litellm_provider"))) {
      origin = "LiteLLM price map";
      reader.liteLlm(document);
    } else {
      throw new InvalidInput(
          "Cannot import %s: neither a LiteLLM price map (an object of models with litellm_provider)"
                  .formatted(file)
              + " nor a genai-prices v2 file (an array of providers with models)");
    }
    StringBuilder book = new StringBuilder();
    book.append("# Imported from ")
        .append(file.getFileName())
        .append(" by homeward prices import.\n");
    book.append("# Micro-dollars per million tokens. Prices without a date hold from ")
        .append(day)
        .append(".\n");
    book.append("sources:\n  import: { kind: published, reference: \"")
        .append(origin)
        .append("\", date: \"")
        .append(day)
        .append("\" }\nprices:\n");
    reader.rows.forEach(row -> book.append("  - { ").append(row).append(", source: import }\n"));
    return new Imported(book.toString(), reader.rows.size(), reader.skipped);
  }

  private void liteLlm(JsonNode document) {
    for (Map.Entry<String, JsonNode> entry : document.properties()) {
      JsonNode model = entry.getValue();
      if (NOT_MODELS.contains(entry.getKey())) {
        skip("not a model");
        continue;
      }
      BigDecimal input =
          model.path(LITELLM_INPUT).isNumber() ? model.get(LITELLM_INPUT).decimalValue() : null;
      if (input == null || input.signum() == 0) {
        skip("no price a token, or a price of 0");
        continue;
      }
      if (entry.getKey().contains("/")) {
        // The same model behind another door; the plain name is the list price.
        skip("a provider's route");
        continue;
      }
      for (String tier : List.of("standard", "batch", "flex", "priority")) {
        String suffix =
            switch (tier) {
              case "standard" -> "";
              case "batch" -> "_batches";
              default -> "_" + tier;
            };
        liteLlmRow(entry.getKey(), model, tier, suffix);
      }
    }
  }

  private void liteLlmRow(String id, JsonNode model, String tier, String suffix) {
    Map<String, BigDecimal> rates = new LinkedHashMap<>();
    String[][] keys = {
      {"input", LITELLM_INPUT},
      {"cache-read", "cache_read_input_token_cost"},
      {"cache-write-5m", "cache_creation_input_token_cost"},
      {"cache-write-1h", "cache_creation_input_token_cost_above_1hr"},
      {"output", "output_cost_per_token"}
    };
    for (String[] key : keys) {
      JsonNode price = model.path(key[1] + suffix);
      if (price.isNumber()) {
        rates.put(key[0], price.decimalValue().multiply(TOKENS_PER_MILLION));
      }
    }
    if (rates.containsKey("input")) {
      add(id, day, tier, rates, Map.of(), 0);
    }
  }

  private void genaiPrices(JsonNode providers) {
    for (JsonNode provider : providers) {
      if (!List.of("openai", "anthropic", "google", "mistral", "deepseek", "x-ai")
          .contains(provider.path("id").asText())) {
        skip("a provider's route");
        continue;
      }
      for (JsonNode model : provider.path("models")) {
        JsonNode prices = model.path("prices");
        if (!prices.isArray()) {
          genaiRow(model.path("id").asText(), day, prices);
          continue;
        }
        for (JsonNode dated : prices) {
          JsonNode constraint = dated.path("constraint");
          if (constraint.has("start_time")) {
            skip("a price by time of day");
          } else {
            genaiRow(
                model.path("id").asText(),
                constraint.path("start_date").asText(day),
                dated.path("prices"));
          }
        }
      }
    }
  }

  private void genaiRow(String id, String from, JsonNode prices) {
    Map<String, BigDecimal> rates = new LinkedHashMap<>();
    Map<String, BigDecimal> above = new LinkedHashMap<>();
    long limit = 0;
    String[][] keys = {
      {"input", "input_mtok"},
      {"cache-read", "cache_read_mtok"},
      {"cache-write-5m", "cache_write_mtok"},
      {"output", "output_mtok"}
    };
    for (String[] key : keys) {
      JsonNode price = prices.path(key[1]);
      if (price.isNumber()) {
        rates.put(key[0], price.decimalValue());
      } else if (price.path("base").isNumber()) {
        rates.put(key[0], price.get("base").decimalValue());
        JsonNode tier = price.path("tiers").path(0);
        if (tier.has("start")) {
          limit = tier.get("start").longValue();
          above.put(key[0], tier.get("price").decimalValue());
        }
      }
    }
    if (!rates.containsKey("input") || rates.get("input").signum() == 0) {
      skip("no price a token, or a price of 0");
      return;
    }
    add(id, from, "standard", rates, above, limit);
  }

  private void add(
      String id,
      String from,
      String tier,
      Map<String, BigDecimal> rates,
      Map<String, BigDecimal> above,
      long limit) {
    try {
      StringBuilder row = new StringBuilder();
      row.append("model: \"")
          .append(id.replace("\"", ""))
          .append("\", from: \"")
          .append(from)
          .append('"');
      if (!tier.equals("standard")) {
        row.append(", tier: ").append(tier);
      }
      rates.forEach(
          (kind, price) -> row.append(", ").append(kind).append(": ").append(micros(price)));
      if (!above.isEmpty()) {
        row.append(", above: { tokens: ").append(limit);
        above.forEach(
            (kind, price) -> row.append(", ").append(kind).append(": ").append(micros(price)));
        row.append(" }");
      }
      rows.add(row.toString());
    } catch (ArithmeticException e) {
      skip("a price finer than a micro-dollar a million tokens");
    }
  }

  private static long micros(BigDecimal dollarsPerMillion) {
    return dollarsPerMillion.multiply(MICROS_PER_DOLLAR).stripTrailingZeros().longValueExact();
  }

  private void skip(String reason) {
    skipped.merge(reason, 1, Integer::sum);
  }
}
