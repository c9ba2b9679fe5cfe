package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.replay.Sizing;
import dev.homeward.units.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several threads that ask at once get the answers that each would get alone. */
final class CachedReplaysTest {
  private final Desk desk = new Desk(Assumptions.defaults(), Policy.defaults());
  private final ExecutorService threads = Executors.newFixedThreadPool(2);

  CachedReplaysTest() {
    desk.add("triage", "gpt-4o-mini", 300, 900, 60, 1);
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static ReplayRequest at(List<ReplayRequest> asked, double volume, int most) {
    ReplayRequest like = asked.get(0);
    return new ReplayRequest(
        like.workloads(), like.deployment(), volume, most, like.prefixCache(), false);
  }

  /** What a decision asks, to have a question that fits. */
  private List<ReplayRequest> asked() {
    List<ReplayRequest> asked = new ArrayList<>();
    new DecideStep(
            Desk.CATALOG,
            desk.pricer(),
            Policy.defaults(),
            Evaluations.none(),
            Assumptions.defaults())
        .decide(
            desk.cases(),
            requests -> {
              asked.addAll(requests);
              return desk.of(requests);
            });
    desk.asked = 0;
    return asked;
  }

  @Test
  void whatTwoBranchesAskIsReplayedOnceAndKnownAfterwards() throws Exception {
    List<ReplayRequest> questions = asked();
    List<ReplayRequest> one = List.of(at(questions, 1, 2), at(questions, 2, 2));
    List<ReplayRequest> other = List.of(at(questions, 2, 2), at(questions, 4, 2));
    CachedReplays trunk = new CachedReplays(desk, desk.settings(), desk.pricer());
    CachedReplays first = trunk.branch();
    CachedReplays second = trunk.branch();

    List<List<Sizing.ReplayedFleet>> mine = first.of(one);
    List<List<Sizing.ReplayedFleet>> theirs = second.of(other);

    assertSame(mine.get(1), theirs.get(0));
    assertEquals(3, desk.asked);
    trunk.join(first);
    trunk.join(second);
    assertEquals(3, trunk.replayed());
    assertEquals(4, trunk.asked());
    trunk.of(other);
    assertEquals(3, desk.asked, "all of it is known");
  }

  /** A larger bound tells a smaller one, but only what was known before may tell a branch. */
  @Test
  void whoeverAsksFirstTheSameIsKnownInTheEnd() {
    List<ReplayRequest> questions = asked();
    List<ReplayRequest> few = List.of(at(questions, 4, 1));
    List<ReplayRequest> many = List.of(at(questions, 4, 8));
    List<String> ends = new ArrayList<>();
    for (boolean manyFirst : new boolean[] {false, true}) {
      CachedReplays trunk = new CachedReplays(desk, desk.settings(), desk.pricer());
      CachedReplays a = trunk.branch();
      CachedReplays b = trunk.branch();
      if (manyFirst) {
        b.of(many);
        a.of(few);
      } else {
        a.of(few);
        b.of(many);
      }
      trunk.join(a);
      trunk.join(b);
      ends.add(
          trunk.entries().stream()
              .map(
                  e ->
                      "%s/%d: %s"
                          .formatted(
                              e.fingerprint(),
                              e.mostReplicas(),
                              e.fleets().stream().map(Sizing.ReplayedFleet::options).toList()))
              .toList()
              .toString());
    }

    assertEquals(ends.get(0), ends.get(1));
  }

  @Test
  void whereAReplayFailsNobodyWaitsForIt() throws Exception {
    List<ReplayRequest> questions = asked();
    CountDownLatch asking = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    CachedReplays trunk =
        new CachedReplays(
            requests -> {
              asking.countDown();
              await(waiting);
              throw new InvalidInput("the calls are gone");
            },
            desk.settings(),
            desk.pricer());
    CachedReplays first = trunk.branch();
    CachedReplays second = trunk.branch();
    List<ReplayRequest> question = List.of(at(questions, 1, 2));

    Future<?> one = threads.submit(() -> first.of(question));
    await(asking);
    Future<?> other = threads.submit(() -> second.of(question));
    waiting.countDown();

    for (Future<?> failed : List.of(one, other)) {
      ExecutionException e =
          assertThrows(ExecutionException.class, () -> failed.get(30, TimeUnit.SECONDS));
      assertEquals("the calls are gone", e.getCause().getMessage());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody came");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
