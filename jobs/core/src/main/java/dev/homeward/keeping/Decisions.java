package dev.homeward.keeping;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * decisions.json: every alternative weighed, with the reason it fell out.
 *
 * @param reviewMonth YYYY-MM
 * @param monthHours length of the month
 * @param coverage share of the month that the log covers
 * @param planFleets what the plan rests on; empty in older reviews
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Decisions(
    String reviewMonth,
    double monthHours,
    double coverage,
    List<Workload> workloads,
    Optional<List<PlanFleet>> planFleets) {

  /**
   * A fleet of the plan.
   *
   * @param workloads that move to it, in their order
   * @param replay of their calls together
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record PlanFleet(On on, List<Replayed.Key> workloads, Fleet replay) {}

  /**
   * A workload and its verdict.
   *
   * @param row of the ranking, by column; unknown cells are left out or empty
   * @param serviceLevel in words; empty if there is none
   * @param priceProblem why its API cost is not known
   * @param apiLines of the logged calls at the prices of their day
   * @param forecastLines of the same at announced prices
   * @param tasksNeeded of an evaluation that would settle it; 0 if none would
   * @param evaluation the same with what else it takes and shows; empty in older reviews
   * @param waysToComply of a workload that must move, cheapest first
   * @param waiting its place in the plan if every evaluation were passed
   * @param pricedOn the hosted model that {@code forecastLines} are of, if not the one that
   *     answered
   * @param otherApiModels that would cost less; empty in reviews of 0.1.0
   * @param prefixCache what it hangs on the engine's prefix cache; empty where that is certain
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Workload(
      Map<String, String> row,
      String serviceLevel,
      String kind,
      Optional<String> priceProblem,
      long callsBeforeFirstPrice,
      long callsAtStandardTierInstead,
      long unpricedCalls,
      long loggedCalls,
      List<BillLine> apiLines,
      List<BillLine> forecastLines,
      List<Reason> reasons,
      Optional<Cash> cashFlow,
      Optional<Weighed> chosen,
      OptionalLong tasksNeeded,
      Optional<Evaluation> evaluation,
      List<Violation> violations,
      Optional<Flip> flip,
      Optional<List<Volume>> volumes,
      Optional<Futures> outlook,
      Optional<Growth> growth,
      Optional<PrefixCache> prefixCache,
      Optional<Move> plan,
      Optional<Move> waiting,
      Optional<List<Way>> waysToComply,
      List<Weighed> alternatives,
      Optional<OnModel> pricedOn,
      Optional<List<OtherModel>> otherApiModels) {

    /** A cell of its row of the ranking; empty if unknown. */
    public String cell(String column) {
      return row.getOrDefault(column, "");
    }
  }

  /** A hosted model that a policy asks about; the tier now is that of the one that answered. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record OnModel(String hostedModel, String tier, Optional<String> tierNow) {}

  /**
   * A hosted model that would cost less; nobody has judged its quality.
   *
   * @param toBeEvaluated whether it is of a lower tier than the one that answers now
   * @param lessUsd than the API at announced prices
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record OtherModel(
      String hostedModel,
      String tier,
      boolean toBeEvaluated,
      double monthlyUsd,
      double lessUsd,
      long callsAtStandardTierInstead) {}

  /** Tokens of one kind at one price. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record BillLine(
      String kind,
      String tier,
      String validFrom,
      boolean longContext,
      long tokens,
      long microUsdPerMillion,
      long nanoUsd,
      String source) {}

  /** Why the verdict is what it is. */
  public record Reason(String code, String sentence) {}

  /** What the move pays and gets over the horizon. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Cash(double initialUsd, double monthlyNetUsd, double residualUsd, int months) {}

  /** Calls where they may not go; provider and region are empty where the log names none. */
  public record Violation(String provider, String region, long calls) {}

  /**
   * At which volume the answer flips, as a multiple of the log's.
   *
   * @param nearest empty if it never does
   * @param saves where it saves
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Flip(
      OptionalDouble nearest,
      boolean extrapolated,
      double replayedFrom,
      double replayedTo,
      List<Interval> saves,
      String why) {}

  /** From one volume to another. */
  public record Interval(double from, double to) {}

  /** What another volume takes and saves a month. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Volume(
      double volume,
      int boxes,
      int replicas,
      double busyBoxHours,
      double overflowShare,
      double savingUsd) {}

  /** The mean monthly saving over many futures. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Futures(
      double p10Usd,
      double p50Usd,
      double p90Usd,
      double probabilitySaves,
      List<Cause> varianceShares) {}

  /** What part of the spread comes from an input. */
  public record Cause(String input, String sentence, double share) {}

  /** Growth of the volume a month, as a share. */
  public record Growth(double p10, double p50, double p90, String source) {}

  /**
   * How much of the tokens that the API had in its prompt cache the local engine finds in its own.
   *
   * @param foundTokens as expected, at today's volume
   * @param half where half as much is found
   * @param low one future in ten finds less; empty where that is what is expected
   * @param high one in ten finds more; empty likewise
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record PrefixCache(
      long promptTokens,
      long loggedTokens,
      long inSessionTokens,
      long foundTokens,
      PrefixCase half,
      Optional<PrefixCase> low,
      Optional<PrefixCase> high) {}

  /** What less or more found prompt tokens come to; all empty where no fleet serves as it must. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record PrefixCase(OptionalLong foundTokens, OptionalInt boxes, OptionalDouble savingUsd) {}

  /**
   * Its turn in a plan, its part of the saving, and what serves it there; the last are empty in
   * older reviews.
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Move(
      int order, double marginalSavingUsd, Optional<On> on, Optional<Futures> outlook) {}

  /**
   * A way to take a workload off the API.
   *
   * @param monthlyUsd what it costs; for calls that are no longer sent 0
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Way(String how, double monthlyUsd, String inWords) {}

  /** Ids of a deployment. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record On(String localModel, String quantization, String engine, String hardware) {}

  /**
   * An evaluation that would settle whether it may move.
   *
   * @param screeningTasks of a first look
   * @param refutesFrom so many points behind in it refute the model; above 1 if nothing does
   * @param provesFrom so many points ahead prove it; likewise
   * @param hardestShare of the cost that may stay at the API with the rest still saving
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Evaluation(
      String localModel,
      long tasks,
      double hours,
      long screeningTasks,
      double refutesFrom,
      double provesFrom,
      OptionalDouble hardestShare) {}

  /**
   * An alternative: ids of the catalog, how far step times may be off, why it fell out, what it
   * costs a month.
   *
   * @param rung 0 where the model may stand in for the hosted one, below that how many tiers lower
   *     it is; empty in older reviews
   * @param overflowUsd empty if calls that go to the API have no price
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Weighed(
      String localModel,
      String quantization,
      String engine,
      String hardware,
      OptionalInt rung,
      int replicasPerBox,
      OptionalDouble stepTimeResidual,
      Optional<String> stepTimeKind,
      Optional<String> stepTimeSource,
      Optional<String> fellOut,
      Optional<String> explanation,
      Optional<Evidence> evidence,
      OptionalInt boxes,
      OptionalDouble localMonthlyUsd,
      OptionalDouble overflowUsd,
      OptionalDouble agreementUsd,
      OptionalDouble energyKwh,
      Optional<List<Cost>> costLines,
      OptionalDouble savingUsd,
      Optional<Fleet> replay) {}

  /** An evaluation of the local model against the hosted one. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Evidence(
      String metric,
      double hostedScore,
      double localScore,
      long n,
      double low,
      double high,
      String method,
      boolean proven) {}

  /** A line of the local cost. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Cost(String name, String arithmetic, double monthlyUsd) {}
}
