package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.catalog.HostedModel;
import dev.homeward.catalog.Providers;
import dev.homeward.economics.ApiAgreement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What providers bill for all workloads together under volume agreements. When a workload leaves,
 * those that stay may lose a discount, and a commitment may go unused.
 */
final class ApiBill {
  private final List<ApiAgreement> agreements;
  private final Map<String, Double> totals = new TreeMap<>();
  private final Map<WorkloadKey, Map<String, Double>> shares = new TreeMap<>();

  ApiBill(List<WorkloadCase> workloads, List<ApiAgreement> agreements) {
    this.agreements = agreements;
    if (agreements.isEmpty()) {
      return;
    }
    for (WorkloadCase workload : workloads) {
      Map<String, Double> of = providers(workload);
      shares.put(workload.key(), of);
      if (workload.isMetered() && workload.apiForecastUsd().isPresent()) {
        double usd = workload.apiForecastUsd().getAsDouble();
        of.forEach((provider, share) -> totals.merge(provider, share * usd, Double::sum));
      }
    }
  }

  boolean hasAgreements() {
    return !agreements.isEmpty();
  }

  // A workload's spend by provider, as shares: by its calls, as the log names who served them.
  static Map<String, Double> providers(WorkloadCase workload) {
    Map<String, Double> of = new TreeMap<>();
    Optional<HostedModel> instead = workload.instead();
    if (instead.isPresent()
        && !instead
            .map(HostedModel::provider)
            .equals(workload.hosted().map(HostedModel::provider))) {
      // Another maker's model is bought at that maker.
      return Map.of(Providers.canonical(instead.get().provider()), 1.0);
    }
    for (WorkloadProfile.Seen seen : workload.profile().seen()) {
      of.merge(
          Providers.canonical(seen.provider()),
          (double) seen.calls() / workload.profile().calls(),
          Double::sum);
    }
    return of;
  }

  /**
   * By how much agreements change the saving when this much of a workload leaves: the fall of the
   * bill minus the spend that leaves. Mostly negative.
   */
  double effectUsd(WorkloadCase workload, double leavingUsd) {
    return agreements.isEmpty() ? 0 : savedUsd(Map.of(workload.key(), leavingUsd)) - leavingUsd;
  }

  /** By how much the bill falls when this much of each workload leaves. */
  double savedUsd(Map<WorkloadKey, Double> leavingUsd) {
    double leaving = leavingUsd.values().stream().mapToDouble(d -> d).sum();
    if (agreements.isEmpty()) {
      return leaving;
    }
    Map<String, Double> byProvider = new TreeMap<>();
    leavingUsd.forEach(
        (workload, usd) ->
            shares
                .get(workload)
                .forEach((p, share) -> byProvider.merge(p, share * usd, Double::sum)));
    double saved = leaving;
    for (ApiAgreement agreement : agreements) {
      String provider = Providers.canonical(agreement.provider());
      double all = totals.getOrDefault(provider, 0.0);
      double gone = byProvider.getOrDefault(provider, 0.0);
      saved += agreement.billedUsd(all) - agreement.billedUsd(all - gone) - gone;
    }
    return saved;
  }
}
