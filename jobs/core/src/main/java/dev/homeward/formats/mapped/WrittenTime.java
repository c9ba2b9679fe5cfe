package dev.homeward.formats.mapped;

import dev.homeward.units.TimeUnits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment as people and programs write it: ISO-8601 with what is usually left out of it, days
 * before months or after them, months as words, clocks of twelve hours, counts since 1970, and the
 * days that spreadsheets count. Reused from text to text.
 */
final class WrittenTime {
  /** How the times of a column are written; the words of a mapping. */
  enum Format {
    /** Year, month, day; or the month as a word. */
    ISO,
    /** {@code 31.12.2026}, {@code 31/12/26}. */
    DAY_FIRST,
    /** {@code 12/31/2026}. */
    MONTH_FIRST,
    /** Since 1970. */
    SECONDS,
    MILLISECONDS,
    MICROSECONDS,
    NANOSECONDS,
    /** Days since 1899-12-30, as spreadsheets count. */
    SPREADSHEET_DAYS;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Format of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    boolean isCount() {
      return ordinal() >= SECONDS.ordinal();
    }
  }

  private static final int LONGEST = 48;

  /** 1970-01-01 in the days of spreadsheets. */
  private static final BigDecimal DAY_OF_1970 = new BigDecimal(25_569);

  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,4})\\s?([-/.])\\s?(\\d{1,2})\\s?\\2\\s?(\\d{1,4})");
  private static final Pattern COMPACT = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");
  private static final Pattern DAY_WORD =
      Pattern.compile("(\\d{1,2})(?:st|nd|rd|th|\\.)?[ -]+(\\p{L}{3,9})\\.?,?[ -]+(\\d{4}|\\d{2})");
  private static final Pattern WORD_DAY =
      Pattern.compile("(\\p{L}{3,9})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})");
  private static final Pattern CLOCK =
      Pattern.compile(
          "(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,12}))?)?\\s*([AaPp])?\\.?(?:[Mm]\\.?)?");
  private static final Pattern COMPACT_CLOCK = Pattern.compile("T?(\\d{2})(\\d{2})(\\d{2})()()");
  private static final Pattern ZONE =
      Pattern.compile("\\s*(?:(Z|UTC|GMT)|(?:UTC|GMT)?([+-])(\\d{2}):?(\\d{2})?)\\s*(?:\\[.*])?");
  private static final Pattern BEFORE =
      Pattern.compile("(?:\\p{L}{2,9}\\.?,?\\s+)?", Pattern.UNICODE_CHARACTER_CLASS);

  /** Months by the first three letters of their names in the languages of Western Europe. */
  private static final Map<String, Integer> MONTHS = months();

  /** Microseconds since 1970, read as UTC where the text has no zone. */
  long micros;

  /** Whether the text says its zone. */
  boolean zoned;

  /** Whether the text says a time of the day. */
  boolean clock;

  /** Whether the text says a day. */
  boolean day;

  private String text;
  private int at;

  /** Reads a count; false if the number is none that a count of this century can be. */
  boolean count(BigDecimal number, Format format) {
    clear();
    if (number.signum() < 0 || (long) number.precision() - number.scale() > 20) {
      return false;
    }
    BigDecimal counted =
        switch (format) {
          case SECONDS -> number.movePointRight(6);
          case MILLISECONDS -> number.movePointRight(3);
          case MICROSECONDS -> number;
          case NANOSECONDS -> number.movePointLeft(3);
          case SPREADSHEET_DAYS ->
              // To the millisecond: the fraction of a day does not hold more.
              number
                  .subtract(DAY_OF_1970)
                  .multiply(new BigDecimal(TimeUnits.MICROS_PER_DAY / 1_000))
                  .setScale(0, RoundingMode.HALF_UP)
                  .movePointRight(3);
          default -> null;
        };
    if (counted == null || (long) counted.precision() - counted.scale() > 18) {
      return false;
    }
    micros = counted.setScale(0, RoundingMode.FLOOR).longValue();
    zoned = format != Format.SPREADSHEET_DAYS;
    clock = true;
    day = true;
    return true;
  }

  /** Reads a text; false if it is no moment in this format. */
  boolean parse(String written, Format format) {
    clear();
    text = written.strip();
    at = 0;
    if (text.isEmpty() || text.length() > LONGEST) {
      return false;
    }
    long days = 0;
    LocalDate date = date(format);
    if (date != null) {
      days = date.toEpochDay();
      day = true;
      skip();
    }
    long ofDay = clock(date != null);
    if (ofDay < 0) {
      return false;
    }
    if (at < text.length() && clock) {
      ofDay -= zone();
    }
    micros = days * TimeUnits.MICROS_PER_DAY + ofDay;
    return at == text.length() && (day || clock);
  }

  private void clear() {
    micros = 0;
    zoned = false;
    clock = false;
    day = false;
  }

  private void skip() {
    while (at < text.length() && " ,T\u00a0\u202f".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private LocalDate date(Format format) {
    Matcher numbers = NUMBERS.matcher(text);
    if (numbers.lookingAt()) {
      at = numbers.end();
      return numbers(numbers.group(1), numbers.group(3), numbers.group(4), format);
    }
    Matcher compact = COMPACT.matcher(text);
    if (compact.lookingAt()) {
      at = compact.end();
      return day(number(compact.group(1)), number(compact.group(2)), number(compact.group(3)));
    }
    Matcher weekday = BEFORE.matcher(text);
    int from = weekday.lookingAt() ? weekday.end() : 0;
    for (int start : new int[] {0, from}) {
      Matcher dayFirst = DAY_WORD.matcher(text).region(start, text.length());
      if (dayFirst.lookingAt()) {
        at = dayFirst.end();
        return named(dayFirst.group(2), dayFirst.group(1), dayFirst.group(3));
      }
      Matcher monthFirst = WORD_DAY.matcher(text).region(start, text.length());
      if (monthFirst.lookingAt()) {
        at = monthFirst.end();
        return named(monthFirst.group(1), monthFirst.group(2), monthFirst.group(3));
      }
    }
    return null;
  }

  private LocalDate numbers(String a, String b, String c, Format format) {
    if (a.length() > 2) {
      return a.length() == 4 && c.length() <= 2 ? day(number(a), number(b), number(c)) : null;
    }
    if (c.length() != 4 && c.length() != 2) {
      return null;
    }
    int year = number(c) + (c.length() == 2 ? 2000 : 0);
    int first = number(a);
    int second = number(b);
    return switch (format) {
      case DAY_FIRST -> day(year, second, first);
      case MONTH_FIRST -> day(year, first, second);
      default -> null;
    };
  }

  private static LocalDate named(String month, String day, String year) {
    String name = month.toLowerCase(Locale.ROOT);
    Integer known = MONTHS.get(name.substring(0, 3));
    if (name.startsWith("juil")) {
      known = 7;
    }
    int years = number(year) + (year.length() == 2 ? 2000 : 0);
    return known == null ? null : day(years, known, number(day));
  }

  private static LocalDate day(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Microseconds of the day; -1 if what stands there is no clock. */
  private long clock(boolean afterDate) {
    if (at == text.length() && afterDate) {
      return 0;
    }
    Matcher match = CLOCK.matcher(text).region(at, text.length());
    if (!match.lookingAt()) {
      match = COMPACT_CLOCK.matcher(text).region(at, text.length());
      if (!afterDate || !match.lookingAt()) {
        return -1;
      }
    }
    at = match.end();
    int hour = number(match.group(1));
    int minute = number(match.group(2));
    int seconds = match.group(3) == null ? 0 : number(match.group(3));
    String half = match.group(5);
    if (half != null && !half.isEmpty()) {
      if (hour < 1 || hour > 12) {
        return -1;
      }
      hour = hour % 12 + (half.equalsIgnoreCase("p") ? 12 : 0);
    }
    if (hour > 23 || minute > 59 || seconds > 59) {
      return -1;
    }
    clock = true;
    return (hour * 3_600L + minute * 60L + seconds) * TimeUnits.MICROS_PER_SECOND
        + fraction(match.group(4));
  }

  private static long fraction(String digits) {
    if (digits == null || digits.isEmpty()) {
      return 0;
    }
    return Long.parseLong((digits + "000000").substring(0, 6));
  }

  /** Microseconds that the zone's clocks are ahead of UTC's. */
  private long zone() {
    Matcher match = ZONE.matcher(text).region(at, text.length());
    if (!match.matches()) {
      return 0;
    }
    at = text.length();
    zoned = true;
    if (match.group(1) != null) {
      return 0;
    }
    long minutes = number(match.group(3)) * 60L;
    minutes += match.group(4) == null ? 0 : number(match.group(4));
    if (minutes > 18 * 60) {
      at = 0;
      return 0;
    }
    return (match.group(2).equals("-") ? -minutes : minutes) * TimeUnits.MICROS_PER_MINUTE;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  private static Map<String, Integer> months() {
    String[] names = {
      "jan ene gen", "feb fév fev", "mar mär mrz maa", "apr avr abr", "may mai mag mei",
          "jun jui giu",
      "jul lug", "aug aoû aou ago", "sep set", "oct okt ott out", "nov", "dec dez déc dic"
    };
    Map<String, Integer> months = new HashMap<>();
    for (int month = 0; month < names.length; month++) {
      for (String name : names[month].split(" ")) {
        months.put(name, month + 1);
      }
    }
    return Map.copyOf(months);
  }
}
