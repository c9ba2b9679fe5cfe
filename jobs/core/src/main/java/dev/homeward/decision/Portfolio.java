package dev.homeward.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which workloads go to which fleets, and how many boxes that takes: the assignment with the
 * largest monthly saving that a search finds. Boxes are whole and shared: all replicas on one kind
 * of box are packed into as few boxes as hold their accelerators.
 *
 * <p>The search starts from several plans (nothing but what must move; each fleet alone with the
 * workloads that pay most; every workload where it is best alone) and improves each by moving one
 * workload, swapping two, emptying or filling a fleet, until nothing helps.
 */
final class Portfolio {
  /** Stays at the API. */
  static final int API = -1;

  private static final double LEAST_GAIN_USD = 1e-7;

  /**
   * A kind of box.
   *
   * @param accelerators of a box
   * @param monthlyUsd of a box, idle
   * @param initialUsd paid at the start for a box
   * @param owned boxes that are there already
   * @param monthlyUsdOwned of such a box, idle
   * @param spares boxes that serve nothing, once any serve
   */
  record Box(
      int accelerators,
      double monthlyUsd,
      double initialUsd,
      int owned,
      double monthlyUsdOwned,
      int spares) {

    double usd(int boxes) {
      int there = Math.min(boxes, owned);
      return there * monthlyUsdOwned + (boxes - there) * monthlyUsd;
    }

    double initial(int boxes) {
      return Math.max(0, boxes - owned) * initialUsd;
    }
  }

  /**
   * What a fleet needs to serve some workloads.
   *
   * @param accelerators of its kind of box
   * @param monthlyUsd all but the boxes: people, power of the work, calls that stay at the API
   */
  record Need(int accelerators, double monthlyUsd) {}

  /** Says what a fleet needs. */
  interface Oracle {
    /** Empty if the fleet cannot serve these workloads. */
    Optional<Need> need(int fleet, BitSet workloads);
  }

  /** What is saved at the API when workloads leave it. */
  interface Saved {
    double usd(BitSet moved);
  }

  /**
   * The question.
   *
   * @param workloads how many
   * @param boxOf kind of box by fleet
   * @param allowed workloads by fleet
   * @param must workloads that may not stay at the API
   * @param budgetUsd most that may be paid at the start
   * @param mostBoxes in all
   */
  record Problem(
      int workloads,
      List<Box> boxes,
      int[] boxOf,
      List<BitSet> allowed,
      BitSet must,
      Saved saved,
      double budgetUsd,
      int mostBoxes) {}

  /**
   * An answer.
   *
   * @param fleetOf by workload; {@link #API} where it stays
   * @param savingUsd a month
   */
  record Solution(int[] fleetOf, double savingUsd) {}

  private final Problem problem;
  private final Oracle oracle;
  private final Map<BitSet, Map<Integer, Optional<Need>>> known = new HashMap<>();

  Portfolio(Problem problem, Oracle oracle) {
    this.problem = problem;
    this.oracle = oracle;
  }

  /** The best plan found. */
  Solution solve(List<int[]> starts) {
    Solution best = null;
    List<int[]> all = new ArrayList<>(starts);
    int[] nothing = new int[problem.workloads];
    Arrays.fill(nothing, API);
    all.add(nothing);
    for (int fleet = 0; fleet < problem.boxOf.length; fleet++) {
      all.add(filled(nothing, fleet));
    }
    for (int[] start : all) {
      Solution improved = improve(new Solution(start.clone(), value(start)));
      if (best == null || improved.savingUsd > best.savingUsd + LEAST_GAIN_USD) {
        best = improved;
      }
    }
    return best;
  }

  // With thousands of neighbours each start is followed by its single moves first, which are many
  // and cheap, and by the larger ones when those help no more.
  private Solution improve(Solution start) {
    Solution at = start;
    while (true) {
      Solution better = bestMove(at);
      if (better == null) {
        better = bestSwap(at);
      }
      if (better == null) {
        better = bestRefill(at);
      }
      if (better == null) {
        return at;
      }
      at = better;
    }
  }

  private Solution bestMove(Solution at) {
    Solution best = null;
    for (int w = 0; w < problem.workloads; w++) {
      for (int fleet = API; fleet < problem.boxOf.length; fleet++) {
        if (fleet != at.fleetOf[w] && may(w, fleet)) {
          int[] other = at.fleetOf.clone();
          other[w] = fleet;
          best = better(best, other, at);
        }
      }
    }
    return best;
  }

  private Solution bestSwap(Solution at) {
    Solution best = null;
    for (int a = 0; a < problem.workloads; a++) {
      for (int b = a + 1; b < problem.workloads; b++) {
        if (at.fleetOf[a] != at.fleetOf[b] && may(a, at.fleetOf[b]) && may(b, at.fleetOf[a])) {
          int[] other = at.fleetOf.clone();
          other[a] = at.fleetOf[b];
          other[b] = at.fleetOf[a];
          best = better(best, other, at);
        }
      }
    }
    return best;
  }

  // A fleet is emptied into another or into the API, or takes all it may from the API or from
  // everywhere.
  private Solution bestRefill(Solution at) {
    Solution best = null;
    for (int fleet = 0; fleet < problem.boxOf.length; fleet++) {
      for (int to = API; to < problem.boxOf.length; to++) {
        int[] other = at.fleetOf.clone();
        boolean changed = false;
        for (int w = 0; w < problem.workloads; w++) {
          if (other[w] == fleet && to != fleet && may(w, to)) {
            other[w] = to;
            changed = true;
          }
        }
        if (changed) {
          best = better(best, other, at);
        }
      }
      best = better(best, filled(at.fleetOf, fleet), at);
      int[] all = at.fleetOf.clone();
      for (int w = 0; w < problem.workloads; w++) {
        if (may(w, fleet)) {
          all[w] = fleet;
        }
      }
      best = better(best, all, at);
    }
    return best;
  }

  // The fleet takes workloads from the API one after the other, those that pay most first, as far
  // as that pays at best.
  private int[] filled(int[] from, int fleet) {
    List<Integer> order = new ArrayList<>();
    for (int w = 0; w < problem.workloads; w++) {
      if (from[w] == API && may(w, fleet)) {
        order.add(w);
      }
    }
    order.sort(
        (a, b) -> {
          boolean mustA = problem.must.get(a);
          if (mustA != problem.must.get(b)) {
            return mustA ? -1 : 1;
          }
          int bySaved = Double.compare(savedAlone(b), savedAlone(a));
          return bySaved != 0 ? bySaved : Integer.compare(a, b);
        });
    int[] at = from.clone();
    int[] best = at.clone();
    double bestValue = value(at);
    for (int w : order) {
      at[w] = fleet;
      double value = value(at);
      if (value == Double.NEGATIVE_INFINITY && !problem.must.get(w)) {
        at[w] = API;
      } else if (value > bestValue) {
        bestValue = value;
        best = at.clone();
      }
    }
    return best;
  }

  private double savedAlone(int w) {
    BitSet one = new BitSet();
    one.set(w);
    return problem.saved.usd(one);
  }

  private boolean may(int w, int fleet) {
    return fleet == API || problem.allowed.get(fleet).get(w);
  }

  private Solution better(Solution best, int[] candidate, Solution at) {
    double value = value(candidate);
    double than = best == null ? at.savingUsd : best.savingUsd;
    boolean more =
        value > than + LEAST_GAIN_USD || (than == Double.NEGATIVE_INFINITY && value > than);
    return more ? new Solution(candidate, value) : best;
  }

  /**
   * The monthly saving of an assignment; minus infinity if a fleet cannot serve its workloads or a
   * limit is broken. A workload that must move and does not costs more than anything saves.
   */
  double value(int[] fleetOf) {
    Map<Integer, BitSet> members = new HashMap<>();
    BitSet moved = new BitSet();
    int missing = 0;
    for (int w = 0; w < fleetOf.length; w++) {
      if (fleetOf[w] != API) {
        members.computeIfAbsent(fleetOf[w], f -> new BitSet()).set(w);
        moved.set(w);
      } else if (problem.must.get(w)) {
        missing++;
      }
    }
    int[] accelerators = new int[problem.boxes.size()];
    double usd = 0;
    for (int fleet = 0; fleet < problem.boxOf.length; fleet++) {
      BitSet of = members.get(fleet);
      if (of == null) {
        continue;
      }
      Optional<Need> need = need(fleet, of);
      if (need.isEmpty()) {
        return Double.NEGATIVE_INFINITY;
      }
      accelerators[problem.boxOf[fleet]] += need.get().accelerators;
      usd += need.get().monthlyUsd;
    }
    double initial = 0;
    int count = 0;
    for (int b = 0; b < accelerators.length; b++) {
      int boxes = boxes(b, accelerators[b]);
      usd += problem.boxes.get(b).usd(boxes);
      initial += problem.boxes.get(b).initial(boxes);
      count += boxes;
    }
    if (initial > problem.budgetUsd || count > problem.mostBoxes) {
      return Double.NEGATIVE_INFINITY;
    }
    return problem.saved.usd(moved) - usd - missing * MISSING_USD;
  }

  /** Boxes that hold so many accelerators, spares included. */
  int boxes(int box, int accelerators) {
    Box kind = problem.boxes.get(box);
    return accelerators == 0
        ? 0
        : (accelerators + kind.accelerators - 1) / kind.accelerators + kind.spares;
  }

  private static final double MISSING_USD = 1e12;

  private Optional<Need> need(int fleet, BitSet of) {
    return known
        .computeIfAbsent((BitSet) of.clone(), k -> new HashMap<>())
        .computeIfAbsent(fleet, f -> oracle.need(f, of));
  }
}
