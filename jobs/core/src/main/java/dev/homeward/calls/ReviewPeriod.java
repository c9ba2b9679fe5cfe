package dev.homeward.calls;

import dev.homeward.units.InvalidInput;
import dev.homeward.units.TimeUnits;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The calendar month under review in the business time zone, and how much of it the log covers.
 *
 * <p>Several months in one log: the last complete one. Calls that lie far from all others, with a
 * wrong date most likely, do not count for that: {@link CallDays} says which these are. A month is
 * complete if the log has calls before noon of its first day or in an earlier month, and from noon
 * of its last day on or in a later month; or if the hours of the week before its first call, and
 * those after its last one, usually have no more calls than half a mean day ({@link UsualWeek}): a
 * log of weekdays need not reach the Sunday that a month ends on. If none is complete, the last
 * month of the log.
 *
 * <p>Coverage is 1 for a complete month. Else it is the calls inside the month over these and the
 * calls that the missing hours usually have. A log of less than a day shows no rhythm: there it is
 * the time from the first to the last call inside the month over the month's real length; a single
 * instant counts as one second.
 *
 * @param month the calendar month
 * @param zone the business time zone
 * @param fromMicros start of the month
 * @param toMicros end of the month, exclusive
 * @param observedFromMicros first call of the whole log inside the month; the month's start if
 *     complete
 * @param observedToMicros last call of the whole log inside the month; the month's end if complete
 * @param coverage share of the month's calls, or of its time, that the log holds, in (0, 1]
 */
public record ReviewPeriod(
    YearMonth month,
    ZoneId zone,
    long fromMicros,
    long toMicros,
    long observedFromMicros,
    long observedToMicros,
    double coverage) {

  /**
   * The period for a log of which only the ends are known: coverage is by time.
   *
   * @param firstMicros start of the first call of the whole log
   * @param lastMicros start of the last call of the whole log
   * @param month the month asked for, if any
   * @param firstInMonth gives the first and last call inside a span, to measure a partial month
   */
  public static ReviewPeriod of(
      long firstMicros,
      long lastMicros,
      Optional<YearMonth> month,
      ZoneId zone,
      SpanLookup firstInMonth) {
    YearMonth first = YearMonth.from(date(firstMicros, zone));
    YearMonth last = YearMonth.from(date(lastMicros, zone));
    YearMonth chosen =
        month.orElseGet(
            () -> lastComplete(first, last, of -> isComplete(of, firstMicros, lastMicros, zone)));
    if (chosen.isBefore(first) || chosen.isAfter(last)) {
      throw new InvalidInput(
          "Invalid --month: %s (the log has calls from %s to %s)"
              .formatted(chosen, date(firstMicros, zone), date(lastMicros, zone)));
    }
    return isComplete(chosen, firstMicros, lastMicros, zone)
        ? complete(chosen, zone)
        : byTime(chosen, zone, firstInMonth.firstAndLast(start(chosen, zone), end(chosen, zone)));
  }

  private static ReviewPeriod complete(YearMonth month, ZoneId zone) {
    long from = start(month, zone);
    long to = end(month, zone);
    return new ReviewPeriod(month, zone, from, to, from, to, 1.0);
  }

  private static ReviewPeriod byTime(YearMonth month, ZoneId zone, long[] span) {
    long from = start(month, zone);
    long to = end(month, zone);
    long observed = Math.max(span[1] - span[0], TimeUnits.MICROS_PER_SECOND);
    return new ReviewPeriod(
        month, zone, from, to, span[0], span[0] + observed, (double) observed / (to - from));
  }

  /**
   * The period for a log by the bulk of its calls. What was set aside counts only where a month is
   * asked for, and where it lies in the month that is reviewed.
   *
   * @param month the month asked for, if any
   */
  public static ReviewPeriod of(CallDays days, Optional<YearMonth> month, ZoneId zone) {
    if (month.isPresent()) {
      checkHasCalls(days, month.get(), zone);
    }
    CallDays.Bulk bulk = days.bulk();
    Optional<UsualWeek> week = UsualWeek.of(days, bulk, zone);
    Predicate<YearMonth> isComplete =
        of ->
            isComplete(of, bulk.firstMicros(), bulk.lastMicros(), zone)
                || week.isPresent() && lacksLittle(of, bulk, week.get(), zone);
    YearMonth first = YearMonth.from(date(bulk.firstMicros(), zone));
    YearMonth last = YearMonth.from(date(bulk.lastMicros(), zone));
    YearMonth chosen = month.orElseGet(() -> lastComplete(first, last, isComplete));
    if (isComplete.test(chosen)) {
      return complete(chosen, zone);
    }
    long from = start(chosen, zone);
    long to = end(chosen, zone);
    // Where the bulk reaches over an edge of the month, the log is seen up to that edge.
    boolean since = bulk.firstMicros() < from && bulk.lastMicros() >= from;
    boolean until = bulk.lastMicros() >= to && bulk.firstMicros() < to;
    ReviewPeriod byTime =
        byTime(
            chosen,
            zone,
            new long[] {since ? from : days.firstFrom(from), until ? to - 1 : days.lastBefore(to)});
    boolean isOfBulk = bulk.firstMicros() < to && bulk.lastMicros() >= from;
    return week.isPresent() && isOfBulk ? byTime.byCalls(days, bulk, week.get()) : byTime;
  }

  /** Whether so few calls are usual where the log has not begun, and where it has ended. */
  private static boolean lacksLittle(
      YearMonth month, CallDays.Bulk bulk, UsualWeek week, ZoneId zone) {
    long from = start(month, zone);
    long to = end(month, zone);
    double little = week.callsOfDay() / 2;
    return bulk.firstMicros() < to
        && bulk.lastMicros() >= from
        && missingBefore(from, bulk, week) <= little
        && missingAfter(to, bulk, week) <= little;
  }

  private ReviewPeriod byCalls(CallDays days, CallDays.Bulk bulk, UsualWeek week) {
    long calls =
        days.callsIn(
            CallDays.hour(Math.max(fromMicros, bulk.firstMicros())),
            CallDays.hour(Math.min(toMicros - 1, bulk.lastMicros())));
    double missing = missingBefore(fromMicros, bulk, week) + missingAfter(toMicros, bulk, week);
    return calls == 0
        ? this
        : new ReviewPeriod(
            month,
            zone,
            fromMicros,
            toMicros,
            observedFromMicros,
            observedToMicros,
            calls / (calls + missing));
  }

  // Usual calls from the month's start to the hour before that of the log's first call.
  private static double missingBefore(long from, CallDays.Bulk bulk, UsualWeek week) {
    return week.callsIn(CallDays.hour(from), CallDays.hour(bulk.firstMicros()) - 1);
  }

  // Usual calls from the hour after that of the log's last call to the month's end.
  private static double missingAfter(long to, CallDays.Bulk bulk, UsualWeek week) {
    return week.callsIn(CallDays.hour(bulk.lastMicros()) + 1, CallDays.hour(to - 1));
  }

  private static void checkHasCalls(CallDays days, YearMonth month, ZoneId zone) {
    long from = start(month, zone);
    long to = end(month, zone);
    if (days.firstFrom(from) >= to) {
      throw new InvalidInput(
          "Invalid --month: %s (the log has calls from %s to %s, none in that month)"
              .formatted(month, date(days.firstMicros(), zone), date(days.lastMicros(), zone)));
    }
  }

  /** The UTC day of a moment, YYYY-MM-DD. */
  public static String day(long micros) {
    return date(micros, ZoneOffset.UTC).toString();
  }

  /** Reads {@code YYYY-MM}. */
  public static YearMonth parseMonth(String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeParseException e) {
      throw new InvalidInput("Invalid --month: %s (write it as 2026-10)".formatted(text), e);
    }
  }

  /**
   * Whether so little was observed (less than a minute) that a month cannot be told from it: a
   * single call would count as one a second.
   */
  public boolean isTooShort() {
    return observedToMicros - observedFromMicros < 60 * TimeUnits.MICROS_PER_SECOND;
  }

  /** Whether the log covers only a part of the month. */
  public boolean isSample() {
    return coverage < 1.0;
  }

  /** Whether coverage is a share of time, because the log shows no rhythm of calls. */
  public boolean isByTime() {
    return coverage == (double) (observedToMicros - observedFromMicros) / (toMicros - fromMicros);
  }

  /** Hours of the month, 672 to 745. */
  public double hours() {
    return (toMicros - fromMicros) / 3.6e9;
  }

  private static YearMonth lastComplete(
      YearMonth first, YearMonth last, Predicate<YearMonth> isComplete) {
    for (YearMonth month = last; !month.isBefore(first); month = month.minusMonths(1)) {
      if (isComplete.test(month)) {
        return month;
      }
    }
    return last;
  }

  private static boolean isComplete(
      YearMonth month, long firstMicros, long lastMicros, ZoneId zone) {
    long noonOfFirst = micros(month.atDay(1).atTime(12, 0).atZone(zone).toInstant());
    long noonOfLast = micros(month.atEndOfMonth().atTime(12, 0).atZone(zone).toInstant());
    return firstMicros < noonOfFirst && lastMicros >= noonOfLast;
  }

  private static long start(YearMonth month, ZoneId zone) {
    return micros(month.atDay(1).atStartOfDay(zone).toInstant());
  }

  private static long end(YearMonth month, ZoneId zone) {
    return start(month.plusMonths(1), zone);
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), TimeUnits.MICROS_PER_SECOND),
        instant.getNano() / TimeUnits.NANOS_PER_MICRO);
  }

  private static LocalDate date(long micros, ZoneId zone) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, TimeUnits.MICROS_PER_SECOND),
            Math.floorMod(micros, TimeUnits.MICROS_PER_SECOND) * TimeUnits.NANOS_PER_MICRO)
        .atZone(zone)
        .toLocalDate();
  }

  /** Finds the first and last call inside a span of a log. */
  @FunctionalInterface
  public interface SpanLookup {
    /** First and last start, microseconds, of calls in [from, to). */
    long[] firstAndLast(long fromMicros, long toMicros);
  }
}
