package dev.homeward.units;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Billed money: a whole number of nano-dollars (1e-9 USD).
 *
 * <p>Billed money is exact and is added as integers, so a sum does not depend on the order of its
 * terms. Forecast money (TCO, NPV) is a {@code double} whose name ends in {@code Usd}; the two are
 * never added without saying so. The range is about +-9.2 billion dollars; overflow is an error.
 */
public record NanoUsd(long nanos) implements Comparable<NanoUsd> {

  /** No money at all; not the same as an unknown amount, which is an empty Optional. */
  public static final NanoUsd ZERO = new NanoUsd(0);

  /** The most there is, for messages. */
  public static final String MOST = "9.2 billion dollars";

  private static final BigInteger PICOS_PER_NANO = BigInteger.valueOf(1000);

  /**
   * Reads a plain or scientific decimal amount of dollars, such as {@code 0.01965} or {@code 3e-7},
   * rounded HALF_EVEN to a nano-dollar.
   *
   * @throws NumberFormatException if the text is not a decimal number
   * @throws ArithmeticException if the amount does not fit
   */
  public static NanoUsd parse(String dollars) {
    return ofDollars(new BigDecimal(dollars));
  }

  /** The amount in dollars, rounded HALF_EVEN to a nano-dollar. */
  public static NanoUsd ofDollars(BigDecimal dollars) {
    return new NanoUsd(
        dollars.movePointRight(9).setScale(0, RoundingMode.HALF_EVEN).longValueExact());
  }

  /**
   * The amount in pico-dollars (tokens times micro-dollars per million tokens), rounded HALF_EVEN.
   * Example: 9,000 tokens at 3,000,000 micro-dollars per million = 27,000,000,000 pico-dollars =
   * 27,000,000 nano-dollars = $0.027.
   */
  public static NanoUsd ofPicos(BigInteger picos) {
    return new NanoUsd(
        new BigDecimal(picos)
            .divide(new BigDecimal(PICOS_PER_NANO), 0, RoundingMode.HALF_EVEN)
            .longValueExact());
  }

  public NanoUsd plus(NanoUsd other) {
    return new NanoUsd(Math.addExact(nanos, other.nanos));
  }

  public NanoUsd minus(NanoUsd other) {
    return new NanoUsd(Math.subtractExact(nanos, other.nanos));
  }

  /** The amount in dollars, exactly. */
  public BigDecimal dollars() {
    return BigDecimal.valueOf(nanos, 9);
  }

  /** The amount in dollars as a forecast number: exact to 15 significant digits. */
  public double toUsd() {
    return nanos / 1e9;
  }

  /** The amount in dollars with a fixed number of decimals, HALF_EVEN, without grouping. */
  public String toString(int decimals) {
    return dollars().setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** The exact amount in dollars without trailing zeros; {@link #parse} reads it back. */
  @Override
  public String toString() {
    BigDecimal stripped = dollars().stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0).toPlainString() : stripped.toPlainString();
  }

  @Override
  public int compareTo(NanoUsd other) {
    return Long.compare(nanos, other.nanos);
  }
}
