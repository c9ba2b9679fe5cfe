package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.Tape;
import dev.homeward.serving.Deployment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The event-skipping replay equals the step-by-step reference to the picosecond: first token and
 * finish of every call, busy time, preemptions and overflow, on random workloads that are tight in
 * memory, seats, budget or time.
 */
final class ReplayEqualityTest {
  private static final int CASES = 1000;

  @Test
  void continuousBatchingEqualsTheReference() {
    Deployment base = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    long preemptions = 0;
    long overflow = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      int kv = 16 * (8 + random.nextInt(120));
      int sequences = 1 + random.nextInt(12);
      int tokens = Math.max(sequences, 16 + random.nextInt(500));
      Deployment d = Deployed.squeezed(base, kv, sequences, tokens, tokens);
      StepByStepReference reference = compare(d, random, seed, kv, true);
      preemptions += reference.preemptions;
      overflow += reference.overflow;
    }
    assertTrue(preemptions > CASES, "the cases must preempt: " + preemptions);
    assertTrue(overflow > CASES, "the cases must overflow: " + overflow);
  }

  @Test
  void slotsEqualTheReference() {
    Deployment base = Deployed.of("rtx-4090", "llama-3.1-8b", "q8_0", "llama.cpp");
    long overflow = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      int slots = 1 + random.nextInt(8);
      int kv = slots * (64 + random.nextInt(1500));
      int pass = 16 + random.nextInt(200);
      Deployment d = Deployed.squeezed(base, kv, slots, pass * (1 + random.nextInt(4)), pass);
      overflow += compare(d, random, seed, kv / slots, false).overflow;
    }
    assertTrue(overflow > CASES, "the cases must overflow: " + overflow);
  }

  private static StepByStepReference compare(
      Deployment d, Random random, int seed, int longest, boolean prefixCache) {
    int calls = 1 + random.nextInt(40);
    int replicas = 1 + random.nextInt(3);
    int cap = random.nextInt(4) == 0 ? ReplayOptions.NO_CAP : 1 + random.nextInt(10);
    long gap = 1 + random.nextInt(3) * 200_000L + random.nextInt(30_000);
    long[] arrivals = new long[calls];
    int[] prompts = new int[calls];
    int[] cached = new int[calls];
    int[] outputs = new int[calls];
    long now = 1_700_000_000_000_000L;
    for (int i = 0; i < calls; i++) {
      arrivals[i] = now;
      now += random.nextInt(4) == 0 ? 0 : (long) (gap * -Math.log(1 - random.nextDouble()));
      prompts[i] = 1 + random.nextInt(Math.max(1, longest * 2 / 3));
      outputs[i] = random.nextInt(10) == 0 ? 0 : random.nextInt(longest / 3 + 1);
      cached[i] = prefixCache && random.nextBoolean() ? random.nextInt(prompts[i]) : 0;
    }
    Tape tape = Deployed.tape(arrivals, prompts, cached, outputs);
    Replay replay = new Replay(tape, d, ReplayOptions.PrefixCache.AS_LOGGED, 1);
    long[] first = new long[calls];
    long[] finish = new long[calls];
    Arrays.fill(first, -1);
    Arrays.fill(finish, -1);
    ReplayOptions options =
        new ReplayOptions(
            replicas, cap, ReplayOptions.PrefixCache.AS_LOGGED, Deployed.NO_LEVEL, 24, 0, 0);
    ReplayResult result =
        replay.run(
            options,
            Long.MAX_VALUE,
            (call, firstToken, end) -> {
              first[call] = firstToken;
              finish[call] = end;
            });
    int block = d.engine().blockTokens();
    List<StepByStepReference.Call> same = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      int hit = prefixCache ? Math.min(cached[i] / block * block, prompts[i] - 1) : 0;
      same.add(
          new StepByStepReference.Call(
              i, (arrivals[i] - arrivals[0]) * 1_000_000L, prompts[i], hit, outputs[i]));
    }
    StepByStepReference reference = new StepByStepReference(d);
    reference.run(same, replicas, cap);
    for (int i = 0; i < calls; i++) {
      String which = "seed " + seed + " call " + i;
      assertEquals(same.get(i).firstToken, first[i], which + " first token");
      assertEquals(same.get(i).finish, finish[i], which + " finish");
    }
    assertEquals(reference.preemptions, result.preemptions(), "preemptions of seed " + seed);
    assertEquals(reference.busy / 1000, result.busyNanos(), "busy time of seed " + seed);
    assertEquals(reference.overflow, result.overflowCalls(), "overflow of seed " + seed);
    assertEquals(reference.finished.size(), result.localCalls(), "calls of seed " + seed);
    return reference;
  }
}
