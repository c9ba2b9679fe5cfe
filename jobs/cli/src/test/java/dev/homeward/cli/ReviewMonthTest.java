package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.homeward.units.InvalidInput;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which month a scheduler means, at the edges of months in other zones. */
final class ReviewMonthTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-02T06:00:00Z, UTC, 2026-10",
    "2027-01-01T00:00:00Z, UTC, 2026-12",
    // Half past midnight of the first in Berlin, still October in UTC.
    "2026-10-31T23:30:00Z, Europe/Berlin, 2026-10",
    "2026-10-31T23:30:00Z, UTC, 2026-09",
    // The last evening of November in New York, December in UTC.
    "2026-12-01T02:00:00Z, America/New_York, 2026-10",
    "2028-03-31T12:00:00Z, UTC, 2028-02"
  })
  void lastIsTheCalendarMonthBeforeToday(Instant now, String zone, String month) {
    assertEquals(month, ReviewMonth.of("last", zone, Clock.fixed(now, ZoneOffset.UTC)));
  }

  @Test
  void aMonthThatIsNamedStaysAndTheClockIsNotAsked() {
    Clock broken =
        new Clock() {
          @Override
          public java.time.ZoneId getZone() {
            throw new AssertionError("asked for its zone");
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            throw new AssertionError("asked");
          }

          @Override
          public Instant instant() {
            throw new AssertionError("asked for the time");
          }
        };
    assertEquals("2026-10", ReviewMonth.of("2026-10", "UTC", broken));
  }

  @Test
  void aZoneThatIsNoneIsNamed() {
    assertEquals(
        "Invalid --timezone: Berlin (a name such as Europe/Berlin, or UTC)",
        assertThrows(InvalidInput.class, () -> ReviewMonth.of("last", "Berlin", Clock.systemUTC()))
            .getMessage());
  }

  @Test
  void theMonthHasAPlaceInTheDirectory() {
    assertEquals("/srv/2026-10/r", ReviewMonth.in("/srv/{month}/r", Optional.of("2026-10")));
    assertEquals("/srv/r", ReviewMonth.in("/srv/r", Optional.empty()));
    assertEquals(
        "Invalid --out: r/{month} ({month} is the month of --month; give one, or --month last)",
        assertThrows(InvalidInput.class, () -> ReviewMonth.in("r/{month}", Optional.empty()))
            .getMessage());
  }
}
