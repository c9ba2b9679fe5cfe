package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.serving.Deployment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A replay is cut where its service level is missed for certain. The risk: that one is cut which
 * would have met it.
 */
final class CutReplayTest {
  private static final long NONE = ServiceLevel.NONE;
  private static final long WHOLE = Long.MAX_VALUE;

  private static ReplayOptions options(int replicas, int cap, ServiceLevel level) {
    return ReplayOptions.always(replicas, cap, ReplayOptions.PrefixCache.OFF, level);
  }

  private static Replay replay(Tape tape, Deployment d) {
    return new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 1);
  }

  /** Four hundred calls at once, each too slow: 400 / 20 + 1 = 21 may be, the 22nd is the last. */
  @Test
  void aCutReplaySaysSoAndHowFarItCame() {
    int n = 400;
    int[] outputs = new int[n];
    for (int i = 0; i < n; i++) {
      outputs[i] = 2 + i % 50;
    }
    int[] prompts = new int[n];
    Arrays.fill(prompts, 300);
    Tape tape = Deployed.tape(new long[n], prompts, new int[n], outputs);
    Replay replay = replay(tape, Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"));
    for (ServiceLevel level :
        List.of(
            new ServiceLevel(1, NONE, NONE, NONE),
            new ServiceLevel(NONE, 1, NONE, NONE),
            new ServiceLevel(NONE, NONE, 1, NONE))) {
      List<Long> finishes = new ArrayList<>();
      ReplayOptions options = options(1, ReplayOptions.NO_CAP, level);
      ReplayResult whole =
          replay.run(options, WHOLE, (call, first, finish) -> finishes.add(finish));
      assertFalse(whole.cut());
      assertEquals(n, whole.localCalls());
      ReplayResult cut = replay.run(options, n / 20 + 1, null);
      assertTrue(cut.cut());
      assertFalse(cut.meetsServiceLevel());
      finishes.sort(null);
      long last = finishes.get(21);
      assertEquals(finishes.stream().filter(f -> f <= last).count(), cut.localCalls());
      assertEquals(n, cut.calls());
    }
    // One call that is done too late is enough.
    ReplayResult late =
        replay.run(
            options(1, ReplayOptions.NO_CAP, new ServiceLevel(NONE, NONE, NONE, 1)), 21, null);
    assertTrue(late.cut());
    assertTrue(late.localCalls() < 21);
  }

  /**
   * Two hundred calls, each alone: seven wait long for their first token and seven others take long
   * to end. Either is 3.5 % of all, within the 5 % of its own limit; both together are not.
   */
  @Test
  void slowCallsOfTwoLimitsAreNotAddedUp() {
    int n = 200;
    long[] arrivals = new long[n];
    int[] prompts = new int[n];
    int[] outputs = new int[n];
    for (int i = 0; i < n; i++) {
      arrivals[i] = i * 100_000_000L;
      prompts[i] = i % 28 == 10 ? 6000 : 100;
      outputs[i] = i % 28 == 20 ? 400 : 5;
    }
    assertEquals(7, Arrays.stream(prompts).filter(p -> p == 6000).count());
    assertEquals(7, Arrays.stream(outputs).filter(o -> o == 400).count());
    Tape tape = Deployed.tape(arrivals, prompts, new int[n], outputs);
    Replay replay = replay(tape, Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"));
    long[] longest = new long[4];
    replay.run(
        options(1, ReplayOptions.NO_CAP, Deployed.NO_LEVEL),
        WHOLE,
        (call, first, finish) -> {
          long sent = arrivals[call] * 1_000_000L;
          int at = prompts[call] == 6000 ? 1 : 0;
          longest[at] = Math.max(longest[at], first - sent);
          at = outputs[call] == 400 ? 3 : 2;
          longest[at] = Math.max(longest[at], finish - sent);
        });
    assertTrue(longest[1] > 2 * longest[0] && longest[3] > 2 * longest[2], "cases lie apart");
    ServiceLevel level =
        new ServiceLevel(
            (longest[0] + longest[1]) / 2_000_000,
            NONE,
            (longest[2] + longest[3]) / 2_000_000,
            NONE);
    ReplayResult result = replay.run(options(1, ReplayOptions.NO_CAP, level), n / 20 + 1, null);
    assertFalse(result.cut());
    assertTrue(result.meetsServiceLevel());
  }

  /** On random tapes and levels near what is reached: cut only if missed, and else the same. */
  @Test
  void onlyWhatMissesIsCutAndTheRestIsTheSame() {
    List<Deployment> deployments =
        List.of(
            Deployed.squeezed(
                Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"), 4000, 12, 512, 512),
            Deployed.squeezed(
                Deployed.of("rtx-4090", "llama-3.1-8b", "q8_0", "llama.cpp"), 8000, 4, 512, 512));
    int cut = 0;
    int met = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      Replay replay = replay(tape(random, 60 + random.nextInt(200)), deployments.get(seed % 2));
      int replicas = 1 + random.nextInt(3);
      int cap = random.nextBoolean() ? ReplayOptions.NO_CAP : 1 + random.nextInt(8);
      ReplayResult free = replay.run(options(replicas, cap, Deployed.NO_LEVEL));
      if (free.localCalls() == 0) {
        continue;
      }
      ServiceLevel level =
          new ServiceLevel(
              near(random, free.ttftP95Micros().orElse(1)),
              near(random, free.tpotP95Micros().orElse(1)),
              near(random, free.e2eP95Micros().orElse(1)),
              random.nextInt(4) == 0 ? free.e2eP99Micros().orElse(1) : NONE);
      ReplayOptions options = options(replicas, cap, level);
      ReplayResult whole = replay.run(options);
      ReplayResult result = replay.run(options, replay.offeredCalls() / 20 + 1, null);
      assertFalse(whole.cut());
      if (result.cut()) {
        cut++;
        assertFalse(whole.meetsServiceLevel(), "seed " + seed);
      } else {
        assertEquals(shown(options, whole), shown(options, result), "seed " + seed);
      }
      met += whole.meetsServiceLevel() ? 1 : 0;
    }
    assertTrue(cut > 50 && met > 50, cut + " cut, " + met + " met");
  }

  /** The same of tapes that share a fleet, each held to a level of its own. */
  @Test
  void sharedFleetsAreCutByTheLevelOfEachWorkload() {
    Deployment d =
        Deployed.squeezed(
            Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"), 4000, 12, 512, 512);
    int cut = 0;
    int met = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<BilledTape> tapes =
          List.of(
              BilledTape.of(tape(random, 40 + random.nextInt(60))),
              BilledTape.of(tape(random, 40 + random.nextInt(60))));
      BilledTape.Merged merged = BilledTape.merge(tapes.get(0).tape.key, tapes);
      ReplayResult free =
          new Replay(merged.billed(), d, ReplayOptions.PrefixCache.OFF, 1)
              .run(options(1, ReplayOptions.NO_CAP, Deployed.NO_LEVEL));
      // One waits for a person, the other for the night.
      List<ServiceLevel> levels =
          List.of(
              new ServiceLevel(
                  near(random, free.ttftP95Micros().orElseThrow()),
                  near(random, free.tpotP95Micros().orElse(1)),
                  NONE,
                  NONE),
              new ServiceLevel(NONE, NONE, NONE, 3 * free.e2eP99Micros().orElseThrow() / 2));
      SharedReplay shared =
          new SharedReplay(
              merged, levels, d, ReplayOptions.PrefixCache.OFF, ReplayOptions.Lengths.AS_LOGGED, 1);
      ReplayOptions options = options(1, ReplayOptions.NO_CAP, Deployed.NO_LEVEL);
      ReplayResult whole = shared.run(options, WHOLE, null);
      ReplayResult result = shared.run(options, shared.offeredCalls() / 20 + 1, null);
      if (result.cut()) {
        cut++;
        assertFalse(whole.meetsServiceLevel(), "seed " + seed);
      } else {
        assertEquals(shown(options, whole), shown(options, result), "seed " + seed);
      }
      met += whole.meetsServiceLevel() ? 1 : 0;
    }
    assertTrue(cut > 20 && met > 20, cut + " cut, " + met + " met");
  }

  // Every figure of it, hour by hour.
  private static String shown(ReplayOptions options, ReplayResult result) {
    return Codec.write(Fleet.of(new Sizing.ReplayedFleet(options, result)));
  }

  private static long near(Random random, long p95) {
    return random.nextInt(3) == 0 ? NONE : Math.max(1, (long) (p95 * (0.7 + random.nextDouble())));
  }

  private static Tape tape(Random random, int n) {
    long[] arrivals = new long[n];
    int[] prompts = new int[n];
    int[] outputs = new int[n];
    long now = 0;
    for (int i = 0; i < n; i++) {
      arrivals[i] = now;
      now += (long) (400_000 * -Math.log(1 - random.nextDouble()));
      prompts[i] = 1 + random.nextInt(900);
      outputs[i] = 1 + random.nextInt(200);
    }
    return Deployed.tape(arrivals, prompts, new int[n], outputs);
  }
}
