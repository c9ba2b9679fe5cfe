package dev.homeward.economics;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.homeward.config.Default;
import java.util.List;

/**
 * A volume agreement with a provider: a discount on all of a month's spend that grows with the
 * spend, and a least spend that is paid even if it is not used. The discount shrinks when volume
 * leaves.
 *
 * @param provider as logs name it
 * @param commitmentUsd least paid a month; 0 if nothing is committed
 * @param tiers by spend at list prices, rising
 */
public record ApiAgreement(
    String provider,
    @JsonProperty("monthly-commitment-usd") @Default("0") double commitmentUsd,
    List<DiscountStep> tiers) {
  /**
   * A step.
   *
   * @param fromMonthlyUsd spend at list prices from which it holds
   * @param percentOff of all of it
   */
  public record DiscountStep(double fromMonthlyUsd, double percentOff) {}

  public ApiAgreement {
    tiers = List.copyOf(tiers);
    for (int i = 1; i < tiers.size(); i++) {
      if (tiers.get(i).fromMonthlyUsd() <= tiers.get(i - 1).fromMonthlyUsd()) {
        throw new IllegalArgumentException(
            "/tiers/%d/from-monthly-usd: must rise (found %s after %s)"
                .formatted(i, tiers.get(i).fromMonthlyUsd(), tiers.get(i - 1).fromMonthlyUsd()));
      }
    }
  }

  /** What a month of this much at list prices is billed. */
  public double billedUsd(double listUsd) {
    return Math.max(commitmentUsd, listUsd * (1 - percentOff(listUsd) / 100));
  }

  /** By how much all of a month of this much at list prices is lowered. */
  public double percentOff(double listUsd) {
    double percent = 0;
    for (DiscountStep tier : tiers) {
      if (listUsd >= tier.fromMonthlyUsd()) {
        percent = tier.percentOff();
      }
    }
    return percent;
  }
}
