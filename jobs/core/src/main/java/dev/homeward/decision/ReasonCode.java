package dev.homeward.decision;

import java.util.Locale;

/** Why a workload got its verdict, or why an alternative fell out. A closed set. */
public enum ReasonCode {
  VIOLATION_LOCAL_ONLY("data that must stay local went to an API"),
  VIOLATION_NO_AGREEMENT("data went to a provider without an agreement"),
  OFFLINE_REQUIRED("the policy says it must work offline"),
  SAVES("costs less locally, everything included"),
  NO_SAVING("costs as much or more locally"),
  EVIDENCE_MEETS_BAR("an evaluation shows the local model is good enough"),
  EVALUATION_REFUTED("an evaluation shows that a local model is not good enough"),
  EVIDENCE_INCONCLUSIVE("an evaluation is too small to show either"),
  NO_EVIDENCE("no evaluation of the local model on this workload"),
  TIER_IS_ENOUGH("the policy takes the local model's tier for enough"),
  LOWER_TIER("the local model is of a lower tier than the hosted one"),
  OVERFLOW("calls at peaks go to the API"),
  UNPRICED_OVERFLOW("calls would go to the API for which there is no price"),
  UNPRICED_MODEL("the price book does not know the hosted model"),
  LOG_TOO_SHORT("the log covers less than a minute: no month can be told from it"),
  UNKNOWN_TIER("the capability of the hosted model is not known"),
  FLAT_RATE_BILLING("paid by seats or units: no cash is saved until they are cancelled"),
  NO_LOCAL_MODEL("no local model of its tier, with its abilities"),
  CONTEXT_TOO_LONG("calls are longer than the local context"),
  NEEDS_ABILITY("the local model lacks an ability that the policy asks for"),
  DOES_NOT_FIT("the model does not fit or does not run on the box"),
  MISSES_SERVICE_LEVEL("no fleet of the allowed size meets the service level"),
  OVERFLOW_NOT_ALLOWED("some calls would have to go to the API, which the policy forbids"),
  NO_USAGE("the log has no token counts to replay"),
  LOSES_MORE("on this box a format that loses less quality costs about the same"),
  NOT_CHEAPER("even idle it costs more than the best alternative: not replayed"),
  SAVES_IN_FEW_FUTURES("it saves today, but not in enough of all futures"),
  SAVES_IN_PLAN("alone it would not save, but its box is bought for others too"),
  NOT_IN_PLAN("it would save alone, but the plan's limits leave no room for it"),
  SHARED_HOURS("it would save alone, but not the hours that the first fleet brings for all fleets"),
  OTHER_API_MODEL_CHEAPER(
      "another API model of its tier or above costs less than both; its quality is not judged"),
  UNCLASSIFIED_DATA("its data carries no class");

  private final String sentence;

  ReasonCode(String sentence) {
    this.sentence = sentence;
  }

  /** The code in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it means, for people. */
  public String sentence() {
    return sentence;
  }
}
