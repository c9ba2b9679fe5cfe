package dev.homeward.economics;

import java.util.OptionalInt;

/**
 * Money over the horizon: paid at the start, gained each month, fetched at the end.
 *
 * @param initialUsd paid at month 0
 * @param monthlyNetUsd gained at the end of each month: API cost avoided less running cost and
 *     overflow
 * @param residualUsd fetched at the end of the last month
 */
public record CashFlow(double initialUsd, double monthlyNetUsd, double residualUsd, int months) {

  /**
   * Net present value: -initial + sum of net / (1 + i)^t + residual / (1 + i)^n. At i = 0 it is the
   * plain sum.
   */
  public double npv(double ratePerMonth) {
    double factor =
        ratePerMonth == 0 ? months : (1 - Math.pow(1 + ratePerMonth, -months)) / ratePerMonth;
    return -initialUsd + monthlyNetUsd * factor + residualUsd * Math.pow(1 + ratePerMonth, -months);
  }

  /**
   * First month whose cumulative cash is not negative, undiscounted and without the residual; empty
   * if that does not happen within the horizon.
   */
  public OptionalInt paybackMonths() {
    if (initialUsd <= 0) {
      return monthlyNetUsd >= 0 ? OptionalInt.of(0) : OptionalInt.empty();
    }
    if (monthlyNetUsd <= 0) {
      return OptionalInt.empty();
    }
    double month = Math.ceil(initialUsd / monthlyNetUsd - 1e-9);
    return month <= months ? OptionalInt.of((int) month) : OptionalInt.empty();
  }
}
