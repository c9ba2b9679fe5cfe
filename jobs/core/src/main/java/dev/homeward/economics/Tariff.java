package dev.homeward.economics;

import dev.homeward.config.Default;
import java.util.List;

/**
 * What a kWh costs by the hour of the clock. Slots are 48: hours 0 to 23 of weekdays, then those of
 * weekends (Saturday and Sunday), in the review's time zone. The first window that holds a slot
 * gives its price.
 *
 * @param baseUsdPerKwh where no window holds
 */
public record Tariff(double baseUsdPerKwh, List<PricedHours> windows) {
  /** Weekday hours, then weekend hours. */
  public static final int SLOTS = 48;

  private static final int HOURS = 24;
  private static final int WEEKDAYS = 5;
  private static final int WEEKEND_DAYS = 2;

  /**
   * Hours at another price.
   *
   * @param fromHour 0 to 23
   * @param toHour 1 to 24, exclusive; at or below {@code fromHour} it runs over midnight
   * @param days all where none are named
   */
  public record PricedHours(
      int fromHour, int toHour, @Default("\"all\"") Days days, double usdPerKwh) {
    boolean holds(int slot) {
      int hour = slot % HOURS;
      boolean weekday = slot < HOURS;
      boolean day = days == Days.ALL || (days == Days.WEEKDAYS) == weekday;
      return day
          && (fromHour < toHour
              ? hour >= fromHour && hour < toHour
              : hour >= fromHour || hour < toHour);
    }
  }

  /** Days of a window. */
  public enum Days {
    ALL,
    WEEKDAYS,
    WEEKENDS
  }

  public Tariff {
    windows = List.copyOf(windows);
  }

  /** The price of a slot. */
  public double usdPerKwh(int slot) {
    for (PricedHours window : windows) {
      if (window.holds(slot)) {
        return window.usdPerKwh();
      }
    }
    return baseUsdPerKwh;
  }

  /**
   * Mean price for a box that is up some hours a day from a start hour, with five weekdays to two
   * weekend days.
   */
  public double meanUsdPerKwh(int startHour, int hoursPerDay) {
    if (windows.isEmpty()) {
      return baseUsdPerKwh;
    }
    double sum = 0;
    for (int h = 0; h < hoursPerDay; h++) {
      int hour = (startHour + h) % HOURS;
      sum += WEEKDAYS * usdPerKwh(hour) + WEEKEND_DAYS * usdPerKwh(HOURS + hour);
    }
    return sum / (hoursPerDay * (WEEKDAYS + WEEKEND_DAYS));
  }

  /** Mean price of energy whose use in each slot has these weights; the base price if all are 0. */
  public double meanUsdPerKwh(float[] weights) {
    if (windows.isEmpty()) {
      return baseUsdPerKwh;
    }
    double sum = 0;
    double all = 0;
    for (int slot = 0; slot < weights.length; slot++) {
      sum += weights[slot] * usdPerKwh(slot);
      all += weights[slot];
    }
    return all > 0 ? sum / all : baseUsdPerKwh;
  }
}
