package dev.homeward.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
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
  private static final double LEAST_GAIN_USD = 1e-7;

  /** With more workloads than this, swaps are not tried, and not every fleet is a start. */
  private static final int FEW = 24;

  private static final int STARTS = 4;

  /** So many starts at most where there are few workloads. */
  private static final int MOST_STARTS = 16;

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
   * @param atApiUsd of that, what is paid to the API, at announced prices
   */
  record Need(int accelerators, double monthlyUsd, double atApiUsd) {}

  /** Says what a fleet needs. */
  interface Oracle {
    /** Empty if the fleet cannot serve these workloads. */
    Optional<Need> need(int fleet, WorkloadSet workloads);
  }

  /**
   * Workloads that go to one fleet.
   *
   * @param atApiUsd what they still pay the API, at announced prices
   */
  record Leaving(WorkloadSet workloads, double atApiUsd) {}

  /**
   * By how much the API's bill falls when workloads leave it completely. Calls of theirs that stay
   * are part of what their fleets need.
   */
  interface Saved {
    double usd(List<Leaving> leaving);
  }

  /**
   * The question.
   *
   * @param workloads how many
   * @param boxOf kind of box by fleet
   * @param allowed workloads by fleet
   * @param must workloads that may not stay at the API
   * @param savedAdds whether the bill falls by the sum of what each workload saves alone
   * @param budgetUsd most that may be paid at the start
   * @param mostBoxes in all
   */
  record Problem(
      int workloads,
      List<Box> boxes,
      int[] boxOf,
      List<WorkloadSet> allowed,
      WorkloadSet must,
      Saved saved,
      boolean savedAdds,
      double budgetUsd,
      int mostBoxes) {}

  /**
   * An answer.
   *
   * @param savingUsd a month
   */
  record Solution(Assignment assignment, double savingUsd) {}

  private final Problem problem;
  private final Oracle oracle;
  private final Map<Integer, Map<WorkloadSet, Optional<Need>>> known = new HashMap<>();

  /** What each workload saves at the API alone. */
  private final double[] alone;

  Portfolio(Problem problem, Oracle oracle) {
    this.problem = problem;
    this.oracle = oracle;
    this.alone = new double[problem.workloads];
    for (int w = 0; w < alone.length; w++) {
      alone[w] = problem.saved.usd(List.of(new Leaving(WorkloadSet.of(w), 0)));
    }
  }

  /** The best plan found. */
  Solution solve(List<Assignment> starts) {
    Assignment nothing = Assignment.allAtApi(problem.workloads);
    List<Weighed> all = new ArrayList<>();
    for (Assignment start : starts) {
      all.add(new Weighed(start));
    }
    all.add(new Weighed(nothing));
    List<Weighed> filled = new ArrayList<>();
    for (int fleet = 0; fleet < problem.boxOf.length; fleet++) {
      filled.add(filled(new Weighed(nothing), fleet));
    }
    filled.sort((x, y) -> Double.compare(y.value(), x.value()));
    int starting = Math.min(problem.workloads <= FEW ? MOST_STARTS : STARTS, filled.size());
    all.addAll(filled.subList(0, starting));
    Weighed best = null;
    for (Weighed start : all) {
      Weighed improved = improve(start);
      if (best == null || improved.value() > best.value() + LEAST_GAIN_USD) {
        best = improved;
      }
    }
    return new Solution(best.assignment, best.value());
  }

  // Single moves are many and cheap, so they come first; the larger ones when those help no more.
  private Weighed improve(Weighed start) {
    Weighed at = start;
    while (true) {
      if (moveEach(at)) {
        continue;
      }
      Weighed better = problem.workloads <= FEW ? bestSwap(at) : null;
      if (better == null) {
        better = bestRefill(at);
      }
      if (better == null) {
        return at;
      }
      at = better;
    }
  }

  // Each workload in turn goes where it is best, the others staying.
  private boolean moveEach(Weighed at) {
    boolean moved = false;
    for (int w = 0; w < problem.workloads; w++) {
      int best = at.assignment.fleetOf(w);
      double most = at.value();
      for (int fleet = Assignment.API; fleet < problem.boxOf.length; fleet++) {
        if (fleet != at.assignment.fleetOf(w) && may(w, fleet)) {
          double value = at.valueWith(w, fleet);
          if (value > most + LEAST_GAIN_USD || (most == Double.NEGATIVE_INFINITY && value > most)) {
            most = value;
            best = fleet;
          }
        }
      }
      if (best != at.assignment.fleetOf(w)) {
        at.move(w, best);
        moved = true;
      }
    }
    return moved;
  }

  private Weighed bestSwap(Weighed at) {
    Weighed best = null;
    for (int a = 0; a < problem.workloads; a++) {
      for (int b = a + 1; b < problem.workloads; b++) {
        if (at.assignment.fleetOf(a) != at.assignment.fleetOf(b)
            && may(a, at.assignment.fleetOf(b))
            && may(b, at.assignment.fleetOf(a))) {
          Assignment other = at.assignment.copy();
          other.put(a, at.assignment.fleetOf(b));
          other.put(b, at.assignment.fleetOf(a));
          best = better(best, new Weighed(other), at);
        }
      }
    }
    return best;
  }

  // A fleet is emptied into another or into the API, or takes all it may from the API or from
  // everywhere.
  private Weighed bestRefill(Weighed at) {
    Weighed best = null;
    for (int fleet = 0; fleet < problem.boxOf.length; fleet++) {
      for (int to = Assignment.API;
          to < problem.boxOf.length && !at.members[fleet].isEmpty();
          to++) {
        Assignment other = at.assignment.copy();
        boolean changed = false;
        for (int w = 0; w < problem.workloads; w++) {
          if (other.fleetOf(w) == fleet && to != fleet && may(w, to)) {
            other.put(w, to);
            changed = true;
          }
        }
        if (changed) {
          best = better(best, new Weighed(other), at);
        }
      }
      best = better(best, filled(new Weighed(at.assignment), fleet), at);
      Assignment all = at.assignment.copy();
      for (int w = 0; w < problem.workloads; w++) {
        if (may(w, fleet)) {
          all.put(w, fleet);
        }
      }
      best = better(best, new Weighed(all), at);
    }
    return best;
  }

  // The fleet takes workloads from the API one after the other, those that pay most first; the
  // best point on the way is kept.
  private Weighed filled(Weighed at, int fleet) {
    List<Integer> order = new ArrayList<>();
    for (int w = 0; w < problem.workloads; w++) {
      if (at.assignment.fleetOf(w) == Assignment.API && may(w, fleet)) {
        order.add(w);
      }
    }
    order.sort(
        (a, b) -> {
          boolean mustA = problem.must.contains(a);
          if (mustA != problem.must.contains(b)) {
            return mustA ? -1 : 1;
          }
          int bySaved = Double.compare(alone[b], alone[a]);
          return bySaved != 0 ? bySaved : Integer.compare(a, b);
        });
    Assignment best = at.assignment.copy();
    double most = at.value();
    for (int w : order) {
      double value = at.valueWith(w, fleet);
      if (value == Double.NEGATIVE_INFINITY && !problem.must.contains(w)) {
        continue;
      }
      at.move(w, fleet);
      if (value > most) {
        most = value;
        best = at.assignment.copy();
      }
    }
    return new Weighed(best);
  }

  private boolean may(int w, int fleet) {
    return fleet == Assignment.API || problem.allowed.get(fleet).contains(w);
  }

  private static Weighed better(Weighed best, Weighed candidate, Weighed at) {
    double value = candidate.value();
    double than = best == null ? at.value() : best.value();
    boolean more =
        value > than + LEAST_GAIN_USD || (than == Double.NEGATIVE_INFINITY && value > than);
    return more ? candidate : best;
  }

  /** The monthly saving of an assignment; see {@link Weighed#value}. */
  double value(Assignment assignment) {
    return new Weighed(assignment).value();
  }

  /** Boxes that hold so many accelerators, spares included. */
  int boxes(int box, int accelerators) {
    Box kind = problem.boxes.get(box);
    return accelerators == 0
        ? 0
        : (accelerators + kind.accelerators - 1) / kind.accelerators + kind.spares;
  }

  /**
   * An assignment with what its fleets need, so that a single move can be valued without looking at
   * the other fleets.
   */
  private final class Weighed {
    private final Assignment assignment;

    /** By fleet; most fleets have none, and share one set that stays empty. */
    private final WorkloadSet[] members = new WorkloadSet[problem.boxOf.length];

    private final List<Optional<Need>> needs =
        new ArrayList<>(Collections.nCopies(problem.boxOf.length, NOTHING));
    private final WorkloadSet moved = WorkloadSet.none();

    /** Fleets that have any: some of hundreds, and a move is valued millions of times. */
    private final BitSet taken = new BitSet();

    Weighed(Assignment of) {
      this.assignment = of.copy();
      Arrays.fill(members, NOBODY);
      for (int w = 0; w < of.workloads(); w++) {
        if (of.fleetOf(w) != Assignment.API) {
          join(w, of.fleetOf(w));
        }
      }
      for (int f = taken.nextSetBit(0); f >= 0; f = taken.nextSetBit(f + 1)) {
        needs.set(f, need(f, members[f]));
      }
    }

    private void join(int w, int fleet) {
      if (members[fleet].isEmpty()) {
        members[fleet] = WorkloadSet.none();
        taken.set(fleet);
      }
      members[fleet].add(w);
      moved.add(w);
    }

    void move(int w, int to) {
      int from = assignment.fleetOf(w);
      put(w, from, to);
      if (from != Assignment.API) {
        needs.set(from, need(from, members[from]));
      }
      if (to != Assignment.API) {
        needs.set(to, need(to, members[to]));
      }
    }

    double valueWith(int w, int to) {
      int from = assignment.fleetOf(w);
      put(w, from, to);
      Optional<Need> less = from == Assignment.API ? Optional.empty() : need(from, members[from]);
      Optional<Need> more = to == Assignment.API ? Optional.empty() : need(to, members[to]);
      double value = value(from, less, to, more);
      put(w, to, from);
      return value;
    }

    private void put(int w, int from, int to) {
      assignment.put(w, to);
      if (from != Assignment.API) {
        members[from].remove(w);
        if (members[from].isEmpty()) {
          taken.clear(from);
        }
        moved.remove(w);
      }
      if (to != Assignment.API) {
        join(w, to);
      }
    }

    /**
     * The monthly saving; minus infinity if a fleet cannot serve its workloads or a limit is
     * broken. A workload that must move and does not costs more than anything saves.
     */
    double value() {
      return value(Assignment.API, NOTHING, Assignment.API, NOTHING);
    }

    // The value where two fleets need something else.
    private double value(int a, Optional<Need> needsA, int b, Optional<Need> needsB) {
      int[] accelerators = new int[problem.boxes.size()];
      double usd = 0;
      for (int f = taken.nextSetBit(0); f >= 0; f = taken.nextSetBit(f + 1)) {
        Optional<Need> need = f == a ? needsA : f == b ? needsB : needs.get(f);
        if (need.isEmpty()) {
          return Double.NEGATIVE_INFINITY;
        }
        accelerators[problem.boxOf[f]] += need.get().accelerators;
        usd += need.get().monthlyUsd;
      }
      double initial = 0;
      int count = 0;
      for (int kind = 0; kind < accelerators.length; kind++) {
        if (accelerators[kind] == 0) {
          continue;
        }
        int boxes = boxes(kind, accelerators[kind]);
        usd += problem.boxes.get(kind).usd(boxes);
        initial += problem.boxes.get(kind).initial(boxes);
        count += boxes;
      }
      if (initial > problem.budgetUsd || count > problem.mostBoxes) {
        return Double.NEGATIVE_INFINITY;
      }
      return saved(a, needsA, b, needsB) - usd - problem.must.notIn(moved) * MISSING_USD;
    }

    private double saved(int a, Optional<Need> needsA, int b, Optional<Need> needsB) {
      if (problem.savedAdds) {
        return moved.sum(alone);
      }
      List<Leaving> leaving = new ArrayList<>();
      for (int f = taken.nextSetBit(0); f >= 0; f = taken.nextSetBit(f + 1)) {
        Optional<Need> need = f == a ? needsA : f == b ? needsB : needs.get(f);
        leaving.add(new Leaving(members[f], need.orElseThrow().atApiUsd));
      }
      return problem.saved.usd(leaving);
    }
  }

  private static final WorkloadSet NOBODY = WorkloadSet.none();
  private static final double MISSING_USD = 1e12;
  private static final Optional<Need> NOTHING = Optional.of(new Need(0, 0, 0));

  private Optional<Need> need(int fleet, WorkloadSet of) {
    if (of.isEmpty()) {
      return NOTHING;
    }
    Map<WorkloadSet, Optional<Need>> ofFleet = known.computeIfAbsent(fleet, f -> new HashMap<>());
    Optional<Need> need = ofFleet.get(of);
    if (need == null) {
      need = oracle.need(fleet, of);
      ofFleet.put(of.copy(), need);
    }
    return need;
  }
}
