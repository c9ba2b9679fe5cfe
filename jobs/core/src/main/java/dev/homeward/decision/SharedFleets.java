package dev.homeward.decision;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.decision.DecideStep.Weighing;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.FleetUse;
import dev.homeward.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private final List<Weighing> workloads;
  private final WorkloadSet must;
  private final double[] apiUsd;
  private final List<Portfolio.Box> boxes = new ArrayList<>();
  private final List<SharedFleet> fleets = new ArrayList<>();

  /**
   * @param must those that may not stay at the API
   */
  SharedFleets(
      Assumptions assumptions,
      Policy policy,
      Weigher weigher,
      List<Weighing> workloads,
      WorkloadSet must) {
    this.assumptions = assumptions;
    this.policy = policy;
    this.weigher = weigher;
    this.workloads = workloads;
    this.must = must;
    this.apiUsd =
        workloads.stream().mapToDouble(w -> w.workload.apiForecastUsd().orElse(0)).toArray();
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

  int size() {
    return workloads.size();
  }

  WorkloadCase workload(int workload) {
    return workloads.get(workload).workload;
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

  boolean isLocal(int workload) {
    return workload(workload).mustBeLocal();
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
    for (int w = 0; w < workloads.size(); w++) {
      int number = w;
      Weighing weighing = workloads.get(w);
      boolean proven = weighing.alternatives.stream().anyMatch(a -> a.isViable() && a.isProven());
      for (Candidate candidate : weighing.possible) {
        if (!weigher.isProven(weighing.workload, candidate) && !(must.contains(w) && !proven)) {
          continue;
        }
        String box = candidate.hardware().id();
        SharedFleet fleet =
            byName.computeIfAbsent(
                candidate.model().id()
                    + "/"
                    + candidate.quantization().id()
                    + "/"
                    + candidate.engine().id()
                    + "/"
                    + box,
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
      boolean local = fleet.allowed.stream().anyMatch(this::isLocal);
      if (local && !fleet.allowed.stream().allMatch(this::isLocal)) {
        SharedFleet other = new SharedFleet(fleet.like, fleet.box);
        other.allowed.addAll(fleet.allowed);
        other.candidates.putAll(fleet.candidates);
        byName.put(fleet.like.deployment().orElseThrow().id() + " without them", other);
      }
    }
    return byName;
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
