package dev.homeward.decision;

import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.BreakEven;
import dev.homeward.economics.CashFlow;
import dev.homeward.economics.FleetUse;
import dev.homeward.economics.LocalCost;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.Policy;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Weighs alternatives and gives verdicts. Gates in order: policy, capability, capacity, service
 * level, economics. A pure function of its arguments.
 */
public final class Decider {
  private static final double PICOS_PER_USD = 1e12;
  private static final double NANOS_PER_HOUR = 3.6e12;

  /**
   * Share of time that a box may be busy before another is counted on, when volumes other than
   * today's are considered without a replay.
   */
  private static final double PLANNED_UTILIZATION = 0.6;

  private final Assumptions assumptions;
  private final Policy policy;
  private final Evaluations evaluations;

  public Decider(Assumptions assumptions, Policy policy, Evaluations evaluations) {
    this.assumptions = assumptions;
    this.policy = policy;
    this.evaluations = evaluations;
  }

  /** A candidate that fell out before any replay. */
  public Alternative fallenOut(WorkloadCase workload, Candidate candidate) {
    return new Alternative(
        candidate.model(),
        candidate.quantization(),
        candidate.engine(),
        candidate.hardware(),
        1,
        Optional.empty(),
        Optional.empty(),
        0,
        OptionalDouble.empty(),
        evidence(workload, candidate.model().id()),
        candidate.fellOut(),
        candidate.explanation());
  }

  /** A replayed fleet of a candidate, weighed. */
  public Alternative weigh(
      WorkloadCase workload, Candidate candidate, Deployment deployment, Sizing.Alternative fleet) {
    ReplayResult result = fleet.result();
    LocalCost cost = cost(workload, deployment, fleet, 1.0, boxes(deployment, fleet));
    double overflowUsd = overflowUsd(workload, result);
    OptionalDouble forecast = workload.apiForecastUsd();
    OptionalDouble saving =
        forecast.isPresent()
            ? OptionalDouble.of(forecast.getAsDouble() - cost.monthlyUsd() - overflowUsd)
            : OptionalDouble.empty();
    Optional<Evidence> evidence = evidence(workload, candidate.model().id());
    long atApi = result.overflowCalls() + result.tooLongCalls();
    Optional<ReasonCode> fellOut = Optional.empty();
    String why = "";
    if (result.localCalls() == 0) {
      fellOut = Optional.of(ReasonCode.CONTEXT_TOO_LONG);
      why = "no call fits into %d tokens".formatted(deployment.kvCache().maxContextTokens());
    } else if (!result.meetsServiceLevel()) {
      fellOut = Optional.of(ReasonCode.MISSES_SERVICE_LEVEL);
      why =
          "%d replicas%s: TTFT p95 %s, TPOT p95 %s, E2E p95 %s (limits: %s)"
              .formatted(
                  fleet.options().replicas(),
                  result.saturated() ? ", saturated" : "",
                  millis(result.ttftP95Micros()),
                  millis(result.tpotP95Micros()),
                  millis(result.e2eP95Micros()),
                  workload.serviceLevelText());
    } else if (workload.mustBeLocal() && atApi > 0) {
      fellOut = Optional.of(ReasonCode.OVERFLOW_NOT_ALLOWED);
      why =
          "%d of %d calls are longer than %d tokens"
              .formatted(atApi, result.calls(), deployment.kvCache().maxContextTokens());
    } else if (evidence.isPresent() && !evidence.get().meets(policy.nonInferiorityMargin())) {
      fellOut = Optional.of(ReasonCode.EVIDENCE_BELOW_BAR);
      why =
          "local %s, hosted %s, margin %s"
              .formatted(
                  evidence.get().localScore(),
                  evidence.get().hostedScore(),
                  policy.nonInferiorityMargin());
    }
    return new Alternative(
        candidate.model(),
        candidate.quantization(),
        candidate.engine(),
        candidate.hardware(),
        deployment.replicasPerBox(),
        Optional.of(fleet),
        Optional.of(cost),
        overflowUsd,
        saving,
        evidence,
        fellOut,
        why);
  }

  /** The verdict on a workload whose alternatives have been weighed; not yet ranked. */
  public RankedWorkload decide(WorkloadCase workload, List<Alternative> alternatives) {
    List<Alternative> sorted = new ArrayList<>(alternatives);
    sorted.sort(BEST_FIRST);
    Optional<Alternative> proven =
        sorted.stream().filter(a -> a.isViable() && a.isProven()).findFirst();
    Optional<Alternative> unproven =
        sorted.stream().filter(a -> a.isViable() && !a.isProven()).findFirst();
    List<ReasonCode> reasons = new ArrayList<>();
    Verdict verdict;
    Optional<Alternative> chosen;
    if (!workload.isMetered() && !workload.mustBeLocal()) {
      verdict = Verdict.KEEP_API;
      chosen = proven.isPresent() ? proven : unproven;
      reasons.add(ReasonCode.FLAT_RATE_BILLING);
    } else if (proven.isEmpty() && unproven.isEmpty()) {
      verdict = Verdict.INFEASIBLE;
      chosen = Optional.empty();
      reasons.addAll(whyNone(workload, sorted));
      if (!workload.mustBeLocal() && !canBeTried(workload, sorted)) {
        verdict = Verdict.KEEP_API;
      }
    } else if (workload.mustBeLocal()) {
      verdict = Verdict.MUST_MOVE;
      chosen = proven.isPresent() ? proven : unproven;
    } else if (workload.apiForecastUsd().isEmpty()) {
      verdict = Verdict.KEEP_API;
      chosen = proven.isPresent() ? proven : unproven;
      reasons.add(whyNoForecast(workload));
    } else if (saves(proven)) {
      chosen = proven;
      boolean overflow = callsAtApi(proven.get()) > 0;
      verdict = overflow ? Verdict.MOVE_WITH_OVERFLOW : Verdict.MOVE;
      reasons.add(ReasonCode.SAVES);
      if (overflow) {
        reasons.add(ReasonCode.OVERFLOW);
      }
    } else if (saves(unproven)) {
      chosen = unproven;
      verdict = Verdict.EVALUATE_FIRST;
    } else {
      chosen = sorted.stream().filter(Alternative::isViable).findFirst();
      verdict = Verdict.KEEP_API;
      reasons.add(ReasonCode.NO_SAVING);
    }
    chosen.ifPresent(
        a -> reasons.add(a.isProven() ? ReasonCode.EVIDENCE_MEETS_BAR : ReasonCode.NO_EVIDENCE));
    addPolicyReasons(workload, reasons);
    return row(workload, verdict, reasons, chosen, sorted);
  }

  /** Ranks workloads; the order is total. */
  public static List<RankedWorkload> rank(List<RankedWorkload> workloads) {
    List<RankedWorkload> sorted = new ArrayList<>(workloads);
    sorted.sort(RANKING);
    List<RankedWorkload> ranked = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      ranked.add(sorted.get(i).withRank(i + 1));
    }
    return ranked;
  }

  // MOVE and MOVE_WITH_OVERFLOW share a place; an unknown saving sorts last within its verdict.
  private static final Comparator<RankedWorkload> RANKING =
      Comparator.comparingInt(
              (RankedWorkload w) ->
                  w.verdict() == Verdict.MOVE_WITH_OVERFLOW
                      ? Verdict.MOVE.ordinal()
                      : w.verdict().ordinal())
          .thenComparing(w -> w.savingUsd().isEmpty())
          .thenComparingDouble(w -> -w.savingUsd().orElse(0))
          .thenComparing(w -> w.workload().key());

  // Viable before fallen out; then by saving, or by cost where the saving is not known; then by
  // name.
  private static final Comparator<Alternative> BEST_FIRST =
      Comparator.comparing((Alternative a) -> !a.isViable())
          .thenComparing(a -> a.cost().isEmpty())
          .thenComparingDouble(a -> a.cost().isEmpty() ? 0 : a.totalUsd())
          .thenComparing(a -> a.model().id())
          .thenComparing(a -> a.hardware().id())
          .thenComparing(a -> a.quantization().id())
          .thenComparing(a -> a.engine().id())
          .thenComparingInt(a -> a.fleet().map(f -> f.options().replicas()).orElse(0))
          .thenComparingInt(a -> a.fleet().map(f -> f.options().inFlightCap()).orElse(0));

  private static boolean saves(Optional<Alternative> alternative) {
    return alternative.isPresent() && alternative.get().savingUsd().orElse(0) > 0;
  }

  private static long callsAtApi(Alternative a) {
    ReplayResult result = a.fleet().orElseThrow().result();
    return result.overflowCalls() + result.tooLongCalls();
  }

  private static boolean canBeTried(WorkloadCase workload, List<Alternative> alternatives) {
    return !alternatives.isEmpty()
        && workload.profile().calls() > workload.profile().missingUsage();
  }

  private static List<ReasonCode> whyNone(WorkloadCase workload, List<Alternative> alternatives) {
    if (workload.profile().calls() == workload.profile().missingUsage()) {
      return List.of(ReasonCode.NO_USAGE);
    }
    if (alternatives.isEmpty()) {
      return List.of(
          workload.hosted().isEmpty() ? ReasonCode.UNKNOWN_TIER : ReasonCode.NO_LOCAL_MODEL);
    }
    return alternatives.stream().map(a -> a.fellOut().orElseThrow()).distinct().sorted().toList();
  }

  private static ReasonCode whyNoForecast(WorkloadCase workload) {
    return workload.spend().apiForecast().isPresent()
        ? ReasonCode.LOG_TOO_SHORT
        : ReasonCode.UNPRICED_MODEL;
  }

  private static void addPolicyReasons(WorkloadCase workload, List<ReasonCode> reasons) {
    if (workload.isViolation()) {
      boolean localOnly = workload.dataClass().place() == dev.homeward.policy.Place.LOCAL_ONLY;
      reasons.add(
          0, localOnly ? ReasonCode.VIOLATION_LOCAL_ONLY : ReasonCode.VIOLATION_NO_AGREEMENT);
    }
    if (workload.policy().offline()) {
      reasons.add(workload.isViolation() ? 1 : 0, ReasonCode.OFFLINE_REQUIRED);
    }
    if (workload.isUnclassified()) {
      reasons.add(ReasonCode.UNCLASSIFIED_DATA);
    }
    if (workload.apiForecastUsd().isEmpty() && !reasons.contains(whyNoForecast(workload))) {
      reasons.add(whyNoForecast(workload));
    }
  }

  private RankedWorkload row(
      WorkloadCase workload,
      Verdict verdict,
      List<ReasonCode> reasons,
      Optional<Alternative> chosen,
      List<Alternative> alternatives) {
    OptionalDouble saving = chosen.map(Alternative::savingUsd).orElse(OptionalDouble.empty());
    Optional<CashFlow> flow = Optional.empty();
    OptionalDouble npv = OptionalDouble.empty();
    OptionalInt payback = OptionalInt.empty();
    OptionalDouble breakEven = OptionalDouble.empty();
    if (saving.isPresent() && !workload.isMetered()) {
      // Seats and units are paid whatever the calls do: nothing is saved until they are cancelled.
      saving = OptionalDouble.of(0);
    } else if (saving.isPresent()) {
      LocalCost cost = chosen.orElseThrow().cost().orElseThrow();
      CashFlow cash =
          new CashFlow(
              cost.initialUsd(),
              workload.apiForecastUsd().orElseThrow()
                  - cost.runningUsd()
                  - chosen.get().overflowUsd(),
              cost.residualUsd(),
              assumptions.horizonMonths());
      flow = Optional.of(cash);
      npv = OptionalDouble.of(cash.npv(assumptions.discountRatePerMonth()));
      payback = cash.paybackMonths();
      breakEven = breakEven(workload, chosen.get());
    }
    return new RankedWorkload(
        0,
        workload,
        verdict,
        workload.compliance(),
        List.copyOf(reasons),
        chosen,
        saving,
        flow,
        npv,
        payback,
        breakEven,
        confidence(workload, chosen),
        alternatives);
  }

  // Without replays at other volumes: busy hours, API cost and overflow grow with the volume; boxes
  // are added when they would be busy more than planned, or more than today if that is more.
  private OptionalDouble breakEven(WorkloadCase workload, Alternative a) {
    Sizing.Alternative fleet = a.fleet().orElseThrow();
    int perBox = a.replicasPerBox();
    int today = boxes(perBox, fleet);
    double busyLimit = Math.max(PLANNED_UTILIZATION, fleet.result().utilization());
    double volumePerBox =
        fleet.result().utilization() == 0
            ? 1e6
            : busyLimit / (fleet.result().utilization() * today);
    double api = workload.apiForecastUsd().orElseThrow();
    return BreakEven.nearest(
        volume -> {
          int needed = Math.max(1, (int) Math.ceil(volume / volumePerBox - 1e-9));
          LocalCost cost = cost(workload, a.hardware(), perBox, fleet, volume, needed);
          return volume * (api - a.overflowUsd()) - cost.monthlyUsd();
        },
        volumePerBox);
  }

  private LocalCost cost(
      WorkloadCase workload,
      Deployment deployment,
      Sizing.Alternative fleet,
      double volume,
      int boxes) {
    return cost(workload, deployment.hardware(), deployment.replicasPerBox(), fleet, volume, boxes);
  }

  private LocalCost cost(
      WorkloadCase workload,
      HardwareProfile box,
      int replicasPerBox,
      Sizing.Alternative fleet,
      double volume,
      int boxes) {
    double busyBoxHours =
        fleet.result().busyNanos() / NANOS_PER_HOUR / replicasPerBox / workload.period().coverage();
    return LocalCost.of(
        assumptions,
        box,
        new FleetUse(
            boxes,
            workload.period().hours(),
            // A box is busy all month at the most, however short the log.
            Math.min(busyBoxHours * volume, boxes * workload.period().hours()),
            fleet.result().busyLoad(),
            workload.apiForecastUsd().orElse(0) * volume,
            !workload.mustBeLocal() && workload.apiForecastUsd().isPresent()));
  }

  private static int boxes(Deployment deployment, Sizing.Alternative fleet) {
    return boxes(deployment.replicasPerBox(), fleet);
  }

  private static int boxes(int replicasPerBox, Sizing.Alternative fleet) {
    return (fleet.options().replicas() + replicasPerBox - 1) / replicasPerBox;
  }

  private static double overflowUsd(WorkloadCase workload, ReplayResult result) {
    return result.overflowWeight() / PICOS_PER_USD / workload.period().coverage();
  }

  private Optional<Evidence> evidence(WorkloadCase workload, String model) {
    return evaluations.find(workload.key().workload(), model);
  }

  private static Confidence confidence(WorkloadCase workload, Optional<Alternative> chosen) {
    boolean scaled = workload.period().isSample() || workload.profile().scaled() > 0;
    Confidence weakest = scaled ? Confidence.EXTRAPOLATED : Confidence.MEASURED;
    if (workload.profile().synthesised() > 0) {
      weakest = Confidence.SYNTHESISED;
    }
    for (var line : workload.spend().forecastLines()) {
      weakest = weakest.weakest(line.row().source().kind());
    }
    if (chosen.isPresent()) {
      Alternative a = chosen.get();
      weakest =
          weakest
              .weakest(a.hardware().idleWatts().source().kind())
              .weakest(a.hardware().accelerator().memoryGb().source().kind())
              .weakest(a.hardware().accelerator().fp16Tflops().source().kind())
              .weakest(a.model().source().kind())
              .weakest(a.quantization().bitsPerWeight().source().kind());
      var set = a.engine().efficiencyOn(a.hardware().accelerator());
      if (set.isPresent()) {
        weakest = weakest.weakest(set.get().source().kind());
      }
    }
    return weakest;
  }

  private static String millis(java.util.OptionalLong micros) {
    return micros.isEmpty() ? "none" : micros.getAsLong() / 1000 + " ms";
  }
}
