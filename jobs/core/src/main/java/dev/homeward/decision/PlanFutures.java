package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.FleetNeeds.VolumeNeed;
import dev.homeward.decision.SharedFleets.SharedFleet;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.Outlook;
import dev.homeward.economics.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A plan in uncertain futures, at the same points as its workloads alone. What its fleets need at
 * other volumes comes from replays of the merged tapes at some of them; each workload grows in its
 * own way and is its share of the load, by what it keeps busy alone.
 */
final class PlanFutures {
  /** Volumes, as multiples of today's, at which the fleets are replayed. */
  private static final double[] GRID = {0.25, 0.5, 1, 2, 4};

  /** Fleets on one kind of box, which share its boxes, with their workloads in order of moving. */
  private static final class Group {
    final List<PlanSteps.FleetOrder> lines = new ArrayList<>();
    final List<Integer> workloads = new ArrayList<>();
    Outlook.Subject subject;

    /** Dollars a month beside the subject's, in every future. */
    double otherUsd;

    double load;
  }

  private final Assumptions assumptions;
  private final SharedFleets fleets;
  private final FleetNeeds needs;
  private final Outlook.Points points;
  private final Function<WorkloadCase, RankedWorkload.Growth> growth;
  private final double leastProbability;
  private final Map<Integer, double[]> deviates = new HashMap<>();
  private final Map<Integer, Double> loads = new HashMap<>();

  PlanFutures(
      Assumptions assumptions,
      SharedFleets fleets,
      FleetNeeds needs,
      Outlook.Points points,
      Function<WorkloadCase, RankedWorkload.Growth> growth,
      double leastProbability) {
    this.assumptions = assumptions;
    this.fleets = fleets;
    this.needs = needs;
    this.points = points;
    this.growth = growth;
    this.leastProbability = leastProbability;
  }

  /**
   * What the futures say of a plan.
   *
   * @param money of the whole plan; empty if a fleet's needs at today's volume are not known
   * @param steps saving of each move with the boxes bought for it
   * @param shares each workload's share of what its fleet saves
   * @param unlikely workloads that add to the plan in too few futures
   */
  record Found(
      Optional<Plan.Futures> money,
      Map<WorkloadKey, Outlook> steps,
      Map<WorkloadKey, Outlook> shares,
      WorkloadSet unlikely) {}

  private static final Found NOTHING =
      new Found(Optional.empty(), Map.of(), Map.of(), WorkloadSet.none());

  /**
   * Looks at a plan.
   *
   * @param lines its fleets with their workloads, in order of moving
   * @param agreementsUsd what agreements change of the plan's saving
   */
  Found find(List<PlanSteps.FleetOrder> lines, double agreementsUsd) {
    Map<Integer, Group> groups = new TreeMap<>();
    for (PlanSteps.FleetOrder line : lines) {
      Group group = groups.computeIfAbsent(fleets.fleet(line.fleet()).box(), b -> new Group());
      group.lines.add(line);
      group.workloads.addAll(line.workloads());
    }
    if (groups.isEmpty()) {
      return NOTHING;
    }
    double api = groups.values().stream().mapToDouble(this::apiUsd).sum();
    choose(groups);
    double[] all = new double[assumptions.future().samples()];
    double[][] cash = new double[all.length][points.stepEnds().length + 2];
    Map<WorkloadKey, Outlook> steps = new LinkedHashMap<>();
    Map<WorkloadKey, Outlook> shares = new LinkedHashMap<>();
    WorkloadSet unlikely = WorkloadSet.none();
    for (Group group : groups.values()) {
      boolean first = group == groups.values().iterator().next();
      if (!prepare(group, api == 0 ? 0 : agreementsUsd * apiUsd(group) / api, first)) {
        return NOTHING;
      }
      add(all, look(group, steps, shares, unlikely));
      Outlook.Points.Demand whole = points.demand();
      group.workloads.forEach(w -> include(whole, group, w, 1));
      double[][] of = points.cash(group.subject, whole);
      for (int i = 0; i < cash.length; i++) {
        add(cash[i], of[i]);
        spread(cash[i], -group.otherUsd);
      }
    }
    return new Found(Optional.of(money(points.outlook(all), cash)), steps, shares, unlikely);
  }

  private double apiUsd(Group group) {
    return group.workloads.stream().mapToDouble(w -> fleets.apiUsd()[w]).sum();
  }

  // The largest workload has the points' own deviates for growth, so that a plan of one workload
  // is that workload's outlook; the others have deviates of their own.
  private void choose(Map<Integer, Group> groups) {
    int largest = -1;
    for (Group group : groups.values()) {
      for (int w : group.workloads) {
        if (largest < 0 || fleets.apiUsd()[w] > fleets.apiUsd()[largest]) {
          largest = w;
        }
      }
    }
    for (Group group : groups.values()) {
      for (int w : group.workloads) {
        deviates.put(
            w, w == largest ? points.growth() : points.growth(fleets.workload(w).key().toString()));
      }
    }
  }

  // What the group needs at some volumes, and its rates. The first bears what all fleets share.
  private boolean prepare(Group group, double agreementsUsd, boolean first) {
    List<Map<Double, VolumeNeed>> curves = new ArrayList<>();
    for (PlanSteps.FleetOrder line : group.lines) {
      WorkloadSet set = WorkloadSet.none();
      line.workloads().forEach(set::add);
      curves.add(needs.atVolumes(line.fleet(), set, GRID));
      for (int w : line.workloads()) {
        double busy = needs.busyAccelerators(line.fleet(), w);
        loads.put(w, busy);
        group.load += busy;
      }
    }
    if (curves.stream().anyMatch(c -> !c.containsKey(1.0))) {
      return false;
    }
    SharedFleet fleet = fleets.fleet(group.lines.get(0).fleet());
    HardwareProfile box = fleet.like().hardware();
    double api = apiUsd(group);
    TreeMap<Double, VolumeCurve.Point> volumes = new TreeMap<>();
    for (double volume : GRID) {
      if (curves.stream().allMatch(c -> c.containsKey(volume))) {
        int accelerators = 0;
        double busy = 0;
        double up = 0;
        double overflow = 0;
        int replicas = 0;
        for (Map<Double, VolumeNeed> curve : curves) {
          VolumeNeed need = curve.get(volume);
          accelerators += need.accelerators();
          busy += need.use().busyBoxHours();
          up += need.use().upBoxHours();
          overflow += need.overflowUsd();
          replicas += need.replicas();
        }
        int boxes = (accelerators + box.acceleratorCount() - 1) / box.acceleratorCount();
        volumes.put(
            volume,
            new VolumeCurve.Point(
                volume, boxes, replicas, busy, up, api == 0 ? 0 : overflow / (api * volume), 0));
      }
    }
    double busyLoad = curves.get(0).get(1.0).use().busyLoad();
    FleetRates rates = FleetRates.of(assumptions, box, curves.get(0).get(1.0).use());
    VolumeCurve curve =
        new VolumeCurve(
            volumes, busyLoad, fleets.workload(group.workloads.get(0)).period().hours());
    group.otherUsd = otherUsd(group, rates, volumes.get(1.0).boxes());
    group.subject =
        new Outlook.Subject(
            api,
            agreementsUsd,
            rates,
            withAway(curve, away(group, rates, api)),
            DecideStep.keepsBoxes(box),
            Spread.fixed(0),
            DecideStep.stepTime(fleet.like().engine(), box, fleet.like().model()),
            group.workloads.size(),
            first ? 1 : 0);
    return true;
  }

  // The second and later fleets of a group have costs of their own; boxes that are there already
  // are not bought.
  private double otherUsd(Group group, FleetRates rates, int boxes) {
    double usd = 0;
    for (PlanSteps.FleetOrder line : group.lines.subList(1, group.lines.size())) {
      usd += fleets.fleet(line.fleet()).usd();
    }
    int owned =
        Math.min(boxes + rates.spareBoxes(), fleets.boxOf(group.lines.get(0).fleet()).owned());
    return usd - owned * (rates.boxUsd() - rates.runningUsdPerBox());
  }

  // Share of the API's cost that is paid because of hard calls and outages, beyond what the rates
  // of the first workload hold.
  private double away(Group group, FleetRates rates, double api) {
    double usd = 0;
    for (PlanSteps.FleetOrder line : group.lines) {
      for (int w : line.workloads()) {
        usd += (needs.awayShare(line.fleet(), w) - rates.awayShare()) * fleets.apiUsd()[w];
      }
    }
    return api == 0 ? 0 : usd / api;
  }

  private static Outlook.Fleet withAway(VolumeCurve curve, double away) {
    return new Outlook.Fleet() {
      @Override
      public int boxes(double load) {
        return curve.boxes(load);
      }

      @Override
      public double busyBoxHours(double load) {
        return curve.busyBoxHours(load);
      }

      @Override
      public double busyLoad() {
        return curve.busyLoad();
      }

      @Override
      public double upBoxHours(double load) {
        return curve.upBoxHours(load);
      }

      @Override
      public double overflowShare(double load) {
        return curve.overflowShare(load) + away;
      }
    };
  }

  private void include(Outlook.Points.Demand demand, Group group, int w, int sign) {
    demand.add(
        sign * (group.load == 0 ? 1.0 / group.workloads.size() : loads.get(w) / group.load),
        sign * fleets.apiUsd()[w],
        growth.apply(fleets.workload(w)).perMonth(),
        deviates.get(w));
  }

  private double[] savings(Group group, Outlook.Points.Demand demand, int workloads) {
    if (workloads == 0) {
      return new double[assumptions.future().samples()];
    }
    double[] savings = points.savings(group.subject.of(workloads), demand);
    for (int i = 0; i < savings.length; i++) {
      savings[i] -= group.otherUsd;
    }
    return savings;
  }

  // The saving of a group at each point; what each move adds, and each workload's share.
  private double[] look(
      Group group,
      Map<WorkloadKey, Outlook> steps,
      Map<WorkloadKey, Outlook> shares,
      WorkloadSet unlikely) {
    Outlook.Points.Demand demand = points.demand();
    double[] before = new double[assumptions.future().samples()];
    double[] musts = before;
    int done = 0;
    List<Integer> free = new ArrayList<>();
    for (int w : group.workloads) {
      include(demand, group, w, 1);
      double[] with = savings(group, demand, ++done);
      steps.put(fleets.workload(w).key(), points.outlook(difference(with, before)));
      before = with;
      if (fleets.must().contains(w)) {
        musts = with;
      } else {
        free.add(w);
      }
    }
    double[] all = before;
    share(group.workloads.stream().filter(fleets.must()::contains).toList(), musts, shares);
    double[] more = difference(all, musts);
    share(free, more, shares);
    if (!free.isEmpty() && probability(more) < leastProbability) {
      free.forEach(unlikely::add);
    } else if (done > 1) {
      for (int w : free) {
        include(demand, group, w, -1);
        if (probability(difference(all, savings(group, demand, done - 1))) < leastProbability) {
          unlikely.add(w);
        }
        include(demand, group, w, 1);
      }
    }
    return all;
  }

  private void share(List<Integer> of, double[] savings, Map<WorkloadKey, Outlook> shares) {
    for (int w : of) {
      double part = PlanSteps.part(fleets, of, w);
      shares.put(
          fleets.workload(w).key(),
          points.outlook(Arrays.stream(savings).map(s -> s * part).toArray()));
    }
  }

  private Plan.Futures money(Outlook outlook, double[][] cash) {
    double[] ends = points.stepEnds();
    double rate = assumptions.finance().discountRatePerMonth();
    double[] npv = new double[cash.length];
    double[][] cumulative = new double[ends.length + 1][cash.length];
    for (int i = 0; i < cash.length; i++) {
      double sum = cash[i][0];
      npv[i] = sum;
      cumulative[0][i] = sum;
      for (int step = 0; step < ends.length; step++) {
        sum += cash[i][step + 1];
        cumulative[step + 1][i] = sum;
        npv[i] +=
            cash[i][step + 1] * meanDiscount(rate, step == 0 ? 0 : ends[step - 1], ends[step]);
      }
      npv[i] += cash[i][ends.length + 1] * Math.pow(1 + rate, -ends[ends.length - 1]);
    }
    List<Plan.Cash> months = new ArrayList<>();
    OptionalInt payback = OptionalInt.empty();
    for (int step = 0; step <= ends.length; step++) {
      Arrays.sort(cumulative[step]);
      double month = step == 0 ? 0 : ends[step - 1];
      double middle = Outlook.quantile(cumulative[step], 0.5);
      months.add(
          new Plan.Cash(
              month,
              Outlook.quantile(cumulative[step], 0.1),
              middle,
              Outlook.quantile(cumulative[step], 0.9)));
      if (payback.isEmpty() && middle >= 0) {
        payback = OptionalInt.of(paybackMonth(months));
      }
    }
    Arrays.sort(npv);
    return new Plan.Futures(
        outlook,
        Outlook.quantile(npv, 0.1),
        Outlook.quantile(npv, 0.5),
        Outlook.quantile(npv, 0.9),
        payback,
        months);
  }

  // Mean of the discount factors of the months after the first bound, up to the second.
  private static double meanDiscount(double rate, double from, double to) {
    return rate == 0
        ? 1
        : (Math.pow(1 + rate, -from) - Math.pow(1 + rate, -to)) / rate / (to - from);
  }

  // On the line between the last two figures.
  private static int paybackMonth(List<Plan.Cash> months) {
    Plan.Cash last = months.get(months.size() - 1);
    if (months.size() == 1) {
      return 0;
    }
    Plan.Cash before = months.get(months.size() - 2);
    double part = -before.p50Usd() / (last.p50Usd() - before.p50Usd());
    return (int) Math.ceil(before.month() + part * (last.month() - before.month()) - 1e-9);
  }

  private double probability(double[] savings) {
    return (double) Arrays.stream(savings).filter(s -> s > 0).count() / savings.length;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  private static void add(double[] to, double[] more) {
    for (int i = 0; i < to.length; i++) {
      to[i] += more[i];
    }
  }

  // Adds so many dollars a month to the steps of the horizon.
  private void spread(double[] cash, double monthlyUsd) {
    double[] ends = points.stepEnds();
    for (int step = 0; step < ends.length; step++) {
      cash[step + 1] += monthlyUsd * (ends[step] - (step == 0 ? 0 : ends[step - 1]));
    }
  }
}
