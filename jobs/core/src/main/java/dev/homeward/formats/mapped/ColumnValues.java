package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.TableSample.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the values of a column are, as far as a sample of them tells. */
final class ColumnValues {
  /** This share of a column's values must be of a kind: tables hold a few rows that are wrong. */
  private static final double NEARLY_ALL = 0.9;

  /** The years 2000 to 2100 in seconds since 1970. */
  private static final BigDecimal EARLIEST = new BigDecimal(946_684_800L);

  private static final BigDecimal LATEST = new BigDecimal(4_102_444_800L);

  /** The same years in the days of spreadsheets. */
  private static final BigDecimal EARLIEST_DAY = new BigDecimal(36_526);

  private static final BigDecimal LATEST_DAY = new BigDecimal(73_051);

  final Column column;
  private final List<String> known;
  private final char mark;

  ColumnValues(Column column, char mark) {
    this.column = column;
    this.known = column.known();
    this.mark = column.jsonNumbers > 0 ? '.' : mark;
  }

  /** The numbers of the column by row; null where there is none. */
  BigDecimal[] numbers() {
    BigDecimal[] numbers = new BigDecimal[column.values.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = column.values[i] == null ? null : WrittenNumber.parse(column.values[i], mark);
    }
    return numbers;
  }

  boolean isNumbers() {
    return share(value -> WrittenNumber.parse(value, mark) != null);
  }

  /** Whether they are counts: whole numbers that are not negative, or thousands of them. */
  boolean isCounts() {
    boolean coarse =
        ColumnWords.countUnit(column.leaf).isPresent()
            || ColumnWords.countUnit(column.above).isPresent()
            || known.stream().anyMatch(value -> value.endsWith("k") || value.endsWith("K"));
    return isWhole() || coarse && isNumbers();
  }

  private boolean isWhole() {
    return share(
        value -> {
          BigDecimal number = WrittenNumber.parse(value, mark);
          return number != null && number.signum() >= 0 && isWhole(number);
        });
  }

  private static boolean isWhole(BigDecimal number) {
    return number.stripTrailingZeros().scale() <= 0;
  }

  /** Whether they are lengths of time, with or without units of their own. */
  boolean isSpans() {
    return share(value -> WrittenSpan.micros(value, mark, MappedUnit.SECONDS) != null);
  }

  /** Whether every value says its unit of time. */
  boolean isSpansWithUnits() {
    return isSpans() && share(value -> WrittenNumber.parse(value, mark) == null);
  }

  boolean isClocks() {
    WrittenTime time = new WrittenTime();
    return share(value -> time.parse(value, WrittenTime.Format.ISO) && !time.day);
  }

  /** The formats in which they are moments or days; empty if they are none. */
  List<WrittenTime.Format> times() {
    List<WrittenTime.Format> formats = new ArrayList<>();
    if (known.isEmpty()) {
      return formats;
    }
    WrittenTime time = new WrittenTime();
    for (WrittenTime.Format format : WrittenTime.Format.values()) {
      boolean all =
          format.isCount()
              ? share(value -> isCount(value, format))
              : share(value -> time.parse(value, format) && time.day && isPlausible(time.micros));
      if (all) {
        formats.add(format);
        if (format == WrittenTime.Format.ISO) {
          return formats;
        }
      }
    }
    return formats;
  }

  private static boolean isPlausible(long micros) {
    BigDecimal seconds = BigDecimal.valueOf(micros, 6);
    return seconds.compareTo(EARLIEST) >= 0 && seconds.compareTo(LATEST) < 0;
  }

  private boolean isCount(String value, WrittenTime.Format format) {
    BigDecimal number = WrittenNumber.parse(value, mark);
    if (number == null || number.signum() <= 0) {
      return false;
    }
    if (format == WrittenTime.Format.SPREADSHEET_DAYS) {
      return number.compareTo(EARLIEST_DAY) >= 0
          && number.compareTo(LATEST_DAY) < 0
          && number.scale() > 0;
    }
    int shift = 3 * (format.ordinal() - WrittenTime.Format.SECONDS.ordinal());
    BigDecimal seconds = number.movePointLeft(shift);
    return seconds.compareTo(EARLIEST) >= 0 && seconds.compareTo(LATEST) < 0;
  }

  /** Whether they say a time of the day. */
  boolean hasClock(WrittenTime.Format format) {
    if (format.isCount()) {
      return true;
    }
    WrittenTime time = new WrittenTime();
    return share(value -> time.parse(value, format) && time.clock);
  }

  boolean hasZone(WrittenTime.Format format) {
    if (format.isCount()) {
      return format != WrittenTime.Format.SPREADSHEET_DAYS;
    }
    WrittenTime time = new WrittenTime();
    return share(value -> time.parse(value, format) && time.zoned);
  }

  boolean contains(String part) {
    return known.stream().anyMatch(value -> value.contains(part));
  }

  /** Different values. */
  Set<String> words() {
    return new HashSet<>(known);
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  boolean allDiffer() {
    return new HashSet<>(known).size() == known.size();
  }

  /** Whether they are texts, not numbers, and short ones. */
  boolean isNames() {
    return !known.isEmpty() && column.texts == 0 && !isNumbers() && times().isEmpty();
  }

  int size() {
    return known.size();
  }

  /** The middle one of the numbers; null if there is none. */
  BigDecimal median() {
    List<BigDecimal> sorted = new ArrayList<>();
    for (BigDecimal number : numbers()) {
      if (number != null) {
        sorted.add(number);
      }
    }
    sorted.sort(null);
    return sorted.isEmpty() ? null : sorted.get(sorted.size() / 2);
  }

  private interface Test {
    boolean of(String value);
  }

  private boolean share(Test test) {
    if (known.isEmpty() || column.texts > known.size() / 10) {
      return false;
    }
    long fitting = known.stream().filter(test::of).count();
    return fitting >= NEARLY_ALL * known.size();
  }
}
