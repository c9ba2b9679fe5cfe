package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.SharedData;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import dev.homeward.serving.StepTime;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ReplayPropertiesTest {
  private static final ServiceLevel ANY = Deployed.NO_LEVEL;

  /** The plan knows nothing of the run: 41,408 tokens were measured (meta.json). */
  @Test
  void kvCacheOfLlamaOnAnRtx4090IsPredictedWithinTenPercent() {
    long tokens = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm").kvCache().kvTokens();
    assertEquals(1.0, tokens / 41_408.0, 0.10, "predicted " + tokens);
  }

  /**
   * 70B at Q4_K_M is 42.5 GB, DeepSeek V3 402.8 GB; neither fits where the articles say. All but
   * embedding and head at 4.8 bits, these at 4.5 and 6.5625: 2 x 128,256 x 8,192 words of the 70B,
   * 2 x 129,280 x 7,168 of V3's 671.026e9: 669.173e9 x 4.8 / 8 + 0.9267e9 x 11.0625 / 8 = 402.8e9.
   */
  @Test
  void weightsAreWhatTheArithmeticSays() {
    double table = 128_256 * 8_192 / 1e9;
    assertEquals(42.5, (70.553706496 - 2 * table) * 4.8 / 8 + table * 11.0625 / 8, 0.05);
    Fit fit = fit("rtx-4090", "llama-3.1-70b", "q4_k_m", "llama.cpp");
    Fit.DoesNotFit not = assertInstanceOf(Fit.DoesNotFit.class, fit);
    assertEquals(Fit.Obstacle.MODEL_TOO_LARGE, not.reason());
    assertTrue(not.explanation().contains("42.5 GB"), not.explanation());
    not =
        assertInstanceOf(
            Fit.DoesNotFit.class, fit("mac-studio-m2-ultra", "deepseek-v3", "q4_k_m", "llama.cpp"));
    assertTrue(not.explanation().contains("402.8 GB"), not.explanation());
  }

  /** One prompt of 1,000 tokens and 11 outputs alone: its chunks, then ten decode steps. */
  @Test
  void aCallAloneEqualsTheClosedForm() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    StepTime t = StepTime.of(d);
    long prefill = t.tokens(1000) + t.pairPicos() * 1000L * 1001 / 2 + t.sequencePicos();
    long decode = 0;
    for (int step = 0; step < 10; step++) {
      decode += t.tokens(1) + t.contextPicos() * (1000 + step) + t.sequencePicos();
    }
    long[] seen = new long[2];
    Tape tape = Deployed.tape(new long[] {5}, new int[] {1000}, new int[] {0}, new int[] {11});
    ReplayResult result =
        new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 1)
            .run(
                options(1, ReplayOptions.NO_CAP),
                Long.MAX_VALUE,
                (call, first, finish) -> {
                  seen[0] = first;
                  seen[1] = finish;
                });
    assertEquals(prefill, seen[0]);
    assertEquals(prefill + decode, seen[1]);
    assertEquals((prefill + decode) / 1000, result.busyNanos());
  }

  @Test
  void callsAndTokensAreConservedAndAShiftInTimeChangesNothing() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    for (int seed = 0; seed < 30; seed++) {
      Tape tape = random(seed, 0, 300);
      Tape later = random(seed, 86_400_000_000L * 3 + 17, 300);
      ReplayOptions options = options(1 + seed % 3, seed % 2 == 0 ? 6 : ReplayOptions.NO_CAP);
      ReplayResult result =
          new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 1).run(options);
      assertEquals(300, result.localCalls() + result.overflowCalls() + result.tooLongCalls());
      assertEquals(result.overflowCalls() + result.tooLongCalls(), result.apiUse().calls());
      ReplayResult shifted =
          new Replay(BilledTape.of(later), d, ReplayOptions.PrefixCache.OFF, 1).run(options);
      assertEquals(result.busyNanos(), shifted.busyNanos());
      assertEquals(result.ttftP95Micros(), shifted.ttftP95Micros());
      assertEquals(result.e2eP99Micros(), shifted.e2eP99Micros());
    }
  }

  /** Of one model, format and engine, a chip that is better in everything is never slower. */
  @Test
  void aFasterBoxIsNeverSlower() {
    Deployment slow = Deployed.of("a100-80gb-on-demand", "llama-3.1-8b", "fp16", "vllm");
    Deployment fast = Deployed.of("h100-on-demand", "llama-3.1-8b", "fp16", "vllm");
    for (int seed = 0; seed < 20; seed++) {
      Tape tape = random(seed, 0, 400);
      ReplayOptions options = options(1, ReplayOptions.NO_CAP);
      ReplayResult a =
          new Replay(BilledTape.of(tape), slow, ReplayOptions.PrefixCache.OFF, 1).run(options);
      ReplayResult b =
          new Replay(BilledTape.of(tape), fast, ReplayOptions.PrefixCache.OFF, 1).run(options);
      assertTrue(b.e2eP50Micros().getAsLong() <= a.e2eP50Micros().getAsLong(), "seed " + seed);
      assertTrue(b.e2eP99Micros().getAsLong() <= a.e2eP99Micros().getAsLong(), "seed " + seed);
      assertTrue(b.busyNanos() <= a.busyNanos(), "seed " + seed);
    }
  }

  @Test
  void moreReplicasNeverOverflowMore() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    for (int seed = 0; seed < 20; seed++) {
      Replay replay =
          new Replay(BilledTape.of(random(seed, 0, 400)), d, ReplayOptions.PrefixCache.OFF, 1);
      long last = Long.MAX_VALUE;
      for (int replicas = 1; replicas <= 4; replicas++) {
        long overflow = replay.run(options(replicas, 4)).overflowCalls();
        assertTrue(overflow <= last, "seed " + seed + " replicas " + replicas);
        last = overflow;
      }
    }
  }

  /**
   * A call alone under each engine: one prompt, its chunks or passes, then ten steps; after a cold
   * load where the engine keeps none.
   */
  @Test
  void aCallAloneTakesAsLongAsItsStepsUnderEveryEngine() {
    String[][] setups = {
      {"h100-on-demand", "fp16", "sglang"},
      {"h100-on-demand", "fp16", "tensorrt-llm"},
      {"mac-studio-m2-ultra", "mlx-4bit", "mlx"}
    };
    for (String[] setup : setups) {
      Deployment d = Deployed.of(setup[0], "llama-3.1-8b", setup[1], setup[2]);
      StepTime t = StepTime.of(d);
      long prefill = t.tokens(1000) + t.pairPicos() * 1000L * 1001 / 2 + t.sequencePicos();
      long decode = 0;
      for (int step = 0; step < 10; step++) {
        decode += t.tokens(1) + t.contextPicos() * (1000 + step) + t.sequencePicos();
      }
      assertArrayEquals(new long[] {prefill, prefill + decode}, alone(d), setup[2]);
    }
    Deployment ollama = Deployed.of("rtx-4090", "llama-3.1-8b", "q4_k_m", "ollama");
    StepTime t = StepTime.of(ollama);
    long load = Math.round(ollama.loadSeconds() * 1e12);
    // A pass an iteration; nothing is sampled after the first, so the second is prepared meanwhile.
    long prefill =
        t.host(0, 512)
            + Math.max(t.tokens(512) + t.prompt(512, 0), t.host(0, 488))
            + t.tokens(488)
            + t.prompt(488, 512)
            + t.sampling(1);
    long decode = 0;
    for (int step = 1; step <= 10; step++) {
      decode += t.tokens(1) + t.contextPicos() * (1000 + step) + t.sampling(1);
    }
    assertTrue(ollama.loadSeconds() > 2, "an engine's start and the weights");
    assertArrayEquals(new long[] {load + prefill, load + prefill + decode}, alone(ollama));
  }

  /** llama.cpp's logical batch is four passes: the host prepares one while the device is busy. */
  @Test
  void theHostPreparesAPassWhileTheDeviceIsAtTheOneBefore() {
    Deployment d = Deployed.of("h200-on-demand", "llama-3.1-8b", "fp16", "llama.cpp@2025-02");
    StepTime t = StepTime.of(d);
    long first = t.tokens(512) + t.cells(512, 512);
    long second = t.tokens(488) + t.cells(1000, 488);
    assertTrue(first > t.host(1000, 488), "the preparation of the second pass is hidden");
    long clear = t.clear(d.kvCache().maxSequences());
    assertTrue(clear > 0, "logits are cleared");
    assertEquals(clear + t.host(512, 512) + first + second + t.sampling(1), alone(d)[0]);

    // A host that is slower than the device sets the pace instead.
    Deployment slow = Deployed.withHost(d, 40_000, 100);
    StepTime s = StepTime.of(slow);
    assertTrue(s.host(1000, 488) > first, "the first pass is hidden");
    assertEquals(
        clear + s.host(512, 512) + s.host(1000, 488) + second + s.sampling(1), alone(slow)[0]);
  }

  /** A prompt's pairs and one reading of its context; beyond a window only the full layers grow. */
  @Test
  void aPromptAttendsToWhatTheMaskAndTheWindowShow() {
    StepTime full = StepTime.of(Deployed.of("rtx-4090", "llama-3.1-8b", "q8_0", "llama.cpp"));
    // 100 tokens after 1,000: 100 x 1,000 pairs before them and 1 + 2 + ... + 100 of their own.
    assertEquals(
        full.pairPicos() * (100_000 + 5_050) + full.contextPicos() * 1_100,
        full.prompt(100, 1_000));

    // Gemma 3 4B: 29 of 34 layers see 1,024 tokens, so from there on five of 34 parts grow.
    StepTime windows = StepTime.of(Deployed.of("rtx-4090", "gemma-3-4b", "q4_0", "llama.cpp"));
    double grown = (double) windows.prompt(1, 6_000) - windows.prompt(1, 5_000);
    assertEquals(1_000 * (windows.pairPicos() * 5 / 34.0 + windows.contextPicos()), grown, 2_000.0);
  }

  /** Every slot that samples makes the others' sampling slower, up to 32 of them. */
  @Test
  void samplingGrowsWithTheSlotsThatSample() {
    StepTime t =
        StepTime.of(Deployed.of("h200-on-demand", "llama-3.1-8b", "fp16", "llama.cpp@2025-02"));
    long more = t.sampling(2) / 2 - t.sampling(1);
    assertEquals(23_000_000, more, "sample-slot-us");
    assertEquals(8 * (t.sampling(1) + 7 * more), t.sampling(8));
    assertEquals(t.sampling(32) / 32, t.sampling(64) / 64, "as far as it was measured");
    assertEquals(2 * t.clear(8), t.clear(16));
    // Where a set says nothing of the sort a token costs the same among two and among many.
    StepTime today =
        StepTime.of(Deployed.of("h200-on-demand", "llama-3.1-8b", "fp16", "llama.cpp"));
    assertEquals(today.sampling(2) * 4, today.sampling(8));
    assertEquals(0, today.clear(8));
  }

  private static long[] alone(Deployment d) {
    long[] seen = new long[2];
    Tape tape = Deployed.tape(new long[] {5}, new int[] {1000}, new int[] {0}, new int[] {11});
    new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 1)
        .run(
            options(1, ReplayOptions.NO_CAP),
            (call, first, finish) -> {
              seen[0] = first;
              seen[1] = finish;
            });
    return seen;
  }

  /**
   * One more replica, or more room in the cache, does not worsen the median or the 95th percentile
   * by more than the exception below. It is not a law: least-outstanding routing does not know how
   * long calls are, and batching fewer calls together can put a long one behind another; single
   * percentiles of single tapes get worse by some per cent. The mean end-to-end time over all tapes
   * never does.
   */
  @Test
  void moreReplicasAndMoreCacheDoNotMakeCallsSlower() {
    Deployment base = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    double[] sums = new double[4];
    double[] cacheSums = new double[4];
    for (int seed = 0; seed < 40; seed++) {
      Tape tape = random(seed, 0, 400);
      long before = Long.MAX_VALUE;
      for (int replicas = 1; replicas <= 4; replicas++) {
        long p95 = e2eP95(tape, base, replicas);
        assertTrue(p95 <= before * 1.10, "seed " + seed + " replicas " + replicas);
        before = p95;
        sums[replicas - 1] += p95;
      }
      before = Long.MAX_VALUE;
      for (int step = 0; step < 4; step++) {
        Deployment d = Deployed.squeezed(base, 8192 << step, 256, 2048, 2048);
        long p95 = e2eP95(tape, d, 1);
        assertTrue(p95 <= before * 1.10, "seed " + seed + " cache " + (8192 << step));
        before = p95;
        cacheSums[step] += p95;
      }
    }
    for (int i = 1; i < 4; i++) {
      assertTrue(sums[i] <= sums[i - 1], "replicas " + (i + 1));
      assertTrue(cacheSums[i] <= cacheSums[i - 1] * 1.0001, "cache " + (8192 << i));
    }
  }

  private static long e2eP95(Tape tape, Deployment d, int replicas) {
    return new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 1)
        .run(options(replicas, ReplayOptions.NO_CAP))
        .e2eP95Micros()
        .orElseThrow();
  }

  /**
   * 1.3 times the prompt and half of the output: what is offered is what was asked for, rounded up.
   */
  @Test
  void ratiosOfTokensScaleWhatIsOffered() {
    Tape tape =
        Deployed.tape(
            new long[] {5, 9}, new int[] {1000, 7}, new int[] {400, 0}, new int[] {11, 0});
    ReplayResult result =
        new Replay(
                BilledTape.of(tape),
                Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"),
                ReplayOptions.PrefixCache.AS_LOGGED,
                new ReplayOptions.Lengths(1.3, 0.5, ReplayOptions.Speculation.NONE),
                1)
            .run(options(1, ReplayOptions.NO_CAP));
    assertEquals(1300 + 10, result.promptTokens());
    assertEquals(6, result.outputTokens());
  }

  /** 101 tokens at 2.5 a step are 41 steps, each of 4 tokens' products and a tenth for drafting. */
  @Test
  void aCallAloneWithSpeculationTakesFewerLongerSteps() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    StepTime t = StepTime.of(d);
    Tape tape = Deployed.tape(new long[] {5}, new int[] {1000}, new int[] {0}, new int[] {101});
    long[] seen = new long[2];
    ReplayResult result =
        new Replay(
                BilledTape.of(tape),
                d,
                ReplayOptions.PrefixCache.OFF,
                new ReplayOptions.Lengths(1, 1, new ReplayOptions.Speculation(3, 2.5, 0.1)),
                1)
            .run(
                options(1, ReplayOptions.NO_CAP),
                (call, first, finish) -> {
                  seen[0] = first;
                  seen[1] = finish;
                });
    long decode = 0;
    for (int step = 0; step < 40; step++) {
      decode +=
          t.tokens(4)
              + Math.round(0.1 * t.tokens(4))
              + t.contextPicos() * (1060 + step)
              + t.sequencePicos();
    }
    assertEquals(decode, seen[1] - seen[0]);
    assertEquals(1000, result.promptTokens());
    assertEquals(101, result.outputTokens());
    assertEquals(
        decode / 1e6 / 100, (double) result.tpotP50Micros().orElseThrow(), decode / 1e8 * 0.01);
  }

  @Test
  void quantilesLieAtMost1Over128AboveTheExactOnes() {
    Random random = new Random(9);
    Histogram histogram = new Histogram();
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      long value = (long) Math.exp(random.nextDouble() * 25);
      histogram.record(value);
      values.add(value);
    }
    values.sort(null);
    for (double q : new double[] {0, 0.01, 0.5, 0.95, 0.99, 1}) {
      long exact = values.get(Math.max(0, (int) Math.ceil(q * values.size()) - 1));
      long found = histogram.quantile(q).orElseThrow();
      assertTrue(
          found >= exact && found <= exact * (1 + 1.0 / 128), q + ": " + exact + " " + found);
    }
  }

  @Test
  void countingAgainstALimitTellsWhatTheQuantileTells() {
    Random random = new Random(10);
    int met = 0;
    for (int trial = 0; trial < 2_000; trial++) {
      Histogram histogram = new Histogram();
      List<Long> values = new ArrayList<>();
      int size = random.nextInt(60);
      for (int i = 0; i < size; i++) {
        values.add((long) Math.exp(random.nextDouble() * (trial % 2 == 0 ? 7 : 40)));
        histogram.record(values.get(i));
      }
      long limit =
          size > 0 && trial % 3 > 0
              ? values.get(random.nextInt(size)) + random.nextInt(5) - 2
              : random.nextInt(2_000);
      limit = trial % 50 == 0 ? Long.MAX_VALUE : Math.max(0, limit);
      long last = Histogram.lastWithin(limit);
      long within = values.stream().filter(v -> v <= last).count();
      boolean isMet = histogram.quantile(0.95).orElse(0) <= limit;

      assertEquals(isMet, Histogram.areEnough(within, 0.95, size), limit + " " + values);
      met += isMet ? 1 : 0;
    }
    assertTrue(met > 300 && met < 1_700, "both come about: " + met);
  }

  /**
   * LLMServingSim's 300 calls on a real RTX 4090 under vLLM 0.19: how near the shipped parameters
   * come.
   */
  @Test
  void theMeasuredRunOnAnRtx4090IsReproducedWithinTheStatedError() throws IOException {
    List<String> lines =
        Files.readAllLines(SharedData.path("measured/vllm-rtx4090/requests.jsonl"));
    var json = new com.fasterxml.jackson.databind.ObjectMapper();
    List<com.fasterxml.jackson.databind.JsonNode> calls = new ArrayList<>();
    for (String line : lines) {
      calls.add(json.readTree(line));
    }
    calls.sort(java.util.Comparator.comparingDouble(c -> c.get("queued_ts").doubleValue()));
    int n = calls.size();
    long[] arrivals = new long[n];
    int[] in = new int[n];
    int[] out = new int[n];
    double start = calls.get(0).get("queued_ts").doubleValue();
    double lastToken = 0;
    for (int i = 0; i < n; i++) {
      arrivals[i] = (long) ((calls.get(i).get("queued_ts").doubleValue() - start) * 1e6);
      in[i] = calls.get(i).get("input_toks").intValue();
      out[i] = calls.get(i).get("output_toks").intValue();
      lastToken = Math.max(lastToken, calls.get(i).get("last_token_ts").doubleValue());
    }
    double[] finished = {0};
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    ReplayResult result =
        new Replay(
                BilledTape.of(Deployed.tape(arrivals, in, new int[n], out)),
                d,
                ReplayOptions.PrefixCache.OFF,
                1)
            .run(
                options(1, ReplayOptions.NO_CAP),
                Long.MAX_VALUE,
                (call, first, finish) -> finished[0] = Math.max(finished[0], finish / 1e12));
    double measured = lastToken - start;
    System.out.printf(
        java.util.Locale.ROOT,
        "RTX 4090 run: makespan %.1f s measured, %.1f s replayed; TPOT p50 %.1f ms; preemptions %d%n",
        measured,
        finished[0],
        result.tpotP50Micros().orElseThrow() / 1e3,
        result.preemptions());
    assertEquals(1.0, finished[0] / measured, 0.05);
  }

  private static Fit fit(String box, String model, String quantization, String engine) {
    return Deployments.fit(
        Deployed.CATALOG.hardware(box),
        Deployed.CATALOG.model(model),
        Deployed.CATALOG.quantization(quantization),
        Deployed.CATALOG.engine(engine),
        8192);
  }

  private static ReplayOptions options(int replicas, int cap) {
    return ReplayOptions.always(replicas, cap, ReplayOptions.PrefixCache.OFF, ANY);
  }

  private static Tape random(int seed, long shift, int n) {
    Random random = new Random(seed);
    long[] arrivals = new long[n];
    int[] in = new int[n];
    int[] out = new int[n];
    long now = shift;
    for (int i = 0; i < n; i++) {
      now += (long) (400_000 * -Math.log(1 - random.nextDouble()));
      arrivals[i] = now;
      in[i] = 1 + random.nextInt(3000);
      out[i] = random.nextInt(400);
    }
    return Deployed.tape(arrivals, in, new int[n], out);
  }
}
