package dev.homeward.settings;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;

/** What a review is decided under; a scenario changes it. */
public record ReviewSettings(
    Policy policy,
    Evaluations evaluations,
    Assumptions assumptions,
    Catalog catalog,
    PriceBook prices) {

  /** What calls cost under these settings. */
  public Pricer pricer() {
    return new Pricer(
        prices,
        assumptions.api().priceForecastDate(),
        Discounts.of(assumptions.api().apiDiscountsPercent()));
  }

  public ReviewSettings with(Policy other) {
    return new ReviewSettings(other, evaluations, assumptions, catalog, prices);
  }

  public ReviewSettings with(Assumptions other) {
    return new ReviewSettings(policy, evaluations, other, catalog, prices);
  }

  public ReviewSettings with(Catalog other) {
    return new ReviewSettings(policy, evaluations, assumptions, other, prices);
  }

  public ReviewSettings with(PriceBook other) {
    return new ReviewSettings(policy, evaluations, assumptions, catalog, other);
  }
}
