package dev.homeward.pricing;

import dev.homeward.catalog.PriceRow;
import java.util.OptionalLong;

/**
 * A price row as arrays, for the inner loop: micro-dollars per million tokens by token kind, below
 * and above the long-context limit.
 *
 * <p>A kind without a price of its own is charged as the kind it is a special case of: cached input
 * and five-minute cache writes as input, hour cache writes as five-minute ones. Output has no such
 * kind: without an output price, calls with output have no price.
 */
final class Rate {
  static final String[] KINDS = {
    "input", "cache_read", "cache_write_5m", "cache_write_1h", "output"
  };
  static final int OUTPUT = 4;

  final PriceRow row;
  final long limitTokens;
  final long[] base;
  final long[] above;
  final boolean pricesOutput;

  Rate(PriceRow row) {
    this.row = row;
    this.limitTokens = row.longContextTokens();
    this.base = prices(row.base());
    this.above = prices(row.longContext());
    this.pricesOutput = row.base().output().isPresent() && row.longContext().output().isPresent();
  }

  long[] prices(boolean longContext) {
    return longContext ? above : base;
  }

  private static long[] prices(PriceRow.Rates rates) {
    long write5m = rates.cacheWrite5m().orElse(rates.input());
    OptionalLong write1h = rates.cacheWrite1h();
    return new long[] {
      rates.input(),
      rates.cacheRead().orElse(rates.input()),
      write5m,
      write1h.orElse(write5m),
      rates.output().orElse(0)
    };
  }
}
