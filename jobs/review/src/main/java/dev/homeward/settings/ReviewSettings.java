package dev.homeward.settings;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;

/** What a review is decided under; a scenario changes it. */
public record ReviewSettings(
    Policy policy,
    Evaluations evaluations,
    Assumptions assumptions,
    Catalog catalog,
    PriceBook prices) {

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
