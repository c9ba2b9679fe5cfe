package dev.homeward.pricing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.WorkloadKey;
import java.time.LocalDate;
import java.util.List;

/**
 * What a workload used of the API on one UTC day at one place and tier, paid for in one way, for
 * one owner: the finest grain at which cost files are asked for. Only calls that have a price; the
 * others are counted in {@link WorkloadSpend#unpricedCalls}.
 *
 * @param place where the calls were served, as in the column served_by; empty where the log does
 *     not say
 * @param tier that the calls were billed at
 * @param owner cost centre; empty where the log names none, or so many that they are no cost
 *     centres
 * @param price which row of the price book they were charged by
 * @param calls that reached a model
 * @param lines by token kind, below before above the long-context limit; none is empty
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record SpendOfDay(
    LocalDate day,
    String place,
    ServiceTier tier,
    BillingMode billingMode,
    String owner,
    PriceName price,
    long calls,
    List<Line> lines) {

  /**
   * What tells a row of the price book from the others of its hosted model.
   *
   * @param provider who charges it; empty: the maker's list price
   * @param region area of the provider; empty: all that have no row of their own
   * @param tier of the row: standard where the calls' own tier has no price
   * @param validFrom first day
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record PriceName(String provider, String region, String tier, LocalDate validFrom) {}

  /**
   * Units of one kind at one price.
   *
   * @param kind as in {@link PricedLine}
   * @param units tokens, or searches
   * @param listMicroUsd the price list's, in micro-dollars per million
   * @param microUsd the same after the organisation's discount, as the bill has it
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Line(
      String kind, boolean longContext, long units, long listMicroUsd, long microUsd) {}

  /** All days of a workload, by day, place, tier, billing mode, owner. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record OfWorkload(WorkloadKey key, List<SpendOfDay> days) {}
}
