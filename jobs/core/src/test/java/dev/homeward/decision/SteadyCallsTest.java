package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.homeward.economics.Assumptions;
import dev.homeward.units.InvalidInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verdicts of docs/articles.md, which {@link ArticlesTest} works out with code of its own. */
final class SteadyCallsTest {
  private static final List<String> BOXES =
      List.of(
          "mac-mini-m4-32gb",
          "rtx-4090",
          "rtx-4090-x2",
          "a10g-on-demand",
          "a100-80gb-on-demand",
          "a100-80gb-x4-on-demand");
  private static final List<String> GOOD_ENOUGH =
      List.of("qwen3.5-27b", "qwen3-30b-a3b", "llama-3.1-8b");

  /** 30 days of calls: tokens in and out at $0.15 and $0.60, $0.80 and $4.00 a million. */
  @ParameterizedTest
  @CsvSource({
    "gpt-4o-mini, 10000, 500, 300, 76.50",
    "claude-3-5-haiku, 48, 500, 50, 0.864",
    "claude-3-5-haiku, 1000, 500, 50, 18.00"
  })
  void theApiCostsTokensTimesPrices(String model, int perDay, int input, int output, double usd) {
    assertEquals(
        usd, new SteadyCalls(model, perDay, input, output).apiUsd().orElseThrow(), usd * 1e-9);
  }

  @ParameterizedTest
  @CsvSource({
    "claude-3-5-haiku, 1000, 500, 50, KEEP_API, 18.00, -254.49, mac-mini-m4-32gb, 15472",
    "gpt-4o, 10000, 500, 300, MOVE, 1275.00, 916.04, mac-mini-m4-32gb, 2173"
  })
  void theVerdictIsThatOfTheArticlesTable(
      String model,
      int perDay,
      int input,
      int output,
      Verdict verdict,
      double api,
      double saving,
      String box,
      double flip) {
    RankedWorkload row =
        new SteadyCalls(model, perDay, input, output)
            .decide(Assumptions.defaults(), BOXES, GOOD_ENOUGH);
    assertEquals(verdict, row.verdict());
    assertEquals(api, row.workload().apiForecastUsd().orElseThrow(), 0.005);
    assertEquals(saving, row.savingUsd().orElseThrow(), 0.005);
    assertEquals(box, row.chosen().orElseThrow().hardware().id());
    assertEquals(flip, row.flip().orElseThrow().nearest().orElseThrow() * perDay, 0.5);
  }

  @Test
  void whatCannotBeIsSaid() {
    assertEquals(
        "Invalid calls: 0 a day, 500 tokens in, 300 out (each must be at least 1)",
        assertThrows(InvalidInput.class, () -> new SteadyCalls("gpt-4o", 0, 500, 300))
            .getMessage());
    assertEquals(
        "Unknown hosted model: no-such",
        assertThrows(InvalidInput.class, () -> new SteadyCalls("no-such", 1, 1, 1).apiUsd())
            .getMessage());
  }
}
