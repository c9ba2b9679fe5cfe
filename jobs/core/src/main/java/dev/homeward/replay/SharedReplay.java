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

  /** How many calls of each workload may be slow: with more its 95th percentile is. */
  private final long[] mostSlowOf;

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
    this.mostSlowOf = new long[levels.size()];
    for (short workload : workloadOf) {
      mostSlowOf[workload]++;
    }
    for (int w = 0; w < mostSlowOf.length; w++) {
      mostSlowOf[w] = mostSlowOf[w] / 20 + 1;
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

  /**
   * Holds each call to the level of its own workload. It counts what a {@link Histogram} of each
   * workload would tell: those take 58 kB, and a fleet may be shared by hundreds.
   */
  private final class Judge implements CallObserver {
    private final Limit[] firstTokens = new Limit[levels.size()];
    private final Limit[] tokens = new Limit[levels.size()];
    private final Limit[] calls = new Limit[levels.size()];
    private final long[] longest = new long[levels.size()];
    private final boolean mayCut;
    private final CallObserver observer;
    private final int[] outputs = replay.offer().outputTokens;
    private final long fixed = replay.callPicos();
    private boolean missed;

    Judge(boolean mayCut, CallObserver observer) {
      this.mayCut = mayCut;
      this.observer = observer;
      for (int w = 0; w < levels.size(); w++) {
        firstTokens[w] = new Limit(levels.get(w).ttftP95Micros());
        tokens[w] = new Limit(levels.get(w).tpotP95Micros());
        calls[w] = new Limit(levels.get(w).e2eP95Micros());
      }
    }

    @Override
    public void finished(int call, long first, long finish) {
      int w = workloadOf[call];
      long sent = sentPicos[call];
      long end = (finish - sent + fixed) / TimeUnits.PICOS_PER_MICRO;
      firstTokens[w].record((first - sent + fixed) / TimeUnits.PICOS_PER_MICRO);
      calls[w].record(end);
      longest[w] = Math.max(longest[w], end);
      long slow = Math.max(firstTokens[w].beyond, calls[w].beyond);
      if (outputs[call] > 1) {
        tokens[w].record((finish - first) / (TimeUnits.PICOS_PER_MICRO * (outputs[call] - 1)));
        slow = Math.max(slow, tokens[w].beyond);
      }
      missed |= slow > mostSlowOf[w] || end > levels.get(w).completeWithinMicros();
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
        if (!firstTokens[w].isMet()
            || !tokens[w].isMet()
            || !calls[w].isMet()
            || longest[w] > levels.get(w).completeWithinMicros()) {
          return false;
        }
      }
      return true;
    }
  }

  /** A limit that 95 of 100 values must keep. */
  private static final class Limit {
    private final long limit;
    private final long lastWithin;
    private long all;
    private long within;
    private long beyond;

    Limit(long limit) {
      this.limit = limit;
      this.lastWithin = Histogram.lastWithin(limit);
    }

    void record(long value) {
      all++;
      within += value <= lastWithin ? 1 : 0;
      beyond += value > limit ? 1 : 0;
    }

    boolean isMet() {
      return Histogram.areEnough(within, 0.95, all);
    }
  }
}
