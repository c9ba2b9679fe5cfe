package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.Scheduling;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The event-skipping replay equals the step-by-step reference to the picosecond: first token and
 * finish of every call, busy time, preemptions, overflow, cold starts and time up, on random
 * workloads that are tight in memory, seats, budget or time; a third of them with sessions whose
 * calls wait for one another, a third on replicas that are given back when idle. The same again
 * with prompts that calls of sessions find in their replica's prefix cache.
 */
final class ReplayEqualityTest {
  private static final int TIERS = ServiceTier.values().length;
  private static final long[] LIMITS = {100, 400};
  private static final int CASES = 1000;

  /** What the cases of a scheduler reached, all together. */
  private static final class Reached {
    long preemptions;
    long foundAgain;
    long overflow;
    long refused;
    long coldStarts;
    long chained;
    long found;
    long ownFound;
    long commonFound;
    long runningFound;
    long moved;
  }

  @Test
  void vllmEqualsTheReference() {
    Reached reached = paged(Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"));
    assertTrue(reached.preemptions > CASES, "the cases must preempt: " + reached.preemptions);
    assertTrue(reached.foundAgain > CASES, "blocks must be found again: " + reached.foundAgain);
    common(reached);
  }

  @Test
  void sglangEqualsTheReference() {
    Reached reached = paged(Deployed.of("h100-on-demand", "llama-3.1-8b", "fp16", "sglang"));
    assertTrue(reached.preemptions > CASES / 4, "the cases must retract: " + reached.preemptions);
    common(reached);
  }

  @Test
  void tensorRtLlmEqualsTheReferenceAndNeverPreempts() {
    Reached reached = paged(Deployed.of("h100-on-demand", "llama-3.1-8b", "fp16", "tensorrt-llm"));
    assertEquals(0, reached.preemptions);
    common(reached);
  }

  @Test
  void recurrentStatesInVllmsPoolEqualTheReference() {
    Reached reached = new Reached();
    paged(Deployed.of("h100-on-demand", "qwen3.5-27b", "fp8", "vllm"), true, reached);
    assertTrue(reached.preemptions > CASES / 4, "the cases must preempt: " + reached.preemptions);
    assertEquals(0, reached.foundAgain, "nothing is found without its state");
    common(reached);
  }

  @Test
  void aReplayThatIsCutStopsAtTheStepThatTheReferenceDoes() {
    Deployment base = Deployed.of("h100-on-demand", "qwen3.5-27b", "fp8", "vllm");
    int cut = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      int kv = 400 + 16 * random.nextInt(100);
      Deployment d = Deployed.squeezed(base, kv, 8, 24 + random.nextInt(60), 100);
      int longest = d.kvCache().maxContextTokens();
      int calls = 10 + random.nextInt(30);
      int replicas = 1 + random.nextInt(3);
      int cap = random.nextBoolean() ? ReplayOptions.NO_CAP : 2 + random.nextInt(5);
      long[] arrivals = new long[calls];
      int[] prompts = new int[calls];
      int[] outputs = new int[calls];
      for (int i = 0; i < calls; i++) {
        arrivals[i] = (i == 0 ? 0 : arrivals[i - 1]) + random.nextInt(400_000);
        prompts[i] = longest / 3 + random.nextInt(longest / 3);
        outputs[i] = random.nextInt(longest / 3);
      }
      Tape tape = Deployed.tape(arrivals, prompts, new int[calls], outputs);
      long after = random.nextInt(10_000_000);
      StepByStepReference reference = new StepByStepReference(d);
      reference.cut(calls / 20 + 1, after);
      reference.run(
          same(d, tape, prompts, new int[calls], outputs, new Prefixes(false, false)),
          replicas,
          cap);
      ServiceLevel level =
          new ServiceLevel(after, ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE);
      ReplayResult result =
          new Replay(BilledTape.of(tape, LIMITS), d, ReplayOptions.PrefixCache.AS_LOGGED, 1)
              .run(
                  ReplayOptions.always(replicas, cap, ReplayOptions.PrefixCache.AS_LOGGED, level),
                  calls / 20 + 1,
                  null);
      if (replicas == 1 && cap == ReplayOptions.NO_CAP) {
        // A stretch that is under way when a call goes to the API, or elsewhere, is not counted.
        assertEquals(reference.busy / 1000, result.busyNanos(), "busy time of seed " + seed);
      }
      assertEquals(reference.preemptions, result.preemptions(), "preemptions of seed " + seed);
      assertEquals(reference.finished.size(), result.localCalls(), "calls of seed " + seed);
      cut += result.cut() ? 1 : 0;
    }
    assertTrue(cut > CASES / 4, "replays must be cut: " + cut);
  }

  @Test
  void recurrentStatesWithReservedOutputEqualTheReference() {
    Reached reached = paged(Deployed.of("h100-on-demand", "qwen3.5-9b", "fp8", "tensorrt-llm"));
    assertEquals(0, reached.preemptions);
    common(reached);
  }

  @Test
  void recurrentStatesUnderPromptsFirstEqualTheReference() {
    common(paged(Deployed.of("h100-on-demand", "qwen3.5-9b", "fp8", "sglang")));
  }

  @Test
  void mlxEqualsTheReference() {
    common(paged(Deployed.of("mac-studio-m2-ultra", "llama-3.1-8b", "mlx-4bit", "mlx")));
  }

  @Test
  void llamaCppEqualsTheReference() {
    common(slots(Deployed.of("rtx-4090", "llama-3.1-8b", "q8_0", "llama.cpp")));
  }

  @Test
  void llamaCppOverOneBufferEqualsTheReference() {
    common(slots(Deployed.of("h200-on-demand", "llama-3.1-8b", "q8_0", "llama.cpp@2025-02")));
  }

  @Test
  void slidingWindowsUnderLlamaCppEqualTheReference() {
    common(slots(Deployed.of("rtx-4090", "gemma-3-4b", "q4_0", "llama.cpp")));
  }

  @Test
  void ollamaEqualsTheReference() {
    Reached reached = slots(Deployed.of("rtx-4090", "llama-3.1-8b", "q4_k_m", "ollama"));
    assertTrue(reached.refused > CASES, "full queues must refuse: " + reached.refused);
    common(reached);
  }

  @Test
  void lmStudioEqualsTheReference() {
    common(slots(Deployed.of("mac-studio-m2-ultra", "llama-3.1-8b", "q4_k_m", "lm-studio")));
  }

  @Test
  void vllmFindsPrefixesOfSessionsAsTheReferenceDoes() {
    Reached reached = new Reached();
    paged(Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"), true, reached);
    assertTrue(reached.preemptions > CASES, "the cases must preempt: " + reached.preemptions);
    assertTrue(reached.foundAgain > CASES, "blocks must be found again: " + reached.foundAgain);
    found(reached);
    assertTrue(reached.runningFound > CASES / 4, "of running calls: " + reached.runningFound);
    assertTrue(reached.commonFound > CASES / 4, "of other sessions: " + reached.commonFound);
  }

  @Test
  void sglangFindsPrefixesOfSessionsAsTheReferenceDoes() {
    Reached reached = new Reached();
    paged(Deployed.of("h100-on-demand", "llama-3.1-8b", "fp16", "sglang"), true, reached);
    found(reached);
  }

  @Test
  void tensorRtLlmFindsPrefixesOfSessionsAsTheReferenceDoes() {
    Reached reached = new Reached();
    paged(Deployed.of("h100-on-demand", "llama-3.1-8b", "fp16", "tensorrt-llm"), true, reached);
    found(reached);
  }

  @Test
  void llamaCppFindsPrefixesInSlotsAsTheReferenceDoes() {
    Reached reached = new Reached();
    slots(Deployed.of("rtx-4090", "llama-3.1-8b", "q8_0", "llama.cpp"), true, reached);
    found(reached);
    assertTrue(reached.commonFound > CASES / 5, "of other sessions: " + reached.commonFound);
  }

  @Test
  void llamaCppOverOneBufferFindsNothing() {
    Reached reached = new Reached();
    slots(
        Deployed.of("h200-on-demand", "llama-3.1-8b", "q8_0", "llama.cpp@2025-02"), true, reached);
    assertEquals(0, reached.found);
  }

  @Test
  void ollamaForgetsPrefixesWhenItUnloadsAsTheReferenceDoes() {
    Reached reached = new Reached();
    slots(Deployed.of("rtx-4090", "llama-3.1-8b", "q4_k_m", "ollama"), true, reached);
    found(reached);
  }

  private static void found(Reached reached) {
    common(reached);
    assertTrue(reached.ownFound > CASES, "prefixes must be found: " + reached.ownFound);
    assertTrue(reached.moved > CASES / 10, "sessions must stay: " + reached.moved);
  }

  private static void common(Reached reached) {
    assertTrue(reached.overflow > CASES, "the cases must overflow: " + reached.overflow);
    assertTrue(reached.coldStarts > CASES / 4, "cold starts: " + reached.coldStarts);
    assertTrue(reached.chained > CASES, "sessions must wait: " + reached.chained);
  }

  private static Reached paged(Deployment base) {
    Reached reached = new Reached();
    paged(base, false, reached);
    return reached;
  }

  private static void paged(Deployment base, boolean kept, Reached reached) {
    int block = base.engine().scheduling().blockTokens();
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      int kv = Math.max(block * 8, 128) + block * random.nextInt(1920 / block);
      int sequences = 1 + random.nextInt(12);
      int tokens = Math.max(sequences, 16 + random.nextInt(500));
      Deployment d = Deployed.squeezed(base, kv, sequences, tokens, tokens);
      compare(d, random, seed, d.kvCache().maxContextTokens(), new Prefixes(true, kept), reached);
    }
  }

  private static Reached slots(Deployment base) {
    Reached reached = new Reached();
    slots(base, false, reached);
    return reached;
  }

  private static void slots(Deployment base, boolean prefixes, Reached reached) {
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      int slots = 1 + random.nextInt(8);
      int kv = slots * (64 + random.nextInt(1500));
      int pass = 16 + random.nextInt(200);
      Scheduling scheduling = base.engine().scheduling();
      if (scheduling instanceof Scheduling.KeepAliveSlots kept && kept.maxQueue().isPresent()) {
        scheduling =
            new Scheduling.KeepAliveSlots(
                kept.kvBuffer(), kept.kept(), OptionalInt.of(1 + random.nextInt(6)));
      }
      // On half of the machines the host is sometimes or always slower than the device.
      Deployment machine =
          seed % 2 == 0
              ? base
              : Deployed.withHost(base, random.nextInt(40_000), random.nextInt(1000));
      if (seed % 4 >= 2) {
        // No draws of the seed, so that the calls stay those of before.
        machine = Deployed.withSlotCosts(machine, seed % 11, seed * 7 % 500);
      }
      Deployment d =
          Deployed.squeezed(machine, kv, slots, pass * (1 + random.nextInt(4)), pass, scheduling);
      compare(d, random, seed, kv / slots, new Prefixes(prefixes, prefixes), reached);
    }
  }

  /**
   * Prefixes of a case.
   *
   * @param logged whether the log has cache reads
   * @param kept whether calls of sessions find what their replica still holds
   */
  private record Prefixes(boolean logged, boolean kept) {
    static final double IN_SESSION = 0.9;
    static final double WITHOUT_SESSION = 0.5;

    ReplayOptions.PrefixCache rule() {
      return kept
          ? ReplayOptions.PrefixCache.replayed(IN_SESSION, WITHOUT_SESSION)
          : ReplayOptions.PrefixCache.AS_LOGGED;
    }
  }

  private static void compare(
      Deployment d, Random random, int seed, int longest, Prefixes prefixes, Reached reached) {
    int calls = 1 + random.nextInt(40);
    int replicas = 1 + random.nextInt(3);
    int cap = random.nextInt(4) == 0 ? ReplayOptions.NO_CAP : 1 + random.nextInt(10);
    boolean closed = seed % 3 == 1;
    boolean released = seed % 3 == 2;
    long gap = 1 + random.nextInt(3) * 200_000L + random.nextInt(30_000);
    long[] arrivals = new long[calls];
    int[] prompts = new int[calls];
    int[] cached = new int[calls];
    int[] outputs = new int[calls];
    long now = 1_700_000_000_000_000L;
    for (int i = 0; i < calls; i++) {
      arrivals[i] = now;
      now += random.nextInt(4) == 0 ? 0 : (long) (gap * -Math.log(1 - random.nextDouble()));
      // Now and then nobody calls for longer than a model is kept.
      now += random.nextInt(30) == 0 ? 4_000_000_000L : 0;
      prompts[i] = 1 + random.nextInt(Math.max(1, longest * 2 / 3));
      outputs[i] = random.nextInt(10) == 0 ? 0 : random.nextInt(longest / 3 + 1);
      cached[i] = prefixes.logged && random.nextBoolean() ? random.nextInt(prompts[i]) : 0;
    }
    Tape tape = Deployed.tape(arrivals, prompts, cached, outputs);
    for (int i = 0; i < calls; i++) {
      // No more draws of the seed: the cases stay those they were.
      tape.serviceTier[i] = (byte) (prompts[i] % TIERS);
    }
    List<StepByStepReference.Call> same = same(d, tape, prompts, cached, outputs, prefixes);
    if (closed) {
      reached.chained += sessions(tape, same, random);
    } else if (prefixes.kept) {
      int names = 1 + random.nextInt(6);
      for (int i = 0; i < calls; i++) {
        tape.session[i] = random.nextInt(5) > 0 ? random.nextInt(names) : tape.session[i];
      }
    }
    if (prefixes.kept) {
      findable(d, tape, cached, same);
    }
    ReplayOptions options =
        ReplayOptions.always(replicas, cap, prefixes.rule(), Deployed.NO_LEVEL)
            .withClosedLoop(closed);
    StepByStepReference reference = new StepByStepReference(d);
    if (released) {
      long after = random.nextInt(2_000_000);
      long start = random.nextInt(3_000_000);
      options = options.withRelease(after, start);
      reference.release(after * TimeUnits.PICOS_PER_MICRO, start * TimeUnits.PICOS_PER_MICRO);
    }
    long[] first = new long[calls];
    long[] finish = new long[calls];
    Arrays.fill(first, -1);
    Arrays.fill(finish, -1);
    ReplayOptions.Speculation speculation =
        d.engine().scheduling().checksDrafts() && seed % 5 == 0
            ? new ReplayOptions.Speculation(3, 1 + random.nextInt(20) / 10.0, 0.1)
            : ReplayOptions.Speculation.NONE;
    if (!speculation.equals(ReplayOptions.Speculation.NONE)) {
      reference.speculate(4, 0.1);
      same = speculated(same, speculation.acceptedTokens());
    }
    ReplayResult result =
        new Replay(
                BilledTape.of(tape, LIMITS),
                d,
                prefixes.rule(),
                new ReplayOptions.Lengths(1, 1, speculation),
                1)
            .run(
                options,
                Long.MAX_VALUE,
                (call, firstToken, end) -> {
                  first[call] = firstToken;
                  finish[call] = end;
                });
    reference.run(same, replicas, cap);
    for (int i = 0; i < calls; i++) {
      String which = "seed " + seed + " call " + i;
      assertEquals(same.get(i).firstToken, first[i], which + " first token");
      assertEquals(same.get(i).finish, finish[i], which + " finish");
    }
    assertEquals(reference.preemptions, result.preemptions(), "preemptions of seed " + seed);
    assertEquals(reference.peakWaiting, result.peakQueue(), "most waiting of seed " + seed);
    assertEquals(reference.busy / 1000, result.busyNanos(), "busy time of seed " + seed);
    assertEquals(reference.overflow, result.overflowCalls(), "overflow of seed " + seed);
    assertEquals(
        apiUse(reference.atApi, tape, prompts), result.apiUse(), "use of the API of seed " + seed);
    assertEquals(reference.refused, result.refusedCalls(), "refused of seed " + seed);
    assertEquals(reference.coldStarts, result.coldStarts(), "cold starts of seed " + seed);
    assertEquals(reference.finished.size(), result.localCalls(), "calls of seed " + seed);
    if (released && result.localCalls() > 0) {
      // The product ends at a whole microsecond.
      assertEquals(reference.up / 1e12, result.upNanos() / 1e9, 1e-5 * replicas, "up " + seed);
    }
    if (prefixes.kept) {
      assertEquals(
          reference.foundTokens, result.prefix().orElseThrow().foundTokens(), "found of " + seed);
    }
    reached.found += reference.foundTokens;
    reached.ownFound += reference.ownFound;
    reached.commonFound += reference.commonFound;
    reached.runningFound += reference.runningFound;
    reached.moved += reference.moved;
    reached.preemptions += reference.preemptions;
    reached.foundAgain += reference.foundAgain;
    reached.overflow += reference.overflow;
    reached.refused += reference.refused;
    reached.coldStarts += reference.coldStarts;
  }

  // The lines of the bill, call by call.
  private static ApiUse apiUse(List<Integer> calls, Tape tape, int[] prompts) {
    Map<ApiLine, ApiUse.Amount> byLine = new HashMap<>();
    for (int i : calls) {
      long above = prompts[i] <= 100 ? -1 : prompts[i] <= 400 ? 100 : 400;
      long upTo = prompts[i] <= 100 ? 100 : prompts[i] <= 400 ? 400 : Long.MAX_VALUE;
      ServiceTier tier = ServiceTier.values()[tape.serviceTier[i]];
      byLine.merge(
          new ApiLine(tape.key.hostedModel(), "", tier, above, upTo),
          new ApiUse.Amount(
              1, tape.inputTokens[i], tape.cacheReadTokens[i], 0, 0, tape.outputTokens[i]),
          ApiUse.Amount::plus);
    }
    return ApiUse.of(byLine);
  }

  // Fewer steps; what they would have added to the context is there from the start.
  private static List<StepByStepReference.Call> speculated(
      List<StepByStepReference.Call> calls, double accepted) {
    List<StepByStepReference.Call> fewer = new ArrayList<>();
    for (StepByStepReference.Call c : calls) {
      int steps = c.output <= 1 ? c.output : 1 + (int) Math.ceil((c.output - 1) / accepted);
      int atOnce = c.output - steps;
      StepByStepReference.Call copy =
          new StepByStepReference.Call(
              c.index, c.arrival, c.prompt + atOnce, c.cached + atOnce, steps);
      copy.think = c.think;
      copy.duration = c.duration;
      copy.chained = c.chained;
      copy.session = c.session;
      copy.findable = c.findable;
      copy.common = c.common;
      copy.atOnce = atOnce;
      fewer.add(copy);
    }
    for (StepByStepReference.Call c : calls) {
      if (c.next != null) {
        fewer.get(c.index).next = fewer.get(c.next.index);
      }
    }
    return fewer;
  }

  private static List<StepByStepReference.Call> same(
      Deployment d, Tape tape, int[] prompts, int[] cached, int[] outputs, Prefixes prefixes) {
    int block = d.engine().scheduling().blockTokens();
    List<StepByStepReference.Call> same = new ArrayList<>();
    for (int i = 0; i < tape.size; i++) {
      int hit = prefixes.logged ? Math.min(cached[i] / block * block, prompts[i] - 1) : 0;
      long arrival =
          (tape.startedAtMicros[i] - tape.startedAtMicros[0]) * TimeUnits.PICOS_PER_MICRO;
      same.add(new StepByStepReference.Call(i, arrival, prompts[i], hit, outputs[i]));
    }
    return same;
  }

  // Of each session's call the tokens that its session may have left, and those of all sessions:
  // what at least half of their first calls read. Other calls find a share, whatever was left.
  private static void findable(
      Deployment d, Tape tape, int[] cached, List<StepByStepReference.Call> same) {
    int block = d.engine().scheduling().blockTokens();
    Map<Long, Integer> first = new LinkedHashMap<>();
    boolean any = false;
    for (int i = 0; i < tape.size; i++) {
      if (tape.session[i] != CallDraft.ABSENT) {
        first.putIfAbsent(tape.session[i], cached[i]);
        any |= cached[i] > 0;
      }
    }
    int common = 0;
    for (int read : first.values()) {
      long asMuch = first.values().stream().filter(other -> other >= read).count();
      common = 2 * asMuch >= first.size() ? Math.max(common, read) : common;
    }
    for (int i = 0; i < tape.size; i++) {
      StepByStepReference.Call call = same.get(i);
      int prompt = call.prompt;
      boolean inSession = tape.session[i] != CallDraft.ABSENT && any;
      int granted = inSession ? 0 : (int) (cached[i] * Prefixes.WITHOUT_SESSION);
      StepByStepReference.Call copy =
          new StepByStepReference.Call(
              i, call.arrival, prompt, Math.min(granted / block * block, prompt - 1), call.output);
      copy.think = call.think;
      copy.duration = call.duration;
      copy.chained = call.chained;
      if (inSession) {
        copy.session = tape.session[i];
        copy.findable = Math.min((int) (cached[i] * Prefixes.IN_SESSION), prompt - 1);
        copy.common = Math.min(copy.findable, common);
      }
      copy.next = call.next;
      same.set(i, copy);
    }
    for (StepByStepReference.Call call : same) {
      call.next = call.next == null ? null : same.get(call.next.index);
    }
  }

  // Durations and sessions for the tape, and for the reference each call's follower, found the long
  // way: the last earlier call of the session that does not overlap one before it.
  private static long sessions(Tape tape, List<StepByStepReference.Call> same, Random random) {
    int names = 1 + random.nextInt(6);
    long chained = 0;
    for (int i = 0; i < tape.size; i++) {
      boolean known = random.nextInt(8) > 0;
      if (known) {
        tape.durationMicros[i] = random.nextInt(400_000);
        same.get(i).duration = tape.durationMicros[i] * TimeUnits.PICOS_PER_MICRO;
      }
      if (random.nextInt(5) > 0) {
        tape.session[i] = random.nextInt(names);
      }
    }
    for (int name = 0; name < names; name++) {
      int anchor = -1;
      for (int i = 0; i < tape.size; i++) {
        if (tape.session[i] != name) {
          continue;
        }
        if (anchor >= 0 && tape.durationMicros[anchor] >= 0) {
          long end = tape.startedAtMicros[anchor] + tape.durationMicros[anchor];
          if (end > tape.startedAtMicros[i]) {
            continue;
          }
          StepByStepReference.Call call = same.get(i);
          same.get(anchor).next = call;
          call.think = (tape.startedAtMicros[i] - end) * TimeUnits.PICOS_PER_MICRO;
          call.chained = true;
          chained++;
        }
        anchor = i;
      }
    }
    return chained;
  }
}
