package dev.homeward.units;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * A count or a ratio as people read it: whole from 100 on, one decimal from 10 on, two from 1 on,
 * two digits below; thousands are set apart, and no power of ten is left to be worked out. 11590.3
 * is 11,590; 11.59 is 11.6; 0.01234 is 0.012.
 */
public final class PlainNumber {
  private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_EVEN);

  private PlainNumber() {}

  /** The text of a finite number. */
  public static String of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("Cannot write a number that is not finite: " + value);
    }
    double size = Math.abs(value);
    if (size >= 1) {
      BigDecimal rounded =
          new BigDecimal(value)
              .setScale(size >= 100 ? 0 : size >= 10 ? 1 : 2, RoundingMode.HALF_EVEN);
      String text = String.format(Locale.ROOT, "%,." + rounded.scale() + "f", rounded);
      return rounded.scale() == 0 ? text : text.replaceAll("\\.?0+$", "");
    }
    return value == 0
        ? "0"
        : new BigDecimal(value).round(TWO_DIGITS).stripTrailingZeros().toPlainString();
  }
}
