package dev.homeward.decision;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.catalog.HostedModel;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.DataClassRule;
import dev.homeward.policy.Place;
import dev.homeward.policy.Policy;
import dev.homeward.policy.WorkloadPolicy;
import dev.homeward.policy.WorkloadPolicy.ServiceKind;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A workload key with everything known of it before any hardware is tried: what the log shows, what
 * it cost, what the policy says.
 *
 * @param hosted the hosted model in the catalog; empty if it is not known
 * @param apiPriceFactor what-if factor on announced prices; 1 as they are
 * @param volumeFactor what-if factor on the volume; 1 as logged
 * @param instead the hosted model that the API side is priced on, if not on the one that answered
 * @param hostedChoices hosted models that would cost less, those of its tier or above first
 */
public record WorkloadCase(
    WorkloadProfile profile,
    WorkloadSpend spend,
    ReviewPeriod period,
    DataClassRule dataClass,
    WorkloadPolicy policy,
    Optional<HostedModel> hosted,
    double apiPriceFactor,
    double volumeFactor,
    Optional<HostedModel> instead,
    List<HostedChoice> hostedChoices) {

  public WorkloadCase {
    hostedChoices = List.copyOf(hostedChoices);
  }

  private static final long LEAST_TTFT_LIMIT_MICROS = 2 * TimeUnits.MICROS_PER_SECOND;
  private static final double TTFT_LIMIT_FACTOR = 1.5;
  private static final double TPOT_LIMIT_MILLIS = 100;
  private static final double EMBEDDING_LIMIT_MILLIS = 1000;
  private static final double BATCH_LIMIT_HOURS = 24;

  /** The case of a workload under a policy. */
  public static WorkloadCase of(
      WorkloadProfile profile,
      WorkloadSpend spend,
      ReviewPeriod period,
      Policy policy,
      Optional<HostedModel> hosted,
      Assumptions assumptions) {
    WorkloadKey key = profile.key();
    return new WorkloadCase(
        profile,
        spend,
        period,
        policy.dataClass(key.dataClass()),
        policy.workloadPolicy(key.workload()),
        hosted,
        assumptions.factors().apiPriceFactor(),
        assumptions.factors().volumeFactor(),
        Optional.empty(),
        List.of());
  }

  /** The same where the API side is priced on another hosted model. */
  WorkloadCase instead(HostedModel other, WorkloadSpend pricedOnIt) {
    return new WorkloadCase(
        profile,
        pricedOnIt,
        period,
        dataClass,
        policy,
        hosted,
        apiPriceFactor,
        volumeFactor,
        Optional.of(other),
        hostedChoices);
  }

  /** The same with other hosted models to choose. */
  WorkloadCase with(List<HostedChoice> choices) {
    return new WorkloadCase(
        profile,
        spend,
        period,
        dataClass,
        policy,
        hosted,
        apiPriceFactor,
        volumeFactor,
        instead,
        choices);
  }

  public WorkloadKey key() {
    return profile.key();
  }

  /** Whether its data carries no class. */
  public boolean isUnclassified() {
    return key().dataClass().equals(WorkloadKey.UNCLASSIFIED);
  }

  /** Whether calls went where the policy does not let them. */
  public boolean isViolation() {
    return !violations().isEmpty();
  }

  /** Where calls went that the policy does not let them. */
  public List<WorkloadProfile.Seen> violations() {
    return profile.seen().stream()
        .filter(seen -> !dataClass.allows(seen.provider(), seen.region()))
        .toList();
  }

  /** Whether no call may be answered by the API it uses today. */
  public boolean mustBeLocal() {
    return isViolation() || policy.offline() || dataClass.place() == Place.LOCAL_ONLY;
  }

  /** Whether a fleet that is full may send its calls to the API. */
  public boolean mayOverflow() {
    return !mustBeLocal() && policy.placement().isEmpty();
  }

  /** Share of its cost that stays at the API because its calls are too hard; 0 if none may. */
  public double hardestShareAtApi() {
    return mustBeLocal() ? 0 : policy.hardestShareAtApi();
  }

  public Compliance compliance() {
    if (isViolation()) {
      return Compliance.VIOLATION;
    }
    return isUnclassified() ? Compliance.UNCLASSIFIED : Compliance.OK;
  }

  public boolean isEmbedding() {
    return profile.operation() == Operation.EMBEDDINGS;
  }

  /** Whether each call saved is cash saved. */
  public boolean isMetered() {
    return profile.billingMode() == BillingMode.METERED;
  }

  /** What the month's equivalent cost at the API; empty if unpriced or the log is too short. */
  public OptionalDouble apiMonthlyUsd() {
    return spend.apiCost().isPresent() && !period.isTooShort()
        ? OptionalDouble.of(spend.apiCost().get().toUsd() / period.coverage())
        : OptionalDouble.empty();
  }

  /** The same at announced prices, times the what-if factors. */
  public OptionalDouble apiForecastUsd() {
    return spend.apiForecast().isPresent() && !period.isTooShort()
        ? OptionalDouble.of(monthlyUsd(spend.apiForecast().get()))
        : OptionalDouble.empty();
  }

  /** What is paid for the logged calls at announced prices, for the month and the factors. */
  double monthlyUsd(NanoUsd forecast) {
    return forecast.toUsd() / period.coverage() * apiPriceFactor * volumeFactor;
  }

  /** What sort of service level applies: by policy, else by what the calls are. */
  public ServiceKind kind() {
    if (policy.kind().isPresent()) {
      return policy.kind().get();
    }
    if (isEmbedding()) {
      return ServiceKind.EMBEDDINGS;
    }
    return profile.batchCalls() * 2 > profile.calls() ? ServiceKind.BATCH : ServiceKind.INTERACTIVE;
  }

  /**
   * The service level: the policy's, or by kind. Interactive: TTFT p95 at most the larger of 2 s
   * and 1.5 times what the log shows, TPOT p95 at most 100 ms. Batch: each call done within 24 h.
   * Embeddings: p95 at most 1 s.
   */
  public ServiceLevel serviceLevel() {
    ServiceKind kind = kind();
    WorkloadPolicy.ServiceLimits limits = policy.limits();
    boolean interactive = kind == ServiceKind.INTERACTIVE;
    long ttft =
        !interactive
            ? ServiceLevel.NONE
            : Math.max(
                LEAST_TTFT_LIMIT_MICROS,
                (long) (TTFT_LIMIT_FACTOR * profile.ttftP95Micros().orElse(0)));
    return new ServiceLevel(
        millis(limits.ttftP95Millis(), ttft),
        millis(limits.tpotP95Millis(), interactive ? toMicros(TPOT_LIMIT_MILLIS) : NONE),
        millis(
            limits.e2eP95Millis(),
            kind == ServiceKind.EMBEDDINGS ? toMicros(EMBEDDING_LIMIT_MILLIS) : NONE),
        limits.completeWithinHours().isPresent()
            ? hours(limits.completeWithinHours().getAsDouble())
            : kind == ServiceKind.BATCH ? hours(BATCH_LIMIT_HOURS) : NONE);
  }

  /** The service level in words. */
  public String serviceLevelText() {
    ServiceLevel level = serviceLevel();
    List<String> parts = new ArrayList<>();
    add(parts, "TTFT p95", level.ttftP95Micros());
    add(parts, "TPOT p95", level.tpotP95Micros());
    add(parts, "E2E p95", level.e2eP95Micros());
    add(parts, "done within", level.completeWithinMicros());
    return String.join(", ", parts);
  }

  private static final long NONE = ServiceLevel.NONE;

  private static void add(List<String> parts, String name, long micros) {
    if (micros != NONE) {
      parts.add(
          micros >= TimeUnits.MICROS_PER_HOUR
              ? "%s %d h".formatted(name, micros / TimeUnits.MICROS_PER_HOUR)
              : "%s %d ms".formatted(name, micros / TimeUnits.MICROS_PER_MILLI));
    }
  }

  private static long millis(OptionalDouble millis, long otherwise) {
    return millis.isPresent() ? toMicros(millis.getAsDouble()) : otherwise;
  }

  private static long toMicros(double millis) {
    return Math.round(millis * TimeUnits.MICROS_PER_MILLI);
  }

  private static long hours(double hours) {
    return Math.round(hours * TimeUnits.MICROS_PER_HOUR);
  }
}
