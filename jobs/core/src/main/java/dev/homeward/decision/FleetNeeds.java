package dev.homeward.decision;

import dev.homeward.catalog.Acquisition;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.decision.SharedFleets.SharedFleet;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.FleetUse;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a fleet needs to serve the workloads that share it: from a replay of their merged tapes or,
 * as a first estimate, from the sum of the replays of each workload alone.
 */
final class FleetNeeds {
  /** Largest share of its time that an estimate lets a shared replica be busy. */
  private static final double PLANNED_UTILIZATION = 0.7;

  /** A fleet, by its number, with workloads that share it. */
  record Sharing(int fleet, WorkloadSet workloads) {}

  /**
   * What a fleet needs for its workloads.
   *
   * @param replayed whether it comes from a replay of all of the merged tapes, and not of some days
   *     or from sums
   * @param withoutOverflow the same where no call may go to the API; empty if that is impossible
   */
  record FleetNeed(
      Portfolio.Need need,
      double utilization,
      boolean replayed,
      Optional<FleetNeed> withoutOverflow) {}

  /**
   * What a fleet needs at another volume of its workloads.
   *
   * @param overflowUsd a month, for calls that overflow or are too long
   * @param use as its first workload has it
   */
  record VolumeNeed(int accelerators, int replicas, double overflowUsd, FleetUse use) {}

  /** No replay of more calls than this is asked for above today's volume. */
  private static final double MOST_CALLS = 500_000;

  private final Assumptions assumptions;
  private final Weigher weigher;
  private final SharedFleets fleets;
  private final Replays replays;
  private final Map<Sharing, Optional<FleetNeed>> replayed = new HashMap<>();

  /**
   * Of those, each fleet with each workload alone; null where it cannot serve it. A search adds
   * them up millions of times.
   */
  private final FleetNeed[][] singles;

  /** Which of the replayed fleets each of them rests on. */
  private final Map<Sharing, PlannedFleet> restsOn = new HashMap<>();

  FleetNeeds(Assumptions assumptions, Weigher weigher, SharedFleets fleets, Replays replays) {
    this.assumptions = assumptions;
    this.weigher = weigher;
    this.fleets = fleets;
    this.replays = replays;
    this.singles = new FleetNeed[fleets.fleets().size()][fleets.size()];
  }

  /** Replays every fleet with every workload that may use it, alone. */
  void replaySingles() {
    List<Sharing> singles = new ArrayList<>();
    for (int f = 0; f < fleets.fleets().size(); f++) {
      int fleet = f;
      fleets.fleet(f).allowed().stream()
          .forEach(w -> singles.add(new Sharing(fleet, WorkloadSet.of(w))));
    }
    replay(singles);
  }

  /**
   * Replays those that were not replayed yet.
   *
   * @return whether everything was known already
   */
  boolean replay(List<Sharing> sharings) {
    return replay(sharings.stream().filter(s -> !replayed.containsKey(s)).toList(), true);
  }

  /**
   * Replays on all days what rests on some of them.
   *
   * @return whether nothing did
   */
  boolean settle(List<Sharing> sharings) {
    return replay(
        sharings.stream()
            .filter(s -> restsOn.containsKey(s) && restsOn.get(s).replayed().result().isSampled())
            .toList(),
        false);
  }

  private boolean replay(List<Sharing> sharings, boolean sample) {
    List<ReplayRequest> requests = new ArrayList<>();
    List<Sharing> asked = new ArrayList<>();
    for (Sharing sharing : sharings) {
      SharedFleet fleet = fleets.fleet(sharing.fleet);
      Optional<Deployment> deployment = deployment(fleet, sharing.workloads);
      if (deployment.isEmpty()) {
        know(sharing, Optional.empty());
        continue;
      }
      List<WorkloadCase> members = fleets.workloads(sharing.workloads);
      ReplayRequest request =
          new ReplayRequest(
              members,
              deployment.get(),
              members.get(0).volumeFactor(),
              mostReplicas(sharing, deployment.get()));
      boolean some = sample && !fleets.isOnAllDays(sharing.fleet, sharing.workloads);
      requests.add(some ? request.sampled() : request);
      asked.add(sharing);
    }
    if (requests.isEmpty()) {
      return true;
    }
    List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
    for (int r = 0; r < answers.size(); r++) {
      know(asked.get(r), best(asked.get(r), requests.get(r), answers.get(r)));
    }
    return false;
  }

  private void know(Sharing sharing, Optional<FleetNeed> need) {
    replayed.put(sharing, need);
    if (sharing.workloads.size() == 1) {
      singles[sharing.fleet][sharing.workloads.first()] = need.orElse(null);
    }
  }

  /** What a fleet needs, from a replay, which is run if it has to be. */
  Optional<FleetNeed> exact(int fleet, WorkloadSet set) {
    Sharing sharing = new Sharing(fleet, set.copy());
    if (!replayed.containsKey(sharing)) {
      replay(List.of(sharing));
    }
    return replayed.get(sharing);
  }

  /** The replay that {@link #exact} rests on; empty if no fleet serves them. */
  Optional<PlannedFleet> planned(int fleet, WorkloadSet set) {
    return Optional.ofNullable(restsOn.get(new Sharing(fleet, set)));
  }

  /** What a fleet needs at multiples of today's volume, where it serves that; by replay. */
  Map<Double, VolumeNeed> atVolumes(int fleet, WorkloadSet set, double[] volumes) {
    Map<Double, VolumeNeed> needs = new HashMap<>();
    Optional<Deployment> deployment = deployment(fleets.fleet(fleet), set);
    if (deployment.isEmpty()) {
      return needs;
    }
    List<WorkloadCase> members = fleets.workloads(set);
    double calls =
        members.get(0).volumeFactor() * members.stream().mapToLong(w -> w.profile().calls()).sum();
    List<ReplayRequest> requests = new ArrayList<>();
    List<Double> asked = new ArrayList<>();
    for (double volume : volumes) {
      if (volume <= 1 || volume * calls <= MOST_CALLS) {
        requests.add(
            new ReplayRequest(
                members,
                deployment.get(),
                volume * members.get(0).volumeFactor(),
                // At today's volume the question that has been answered already.
                volume == 1
                    ? mostReplicas(new Sharing(fleet, set), deployment.get())
                    : assumptions.serving().mostReplicas()));
        asked.add(volume);
      }
    }
    List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
    for (int i = 0; i < answers.size(); i++) {
      double volume = asked.get(i);
      cheapest(new Sharing(fleet, set), requests.get(i), answers.get(i))
          .ifPresent(
              c ->
                  needs.put(
                      volume,
                      new VolumeNeed(
                          c.found.need.accelerators(),
                          c.fleet.options().replicas(),
                          c.overflowUsd,
                          weigher.use(members.get(0), deployment.get(), c.fleet, volume))));
    }
    return needs;
  }

  /** Accelerators that one workload alone would keep busy, on average over the month. */
  double busyAccelerators(int fleet, int workload) {
    return exact(fleet, WorkloadSet.of(workload))
        .map(n -> n.utilization * n.need.accelerators())
        .orElse(0.0);
  }

  /** Share of a workload's cost at the API that it pays there though it uses the fleet. */
  double awayShare(int fleet, int workload) {
    WorkloadCase of = fleets.workload(workload);
    return FleetRates.of(assumptions, fleets.fleet(fleet).like().hardware(), weigher.idleUse(of))
        .awayShare();
  }

  /** What a fleet needs, from a replay if there is one, else from sums. */
  Optional<FleetNeed> estimated(int fleet, WorkloadSet set) {
    Optional<FleetNeed> there = replayed.get(new Sharing(fleet, set));
    return there != null ? there : sum(fleet, set);
  }

  // A fleet is not worth a replay if its boxes cost more than its workloads pay the API, unless
  // one of them must move.
  private int mostReplicas(Sharing sharing, Deployment deployment) {
    int limit = assumptions.serving().mostReplicas();
    double usd = fleets.boxOf(sharing.fleet).monthlyUsdOwned();
    if (sharing.workloads.intersects(fleets.must()) || usd <= 0) {
      return limit;
    }
    double api = sharing.workloads.stream().mapToDouble(w -> fleets.apiUsd()[w]).sum();
    return ReplayRequest.replicas(deployment, api / usd, limit);
  }

  // The fleet refitted for the longest context of its workloads.
  private Optional<Deployment> deployment(SharedFleet fleet, WorkloadSet members) {
    if (members.size() == 1) {
      return fleet.candidate(members.first()).deployment();
    }
    long context =
        fleets.workloads(members).stream()
            .mapToLong(w -> w.profile().maxContext())
            .max()
            .orElseThrow();
    Candidate like = fleet.like();
    Fit fit =
        Deployments.fit(like.hardware(), like.model(), like.quantization(), like.engine(), context);
    return fit instanceof Fit.Fits fits ? Optional.of(fits.deployment()) : Optional.empty();
  }

  private Optional<FleetNeed> best(
      Sharing sharing, ReplayRequest request, List<Sizing.ReplayedFleet> answer) {
    Optional<Cheapest> cheapest = cheapest(sharing, request, answer);
    restsOn.remove(sharing);
    cheapest.ifPresent(
        c ->
            restsOn.put(
                sharing,
                new PlannedFleet(
                    request.deployment(),
                    c.fleet,
                    request.workloads().stream().map(WorkloadCase::key).toList())));
    return cheapest.map(
        c -> new FleetNeed(c.found.need, c.found.utilization, c.found.replayed, c.withoutOverflow));
  }

  /** A replayed fleet that serves, with what it needs. */
  private record Cheapest(
      Sizing.ReplayedFleet fleet,
      FleetNeed found,
      double overflowUsd,
      Optional<FleetNeed> withoutOverflow) {}

  // Of the fleets that hold every workload's service level, the cheapest.
  private Optional<Cheapest> cheapest(
      Sharing sharing, ReplayRequest request, List<Sizing.ReplayedFleet> answer) {
    Cheapest best = null;
    Optional<FleetNeed> strict = Optional.empty();
    double least = Double.POSITIVE_INFINITY;
    boolean local = !request.overflowAllowed();
    boolean spot =
        request.workloads().stream().anyMatch(WorkloadCase::mustBeLocal)
            && request.deployment().hardware().acquisition().mode() == Acquisition.Mode.SPOT
            && assumptions.outages().spotInterruptionsPerBoxMonth() > 0;
    for (Sizing.ReplayedFleet alternative : answer) {
      var result = alternative.result();
      if (!result.meetsServiceLevel()
          || result.localCalls() == 0
          || spot
          || (local && result.overflowCalls() + result.tooLongCalls() > 0)) {
        continue;
      }
      OptionalDouble overflow = weigher.overflowUsd(fleets.workloads(sharing.workloads), result);
      if (overflow.isEmpty()) {
        continue;
      }
      FleetNeed found =
          found(sharing.workloads, request.deployment(), alternative, overflow.getAsDouble());
      if (result.overflowCalls() + result.tooLongCalls() == 0) {
        strict = Optional.of(found);
      }
      double usd =
          found.need.monthlyUsd()
              + fleets.boxOf(sharing.fleet).monthlyUsd()
                  * Math.ceil(
                      (double) found.need.accelerators()
                          / request.deployment().hardware().acceleratorCount());
      if (usd < least) {
        least = usd;
        best = new Cheapest(alternative, found, overflow.getAsDouble(), Optional.empty());
      }
    }
    return best == null
        ? Optional.empty()
        : Optional.of(new Cheapest(best.fleet, best.found, best.overflowUsd, strict));
  }

  private FleetNeed found(
      WorkloadSet set, Deployment deployment, Sizing.ReplayedFleet fleet, double overflow) {
    WorkloadCase first = fleets.workload(set.first());
    FleetUse like = weigher.use(first, deployment, fleet, 1);
    double other = 0;
    double atApi = overflow;
    for (int w : set.stream().toArray()) {
      double api = fleets.apiUsd()[w];
      FleetUse use = weigher.use(fleets.workload(w), deployment, fleet, 1);
      FleetRates rates = FleetRates.of(assumptions, deployment.hardware(), use);
      other += rates.workloadUsd(api);
      atApi += rates.awayShare() * api;
      if (w == set.first()) {
        other += rates.fleetUsd(like.busyBoxHours(), like.busyLoad(), like.upBoxHours());
      }
    }
    return new FleetNeed(
        new Portfolio.Need(
            fleet.options().replicas() * deployment.acceleratorsPerReplica(),
            other + overflow,
            atApi),
        fleet.result().utilization(),
        !fleet.result().isSampled(),
        Optional.empty());
  }

  // Adds up the fleets of each workload alone: busy time and calls at the API are summed;
  // accelerators follow from the busy time, and are at least as many as the largest fleet has.
  private Optional<FleetNeed> sum(int fleet, WorkloadSet set) {
    // If one of the workloads may not overflow, none does.
    boolean local = set.intersects(fleets.local());
    double usd = 0;
    double atApi = 0;
    double busy = 0;
    int most = 0;
    for (int w : set.stream().toArray()) {
      FleetNeed alone = singles[fleet][w];
      if (local && alone != null) {
        alone = alone.withoutOverflow.orElse(null);
      }
      if (alone == null) {
        return Optional.empty();
      }
      Portfolio.Need need = alone.need;
      most = Math.max(most, need.accelerators());
      busy += alone.utilization * need.accelerators();
      usd += need.monthlyUsd();
      atApi += need.atApiUsd();
    }
    int perReplica = fleets.fleet(fleet).like().deployment().orElseThrow().acceleratorsPerReplica();
    int needed = (int) Math.ceil(busy / PLANNED_UTILIZATION / perReplica - 1e-9) * perReplica;
    return Optional.of(
        new FleetNeed(
            new Portfolio.Need(
                Math.max(most, needed), usd - (set.size() - 1) * fleets.fleet(fleet).usd(), atApi),
            busy / Math.max(1, Math.max(most, needed)),
            false,
            Optional.empty()));
  }
}
