package dev.homeward.decision;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.FleetUse;
import dev.homeward.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The workloads that a plan may move, and the fleets and boxes that they may go to. */
final class SharedFleets {

  /** A model under an engine on a kind of box, and who may use it. */
  static final class SharedFleet {
    private final Candidate like;
    private final int box;
    private final WorkloadSet allowed = WorkloadSet.none();
    private final Map<Integer, Candidate> candidates = new HashMap<>();
    private double usd;

    private SharedFleet(Candidate like, int box) {
      this.like = like;
      this.box = box;
    }

    /** What it runs on and with; its deployment is fitted for one workload only. */
    Candidate like() {
      return like;
    }

    /** Its kind of box. */
    int box() {
      return box;
    }

    WorkloadSet allowed() {
      return allowed;
    }

    /** What it is for one workload. */
    Candidate candidate(int workload) {
      return candidates.get(workload);
    }

    /** A month of the fleet itself, whoever uses it. */
    double usd() {
      return usd;
    }
  }

  private final Assumptions assumptions;
  private final Policy policy;
  private final Weigher weigher;
  private final List<Member> workloads;
  private final WorkloadSet must = WorkloadSet.none();
  private final WorkloadSet local = WorkloadSet.none();
  private final double[] apiUsd;
  private final List<Portfolio.Box> boxes = new ArrayList<>();
  private final List<SharedFleet> fleets = new ArrayList<>();

  /**
   * A workload that may move.
   *
   * @param row what was decided for it alone
   * @param mustMove whether it may not stay at the API
   * @param ifPassed models that count as if they had passed an evaluation, by id
   */
  record Member(Weighing weighing, RankedWorkload row, boolean mustMove, Set<String> ifPassed) {
    private boolean anyProven() {
      return weighing.alternatives.stream().anyMatch(a -> a.isViable() && a.isProven());
    }

    // Models that are good enough; where a workload must move and none is, or as if evaluations
    // were passed, those on the rung that was chosen for it and above.
    private boolean mayUse(Candidate candidate, boolean isProven, boolean anyProven) {
      if (isProven) {
        return true;
      }
      boolean open = ifPassed.contains(candidate.model().id()) || (mustMove && !anyProven);
      Standing lowest =
          row.verdict() == Verdict.KEEP_API
              ? Standing.MAY_STAND_IN
              : row.chosen().map(Alternative::standing).orElse(Standing.MAY_STAND_IN);
      return open && candidate.standing().covers(lowest);
    }
  }

  SharedFleets(Assumptions assumptions, Policy policy, Weigher weigher, List<Member> workloads) {
    this.assumptions = assumptions;
    this.policy = policy;
    this.weigher = weigher;
    this.workloads = workloads;
    for (int w = 0; w < workloads.size(); w++) {
      if (workloads.get(w).mustMove) {
        must.add(w);
      }
      if (!workload(w).mayOverflow()) {
        local.add(w);
      }
    }
    this.apiUsd =
        workloads.stream()
            .mapToDouble(w -> w.weighing.workload.apiForecastUsd().orElse(0))
            .toArray();
    gather();
  }

  List<Portfolio.Box> boxes() {
    return boxes;
  }

  List<SharedFleet> fleets() {
    return fleets;
  }

  SharedFleet fleet(int fleet) {
    return fleets.get(fleet);
  }

  /** The kind of box of a fleet. */
  Portfolio.Box boxOf(int fleet) {
    return boxes.get(fleets.get(fleet).box);
  }

  /** A month of what all fleets share, paid once as soon as there is one. */
  double sharedUsd() {
    return fleets.isEmpty()
        ? 0
        : FleetRates.of(
                assumptions, fleets.get(0).like.hardware(), idle(fleets.get(0).allowed.first()))
            .sharedUsd();
  }

  int size() {
    return workloads.size();
  }

  WorkloadCase workload(int workload) {
    return workloads.get(workload).weighing.workload;
  }

  List<WorkloadCase> workloads(WorkloadSet of) {
    return of.stream().mapToObj(this::workload).toList();
  }

  WorkloadSet must() {
    return must;
  }

  /** What each workload costs at the API, at announced prices; 0 where it is not known. */
  double[] apiUsd() {
    return apiUsd;
  }

  /** Those none of whose calls may overflow. */
  WorkloadSet local() {
    return local;
  }

  /** Whether a workload alone was replayed on a fleet on all days, where some days came first. */
  boolean isOnAllDays(int fleet, WorkloadSet set) {
    return set.size() == 1
        && workloads
            .get(set.first())
            .weighing
            .isOnAllDays(fleets.get(fleet).candidate(set.first()));
  }

  // The fleets that a workload may use. Its model must be proven for the workload, unless the
  // workload must move and no model is proven. One idle box must cost less than all workloads
  // that may use the fleet pay the API, unless one of them must use it.
  private void gather() {
    for (SharedFleet fleet : byName().values()) {
      double most = fleet.allowed.stream().mapToDouble(w -> apiUsd[w]).sum();
      int first = fleet.allowed.first();
      double least = weigher.leastUsd(workload(first), fleet.like);
      fleet.usd = FleetRates.of(assumptions, fleet.like.hardware(), idle(first)).fleetUsd(0, 0);
      if (fleet.allowed.intersects(must) || most > least) {
        fleets.add(fleet);
      }
    }
  }

  private Map<String, SharedFleet> byName() {
    Map<String, SharedFleet> byName = new LinkedHashMap<>();
    Map<String, Integer> kindOf = new HashMap<>();
    Set<String> names = names();
    for (int w = 0; w < workloads.size(); w++) {
      int number = w;
      Member member = workloads.get(w);
      boolean anyProven = member.anyProven();
      for (Candidate candidate : member.weighing.possible) {
        String deployment = candidate.deployment().orElseThrow().id();
        if (!names.contains(deployment)
            || !mayUse(member, candidate, anyProven)
            || weigher.tooSlow(member.weighing.workload, candidate).isPresent()) {
          continue;
        }
        String box = candidate.hardware().id();
        SharedFleet fleet =
            byName.computeIfAbsent(
                deployment,
                name ->
                    new SharedFleet(
                        candidate,
                        kindOf.computeIfAbsent(box, b -> kind(candidate.hardware(), number))));
        fleet.allowed.add(w);
        fleet.candidates.put(w, candidate);
      }
    }
    for (SharedFleet fleet : List.copyOf(byName.values())) {
      // A workload whose data must stay local keeps the whole fleet from overflowing, so the
      // others are also offered a fleet of their own.
      if (fleet.allowed.intersects(local) && fleet.allowed.notIn(local) > 0) {
        SharedFleet other = new SharedFleet(fleet.like, fleet.box);
        other.allowed.addAll(fleet.allowed);
        other.candidates.putAll(fleet.candidates);
        byName.put(fleet.like.deployment().orElseThrow().id() + " without them", other);
      }
    }
    return byName;
  }

  private boolean mayUse(Member member, Candidate candidate, boolean anyProven) {
    return member.mayUse(
        candidate, weigher.isProven(member.weighing.workload, candidate), anyProven);
  }

  // The deployments that are worth a fleet: of each workload's models and boxes the first format
  // that is fast enough, and whatever was chosen for it alone.
  private Set<String> names() {
    Set<String> names = new HashSet<>();
    for (Member member : workloads) {
      boolean anyProven = member.anyProven();
      Set<String> places = new HashSet<>();
      Optional<Alternative> chosen = member.row.chosen();
      for (Candidate candidate : member.weighing.possible) {
        boolean isChosen =
            chosen.isPresent()
                && RankedWorkload.On.of(candidate).equals(RankedWorkload.On.of(chosen.get()));
        boolean isFirst =
            mayUse(member, candidate, anyProven)
                && weigher.tooSlow(member.weighing.workload, candidate).isEmpty()
                && places.add(candidate.model().id() + "/" + candidate.hardware().id());
        if (isChosen || isFirst) {
          names.add(candidate.deployment().orElseThrow().id());
        }
      }
    }
    return names;
  }

  private FleetUse idle(int workload) {
    return new FleetUse(1, workload(workload).period().hours(), 0, 0, 0, false);
  }

  private int kind(HardwareProfile box, int workload) {
    FleetRates rates = FleetRates.of(assumptions, box, idle(workload));
    boxes.add(
        new Portfolio.Box(
            box.acceleratorCount(),
            rates.boxUsd(),
            // What an owned box would fetch if sold is a cost, but it is not paid at the start.
            box.acquisition().mode() == Acquisition.Mode.OWNED ? 0 : rates.initialUsdPerBox(),
            policy.portfolio().owned().getOrDefault(box.id(), 0),
            rates.runningUsdPerBox(),
            rates.spareBoxes()));
    return boxes.size() - 1;
  }
}
