package dev.homeward.jobs;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.ReasonCode;
import dev.homeward.economics.Assumptions;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What people are likely to ask after a review: one input of the money at a time, half to twice as
 * much, and boxes for half and three quarters of their price. A review asks it all itself, so that
 * a what-if finds the replays it needs.
 */
final class LikelyQuestions {
  private static final List<BigDecimal> FACTORS =
      Stream.of("0.5", "0.75", "1.33", "2").map(BigDecimal::new).toList();

  private static final List<BigDecimal> CHEAPER =
      Stream.of("0.5", "0.75").map(BigDecimal::new).toList();

  private LikelyQuestions() {}

  /** As scenarios of one value each. */
  static List<Scenario> of(Assumptions assumptions, DecideStep.Decision decision) {
    List<String> sets = new ArrayList<>();
    for (BigDecimal factor : FACTORS) {
      sets.add(
          "assumptions.horizon-months="
              + Math.max(1, times(assumptions.horizonMonths(), factor).intValue()));
      sets.add(
          "assumptions.discount-rate-per-year="
              + times(assumptions.discountRatePerYear(), factor).toPlainString());
      sets.add(
          "assumptions.electricity-usd-per-kwh="
              + times(assumptions.tariff().baseUsdPerKwh(), factor).toPlainString());
      sets.add(
          "assumptions.engineer-usd-per-hour="
              + times(assumptions.engineerUsdPerHour(), factor).toPlainString());
    }
    Map<String, HardwareProfile> boxes = new TreeMap<>();
    for (RankedWorkload row : decision.ranking()) {
      row.alternatives().stream()
          .filter(a -> a.isViable() || a.fellOut().equals(Optional.of(ReasonCode.NOT_CHEAPER)))
          .forEach(a -> boxes.put(a.hardware().id(), a.hardware()));
    }
    boxes.forEach(
        (id, box) -> {
          Acquisition of = box.acquisition();
          cheaper(sets, id, "price", of.priceUsd());
          cheaper(sets, id, "hourly-usd", of.hourlyUsd());
          cheaper(sets, id, "monthly-usd", of.monthlyUsd());
        });
    return sets.stream().map(set -> Scenario.of(set, List.of(set))).toList();
  }

  private static void cheaper(List<String> sets, String id, String key, Optional<Figure> figure) {
    for (BigDecimal factor : CHEAPER) {
      figure.ifPresent(
          usd ->
              sets.add(
                  "hardware.%s.%s=%s"
                      .formatted(id, key, times(usd.value(), factor).toPlainString())));
    }
  }

  private static BigDecimal times(double value, BigDecimal factor) {
    return BigDecimal.valueOf(value).multiply(factor, new MathContext(6));
  }
}
