package dev.homeward.formats.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimesTest {
  private static final long SEED = 11;

  @Test
  void randomInstantsReadAsJavaTimeReadsThem() throws RejectedRecord {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      long micros = (long) (random.nextDouble() * 4e15);
      Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * (random.nextInt(28 * 60) - 14 * 60));
      OffsetDateTime zoned = instant.atOffset(offset);
      assertEquals(micros, Times.parse(instant.toString(), "t"), "seed " + SEED);
      // OffsetDateTime leaves out seconds that are 0, which no log does.
      String text = zoned.toString();
      if (text.length() > 22) {
        assertEquals(micros, Times.parse(text, "t"), text);
      }
    }
  }

  @Test
  void everyDayOfFourCenturiesIsTheDayOfJavaTime() throws RejectedRecord {
    LocalDateTime day = LocalDateTime.of(1970, 1, 1, 0, 0);
    for (int i = 0; i < 146_097; i++) {
      String text = day.toLocalDate() + " 00:00:00";
      assertEquals(i * 86_400_000_000L, Times.parse(text, "t"), text);
      day = day.plusDays(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-04 13:05:07.2500000, 2026-05-04T13:05:07.250Z",
    "2026-05-04 13:05:07, 2026-05-04T13:05:07Z",
    "2026-05-04 13:05:07.123456999, 2026-05-04T13:05:07.123456Z",
    "2026-05-04 13:05:07+00, 2026-05-04T13:05:07Z",
    "2026-05-04 13:05:07.5+0530, 2026-05-04T07:35:07.500Z",
    "2024-02-29T23:59:59-01:00, 2024-03-01T00:59:59Z"
  })
  void logsWriteTimesInSeveralWays(String text, String instant) throws RejectedRecord {
    assertEquals(
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant)), Times.parse(text, "t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "2026-05-04",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-05-04T24:00:00Z",
        "2026-05-04T00:60:00Z",
        "2026-05-04T00:00:60Z",
        "2026-05-04T00:00:00.Z",
        "2026-05-04T00:00:00ZZ",
        "2026-05-04T00:00:00 CET",
        "2026-05-04T00:00:00+1",
        "2026-05-04T00:00:00+01:00:",
        "2026-05-04T00:00:00+19:00",
        "２０２６-05-04T00:00:00Z",
        "+026-05-04T00:00:00Z"
      })
  void whatIsNoTimeIsRejected(String text) {
    RejectedRecord e = assertThrows(RejectedRecord.class, () -> Times.parse(text, "startTime"));
    assertEquals("startTime is not a timestamp", e.getMessage());
  }

  /** The portal of Azure, spreadsheets: what people are shown. */
  @Test
  void timesForPeopleAreReadWhereDayAndMonthAreTold() throws RejectedRecord {
    long nine = java.time.Instant.parse("2026-02-03T09:00:00.250Z").toEpochMilli() * 1000;
    assertEquals(nine, Times.parse("2/3/2026, 9:00:00.250 AM", "t"));
    assertEquals(nine + 12 * 3_600_000_000L, Times.parse("2/3/2026, 9:00:00.250 PM", "t"));
    assertEquals(nine + 15 * 3_600_000_000L, Times.parse("2/4/2026, 12:00:00.250 AM", "t"));
    long day = java.time.Instant.parse("2026-02-23T21:05:00Z").toEpochMilli() * 1000;
    assertEquals(day, Times.parse("23/02/2026 21:05", "t"));
    assertEquals(day, Times.parse("2/23/2026 21:05:00", "t"));
    assertEquals(day, Times.parse("23/02/2026, 9:05:00 pm", "t"));
    for (String unclear : new String[] {"2/3/2026 09:00", "02/03/2026, 9:00:00 am"}) {
      RejectedRecord e = assertThrows(RejectedRecord.class, () -> Times.parse(unclear, "t"));
      assertEquals(
          "t is a date whose day and month cannot be told apart (write it as 2026-02-03T09:00:00Z)",
          e.getMessage());
    }
    for (String wrong :
        new String[] {"2/30/2026, 9:00:00 AM", "2/3/2026, 13:00:00 PM", "13/13/2026 09:00"}) {
      RejectedRecord e = assertThrows(RejectedRecord.class, () -> Times.parse(wrong, "t"));
      assertEquals("t is not a timestamp", e.getMessage());
    }
  }
}
