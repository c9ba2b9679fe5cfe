package dev.homeward.focus;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What is counted of one kind: how FOCUS names it, and in which unit it is priced.
 *
 * @param name of the meter
 * @param unit that it is counted in
 * @param pricingUnit that a price is for
 * @param perPricingUnit how many there are in it, as a power of ten
 */
record Meter(String name, String unit, String pricingUnit, int perPricingUnit) {
  /** Prices are micro-dollars per million. */
  private static final int MICROS_AND_MILLIONS = 12;

  private static final Map<String, Meter> BY_KIND =
      Map.of(
          "input", tokens("Input Tokens"),
          "cache_read", tokens("Cache Read Input Tokens"),
          "cache_write_5m", tokens("Cache Write Input Tokens, 5 minutes"),
          "cache_write_1h", tokens("Cache Write Input Tokens, 1 hour"),
          "output", tokens("Output Tokens"),
          "audio_input", tokens("Audio Input Tokens"),
          "audio_output", tokens("Audio Output Tokens"),
          "web_search", new Meter("Web Searches", "Requests", "1000 Requests", 3));

  private static Meter tokens(String name) {
    return new Meter(name, "Tokens", "1000000 Tokens", 6);
  }

  /** The meter of a kind of a priced line. */
  static Meter of(String kind) {
    Meter meter = BY_KIND.get(kind);
    if (meter == null) {
      throw new IllegalStateException("No meter of " + kind);
    }
    return meter;
  }

  /** Units in pricing units, exactly. */
  BigDecimal quantity(long units) {
    return BigDecimal.valueOf(units, perPricingUnit);
  }

  /** The price of a pricing unit in dollars, exactly. */
  BigDecimal price(long microUsdPerMillion) {
    return BigDecimal.valueOf(microUsdPerMillion, MICROS_AND_MILLIONS - perPricingUnit);
  }
}
