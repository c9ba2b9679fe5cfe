package dev.homeward.pricing;

import dev.homeward.catalog.PriceRow;
import java.util.OptionalLong;

/**
 * A price row as arrays, for the inner loop: micro-dollars per million tokens by token kind, below
 * and above the long-context limit.
 *
 * <p>A kind without a price of its own is charged as the kind it is a special case of: cached input
 * and five-minute cache writes as input, hour cache writes as five-minute ones. Output has no such
 * kind: without an output price, calls with output have no price. Sound is charged as text where it
 * has no price of its own. Searches of the web are counted, and without a price they cost nothing
 * here: {@link WorkloadSpend#unpricedSearches} says how many.
 */
final class Rate {
  static final String[] KINDS = {
    "input",
    "cache_read",
    "cache_write_5m",
    "cache_write_1h",
    "output",
    "audio_input",
    "audio_output",
    "web_search"
  };
  static final int OUTPUT = 4;
  static final int AUDIO_INPUT = 5;
  static final int AUDIO_OUTPUT = 6;
  static final int WEB_SEARCH = 7;

  final PriceRow row;
  final long limitTokens;
  final long[] base;
  final long[] above;
  final boolean pricesOutput;
  final boolean pricesSearches;

  Rate(PriceRow row) {
    this.row = row;
    this.limitTokens = row.longContextTokens();
    this.base = prices(row.base());
    this.above = prices(row.longContext());
    this.pricesSearches = row.base().webSearch().isPresent();
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
      rates.output().orElse(0),
      rates.audioInput().orElse(rates.input()),
      rates.audioOutput().orElse(rates.output().orElse(0)),
      rates.webSearch().orElse(0)
    };
  }
}
