package dev.homeward.report;

import java.util.Locale;

/** The columns of ranking.csv and ranking.parquet, in order: a fixed contract. */
public enum RankingColumn {
  RANK(Type.COUNT, "place in the ranking, from 1"),
  REVIEW_MONTH(Type.TEXT, "calendar month under review, YYYY-MM"),
  WORKLOAD(Type.TEXT, "name by the policy's rules"),
  HOSTED_MODEL(Type.TEXT, "hosted model, canonical id"),
  DATA_CLASS(Type.TEXT, "class of the data; unclassified without a tag"),
  OWNER(Type.TEXT, "cost centre of most of its calls"),
  VERDICT(Type.TEXT, "MUST_MOVE, MOVE, MOVE_WITH_OVERFLOW, EVALUATE_FIRST, KEEP_API or INFEASIBLE"),
  COMPLIANCE(Type.TEXT, "ok, violation or unclassified"),
  REASONS(Type.TEXT, "reason codes, the deciding one first, separated by ;"),
  BILLING_MODE(Type.TEXT, "metered, subscription or provisioned"),
  UNTAGGED_SHARE(Type.SHARE, "share of its calls without a data class"),
  CALLS(Type.COUNT, "calls that reached a model"),
  INPUT_TOKENS(Type.COUNT, "uncached input tokens"),
  CACHE_READ_TOKENS(Type.COUNT, "input tokens read from the provider's cache"),
  CACHE_WRITE_TOKENS(Type.COUNT, "input tokens written to the provider's cache"),
  OUTPUT_TOKENS(Type.COUNT, "output tokens, reasoning included"),
  LOGGED_COST_USD(Type.MONEY, "what the log itself says, where it does"),
  API_COST_USD(Type.MONEY, "the logged calls at the price book of their day"),
  API_MONTHLY_USD(Type.MONEY, "the month's equivalent of it"),
  API_FORECAST_USD(Type.MONEY, "the same at announced prices"),
  LOCAL_MODEL(Type.TEXT, "local model of the best alternative"),
  QUANTIZATION(Type.TEXT, "its weight format"),
  ENGINE(Type.TEXT, "its engine"),
  HARDWARE(Type.TEXT, "its box"),
  REPLICAS(Type.COUNT, "model instances"),
  LOCAL_MONTHLY_USD(Type.MONEY, "what the fleet costs a month, for this workload alone"),
  OVERFLOW_SHARE(Type.SHARE, "share of calls that go to the API"),
  OVERFLOW_COST_USD(Type.MONEY, "what they cost a month"),
  SAVING_MONTHLY_USD(
      Type.MONEY,
      "api_forecast_usd less local_monthly_usd less overflow_cost_usd, and what agreements change"),
  SAVING_P10_USD(Type.MONEY, "mean monthly saving over the horizon: one future in ten is worse"),
  SAVING_P90_USD(Type.MONEY, "the same: one future in ten is better"),
  PROBABILITY_SAVES(Type.SHARE, "share of futures in which it saves"),
  MARGINAL_SAVING_USD(
      Type.MONEY,
      "its part of the plan's monthly saving: by what its fleet's workloads pay the API"),
  MOVE_ORDER(Type.COUNT, "its turn in the plan, from 1"),
  PAYBACK_MONTHS(
      Type.COUNT, "first month with cumulative cash >= 0; empty if never in the horizon"),
  NPV_USD(Type.MONEY, "net present value over the horizon"),
  BREAK_EVEN_VOLUME_RATIO(Type.RATIO, "nearest volume at which the answer flips, as a multiple"),
  TTFT_P50_MS(Type.MILLIS, "replayed time to first token, median"),
  TTFT_P95_MS(Type.MILLIS, "replayed time to first token, 95th percentile"),
  TPOT_P50_MS(Type.MILLIS, "replayed time per output token, median"),
  E2E_P95_MS(Type.MILLIS, "replayed end-to-end time, 95th percentile"),
  SLO_ATTAINMENT(Type.SHARE, "share of local calls within the service level's limits"),
  UTILIZATION(Type.SHARE, "busy share of the fleet's hours"),
  ENERGY_KWH(Type.ENERGY, "a month, at the plug"),
  CONFIDENCE(Type.TEXT, "weakest kind among the inputs"),
  PLAN_MODEL(Type.TEXT, "local model that serves it in the plan"),
  PLAN_QUANTIZATION(Type.TEXT, "its weight format"),
  PLAN_ENGINE(Type.TEXT, "its engine"),
  PLAN_HARDWARE(Type.TEXT, "its box, which other workloads may share"),
  PLAN_COST_USD(
      Type.MONEY, "what it costs a month in the plan: api_forecast_usd less marginal_saving_usd"),
  PLAN_SAVING_P10_USD(
      Type.MONEY, "marginal_saving_usd over the horizon: one future in ten is worse"),
  PLAN_SAVING_P90_USD(Type.MONEY, "the same: one future in ten is better"),
  PLAN_PROBABILITY_SAVES(Type.SHARE, "share of futures in which its fleet saves"),
  EVALUATE_MODEL(Type.TEXT, "local model to be evaluated"),
  EVALUATION_TASKS(
      Type.COUNT, "tasks that would settle it; 0 if none would while the scores stay as they are"),
  EVALUATION_HOURS(Type.RATIO, "hours of people for them"),
  WAITING_SAVING_USD(
      Type.MONEY, "its part of what would be saved a month if every evaluation were passed");

  /** How a value is written: decimals in CSV, type in Parquet. */
  public enum Type {
    TEXT,
    COUNT,
    MONEY,
    SHARE,
    RATIO,
    MILLIS,
    ENERGY
  }

  private final Type type;
  private final String meaning;

  RankingColumn(Type type, String meaning) {
    this.type = type;
    this.meaning = meaning;
  }

  /** How its values are written. */
  public Type type() {
    return type;
  }

  /** What the column holds, one line. */
  public String meaning() {
    return meaning;
  }

  /** The name in the files. */
  public String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
