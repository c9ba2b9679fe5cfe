package dev.homeward.decision;

import dev.homeward.calls.DailyCalls;
import dev.homeward.catalog.Catalog;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.Outlook;
import dev.homeward.economics.Spread;
import dev.homeward.economics.Trend;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.Sizing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * From workloads to a ranked decision. The same code answers a review on a cluster and a what-if on
 * a desk: it asks {@link Replays} for what it must know, and only for that.
 */
public final class DecideStep {
  /**
   * So many candidates of a workload are replayed before the others are compared with the best one
   * so far.
   */
  private static final int ROUND = 6;

  /**
   * Standard deviation of the growth in a month of a workload whose log shows no trend. Assumed.
   */
  private static final double UNKNOWN_GROWTH = 0.04;

  private final CandidatePlanner planner;
  private final Pricer pricer;
  private final Assumptions assumptions;
  private final Policy policy;
  private final Evaluations evaluations;
  private final boolean prune;

  public DecideStep(
      Catalog catalog,
      Pricer pricer,
      Policy policy,
      Evaluations evaluations,
      Assumptions assumptions) {
    this(catalog, pricer, policy, evaluations, assumptions, true);
  }

  /**
   * @param pricer what calls cost that a fleet sends to the API
   * @param prune skip replays of candidates that cannot be chosen; without this the answer is the
   *     same and takes longer
   */
  public DecideStep(
      Catalog catalog,
      Pricer pricer,
      Policy policy,
      Evaluations evaluations,
      Assumptions assumptions,
      boolean prune) {
    this.pricer = pricer;
    this.planner = new CandidatePlanner(catalog, policy, evaluations);
    this.assumptions = assumptions;
    this.policy = policy;
    this.evaluations = evaluations;
    this.prune = prune;
  }

  /**
   * Everything decided.
   *
   * @param fleets replayed fleets that were weighed
   */
  public record Decision(List<RankedWorkload> ranking, Plan plan, long fleets) {}

  /** Decides. */
  public Decision decide(List<WorkloadCase> cases, Replays replays) {
    ApiBill bill = new ApiBill(cases, assumptions.api().apiAgreements());
    Weigher weigher = new Weigher(assumptions, policy, evaluations, bill, pricer);
    // Workloads are independent of one another until the plan: all cores take some.
    List<Weighing> weighings =
        cases.parallelStream()
            .map(workload -> new Weighing(workload, planner.plan(workload), weigher))
            .toList();
    boolean mayPrune = prune && !bill.hasAgreements();
    weigh(weighings, replays, mayPrune, assumptions.serving().mostReplicas());
    Decider decider = new Decider(assumptions, policy);
    List<RankedWorkload> decided =
        weighings.parallelStream().map(w -> decider.decide(w.workload, w.alternatives)).toList();
    decided = withVolumes(decided, weighings, weigher, replays);
    Plan plan = new Planner(assumptions, policy, bill, weigher).plan(decided, weighings, replays);
    decided = plan.mark(decided);
    long fleets = weighings.stream().mapToLong(w -> w.fleets).sum();
    return new Decision(Decider.rank(decided), plan, fleets);
  }

  /** A workload and the state of its candidates. */
  static final class Weighing {
    final WorkloadCase workload;
    final List<Alternative> alternatives = new ArrayList<>();

    /** Candidates still to be replayed, cheapest bound first. */
    final List<Candidate> pending = new ArrayList<>();

    /** All that can be replayed. */
    final List<Candidate> possible = new ArrayList<>();

    private final Weigher weigher;
    private final IdentityHashMap<Candidate, Double> least = new IdentityHashMap<>();
    private long fleets;

    Weighing(WorkloadCase workload, List<Candidate> candidates, Weigher weigher) {
      this.workload = workload;
      this.weigher = weigher;
      boolean replayable = workload.profile().calls() > workload.profile().missingUsage();
      for (Candidate candidate : candidates) {
        if (candidate.deployment().isEmpty()) {
          alternatives.add(
              weigher.fallenOut(
                  workload, candidate, candidate.fellOut().orElseThrow(), candidate.explanation()));
        } else if (weigher.isRefuted(workload, candidate)) {
          alternatives.add(weigher.refuted(workload, candidate));
        } else if (replayable) {
          possible.add(candidate);
        }
      }
      possible.forEach(c -> least.put(c, weigher.leastUsd(workload, c)));
      pending.addAll(possible);
      pending.sort(Comparator.comparingDouble(least::get));
    }

    // A candidate cannot win if one idle box of it costs more than an alternative that can be
    // chosen in every case in which the candidate could be.
    void dropHopeless() {
      for (int i = pending.size() - 1; i >= 0; i--) {
        Candidate candidate = pending.get(i);
        double bound = least.get(candidate);
        boolean proven = weigher.isProven(workload, candidate);
        Optional<Alternative> better =
            alternatives.stream()
                .filter(a -> a.isViable() && (a.isProven() || !proven) && costsLess(a, bound))
                .findFirst();
        if (better.isPresent()) {
          pending.remove(i);
          alternatives.add(
              weigher.fallenOut(
                  workload,
                  candidate,
                  ReasonCode.NOT_CHEAPER,
                  "at least $%.2f a month".formatted(bound)));
        }
      }
    }

    private static boolean costsLess(Alternative a, double usd) {
      return a.totalUsd().isPresent() && a.totalUsd().getAsDouble() < usd;
    }

    // The same bound in boxes: a fleet that costs more, idle, than an alternative that can be
    // chosen in every case in which this one could be is not worth a replay.
    int mostReplicas(Candidate candidate, int limit) {
      boolean proven = weigher.isProven(workload, candidate);
      OptionalDouble best =
          alternatives.stream()
              .filter(a -> a.isViable() && (a.isProven() || !proven))
              .map(Alternative::totalUsd)
              .flatMapToDouble(OptionalDouble::stream)
              .min();
      if (best.isEmpty()) {
        return limit;
      }
      double one = least.get(candidate);
      double more = weigher.boxUsd(workload, candidate);
      double boxes = more <= 0 ? limit : 1 + (best.getAsDouble() - one) / more;
      return ReplayRequest.replicas(candidate.deployment().orElseThrow(), boxes, limit);
    }

    void add(Candidate candidate, List<Sizing.ReplayedFleet> answer) {
      for (Sizing.ReplayedFleet fleet : answer) {
        fleets++;
        alternatives.add(weigher.weigh(workload, candidate, fleet));
      }
    }
  }

  private static void weigh(List<Weighing> weighings, Replays replays, boolean prune, int limit) {
    while (true) {
      List<ReplayRequest> requests = new ArrayList<>();
      List<Weighing> askedBy = new ArrayList<>();
      List<Candidate> askedFor = new ArrayList<>();
      for (Weighing w : weighings) {
        if (prune) {
          w.dropHopeless();
        }
        int take = prune ? Math.min(ROUND, w.pending.size()) : w.pending.size();
        for (int i = 0; i < take; i++) {
          Candidate candidate = w.pending.remove(0);
          int most = prune ? w.mostReplicas(candidate, limit) : limit;
          requests.add(ReplayRequest.of(w.workload, candidate, w.workload.volumeFactor(), most));
          askedBy.add(w);
          askedFor.add(candidate);
        }
      }
      if (requests.isEmpty()) {
        return;
      }
      List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
      for (int i = 0; i < answers.size(); i++) {
        askedBy.get(i).add(askedFor.get(i), answers.get(i));
      }
    }
  }

  private List<RankedWorkload> withVolumes(
      List<RankedWorkload> decided, List<Weighing> weighings, Weigher weigher, Replays replays) {
    List<VolumeStudy> studies = new ArrayList<>();
    for (int i = 0; i < decided.size(); i++) {
      RankedWorkload row = decided.get(i);
      boolean money = row.cashFlow().isPresent();
      studies.add(
          money
              ? new VolumeStudy(
                  row.workload(),
                  candidate(weighings.get(i), row.chosen().orElseThrow()),
                  assumptions,
                  weigher)
              : null);
    }
    while (true) {
      List<ReplayRequest> requests = new ArrayList<>();
      List<VolumeStudy> askedBy = new ArrayList<>();
      List<Double> askedFor = new ArrayList<>();
      for (VolumeStudy study : studies) {
        if (study != null) {
          for (double volume : study.wanted()) {
            requests.add(
                ReplayRequest.of(
                    study.workload(),
                    study.candidate(),
                    volume * study.workload().volumeFactor(),
                    assumptions.serving().mostReplicas()));
            askedBy.add(study);
            askedFor.add(volume);
          }
        }
      }
      if (requests.isEmpty()) {
        break;
      }
      List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
      for (int i = 0; i < answers.size(); i++) {
        askedBy.get(i).add(askedFor.get(i), answers.get(i));
      }
    }
    Outlook.Points points = new Outlook.Points(assumptions);
    return IntStream.range(0, decided.size())
        .parallel()
        .mapToObj(i -> withVolumes(decided.get(i), studies.get(i), points, weigher))
        .toList();
  }

  private RankedWorkload withVolumes(
      RankedWorkload row, VolumeStudy study, Outlook.Points points, Weigher weigher) {
    Optional<VolumeCurve> curve = study == null ? Optional.empty() : study.curve();
    if (curve.isEmpty()) {
      return row;
    }
    RankedWorkload.Growth growth = growth(row.workload());
    Outlook outlook = points.outlook(subject(row, curve.get(), weigher, study, growth.perMonth()));
    return row.withVolumes(study.flip(), curve.get(), outlook, growth);
  }

  private Outlook.Subject subject(
      RankedWorkload row, VolumeCurve curve, Weigher weigher, VolumeStudy study, Spread growth) {
    Alternative chosen = row.chosen().orElseThrow();
    WorkloadCase workload = row.workload();
    FleetRates rates =
        FleetRates.of(
            assumptions,
            chosen.hardware(),
            weigher.use(
                workload,
                study.candidate().deployment().orElseThrow(),
                chosen.fleet().orElseThrow(),
                1));
    return new Outlook.Subject(
        workload.apiForecastUsd().orElseThrow(),
        chosen.agreementUsd(),
        rates,
        curve,
        switch (chosen.hardware().acquisition().mode()) {
          case BOUGHT, OWNED, RESERVED -> true;
          case ON_DEMAND, SPOT -> false;
        },
        growth,
        Spread.around(0, residual(chosen).orElse(UNKNOWN_STEP_TIME)));
  }

  /**
   * Spread of step times without a calibration. Assumed; every engine of the catalog has a
   * calibration.
   */
  private static final double UNKNOWN_STEP_TIME = 0.5;

  private static OptionalDouble residual(Alternative a) {
    return a.engine()
        .efficiencyOn(a.hardware().accelerator())
        .map(
            set ->
                OptionalDouble.of(a.model().isMixture() ? set.mixtureResidual() : set.residual()))
        .orElse(OptionalDouble.empty());
  }

  /**
   * Growth of a workload: as given, or its own trend averaged with what is likely for any workload,
   * each weighted by its certainty.
   */
  RankedWorkload.Growth growth(WorkloadCase workload) {
    Optional<Spread> given = assumptions.future().growthPerMonth();
    if (given.isPresent()) {
      return new RankedWorkload.Growth(
          new Spread(
              Math.log1p(given.get().p10()),
              Math.log1p(given.get().p50()),
              Math.log1p(given.get().p90())),
          "given");
    }
    DailyCalls daily = workload.profile().daily();
    Optional<Trend> trend = Trend.of(daily.firstDay(), daily.calls());
    if (trend.isEmpty()) {
      return new RankedWorkload.Growth(
          Spread.around(0, UNKNOWN_GROWTH),
          "assumed: %d days of log tell no trend".formatted(daily.calls().length));
    }
    double prior = 1 / (UNKNOWN_GROWTH * UNKNOWN_GROWTH);
    double own = 1 / (trend.get().standardError() * trend.get().standardError());
    return new RankedWorkload.Growth(
        Spread.around(trend.get().perMonth() * own / (own + prior), Math.sqrt(1 / (own + prior))),
        "from %d days of log, whose trend is %.1f %% a month, give or take %.1f"
            .formatted(
                trend.get().days(),
                100 * trend.get().perMonth(),
                100 * trend.get().standardError()));
  }

  private static Candidate candidate(Weighing weighing, Alternative chosen) {
    return weighing.possible.stream()
        .filter(
            c ->
                c.model().id().equals(chosen.model().id())
                    && c.hardware().id().equals(chosen.hardware().id()))
        .findFirst()
        .orElseThrow();
  }
}
