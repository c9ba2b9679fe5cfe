package dev.homeward.cli;

import dev.homeward.units.InvalidInput;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The month that a scheduler means. {@code last} is the calendar month before today's in the
 * business time zone: on 2026-11-01 at 00:30 in Berlin it is 2026-10, while in UTC it is still
 * October and {@code last} is 2026-09. The clock is asked here and nowhere below, so that the same
 * month gives the same review whenever it is made.
 */
final class ReviewMonth {
  private static final String LAST = "last";
  private static final String PLACE = "{month}";

  private ReviewMonth() {}

  /** The month as YYYY-MM, if it was {@code last}; else as it was given. */
  static String of(String given, String timezone, Clock clock) {
    if (!given.equals(LAST)) {
      return given;
    }
    ZoneId zone;
    try {
      zone = ZoneId.of(timezone);
    } catch (DateTimeException e) {
      throw new InvalidInput(
          "Invalid --timezone: %s (a name such as Europe/Berlin, or UTC)".formatted(timezone), e);
    }
    return YearMonth.now(clock.withZone(zone)).minusMonths(1).toString();
  }

  /**
   * A directory with the month in its place.
   *
   * @throws InvalidInput if it has a place for a month, and none was named
   */
  static String in(String directory, Optional<String> month) {
    if (!directory.contains(PLACE)) {
      return directory;
    }
    return directory.replace(
        PLACE,
        month.orElseThrow(
            () ->
                new InvalidInput(
                    "Invalid --out: %s ({month} is the month of --month; give one, or --month last)"
                        .formatted(directory))));
  }
}
