package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.homeward.keeping.Codec;
import dev.homeward.units.InvalidInput;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CallDaysTest {
  private static final YearMonth OCTOBER = YearMonth.of(2026, 10);

  /** Four calls a day from the first of October to the last, and one with a wrong date. */
  @ParameterizedTest
  @CsvSource({
    "2099-12-31T23:59:59Z",
    "2099-12-01T00:00:00Z",
    "2027-10-31T13:00:00Z",
    "2026-11-30T13:00:00Z",
    "2001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z"
  })
  void oneCallFarFromAllOthersMovesNothing(String time) {
    CallDays days = october(4);
    days.add(micros(time), "gateway.jsonl", 77);
    ReviewPeriod period = ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC);
    assertEquals(OCTOBER, period.month());
    assertEquals(1.0, period.coverage());
    List<CallDays.Stretch> aside = days.bulk().aside();
    assertEquals(
        List.of(new CallDays.Stretch(1, micros(time), micros(time), "gateway.jsonl", 77)), aside);
  }

  /** Both ends, several calls, and a month of the bulk that is not complete. */
  @Test
  void coverageIsThatOfTheBulk() {
    CallDays days = new CallDays();
    for (int day = 5; day <= 20; day++) {
      for (int i = 0; i < 50; i++) {
        days.add(micros("2026-10-%02dT12:00:00Z".formatted(day)) + i, "a", i + 1);
      }
    }
    days.add(micros("2001-05-05T00:00:00Z"), "b", 1);
    days.add(micros("2099-01-01T00:00:00Z"), "b", 2);
    days.add(micros("2099-01-02T00:00:00Z"), "b", 3);
    ReviewPeriod period = ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC);
    assertEquals(OCTOBER, period.month());
    // Each of 31 noons usually has 50 calls, and no other hour has any: 16 noons of 31.
    assertEquals(16.0 / 31, period.coverage(), 1e-12, "noon of the 5th to noon of the 20th");
    assertFalse(period.isByTime());
    assertEquals(2, days.bulk().aside().size());
    assertEquals(2, days.bulk().aside().get(1).calls());
  }

  @Test
  void whatHoldsMuchIsKeptHoweverFarItLies() {
    CallDays days = october(4);
    CallDays later = new CallDays();
    for (int i = 0; i < 30; i++) {
      later.add(micros("2027-12-15T00:00:00Z") + i, "later", i + 1);
    }
    days.add(later);
    assertEquals(List.of(), days.bulk().aside());
    assertEquals(
        YearMonth.of(2027, 11),
        ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC).month(),
        "the last month that calls surround");
  }

  /** A few calls before the project began, a few days without any, a month's end: nothing odd. */
  @Test
  void aLogThatReachesIntoTheNextMonthIsAsBefore() {
    CallDays days = october(4);
    days.add(micros("2026-09-30T22:00:00Z"), "a", 1);
    days.add(micros("2026-11-02T08:00:00Z"), "a", 2);
    ReviewPeriod now = ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC);
    ReviewPeriod before =
        ReviewPeriod.of(
            days.firstMicros(),
            days.lastMicros(),
            Optional.empty(),
            ZoneOffset.UTC,
            (from, to) -> new long[] {from, to - 1});
    assertEquals(before, now);
    assertEquals(List.of(), days.bulk().aside());
  }

  @Test
  void aMonthThatIsAskedForIsReviewedThoughItsCallsWereSetAside() {
    CallDays days = october(4);
    days.add(micros("2099-12-31T10:00:00Z"), "a", 9);
    Optional<YearMonth> far = Optional.of(YearMonth.of(2099, 12));
    ReviewPeriod period = ReviewPeriod.of(days, far, ZoneOffset.UTC);
    assertEquals(far.get(), period.month());
    assertEquals(micros("2099-12-31T10:00:00Z"), period.observedFromMicros());
    InvalidInput none =
        assertThrows(
            InvalidInput.class,
            () -> ReviewPeriod.of(days, Optional.of(YearMonth.of(2050, 1)), ZoneOffset.UTC));
    assertEquals(
        "Invalid --month: 2050-01 (the log has calls from 2026-10-01 to 2099-12-31, none in that"
            + " month)",
        none.getMessage());
  }

  @Test
  void neitherOrderNorSplitShows() {
    Random random = new Random(8);
    List<Long> starts = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      starts.add(micros("2026-10-01T00:00:00Z") + (long) (random.nextDouble() * 31 * 86_400e6));
    }
    starts.add(micros("2099-12-31T10:00:00Z"));
    starts.add(micros("2001-12-31T10:00:00Z"));
    CallDays whole = new CallDays();
    starts.forEach(start -> whole.add(start, "f" + start % 3, start % 1000));
    Collections.shuffle(starts, random);
    CallDays[] parts = {new CallDays(), new CallDays(), new CallDays()};
    starts.forEach(start -> parts[random.nextInt(3)].add(start, "f" + start % 3, start % 1000));
    CallDays merged = new CallDays();
    for (CallDays part : parts) {
      merged.add(part);
    }
    assertEquals(whole.bulk(), merged.bulk());
    assertEquals(
        ReviewPeriod.of(whole, Optional.empty(), ZoneOffset.UTC),
        ReviewPeriod.of(merged, Optional.empty(), ZoneOffset.UTC));
    assertEquals(2, whole.bulk().aside().size());
  }

  /** Tasks send them home as JSON; what they count on with afterwards must be of the same hours. */
  @Test
  void theyComeBackFromJsonWhole() {
    CallDays days = new CallDays();
    for (int day = 5; day <= 20; day++) {
      days.add(micros("2026-10-%02dT12:00:00Z".formatted(day)), "a", day);
    }
    CallDays back = Codec.read(Codec.write(days), CallDays.class);
    assertEquals(days.bulk(), back.bulk());
    for (CallDays both : List.of(days, back)) {
      both.add(micros("2026-10-20T12:30:00Z"), "a", 21);
    }
    ReviewPeriod period = ReviewPeriod.of(back, Optional.empty(), ZoneOffset.UTC);
    // One call at each of 31 noons but Tuesdays', of which three were seen with 1, 1 and 2 calls:
    // the 27th usually has 4 / 3. 17 calls there, 4 + 10 + 4 / 3 missing.
    assertEquals(17 / (17 + 4 + 10 + 4.0 / 3), period.coverage(), 1e-12);
    assertEquals(ReviewPeriod.of(days, Optional.empty(), ZoneOffset.UTC), period);
  }

  private static CallDays october(int callsADay) {
    CallDays days = new CallDays();
    for (int day = 1; day <= 31; day++) {
      for (int i = 0; i < callsADay; i++) {
        days.add(
            micros("2026-10-%02dT%02d:30:00Z".formatted(day, i * 24 / callsADay)), "calls", day);
      }
    }
    return days;
  }

  private static long micros(String instant) {
    return Instant.parse(instant).getEpochSecond() * 1_000_000L;
  }
}
