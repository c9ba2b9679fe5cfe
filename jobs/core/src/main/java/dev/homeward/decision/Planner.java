package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.decision.DecideStep.Weighing;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.FleetUse;
import dev.homeward.policy.Policy;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Plans the move of all workloads that may move: which share a fleet, on how many boxes, in which
 * order. What a shared fleet needs is replayed on the merged tapes: of every set that the search
 * looks at where workloads are few, else of the plan that the search finds on sums, again and again
 * until the plan rests on replays only.
 */
final class Planner {
  /** With more workloads than this the search looks at sums first. */
  private static final int FEW = 6;

  /** Plans that are replayed, one after another, until one holds. */
  private static final int ROUNDS = 8;

  /** And so many until one is possible at all. */
  private static final int MOST_ROUNDS = 40;

  /** Share of its time that a shared replica is taken to be busy at most, before it is replayed. */
  private static final double PLANNED_UTILIZATION = 0.7;

  /** Merged tapes of more calls are not replayed for the order of a plan's steps alone. */
  private static final double MOST_CALLS_FOR_ORDER = 2_000_000;

  private final Assumptions assumptions;
  private final Policy policy;
  private final ApiBill bill;
  private final Weigher weigher;

  Planner(Assumptions assumptions, Policy policy, ApiBill bill, Weigher weigher) {
    this.assumptions = assumptions;
    this.policy = policy;
    this.bill = bill;
    this.weigher = weigher;
  }

  /** The plan. */
  Plan plan(List<RankedWorkload> decided, List<Weighing> weighings, Replays replays) {
    List<Weighing> movable = new ArrayList<>();
    List<Boolean> must = new ArrayList<>();
    for (int i = 0; i < decided.size(); i++) {
      RankedWorkload row = decided.get(i);
      boolean mustMove = row.verdict() == Verdict.MUST_MOVE;
      boolean mayMove = row.workload().isMetered() && row.workload().apiForecastUsd().orElse(0) > 0;
      if (mustMove || mayMove) {
        movable.add(weighings.get(i));
        must.add(mustMove);
      }
    }
    Work work = new Work(movable, must, replays);
    return work.fleets.isEmpty() ? Plan.EMPTY : work.plan();
  }

  /** A model under an engine on a kind of box, and who may use it. */
  private static final class Fleet {
    private final Candidate like;
    private final int box;
    private final BitSet allowed = new BitSet();
    private final Map<Integer, Candidate> candidates = new HashMap<>();

    /** A month of the fleet itself, whoever uses it. */
    private double usd;

    Fleet(Candidate like, int box) {
      this.like = like;
      this.box = box;
    }
  }

  /** A fleet of some workloads as it was replayed, or as sums say. */
  private record Found(
      Portfolio.Need need, double utilization, boolean replayed, Optional<Found> withoutOverflow) {}

  private final class Work {
    private final List<Weighing> workloads;
    private final Replays replays;
    private final List<HardwareProfile> kinds = new ArrayList<>();
    private final List<Portfolio.Box> boxes = new ArrayList<>();
    private final List<Fleet> fleets = new ArrayList<>();
    private final BitSet must = new BitSet();
    private final double[] apiUsd;
    private final Map<Integer, Map<BitSet, Optional<Found>>> replayed = new TreeMap<>();

    Work(List<Weighing> movable, List<Boolean> mustMove, Replays replays) {
      this.workloads = movable;
      this.replays = replays;
      this.apiUsd = new double[movable.size()];
      for (int w = 0; w < movable.size(); w++) {
        apiUsd[w] = movable.get(w).workload.apiForecastUsd().orElse(0);
        must.set(w, mustMove.get(w));
      }
      gather();
    }

    // Fleets that a workload may use, proven for it (or unproven, where it must move and nothing is
    // proven), and that could pay: whose one idle box costs less than all who may use it pay the
    // API, or which somebody must use.
    private void gather() {
      Map<String, Fleet> byName = new LinkedHashMap<>();
      Map<String, Integer> kindOf = new HashMap<>();
      for (int w = 0; w < workloads.size(); w++) {
        Weighing weighing = workloads.get(w);
        boolean proven = weighing.alternatives.stream().anyMatch(a -> a.isViable() && a.isProven());
        for (Candidate candidate : weighing.possible) {
          if (!weigher.isProven(weighing.workload, candidate) && !(must.get(w) && !proven)) {
            continue;
          }
          String box = candidate.hardware().id();
          Fleet fleet =
              byName.computeIfAbsent(
                  candidate.model().id()
                      + "/"
                      + candidate.quantization().id()
                      + "/"
                      + candidate.engine().id()
                      + "/"
                      + box,
                  name ->
                      new Fleet(
                          candidate, kindOf.computeIfAbsent(box, b -> kind(candidate, weighing))));
          fleet.allowed.set(w);
          fleet.candidates.put(w, candidate);
        }
      }
      for (Fleet fleet : List.copyOf(byName.values())) {
        // Data that must be local keeps a fleet from overflowing: the others may want one of their
        // own.
        boolean local = fleet.allowed.stream().anyMatch(this::isLocal);
        if (local && !fleet.allowed.stream().allMatch(this::isLocal)) {
          Fleet other = new Fleet(fleet.like, fleet.box);
          other.allowed.or(fleet.allowed);
          other.candidates.putAll(fleet.candidates);
          byName.put(fleet.like.deployment().orElseThrow().id() + " without them", other);
        }
      }
      for (Fleet fleet : byName.values()) {
        double most = fleet.allowed.stream().mapToDouble(w -> apiUsd[w]).sum();
        int first = fleet.allowed.nextSetBit(0);
        double least = weigher.leastUsd(workloads.get(first).workload, fleet.like);
        fleet.usd = fleetUsd(fleet, first);
        if (fleet.allowed.intersects(must) || most > least) {
          fleets.add(fleet);
        }
      }
    }

    private boolean isLocal(int w) {
      return workloads.get(w).workload.mustBeLocal();
    }

    private double fleetUsd(Fleet fleet, int w) {
      FleetUse idle = new FleetUse(1, workloads.get(w).workload.period().hours(), 0, 0, 0, false);
      return FleetRates.of(assumptions, fleet.like.hardware(), idle).fleetUsd(0, 0);
    }

    private int kind(Candidate candidate, Weighing weighing) {
      HardwareProfile box = candidate.hardware();
      FleetUse idle = new FleetUse(1, weighing.workload.period().hours(), 0, 0, 0, false);
      FleetRates rates = FleetRates.of(assumptions, box, idle);
      kinds.add(box);
      boxes.add(
          new Portfolio.Box(
              box.acceleratorCount(),
              rates.boxUsd(),
              // What an owned box would fetch is a cost, but nobody pays it at the start.
              box.acquisition().mode() == Acquisition.Mode.OWNED ? 0 : rates.initialUsdPerBox(),
              policy.portfolio().owned().getOrDefault(box.id(), 0),
              rates.runningUsdPerBox(),
              rates.spareBoxes()));
      return kinds.size() - 1;
    }

    Plan plan() {
      replaySingles();
      Portfolio.Problem problem =
          new Portfolio.Problem(
              workloads.size(),
              boxes,
              fleets.stream().mapToInt(f -> f.box).toArray(),
              fleets.stream().map(f -> f.allowed).toList(),
              must,
              this::saved,
              !bill.hasAgreements(),
              policy.portfolio().budgetUsd().orElse(Double.POSITIVE_INFINITY),
              policy.portfolio().mostBoxes().orElse(Integer.MAX_VALUE));
      Portfolio exact = new Portfolio(problem, (f, set) -> found(f, set, true).map(Found::need));
      Portfolio.Solution best = null;
      if (workloads.size() <= FEW) {
        best = exact.solve(List.of());
      } else {
        for (int round = 0; round < ROUNDS || (!isPossible(best) && round < MOST_ROUNDS); round++) {
          // A new one each round: what was replayed since replaces the sums.
          Portfolio.Solution planned =
              new Portfolio(problem, (f, set) -> found(f, set, false).map(Found::need))
                  .solve(best == null ? List.of() : List.of(best.fleetOf()));
          boolean held = replay(sets(planned.fleetOf()));
          Portfolio.Solution real =
              new Portfolio.Solution(planned.fleetOf(), exact.value(planned.fleetOf()));
          if (best == null || real.savingUsd() > best.savingUsd()) {
            best = real;
          }
          if (held) {
            break;
          }
        }
      }
      return isPossible(best) ? new Steps(this, exact, best).plan() : Plan.EMPTY;
    }

    private boolean isPossible(Portfolio.Solution solution) {
      return solution.savingUsd() > Double.NEGATIVE_INFINITY;
    }

    private double saved(BitSet moved) {
      double sum = moved.stream().mapToDouble(w -> apiUsd[w]).sum();
      if (!bill.hasAgreements()) {
        return sum;
      }
      Map<WorkloadKey, Double> leaving = new HashMap<>();
      moved.stream()
          .filter(w -> apiUsd[w] > 0)
          .forEach(w -> leaving.put(workloads.get(w).workload.key(), apiUsd[w]));
      return bill.savedUsd(leaving);
    }

    private void replaySingles() {
      List<Integer> fleet = new ArrayList<>();
      List<BitSet> sets = new ArrayList<>();
      for (int f = 0; f < fleets.size(); f++) {
        for (int w = fleets.get(f).allowed.nextSetBit(0);
            w >= 0;
            w = fleets.get(f).allowed.nextSetBit(w + 1)) {
          BitSet one = new BitSet();
          one.set(w);
          fleet.add(f);
          sets.add(one);
        }
      }
      replay(fleet, sets);
    }

    private Map<Integer, BitSet> sets(int[] fleetOf) {
      Map<Integer, BitSet> sets = new TreeMap<>();
      for (int w = 0; w < fleetOf.length; w++) {
        if (fleetOf[w] != Portfolio.API) {
          sets.computeIfAbsent(fleetOf[w], f -> new BitSet()).set(w);
        }
      }
      return sets;
    }

    // Whether everything was known already.
    private boolean replay(Map<Integer, BitSet> sets) {
      return replay(List.copyOf(sets.keySet()), List.copyOf(sets.values()));
    }

    private boolean replay(List<Integer> fleet, List<BitSet> sets) {
      List<ReplayRequest> requests = new ArrayList<>();
      List<Integer> asked = new ArrayList<>();
      for (int i = 0; i < sets.size(); i++) {
        if (replayed.computeIfAbsent(fleet.get(i), f -> new HashMap<>()).containsKey(sets.get(i))) {
          continue;
        }
        Optional<Deployment> deployment = deployment(fleets.get(fleet.get(i)), sets.get(i));
        if (deployment.isEmpty()) {
          replayed.get(fleet.get(i)).put(sets.get(i), Optional.empty());
          continue;
        }
        List<WorkloadCase> members =
            sets.get(i).stream().mapToObj(w -> workloads.get(w).workload).toList();
        requests.add(
            new ReplayRequest(
                members,
                deployment.get(),
                members.get(0).volumeFactor(),
                mostReplicas(fleets.get(fleet.get(i)), sets.get(i), deployment.get())));
        asked.add(i);
      }
      if (requests.isEmpty()) {
        return true;
      }
      List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
      for (int r = 0; r < answers.size(); r++) {
        int i = asked.get(r);
        replayed
            .get(fleet.get(i))
            .put(
                (BitSet) sets.get(i).clone(),
                best(fleet.get(i), sets.get(i), requests.get(r), answers.get(r)));
      }
      return false;
    }

    // More boxes than all of its workloads pay the API pay for no fleet, unless somebody must.
    private int mostReplicas(Fleet fleet, BitSet set, Deployment deployment) {
      int limit = assumptions.serving().mostReplicas();
      double usd = boxes.get(fleet.box).monthlyUsdOwned();
      if (set.intersects(must) || usd <= 0) {
        return limit;
      }
      double api = set.stream().mapToDouble(w -> apiUsd[w]).sum();
      return ReplayRequest.replicas(deployment, api / usd, limit);
    }

    // The fleet refitted for the longest context of its workloads.
    private Optional<Deployment> deployment(Fleet fleet, BitSet members) {
      if (members.cardinality() == 1) {
        return fleet.candidates.get(members.nextSetBit(0)).deployment();
      }
      long context =
          members.stream()
              .mapToLong(w -> workloads.get(w).workload.profile().maxContext())
              .max()
              .orElseThrow();
      Candidate like = fleet.like;
      Fit fit =
          Deployments.fit(
              like.hardware(), like.model(), like.quantization(), like.engine(), context);
      return fit instanceof Fit.Fits fits ? Optional.of(fits.deployment()) : Optional.empty();
    }

    // Of the fleets that hold every workload's service level, the cheapest.
    private Optional<Found> best(
        int fleet, BitSet set, ReplayRequest request, List<Sizing.ReplayedFleet> answer) {
      Optional<Found> best = Optional.empty();
      Optional<Found> strict = Optional.empty();
      double least = Double.POSITIVE_INFINITY;
      boolean local = !request.overflowAllowed();
      boolean spot =
          request.deployment().hardware().acquisition().mode() == Acquisition.Mode.SPOT
              && assumptions.outages().spotInterruptionsPerBoxMonth() > 0;
      for (Sizing.ReplayedFleet alternative : answer) {
        var result = alternative.result();
        if (!result.meetsServiceLevel()
            || result.localCalls() == 0
            || (local && (spot || result.overflowCalls() + result.tooLongCalls() > 0))) {
          continue;
        }
        Found found = found(set, request.deployment(), alternative);
        if (result.overflowCalls() + result.tooLongCalls() == 0) {
          strict = Optional.of(found);
        }
        double usd =
            found.need.monthlyUsd()
                + boxes.get(fleets.get(fleet).box).monthlyUsd()
                    * Math.ceil(
                        (double) found.need.accelerators()
                            / request.deployment().hardware().acceleratorCount());
        if (usd < least) {
          least = usd;
          best = Optional.of(found);
        }
      }
      Optional<Found> whole = strict;
      return best.map(f -> new Found(f.need, f.utilization, true, whole));
    }

    private Found found(BitSet set, Deployment deployment, Sizing.ReplayedFleet fleet) {
      WorkloadCase first = workloads.get(set.nextSetBit(0)).workload;
      FleetUse like = weigher.use(first, deployment, fleet, 1);
      double other = 0;
      double overflow = Weigher.overflowUsd(first, fleet.result());
      boolean once = true;
      for (int w = set.nextSetBit(0); w >= 0; w = set.nextSetBit(w + 1)) {
        WorkloadCase workload = workloads.get(w).workload;
        FleetUse use = weigher.use(workload, deployment, fleet, 1);
        FleetRates rates = FleetRates.of(assumptions, deployment.hardware(), use);
        other += rates.workloadUsd(apiUsd[w]);
        if (once) {
          other += rates.fleetUsd(like.busyBoxHours(), like.busyLoad());
          once = false;
        }
      }
      return new Found(
          new Portfolio.Need(
              fleet.options().replicas() * deployment.acceleratorsPerReplica(), other + overflow),
          fleet.result().utilization(),
          true,
          Optional.empty());
    }

    Optional<Found> found(int fleet, BitSet set, boolean exact) {
      Map<BitSet, Optional<Found>> known = replayed.computeIfAbsent(fleet, f -> new HashMap<>());
      Optional<Found> there = known.get(set);
      if (there != null) {
        return there;
      }
      if (exact) {
        replay(List.of(fleet), List.of((BitSet) set.clone()));
        return known.get(set);
      }
      return sum(fleet, set);
    }

    // What the fleets of each workload alone add up to: busy time and calls at the API as they are,
    // accelerators by the time they are busy, and at least the most of any one.
    private Optional<Found> sum(int fleet, BitSet set) {
      // Where one of them may not overflow, none does.
      boolean local = set.stream().anyMatch(this::isLocal);
      double usd = 0;
      double busy = 0;
      int most = 0;
      for (int w = set.nextSetBit(0); w >= 0; w = set.nextSetBit(w + 1)) {
        BitSet one = new BitSet();
        one.set(w);
        Optional<Found> alone = replayed.get(fleet).get(one);
        if (local) {
          alone = alone.flatMap(Found::withoutOverflow);
        }
        if (alone.isEmpty()) {
          return Optional.empty();
        }
        Portfolio.Need need = alone.get().need;
        most = Math.max(most, need.accelerators());
        busy += alone.get().utilization * need.accelerators();
        usd += need.monthlyUsd();
      }
      int perReplica = fleets.get(fleet).like.deployment().orElseThrow().acceleratorsPerReplica();
      int needed = (int) Math.ceil(busy / PLANNED_UTILIZATION / perReplica - 1e-9) * perReplica;
      return Optional.of(
          new Found(
              new Portfolio.Need(
                  Math.max(most, needed), usd - (set.cardinality() - 1) * fleets.get(fleet).usd),
              busy / Math.max(1, Math.max(most, needed)),
              false,
              Optional.empty()));
    }
  }

  /** Puts an assignment in order. */
  private static final class Steps {
    private final Work work;
    private final Portfolio exact;
    private final Portfolio.Solution solution;
    private final List<Plan.Step> steps = new ArrayList<>();
    private final Map<WorkloadKey, RankedWorkload.Moved> moved = new LinkedHashMap<>();
    private double cumulative;
    private double initial;
    private boolean estimated;
    private int order;

    Steps(Work work, Portfolio exact, Portfolio.Solution solution) {
      this.work = work;
      this.exact = exact;
      this.solution = solution;
    }

    // Fleets that somebody must use first, then by what they save; on a fleet those that must move
    // first, then those that pay most.
    Plan plan() {
      Map<Integer, BitSet> sets = work.sets(solution.fleetOf());
      List<Integer> fleets = new ArrayList<>(sets.keySet());
      Map<Integer, Double> saves = new HashMap<>();
      for (int f : fleets) {
        int[] alone = new int[solution.fleetOf().length];
        for (int w = 0; w < alone.length; w++) {
          alone[w] = sets.get(f).get(w) ? f : Portfolio.API;
        }
        saves.put(f, exact.value(alone));
      }
      fleets.sort(
          (a, b) -> {
            boolean mustA = sets.get(a).intersects(work.must);
            if (mustA != sets.get(b).intersects(work.must)) {
              return mustA ? -1 : 1;
            }
            int bySaving = Double.compare(saves.get(b), saves.get(a));
            return bySaving != 0 ? bySaving : Integer.compare(a, b);
          });
      List<Integer> fleetOfPrefix = new ArrayList<>();
      List<BitSet> prefixes = new ArrayList<>();
      List<List<Integer>> orders = new ArrayList<>();
      for (int f : fleets) {
        List<Integer> members = new ArrayList<>(sets.get(f).stream().boxed().toList());
        members.sort(
            (a, b) -> {
              if (work.must.get(a) != work.must.get(b)) {
                return work.must.get(a) ? -1 : 1;
              }
              int byApi = Double.compare(work.apiUsd[b], work.apiUsd[a]);
              return byApi != 0 ? byApi : Integer.compare(a, b);
            });
        orders.add(members);
        BitSet prefix = new BitSet();
        double calls = 0;
        for (int w : members) {
          prefix.set(w);
          calls += work.workloads.get(w).workload.profile().calls();
          if (calls <= MOST_CALLS_FOR_ORDER) {
            fleetOfPrefix.add(f);
            prefixes.add((BitSet) prefix.clone());
          }
        }
      }
      work.replay(fleetOfPrefix, prefixes);
      int[] accelerators = new int[work.boxes.size()];
      BitSet done = new BitSet();
      for (int i = 0; i < fleets.size(); i++) {
        fleet(fleets.get(i), orders.get(i), accelerators, done);
      }
      return new Plan(steps, moved, cumulative, initial, estimated);
    }

    private void fleet(int f, List<Integer> members, int[] accelerators, BitSet done) {
      Fleet fleet = work.fleets.get(f);
      HardwareProfile hardware = fleet.like.hardware();
      Portfolio.Box kind = work.boxes.get(fleet.box);
      BitSet prefix = new BitSet();
      Portfolio.Need before = new Portfolio.Need(0, 0);
      for (int at = 0; at < members.size(); at++) {
        int w = members.get(at);
        prefix.set(w);
        Optional<Found> found = work.found(f, prefix, at == members.size() - 1);
        // A part of a fleet that works may not work alone only by its service level's quantiles.
        Portfolio.Need need = found.map(x -> x.need).orElse(before);
        estimated |= found.isEmpty() || !found.get().replayed;
        int had = exact.boxes(fleet.box, accelerators[fleet.box]);
        accelerators[fleet.box] += need.accelerators() - before.accelerators();
        int has = exact.boxes(fleet.box, accelerators[fleet.box]);
        double boxUsd = kind.usd(has) - kind.usd(had);
        double capex = kind.initial(has) - kind.initial(had);
        double savedBefore = work.saved(done);
        done.set(w);
        double gained =
            work.saved(done) - savedBefore - (need.monthlyUsd() - before.monthlyUsd()) - boxUsd;
        if (has > had) {
          steps.add(
              new Plan.Step(
                  steps.size() + 1,
                  action(hardware, had, has, kind),
                  hardware.id(),
                  has - had,
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  capex,
                  boxUsd,
                  -boxUsd,
                  cumulative - boxUsd,
                  OptionalDouble.empty(),
                  kind.spares() > 0 && had == 0 ? "one of them is the spare" : ""));
        }
        initial += capex;
        cumulative += gained;
        WorkloadKey key = work.workloads.get(w).workload.key();
        moved.put(key, new RankedWorkload.Moved(++order, gained));
        steps.add(
            new Plan.Step(
                steps.size() + 1,
                Plan.Action.MOVE,
                hardware.id(),
                0,
                Optional.of(fleet.like.model().id()),
                Optional.of(fleet.like.engine().id()),
                Optional.of(key),
                0,
                need.monthlyUsd() - before.monthlyUsd(),
                gained + boxUsd,
                cumulative,
                found.isPresent()
                    ? OptionalDouble.of(found.get().utilization)
                    : OptionalDouble.empty(),
                work.must.get(w) ? "must move" : ""));
        before = need;
      }
    }

    private static Plan.Action action(
        HardwareProfile hardware, int had, int has, Portfolio.Box kind) {
      if (has <= kind.owned() && had < has) {
        return Plan.Action.USE;
      }
      return switch (hardware.acquisition().mode()) {
        case BOUGHT -> Plan.Action.BUY;
        case OWNED -> Plan.Action.USE;
        case ON_DEMAND, SPOT, RESERVED -> Plan.Action.RENT;
      };
    }
  }
}
