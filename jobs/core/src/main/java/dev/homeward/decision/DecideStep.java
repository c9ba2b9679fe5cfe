package dev.homeward.decision;

import dev.homeward.calls.DailyCalls;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
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
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * From workloads to a ranked decision. The same code answers a review on a cluster and a what-if on
 * a desk: it asks {@link Replays} for what it must know, and only for that.
 */
public final class DecideStep {
  /**
   * Standard deviation of the growth in a month of a workload whose log shows no trend. Assumed.
   */
  private static final double UNKNOWN_GROWTH = 0.04;

  private final Catalog catalog;
  private final CandidatePlanner planner;
  private final HostedChoices hostedChoices;
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
    this.catalog = catalog;
    this.pricer = pricer;
    this.planner = new CandidatePlanner(catalog, policy, evaluations);
    this.hostedChoices = new HostedChoices(catalog, pricer);
    this.assumptions = assumptions;
    this.policy = policy;
    this.evaluations = evaluations;
    this.prune = prune;
  }

  /**
   * Everything decided.
   *
   * @param waiting what could be moved beyond the plan if evaluations were passed
   * @param fleets replayed fleets that were weighed
   */
  public record Decision(List<RankedWorkload> ranking, Plan plan, Waiting waiting, long fleets) {}

  /** Decides. */
  public Decision decide(List<WorkloadCase> workloads, Replays replays) {
    Firm firm = firm(workloads, replays);
    Waiting waiting =
        Waiting.of(
            firm.rows,
            firm.plan,
            firm.planner.plan(firm.alone, firm.weighings, replays, true).plan(),
            new EvaluationNeeds(assumptions, policy));
    WaysToComply ways =
        new WaysToComply(
            catalog,
            planner,
            assumptions,
            firm.weigher,
            other -> new Weigher(other, policy, evaluations, firm.bill, pricer));
    return firm.decision(ways.add(waiting.mark(firm.rows), replays), waiting);
  }

  /**
   * Decides the same, but leaves out what waits for evaluations and the ways to comply: a
   * comparison shows neither, and the plan of what waits asks for the longest replays of all.
   */
  public Decision plan(List<WorkloadCase> workloads, Replays replays) {
    Firm firm = firm(workloads, replays);
    return firm.decision(firm.rows, Waiting.NOTHING);
  }

  /** What is decided without an evaluation more. */
  private record Firm(
      List<Weighing> weighings,
      ApiBill bill,
      Weigher weigher,
      Planner planner,
      List<RankedWorkload> alone,
      Plan plan,
      List<RankedWorkload> rows) {
    Decision decision(List<RankedWorkload> of, Waiting waiting) {
      return new Decision(
          Decider.rank(of), plan, waiting, weighings.stream().mapToLong(Weighing::fleets).sum());
    }
  }

  private Firm firm(List<WorkloadCase> workloads, Replays replays) {
    List<WorkloadCase> cases = workloads.parallelStream().map(hostedChoices::of).toList();
    ApiBill bill = new ApiBill(cases, assumptions.api().apiAgreements());
    Weigher weigher = new Weigher(assumptions, policy, evaluations, bill, pricer);
    boolean mayPrune = prune && !bill.hasAgreements();
    // Workloads are independent of one another until the plan: all cores take some.
    List<Weighing> weighings =
        cases.parallelStream()
            .map(workload -> new Weighing(workload, planner.plan(workload), weigher, mayPrune))
            .toList();
    for (List<Weighing> some : Batches.of(weighings, w -> Batches.calls(w.workload))) {
      weigh(some, replays, assumptions.serving().mostReplicas());
    }
    Outlook.Points points = new Outlook.Points(assumptions);
    List<RankedWorkload> alone = alone(weighings, weigher, replays, points);
    Planner fleets = new Planner(assumptions, policy, bill, weigher, points, this::growth);
    Planner.Planned planned = fleets.plan(alone, weighings, replays, false);
    return new Firm(
        weighings,
        bill,
        weigher,
        fleets,
        alone,
        planned.plan(),
        planned.plan().mark(alone, planned.unlikely()));
  }

  // Each workload as if it were the only one. What turns out to save in too few futures is set
  // aside, and the next best is looked at.
  private List<RankedWorkload> alone(
      List<Weighing> weighings, Weigher weigher, Replays replays, Outlook.Points points) {
    Decider decider = new Decider(assumptions, policy, new EvaluationNeeds(assumptions, policy));
    Set<Alternative> unlikely = Collections.newSetFromMap(new IdentityHashMap<>());
    RankedWorkload[] rows = new RankedWorkload[weighings.size()];
    List<Integer> open = new ArrayList<>(IntStream.range(0, rows.length).boxed().toList());
    while (!open.isEmpty()) {
      List<Weighing> of = open.stream().map(weighings::get).toList();
      List<RankedWorkload> decided = new ArrayList<>();
      for (List<Weighing> some : Batches.of(of, w -> Batches.calls(w.workload))) {
        decided.addAll(
            settled(some, w -> decider.decide(w.workload, w.alternatives, unlikely), replays));
      }
      decided = withVolumes(decided, of, weigher, replays, points);
      List<Integer> again = new ArrayList<>();
      for (int i = 0; i < decided.size(); i++) {
        RankedWorkload row = decided.get(i);
        rows[open.get(i)] = row;
        boolean moves =
            switch (row.verdict()) {
              case MOVE, MOVE_WITH_OVERFLOW, EVALUATE_FIRST -> true;
              case MUST_MOVE, KEEP_API, INFEASIBLE -> false;
            };
        if (moves
            && row.outlook().isPresent()
            && row.outlook().get().probabilitySaves() < policy.leastProbability()) {
          unlikely.add(row.chosen().orElseThrow());
          again.add(open.get(i));
        }
      }
      open = again;
    }
    return List.of(rows);
  }

  // What is chosen from a replay of some days is replayed on all of them, until what is chosen
  // rests on all days: what was only looked at need not. Where nothing can be chosen, all do.
  private List<RankedWorkload> settled(
      List<Weighing> weighings, Function<Weighing, RankedWorkload> decide, Replays replays) {
    int limit = assumptions.serving().mostReplicas();
    List<RankedWorkload> rows = new ArrayList<>(weighings.parallelStream().map(decide).toList());
    while (true) {
      List<Integer> askedBy = new ArrayList<>();
      List<Candidate> asked = new ArrayList<>();
      List<ReplayRequest> requests = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        WorkloadCase workload = weighings.get(i).workload;
        for (Candidate candidate : unsettled(weighings.get(i), rows.get(i))) {
          askedBy.add(i);
          asked.add(candidate);
          requests.add(ReplayRequest.of(workload, candidate, workload.volumeFactor(), limit));
        }
      }
      if (requests.isEmpty()) {
        return rows;
      }
      List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
      for (int i = 0; i < answers.size(); i++) {
        weighings.get(askedBy.get(i)).settle(asked.get(i), answers.get(i));
      }
      List<Integer> open = askedBy.stream().distinct().toList();
      weigh(open.stream().map(weighings::get).toList(), replays, limit);
      for (int i : open) {
        rows.set(i, decide.apply(weighings.get(i)));
      }
    }
  }

  private static List<Candidate> unsettled(Weighing weighing, RankedWorkload row) {
    return row.chosen().isEmpty()
        ? weighing.onSomeDays()
        : isSampled(row) ? List.of(weighing.candidate(row.chosen().get())) : List.of();
  }

  private static boolean isSampled(RankedWorkload row) {
    return row.chosen()
        .flatMap(Alternative::fleet)
        .filter(fleet -> fleet.result().isSampled())
        .isPresent();
  }

  private static void weigh(List<Weighing> weighings, Replays replays, int limit) {
    while (true) {
      List<ReplayRequest> requests = new ArrayList<>();
      List<Weighing> askedBy = new ArrayList<>();
      List<Candidate> askedFor = new ArrayList<>();
      for (Weighing w : weighings) {
        for (Candidate candidate : w.next()) {
          requests.add(
              ReplayRequest.of(
                      w.workload,
                      candidate,
                      w.workload.volumeFactor(),
                      w.mostReplicas(candidate, limit))
                  .sampled());
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
      List<RankedWorkload> decided,
      List<Weighing> weighings,
      Weigher weigher,
      Replays replays,
      Outlook.Points points) {
    List<VolumeStudy> studies = new ArrayList<>();
    for (int i = 0; i < decided.size(); i++) {
      RankedWorkload row = decided.get(i);
      boolean money = row.cashFlow().isPresent();
      studies.add(
          money
              ? new VolumeStudy(
                  row.workload(),
                  weighings.get(i).candidate(row.chosen().orElseThrow()),
                  assumptions,
                  weigher)
              : null);
    }
    for (List<VolumeStudy> some :
        Batches.of(
            studies.stream().filter(Objects::nonNull).toList(),
            study -> Batches.calls(study.workload()))) {
      replay(some, replays);
      PrefixStudy.replay(some, assumptions, replays);
    }
    return IntStream.range(0, decided.size())
        .parallel()
        .mapToObj(i -> withVolumes(decided.get(i), studies.get(i), points, weigher))
        .toList();
  }

  private void replay(List<VolumeStudy> studies, Replays replays) {
    while (true) {
      List<ReplayRequest> requests = new ArrayList<>();
      List<VolumeStudy> askedBy = new ArrayList<>();
      List<Double> askedFor = new ArrayList<>();
      for (VolumeStudy study : studies) {
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
      if (requests.isEmpty()) {
        return;
      }
      List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
      for (int i = 0; i < answers.size(); i++) {
        askedBy.get(i).add(askedFor.get(i), answers.get(i));
      }
    }
  }

  private RankedWorkload withVolumes(
      RankedWorkload row, VolumeStudy study, Outlook.Points points, Weigher weigher) {
    Optional<VolumeCurve> curve = study == null ? Optional.empty() : study.curve();
    if (curve.isEmpty()) {
      return row;
    }
    RankedWorkload.Growth growth = growth(row.workload());
    Outlook outlook = points.outlook(subject(row, curve.get(), weigher, study, growth.perMonth()));
    return row.with(new RankedWorkload.Prospect(study.flip(), curve.get(), outlook, growth));
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
        keepsBoxes(chosen.hardware()),
        growth,
        stepTime(chosen.engine(), chosen.hardware(), chosen.model()));
  }

  /** Whether boxes stay when the load falls. */
  static boolean keepsBoxes(HardwareProfile box) {
    return switch (box.acquisition().mode()) {
      case BOUGHT, OWNED, RESERVED -> true;
      case ON_DEMAND, SPOT -> false;
    };
  }

  /**
   * Spread of step times without a calibration. Assumed; every engine of the catalog has a
   * calibration.
   */
  private static final double UNKNOWN_STEP_TIME = 0.5;

  /** How far step times may be off, as their logarithm. */
  static Spread stepTime(Engine engine, HardwareProfile box, LocalModel model) {
    return Spread.around(0, stepTimeDeviation(engine, box, model));
  }

  /** The standard deviation of that. */
  static double stepTimeDeviation(Engine engine, HardwareProfile box, LocalModel model) {
    return engine
        .efficiencyOn(box.accelerator())
        .map(set -> model.isMixture() ? set.mixtureResidual() : set.residual())
        .orElse(UNKNOWN_STEP_TIME);
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
}
