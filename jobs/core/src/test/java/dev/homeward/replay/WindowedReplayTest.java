package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.serving.Deployment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Windows of a tape, run apart and added up, against the tape as a whole. */
final class WindowedReplayTest {
  private static final long HOUR = 3_600_000_000L;
  private static final long START = 1_790_000_000_000_000L / HOUR * HOUR;

  /** Bursts with pauses: the replicas idle in every warm-up, so the seams are exact. */
  @Test
  void whereReplicasIdleInTheWarmUpWindowsAreExact() {
    for (String engine : new String[] {"vllm", "llama.cpp"}) {
      Deployment d =
          Deployed.of("rtx-4090", "llama-3.1-8b", engine.equals("vllm") ? "fp16" : "q8_0", engine);
      for (int seed = 0; seed < 20; seed++) {
        Tape tape = calls(seed, 3000, 12 * HOUR, 0.9);
        ReplayOptions options =
            ReplayOptions.always(1 + seed % 2, 6, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
        ReplayResult whole =
            new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 12 * HOUR)
                .run(options);
        ReplayResult cut = windows(tape, d, 12 * HOUR, HOUR, HOUR / 2, options);
        String which = engine + " seed " + seed;
        assertEquals(whole.calls(), cut.calls(), which);
        assertEquals(whole.calls(), cut.localCalls() + cut.overflowCalls(), which);
        if (engine.equals("vllm")) {
          assertEquals(whole.localCalls(), cut.localCalls(), which);
          assertEquals(whole.outputTokens(), cut.outputTokens(), which);
          assertEquals(whole.busyNanos(), cut.busyNanos(), which);
          assertEquals(whole.ttftP95Micros(), cut.ttftP95Micros(), which);
          assertEquals(whole.tpotP50Micros(), cut.tpotP50Micros(), which);
          assertEquals(whole.e2eP99Micros(), cut.e2eP99Micros(), which);
          assertEquals(whole.preemptions(), cut.preemptions(), which);
          assertTrue(Arrays.equals(whole.hours().calls(), cut.hours().calls()), which);
          assertTrue(Arrays.equals(whole.hours().withinLevel(), cut.hours().withinLevel()), which);
        } else {
          // Cells of the calls before the warm-up are not there: stale ones cost a little.
          assertEquals(1, (double) cut.localCalls() / whole.localCalls(), 0.02, which);
          assertEquals(1, (double) cut.busyNanos() / whole.busyNanos(), 0.05, which);
          assertEquals(1, ratio(cut.e2eP95Micros(), whole.e2eP95Micros()), 0.05, which);
        }
      }
    }
  }

  /** Never idle, near saturation: the stated bound of half an hour's warm-up. */
  @Test
  void nearSaturationTheSeamsStayWithinTheStatedBound() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    for (int seed = 0; seed < 10; seed++) {
      Tape tape = calls(seed, 40_000, 12 * HOUR, 0);
      ReplayOptions options =
          ReplayOptions.always(
              1, ReplayOptions.NO_CAP, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
      ReplayResult whole =
          new Replay(BilledTape.of(tape), d, ReplayOptions.PrefixCache.OFF, 12 * HOUR).run(options);
      assertTrue(whole.utilization() > 0.6, "busy " + whole.utilization());
      ReplayResult cut = windows(tape, d, 12 * HOUR, HOUR, HOUR / 2, options);
      assertEquals(whole.localCalls(), cut.localCalls());
      assertEquals(1, (double) cut.busyNanos() / whole.busyNanos(), 0.002);
      assertEquals(1, ratio(cut.ttftP50Micros(), whole.ttftP50Micros()), 0.01);
      assertEquals(1, ratio(cut.tpotP95Micros(), whole.tpotP95Micros()), 0.01);
      assertEquals(1, ratio(cut.e2eP95Micros(), whole.e2eP95Micros()), 0.02);
    }
  }

  @Test
  void windowsAddUpInAnyOrder() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    Tape tape = calls(3, 2000, 6 * HOUR, 0.5);
    ReplayOptions options =
        ReplayOptions.always(1, 4, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
    WindowedReplay replay =
        new WindowedReplay(
            (from, to) -> BilledTape.of(slice(tape, from, to)),
            d,
            ReplayOptions.PrefixCache.OFF,
            ReplayOptions.Lengths.AS_LOGGED,
            new WindowedReplay.Span(START, START + 6 * HOUR, HOUR, HOUR),
            6 * HOUR);
    Tally forwards = new Tally();
    Tally backwards = new Tally();
    for (int w = 0; w < 6; w++) {
      forwards.add(replay.window(w, options, Long.MAX_VALUE));
      backwards.add(replay.window(5 - w, options, Long.MAX_VALUE));
    }
    ReplayResult a = Replay.result(forwards, d, options, 6 * HOUR, 0);
    ReplayResult b = Replay.result(backwards, d, options, 6 * HOUR, 0);
    assertEquals(a.busyNanos(), b.busyNanos());
    assertEquals(a.e2eP99Micros(), b.e2eP99Micros());
    assertEquals(a.apiUse(), b.apiUse());
    assertEquals(a.overflowCalls(), a.apiUse().calls());
    assertTrue(Arrays.equals(a.hours().busyShare(), b.hours().busyShare()));
    assertTrue(Arrays.equals(a.hours().overflow(), b.hours().overflow()));
    assertEquals(a.localCalls(), Arrays.stream(a.hours().calls()).sum());
    assertEquals(a.overflowCalls(), Arrays.stream(a.hours().overflow()).sum());
  }

  private static double ratio(java.util.OptionalLong a, java.util.OptionalLong b) {
    return (double) a.getAsLong() / b.getAsLong();
  }

  private static ReplayResult windows(
      Tape tape, Deployment d, long length, long window, long warmUp, ReplayOptions options) {
    return new WindowedReplay(
            (from, to) -> BilledTape.of(slice(tape, from, to)),
            d,
            ReplayOptions.PrefixCache.OFF,
            ReplayOptions.Lengths.AS_LOGGED,
            new WindowedReplay.Span(START, START + length, window, warmUp),
            length)
        .run(options, Long.MAX_VALUE, null);
  }

  private static Tape slice(Tape tape, long from, long to) {
    int[] rows =
        java.util.stream.IntStream.range(0, tape.size)
            .filter(i -> tape.startedAtMicros[i] >= from && tape.startedAtMicros[i] < to)
            .toArray();
    long[] arrivals = Arrays.stream(rows).mapToLong(i -> tape.startedAtMicros[i]).toArray();
    int[] prompts = Arrays.stream(rows).map(i -> tape.inputTokens[i]).toArray();
    int[] outputs = Arrays.stream(rows).map(i -> tape.outputTokens[i]).toArray();
    return Deployed.tape(arrivals, prompts, new int[rows.length], outputs);
  }

  /** The first call at the start, the others at random; a share of every hour without any. */
  private static Tape calls(int seed, int n, long length, double quiet) {
    Random random = new Random(seed);
    long[] arrivals = new long[n];
    for (int i = 1; i < n; i++) {
      long at = (long) (random.nextDouble() * length);
      long hour = at / HOUR * HOUR;
      arrivals[i] = START + hour + (long) ((at - hour) * (1 - quiet));
    }
    arrivals[0] = START;
    Arrays.sort(arrivals);
    int[] prompts = new int[n];
    int[] outputs = new int[n];
    for (int i = 0; i < n; i++) {
      prompts[i] = 1 + random.nextInt(2500);
      outputs[i] = 1 + random.nextInt(350);
    }
    return Deployed.tape(arrivals, prompts, new int[n], outputs);
  }
}
