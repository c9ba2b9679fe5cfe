package dev.homeward.decision;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.Quantization;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.CashFlow;
import dev.homeward.economics.LocalCost;
import dev.homeward.policy.NonInferiority;
import dev.homeward.policy.Policy;
import dev.homeward.replay.ReplayResult;
import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Gives verdicts on weighed alternatives. Gates in order: policy, capability, capacity, service
 * level, economics. A pure function of its arguments.
 */
final class Decider {
  private final Assumptions assumptions;
  private final Policy policy;
  private final EvaluationNeeds needs;

  Decider(Assumptions assumptions, Policy policy, EvaluationNeeds needs) {
    this.assumptions = assumptions;
    this.policy = policy;
    this.needs = needs;
  }

  /**
   * The verdict on a workload whose alternatives have been weighed; not yet ranked.
   *
   * @param unlikely of the alternatives, those that are known to save in too few futures
   */
  RankedWorkload decide(
      WorkloadCase workload, List<Alternative> alternatives, Set<Alternative> unlikely) {
    List<Alternative> sorted = settled(alternatives);
    Optional<Alternative> proven = first(sorted, Alternative::isProven);
    List<Alternative> rungs = rungs(sorted);
    Optional<Alternative> unproven = rungs.stream().findFirst();
    Optional<Alternative> toEvaluate =
        rungs.stream().filter(a -> saves(a) && !unlikely.contains(a)).findFirst();
    List<ReasonCode> reasons = new ArrayList<>();
    Verdict verdict;
    Optional<Alternative> chosen;
    if (!workload.isMetered() && !workload.mustBeLocal()) {
      verdict = Verdict.KEEP_API;
      chosen = proven.or(() -> toEvaluate).or(() -> unproven);
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
      chosen = proven.or(() -> unproven);
    } else if (workload.apiForecastUsd().isEmpty()) {
      verdict = Verdict.KEEP_API;
      chosen = proven.or(() -> unproven);
      reasons.add(whyNoForecast(workload));
    } else if (proven.filter(a -> saves(a) && !unlikely.contains(a)).isPresent()) {
      chosen = proven;
      boolean overflow = callsAtApi(proven.get()) > 0;
      verdict = overflow ? Verdict.MOVE_WITH_OVERFLOW : Verdict.MOVE;
      reasons.add(ReasonCode.SAVES);
      if (overflow) {
        reasons.add(ReasonCode.OVERFLOW);
      }
    } else if (toEvaluate.isPresent()) {
      chosen = toEvaluate;
      verdict = Verdict.EVALUATE_FIRST;
    } else {
      verdict = Verdict.KEEP_API;
      Optional<Alternative> nearly =
          proven.filter(unlikely::contains).or(() -> first(rungs, unlikely::contains));
      chosen = nearly.or(() -> first(sorted, a -> true));
      reasons.add(
          nearly.isPresent()
              ? ReasonCode.SAVES_IN_FEW_FUTURES
              : chosen.orElseThrow().savingUsd().isPresent()
                  ? ReasonCode.NO_SAVING
                  : ReasonCode.UNPRICED_OVERFLOW);
    }
    chosen.ifPresent(a -> addEvidence(a, sorted, reasons));
    if (isOtherModelCheaper(workload, chosen)) {
      reasons.add(ReasonCode.OTHER_API_MODEL_CHEAPER);
    }
    addPolicyReasons(workload, reasons);
    return row(workload, verdict, reasons, chosen, sorted);
  }

  private static Optional<Alternative> first(
      List<Alternative> sorted, Predicate<Alternative> which) {
    return sorted.stream().filter(a -> a.isViable() && which.test(a)).findFirst();
  }

  // Of the models that still have to pass an evaluation, the cheapest of each rung, the highest
  // rung first: never the smallest model because it is the cheapest.
  private static List<Alternative> rungs(List<Alternative> sorted) {
    TreeMap<Standing, Alternative> best = new TreeMap<>(Comparator.reverseOrder());
    sorted.stream()
        .filter(a -> a.isViable() && !a.isProven())
        .forEach(a -> best.putIfAbsent(a.standing(), a));
    return List.copyOf(best.values());
  }

  // Best first. Of a model's formats on a box that cost about the same, the one that loses least.
  private static List<Alternative> settled(List<Alternative> alternatives) {
    Map<String, List<Alternative>> places = new HashMap<>();
    for (Alternative a : alternatives) {
      if (a.isViable() && a.totalUsd().isPresent()) {
        places
            .computeIfAbsent(a.model().id() + "/" + a.hardware().id(), p -> new ArrayList<>())
            .add(a);
      }
    }
    Map<String, Quantization> taken = new HashMap<>();
    places.forEach((place, formats) -> taken.put(place, best(formats)));
    List<Alternative> sorted = new ArrayList<>();
    for (Alternative a : alternatives) {
      Quantization format = taken.get(a.model().id() + "/" + a.hardware().id());
      boolean after =
          format != null
              && a.isViable()
              && FormatOrder.of(a.model()).compare(a.quantization(), format) > 0;
      sorted.add(
          after
              ? a.fallen(
                  ReasonCode.LOSES_MORE,
                  "%s costs about the same on this box".formatted(format.name()))
              : a);
    }
    sorted.sort(BEST_FIRST);
    return sorted;
  }

  private static Quantization best(List<Alternative> formats) {
    double least =
        formats.stream().mapToDouble(a -> a.totalUsd().getAsDouble()).min().orElseThrow();
    return formats.stream()
        .filter(a -> a.totalUsd().getAsDouble() <= Weighing.ABOUT_THE_SAME * least)
        .map(Alternative::quantization)
        .min(FormatOrder.of(formats.get(0).model()))
        .orElseThrow();
  }

  private void addEvidence(
      Alternative chosen, List<Alternative> alternatives, List<ReasonCode> reasons) {
    boolean passed =
        chosen.evidence().isPresent()
            && chosen.evidence().get().outcome(policy.nonInferiorityMargin())
                == NonInferiority.Outcome.PROVEN;
    if (passed) {
      reasons.add(ReasonCode.EVIDENCE_MEETS_BAR);
    } else if (chosen.isProven()) {
      reasons.add(ReasonCode.TIER_IS_ENOUGH);
    } else {
      reasons.add(
          chosen.evidence().isPresent()
              ? ReasonCode.EVIDENCE_INCONCLUSIVE
              : ReasonCode.NO_EVIDENCE);
    }
    if (!chosen.isProven() && !chosen.standing().mayStandIn()) {
      reasons.add(ReasonCode.LOWER_TIER);
    }
    boolean refuted =
        alternatives.stream()
            .anyMatch(a -> a.fellOut().equals(Optional.of(ReasonCode.EVALUATION_REFUTED)));
    if (refuted && !passed) {
      reasons.add(ReasonCode.EVALUATION_REFUTED);
    }
  }

  // Cheaper than the API now, as all choices are, and than moving.
  private static boolean isOtherModelCheaper(WorkloadCase workload, Optional<Alternative> chosen) {
    double local =
        chosen
            .map(Alternative::totalUsd)
            .orElse(OptionalDouble.empty())
            .orElse(Double.POSITIVE_INFINITY);
    return workload.hostedChoices().stream()
        .anyMatch(choice -> !choice.lowerTier() && choice.monthlyUsd() < local);
  }

  /** Ranks workloads; the order is total. */
  static List<RankedWorkload> rank(List<RankedWorkload> workloads) {
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
          .thenComparing(w -> w.savingUsd().isEmpty() && w.moved().isEmpty())
          .thenComparingDouble(w -> -w.rankedByUsd())
          .thenComparing(w -> w.workload().key());

  // Viable before fallen out; then by what they cost, an unknown cost last; then by name.
  private static final Comparator<Alternative> BEST_FIRST =
      Comparator.comparing((Alternative a) -> !a.isViable())
          .thenComparing(a -> total(a).isEmpty())
          .thenComparingDouble(a -> total(a).orElse(0))
          .thenComparing(a -> a.model().id())
          .thenComparing(a -> a.hardware().id())
          .thenComparing(a -> a.quantization().id())
          .thenComparing(a -> a.engine().id())
          .thenComparingInt(a -> a.fleet().map(f -> f.options().replicas()).orElse(0))
          .thenComparingInt(a -> a.fleet().map(f -> f.options().inFlightCap()).orElse(0));

  private static OptionalDouble total(Alternative a) {
    return a.cost().isPresent() ? a.totalUsd() : OptionalDouble.empty();
  }

  private static boolean saves(Alternative alternative) {
    return alternative.savingUsd().orElse(0) > 0;
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
                  - chosen.get().overflowUsd().orElseThrow()
                  + chosen.get().agreementUsd(),
              cost.residualUsd(),
              assumptions.finance().horizonMonths());
      flow = Optional.of(cash);
      npv = OptionalDouble.of(cash.npv(assumptions.finance().discountRatePerMonth()));
      payback = cash.paybackMonths();
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
        Optional.empty(),
        RankedWorkload.Placement.waitingFor(
            chosen
                .filter(a -> verdict == Verdict.EVALUATE_FIRST)
                .map(
                    a ->
                        needs.of(
                            a.model().id(),
                            a.evidence(),
                            EvaluationNeeds.hardestShare(workload, a)))),
        confidence(workload, chosen),
        alternatives);
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
              .weakest(a.hardware().busyWatts().source().kind())
              .weakest(a.hardware().accelerator().memoryGb().source().kind())
              .weakest(a.hardware().accelerator().bandwidthGbPerSecond().source().kind())
              .weakest(a.hardware().accelerator().fp16Tflops().source().kind())
              .weakest(a.model().source().kind())
              .weakest(a.quantization().bitsPerWeight().source().kind());
      Acquisition has = a.hardware().acquisition();
      for (Optional<Figure> price : List.of(has.priceUsd(), has.hourlyUsd(), has.monthlyUsd())) {
        if (price.isPresent()) {
          weakest = weakest.weakest(price.get().source().kind());
        }
      }
      var set = a.engine().efficiencyOn(a.hardware().accelerator());
      if (set.isPresent()) {
        weakest = weakest.weakest(set.get().source().kind());
      }
    }
    return weakest;
  }
}
