package dev.homeward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.economics.Assumptions;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * For every key of assumptions.yaml another value than its default, near enough to it that a
 * decision stays what it is. Numbers are made here; a key that holds no number needs a line below.
 */
public final class OtherAssumptions {
  private static final Map<String, String> GIVEN =
      Map.ofEntries(
          Map.entry("situation", "\"existing-servers\""),
          Map.entry("redundancy", "\"n-plus-1\""),
          Map.entry("prefix-cache", "0.5"),
          Map.entry("sessions", "\"closed\""),
          Map.entry(
              "speculative-decoding",
              "{\"draft-tokens\": 3, \"accepted-tokens\": 2.5, \"draft-share\": 0.1, \"source\": \"made up\"}"),
          Map.entry(
              "electricity-tariff",
              "[{\"from-hour\": 8, \"to-hour\": 20, \"days\": \"weekdays\", \"usd-per-kwh\": 0.31}]"),
          Map.entry("price-forecast-date", "\"2024-06-01\""),
          Map.entry("api-discounts-percent", "{\"openai\": 7.5}"),
          Map.entry(
              "api-agreements",
              "[{\"provider\": \"openai\", \"monthly-commitment-usd\": 25, \"tiers\": [{\"from-monthly-usd\": 100, \"percent-off\": 4}]}]"),
          Map.entry(
              "api-subscriptions", "[{\"provider\": \"openai\", \"seat-monthly-usd\": 20.5}]"),
          Map.entry("api-accounts", "{\"openai\": {\"id\": \"org-1\"}}"),
          Map.entry("growth-per-month", "{\"p10\": -0.01, \"p50\": 0.02, \"p90\": 0.05}"),
          Map.entry("most-growth-per-month", "0.02"),
          Map.entry("samples", "512"));

  private OtherAssumptions() {}

  /** By key. */
  public static Map<String, JsonNode> values() {
    ObjectNode defaults = Assumptions.defaults().document();
    Map<String, JsonNode> others = new LinkedHashMap<>();
    defaults.properties().forEach(e -> others.put(e.getKey(), other(e.getKey(), e.getValue())));
    others.put("price-forecast-date", given("price-forecast-date"));
    return others;
  }

  private static JsonNode other(String key, JsonNode value) {
    if (GIVEN.containsKey(key)) {
      return given(key);
    }
    if (value.isIntegralNumber() && value.longValue() == 1) {
      return key.equals("seed") ? JsonNodeFactory.instance.numberNode(2) : number(0.9);
    }
    if (value.isIntegralNumber() && key.endsWith("-months") || key.equals("most-replicas")) {
      return JsonNodeFactory.instance.numberNode(value.intValue() - 1);
    }
    if (value.isNumber()) {
      return value.doubleValue() == 0 ? number(0.01) : number(value.doubleValue() * 0.9);
    }
    if (value.has("p50")) {
      ObjectNode spread = JsonNodeFactory.instance.objectNode();
      value
          .properties()
          .forEach(e -> spread.set(e.getKey(), number(e.getValue().asDouble() * 0.9)));
      return spread;
    }
    throw new AssertionError("No other value of " + key + ": add one to OtherAssumptions");
  }

  private static JsonNode number(double value) {
    return JsonNodeFactory.instance.numberNode(value);
  }

  private static JsonNode given(String key) {
    try {
      return new ObjectMapper().readTree(GIVEN.get(key));
    } catch (JsonProcessingException e) {
      throw new AssertionError(key, e);
    }
  }
}
