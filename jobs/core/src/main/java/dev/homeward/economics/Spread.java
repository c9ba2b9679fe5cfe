package dev.homeward.economics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;

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

  /** A number for certainty, or an object of the three quantiles. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Spread read(JsonNode n) {
    if (!n.isNumber() && !(n.has("p10") && n.has("p50") && n.has("p90"))) {
      throw new IllegalArgumentException(
          "needs a number, or p10, p50 and p90 (found %s)".formatted(n));
    }
    return n.isNumber()
        ? fixed(n.doubleValue())
        : new Spread(
            n.get("p10").doubleValue(), n.get("p50").doubleValue(), n.get("p90").doubleValue());
  }

  /** The value at a standard normal deviate. */
  public double at(double z) {
    return p50 + (z < 0 ? p50 - p10 : p90 - p50) * z / Z90;
  }
}
