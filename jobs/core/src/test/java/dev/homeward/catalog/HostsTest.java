package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.config.Documents;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where calls were served, and which price holds there. */
final class HostsTest {
  private static final Hosts HOSTS = Catalog.standard().hostedModels().hosts();
  private static final LocalDate DAY = LocalDate.of(2026, 10, 1);

  @ParameterizedTest(name = "{0} at {1} in {2}, {3}: {4}")
  @CsvSource({
    "openai, , , gpt-4o, openai",
    "openai.responses, , , gpt-5, openai",
    "gemini, , , gemini-2.5-pro, google",
    "vertex_ai, , europe-west4, gemini-2.5-flash, vertex/europe-west4",
    "google.vertex.chat, , , gemini-2.5-flash, vertex",
    "bedrock, , us-east-1, openai.gpt-5.6-luna, bedrock/us-east-1",
    "bedrock, , us-east-1, us.anthropic.claude-sonnet-4-6, bedrock/us",
    "bedrock, , , claude-sonnet-4-6, bedrock",
    "anthropic, , , us.anthropic.claude-opus-4-6-v1, bedrock/us",
    "anthropic, , , claude-sonnet-4-5@20250929, vertex",
    "anthropic, , us, claude-sonnet-4-6, anthropic/us",
    "anthropic, , global, claude-sonnet-4-6, anthropic",
    ", , , global.anthropic.claude-opus-4-6-v1, bedrock/global",
    "azure, , , azure/eu/gpt-4o, azure/eu",
    "azure, , , azure/acme-prod-chat, azure",
    ", , , together_ai/deepseek-ai/DeepSeek-R1, together",
    "litellm_proxy, , , bedrock/us-west-2/anthropic.claude-3-haiku-20240307-v1:0,"
        + " bedrock/us-west-2",
    "openrouter, , , openrouter/deepseek/deepseek-r1:free, openrouter/free",
    "ollama, , , ollama/mistral-small, local",
    "hosted_vllm, , , hosted_vllm/deepseek-ai/DeepSeek-R1, local",
    "lm_studio, , , lm_studio/qwen3, local",
    "ollama, , , ollama/deepseek-v3.1:671b-cloud, ollama-cloud",
    "openai, http://10.1.2.3:8000/v1, , Qwen/Qwen3-32B, local",
    "openai, http://vllm.models.svc.cluster.local/v1, , deepseek-ai/DeepSeek-R1, local",
    "openai, localhost, , gpt-oss-120b, local",
    "openai, http://localhost:4000, , gpt-4o, openai",
    // Models that the catalog does not know: of a family without weights, or not.
    "openai, http://localhost:4000, , gpt-9-preview, openai",
    "openai, http://10.1.2.3:4000, , anthropic/claude-opus-9, openai",
    ", http://10.1.2.3:4000, , anthropic.claude-opus-9-v1:0, bedrock/in-region",
    ", http://10.1.2.3:4000, , gemini-9-pro, ''",
    "openai, http://10.1.2.3:8000, , o9-mini, openai",
    "openai, http://10.1.2.3:8000, , gpt-oss-999b, local",
    "openai, http://10.1.2.3:8000, , our-own-claude-distillate, local",
    "openai, http://10.1.2.3:8000, , EleutherAI/gpt-j-6b, local",
    "openai, http://10.1.2.3:8000, , openai-community/gpt2, local",
    "openai, https://api.together.xyz/v1, , deepseek-ai/DeepSeek-R1, together",
    "openai, https://eu.api.openai.com/v1, , gpt-5.5, openai/eu",
    "openai, https://acme.openai.azure.com/, , gpt-4o, azure",
    "openai, https://llm.acme.example/v1, , deepseek-ai/DeepSeek-R1, openai-compatible",
    ", https://bedrock-runtime.eu-west-1.amazonaws.com, , claude-sonnet-4-6, bedrock/eu-west-1",
    ", https://us-east5-aiplatform.googleapis.com/v1, , claude-sonnet-4-6, vertex/us-east5",
    "our-own-cloud, , , gpt-4o, our-own-cloud",
    "portkey, , , gpt-4o, ''",
    ", , , gpt-4o, ''",
    ", , , deepseek-ai/DeepSeek-R1, ''",
    ", , , mistralai/Mistral-Nemo, ''",
  })
  void theRecordTellsWhere(
      String provider, String address, String region, String model, String servedBy) {
    ServedBy found = HOSTS.of(provider, address, region, model, null);
    assertEquals(servedBy, found.text());
    assertEquals(found, ServedBy.parse(found.text()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b/c", "x/Y", "\u0000", "openai/ eu"})
  void aTextThatIsNoPlaceIsUnknown(String text) {
    assertEquals(ServedBy.UNKNOWN, ServedBy.parse(text));
  }

  @Test
  void aNameWithoutEndIsNoModelAndNoHost() {
    String name = "bedrock/".repeat(50_000);
    assertEquals(Optional.empty(), Catalog.standard().hostedModels().resolve(name));
    assertEquals("bedrock", HOSTS.of(null, "@".repeat(50_000), null, name, null).host());
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "gemini-2.0-flash-001, gemini-2.0-flash",
    "gemini-1.5-pro-002, gemini-1.5-pro",
    "gemini-2.5-pro-preview-06-05, gemini-2.5-pro",
    "claude-3-5-sonnet-v2@20241022, claude-3-5-sonnet",
    "claude-opus-4-8[1m], claude-opus-4-8",
    "claude-opus-4-6@default, claude-opus-4-6",
    "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0, claude-sonnet-4-5",
    "anthropic.claude-3-haiku-20240307-v1:0:200k, claude-3-haiku",
    "openai.gpt-5.6-luna, gpt-5.6-luna",
    "deepseek/deepseek-r1:free, deepseek-r1",
    "ft:gpt-4.1-mini-2025-04-14:acme::x1, ft:gpt-4.1-mini",
    "mistral-large-2402, mistral-large-2402",
    // How much it was asked to think, as Cursor, new-api and others write it.
    "gpt-5-high, gpt-5",
    "gpt-5.1-codex-max-xhigh, gpt-5.1",
    "o3-mini-high, o3-mini",
    "o4-mini-2025-04-16-low, o4-mini",
    "openai/gpt-5-mini-minimal, gpt-5-mini",
    "claude-4.5-sonnet-thinking, claude-sonnet-4-5",
    "claude-4.5-opus-high-thinking, claude-opus-4-5",
    "claude-3-7-sonnet-20250219-thinking, claude-3-7-sonnet",
    "gemini-2.5-flash-thinking-24576, gemini-2.5-flash",
    "gemini-2.5-flash-nothinking, gemini-2.5-flash",
    "kimi-k2-thinking, kimi-k2-thinking",
  })
  void namesThatHostsGiveResolve(String logged, String id) {
    assertEquals(
        Optional.of(id), Catalog.standard().hostedModels().resolve(logged).map(HostedModel::id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ft:my-model:acme::x",
        "ft:",
        "gemini-2.5-flash-preview-04-17",
        "glm-4.6:exacto",
        "deepseek-r1-distill-of-our-own",
        "gpt-4o-transcribe",
        // Another tier, another model, or no effort at all.
        "gpt-5-fast",
        "gpt-5-high-fast",
        "claude-opus-4-6-fast",
        "claude-opus-4-6-max",
        "gpt-4o-high",
        "deepseek-v3-thinking",
        "qwen3-max-thinking-low",
        "high",
        "gpt-5-thinking"
      })
  void otherModelsAreNotTakenForKnownOnes(String logged) {
    assertEquals(Optional.empty(), Catalog.standard().hostedModels().resolve(logged));
  }

  @Test
  void aHostWithoutAPriceHasNoneAndFreeVariantsCostNothing() {
    assertTrue(at(PriceBook.standard(), "gpt-4o", "our-own-cloud").isEmpty());
    assertTrue(at(PriceBook.standard(), "deepseek-r1", "openai-compatible").isEmpty());
    assertTrue(at(PriceBook.standard(), "mistral-small", "local").isEmpty());
    assertEquals(0, at(PriceBook.standard(), "deepseek-r1", "openrouter/free").orElseThrow());
    assertEquals(550_000, at(PriceBook.standard(), "deepseek-r1", "openrouter").orElseThrow());
  }

  @Test
  void aUsersRowHoldsBeforeTheProgramsAndIsNotUplifted() {
    PriceBook mine =
        with(
            """
            sources:
              deal: { kind: vendor, reference: a deal, date: "2026" }
            prices:
              - { model: gpt-4o, from: "2026-01-01", input: 2000000, output: 8000000, source: deal }
              - { model: claude-sonnet-4-6, provider: bedrock, from: "2026-01-01", input: 2900000, output: 14000000, source: deal }
              - { model: claude-sonnet-4-6, provider: bedrock, region: eu, from: "2026-01-01", input: 3100000, output: 15000000, source: deal }
            """);
    assertEquals(2_000_000, at(mine, "gpt-4o", "azure/eu").orElseThrow());
    assertEquals(2_000_000, at(mine, "gpt-4o", "our-own-cloud").orElseThrow());
    assertTrue(at(mine, "gpt-4o", "local").isEmpty());
    assertEquals(2_900_000, at(mine, "claude-sonnet-4-6", "bedrock/us").orElseThrow());
    assertEquals(3_100_000, at(mine, "claude-sonnet-4-6", "bedrock/eu").orElseThrow());
    assertEquals(3_000_000, at(mine, "claude-sonnet-4-6", "anthropic").orElseThrow());
    assertEquals(3_300_000, at(mine, "claude-sonnet-4-6", "anthropic/us").orElseThrow());
  }

  @Test
  void aUsersUpliftsAndListPricesHold() {
    PriceBook mine =
        with(
            """
            sources:
              deal: { kind: vendor, reference: a deal, date: "2026" }
            prices: []
            uplifts:
              - { provider: bedrock, regions: [eu], models: [claude-sonnet-4-6], percent: 25, source: deal }
            list-prices:
              - { provider: our-reseller, makers: [openai], source: deal }
            """);
    assertEquals(3_750_000, at(mine, "claude-sonnet-4-6", "bedrock/eu").orElseThrow());
    assertEquals(3_300_000, at(mine, "claude-sonnet-4-6", "bedrock/us").orElseThrow());
    assertEquals(2_500_000, at(mine, "gpt-4o", "our-reseller").orElseThrow());
    assertTrue(at(mine, "claude-sonnet-4-6", "our-reseller").isEmpty());
  }

  @Test
  void anUpliftSaysSoAndLeavesSearchesAlone() {
    PriceRow row =
        PriceBook.standard()
            .at("claude-sonnet-4-6", "bedrock/eu-west-1", "standard", DAY)
            .orElseThrow()
            .row();
    assertEquals("10 % on the price elsewhere, in eu-west-1", row.note());
    assertEquals(330_000, row.base().cacheRead().orElseThrow());
    assertEquals(10_000_000_000L, row.base().webSearch().orElseThrow());
    assertFalse(
        PriceBook.standard()
            .at("claude-sonnet-4-6", "bedrock/global", "standard", DAY)
            .orElseThrow()
            .row()
            .note()
            .contains("%"));
  }

  /** What a what-if announces keeps hosts without a price without one, and uplifts on it. */
  @Test
  void anAnnouncedPriceIsOfTheBookThatItChanges() {
    PriceBook next =
        PriceBook.standard()
            .announce(
                "claude-sonnet-4-6",
                Optional.empty(),
                "input",
                new BigDecimal("2"),
                LocalDate.of(2026, 9, 1),
                "--set");
    for (PriceBook book : List.of(next, PriceBook.parse(next.userDocuments()))) {
      assertEquals(2_000_000, at(book, "claude-sonnet-4-6", "anthropic").orElseThrow());
      assertEquals(2_200_000, at(book, "claude-sonnet-4-6", "bedrock/us").orElseThrow());
      assertTrue(at(book, "claude-sonnet-4-6", "our-own-cloud").isEmpty());
    }
  }

  private static Optional<Long> at(PriceBook book, String model, String servedBy) {
    return book.at(model, servedBy, "standard", DAY).map(found -> found.row().base().input());
  }

  private static PriceBook with(String yaml) {
    return PriceBook.standard()
        .with(Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "mine.yaml"), "mine.yaml");
  }
}
