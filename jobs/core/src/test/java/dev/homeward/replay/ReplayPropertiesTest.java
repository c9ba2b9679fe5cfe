package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.SharedData;
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

  /** SEEDS: 70B at Q4_K_M is 42.8 GB, DeepSeek V3 407 GB; neither fits where the articles say. */
  @Test
  void weightsAreWhatTheArithmeticSays() {
    assertEquals(42.8, 70.553706496 * 4.85 / 8, 0.05);
    Fit fit = fit("rtx-4090", "llama-3.1-70b", "q4_k_m", "llama.cpp");
    Fit.DoesNotFit not = assertInstanceOf(Fit.DoesNotFit.class, fit);
    assertEquals(Fit.Reason.MODEL_TOO_LARGE, not.reason());
    assertTrue(not.explanation().contains("42.8 GB"), not.explanation());
    not =
        assertInstanceOf(
            Fit.DoesNotFit.class, fit("mac-studio-m2-ultra", "deepseek-v3", "q4_k_m", "llama.cpp"));
    assertTrue(not.explanation().contains("406.8 GB"), not.explanation());
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
        new Replay(tape, d, ReplayOptions.PrefixCache.OFF, 1)
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
      ReplayResult result = new Replay(tape, d, ReplayOptions.PrefixCache.OFF, 1).run(options);
      assertEquals(300, result.localCalls() + result.overflowCalls() + result.tooLongCalls());
      assertEquals(result.overflowCalls() + result.tooLongCalls(), result.overflowWeight());
      ReplayResult shifted = new Replay(later, d, ReplayOptions.PrefixCache.OFF, 1).run(options);
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
      ReplayResult a = new Replay(tape, slow, ReplayOptions.PrefixCache.OFF, 1).run(options);
      ReplayResult b = new Replay(tape, fast, ReplayOptions.PrefixCache.OFF, 1).run(options);
      assertTrue(b.e2eP50Micros().getAsLong() <= a.e2eP50Micros().getAsLong(), "seed " + seed);
      assertTrue(b.e2eP99Micros().getAsLong() <= a.e2eP99Micros().getAsLong(), "seed " + seed);
      assertTrue(b.busyNanos() <= a.busyNanos(), "seed " + seed);
    }
  }

  @Test
  void moreReplicasNeverOverflowMore() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    for (int seed = 0; seed < 20; seed++) {
      Replay replay = new Replay(random(seed, 0, 400), d, ReplayOptions.PrefixCache.OFF, 1);
      long last = Long.MAX_VALUE;
      for (int replicas = 1; replicas <= 4; replicas++) {
        long overflow = replay.run(options(replicas, 4)).overflowCalls();
        assertTrue(overflow <= last, "seed " + seed + " replicas " + replicas);
        last = overflow;
      }
    }
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
                Deployed.tape(arrivals, in, new int[n], out), d, ReplayOptions.PrefixCache.OFF, 1)
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
