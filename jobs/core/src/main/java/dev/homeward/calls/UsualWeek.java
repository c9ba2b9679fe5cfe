package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * The calls that each of the 168 hours of a week usually has, in the business time zone, as a log
 * shows it: what tells silence that is usual from a log that ends.
 *
 * <p>Usual of an hour of the week is the mean over the times it comes round from the hour of the
 * log's first call to that of its last one; pauses of more than seven days ({@link CallDays}) are
 * no part of the log. An hour of the week that never comes round in a log of less than a week has
 * the mean of its hour of the day. An example in figures: docs/method.md, section 1.
 *
 * <p>The log is looked at by whole hours: its first and last hour count as seen, however late the
 * first call or early the last. So what is missing is off by less than the calls that one hour
 * usually has, at either end. A holiday in a part that is missing counts as a usual day.
 */
final class UsualWeek {
  private static final int HOURS_OF_DAY = 24;
  private static final int DAYS = 7;

  private final ZoneId zone;
  private final double[] calls;

  private UsualWeek(ZoneId zone, double[] calls) {
    this.zone = zone;
    this.calls = calls;
  }

  /** The usual week of the bulk of a log; empty if no stretch of it is a day long. */
  static Optional<UsualWeek> of(CallDays days, CallDays.Bulk bulk, ZoneId zone) {
    long longest =
        bulk.kept().stream().mapToLong(s -> s.lastMicros() - s.firstMicros()).max().orElse(0);
    if (longest < TimeUnits.MICROS_PER_DAY) {
      return Optional.empty();
    }
    long[] seen = new long[DAYS * HOURS_OF_DAY];
    long[] calls = new long[DAYS * HOURS_OF_DAY];
    for (CallDays.Stretch stretch : bulk.kept()) {
      long last = CallDays.hour(stretch.lastMicros());
      for (long hour = CallDays.hour(stretch.firstMicros()); hour <= last; hour++) {
        int ofWeek = ofWeek(hour, zone);
        seen[ofWeek]++;
        calls[ofWeek] += days.callsIn(hour, hour);
      }
    }
    double[] usual = new double[DAYS * HOURS_OF_DAY];
    for (int hour = 0; hour < usual.length; hour++) {
      usual[hour] = usual(hour, seen, calls);
    }
    return Optional.of(new UsualWeek(zone, usual));
  }

  // The closest thing to an hour of the week that the log has seen: itself, the hour of the day,
  // any hour (where clocks were put forward on the only day seen).
  private static double usual(int hour, long[] seen, long[] calls) {
    if (seen[hour] > 0) {
      return (double) calls[hour] / seen[hour];
    }
    long seenAtHour = 0;
    long callsAtHour = 0;
    long seenAtAll = 0;
    long callsAtAll = 0;
    for (int h = 0; h < seen.length; h++) {
      boolean sameOfDay = h % HOURS_OF_DAY == hour % HOURS_OF_DAY;
      seenAtHour += sameOfDay ? seen[h] : 0;
      callsAtHour += sameOfDay ? calls[h] : 0;
      seenAtAll += seen[h];
      callsAtAll += calls[h];
    }
    return seenAtHour > 0 ? (double) callsAtHour / seenAtHour : (double) callsAtAll / seenAtAll;
  }

  /** Usual calls of the hours from one to another, both included. */
  double callsIn(long firstHour, long lastHour) {
    double sum = 0;
    for (long hour = firstHour; hour <= lastHour; hour++) {
      sum += calls[ofWeek(hour, zone)];
    }
    return sum;
  }

  /** Usual calls of the mean day. */
  double callsOfDay() {
    double sum = 0;
    for (double ofHour : calls) {
      sum += ofHour;
    }
    return sum / DAYS;
  }

  // Where the zone's offset is no whole hour, the local hour in which the UTC hour begins.
  private static int ofWeek(long hour, ZoneId zone) {
    ZonedDateTime local =
        Instant.ofEpochSecond(hour * (TimeUnits.MICROS_PER_HOUR / TimeUnits.MICROS_PER_SECOND))
            .atZone(zone);
    return (local.getDayOfWeek().getValue() - 1) * HOURS_OF_DAY + local.getHour();
  }
}
