package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the tiers rest on: published scores, and where they speak against a tier. */
final class TierScoresTest {
  private static final Catalog CATALOG = Catalog.standard();

  /** A model of the catalog, local or hosted. */
  private record Rated(String id, Tier tier, List<Score> scores) {}

  private static List<Rated> all() {
    List<Rated> all = new ArrayList<>();
    CATALOG.models().forEach(m -> all.add(new Rated(m.id(), m.tier(), m.scores())));
    // A snapshot, a fine-tune or weights that others serve has the tier of what it is one of.
    CATALOG.hostedModels().all().stream()
        .filter(m -> m.contextWindow() > 0 || m.id().equals("ministral-8b"))
        .forEach(m -> all.add(new Rated(m.id() + " (hosted)", m.tier(), m.scores())));
    return all;
  }

  /** Nobody's score is made up: a model without one is named here, or has one found for it. */
  @Test
  void theseModelsHaveNoPublishedScore() {
    assertEquals(
        List.of(
            "codestral-22b",
            "granite-4.0-h-micro",
            "granite-4.0-h-tiny",
            "ministral-8b",
            "mistral-nemo-12b",
            "qwen2.5-coder-14b",
            "claude-opus-5 (hosted)",
            "claude-sonnet-5 (hosted)",
            "codestral (hosted)",
            "codestral-embed (hosted)",
            "gemini-3.5-flash-lite (hosted)",
            "gemini-3.6-flash (hosted)",
            "gemini-3.7-flash (hosted)",
            "gemini-embedding-2 (hosted)",
            "gpt-3.5-turbo-0613 (hosted)",
            "gpt-3.5-turbo-1106 (hosted)",
            "gpt-3.5-turbo-16k (hosted)",
            "gpt-4 (hosted)",
            "gpt-5-pro (hosted)",
            "gpt-5.2-pro (hosted)",
            "gpt-5.3 (hosted)",
            "gpt-5.4-pro (hosted)",
            "gpt-5.5-pro (hosted)",
            "gpt-5.6-luna (hosted)",
            "grok-4.5 (hosted)",
            "ministral-3b (hosted)",
            "ministral-8b (hosted)",
            "mistral-embed (hosted)",
            "mistral-nemo (hosted)",
            "o1-pro (hosted)",
            "qwen-flash (hosted)",
            "qwen-plus (hosted)"),
        all().stream().filter(m -> m.scores().isEmpty()).map(Rated::id).toList());
  }

  @Test
  void everyScoreHasABenchmarkADateAndAtMostOneValueOfEach() {
    for (Rated model : all()) {
      List<String> benchmarks = model.scores().stream().map(Score::benchmark).toList();
      assertEquals(benchmarks.stream().distinct().toList(), benchmarks, model.id());
      for (Score score : model.scores()) {
        assertTrue(score.score() <= 100, model.id());
        assertTrue(score.source().date().startsWith("202"), model.id());
        assertTrue(score.source().kind() != Confidence.MEASURED, model.id());
      }
    }
    Score gpqa = CATALOG.model("qwen3.5-27b").scores().get(0);
    assertEquals("GPQA Diamond", gpqa.benchmark());
    assertEquals(85.8, gpqa.score());
    assertEquals("2026-04-08", gpqa.source().date());
    assertEquals(
        List.of(54.3, 74.8),
        CATALOG.hostedModels().byId("gpt-4o").orElseThrow().scores().stream()
            .map(Score::score)
            .toList());
  }

  /** Within a benchmark the middle of a tier is not below the middle of the one under it. */
  @Test
  void aTiersMedianIsNotBelowThatOfTheTierUnderIt() {
    int compared = 0;
    for (Map.Entry<String, Map<Tier, List<Double>>> benchmark : byBenchmark().entrySet()) {
      for (Map.Entry<Tier, List<Double>> tier : benchmark.getValue().entrySet()) {
        List<Double> under = tier.getKey().below().map(benchmark.getValue()::get).orElse(null);
        if (under != null) {
          assertTrue(
              median(tier.getValue()) >= median(under),
              benchmark.getKey() + ": " + tier.getKey() + " below the tier under it");
          compared++;
        }
      }
    }
    // Small to frontier in GPQA Diamond and MMLU-Pro, large to frontier in Terminal-Bench.
    assertEquals(8, compared);
  }

  /**
   * Models that do no better than the middle of the tier under theirs, in every benchmark that has
   * a score of theirs: what stands in docs/catalog.md as doubtful.
   */
  @Test
  void theseAreNoBetterThanTheTierUnderTheirs() {
    assertEquals(
        List.of(
            "deepseek-v3",
            "llama-3.1-405b",
            "mistral-large-2411",
            "mixtral-8x7b",
            "claude-3-opus (hosted)",
            "gpt-4-turbo (hosted)",
            "mistral-large (hosted)"),
        against(-1));
  }

  /** Models that do better than the middle of the tier above theirs, in every benchmark. */
  @Test
  void theseAreBetterThanTheTierAboveTheirs() {
    assertEquals(
        List.of(
            "qwen3-30b-a3b-2507",
            "qwen3-4b-2507",
            "qwen3-8b",
            "qwen3.5-122b-a10b",
            "qwen3.5-27b",
            "qwen3.5-35b-a3b",
            "qwen3.5-4b",
            "qwen3.5-9b",
            "deepseek-v4-flash (hosted)",
            "gemini-2.5-flash (hosted)",
            "gemini-2.5-flash-lite (hosted)",
            "gemini-3-flash-preview (hosted)",
            "gemini-3.1-flash-lite (hosted)",
            "gpt-5.4-mini (hosted)",
            "gpt-5.4-nano (hosted)",
            "grok-3-mini (hosted)",
            "mistral-small-2603 (hosted)",
            "qwen3-next-80b-a3b-instruct (hosted)"),
        against(1));
  }

  private static List<String> against(int side) {
    Map<String, Map<Tier, List<Double>>> scores = byBenchmark();
    List<String> found = new ArrayList<>();
    for (Rated model : all()) {
      int other = model.tier().ordinal() + side;
      if (model.tier() == Tier.EMBEDDING || other == 0 || other >= Tier.values().length) {
        continue;
      }
      int compared = 0;
      boolean always = true;
      for (Score score : model.scores()) {
        List<Double> those = scores.get(score.benchmark()).get(Tier.values()[other]);
        if (those != null && those.size() > 5) {
          compared++;
          always &= side * Double.compare(score.score(), median(those)) > 0;
        }
      }
      if (compared > 0 && always) {
        found.add(model.id());
      }
    }
    return found;
  }

  private static Map<String, Map<Tier, List<Double>>> byBenchmark() {
    Map<String, Map<Tier, List<Double>>> scores = new TreeMap<>();
    for (Rated model : all()) {
      for (Score score : model.scores()) {
        scores
            .computeIfAbsent(score.benchmark(), name -> new EnumMap<>(Tier.class))
            .computeIfAbsent(model.tier(), tier -> new ArrayList<>())
            .add(score.score());
      }
    }
    return scores;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
