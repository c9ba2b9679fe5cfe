package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What weight formats cost in quality, and what a model counts as in them. */
final class QualityTest {
  private static final Catalog CATALOG = Catalog.standard();

  @ParameterizedTest
  @CsvSource({
    "qwen3.5-27b, fp8, large",
    "qwen3.5-27b, awq-4bit, large",
    "qwen3.5-27b, q4_k_m, large",
    "qwen3.5-27b, q4_0, large",
    // 4.19 bits without embedding and head, and 3.85.
    "qwen3.5-27b, q3_k_l, large",
    "qwen3.5-27b, q3_k_m, medium",
    "qwen3.5-27b, ud-q2_k_xl, medium",
    "deepseek-v3.1, ud-tq1_0, large",
    "llama-3.1-70b, q3_k_m, small",
    // Published so: four bits and a scale.
    "gpt-oss-120b, mxfp4, large",
    "kimi-k2-thinking, int4-experts, frontier"
  })
  void underFourBitsAModelCountsAsOneTierLower(String model, String format, String tier) {
    assertEquals(
        Optional.of(tier),
        CATALOG.model(model).tierUnder(CATALOG.quantization(format)).map(Tier::word));
  }

  /** There is no tier under small: such a model stands in for nothing untested. */
  @ParameterizedTest
  @CsvSource({"llama-3.1-8b", "bge-m3"})
  void underFourBitsASmallModelHasNoTierLeft(String model) {
    assertEquals(Optional.empty(), CATALOG.model(model).tierUnder(CATALOG.quantization("q3_k_m")));
  }

  /** Three bits with which its maker published it are the model; the same of another's are less. */
  @Test
  void aModelPublishedInFewBitsKeepsItsTier() {
    LocalModel net = made("published-in: [mine]");
    Quantization mine = threeBits();
    assertEquals(Optional.of(Tier.LARGE), net.tierUnder(mine));
    assertEquals(Optional.of(Tier.MEDIUM), made("tools: true").tierUnder(mine));
    QualityLoss none = net.lossUnder(mine).orElseThrow();
    assertEquals(0, none.share().value());
    assertEquals(net.source(), none.share().source());
    assertEquals(0.3, made("tools: true").lossUnder(mine).orElseThrow().share().value());
  }

  private static LocalModel made(String more) {
    return with("""
            models:
              - { id: net, name: Net, tier: large, parameters: 7, layers: 5, hidden: 1, heads: 1,
                  kv-heads: 1, head-dim: 1, feed-forward: 1, vocabulary: 1, context-window: 1,
                  quantizations: [mine], licence: L, %s,
                  source: { kind: published, reference: a card, date: "2026" } }
            """
            .formatted(more))
        .model("net");
  }

  private static Quantization threeBits() {
    return with("""
            quantizations:
              - { id: mine, name: Mine, bits-per-weight: 4.5, stored-bits: 3, compute: fp16,
                  quality-loss: { measure: perplexity, share: 0.3, on: a text },
                  source: { kind: published, reference: a card, date: "2026" } }
            """)
        .quantization("mine");
  }

  private static Catalog with(String yaml) {
    return CATALOG.with(
        Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml"), "test");
  }

  /**
   * Of llama.cpp's own figures on Llama 3 8B, perplexity 6.2316: 0.1754 more in Q4_K_M is 2.8 %.
   */
  @Test
  void lossesAreThoseOfTheirSources() {
    QualityLoss loss = CATALOG.quantization("q4_k_m").qualityLoss().orElseThrow();
    assertEquals(QualityLoss.Measure.PERPLEXITY, loss.measure());
    assertEquals(0.1754 / 6.2316, loss.share().value(), 0.0001);
    assertEquals(3.5199 / 6.2316, loss("q2_k"), 0.001);
    // Granite 3.1 8B in INT4: 69.81 of 70.30.
    assertEquals(1 - 69.81 / 70.30, loss("awq-4bit"), 0.0001);
    // MMLU-Pro in NVFP4: 84.94 of 85.25, 84.8 of 85.0, 85.0 of 85.6, 77.4 of 78.3.
    double mean = (0.31 / 85.25 + 0.2 / 85.0 + 0.6 / 85.6 + 0.9 / 78.3) / 4;
    assertEquals(mean, loss("nvfp4"), 0.001);
    assertEquals(0, loss("fp16"));
  }

  @Test
  void fewerBitsOfAFamilyLoseMore() {
    List<String> family =
        List.of(
            "q8_0", "q6_k", "q5_k_m", "q5_k_s", "q4_k_m", "q4_k_s", "q3_k_l", "q3_k_m", "q3_k_s",
            "q2_k");
    for (int i = 1; i < family.size(); i++) {
      assertTrue(loss(family.get(i)) > loss(family.get(i - 1)), family.get(i));
    }
  }

  /** Nobody has said: not nothing. */
  @Test
  void whatIsNotKnownIsAbsent() {
    assertEquals(
        List.of(
            "awq-4bit-g32",
            "bnb-4bit",
            "bnb-8bit",
            "int4-experts",
            "iq3_m",
            "iq3_s",
            "iq4_nl",
            "iq4_xs",
            "mlx-3bit",
            "mlx-4bit",
            "mlx-5bit",
            "mlx-6bit",
            "mlx-8bit",
            "mlx-mxfp4",
            "mxfp4",
            "mxfp4-gguf",
            "ud-q2_k_xl",
            "ud-q3_k_xl",
            "ud-q4_k_xl",
            "ud-q5_k_xl",
            "ud-q6_k_xl",
            "ud-q8_k_xl",
            "ud-tq1_0"),
        CATALOG.quantizations().stream()
            .filter(q -> q.qualityLoss().isEmpty())
            .map(Quantization::id)
            .toList());
    LocalModel gptOss = CATALOG.model("gpt-oss-20b");
    assertEquals(0, gptOss.lossUnder(CATALOG.quantization("mxfp4")).orElseThrow().share().value());
  }

  /** Formats that are said something of are among those that the model is published in. */
  @Test
  void whatIsSaidOfAFormatIsOfOneThatTheModelHas() {
    for (LocalModel model : CATALOG.models()) {
      assertTrue(model.quantizations().containsAll(model.publishedIn()), model.id());
      assertTrue(model.quantizations().containsAll(model.publishedGb().keySet()), model.id());
      model.quantizations().forEach(CATALOG::quantization);
    }
  }

  /** Bits of a head that files hold say nothing where the head is part of the average. */
  @Test
  void badValuesAreNamed() {
    InvalidInput e =
        assertThrows(
            InvalidInput.class,
            () ->
                with(
                    """
                    quantizations:
                      - { id: mine, name: Mine, bits-per-weight: 4.5, stored-head-bits: 16,
                          compute: fp16, source: { kind: published, reference: a, date: "2026" } }
                      - { id: yours, name: Yours, bits-per-weight: 4.5, compute: fp16,
                          quality-loss: { measure: score, share: 2, on: a test },
                          source: { kind: published, reference: a, date: "2026" } }
                    """));
    assertTrue(e.getMessage().contains("stored-head-bits needs embedding-bits"), e.getMessage());
    assertTrue(e.getMessage().contains("Invalid share: 2.0"), e.getMessage());
  }

  private static double loss(String format) {
    return CATALOG.quantization(format).qualityLoss().orElseThrow().share().value();
  }
}
