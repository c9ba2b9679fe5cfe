package dev.homeward.decision;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.economics.Spread;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Everything that the money of a decision hangs on, in numbers: with it a page decides anew under
 * other money, as {@link DecideStep} does, and without a log, a catalog or a replay. Lists refer to
 * one another by index. Made by {@link MoneyBasisMaker}.
 *
 * @param hours of the month
 * @param coverage share of the month that the log covers
 * @param assumptions by their keys: those that money depends on
 * @param settable those of the keys that a reader may set without a new replay
 * @param boxes that workloads may be served on
 * @param deployments models in a format under an engine on a box
 * @param variants of the deployments, as contexts have them: deployment, accelerators of a replica,
 *     least seconds of a step, and the deployments that it is no better than
 * @param candidates lists of what workloads may use: variant, rung, and flags (1: good enough, 2:
 *     too slow even alone), in the order in which they are looked at
 * @param workloads in the order of their keys
 * @param answers of replays
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record MoneyBasis(
    double hours,
    double coverage,
    ObjectNode assumptions,
    List<String> settable,
    Limits policy,
    List<Agreement> agreements,
    List<Box> boxes,
    List<Served> deployments,
    List<List<Object>> variants,
    List<List<List<Integer>>> candidates,
    List<Workload> workloads,
    List<List<Object>> answers) {

  /** What the policy bounds. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Limits(double leastProbability, OptionalDouble budgetUsd, OptionalInt mostBoxes) {}

  /** A volume agreement with a provider, by its canonical name. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Agreement(String provider, double monthlyCommitmentUsd, List<DiscountStep> tiers) {}

  /** A step of a discount. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record DiscountStep(double fromMonthlyUsd, double percentOff) {}

  /**
   * A box.
   *
   * @param mode owned, bought, on-demand, spot or reserved
   * @param figure the key of its price that a what-if may set: {@code price}, {@code hourly-usd} or
   *     {@code monthly-usd}
   * @param usd that figure; 0 if it costs nothing
   * @param setupHours its own; empty: as assumed
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Box(
      String id,
      String name,
      String mode,
      String figure,
      double usd,
      OptionalDouble lowUsd,
      OptionalDouble highUsd,
      int hoursPerDay,
      int startHour,
      boolean includesPower,
      double releaseAfterMinutes,
      double idleWatts,
      double busyWatts,
      int accelerators,
      OptionalDouble setupHours,
      OptionalDouble upkeepHoursPerMonth,
      OptionalDouble incidentHoursPerMonth,
      int owned) {}

  /**
   * A model in a format under an engine on a box.
   *
   * @param box index of it
   * @param format place of its format among the model's, the one that loses least first
   * @param residual how far step times may be off, as their logarithm
   */
  public record Served(
      String model, String quantization, String engine, int box, int format, double residual) {}

  /**
   * A workload.
   *
   * @param hash of its key, which seeds its growth
   * @param forecastUsd what its logged calls cost at announced prices, before the factors; empty if
   *     that is not known
   * @param replayable whether any of its calls has token counts
   * @param tried whether there is any candidate
   * @param growth of the logarithm of its volume a month: p10, p50, p90
   * @param providers share of its calls by provider; empty where there is no agreement
   * @param candidates index of its list
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Workload(
      String workload,
      String hostedModel,
      String dataClass,
      int hash,
      boolean metered,
      boolean mustBeLocal,
      boolean mayOverflow,
      double hardestShare,
      OptionalDouble forecastUsd,
      boolean replayable,
      boolean tried,
      long calls,
      long maxContext,
      List<Double> growth,
      Optional<Map<String, Double>> providers,
      OptionalInt boxes,
      OptionalInt mostBoxes,
      int candidates) {}

  /**
   * An answered question.
   *
   * @param prefixCache empty: that of the settings
   */
  public record Answered(
      List<WorkloadKey> workloads,
      RankedWorkload.On on,
      double volume,
      int mostReplicas,
      Optional<ReplayOptions.PrefixCache> prefixCache,
      List<Sizing.ReplayedFleet> fleets) {
    public Answered {
      workloads = List.copyOf(workloads);
      fleets = List.copyOf(fleets);
    }

    /** An answer of this very run. */
    public static Answered of(CachedReplays.Entry entry) {
      ReplayRequest request = entry.request();
      var d = request.deployment();
      return new Answered(
          request.workloads().stream().map(WorkloadCase::key).toList(),
          new RankedWorkload.On(
              d.model().id(), d.quantization().id(), d.engine().id(), d.hardware().id()),
          request.volume(),
          entry.mostReplicas(),
          request.prefixCache(),
          entry.fleets());
    }
  }

  static List<Double> list(Spread spread) {
    return List.of(spread.p10(), spread.p50(), spread.p90());
  }
}
