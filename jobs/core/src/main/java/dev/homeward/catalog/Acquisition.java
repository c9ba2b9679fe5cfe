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
 */
public record Acquisition(
    Mode mode,
    Optional<Figure> priceUsd,
    Optional<Figure> hourlyUsd,
    Optional<Figure> monthlyUsd,
    @Default("24") int hoursPerDay,
    @Default("0") int startHour,
    @Default("false") boolean includesPower) {

  /** The ways to have a box. */
  public enum Mode {
    OWNED,
    BOUGHT,
    ON_DEMAND,
    SPOT,
    RESERVED
  }
}
