package dev.homeward.catalog;

import dev.homeward.config.Default;
import java.util.Locale;
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
 * @param releaseAfterMinutes idle minutes after which the box is given back and not paid for until
 *     the next call; 0: it is kept (ON_DEMAND, SPOT)
 * @param startMinutes from asking for it again until the model begins to load
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
    Optional<Figure> highUsd,
    @Default("0") double releaseAfterMinutes,
    @Default("0") double startMinutes) {

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
    if (releaseAfterMinutes > 0 && mode != Mode.ON_DEMAND && mode != Mode.SPOT) {
      throw new IllegalArgumentException(
          "/release-after-minutes: only a box that is rented by the hour can be given back (found mode %s)"
              .formatted(mode.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }
    if (lowUsd.isPresent() != highUsd.isPresent()) {
      throw new IllegalArgumentException("low-usd and high-usd go together");
    }
    if (lowUsd.isPresent() && !(lowUsd.get().value() <= usd && usd <= highUsd.get().value())) {
      throw new IllegalArgumentException(
          "/low-usd: the figure must lie from low-usd to high-usd (found %s, %s, %s)"
              .formatted(lowUsd.get().value(), usd, highUsd.get().value()));
    }
  }

  /** Whether the box is started by a call and given back when it idles. */
  public boolean startedAndStopped() {
    return releaseAfterMinutes > 0;
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
