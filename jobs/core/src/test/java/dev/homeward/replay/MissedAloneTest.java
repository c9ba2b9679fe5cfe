package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.serving.Deployment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where calls are too slow with a replica to themselves, no number of replicas helps. The other
 * route to the same answer: a fleet with a replica for each call.
 */
final class MissedAloneTest {
  private static final long NONE = ServiceLevel.NONE;

  @ParameterizedTest
  @CsvSource({
    "rtx-4090, llama-3.1-8b, fp16, vllm, true",
    "h100-on-demand, llama-3.1-8b, fp16, sglang, true",
    "h100-on-demand, llama-3.1-8b, fp16, tensorrt-llm, true",
    "rtx-4090, llama-3.1-8b, q8_0, llama.cpp, true",
    "rtx-4090, llama-3.1-8b, q4_k_m, llama.cpp@2024-05, false",
    "mac-mini-m4-32gb, llama-3.1-8b, mlx-4bit, mlx, true",
    "rtx-4090, llama-3.1-8b, q4_k_m, ollama, false",
  })
  void isWhatAReplicaForEachCallSays(
      String box, String model, String format, String engine, boolean leavesNothingBehind) {
    Deployment d = Deployed.of(box, model, format, engine);
    int missed = 0;
    int met = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Replay replay =
          new Replay(
              BilledTape.of(tape(random, 40 + random.nextInt(60))),
              d,
              ReplayOptions.PrefixCache.OFF,
              1);
      int calls = replay.offeredCalls();
      ReplayOptions free = options(calls, Deployed.NO_LEVEL);
      ReplayResult each = replay.run(free);
      ServiceLevel level =
          new ServiceLevel(
              near(random, each.ttftP95Micros().orElseThrow()),
              near(random, each.tpotP95Micros().orElse(1)),
              near(random, each.e2eP95Micros().orElseThrow()),
              random.nextInt(4) == 0 ? each.e2eP99Micros().orElseThrow() : NONE);
      int mostSlow = calls / 20 + 1;
      boolean alone = replay.isMissedAlone(options(1, level), mostSlow);
      boolean cut = replay.run(options(calls, level), mostSlow, null).cut();
      // Where a model is loaded when it is first asked, or cells of earlier calls are attended to,
      // the fleet's calls are slower than alone, never faster.
      assertTrue(leavesNothingBehind ? alone == cut : !alone || cut, "seed " + seed);
      if (alone) {
        missed++;
        assertFalse(replay.run(options(1, level)).meetsServiceLevel(), "seed " + seed);
      } else {
        met++;
      }
    }
    assertTrue(missed > 4 && met > 10, missed + " missed, " + met + " met");
  }

  /** Each workload is held to its own level, as on a fleet with a replica for each call. */
  @Test
  void sharedFleetsToo() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    int missed = 0;
    int met = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      List<BilledTape> tapes =
          List.of(BilledTape.of(tape(random, 40)), BilledTape.of(tape(random, 60)));
      BilledTape.Merged merged = BilledTape.merge(tapes.get(0).tape.key, tapes);
      ReplayResult each =
          new Replay(merged.billed(), d, ReplayOptions.PrefixCache.OFF, 1)
              .run(options(100, Deployed.NO_LEVEL));
      List<ServiceLevel> levels =
          List.of(
              new ServiceLevel(near(random, each.ttftP95Micros().orElseThrow()), NONE, NONE, NONE),
              new ServiceLevel(NONE, NONE, near(random, each.e2eP95Micros().orElseThrow()), NONE));
      SharedReplay shared =
          new SharedReplay(
              merged, levels, d, ReplayOptions.PrefixCache.OFF, ReplayOptions.Lengths.AS_LOGGED, 1);
      boolean alone = shared.isMissedAlone(options(1, Deployed.NO_LEVEL), 100 / 20 + 1);
      assertEquals(
          shared.run(options(100, Deployed.NO_LEVEL), 100 / 20 + 1, null).cut(),
          alone,
          "seed " + seed);
      missed += alone ? 1 : 0;
      met += alone ? 0 : 1;
    }
    assertTrue(missed > 9 && met > 9, missed + " missed, " + met + " met");
  }

  /** What a call could find in the prefix cache counts as found: a warm replica may be faster. */
  @Test
  void aCallThatFindsItsPromptIsNotHeldToComputeIt() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    int n = 40;
    long[] arrivals = new long[n];
    int[] prompts = new int[n];
    int[] cached = new int[n];
    int[] outputs = new int[n];
    for (int i = 0; i < n; i++) {
      arrivals[i] = i * 60_000_000L;
      prompts[i] = 6064;
      cached[i] = 6000;
      outputs[i] = 4;
    }
    Tape tape = Deployed.tape(arrivals, prompts, cached, outputs);
    ReplayOptions.PrefixCache asLogged =
        new ReplayOptions.PrefixCache(ReplayOptions.PrefixCache.Rule.AS_LOGGED, 1, 0);
    Replay cold = new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 1);
    Replay warm = new Replay(BilledTape.of(tape), d, asLogged, 1);
    long coldP95 = cold.run(options(1, Deployed.NO_LEVEL)).ttftP95Micros().orElseThrow();
    long warmP95 = warm.run(options(1, Deployed.NO_LEVEL)).ttftP95Micros().orElseThrow();
    assertTrue(coldP95 > 3 * warmP95, coldP95 + " cold, " + warmP95 + " warm");
    ServiceLevel between = new ServiceLevel((coldP95 + warmP95) / 2, NONE, NONE, NONE);
    assertTrue(cold.isMissedAlone(options(1, between), n / 20 + 1));
    assertFalse(warm.isMissedAlone(options(1, between), n / 20 + 1));
  }

  private static ReplayOptions options(int replicas, ServiceLevel level) {
    return ReplayOptions.always(
        replicas, ReplayOptions.NO_CAP, ReplayOptions.PrefixCache.OFF, level);
  }

  private static long near(Random random, long p95) {
    return random.nextInt(3) == 0 ? NONE : Math.max(1, (long) (p95 * (0.8 + random.nextDouble())));
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
