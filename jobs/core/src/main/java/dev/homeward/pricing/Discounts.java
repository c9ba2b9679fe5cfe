package dev.homeward.pricing;

import dev.homeward.catalog.PriceRow;
import dev.homeward.catalog.Providers;
import dev.homeward.catalog.ServedBy;
import dev.homeward.units.InvalidInput;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * Negotiated rates: percent off every list price of a provider. {@code *} holds for providers that
 * are not named and for calls whose log names no provider.
 *
 * <p>A discount lowers the unit prices, each rounded HALF_EVEN to a micro-dollar per million
 * tokens, so that a bill still reads tokens times price. Example: 12.5 % off $3 per million is
 * 2,625,000 micro-dollars. The rounding is at most half a micro-dollar a million tokens.
 */
public final class Discounts {
  private static final String ALL_OTHERS = "*";
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final Map<String, BigDecimal> percentOff = new TreeMap<>();

  private Discounts() {}

  /** List prices as they are. */
  public static Discounts none() {
    return new Discounts();
  }

  /**
   * Percent off by provider, as logs name it, or {@code *}.
   *
   * @throws InvalidInput if a percentage is not from 0 to 100
   */
  public static Discounts of(Map<String, BigDecimal> percentOffByProvider) {
    Discounts discounts = new Discounts();
    new TreeMap<>(percentOffByProvider)
        .forEach(
            (provider, percent) -> {
              if (percent.signum() < 0 || percent.compareTo(HUNDRED) > 0) {
                throw new InvalidInput(
                    "Invalid discount of %s: %s (percent off, 0 to 100)"
                        .formatted(provider, percent.toPlainString()));
              }
              discounts.percentOff.put(Providers.canonical(provider), percent);
            });
    return discounts;
  }

  /**
   * The row as this provider charges it.
   *
   * @param provider who served the call, as {@link ServedBy#text} or as a log names it
   */
  PriceRow apply(PriceRow row, String provider) {
    BigDecimal percent = percentOff.get(ServedBy.parse(provider).host());
    if (percent == null) {
      percent = percentOff.get(ALL_OTHERS);
    }
    if (percent == null || percent.signum() == 0) {
      return row;
    }
    BigDecimal factor = HUNDRED.subtract(percent).movePointLeft(2);
    return row.times(factor, percent.toPlainString() + " % off");
  }
}
