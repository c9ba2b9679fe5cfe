package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PortfolioTest {
  private static final int INSTANCES = 200;
  private static final int MOST_WORKLOADS = 6;
  private static final int KINDS = 3;

  /** A made-up problem: loads add up with a little economy of scale, boxes are whole. */
  private static final class Instance {
    final Portfolio.Problem problem;
    final Portfolio.Oracle oracle;
    final double[] api;

    Instance(long seed) {
      Random random = new Random(seed);
      int n = 1 + random.nextInt(MOST_WORKLOADS);
      int fleets = 2 + random.nextInt(4);
      api = new double[n];
      double[] load = new double[n];
      WorkloadSet must = WorkloadSet.none();
      for (int w = 0; w < n; w++) {
        api[w] = Math.exp(2 + 5 * random.nextDouble());
        load[w] = Math.exp(-2 + 3 * random.nextDouble());
        if (random.nextInt(6) == 0) {
          must.add(w);
        }
      }
      List<Portfolio.Box> boxes = new ArrayList<>();
      for (int b = 0; b < KINDS; b++) {
        int accelerators = 1 << random.nextInt(3);
        double usd = accelerators * (40 + 200 * random.nextDouble());
        int owned = random.nextInt(5) == 0 ? 1 : 0;
        boxes.add(
            new Portfolio.Box(
                accelerators, usd, 30 * usd, owned, usd / 5, random.nextInt(4) == 0 ? 1 : 0));
      }
      int[] boxOf = new int[fleets];
      double[] speed = new double[fleets];
      double[] fixed = new double[fleets];
      List<WorkloadSet> allowed = new ArrayList<>();
      for (int f = 0; f < fleets; f++) {
        boxOf[f] = random.nextInt(KINDS);
        speed[f] = 0.5 + 2 * random.nextDouble();
        fixed[f] = 150 * random.nextDouble();
        WorkloadSet of = WorkloadSet.none();
        for (int w = 0; w < n; w++) {
          if (random.nextInt(4) > 0) {
            of.add(w);
          }
        }
        allowed.add(of);
      }
      for (int w = 0; w < n; w++) {
        int workload = w;
        if (allowed.stream().noneMatch(of -> of.contains(workload))) {
          must.remove(w);
        }
      }
      boolean limited = random.nextBoolean();
      problem =
          new Portfolio.Problem(
              n,
              boxes,
              boxOf,
              allowed,
              must,
              leaving -> leaving.stream().mapToDouble(l -> l.workloads().sum(api)).sum(),
              random.nextBoolean(),
              limited && must.isEmpty() ? 20_000 * random.nextDouble() : Double.POSITIVE_INFINITY,
              limited && must.isEmpty() ? 1 + random.nextInt(4) : Integer.MAX_VALUE);
      oracle =
          (fleet, set) -> {
            double sum = set.stream().mapToDouble(w -> load[w]).sum() / speed[fleet];
            int needed = (int) Math.max(1, Math.ceil(sum - 0.1 * (set.size() - 1)));
            return needed > 12
                ? Optional.empty()
                : Optional.of(new Portfolio.Need(needed, fixed[fleet] + 10 * set.size(), 0));
          };
    }

    double bruteForce() {
      Portfolio values = new Portfolio(problem, oracle);
      Assignment at = Assignment.allAtApi(problem.workloads());
      double best = Double.NEGATIVE_INFINITY;
      while (true) {
        boolean may = true;
        for (int w = 0; w < at.workloads(); w++) {
          may &=
              at.fleetOf(w) == Assignment.API || problem.allowed().get(at.fleetOf(w)).contains(w);
        }
        if (may) {
          best = Math.max(best, values.value(at));
        }
        int w = 0;
        while (w < at.workloads() && at.fleetOf(w) == problem.boxOf().length - 1) {
          at.put(w++, Assignment.API);
        }
        if (w == at.workloads()) {
          return best;
        }
        at.put(w, at.fleetOf(w) + 1);
      }
    }
  }

  @Test
  void thePlanIsWithinTwoPerCentOfTheBestOfAllAssignments() {
    int worse = 0;
    for (long seed = 0; seed < INSTANCES; seed++) {
      Instance instance = new Instance(seed);
      double best = instance.bruteForce();
      double found = new Portfolio(instance.problem, instance.oracle).solve(List.of()).savingUsd();
      assertTrue(found <= best + 1e-6, "seed " + seed);
      assertTrue(
          found >= best - 0.02 * Math.abs(best),
          "seed %d: found %.2f, best %.2f".formatted(seed, found, best));
      worse += found < best - 1e-6 ? 1 : 0;
    }
    assertTrue(worse <= INSTANCES / 10, worse + " plans below the best one");
  }

  @Test
  void thePlanIsNeverWorseThanTheBestFleetForOneWorkload() {
    for (long seed = 0; seed < INSTANCES; seed++) {
      Instance instance = new Instance(seed);
      Portfolio portfolio = new Portfolio(instance.problem, instance.oracle);
      double found = portfolio.solve(List.of()).savingUsd();
      for (int w = 0; w < instance.problem.workloads(); w++) {
        for (int f = 0; f < instance.problem.boxOf().length; f++) {
          if (instance.problem.allowed().get(f).contains(w)) {
            Assignment alone = Assignment.allAtApi(instance.problem.workloads());
            alone.put(w, f);
            assertTrue(found >= portfolio.value(alone) - 1e-6, "seed " + seed);
          }
        }
      }
    }
  }

  @Test
  void limitsHold() {
    for (long seed = 0; seed < INSTANCES; seed++) {
      Instance instance = new Instance(seed);
      Portfolio portfolio = new Portfolio(instance.problem, instance.oracle);
      Portfolio.Solution solution = portfolio.solve(List.of());
      int[] accelerators = new int[KINDS];
      solution
          .assignment()
          .byFleet()
          .forEach(
              (f, of) ->
                  accelerators[instance.problem.boxOf()[f]] +=
                      instance.oracle.need(f, of).orElseThrow().accelerators());
      int boxes = 0;
      double initial = 0;
      for (int b = 0; b < KINDS; b++) {
        int of = portfolio.boxes(b, accelerators[b]);
        boxes += of;
        initial += instance.problem.boxes().get(b).initial(of);
      }
      assertTrue(boxes <= instance.problem.mostBoxes(), "seed " + seed);
      assertTrue(initial <= instance.problem.budgetUsd(), "seed " + seed);
    }
  }
}
