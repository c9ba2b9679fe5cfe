package dev.homeward.pricing;

import dev.homeward.catalog.PriceRow;
import dev.homeward.units.NanoUsd;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Token totals by price row, long-context or not, and kind. Each total is priced once, so a bill
 * does not depend on the order in which calls were added.
 */
final class Bill {
  private static final Comparator<PriceRow> ORDER =
      Comparator.comparing(PriceRow::tier)
          .thenComparing(PriceRow::provider)
          .thenComparing(PriceRow::region)
          .thenComparing(PriceRow::validFrom)
          .thenComparing(PriceRow::note);

  private final Map<Rate, long[][]> totals = new LinkedHashMap<>();

  /** Adds token totals at a rate. */
  void add(Rate rate, boolean longContext, long[] tokens) {
    long[] sums =
        totals.computeIfAbsent(rate, r -> new long[2][Rate.KINDS.length])[longContext ? 1 : 0];
    for (int kind = 0; kind < sums.length; kind++) {
      sums[kind] = Math.addExact(sums[kind], tokens[kind]);
    }
  }

  /**
   * The lines with tokens, by tier, provider, region, first day, below before above the limit,
   * kind.
   */
  List<PricedLine> lines() {
    List<Rate> rates = new ArrayList<>(totals.keySet());
    rates.sort(Comparator.comparing(rate -> rate.row, ORDER));
    List<PricedLine> lines = new ArrayList<>();
    for (Rate rate : rates) {
      addLines(lines, rate, false);
      addLines(lines, rate, true);
    }
    return lines;
  }

  private void addLines(List<PricedLine> lines, Rate rate, boolean longContext) {
    long[] sums = totals.get(rate)[longContext ? 1 : 0];
    long[] prices = rate.prices(longContext);
    for (int kind = 0; kind < sums.length; kind++) {
      if (sums[kind] > 0 && (kind != Rate.WEB_SEARCH || rate.pricesSearches)) {
        BigInteger picos =
            BigInteger.valueOf(sums[kind]).multiply(BigInteger.valueOf(prices[kind]));
        lines.add(
            new PricedLine(
                rate.row,
                longContext,
                Rate.KINDS[kind],
                sums[kind],
                prices[kind],
                NanoUsd.ofPicos(picos)));
      }
    }
  }

  /** What the lines add up to. */
  static NanoUsd sum(List<PricedLine> lines) {
    NanoUsd sum = NanoUsd.ZERO;
    for (PricedLine line : lines) {
      sum = sum.plus(line.amount());
    }
    return sum;
  }
}
