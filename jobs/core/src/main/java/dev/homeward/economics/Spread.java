package dev.homeward.economics;

/**
 * An uncertain figure by three of its quantiles. Between and beyond them it is a normal
 * distribution on each side of the median, so that either side may be the wider.
 */
public record Spread(double p10, double p50, double p90) {
  /** The standard normal quantile of 0.9. */
  public static final double Z90 = 1.2815515655446004;

  public Spread {
    if (!(p10 <= p50 && p50 <= p90)) {
      throw new IllegalArgumentException(
          "Invalid spread: %s, %s, %s (p10 <= p50 <= p90)".formatted(p10, p50, p90));
    }
  }

  /** The same on both sides. */
  public static Spread around(double median, double standardDeviation) {
    return new Spread(median - Z90 * standardDeviation, median, median + Z90 * standardDeviation);
  }

  /** Certain. */
  public static Spread fixed(double value) {
    return new Spread(value, value, value);
  }

  /** The value at a standard normal deviate. */
  public double at(double z) {
    return p50 + (z < 0 ? p50 - p10 : p90 - p50) * z / Z90;
  }
}
