package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Policy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WaitingTest {
  private static final EvaluationNeeds NEEDS =
      new EvaluationNeeds(Assumptions.defaults(), Policy.defaults());

  private final RankedWorkload row =
      new Decider(Assumptions.defaults(), Policy.defaults(), NEEDS)
          .decide(
              new Desk(Assumptions.defaults(), Policy.defaults()).add(HandMade.tape("w")),
              List.of(HandMade.unproven(HandMade.alternative(60, 30))),
              Collections.newSetFromMap(new IdentityHashMap<>()));

  private static Plan plan(double savingUsd, Map<WorkloadKey, RankedWorkload.Moved> moved) {
    return new Plan(
        List.of(), moved, savingUsd, 0, false, Optional.empty(), ReasonCode.NOT_IN_PLAN, List.of());
  }

  private Waiting waiting(double firmUsd, double ifPassedUsd) {
    RankedWorkload.Moved place =
        new RankedWorkload.Moved(
            1, ifPassedUsd, RankedWorkload.On.of(row.chosen().orElseThrow()), Optional.empty());
    return Waiting.of(
        List.of(row),
        plan(firmUsd, Map.of()),
        plan(ifPassedUsd, Map.of(row.workload().key(), place)),
        NEEDS);
  }

  @Test
  void whatAPassedEvaluationAddsToThePlanWaits() {
    Waiting waiting = waiting(10, 30);
    assertEquals(20, waiting.moreUsd(), 1e-9);
    assertEquals(1, waiting.first().size());
    assertEquals(row.workload().key(), waiting.first().get(0).workload());
  }

  @Test
  void nothingWaitsWhereThePlanWouldSaveNoMore() {
    for (double ifPassedUsd : new double[] {-50, 9.99, 10}) {
      Waiting waiting = waiting(10, ifPassedUsd);
      assertEquals(0, waiting.moreUsd(), "never less than the plan that needs no evaluation");
      assertTrue(waiting.first().isEmpty());
      assertTrue(waiting.plan().moved().isEmpty());
    }
  }
}
