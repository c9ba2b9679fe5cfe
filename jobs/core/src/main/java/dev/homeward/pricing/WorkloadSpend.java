package dev.homeward.pricing;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.units.NanoUsd;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one workload key cost at the API in the review period.
 *
 * @param apiCost calls at the price book of their day; empty where the model has no price
 * @param apiForecast the same calls at announced prices; empty likewise
 * @param loggedCost the log's own figures, over the calls that have one; empty if none has
 * @param loggedCalls calls that have a logged cost
 * @param lines how {@code apiCost} comes about; their amounts add up to it exactly
 * @param forecastLines how {@code apiForecast} comes about
 * @param beforeFirstPrice calls older than the model's first price, priced at that first price
 * @param standardTierCalls calls at a tier without a price of its own, priced at standard
 * @param unpricedCalls calls without a price (unknown model or tier, missing usage)
 * @param problem why there is no price, with the nearest known names; empty if there is one
 * @param use the calls by line of a bill, from which they are priced on another hosted model; empty
 *     in reviews of 0.1.0
 * @param unpricedSearches searches of the web that the calls made and that have no price, which are
 *     not part of the cost; empty if there are none
 */
public record WorkloadSpend(
    WorkloadKey key,
    Optional<NanoUsd> apiCost,
    Optional<NanoUsd> apiForecast,
    Optional<NanoUsd> loggedCost,
    long loggedCalls,
    List<PricedLine> lines,
    List<PricedLine> forecastLines,
    long beforeFirstPrice,
    long standardTierCalls,
    long unpricedCalls,
    Optional<String> problem,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<ApiUse.Line>> use,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong unpricedSearches) {

  /** The same calls where announced prices are others. */
  public WorkloadSpend withForecast(
      Optional<NanoUsd> forecast, List<PricedLine> newLines, Optional<String> newProblem) {
    return new WorkloadSpend(
        key,
        apiCost,
        forecast,
        loggedCost,
        loggedCalls,
        lines,
        newLines,
        beforeFirstPrice,
        standardTierCalls,
        unpricedCalls,
        newProblem,
        use,
        unpricedSearches);
  }
}
