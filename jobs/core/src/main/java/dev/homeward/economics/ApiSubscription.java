package dev.homeward.economics;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.homeward.config.Default;
import java.math.BigDecimal;

/**
 * Seats or units that are paid by the month, whatever the calls behind them use. Where they are
 * stated, cost files hold them as purchases and spread them over the calls; what a move saves does
 * not depend on them.
 *
 * @param provider as logs name it
 * @param name as its invoice has it; empty: the provider's
 * @param billingMode of the calls that it covers: {@code subscription} or {@code provisioned}
 * @param seats how many are paid
 * @param seatMonthlyUsd one of them, a month
 */
public record ApiSubscription(
    String provider,
    @Default("\"\"") String name,
    @Default("\"subscription\"") String billingMode,
    @Default("1") int seats,
    @JsonProperty("seat-monthly-usd") BigDecimal seatMonthlyUsd) {

  /** All seats, a month. */
  public BigDecimal monthlyUsd() {
    return seatMonthlyUsd.multiply(BigDecimal.valueOf(seats));
  }
}
