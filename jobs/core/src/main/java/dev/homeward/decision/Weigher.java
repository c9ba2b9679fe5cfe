package dev.homeward.decision;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.HostedModel;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.FleetUse;
import dev.homeward.economics.LocalCost;
import dev.homeward.policy.EnoughEvidence;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.NonInferiority;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Prices what a replay found, and says why an alternative cannot be chosen. */
final class Weigher {
  private static final double NANOS_PER_HOUR = 3.6e12;

  /** What a replay reports as a percentile lies at most two per cent below the true one. */
  private static final double QUANTILE_SLACK = 1.02;

  private final Assumptions assumptions;
  private final Policy policy;
  private final Evaluations.Index evaluations;
  private final ApiBill bill;
  private final Pricer pricer;

  /** Deployments are asked again and again, by every workload. */
  private final Map<Deployment, Double> leastSteps =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final Map<Deployment, Double> leastTokens =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /**
   * @param pricer what calls cost that a fleet sends to the API
   */
  Weigher(
      Assumptions assumptions,
      Policy policy,
      Evaluations evaluations,
      ApiBill bill,
      Pricer pricer) {
    this.pricer = pricer;
    this.assumptions = assumptions;
    this.policy = policy;
    this.evaluations = evaluations.index();
    this.bill = bill;
  }

  /** Whether the model counts as good enough for the workload. */
  boolean isProven(WorkloadCase workload, Candidate candidate) {
    return switch (outcome(workload, candidate)) {
      case PROVEN -> true;
      case REFUTED -> false;
      case OPEN ->
          policy.enoughEvidence() == EnoughEvidence.TIER
              && workload.hosted().isPresent()
              && candidate
                  .model()
                  .tierUnder(candidate.quantization())
                  .filter(tier -> tier.covers(workload.hosted().get().tier()))
                  .isPresent();
    };
  }

  /** Whether an evaluation shows that it is not. */
  boolean isRefuted(WorkloadCase workload, Candidate candidate) {
    return outcome(workload, candidate) == NonInferiority.Outcome.REFUTED;
  }

  private NonInferiority.Outcome outcome(WorkloadCase workload, Candidate candidate) {
    return evidence(workload, candidate)
        .map(e -> e.outcome(policy.nonInferiorityMargin()))
        .orElse(NonInferiority.Outcome.OPEN);
  }

  private Optional<Evidence> evidence(WorkloadCase workload, Candidate candidate) {
    return evaluations.find(workload.key().workload(), candidate.model().id());
  }

  /** A candidate that fell out before any replay. */
  Alternative fallenOut(
      WorkloadCase workload, Candidate candidate, ReasonCode why, String explanation) {
    return new Alternative(
        candidate.model(),
        candidate.quantization(),
        candidate.engine(),
        candidate.hardware(),
        candidate.standing(),
        1,
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.of(0),
        0,
        OptionalDouble.empty(),
        evidence(workload, candidate),
        isProven(workload, candidate),
        Optional.of(why),
        explanation);
  }

  /** A candidate whose model an evaluation shows to be not good enough. */
  Alternative refuted(WorkloadCase workload, Candidate candidate) {
    Evidence e = evidence(workload, candidate).orElseThrow();
    return fallenOut(
        workload,
        candidate,
        ReasonCode.EVALUATION_REFUTED,
        "local %.4f, hosted %.4f on %d tasks: the difference lies below %.4f, the margin is %s"
            .formatted(
                e.localScore(), e.hostedScore(), e.n(), e.high(), policy.nonInferiorityMargin()));
  }

  /**
   * Why no call can be as fast as the service level asks, even alone on its box; empty if one may.
   */
  Optional<String> tooSlow(WorkloadCase workload, Candidate candidate) {
    long limit = workload.serviceLevel().tpotP95Micros();
    double ratio = assumptions.serving().outputTokenRatio();
    if (limit == ServiceLevel.NONE || workload.profile().outputP99().orElse(0) * ratio < 2) {
      return Optional.empty();
    }
    double tokensPerStep = assumptions.serving().speculativeDecoding().acceptedTokens();
    double least = leastStepSeconds(candidate) / tokensPerStep * TimeUnits.MICROS_PER_SECOND;
    return least <= limit * QUANTILE_SLACK
        ? Optional.empty()
        : Optional.of(
            "TPOT at least %.0f ms, even alone (limits: %s)"
                .formatted(least / TimeUnits.MICROS_PER_MILLI, workload.serviceLevelText()));
  }

  /** What bounds the cost of a workload's fleets. */
  CostBound bound(WorkloadCase workload) {
    return new CostBound(workload, assumptions.serving());
  }

  /** The least time of a candidate's box for a token. */
  double leastTokenSeconds(Candidate candidate) {
    return leastTokens.computeIfAbsent(
        candidate.deployment().orElseThrow(), Deployment::leastTokenSeconds);
  }

  /** The shortest step of a candidate in which a sequence gets a token. */
  double leastStepSeconds(Candidate candidate) {
    return leastSteps.computeIfAbsent(
        candidate.deployment().orElseThrow(), Deployment::leastStepSeconds);
  }

  /** A replayed fleet of a candidate, weighed. */
  Alternative weigh(WorkloadCase workload, Candidate candidate, Sizing.ReplayedFleet fleet) {
    Deployment deployment = candidate.deployment().orElseThrow();
    ReplayResult result = fleet.result();
    if (result.cut()) {
      // What it would cost is not known: it was not replayed to its end.
      Fall missed = fall(workload, deployment, fleet).orElseThrow();
      return fallenOut(
          workload, candidate, missed.code(), explanation(Optional.of(missed), result));
    }
    LocalCost cost =
        LocalCost.of(assumptions, deployment.hardware(), use(workload, deployment, fleet, 1));
    OptionalDouble overflow = overflowUsd(workload, result);
    OptionalDouble forecast = workload.apiForecastUsd();
    double agreement = 0;
    OptionalDouble saving = OptionalDouble.empty();
    if (forecast.isPresent() && overflow.isPresent()) {
      double stays =
          overflow.getAsDouble()
              + FleetRates.of(
                          assumptions, deployment.hardware(), use(workload, deployment, fleet, 1))
                      .awayShare()
                  * forecast.getAsDouble();
      agreement =
          workload.isMetered() ? bill.effectUsd(workload, forecast.getAsDouble() - stays) : 0;
      saving =
          OptionalDouble.of(
              forecast.getAsDouble() - cost.monthlyUsd() - overflow.getAsDouble() + agreement);
    }
    Optional<Fall> fall = fall(workload, deployment, fleet);
    return new Alternative(
        candidate.model(),
        candidate.quantization(),
        candidate.engine(),
        candidate.hardware(),
        candidate.standing(),
        deployment.replicasPerBox(),
        Optional.of(fleet),
        Optional.of(cost),
        overflow,
        agreement,
        saving,
        evidence(workload, candidate),
        isProven(workload, candidate),
        fall.map(Fall::code),
        explanation(fall, result));
  }

  private static String explanation(Optional<Fall> fall, ReplayResult result) {
    String known = howKnown(result);
    return fall.map(f -> known.isEmpty() ? f.why() : f.why() + ", " + known).orElse(known);
  }

  private static String howKnown(ReplayResult result) {
    return result.isSampled()
        ? "estimated from days with %.0f %% of the calls".formatted(100 * result.replayedShare())
        : "";
  }

  private record Fall(ReasonCode code, String why) {}

  private Optional<Fall> fall(
      WorkloadCase workload, Deployment deployment, Sizing.ReplayedFleet fleet) {
    ReplayResult result = fleet.result();
    long atApi = result.overflowCalls() + result.tooLongCalls();
    if (result.localCalls() == 0) {
      return Optional.of(
          new Fall(
              ReasonCode.CONTEXT_TOO_LONG,
              "no call fits into %d tokens".formatted(deployment.kvCache().maxContextTokens())));
    }
    if (!result.meetsServiceLevel()) {
      return Optional.of(
          new Fall(
              ReasonCode.MISSES_SERVICE_LEVEL,
              "%d replicas%s: TTFT p95 %s, TPOT p95 %s, E2E p95 %s (limits: %s)"
                  .formatted(
                      fleet.options().replicas(),
                      howFar(result),
                      millis(result.ttftP95Micros()),
                      millis(result.tpotP95Micros()),
                      millis(result.e2eP95Micros()),
                      workload.serviceLevelText())));
    }
    if (!workload.mayOverflow() && atApi > 0) {
      return Optional.of(
          new Fall(
              ReasonCode.OVERFLOW_NOT_ALLOWED,
              "%d of %d calls are longer than %d tokens or come outside its hours"
                  .formatted(atApi, result.calls(), deployment.kvCache().maxContextTokens())));
    }
    if (workload.mustBeLocal()
        && deployment.hardware().acquisition().mode() == Acquisition.Mode.SPOT
        && assumptions.outages().spotInterruptionsPerBoxMonth() > 0) {
      return Optional.of(
          new Fall(
              ReasonCode.OVERFLOW_NOT_ALLOWED,
              "a spot box is taken away %s times a month, and nothing else may answer then"
                  .formatted(assumptions.outages().spotInterruptionsPerBoxMonth())));
    }
    return Optional.empty();
  }

  private static String howFar(ReplayResult result) {
    if (result.cut()) {
      return ", missed for certain after %d of %d calls"
          .formatted(result.localCalls() + result.overflowCalls(), result.calls());
    }
    return result.saturated() ? ", saturated" : "";
  }

  /** What a fleet does for a workload in the month, at so many times its volume. */
  FleetUse use(
      WorkloadCase workload, Deployment deployment, Sizing.ReplayedFleet fleet, double volume) {
    int boxes = boxes(deployment, fleet);
    double coverage = workload.period().coverage();
    double busy =
        fleet.result().busyNanos() / NANOS_PER_HOUR / deployment.replicasPerBox() / coverage;
    boolean fallback = !workload.mustBeLocal() && workload.apiForecastUsd().isPresent();
    return new FleetUse(
        boxes,
        workload.period().hours(),
        // A box is busy all month at the most, however short the log.
        Math.min(busy, boxes * workload.period().hours()),
        fleet.result().busyLoad(),
        fleet.result().busyByClock(),
        1,
        workload.apiForecastUsd().orElse(0) * volume,
        fallback ? workload.hardestShareAtApi() : 0,
        fallback,
        deployment.hardware().acquisition().startedAndStopped()
            // A box is up while one of its replicas is: at most as long as all of them.
            ? Math.min(
                fleet.result().upNanos() / NANOS_PER_HOUR / coverage,
                boxes * workload.period().hours())
            : 0);
  }

  /**
   * The least that a fleet of this candidate can cost a month, overflow included: one idle box, and
   * no call at the API.
   */
  double leastUsd(WorkloadCase workload, Candidate candidate) {
    return idleUsd(workload, candidate, 1);
  }

  /** What one idle box more costs a month. */
  double boxUsd(WorkloadCase workload, Candidate candidate) {
    return idleUsd(workload, candidate, 2) - idleUsd(workload, candidate, 1);
  }

  private double idleUsd(WorkloadCase workload, Candidate candidate, int boxes) {
    return FleetRates.of(assumptions, candidate.hardware(), idleUse(workload))
        .monthlyUsd(boxes, 0, 0, 1, workload.apiForecastUsd().orElse(0));
  }

  /** One box of a workload that makes no call. */
  FleetUse idleUse(WorkloadCase workload) {
    boolean fallback = !workload.mustBeLocal() && workload.apiForecastUsd().isPresent();
    return new FleetUse(
        1,
        workload.period().hours(),
        0,
        0,
        new float[0],
        1,
        workload.apiForecastUsd().orElse(0),
        fallback ? workload.hardestShareAtApi() : 0,
        fallback);
  }

  /**
   * What calls at the API cost a month because they overflow or are too long; local share only.
   * Empty if one of them has no price.
   */
  OptionalDouble overflowUsd(WorkloadCase workload, ReplayResult result) {
    return overflowUsd(List.of(workload), result);
  }

  /**
   * The same of a fleet that workloads share. Empty too where one of them is priced on another
   * hosted model and the bill does not tell its calls from those of the others.
   */
  OptionalDouble overflowUsd(List<WorkloadCase> workloads, ReplayResult result) {
    WorkloadCase workload = workloads.get(0);
    if (!result.apiUse().isNone() && workloads.stream().anyMatch(w -> w.instead().isPresent())) {
      return workloads.size() > 1
          ? OptionalDouble.empty()
          : pricer
              .on(
                  workload.instead().orElseThrow(),
                  result.apiUse(),
                  workload.hosted().map(HostedModel::provider))
              .map(on -> OptionalDouble.of(overflowUsd(workload, on.usd().toUsd())))
              .orElse(OptionalDouble.empty());
    }
    ApiQuote quote = pricer.quote(result.apiUse());
    if (quote instanceof ApiQuote.Undivided undivided) {
      throw new IllegalStateException("Replayed under other long-context limits: " + undivided);
    }
    return quote instanceof ApiQuote.Known known
        ? OptionalDouble.of(overflowUsd(workload, known.usd()))
        : OptionalDouble.empty();
  }

  private static double overflowUsd(WorkloadCase workload, double observedUsd) {
    return observedUsd
        / workload.period().coverage()
        * workload.apiPriceFactor()
        * (1 - workload.hardestShareAtApi());
  }

  static int boxes(Deployment deployment, Sizing.ReplayedFleet fleet) {
    int perBox = deployment.replicasPerBox();
    return (fleet.options().replicas() + perBox - 1) / perBox;
  }

  private static String millis(OptionalLong micros) {
    return micros.isEmpty() ? "none" : micros.getAsLong() / TimeUnits.MICROS_PER_MILLI + " ms";
  }
}
