package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.FleetNeeds.FleetNeed;
import dev.homeward.decision.FleetNeeds.Sharing;
import dev.homeward.decision.Portfolio.Leaving;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.Outlook;
import dev.homeward.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Plans the move of all workloads that may move: which share a fleet, on how many boxes, in which
 * order. What a shared fleet needs comes from a replay of the merged tapes. With few workloads,
 * every set that the search looks at is replayed. With many, the search works on estimates, its
 * plan is replayed, and both repeat until the plan rests on replays only.
 */
final class Planner {
  /** With more workloads than this the search works on estimates first. */
  private static final int FEW = 6;

  /** At most so many plans are replayed until one holds. */
  private static final int ROUNDS = 8;

  /** At most so many are replayed while none of them is possible. */
  private static final int MOST_ROUNDS = 40;

  private final Assumptions assumptions;
  private final Policy policy;
  private final ApiBill bill;
  private final Weigher weigher;
  private final Outlook.Points points;
  private final Function<WorkloadCase, RankedWorkload.Growth> growth;

  Planner(
      Assumptions assumptions,
      Policy policy,
      ApiBill bill,
      Weigher weigher,
      Outlook.Points points,
      Function<WorkloadCase, RankedWorkload.Growth> growth) {
    this.points = points;
    this.growth = growth;
    this.assumptions = assumptions;
    this.policy = policy;
    this.bill = bill;
    this.weigher = weigher;
  }

  /** A plan, and the workloads that it leaves because they add to it in too few futures. */
  record Planned(Plan plan, Set<WorkloadKey> unlikely) {}

  /**
   * The plan.
   *
   * @param ifPassed as if every evaluation that waits were passed
   */
  Planned plan(
      List<RankedWorkload> decided, List<Weighing> weighings, Replays replays, boolean ifPassed) {
    Set<String> passed = ifPassed ? worthEvaluating(decided) : Set.of();
    Set<WorkloadKey> unlikely = new TreeSet<>();
    while (true) {
      List<SharedFleets.Member> movable = new ArrayList<>();
      for (int i = 0; i < decided.size(); i++) {
        RankedWorkload row = decided.get(i);
        boolean mustMove = row.verdict() == Verdict.MUST_MOVE;
        boolean mayMove =
            row.workload().isMetered() && row.workload().apiForecastUsd().orElse(0) > 0;
        if (mustMove || (mayMove && !unlikely.contains(row.workload().key()))) {
          movable.add(new SharedFleets.Member(weighings.get(i), row, mustMove, passed));
        }
      }
      SharedFleets fleets = new SharedFleets(assumptions, policy, weigher, movable);
      if (fleets.fleets().isEmpty()) {
        return new Planned(Plan.EMPTY, unlikely);
      }
      WorkloadSet less = WorkloadSet.none();
      Plan plan = plan(fleets, new FleetNeeds(assumptions, weigher, fleets, replays), less);
      if (less.isEmpty()) {
        return new Planned(plan, unlikely);
      }
      less.stream().forEach(w -> unlikely.add(fleets.workload(w).key()));
    }
  }

  // The models that workloads wait for and, of those that would not save alone, the best that may
  // stand in: few models, because each takes an evaluation for each workload.
  private static Set<String> worthEvaluating(List<RankedWorkload> rows) {
    Set<String> models = new TreeSet<>();
    for (RankedWorkload row : rows) {
      if (row.verdict() == Verdict.EVALUATE_FIRST) {
        models.add(row.chosen().orElseThrow().model().id());
      } else if (row.verdict() == Verdict.KEEP_API) {
        row.alternatives().stream()
            .filter(a -> a.isViable() && !a.isProven() && a.standing().mayStandIn())
            .findFirst()
            .ifPresent(a -> models.add(a.model().id()));
      }
    }
    return models;
  }

  private Plan plan(SharedFleets fleets, FleetNeeds needs, WorkloadSet unlikely) {
    needs.replaySingles();
    Portfolio.Saved saved = leaving -> savedUsd(fleets, leaving);
    Portfolio.Problem problem =
        new Portfolio.Problem(
            fleets.size(),
            fleets.boxes(),
            fleets.fleets().stream().mapToInt(f -> f.box()).toArray(),
            fleets.fleets().stream().map(f -> f.allowed()).toList(),
            fleets.must(),
            saved,
            !bill.hasAgreements(),
            policy.portfolio().budgetUsd().orElse(Double.POSITIVE_INFINITY),
            policy.portfolio().mostBoxes().orElse(Integer.MAX_VALUE));
    Portfolio exact;
    Portfolio.Solution best;
    do {
      // A new one each time: what was replayed on all days since replaces what is of some.
      exact = new Portfolio(problem, (f, set) -> needs.exact(f, set).map(FleetNeed::need));
      best = fleets.size() <= FEW ? exact.solve(List.of()) : searched(problem, exact, needs);
    } while (isPossible(best) && !needs.settle(sharings(best)));
    if (!isPossible(best)) {
      return Plan.EMPTY;
    }
    // The search knows nothing of what all fleets share: of the plans that move anything, the best
    // is the best with it too. It may not be better than none.
    boolean worthIt =
        best.assignment().byFleet().isEmpty()
            || !fleets.must().isEmpty()
            || best.savingUsd() > fleets.sharedUsd();
    return worthIt
        ? new PlanSteps(
                fleets,
                needs,
                exact,
                saved,
                best.assignment(),
                new PlanFutures(
                    assumptions, fleets, needs, points, growth, policy.leastProbability()))
            .plan(unlikely)
        : Plan.NOT_WORTH_WHAT_IS_SHARED;
  }

  private static Portfolio.Solution searched(
      Portfolio.Problem problem, Portfolio exact, FleetNeeds needs) {
    Portfolio.Solution best = null;
    for (int round = 0; round < ROUNDS || (!isPossible(best) && round < MOST_ROUNDS); round++) {
      // A new one each round: what was replayed since replaces the sums.
      Portfolio.Solution planned =
          new Portfolio(problem, (f, set) -> needs.estimated(f, set).map(FleetNeed::need))
              .solve(best == null ? List.of() : List.of(best.assignment()));
      boolean held = needs.replay(sharings(planned));
      Portfolio.Solution real =
          new Portfolio.Solution(planned.assignment(), exact.value(planned.assignment()));
      if (best == null || real.savingUsd() > best.savingUsd()) {
        best = real;
      }
      if (held) {
        break;
      }
    }
    return best;
  }

  private static List<Sharing> sharings(Portfolio.Solution solution) {
    List<Sharing> sharings = new ArrayList<>();
    solution.assignment().byFleet().forEach((f, set) -> sharings.add(new Sharing(f, set)));
    return sharings;
  }

  private static boolean isPossible(Portfolio.Solution solution) {
    return solution.savingUsd() > Double.NEGATIVE_INFINITY;
  }

  // Under agreements, the spend that stays at the API keeps part of a discount and uses up part
  // of a commitment. Workloads that share a fleet share that spend in proportion to what each
  // paid before.
  private double savedUsd(SharedFleets fleets, List<Leaving> leaving) {
    double[] apiUsd = fleets.apiUsd();
    if (!bill.hasAgreements()) {
      WorkloadSet moved = WorkloadSet.none();
      leaving.forEach(l -> moved.addAll(l.workloads()));
      return moved.stream().mapToDouble(w -> apiUsd[w]).sum();
    }
    Map<WorkloadKey, Double> gone = new HashMap<>();
    double stays = 0;
    for (Leaving l : leaving) {
      double all = l.workloads().sum(apiUsd);
      l.workloads().stream()
          .filter(w -> apiUsd[w] > 0)
          .forEach(w -> gone.put(fleets.workload(w).key(), apiUsd[w] * (1 - l.atApiUsd() / all)));
      stays += l.atApiUsd();
    }
    return bill.savedUsd(gone) + stays;
  }
}
