package dev.homeward.pricing;

import dev.homeward.calls.TokenSums;
import dev.homeward.calls.UseTable;
import dev.homeward.catalog.Providers;
import dev.homeward.units.NanoUsd;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the log holds of a hosted model at a provider on a UTC day: the side of the log in a
 * comparison with what the provider billed.
 *
 * @param provider one word; empty where the log names none
 */
public record DailyUse(String hostedModel, String provider, LocalDate day, Use use) {

  /**
   * Calls that reached a model, added up.
   *
   * @param withoutUsage of {@code calls}: without token counts, so that {@code tokens} is too low
   * @param tokens of the calls that have token counts
   * @param apiCost at the price book of the day; empty where some tokens have no price
   * @param loggedCost the log's own figures; empty where a call has none
   */
  public record Use(
      long calls,
      long withoutUsage,
      TokenSums tokens,
      Optional<NanoUsd> apiCost,
      Optional<NanoUsd> loggedCost) {
    /** No call. */
    public static final Use NONE =
        new Use(0, 0, TokenSums.ZERO, Optional.of(NanoUsd.ZERO), Optional.of(NanoUsd.ZERO));

    public Use plus(Use o) {
      return new Use(
          calls + o.calls,
          withoutUsage + o.withoutUsage,
          tokens.plus(o.tokens),
          apiCost.flatMap(c -> o.apiCost.map(c::plus)),
          loggedCost.flatMap(c -> o.loggedCost.map(c::plus)));
    }

    /** The price book's figure, else the log's own. */
    public Optional<NanoUsd> cost() {
      return apiCost.or(() -> loggedCost);
    }
  }

  /** Calls by day and provider. */
  public static List<DailyUse> of(UseTable uses, Pricer pricer) {
    List<DailyUse> days = new ArrayList<>();
    uses.byDayAndProvider()
        .forEach(
            part ->
                days.add(
                    new DailyUse(
                        uses.key().hostedModel(),
                        Providers.canonical(part.provider().isEmpty() ? null : part.provider()),
                        LocalDate.ofEpochDay(part.day()),
                        use(part.uses(), pricer))));
    return days;
  }

  private static Use use(UseTable uses, Pricer pricer) {
    WorkloadSpend spend = pricer.byDay(uses, List::of).spend();
    TokenSums tokens = TokenSums.ZERO;
    long calls = 0;
    long withoutUsage = 0;
    for (UseTable.Use use : uses.uses()) {
      calls += use.amount().calls();
      withoutUsage += use.hasUsage() ? 0 : use.amount().calls();
      tokens =
          tokens.plus(
              new TokenSums(
                  use.amount().input(),
                  use.amount().cacheRead(),
                  use.amount().cacheWrite5m(),
                  use.amount().cacheWrite1h(),
                  use.amount().output(),
                  use.reasoning()));
    }
    boolean allPriced = spend.unpricedCalls() == withoutUsage;
    return new Use(
        calls,
        withoutUsage,
        tokens,
        allPriced ? spend.apiCost() : Optional.empty(),
        spend.loggedCalls() == calls ? spend.loggedCost() : Optional.empty());
  }
}
