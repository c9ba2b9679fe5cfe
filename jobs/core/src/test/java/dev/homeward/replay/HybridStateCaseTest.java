package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.config.Documents;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.KvCachePlan;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * 120 calls at once of 400 + 600 tokens on a hybrid whose weights of 27.0 GB leave 2.1 GB of a
 * card: 2.1 / (0.154 + 0.066) = nine or ten sequences, not the 32 that its cache alone would allow.
 */
final class HybridStateCaseTest {
  private static final int CALLS = 120;
  private static final int PROMPT = 400;
  private static final int OUTPUT = 600;

  @Test
  void asManySequencesRunAsHaveTheirStateInThePool() throws IOException {
    JsonNode expected = expected();
    Deployment d = deployment(147 * 16);
    long[][] seen = replayed(d);
    // Whole sequences: 147 blocks of state and 63 of tokens.
    long whole = d.kvCache().kvTokens() / (d.kvCache().stateTokens() + 63 * 16);
    assertTrue(whole <= expected.get("sequences_at_once_at_most").asInt(), whole + " whole ones");
    // With those that began while others were short, and wait for blocks again.
    double mean = atOnce(seen);
    assertTrue(mean >= whole && mean <= whole + 2, mean + " at once");
    // Thirteen waves of 600 steps of 18 ms, the last ones first seen by the 95th of a hundred. The
    // case's own 200 s are steps of 31.6 ms, which are those of three times as many at once.
    double p95 = percentile95Seconds(seen);
    double without = percentile95Seconds(replayed(deployment(0)));
    assertTrue(p95 >= 12 * OUTPUT * 0.018 && p95 > 2 * without, p95 + " s, not " + without);
  }

  /** The same card without the states: what was counted before. */
  @Test
  void withoutTheirStatesThreeTimesAsManyWouldRun() {
    double most = atOnce(replayed(deployment(0)));
    assertTrue(most >= 28 && most <= 60, most + " at once");
  }

  private static Deployment deployment(int stateTokens) {
    Deployment like = Deployed.of("rtx-5090", "qwen3.5-27b", "nvfp4", "vllm");
    long tokens = (long) (2.1e9 / 65_536) / 16 * 16;
    KvCachePlan plan =
        new KvCachePlan(
            27_000_000_000L, 65_536, tokens, stateTokens, 256, (int) tokens - stateTokens);
    return new Deployment(
        like.hardware(),
        like.model(),
        Deployed.CATALOG.quantization("fp8"),
        like.engine(),
        1,
        plan);
  }

  private static long[][] replayed(Deployment d) {
    long[] arrivals = new long[CALLS];
    for (int call = 0; call < CALLS; call++) {
      arrivals[call] = 1000L * call;
    }
    int[] prompts = new int[CALLS];
    Arrays.fill(prompts, PROMPT);
    int[] outputs = new int[CALLS];
    Arrays.fill(outputs, OUTPUT);
    Tape tape = Deployed.tape(arrivals, prompts, new int[CALLS], outputs);
    long[][] seen = new long[CALLS][];
    ReplayResult result =
        new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 1)
            .run(
                ReplayOptions.always(
                    1, ReplayOptions.NO_CAP, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL),
                Long.MAX_VALUE,
                (call, first, finish) ->
                    seen[call] = new long[] {first, finish, 1_000_000_000L * call});
    assertEquals(CALLS, result.localCalls());
    return seen;
  }

  // Calls under way, on the average from the first token of all to the last: at their beginning
  // sequences are shorter, and a few more of them fit.
  private static double atOnce(long[][] seen) {
    double sum = 0;
    long first = Long.MAX_VALUE;
    long last = 0;
    for (long[] one : seen) {
      sum += one[1] - one[0];
      first = Math.min(first, one[0]);
      last = Math.max(last, one[1]);
    }
    return sum / (last - first);
  }

  private static double percentile95Seconds(long[][] seen) {
    double[] seconds =
        Arrays.stream(seen).mapToDouble(s -> (s[1] - s[2]) / 1e12).sorted().toArray();
    return seconds[(int) Math.ceil(0.95 * CALLS) - 1];
  }

  private static JsonNode expected() throws IOException {
    try (InputStream in =
        HybridStateCaseTest.class.getResourceAsStream("/cases/hybrid-state-memory/expected.json")) {
      return Documents.parse(in.readAllBytes(), "expected.json");
    }
  }
}
