package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.serving.Deployment;
import java.util.Arrays;
import java.util.List;
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
        windows(
            List.of(tape),
            List.of(Deployed.NO_LEVEL),
            d,
            new WindowedReplay.Span(START, START + 6 * HOUR, HOUR, HOUR));
    WindowedReplay.MostSlow all =
        new WindowedReplay.MostSlow(Long.MAX_VALUE, new long[] {Long.MAX_VALUE});
    Tally forwards = new Tally();
    Tally backwards = new Tally();
    for (int w = 0; w < 6; w++) {
      forwards.add(replay.run(w, false, options, all));
      backwards.add(replay.run(5 - w, false, options, all));
    }
    ReplayResult a = forwards.result(d, options, 6 * HOUR, 0);
    ReplayResult b = backwards.result(d, options, 6 * HOUR, 0);
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

  /** Two workloads on one fleet, each with a level of its own, where replicas idle in between. */
  @Test
  void workloadsThatShareAFleetAreJudgedApartAlsoInWindows() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    int met = 0;
    int missed = 0;
    for (int seed = 0; seed < 40; seed++) {
      List<Tape> tapes =
          List.of(calls(seed, 1500, 12 * HOUR, 0.9), calls(seed + 100, 500, 12 * HOUR, 0.9));
      // From a level that is missed to one that is kept.
      List<ServiceLevel> levels =
          List.of(
              new ServiceLevel(60_000L + 25_000L * seed, 60_000, 60_000_000, Long.MAX_VALUE),
              new ServiceLevel(40_000L + 30_000L * seed, 80_000, 90_000_000, Long.MAX_VALUE));
      ReplayOptions options =
          ReplayOptions.always(1, 6, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
      Replayer whole =
          new SharedReplay(
              BilledTape.merge(tapes.get(0).key, tapes.stream().map(BilledTape::of).toList()),
              levels,
              d,
              ReplayOptions.PrefixCache.OFF,
              ReplayOptions.Lengths.AS_LOGGED,
              12 * HOUR);
      Replayer cut = replayer(tapes, levels, d, 12 * HOUR, HOUR, HOUR / 2);
      assertEquals(whole.offeredCalls(), cut.offeredCalls());
      long mostSlow = whole.offeredCalls() / 20L + 1;
      ReplayResult of = whole.run(options, Long.MAX_VALUE, null);
      ReplayResult ofWindows = cut.run(options, Long.MAX_VALUE, null);
      assertEquals(of.meetsServiceLevel(), ofWindows.meetsServiceLevel(), "seed " + seed);
      assertEquals(of.localCalls(), ofWindows.localCalls());
      assertEquals(of.busyNanos(), ofWindows.busyNanos());
      // Cut short or not, the verdict is the same.
      assertEquals(of.meetsServiceLevel(), cut.run(options, mostSlow, null).meetsServiceLevel());
      assertEquals(whole.isMissedAlone(options, mostSlow), cut.isMissedAlone(options, mostSlow));
      met += of.meetsServiceLevel() ? 1 : 0;
      missed += of.meetsServiceLevel() ? 0 : 1;
    }
    assertTrue(met > 5 && missed > 5, met + " met, " + missed + " missed");
  }

  /** One workload's calls must all be done in time, the other's may take as long as they will. */
  @Test
  void aCallThatIsTooLateMissesTheLevelOfItsOwnWorkload() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    List<Tape> tapes = List.of(calls(1, 200, 2 * HOUR, 0.5), calls(2, 200, 2 * HOUR, 0.5));
    long slow = Long.MAX_VALUE / 2;
    ReplayOptions options =
        ReplayOptions.always(
            1, ReplayOptions.NO_CAP, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
    for (long within : new long[] {1, slow}) {
      List<ServiceLevel> levels =
          List.of(
              new ServiceLevel(slow, slow, slow, slow), new ServiceLevel(slow, slow, slow, within));
      Replayer whole =
          new SharedReplay(
              BilledTape.merge(tapes.get(0).key, tapes.stream().map(BilledTape::of).toList()),
              levels,
              d,
              ReplayOptions.PrefixCache.OFF,
              ReplayOptions.Lengths.AS_LOGGED,
              2 * HOUR);
      Replayer cut = replayer(tapes, levels, d, 2 * HOUR, HOUR, HOUR / 2);
      boolean met = within == slow;
      assertEquals(met, whole.run(options, Long.MAX_VALUE, null).meetsServiceLevel());
      assertEquals(met, cut.run(options, Long.MAX_VALUE, null).meetsServiceLevel());
    }
  }

  private static WindowedReplay windows(
      List<Tape> tapes, List<ServiceLevel> levels, Deployment d, WindowedReplay.Span span) {
    return new WindowedReplay(
        (from, to) -> tapes.stream().map(t -> BilledTape.of(slice(t, from, to))).toList(),
        levels,
        d,
        ReplayOptions.PrefixCache.OFF,
        ReplayOptions.Lengths.AS_LOGGED,
        span);
  }

  private static Replayer replayer(
      List<Tape> tapes,
      List<ServiceLevel> levels,
      Deployment d,
      long length,
      long window,
      long warmUp) {
    WindowedReplay.Span span = new WindowedReplay.Span(START, START + length, window, warmUp);
    return replayer(tapes, levels, d, span, Sample.all(span));
  }

  private static Replayer replayer(
      List<Tape> tapes,
      List<ServiceLevel> levels,
      Deployment d,
      WindowedReplay.Span span,
      Sample sample) {
    WindowedReplay windows = windows(tapes, levels, d, span);
    return WindowedReplay.of(
        new WindowedReplay.Runner() {
          @Override
          public List<long[]> offered(List<Integer> of) {
            return of.stream().map(windows::offered).toList();
          }

          @Override
          public List<Tally> run(
              List<Integer> of,
              boolean alone,
              ReplayOptions options,
              WindowedReplay.MostSlow mostSlow) {
            return of.stream().map(w -> windows.run(w, alone, options, mostSlow)).toList();
          }
        },
        sample,
        sample.windows().stream().map(windows::offered).toList(),
        span,
        d,
        levels,
        span.toMicros() - span.fromMicros());
  }

  /** Ten days of the same calls: four of them say all that ten say. */
  @Test
  void whereDaysAreAlikeSomeOfThemSayTheSame() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    int days = 10;
    Tape day = calls(5, 800, 24 * HOUR, 0.9);
    long[] arrivals = new long[days * day.size];
    int[] prompts = new int[arrivals.length];
    int[] outputs = new int[arrivals.length];
    for (int i = 0; i < arrivals.length; i++) {
      int of = i % day.size;
      arrivals[i] = day.startedAtMicros[of] + (long) (i / day.size) * 24 * HOUR;
      prompts[i] = day.inputTokens[of];
      outputs[i] = day.outputTokens[of];
    }
    Tape tape = Deployed.tape(arrivals, prompts, new int[arrivals.length], outputs);
    List<ServiceLevel> levels = List.of(Deployed.NO_LEVEL);
    WindowedReplay.Span span =
        new WindowedReplay.Span(START, START + 24 * HOUR * days, 12 * HOUR, HOUR);
    double[] calls = new double[days];
    Arrays.fill(calls, day.size);
    Sample sample = Sample.of(calls, 2);
    assertEquals(0.4, sample.share());
    ReplayOptions options =
        ReplayOptions.always(1, 2, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
    Replayer some = replayer(List.of(tape), levels, d, span, sample);
    ReplayResult of = some.run(options, Long.MAX_VALUE, null);
    ReplayResult all =
        replayer(List.of(tape), levels, d, span, Sample.all(span))
            .run(options, Long.MAX_VALUE, null);

    assertEquals(tape.size, some.offeredCalls());
    assertTrue(all.overflowCalls() > 0, "some overflow");
    assertEquals(all.calls(), of.calls());
    assertEquals(all.localCalls(), of.localCalls());
    assertEquals(all.overflowCalls(), of.overflowCalls());
    assertEquals(all.apiUse(), of.apiUse());
    assertEquals(all.promptTokens(), of.promptTokens());
    assertEquals(all.outputTokens(), of.outputTokens());
    assertEquals(all.busyNanos(), of.busyNanos());
    assertEquals(all.busyLoad(), of.busyLoad(), 1e-12);
    assertEquals(all.ttftMeanMicros(), of.ttftMeanMicros(), 1e-9);
    assertEquals(all.ttftP95Micros(), of.ttftP95Micros());
    assertEquals(all.tpotP50Micros(), of.tpotP50Micros());
    assertEquals(all.e2eP99Micros(), of.e2eP99Micros());
    assertEquals(all.sloAttainment(), of.sloAttainment());
    assertEquals(all.preemptions(), of.preemptions());
    assertEquals(all.peakInFlight(), of.peakInFlight());
    assertEquals(0.4, of.replayedShare());
    assertEquals(1, all.replayedShare());
    assertEquals(ReplayResult.Hours.NONE, of.hours(), "hours of other days are not known");
  }

  /** Two workloads, days of very different volume: what some days say is near what all say. */
  @Test
  void someDaysOfUnlikeOnesComeNear() {
    Deployment d = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    int days = 28;
    int agree = 0;
    int seeds = 12;
    for (int seed = 0; seed < seeds; seed++) {
      List<Tape> tapes = List.of(unlikeDays(seed, days, 500), unlikeDays(seed + 50, days, 250));
      double[] byDay = new double[days];
      for (Tape tape : tapes) {
        for (int i = 0; i < tape.size; i++) {
          byDay[(int) ((tape.startedAtMicros[i] - START) / (24 * HOUR))]++;
        }
      }
      List<ServiceLevel> levels =
          List.of(
              new ServiceLevel(200_000, 30_000, 8_000_000, Long.MAX_VALUE),
              new ServiceLevel(300_000, 40_000, 9_000_000, Long.MAX_VALUE));
      WindowedReplay.Span span =
          new WindowedReplay.Span(START, START + 24 * HOUR * days, 24 * HOUR, HOUR);
      ReplayOptions options =
          ReplayOptions.always(1, 8 + seed, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
      ReplayResult all =
          replayer(tapes, levels, d, span, Sample.all(span)).run(options, Long.MAX_VALUE, null);
      ReplayResult of =
          replayer(tapes, levels, d, span, Sample.of(byDay, 1)).run(options, Long.MAX_VALUE, null);
      String which = "seed " + seed;
      assertEquals(1, (double) of.calls() / all.calls(), 0.04, which);
      assertEquals(1, (double) of.busyNanos() / all.busyNanos(), 0.04, which);
      assertEquals(1, ratio(of.e2eP95Micros(), all.e2eP95Micros()), 0.06, which);
      agree += of.meetsServiceLevel() == all.meetsServiceLevel() ? 1 : 0;
    }
    assertTrue(agree >= seeds - 2, agree + " of " + seeds);
  }

  private static Tape unlikeDays(int seed, int days, int most) {
    Random random = new Random(seed);
    long[] arrivals = new long[days * most];
    int n = 0;
    for (int day = 0; day < days; day++) {
      int calls = (int) (most * (day % 7 < 5 ? 0.6 + 0.4 * random.nextDouble() : 0.2));
      for (int i = 0; i < calls; i++) {
        double hour = 9 + 9 * random.nextDouble();
        arrivals[n++] = START + 24 * HOUR * day + (long) (hour * HOUR);
      }
    }
    arrivals = Arrays.copyOf(arrivals, n);
    Arrays.sort(arrivals);
    int[] prompts = new int[n];
    int[] outputs = new int[n];
    for (int i = 0; i < n; i++) {
      prompts[i] = 1 + random.nextInt(2500);
      outputs[i] = 1 + random.nextInt(350);
    }
    return Deployed.tape(arrivals, prompts, new int[n], outputs);
  }

  private static ReplayResult windows(
      Tape tape, Deployment d, long length, long window, long warmUp, ReplayOptions options) {
    return replayer(List.of(tape), List.of(options.serviceLevel()), d, length, window, warmUp)
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
