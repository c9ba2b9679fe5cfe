package dev.homeward.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceRow;
import dev.homeward.catalog.Source;
import dev.homeward.pricing.PricedLine;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.units.Confidence;
import dev.homeward.units.NanoUsd;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * A log's own costs beside the priced ones. The book charges $3 a million of input, $0.30 of cache
 * reads, $3.75 and $6 of writes, $15 of output; the calls had 1,000,000 uncached tokens, 4,000,000
 * from the cache and 200,000 of output: 3 + 1.2 + 3 = $7.20.
 */
final class LoggedCostsTest {
  private static final PriceRow.Rates RATES =
      new PriceRow.Rates(
          3_000_000,
          OptionalLong.of(300_000),
          OptionalLong.of(3_750_000),
          OptionalLong.of(6_000_000),
          OptionalLong.of(15_000_000),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  @Test
  void aDifferenceOfAFewPerCentIsNone() {
    assertFalse(compared("7.30", 100, 100).isWarned());
    assertFalse(compared("6.85", 100, 100).isWarned());
    assertTrue(compared("7.60", 100, 100).isWarned());
    assertEquals(0.0, compared("7.20", 100, 100).share().orElseThrow(), 1e-12);
  }

  @Test
  void sumsOfOtherCallsAreNotCompared() {
    // 60 of 100 calls have a cost in the log: $4 says nothing of $7.20.
    LoggedCosts.Compared some = compared("4.00", 60, 100);
    assertTrue(some.share().isEmpty());
    assertFalse(some.isWarned());
  }

  /** The log's $9 are of calls that the book prices only half. */
  @Test
  void sumsOfWhichTheBookPricesAPartAreNotCompared() {
    WorkloadKey key = new WorkloadKey("desk", "claude-sonnet-4-5", "public");
    LoggedCosts.Compared half =
        LoggedCosts.compared(key, spend(key, "9.00", 100, 50), 100, List.of("together"));
    assertTrue(half.share().isEmpty());
    assertFalse(half.isWarned());
    LoggedCosts.Compared all =
        LoggedCosts.compared(key, spend(key, "9.00", 100, 1), 100, List.of("together"));
    assertEquals(0.25, all.share().orElseThrow(), 1e-12);
  }

  @Test
  void cacheReadsAtTheInputPriceAreRecognised() {
    // 5,000,000 x $3 + 200,000 x $15 = $18.
    LoggedCosts.Compared as = compared("18.00", 100, 100);
    assertEquals("the log charges cache reads as input", as.causes().get(0));
    assertEquals(1.5, as.share().orElseThrow(), 1e-9);
    assertTrue(
        as.inWords()
            .contains("the log says $18.00, the price book $7.20, so the log's is 150.0 % more"),
        as.inWords());
  }

  @Test
  void halfAndATenthMoreAndNothingHaveTheirCauses() {
    assertTrue(compared("3.60", 100, 100).causes().get(0).contains("batch or flex"));
    assertTrue(compared("7.92", 100, 100).causes().get(0).contains("10 % more"));
    assertEquals(1, compared("0", 100, 100).causes().size());
    assertTrue(compared("0", 100, 100).causes().get(0).contains("knows no price"));
  }

  @Test
  void aListPriceAtAnotherHostNamesTheHost() {
    LoggedCosts.Compared less = compared("2.00", 100, 100);
    assertTrue(
        less.causes().stream().anyMatch(c -> c.contains("for calls at together")),
        less.causes().toString());
  }

  @Test
  void theSameFactorInSeveralWorkloadsIsAnAgreement() {
    List<LoggedCosts.Compared> all =
        LoggedCosts.together(
            List.of(
                compared("5.76", 100, 100), compared("5.77", 100, 100), compared("9", 100, 100)));
    assertTrue(all.get(0).causes().get(0).contains("in 2 workloads, a discount"));
    assertFalse(all.get(2).causes().get(0).contains("workloads"), all.get(2).causes().toString());
  }

  private static LoggedCosts.Compared compared(String logged, long loggedCalls, long calls) {
    WorkloadKey key = new WorkloadKey("desk", "claude-sonnet-4-5", "public");
    return LoggedCosts.compared(key, spend(key, logged, loggedCalls), calls, List.of("together"));
  }

  private static WorkloadSpend spend(WorkloadKey key, String logged, long loggedCalls) {
    return spend(key, logged, loggedCalls, 0);
  }

  private static WorkloadSpend spend(
      WorkloadKey key, String logged, long loggedCalls, long unpricedCalls) {
    Source source = new Source(Confidence.PUBLISHED, "a list", "2026-08-21");
    PriceRow row =
        new PriceRow(
            "claude-sonnet-4-5",
            "",
            "",
            "standard",
            LocalDate.of(2025, 9, 29),
            RATES,
            Long.MAX_VALUE,
            RATES,
            source,
            "");
    List<PricedLine> lines = new ArrayList<>();
    lines.add(line(row, "input", 1_000_000, 3_000_000));
    lines.add(line(row, "cache_read", 4_000_000, 300_000));
    lines.add(line(row, "output", 200_000, 15_000_000));
    return new WorkloadSpend(
        key,
        Optional.of(NanoUsd.ofDollars(new BigDecimal("7.20"))),
        Optional.empty(),
        Optional.of(NanoUsd.ofDollars(new BigDecimal(logged))),
        loggedCalls,
        lines,
        List.of(),
        0,
        0,
        unpricedCalls,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty());
  }

  private static PricedLine line(PriceRow row, String kind, long tokens, long microsPerMillion) {
    return new PricedLine(
        row, false, kind, tokens, microsPerMillion, new NanoUsd(tokens * microsPerMillion / 1000));
  }
}
