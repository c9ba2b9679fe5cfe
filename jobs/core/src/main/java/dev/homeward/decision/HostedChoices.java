package dev.homeward.decision;

import dev.homeward.calls.ApiUse;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HostedModel;
import dev.homeward.catalog.Tier;
import dev.homeward.pricing.Pricer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Other hosted models for a workload: the one that the policy asks about, and those that would cost
 * less. They stand beside the local alternatives; a verdict does not depend on them.
 *
 * <p>Offered are models of at least the tier of the one that answers now, and of the tier below it,
 * whose context holds 99 of 100 prompts, to whose maker the policy lets the data go, and whose
 * first price is no older than two years at the end of the month: providers withdraw models sooner
 * or later, and the price book does not say when.
 */
final class HostedChoices {
  private static final int YOUNGEST_YEARS = 2;

  /** Offered at the most, of each kind. */
  private static final int MOST = 5;

  private final Catalog catalog;
  private final Pricer pricer;

  HostedChoices(Catalog catalog, Pricer pricer) {
    this.catalog = catalog;
    this.pricer = pricer;
  }

  /** A workload, priced on the model that the policy asks about, with other models to choose. */
  WorkloadCase of(WorkloadCase workload) {
    WorkloadCase asked = asked(workload);
    return asked.with(choices(asked));
  }

  private WorkloadCase asked(WorkloadCase workload) {
    Optional<HostedModel> named = workload.policy().hostedModel().map(catalog::hostedModel);
    if (named.isEmpty() || named.equals(workload.hosted())) {
      return workload;
    }
    HostedModel other = named.get();
    Optional<Pricer.OtherModel> priced = on(workload, other);
    return workload.instead(
        other,
        workload
            .spend()
            .withForecast(
                priced.map(Pricer.OtherModel::usd),
                priced.map(Pricer.OtherModel::lines).orElse(List.of()),
                priced.isPresent()
                    ? Optional.empty()
                    : Optional.of(
                        "no price of %s for these calls, on which the policy has them priced"
                            .formatted(other.id()))));
  }

  private Optional<Pricer.OtherModel> on(WorkloadCase workload, HostedModel other) {
    return workload
        .spend()
        .use()
        .flatMap(
            lines ->
                pricer.on(other, ApiUse.of(lines), workload.hosted().map(HostedModel::provider)));
  }

  private List<HostedChoice> choices(WorkloadCase workload) {
    OptionalDouble now = workload.apiForecastUsd();
    if (workload.hosted().isEmpty()
        || now.isEmpty()
        || workload.mustBeLocal()
        || !workload.isMetered()
        || workload.spend().unpricedCalls() > 0) {
      return List.of();
    }
    LocalDate oldest = workload.period().month().plusMonths(1).atDay(1).minusYears(YOUNGEST_YEARS);
    List<HostedChoice> found = new ArrayList<>();
    for (HostedModel other : catalog.hostedModels().all()) {
      if (isOfferable(workload, other)
          && pricer.firstPrice(other).filter(day -> !day.isBefore(oldest)).isPresent()) {
        on(workload, other)
            .map(priced -> choice(workload, other, priced))
            .filter(choice -> choice.monthlyUsd() < now.getAsDouble())
            .ifPresent(found::add);
      }
    }
    found.sort(
        Comparator.comparing(HostedChoice::lowerTier)
            .thenComparingDouble(HostedChoice::monthlyUsd)
            .thenComparing(choice -> choice.model().id()));
    List<HostedChoice> best = new ArrayList<>();
    for (boolean lower : new boolean[] {false, true}) {
      found.stream().filter(c -> c.lowerTier() == lower).limit(MOST).forEach(best::add);
    }
    return best;
  }

  private static boolean isOfferable(WorkloadCase workload, HostedModel other) {
    HostedModel now = workload.instead().or(workload::hosted).orElseThrow();
    Tier tier = workload.hosted().orElseThrow().tier();
    return !other.id().equals(now.id())
        && (other.tier().covers(tier) || other.tier().isJustBelow(tier))
        && workload.profile().inputP99().orElse(0) <= other.contextWindow()
        && workload.dataClass().allows(other.provider(), "");
  }

  private static HostedChoice choice(
      WorkloadCase workload, HostedModel other, Pricer.OtherModel priced) {
    return new HostedChoice(
        other,
        !other.tier().covers(workload.hosted().orElseThrow().tier()),
        workload.monthlyUsd(priced.usd()),
        priced.standardTierCalls());
  }
}
