package dev.homeward.formats.mapped;

import java.math.BigDecimal;

/**
 * A number as people and spreadsheets write it: {@code 1,234.5}, {@code 1.234,5}, {@code 1 234},
 * {@code $0.02}, {@code 0,02 €}, {@code 1.2k}. The mark of decimals is told from outside; the other
 * one groups digits by three, and a group of another length is no number: {@code 0,0123} is never
 * 123, whatever the mark.
 */
final class WrittenNumber {
  private static final int LONGEST = 40;
  private static final BigDecimal THOUSAND = new BigDecimal(1_000);
  private static final BigDecimal MILLION = new BigDecimal(1_000_000);

  private WrittenNumber() {}

  /**
   * The number, or null if the text is none.
   *
   * @param decimal the mark before decimals, a point or a comma
   */
  static BigDecimal parse(String written, char decimal) {
    String text = bare(written);
    if (text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    BigDecimal unit = BigDecimal.ONE;
    char last = text.charAt(text.length() - 1);
    if (last == 'k' || last == 'K' || last == 'M') {
      unit = last == 'M' ? MILLION : THOUSAND;
      text = text.substring(0, text.length() - 1);
    }
    String plain = plain(text, decimal);
    return plain == null ? null : new BigDecimal(plain).multiply(unit);
  }

  /** The text without white space, currency and signs that people put around numbers. */
  private static String bare(String written) {
    String text = written.strip();
    if (text.length() > 2 * LONGEST) {
      return "";
    }
    StringBuilder bare = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean dropped = Character.isSpaceChar(c) || c == '$' || c == '€' || c == '£' || c == '\'';
      if (!dropped && c != '’') {
        bare.append(c == '−' ? '-' : c);
      }
    }
    String upper = bare.length() > 3 ? bare.toString() : "";
    for (String currency : new String[] {"USD", "EUR", "GBP"}) {
      if (upper.regionMatches(true, upper.length() - 3, currency, 0, 3)) {
        return upper.substring(0, upper.length() - 3);
      }
      if (upper.regionMatches(true, 0, currency, 0, 3)) {
        return upper.substring(3);
      }
    }
    return bare.toString();
  }

  /** The number as Java writes it; null if it is none. */
  private static String plain(String text, char decimal) {
    char group = decimal == ',' ? '.' : ',';
    StringBuilder plain = new StringBuilder(text.length());
    int i = 0;
    if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      plain.append(text.charAt(i++));
    }
    int digits = 0;
    int groups = 0;
    int inGroup = 0;
    boolean zeroFirst = i < text.length() && text.charAt(i) == '0';
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        plain.append(c);
        digits++;
        inGroup++;
      } else if (c == group) {
        // Groups have three digits, in India two before the last one.
        boolean first = groups == 0 && inGroup >= 1 && inGroup <= 3;
        if (!first && (groups == 0 || inGroup < 2 || inGroup > 3)) {
          return null;
        }
        groups++;
        inGroup = 0;
      } else {
        break;
      }
    }
    if (groups > 0 && (inGroup != 3 || zeroFirst)) {
      return null;
    }
    if (i < text.length() && text.charAt(i) == decimal) {
      plain.append('.');
      for (i++; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
        if (text.charAt(i) > '9') {
          return null;
        }
        plain.append(text.charAt(i));
        digits++;
      }
    }
    if (digits == 0) {
      return null;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      return exponent(text, i, plain);
    }
    return i == text.length() ? plain.toString() : null;
  }

  // At most three digits: 1e999999999 must not be expanded.
  private static String exponent(String text, int at, StringBuilder plain) {
    int i = at + 1;
    if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      i++;
    }
    int digits = text.length() - i;
    if (digits < 1 || digits > 3) {
      return null;
    }
    for (int d = i; d < text.length(); d++) {
      if (text.charAt(d) < '0' || text.charAt(d) > '9') {
        return null;
      }
    }
    return plain.append(text, at, text.length()).toString();
  }
}
