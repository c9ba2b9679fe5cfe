package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BilledTape;
import dev.homeward.serving.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A sizing finds the same fleets, whoever replays them. */
final class SizingTest {
  private static final int CASES = 60;

  /** Notes which threads replay. */
  private static final class Watched implements Replayer {
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Replay replay;

    Watched(Replay replay) {
      this.replay = replay;
    }

    @Override
    public int offeredCalls() {
      return replay.offeredCalls();
    }

    @Override
    public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
      threads.add(Thread.currentThread());
      return replay.run(options, mostSlow, observer);
    }

    @Override
    public boolean isMissedAlone(ReplayOptions options, long mostSlow) {
      return replay.isMissedAlone(options, mostSlow);
    }
  }

  @Test
  void spareThreadsChangeNothing() {
    Deployment d =
        Deployed.squeezed(
            Deployed.of("h100-on-demand", "qwen3.5-27b", "fp8", "vllm"), 2000, 8, 100, 100);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    int helped = 0;
    int several = 0;
    try {
      for (int seed = 0; seed < CASES; seed++) {
        Random random = new Random(seed);
        Replay replay = replay(d, random);
        ReplayOptions options =
            ReplayOptions.always(
                1,
                ReplayOptions.NO_CAP,
                ReplayOptions.PrefixCache.OFF,
                new ServiceLevel(
                    200_000 + random.nextInt(3_000_000),
                    ServiceLevel.NONE,
                    ServiceLevel.NONE,
                    ServiceLevel.NONE));
        Sizing.Bounds bounds = new Sizing.Bounds(1, 12, true);
        List<Sizing.ReplayedFleet> alone = Sizing.size(replay, options, bounds);
        Watched watched = new Watched(replay);
        assertSame(
            alone,
            Sizing.size(
                watched,
                options,
                bounds,
                task -> {
                  pool.execute(task);
                  return true;
                }),
            seed);
        // Threads that take what they are offered and never begin it.
        assertSame(alone, Sizing.size(replay, options, bounds, task -> true), seed);
        helped += watched.threads.size() > 1 ? 1 : 0;
        several += alone.size() > 1 ? 1 : 0;
      }
    } finally {
      pool.shutdownNow();
    }
    assertTrue(helped > CASES / 4, "others must replay: " + helped);
    assertTrue(several > CASES / 4, "fleets with and without a cap: " + several);
  }

  /** Serves with enough replicas, and with fewer where the cap is small enough. */
  private record Rule(
      int enough,
      int[] largestLog,
      ReplayResult meets,
      ReplayResult misses,
      List<ReplayOptions> asked)
      implements Replayer {
    @Override
    public int offeredCalls() {
      return 100;
    }

    @Override
    public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
      asked.add(options);
      boolean served =
          options.inFlightCap() == ReplayOptions.NO_CAP
              ? options.replicas() >= enough
              : options.inFlightCap() <= Math.scalb(1.0, largestLog[options.replicas()]);
      return served ? meets : misses;
    }
  }

  /** By trying every cap, for fleets that hold no less with more replicas. */
  @Test
  void theLargestCapIsFoundWhateverTheSmallerFleetHeld() {
    Deployment d = Deployed.of("h100-on-demand", "qwen3.5-27b", "fp8", "vllm");
    Replay replay = replay(d, new Random(1));
    ReplayOptions options =
        ReplayOptions.always(
            1, ReplayOptions.NO_CAP, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
    ServiceLevel impossible =
        new ServiceLevel(1, ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE);
    ReplayResult meets = replay.run(options);
    ReplayResult misses = replay.run(options.with(impossible));
    assertTrue(meets.meetsServiceLevel() && !misses.meetsServiceLevel());
    Random random = new Random(2);
    for (int round = 0; round < 2_000; round++) {
      int enough = 2 + random.nextInt(30);
      int[] largestLog = new int[enough];
      int log = -1 + random.nextInt(4);
      for (int replicas = 1; replicas < enough; replicas++) {
        log = Math.min(7, log + (random.nextInt(4) == 0 ? random.nextInt(3) : 0));
        largestLog[replicas] = log;
      }
      List<String> expected = new ArrayList<>();
      for (int replicas = 1; replicas < enough; replicas *= 2) {
        for (int cap = 128; cap >= 1; cap /= 2) {
          if (cap <= Math.scalb(1.0, largestLog[replicas])) {
            expected.add(replicas + " x " + cap);
            break;
          }
        }
      }
      expected.add(enough + " x " + ReplayOptions.NO_CAP);
      Rule rule = new Rule(enough, largestLog, meets, misses, new ArrayList<>());
      List<String> found =
          Sizing.size(rule, options, new Sizing.Bounds(1, 64, true)).stream()
              .map(f -> f.options().replicas() + " x " + f.options().inFlightCap())
              .toList();
      assertEquals(expected, found);
      assertEquals(rule.asked.size(), Set.copyOf(rule.asked).size(), "nothing is asked twice");
    }
  }

  private static Replay replay(Deployment d, Random random) {
    int calls = 100;
    long[] arrivals = new long[calls];
    int[] prompts = new int[calls];
    int[] outputs = new int[calls];
    for (int i = 0; i < calls; i++) {
      arrivals[i] = (i == 0 ? 0 : arrivals[i - 1]) + random.nextInt(300_000);
      prompts[i] = 1 + random.nextInt(500);
      outputs[i] = random.nextInt(200);
    }
    return new Replay(
        BilledTape.of(Deployed.tape(arrivals, prompts, new int[calls], outputs)),
        d,
        ReplayOptions.PrefixCache.OFF,
        1);
  }

  private static void assertSame(
      List<Sizing.ReplayedFleet> one, List<Sizing.ReplayedFleet> other, int seed) {
    assertEquals(one.size(), other.size(), "fleets of seed " + seed);
    for (int i = 0; i < one.size(); i++) {
      assertEquals(one.get(i).options(), other.get(i).options(), "fleet of seed " + seed);
      ReplayResult a = one.get(i).result();
      ReplayResult b = other.get(i).result();
      assertEquals(a.localCalls(), b.localCalls(), "calls of seed " + seed);
      assertEquals(a.busyNanos(), b.busyNanos(), "busy time of seed " + seed);
      assertEquals(a.ttftMeanMicros(), b.ttftMeanMicros(), "first tokens of seed " + seed);
      assertEquals(a.preemptions(), b.preemptions(), "preemptions of seed " + seed);
      assertEquals(a.cut(), b.cut(), "cut of seed " + seed);
    }
  }
}
