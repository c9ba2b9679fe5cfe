package dev.homeward.formats.scan;

import dev.homeward.units.TimeUnits;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as portals and spreadsheets write them for people: {@code 2/3/2026, 9:00:00.000 AM}. With
 * AM or PM in capitals the month comes first, as in the United States, which the portal of Azure
 * writes. Otherwise a number above 12 tells which one is the day; where none does, the time is
 * rejected: a wrong month would be another review.
 */
final class WrittenTimes {
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{1,2})/(\\d{1,2})/(\\d{4}),? (\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?"
              + "(?: ?([AaPp][Mm]))?");
  private static final int LONGEST = 40;
  private static final int MONTHS = 12;

  private WrittenTimes() {}

  /**
   * The moment in microseconds since 1970, read as UTC.
   *
   * @throws RejectedRecord if it is none, or its day and month cannot be told apart
   */
  static long parse(String text, String field) throws RejectedRecord {
    Matcher time = TIME.matcher(text.length() > LONGEST ? "" : text);
    if (!time.matches()) {
      throw none(field);
    }
    int first = Integer.parseInt(time.group(1));
    int second = Integer.parseInt(time.group(2));
    String half = time.group(8);
    boolean monthFirst = "AM".equals(half) || "PM".equals(half) || second > MONTHS;
    if (!monthFirst && first <= MONTHS && first != second) {
      throw new RejectedRecord(
          Reason.INVALID_TIME,
          field
              + " is a date whose day and month cannot be told apart (write it as 2026-02-03T09:00:00Z)");
    }
    int month = monthFirst ? first : second;
    int day = monthFirst ? second : first;
    int hour = Integer.parseInt(time.group(4));
    if (half != null) {
      if (hour < 1 || hour > 12) {
        throw none(field);
      }
      hour = hour % 12 + (half.equalsIgnoreCase("PM") ? 12 : 0);
    }
    int seconds = time.group(6) == null ? 0 : Integer.parseInt(time.group(6));
    String fraction = (time.group(7) == null ? "" : time.group(7)) + "000000000";
    try {
      LocalDateTime local =
          LocalDateTime.of(
              Integer.parseInt(time.group(3)),
              month,
              day,
              hour,
              Integer.parseInt(time.group(5)),
              seconds);
      long micros = Long.parseLong(fraction.substring(0, 6));
      return local.toEpochSecond(ZoneOffset.UTC) * TimeUnits.MICROS_PER_SECOND + micros;
    } catch (DateTimeException e) {
      throw none(field);
    }
  }

  private static RejectedRecord none(String field) {
    return new RejectedRecord(Reason.INVALID_TIME, field + " is not a timestamp");
  }
}
