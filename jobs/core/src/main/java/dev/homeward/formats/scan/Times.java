package dev.homeward.formats.scan;

import dev.homeward.units.TimeUnits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Reads timestamps of logs into microseconds since 1970-01-01T00:00:00Z: {@code
 * 2026-05-04T13:05:07.250Z}, {@code 2026-05-04 13:05:07.2500000} (no zone: UTC), {@code
 * 2026-05-04T15:05:07+02:00}. Digits after the sixth of a fraction are cut off. What people are
 * shown, {@code 5/4/2026, 1:05:07 PM}, is read by {@link WrittenTimes}.
 */
public final class Times {

  /** Bytes of a date. */
  private static final int DATE = 10;

  private Times() {}

  public static long parse(String text, String field) throws RejectedRecord {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return parse(bytes, 0, bytes.length, field);
  }

  /** The timestamp that stands in {@code bytes[from, to)}. */
  public static long parse(byte[] bytes, int from, int to, String field) throws RejectedRecord {
    try {
      return parse(bytes, from, to);
    } catch (NumberFormatException e) {
      return WrittenTimes.parse(
          new String(bytes, from, to - from, StandardCharsets.ISO_8859_1), field);
    }
  }

  /** Whether a timestamp that {@link #parse} accepts says its zone. */
  public static boolean hasZone(byte[] bytes, int from, int to) {
    if (bytes[to - 1] == 'Z' || bytes[to - 1] == 'z') {
      return true;
    }
    for (int i = from + DATE; i < to; i++) {
      if (bytes[i] == '+' || bytes[i] == '-') {
        return true;
      }
    }
    return false;
  }

  /** A decimal count of seconds since 1970, as a text of digits and a point, in microseconds. */
  public static long ofSeconds(String seconds, String field) throws RejectedRecord {
    return scaled(seconds, 6, field);
  }

  /** A decimal count of milliseconds, of a moment or of a duration, in microseconds. */
  public static long ofMillis(String millis, String field) throws RejectedRecord {
    return scaled(millis, 3, field);
  }

  /** A decimal count of microseconds; what is finer is cut off. */
  public static long ofMicros(String micros, String field) throws RejectedRecord {
    return scaled(micros, 0, field);
  }

  /** A count of nanoseconds in microseconds; what is finer is cut off. */
  public static long ofNanos(String nanos, String field) throws RejectedRecord {
    return scaled(nanos, -3, field);
  }

  private static long scaled(String text, int shift, String field) throws RejectedRecord {
    BigDecimal value;
    try {
      value = Json.decimal(text, field);
    } catch (RejectedRecord e) {
      throw new RejectedRecord(Reason.INVALID_TIME, field + " is not a count of time");
    }
    // The scale is looked at first: 1e999999999 must not be expanded.
    if (value.signum() < 0 || Json.magnitude(value) + shift > 17 || value.scale() > 40) {
      throw new RejectedRecord(Reason.INVALID_TIME, field + " is not a plausible count of time");
    }
    return value.movePointRight(shift).setScale(0, RoundingMode.DOWN).longValueExact();
  }

  private static long parse(byte[] s, int from, int to) {
    if (to - from < 19 || (s[from + DATE] != 'T' && s[from + DATE] != ' ')) {
      throw new NumberFormatException();
    }
    int year = digits(s, from, 4);
    expect(s, from + 4, '-');
    int month = digits(s, from + 5, 2);
    expect(s, from + 7, '-');
    int day = digits(s, from + 8, 2);
    int hour = digits(s, from + 11, 2);
    expect(s, from + 13, ':');
    int minute = digits(s, from + 14, 2);
    expect(s, from + 16, ':');
    int second = digits(s, from + 17, 2);
    if (month < 1
        || month > 12
        || day < 1
        || day > daysOf(year, month)
        || hour > 23
        || minute > 59
        || second > 59) {
      throw new NumberFormatException();
    }
    int at = from + 19;
    long micros = 0;
    if (at < to && s[at] == '.') {
      int fraction = ++at;
      long unit = 100_000;
      while (at < to && s[at] >= '0' && s[at] <= '9') {
        micros += (s[at] - '0') * unit;
        unit /= 10;
        at++;
      }
      if (at == fraction) {
        throw new NumberFormatException();
      }
    }
    long seconds =
        epochDay(year, month, day) * 86_400
            + hour * 3_600L
            + minute * 60L
            + second
            - offset(s, at, to);
    return Math.addExact(Math.multiplyExact(seconds, TimeUnits.MICROS_PER_SECOND), micros);
  }

  private static long offset(byte[] s, int from, int to) {
    int at = from;
    if (at < to && s[at] == ' ') {
      at++;
    }
    if (at == to) {
      return 0;
    }
    byte sign = s[at];
    if ((sign == 'Z' || sign == 'z') && at + 1 == to) {
      return 0;
    }
    // Hours, then minutes with or without a colon, or none.
    int length = to - at - 1;
    if ((sign != '+' && sign != '-') || length < 2) {
      throw new NumberFormatException();
    }
    int hours = digits(s, at + 1, 2);
    int minutes = 0;
    int rest = at + 3;
    if (rest < to && s[rest] == ':') {
      rest++;
    }
    if (rest < to) {
      if (to - rest != 2) {
        throw new NumberFormatException();
      }
      minutes = digits(s, rest, 2);
      rest += 2;
    }
    if (rest != to || hours > 18 || minutes > 59) {
      throw new NumberFormatException();
    }
    long seconds = hours * 3_600L + minutes * 60L;
    return sign == '-' ? -seconds : seconds;
  }

  private static int digits(byte[] s, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      byte c = s[i];
      if (c < '0' || c > '9') {
        throw new NumberFormatException();
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  private static void expect(byte[] s, int at, char c) {
    if (s[at] != c) {
      throw new NumberFormatException();
    }
  }

  private static int daysOf(int year, int month) {
    if (month == 2) {
      return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  // Days since 1970-01-01 in the proleptic Gregorian calendar, counting years from March so that
  // the
  // leap day is the last of its year.
  private static long epochDay(int year, int month, int day) {
    long y = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(y, 400L);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }
}
