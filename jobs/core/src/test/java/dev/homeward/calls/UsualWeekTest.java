package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a log covers by the rhythm of its calls. October 2026 begins on a Thursday and ends on a
 * Saturday: 22 weekdays, of which 11 lie before the 16th, and 9 days of weekends.
 */
final class UsualWeekTest {
  private static final YearMonth OCTOBER = YearMonth.of(2026, 10);

  /** From 8:07 on the first to 17:37 on Friday the 30th: the month's office hours, all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"})
  void weekdaysOfAMonthThatEndsOnASaturdayAreComplete(String zone) {
    CallDays days = weekdays("2026-10-01", "2026-10-31", ZoneId.of(zone));
    ReviewPeriod period = ReviewPeriod.of(days, Optional.empty(), ZoneId.of(zone));
    assertEquals(OCTOBER, period.month());
    assertEquals(1.0, period.coverage());
    assertFalse(period.isSample());
    assertEquals(period.fromMicros(), period.observedFromMicros());
    assertEquals(period.toMicros(), period.observedToMicros());
  }

  /** Weekdays from August on: October is the last complete month, not September. */
  @Test
  void theLastCompleteMonthMayEndOnASilentDay() {
    CallDays days = weekdays("2026-08-19", "2026-10-31", ZoneOffset.UTC);
    assertEquals(OCTOBER, ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC).month());
    CallDays stopped = weekdays("2026-08-19", "2026-10-29", ZoneOffset.UTC);
    assertEquals(
        YearMonth.of(2026, 9),
        ReviewPeriod.of(stopped, Optional.empty(), ZoneOffset.UTC).month(),
        "Friday the 30th is missing");
  }

  /** A batch at three in the morning has come round on the last day, long before its noon. */
  @Test
  void aNightlyBatchIsCompleteInTheNight() {
    CallDays days = new CallDays();
    for (int day = 1; day <= 31; day++) {
      add(days, OCTOBER.atDay(day), 3, 0, 40, ZoneOffset.UTC);
    }
    ReviewPeriod period = ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC);
    assertEquals(1.0, period.coverage());
  }

  @Test
  void aLogThatStopsInTheMonthIsScaledByTheDaysOfWorkThatAreMissing() {
    // Thursday the 1st to Thursday the 15th: 2 + 5 + 4 weekdays of 22; by time it would be 0.467.
    CallDays stops = weekdays("2026-10-01", "2026-10-15", ZoneOffset.UTC);
    ReviewPeriod period = ReviewPeriod.of(stops, Optional.empty(), ZoneOffset.UTC);
    assertEquals(11.0 / 22, period.coverage(), 1e-12);
    assertTrue(period.isSample());
    // Monday the 12th to Friday the 30th: 15 weekdays.
    CallDays begins = weekdays("2026-10-12", "2026-10-31", ZoneOffset.UTC);
    ReviewPeriod late = ReviewPeriod.of(begins, Optional.empty(), ZoneOffset.UTC);
    assertEquals(15.0 / 22, late.coverage(), 1e-12);
  }

  /** 96 calls on weekdays, 24 on each day of a weekend. */
  @Test
  void hoursOfTheWeekWeighWhatTheyUsuallyHold() {
    // Up to Friday the 23rd: 17 weekdays and 6 days of weekends, 1,632 + 144 = 1,776 calls.
    // Missing:
    // 5 weekdays and 3 days of weekends, 480 + 72 = 552.
    ReviewPeriod period = ReviewPeriod.of(mixed(23), Optional.empty(), ZoneOffset.UTC);
    assertEquals(1776.0 / (1776 + 552), period.coverage(), 1e-12);
    // Up to Friday the 30th only a Saturday of 24 calls is missing; half a mean day is
    // (5 x 96 + 2 x 24) / 7 / 2 = 37.7.
    assertEquals(1.0, ReviewPeriod.of(mixed(30), Optional.empty(), ZoneOffset.UTC).coverage());
    // Up to Thursday the 29th a Friday is missing too: 22 weekdays less one, 8 days of weekends.
    assertEquals(
        (21 * 96 + 8 * 24.0) / (22 * 96 + 9 * 24),
        ReviewPeriod.of(mixed(29), Optional.empty(), ZoneOffset.UTC).coverage(),
        1e-12);
  }

  /** Monday to Friday of one week: what a Sunday holds is not known, and taken for a mean day. */
  @Test
  void aDayOfTheWeekThatTheLogHasNotSeenIsAMeanDay() {
    CallDays days = weekdays("2026-10-05", "2026-10-09", ZoneOffset.UTC);
    ReviewPeriod period = ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC);
    assertEquals(5.0 / 31, period.coverage(), 1e-12);
  }

  /** A call every minute around the clock: by rhythm it is as by time, but for the last hour. */
  @Test
  void aSteadyLogIsCoveredByItsTime() {
    CallDays days = new CallDays();
    long from = micros(OCTOBER.atDay(3), 7, 20, ZoneOffset.UTC);
    int minutes = 13 * 24 * 60 + 90;
    for (int i = 0; i < minutes; i++) {
      days.add(from + i * 60_000_000L, "steady", i + 1L);
    }
    ReviewPeriod period = ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC);
    // An hour at either end, of the 744 that the month has, at the most.
    assertEquals(minutes / (31 * 24 * 60.0), period.coverage(), 2.0 / 744 * period.coverage());
  }

  /** Twenty hours show no rhythm: time counts, as in a trace of an hour. */
  @Test
  void aLogOfLessThanADayIsCoveredByItsTime() {
    CallDays days = new CallDays();
    for (int hour = 2; hour <= 22; hour++) {
      add(days, OCTOBER.atDay(7), hour, 0, 1, ZoneOffset.UTC);
    }
    ReviewPeriod period = ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC);
    assertEquals(20.0 / 744, period.coverage(), 1e-6);
    assertTrue(period.isByTime());
  }

  /** Two weeks in June and two in October: the silence between them is not the log's rhythm. */
  @Test
  void aLongPauseDoesNotThinTheUsualWeek() {
    CallDays days = weekdays("2026-06-01", "2026-06-12", ZoneOffset.UTC);
    days.add(weekdays("2026-10-01", "2026-10-15", ZoneOffset.UTC));
    ReviewPeriod period = ReviewPeriod.of(days, Optional.of(OCTOBER), ZoneOffset.UTC);
    // October counts as begun, because the log reaches over its first day.
    assertEquals(11.0 / 22, period.coverage(), 1e-12);
  }

  // 60 calls an hour from 8:07 to 17:37, in the middle half of each hour.
  private static CallDays weekdays(String from, String to, ZoneId zone) {
    CallDays days = new CallDays();
    for (LocalDate day = LocalDate.parse(from);
        !day.isAfter(LocalDate.parse(to));
        day = day.plusDays(1)) {
      if (!isWeekend(day)) {
        for (int hour = 8; hour < 18; hour++) {
          add(days, day, hour, 7, 60, zone);
        }
      }
    }
    return days;
  }

  private static CallDays mixed(int lastDay) {
    CallDays days = new CallDays();
    for (int day = 1; day <= lastDay; day++) {
      for (int hour = 0; hour < 24; hour++) {
        add(
            days,
            OCTOBER.atDay(day),
            hour,
            0,
            isWeekend(OCTOBER.atDay(day)) ? 1 : 4,
            ZoneOffset.UTC);
      }
    }
    return days;
  }

  private static boolean isWeekend(LocalDate day) {
    return day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
  }

  // Calls half a minute apart.
  private static void add(CallDays days, LocalDate day, int hour, int minute, int n, ZoneId zone) {
    for (int i = 0; i < n; i++) {
      days.add(micros(day, hour, minute, zone) + i * 30_000_000L, "log", i + 1L);
    }
  }

  private static long micros(LocalDate day, int hour, int minute, ZoneId zone) {
    return day.atTime(hour, minute).atZone(zone).toEpochSecond() * 1_000_000L;
  }
}
