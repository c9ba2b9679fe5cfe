package dev.homeward.catalog;

import dev.homeward.config.Default;
import java.util.Optional;

/**
 * How the organisation comes to have a box, and what that alone costs. Exactly the figure of the
 * mode is present.
 *
 * @param mode owned, bought, rented on demand, spot or reserved
 * @param priceUsd purchase price of the complete box (BOUGHT), or what it would fetch (OWNED,
 *     optional: opportunity cost)
 * @param hourlyUsd rent per hour the box is up (ON_DEMAND, SPOT)
 * @param monthlyUsd rent per calendar month whatever the use (RESERVED)
 * @param hoursPerDay hours a day the box is up; 24 without a schedule
 * @param startHour first hour of the day, 0-23 in the review's time zone, of a schedule
 * @param includesPower whether power, cooling and space are in the rent
 * @param lowUsd of what the mode's figure is: one offer in ten is cheaper (optional, together with
 *     the other)
 * @param highUsd likewise: one offer in ten is dearer
 */
public record Acquisition(
    Mode mode,
    Optional<Figure> priceUsd,
    Optional<Figure> hourlyUsd,
    Optional<Figure> monthlyUsd,
    @Default("24") int hoursPerDay,
    @Default("0") int startHour,
    @Default("false") boolean includesPower,
    Optional<Figure> lowUsd,
    Optional<Figure> highUsd) {

  /** The ways to have a box. */
  public enum Mode {
    OWNED,
    BOUGHT,
    ON_DEMAND,
    SPOT,
    RESERVED
  }

  public Acquisition {
    double usd = usd(mode, priceUsd, hourlyUsd, monthlyUsd).map(Figure::value).orElse(Double.NaN);
    if (lowUsd.isPresent() != highUsd.isPresent()) {
      throw new IllegalArgumentException("low-usd and high-usd go together");
    }
    if (lowUsd.isPresent() && !(lowUsd.get().value() <= usd && usd <= highUsd.get().value())) {
      throw new IllegalArgumentException(
          "/low-usd: the figure must lie from low-usd to high-usd (found %s, %s, %s)"
              .formatted(lowUsd.get().value(), usd, highUsd.get().value()));
    }
  }

  /** The figure of the mode: price, rent an hour or rent a month; empty if it costs nothing. */
  public Optional<Figure> usd() {
    return usd(mode, priceUsd, hourlyUsd, monthlyUsd);
  }

  private static Optional<Figure> usd(
      Mode mode,
      Optional<Figure> priceUsd,
      Optional<Figure> hourlyUsd,
      Optional<Figure> monthlyUsd) {
    return switch (mode) {
      case OWNED, BOUGHT -> priceUsd;
      case ON_DEMAND, SPOT -> hourlyUsd;
      case RESERVED -> monthlyUsd;
    };
  }
}
