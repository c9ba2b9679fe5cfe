package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.FleetNeeds.FleetNeed;
import dev.homeward.decision.FleetNeeds.Sharing;
import dev.homeward.decision.Portfolio.Leaving;
import dev.homeward.decision.Portfolio.Need;
import dev.homeward.decision.SharedFleets.SharedFleet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Puts an assignment in order: what to buy and what to move, one after the other. */
final class PlanSteps {
  /** Merged tapes of more calls are not replayed only to find the order of a plan's steps. */
  private static final double MOST_CALLS_FOR_ORDER = 2_000_000;

  /** A fleet with its workloads in the order in which they move. */
  record FleetOrder(int fleet, List<Integer> workloads) {}

  private final SharedFleets fleets;
  private final FleetNeeds needs;
  private final Portfolio exact;
  private final Portfolio.Saved saved;
  private final Assignment assignment;
  private final int[] acceleratorsByBox;
  private final PlanFutures futures;
  private final List<Leaving> gone = new ArrayList<>();
  private final List<Plan.Step> steps = new ArrayList<>();
  private final List<PlannedFleet> planned = new ArrayList<>();
  private final Map<WorkloadKey, RankedWorkload.Moved> moved = new LinkedHashMap<>();

  /** What all fleets share, until the first workload has paid for it. */
  private double sharedUsd;

  private double cumulative;
  private double initial;
  private boolean estimated;
  private int order;

  PlanSteps(
      SharedFleets fleets,
      FleetNeeds needs,
      Portfolio exact,
      Portfolio.Saved saved,
      Assignment assignment,
      PlanFutures futures) {
    this.futures = futures;
    this.fleets = fleets;
    this.needs = needs;
    this.exact = exact;
    this.saved = saved;
    this.assignment = assignment;
    this.acceleratorsByBox = new int[fleets.boxes().size()];
  }

  /**
   * The plan.
   *
   * @param unlikely takes the workloads that add to it in too few futures
   */
  Plan plan(WorkloadSet unlikely) {
    List<FleetOrder> lines = lines();
    replayPrefixes(lines);
    if (!lines.isEmpty() && fleets.sharedUsd() > 0) {
      share();
    }
    lines.forEach(this::add);
    double api =
        lines.stream()
            .flatMap(line -> line.workloads.stream())
            .mapToDouble(w -> fleets.apiUsd()[w])
            .sum();
    PlanFutures.Found found = futures.find(lines, saved.usd(gone) - api);
    unlikely.addAll(found.unlikely());
    List<Plan.Step> withBands = new ArrayList<>();
    for (Plan.Step step : steps) {
      withBands.add(
          step.workload().isPresent() && found.steps().containsKey(step.workload().get())
              ? step.with(found.steps().get(step.workload().get()))
              : step);
    }
    double shared = fleets.sharedUsd();
    Map<WorkloadKey, RankedWorkload.Moved> places = new LinkedHashMap<>();
    // What all fleets share is paid by all, as they pay the API.
    List<Integer> all = lines.stream().flatMap(line -> line.workloads.stream()).toList();
    for (int w : all) {
      WorkloadKey key = fleets.workload(w).key();
      double part = shared * part(fleets, all, w);
      places.put(key, moved.get(key).less(part).with(Optional.ofNullable(found.shares().get(key))));
    }
    return new Plan(
        withBands,
        places,
        cumulative,
        initial,
        estimated,
        found.money(),
        ReasonCode.NOT_IN_PLAN,
        planned);
  }

  // Hours for all fleets together: stated as a step of their own, and a part of what the first
  // workload adds.
  private void share() {
    sharedUsd = fleets.sharedUsd();
    steps.add(
        new Plan.Step(
            1,
            Plan.Action.SHARE,
            "",
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            sharedUsd,
            -sharedUsd,
            -sharedUsd,
            OptionalDouble.empty(),
            "hours for all fleets together",
            Optional.empty()));
  }

  // Fleets that somebody must use first, then by what they save; on a fleet those that must move
  // first, then those that pay most.
  private List<FleetOrder> lines() {
    Map<Integer, WorkloadSet> sets = assignment.byFleet();
    WorkloadSet must = fleets.must();
    List<Integer> order = new ArrayList<>(sets.keySet());
    Map<Integer, Double> saves = new HashMap<>();
    for (int f : order) {
      saves.put(f, exact.value(assignment.onlyOn(f)));
    }
    order.sort(
        (a, b) -> {
          boolean mustA = sets.get(a).intersects(must);
          if (mustA != sets.get(b).intersects(must)) {
            return mustA ? -1 : 1;
          }
          int bySaving = Double.compare(saves.get(b), saves.get(a));
          return bySaving != 0 ? bySaving : Integer.compare(a, b);
        });
    List<FleetOrder> lines = new ArrayList<>();
    for (int f : order) {
      List<Integer> members = new ArrayList<>(sets.get(f).stream().boxed().toList());
      members.sort(
          (a, b) -> {
            if (must.contains(a) != must.contains(b)) {
              return must.contains(a) ? -1 : 1;
            }
            int byApi = Double.compare(fleets.apiUsd()[b], fleets.apiUsd()[a]);
            return byApi != 0 ? byApi : Integer.compare(a, b);
          });
      lines.add(new FleetOrder(f, members));
    }
    return lines;
  }

  // All at once, so that they are replayed at the same time.
  private void replayPrefixes(List<FleetOrder> lines) {
    List<Sharing> prefixes = new ArrayList<>();
    for (FleetOrder line : lines) {
      WorkloadSet prefix = WorkloadSet.none();
      double calls = 0;
      for (int w : line.workloads) {
        prefix.add(w);
        calls += fleets.workload(w).profile().calls();
        if (calls <= MOST_CALLS_FOR_ORDER) {
          prefixes.add(new Sharing(line.fleet, prefix.copy()));
        }
      }
    }
    needs.replay(prefixes);
  }

  /** A workload's part of what several save together: as its part of what they pay the API. */
  static double part(SharedFleets fleets, List<Integer> of, int workload) {
    double all = of.stream().mapToDouble(w -> fleets.apiUsd()[w]).sum();
    return all == 0 ? 1.0 / of.size() : fleets.apiUsd()[workload] / all;
  }

  private void add(FleetOrder line) {
    double[] gains = new double[line.workloads.size()];
    WorkloadSet prefix = WorkloadSet.none();
    Need before = new Need(0, 0, 0);
    for (int at = 0; at < line.workloads.size(); at++) {
      int w = line.workloads.get(at);
      double savedBefore = savedWith(prefix, before);
      prefix.add(w);
      Optional<FleetNeed> found =
          at == line.workloads.size() - 1
              ? needs.exact(line.fleet, prefix)
              : needs.estimated(line.fleet, prefix);
      // Some of a fleet's workloads may miss a service level that all of them together meet,
      // because its limits are quantiles over all calls.
      Need need = found.map(FleetNeed::need).orElse(before);
      estimated |= found.isEmpty() || !found.get().replayed();
      double boxUsd = buy(line.fleet, need.accelerators() - before.accelerators());
      double addedUsd = need.monthlyUsd() - before.monthlyUsd();
      double stepsBefore = boxUsd + sharedUsd;
      double gained = savedWith(prefix, need) - savedBefore - addedUsd - stepsBefore;
      gains[at] = gained + sharedUsd;
      sharedUsd = 0;
      cumulative += gained;
      move(line.fleet, w, addedUsd, gained, stepsBefore, found);
      before = need;
    }
    gone.add(new Leaving(prefix, before.atApiUsd()));
    needs
        .planned(line.fleet, prefix)
        .ifPresent(
            fleet ->
                planned.add(
                    new PlannedFleet(
                        fleet.deployment(),
                        fleet.replayed(),
                        line.workloads.stream().map(w -> fleets.workload(w).key()).toList())));
    divide(line, gains);
  }

  // What the workloads that must move save or cost is theirs; what the others add is shared among
  // them. So a row never depends on whose turn it was when a box had to be bought.
  private void divide(FleetOrder line, double[] gains) {
    List<Integer> musts = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    double mustsUsd = 0;
    double othersUsd = 0;
    for (int at = 0; at < gains.length; at++) {
      int w = line.workloads.get(at);
      if (fleets.must().contains(w)) {
        musts.add(w);
        mustsUsd += gains[at];
      } else {
        others.add(w);
        othersUsd += gains[at];
      }
    }
    for (int w : line.workloads) {
      boolean must = fleets.must().contains(w);
      double usd = must ? mustsUsd * part(fleets, musts, w) : othersUsd * part(fleets, others, w);
      moved.put(
          fleets.workload(w).key(),
          new RankedWorkload.Moved(
              order - line.workloads.size() + line.workloads.indexOf(w) + 1,
              usd,
              RankedWorkload.On.of(fleets.fleet(line.fleet).like()),
              Optional.empty()));
    }
  }

  // By how much the API's bill falls with the fleets that are done and this part of the next one.
  private double savedWith(WorkloadSet prefix, Need need) {
    List<Leaving> leaving = new ArrayList<>(gone);
    if (!prefix.isEmpty()) {
      leaving.add(new Leaving(prefix, need.atApiUsd()));
    }
    return saved.usd(leaving);
  }

  // Adds the boxes that so many more accelerators take; says what they cost a month.
  private double buy(int f, int accelerators) {
    SharedFleet fleet = fleets.fleet(f);
    HardwareProfile hardware = fleet.like().hardware();
    Portfolio.Box kind = fleets.boxOf(f);
    int had = exact.boxes(fleet.box(), acceleratorsByBox[fleet.box()]);
    acceleratorsByBox[fleet.box()] += accelerators;
    int has = exact.boxes(fleet.box(), acceleratorsByBox[fleet.box()]);
    double boxUsd = kind.usd(has) - kind.usd(had);
    double capex = kind.initial(has) - kind.initial(had);
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
              cumulative - sharedUsd - boxUsd,
              OptionalDouble.empty(),
              kind.spares() > 0 && had == 0 ? "one of them is the spare" : "",
              Optional.empty()));
    }
    initial += capex;
    return boxUsd;
  }

  private void move(
      int f, int w, double addedUsd, double gained, double stepsBefore, Optional<FleetNeed> found) {
    SharedFleet fleet = fleets.fleet(f);
    WorkloadKey key = fleets.workload(w).key();
    order++;
    steps.add(
        new Plan.Step(
            steps.size() + 1,
            Plan.Action.MOVE,
            fleet.like().hardware().id(),
            0,
            Optional.of(fleet.like().model().id()),
            Optional.of(fleet.like().engine().id()),
            Optional.of(key),
            0,
            addedUsd,
            gained + stepsBefore,
            cumulative,
            found.isPresent()
                ? OptionalDouble.of(found.get().utilization())
                : OptionalDouble.empty(),
            fleets.must().contains(w) ? "must move" : "",
            Optional.empty()));
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
