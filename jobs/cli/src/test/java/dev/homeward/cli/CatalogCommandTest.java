package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code homeward catalog} says of a model's tier and of a format's quality. */
final class CatalogCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "models | qwen3.5-27b | GPQA Diamond 85.8",
        "models | codestral-22b | no score known",
        "hosted | gpt-4o | GPQA Diamond 54.3, MMLU-Pro 74.8",
        "hosted | claude-opus-5 | no score known",
        "quantizations | q4_k_m | 4.80 bits a weight, perplexity 2.8 % higher (Llama 3 8B, wikitext)",
        "quantizations | awq-4bit | 4.16 bits a weight, 0.7 % of its score lost (Granite 3.1 8B, OpenLLM v1)",
        "quantizations | mlx-4bit | 4.50 bits a weight, loss of quality not known"
      })
  void scoresAndLossesAreShown(String what, String id, String shown) {
    Cli.Ran ran = Cli.run("catalog", what);
    assertEquals(0, ran.exit());
    String line =
        ran.out().lines().filter(l -> l.matches("[ *]+" + id + " .*")).findFirst().orElseThrow();
    assertTrue(line.endsWith(shown), line);
  }

  @Test
  void somethingElseIsRefused() {
    Cli.Ran ran = Cli.run("catalog", "tiers");
    assertEquals(2, ran.exit());
    assertTrue(ran.err().contains("Invalid catalog: tiers"), ran.err());
  }
}
