package dev.homeward.policy;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a plan must keep to.
 *
 * @param budgetUsd most that may be paid for boxes at the start; empty without a limit
 * @param mostBoxes likewise
 * @param owned boxes that are there already and free, by hardware id
 */
public record PortfolioLimits(
    OptionalDouble budgetUsd, OptionalInt mostBoxes, Map<String, Integer> owned) {
  public PortfolioLimits {
    owned = Map.copyOf(owned);
  }
}
