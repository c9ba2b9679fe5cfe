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
    Judge judge = new Judge(mostSlow < Long.MAX_VALUE, observer);
    ReplayResult result =
        replay.run(options.withClosedLoop(false).with(loosest(levels)), mostSlow, judge);
    return result.judged(result.meetsServiceLevel() && judge.allMet());
  }

  @Override
  public boolean isMissedAlone(ReplayOptions options, long mostSlow) {
    return replay.isMissedAlone(
        options.withClosedLoop(false).with(loosest(levels)), mostSlow, new Judge(true, null));
  }

  /** Holds each call to the level of its own workload. */
  private final class Judge implements CallObserver {
    private final Histogram[] ttft = new Histogram[levels.size()];
    private final Histogram[] tpot = new Histogram[levels.size()];
    private final Histogram[] e2e = new Histogram[levels.size()];
    private final long[] longest = new long[levels.size()];

    /** Calls beyond each limit, by workload, and how many may be. */
    private final long[] slowFirstTokens = new long[levels.size()];

    private final long[] slowTokens = new long[levels.size()];
    private final long[] slowCalls = new long[levels.size()];
    private final long[] mostSlow = new long[levels.size()];
    private final boolean mayCut;
    private final CallObserver observer;
    private final int[] outputs = replay.offer().outputTokens;
    private final long fixed = replay.callPicos();
    private boolean missed;

    Judge(boolean mayCut, CallObserver observer) {
      this.mayCut = mayCut;
      this.observer = observer;
      for (int w = 0; w < levels.size(); w++) {
        ttft[w] = new Histogram();
        tpot[w] = new Histogram();
        e2e[w] = new Histogram();
      }
      for (short w : workloadOf) {
        mostSlow[w]++;
      }
      for (int w = 0; w < levels.size(); w++) {
        mostSlow[w] = mostSlow[w] / 20 + 1;
      }
    }

    @Override
    public void finished(int call, long first, long finish) {
      int w = workloadOf[call];
      ServiceLevel level = levels.get(w);
      long sent = sentPicos[call];
      long firstToken = (first - sent + fixed) / TimeUnits.PICOS_PER_MICRO;
      long end = (finish - sent + fixed) / TimeUnits.PICOS_PER_MICRO;
      ttft[w].record(firstToken);
      e2e[w].record(end);
      longest[w] = Math.max(longest[w], end);
      slowFirstTokens[w] += firstToken > level.ttftP95Micros() ? 1 : 0;
      slowCalls[w] += end > level.e2eP95Micros() ? 1 : 0;
      if (outputs[call] > 1) {
        long perToken = (finish - first) / (TimeUnits.PICOS_PER_MICRO * (outputs[call] - 1));
        tpot[w].record(perToken);
        slowTokens[w] += perToken > level.tpotP95Micros() ? 1 : 0;
      }
      missed |=
          Math.max(slowFirstTokens[w], Math.max(slowTokens[w], slowCalls[w])) > mostSlow[w]
              || end > level.completeWithinMicros();
      if (observer != null) {
        observer.finished(call, first, finish);
      }
    }

    @Override
    public boolean sawMiss() {
      return mayCut && missed;
    }

    boolean allMet() {
      for (int w = 0; w < levels.size(); w++) {
        ServiceLevel level = levels.get(w);
        if (ttft[w].quantile(0.95).orElse(0) > level.ttftP95Micros()
            || tpot[w].quantile(0.95).orElse(0) > level.tpotP95Micros()
            || e2e[w].quantile(0.95).orElse(0) > level.e2eP95Micros()
            || longest[w] > level.completeWithinMicros()) {
          return false;
        }
      }
      return true;
    }
  }
}
