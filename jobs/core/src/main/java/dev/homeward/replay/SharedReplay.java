package dev.homeward.replay;

import dev.homeward.calls.BilledTape;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.util.List;

/**
 * Several workloads on one fleet: their tapes merged, each with its own service level, which holds
 * only if every workload's does. Open loop. What the result says besides is of all calls together,
 * attainment against the loosest level.
 */
public final class SharedReplay implements Replayer {
  private final Replay replay;
  private final List<ServiceLevel> levels;
  private final short[] workloadOf;
  private final long[] sentPicos;

  /**
   * @param merged the tapes
   * @param levels by tape
   */
  public SharedReplay(
      BilledTape.Merged merged,
      List<ServiceLevel> levels,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      ReplayOptions.Lengths lengths,
      long observedMicros) {
    this.replay = new Replay(merged.billed(), deployment, prefixCache, lengths, observedMicros);
    this.levels = List.copyOf(levels);
    Offer offer = replay.offer();
    this.workloadOf = new short[offer.size];
    this.sentPicos = new long[offer.size];
    for (int call = 0; call < offer.size; call++) {
      workloadOf[call] = merged.origin()[offer.row(call)];
      sentPicos[call] = offer.arrivalPicos[call];
    }
  }

  /** The level that holds a call at most as hard as every one of these does. */
  public static ServiceLevel loosest(List<ServiceLevel> levels) {
    long ttft = 0;
    long tpot = 0;
    long e2e = 0;
    long complete = 0;
    for (ServiceLevel level : levels) {
      ttft = Math.max(ttft, level.ttftP95Micros());
      tpot = Math.max(tpot, level.tpotP95Micros());
      e2e = Math.max(e2e, level.e2eP95Micros());
      complete = Math.max(complete, level.completeWithinMicros());
    }
    return new ServiceLevel(ttft, tpot, e2e, complete);
  }

  @Override
  public int offeredCalls() {
    return replay.offeredCalls();
  }

  @Override
  public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
    int n = levels.size();
    Histogram[] ttft = new Histogram[n];
    Histogram[] tpot = new Histogram[n];
    Histogram[] e2e = new Histogram[n];
    long[] longest = new long[n];
    for (int w = 0; w < n; w++) {
      ttft[w] = new Histogram();
      tpot[w] = new Histogram();
      e2e[w] = new Histogram();
    }
    int[] outputs = replay.offer().outputTokens;
    long fixed = replay.callPicos();
    ReplayResult result =
        replay.run(
            options.withClosedLoop(false).with(loosest(levels)),
            mostSlow,
            (call, first, finish) -> {
              int w = workloadOf[call];
              long sent = sentPicos[call];
              long end = (finish - sent + fixed) / TimeUnits.PICOS_PER_MICRO;
              ttft[w].record((first - sent + fixed) / TimeUnits.PICOS_PER_MICRO);
              e2e[w].record(end);
              longest[w] = Math.max(longest[w], end);
              if (outputs[call] > 1) {
                tpot[w].record(
                    (finish - first) / (TimeUnits.PICOS_PER_MICRO * (outputs[call] - 1)));
              }
              if (observer != null) {
                observer.finished(call, first, finish);
              }
            });
    boolean meets = result.meetsServiceLevel();
    for (int w = 0; w < n && meets; w++) {
      ServiceLevel level = levels.get(w);
      meets =
          ttft[w].quantile(0.95).orElse(0) <= level.ttftP95Micros()
              && tpot[w].quantile(0.95).orElse(0) <= level.tpotP95Micros()
              && e2e[w].quantile(0.95).orElse(0) <= level.e2eP95Micros()
              && longest[w] <= level.completeWithinMicros();
    }
    return result.judged(meets);
  }
}
