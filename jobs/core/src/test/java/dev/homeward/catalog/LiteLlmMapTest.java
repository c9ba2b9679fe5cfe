package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.SharedData;
import dev.homeward.config.Documents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What LiteLLM's price map says that a call costs at each host, against what is charged for such a
 * call: its name is what a log holds, its provider what LiteLLM writes beside it.
 */
final class LiteLlmMapTest {
  /** The map's own day, before the price cuts of 2026-07-30. */
  private static final LocalDate DAY = LocalDate.of(2026, 7, 29);

  private static final double MOST_OFF = 0.03;
  private static final double MOST_DIFFERENT = 0.02;
  private static final long UNLIKELY_MICRO_USD = 1_000_000_000;

  private static final Set<String> MODES =
      Set.of("chat", "responses", "completion", "embedding", "");

  /** Why an entry of the map is not what is charged. */
  private static final Map<String, String> REASONS = new TreeMap<>();

  static {
    because(
        "Anthropic charges 10 % more in one region than worldwide; the map has the worldwide price"
            + " for ids without a profile",
        "anthropic.claude-fable-5",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "anthropic.claude-opus-4-5-20251101-v1:0",
        "anthropic.claude-opus-4-6-v1",
        "anthropic.claude-opus-4-7",
        "anthropic.claude-opus-4-8",
        "anthropic.claude-opus-5",
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-sonnet-4-6",
        "anthropic.claude-sonnet-5");
    because(
        "profiles cost 10 % more; the map has it for all but this one",
        "eu.anthropic.claude-opus-4-5-20251101-v1:0");
    because(
        "profiles cost 10 % more; the map has the 20 % of single GovCloud regions",
        "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0");
    because(
        "the map has this model of 2024 under a date it does not have, at a GovCloud price",
        "anthropic.claude-3-7-sonnet-20240620-v1:0");
    because("the model's one price; the map has another for this name", "gemini-2.0-flash-001");
    because(
        "introductory until 2026-12-31, as genai-prices says, which is younger",
        "gemini-3.6-flash",
        "gemini/gemini-3.6-flash",
        "vertex_ai/gemini-3.6-flash");
    because("the map has codestral-2405's price", "mistral/codestral-latest");
    because(
        "genai-prices says half of it and is younger",
        "mistral/open-mistral-nemo",
        "mistral/open-mistral-nemo-2407");
    because("genai-prices says $0.10/$0.30 and is younger", "mistral/mistral-small-latest");
    because("genai-prices says $1.25/$2.50 and is younger", "xai/grok-4.20-0309-reasoning");
    because(
        "the map has the price of data zones and of regions for names that do not say which",
        "azure/gpt-4o-2024-11-20",
        "azure/gpt-4o-mini",
        "azure/gpt-4o-mini-2024-07-18");
    because("the map has two prices of one model at Azure", "azure/o1-mini-2024-09-12");
    because(
        "the map has older models' prices for the alias",
        "azure/mistral-large-latest",
        "azure_ai/mistral-large-latest");
    because("the map has two prices of one model at Bedrock", "moonshot.kimi-k2-thinking");
    because("the map has two prices of one model at Bedrock", "bedrock_mantle/openai.gpt-oss-20b");
  }

  private static void because(String reason, String... names) {
    for (String name : names) {
      REASONS.put(name, reason);
    }
  }

  @Test
  void whatIsChargedIsWhatTheMapSaysButForListedReasons() {
    JsonNode map = Documents.read(SharedData.path("prices/litellm_model_prices.json"));
    int resolved = 0;
    TreeSet<String> different = new TreeSet<>();
    List<String> unlisted = new ArrayList<>();
    List<String> unpriced = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      JsonNode said = priced(entry.getValue());
      if (said == null || Catalog.standard().hostedModels().resolve(entry.getKey()).isEmpty()) {
        continue;
      }
      resolved++;
      String provider = provider(said.path("litellm_provider").asText());
      Optional<PriceRow.Rates> charged = charged(entry.getKey(), provider);
      if (charged.isEmpty()) {
        unpriced.add(entry.getKey());
      } else if (isDifferent(said, charged.get())) {
        different.add(entry.getKey());
        if (!REASONS.containsKey(entry.getKey())) {
          unlisted.add(entry.getKey() + " " + charged.get());
        }
      }
    }
    assertEquals(List.of(), unlisted);
    assertEquals(REASONS.keySet(), different, "listed, and charged as the map says");
    assertTrue(resolved > 1000, resolved + " entries resolve");
    assertTrue(
        different.size() <= MOST_DIFFERENT * resolved,
        different.size() + " of " + resolved + " differ");
    assertEquals(List.of(), unpriced, "unpriced");
  }

  /** The entry if it has a price a token that can be one; else null. */
  private static JsonNode priced(JsonNode entry) {
    JsonNode input = entry.path("input_cost_per_token");
    boolean priced =
        MODES.contains(entry.path("mode").asText())
            && input.doubleValue() > 0
            && micros(input) < UNLIKELY_MICRO_USD;
    return priced ? entry : null;
  }

  // What LiteLLM writes into custom_llm_provider.
  private static String provider(String ofMap) {
    return ofMap.startsWith("vertex_ai") ? "vertex_ai" : ofMap.replace("-embedding-models", "");
  }

  private static Optional<PriceRow.Rates> charged(String name, String provider) {
    HostedModels models = Catalog.standard().hostedModels();
    ServedBy servedBy = models.hosts().of(provider, null, null, name, null);
    return PriceBook.standard()
        .at(models.resolve(name).orElseThrow().id(), servedBy.text(), "standard", DAY)
        .map(found -> found.row().base());
  }

  private static boolean isDifferent(JsonNode said, PriceRow.Rates charged) {
    boolean embedding = said.path("mode").asText().equals("embedding");
    JsonNode cacheRead = said.path("cache_read_input_token_cost");
    return isOff(micros(said.path("input_cost_per_token")), OptionalLong.of(charged.input()))
        || (!embedding
            && said.path("output_cost_per_token").doubleValue() > 0
            && isOff(micros(said.path("output_cost_per_token")), charged.output()))
        || (cacheRead.doubleValue() > 0
            && isOff(
                micros(cacheRead), OptionalLong.of(charged.cacheRead().orElse(charged.input()))));
  }

  private static boolean isOff(long said, OptionalLong charged) {
    return charged.isEmpty() || Math.abs(charged.getAsLong() - said) > MOST_OFF * said;
  }

  private static long micros(JsonNode dollarsPerToken) {
    return Math.round(dollarsPerToken.doubleValue() * 1e12);
  }

  /** Entries of the map that stand for their kinds, dollars per million. */
  @ParameterizedTest(name = "{0} of {1}: {2} at {3}, {4}/{5}")
  @CsvSource({
    "gpt-4o, openai, gpt-4o, openai, 2.5, 10",
    "azure/eu/gpt-4o-2024-08-06, azure, gpt-4o, azure/eu, 2.75, 11",
    "azure/us/gpt-5-mini-2025-08-07, azure, gpt-5-mini, azure/us, 0.275, 2.2",
    "azure/eu/gpt-4o-mini-2024-07-18, azure, gpt-4o-mini, azure/eu, 0.165, 0.66",
    "azure/global-standard/gpt-4o-mini, azure, gpt-4o-mini, azure/global, 0.15, 0.6",
    "azure_ai/DeepSeek-R1, azure_ai, deepseek-r1, azure, 1.35, 5.4",
    "azure_ai/deepseek-v3, azure_ai, deepseek-v3, azure, 1.14, 4.56",
    "azure_ai/claude-sonnet-4-5, azure_ai, claude-sonnet-4-5, azure, 3, 15",
    "together_ai/deepseek-ai/DeepSeek-R1, together_ai, deepseek-r1, together, 3, 7",
    "deepinfra/deepseek-ai/DeepSeek-V3, deepinfra, deepseek-v3, deepinfra, 0.38, 0.89",
    "fireworks_ai/accounts/fireworks/models/deepseek-v3p1, fireworks_ai, deepseek-v3.1,"
        + " fireworks, 0.56, 1.68",
    "deepseek/deepseek-r1, deepseek, deepseek-r1, deepseek, 0.55, 2.19",
    "us.anthropic.claude-sonnet-4-6, bedrock_converse, claude-sonnet-4-6, bedrock/us, 3.3, 16.5",
    "global.anthropic.claude-sonnet-4-6, bedrock_converse, claude-sonnet-4-6, bedrock/global, 3, 15",
    "anthropic.claude-3-5-sonnet-20240620-v1:0, bedrock, claude-3-5-sonnet, bedrock/in-region, 3, 15",
    "bedrock/us-gov-west-1/anthropic.claude-haiku-4-5-20251001-v1:0, bedrock, claude-haiku-4-5,"
        + " bedrock/us-gov-west-1, 1.2, 6",
    "bedrock/eu-west-3/mistral.mistral-large-2402-v1:0, bedrock, mistral-large-2402,"
        + " bedrock/eu-west-3, 10.4, 31.2",
    "us.deepseek.r1-v1:0, bedrock_converse, deepseek-r1, bedrock/us, 1.35, 5.4",
    "vertex_ai/claude-sonnet-4-5@20250929, vertex_ai, claude-sonnet-4-5, vertex, 3, 15",
    "vertex_ai/claude-3-5-haiku@20241022, vertex_ai, claude-3-5-haiku, vertex, 1, 5",
    "gemini/gemini-2.5-pro, gemini, gemini-2.5-pro, google, 1.25, 10",
    "mistral/mistral-large-2402, mistral, mistral-large-2402, mistral, 4, 12",
    "ft:gpt-4o-2024-08-06, openai, ft:gpt-4o, openai, 3.75, 15",
    "ft:gpt-4o-mini-2024-07-18:acme:claims:xyz, openai, ft:gpt-4o-mini, openai, 0.3, 1.2",
    "openrouter/openai/gpt-4o, openrouter, gpt-4o, openrouter, 2.5, 10",
    "openrouter/deepseek/deepseek-chat-v3.1, openrouter, deepseek-v3.1, openrouter, 0.2, 0.8",
    "groq/openai/gpt-oss-120b, groq, gpt-oss-120b, groq, 0.15, 0.6",
    "snowflake/claude-4-opus, snowflake, claude-opus-4, snowflake, 5, 25",
  })
  void entriesOfEachKind(
      String name, String provider, String id, String servedBy, double in, double out) {
    HostedModels models = Catalog.standard().hostedModels();
    assertEquals(Optional.of(id), models.resolve(name).map(HostedModel::id));
    assertEquals(servedBy, models.hosts().of(provider, null, null, name, null).text());
    PriceRow.Rates charged = charged(name, provider).orElseThrow();
    assertEquals(Math.round(in * 1e6), charged.input());
    assertEquals(OptionalLong.of(Math.round(out * 1e6)), charged.output());
  }
}
