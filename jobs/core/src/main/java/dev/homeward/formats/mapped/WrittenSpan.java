package dev.homeward.formats.mapped;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as people write it: {@code 2.31}, {@code 850 ms}, {@code 1m 3s}, {@code 0:02.5}.
 */
final class WrittenSpan {
  private static final int LONGEST = 40;
  private static final Pattern PART =
      Pattern.compile(
          "([0-9.,']+)\\s*(ms|msec|us|µs|μs|ns|h|hrs?|m|mins?|minutes?|s|secs?|seconds?)?\\s*");
  private static final Pattern CLOCK =
      Pattern.compile("(?:(\\d+):)?(\\d{1,3}):(\\d{2}(?:[.,]\\d{1,9})?)");

  private WrittenSpan() {}

  /**
   * Its microseconds, or null if the text is none.
   *
   * @param unit of a number that says none
   */
  static BigDecimal micros(String written, char decimal, MappedUnit unit) {
    String text = written.strip().toLowerCase(Locale.ROOT);
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    BigDecimal plain = WrittenNumber.parse(text, decimal);
    if (plain != null) {
      return plain.multiply(unit.factor());
    }
    Matcher clock = CLOCK.matcher(text);
    if (clock.matches()) {
      BigDecimal hours = new BigDecimal(clock.group(1) == null ? "0" : clock.group(1));
      BigDecimal minutes =
          hours.multiply(BigDecimal.valueOf(60)).add(new BigDecimal(clock.group(2)));
      BigDecimal seconds = new BigDecimal(clock.group(3).replace(',', '.'));
      return minutes.multiply(BigDecimal.valueOf(60)).add(seconds).movePointRight(6);
    }
    return parts(text, decimal);
  }

  private static BigDecimal parts(String text, char decimal) {
    Matcher part = PART.matcher(text);
    BigDecimal sum = null;
    int at = 0;
    while (at < text.length() && part.region(at, text.length()).lookingAt() && part.end() > at) {
      BigDecimal number = WrittenNumber.parse(part.group(1), decimal);
      if (number == null || part.group(2) == null) {
        return null;
      }
      BigDecimal more = number.multiply(factor(part.group(2)));
      sum = sum == null ? more : sum.add(more);
      at = part.end();
    }
    return at == text.length() ? sum : null;
  }

  private static BigDecimal factor(String unit) {
    return switch (unit.charAt(0)) {
      case 'h' -> BigDecimal.valueOf(3_600_000_000L);
      case 's' -> MappedUnit.SECONDS.factor();
      case 'n' -> MappedUnit.NANOSECONDS.factor();
      case 'm' ->
          unit.startsWith("ms") ? MappedUnit.MILLISECONDS.factor() : MappedUnit.MINUTES.factor();
      default -> MappedUnit.MICROSECONDS.factor();
    };
  }
}
