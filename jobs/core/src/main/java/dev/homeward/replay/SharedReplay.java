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
public final class SharedReplay implements Replayer, WindowedReplay.OfWindow {
  private final Replay replay;
  private final List<ServiceLevel> levels;
  private final short[] workloadOf;
  private final long[] sentPicos;

  private final Judged.Limits[] limits;

  /** Calls of each workload that count. */
  private final long[] countedOf;

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
    this(merged, levels, deployment, prefixCache, lengths, observedMicros, Replay.Window.ALL);
  }

  SharedReplay(
      BilledTape.Merged merged,
      List<ServiceLevel> levels,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      ReplayOptions.Lengths lengths,
      long observedMicros,
      Replay.Window window) {
    this.replay =
        new Replay(merged.billed(), deployment, prefixCache, lengths, observedMicros, window);
    this.levels = List.copyOf(levels);
    this.limits = levels.stream().map(Judged.Limits::new).toArray(Judged.Limits[]::new);
    Offer offer = replay.offer();
    this.workloadOf = new short[offer.size];
    this.sentPicos = new long[offer.size];
    for (int call = 0; call < offer.size; call++) {
      workloadOf[call] = merged.origin()[offer.row(call)];
      sentPicos[call] = offer.arrivalPicos[call];
    }
    this.countedOf = new long[levels.size()];
    for (int call = 0; call < offer.size; call++) {
      countedOf[workloadOf[call]] += replay.counts(call) ? 1 : 0;
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
  public long[] counted() {
    return countedOf.clone();
  }

  // With more slow calls than a twentieth of a workload's its 95th percentile is slow.
  private WindowedReplay.MostSlow mostSlow(long all) {
    long[] of = countedOf.clone();
    for (int w = 0; w < of.length; w++) {
      of[w] = all == Long.MAX_VALUE ? all : of[w] / 20 + 1;
    }
    return new WindowedReplay.MostSlow(all, of);
  }

  @Override
  public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
    Judge judge = new Judge(mostSlow(mostSlow), observer);
    ReplayResult result =
        replay.run(options.withClosedLoop(false).with(loosest(levels)), mostSlow, judge);
    return result.judged(result.meetsServiceLevel() && judge.judged.allMet(levels));
  }

  @Override
  public Tally tally(ReplayOptions options, WindowedReplay.MostSlow mostSlow) {
    Judge judge = new Judge(mostSlow, null);
    Tally tally = replay.tally(options, mostSlow.all(), judge);
    tally.judged = judge.judged;
    return tally;
  }

  @Override
  public Tally alone(ReplayOptions options, WindowedReplay.MostSlow mostSlow) {
    Judge judge = new Judge(mostSlow, null);
    Tally tally = replay.alone(options, mostSlow.all(), judge);
    tally.judged = judge.judged;
    return tally;
  }

  @Override
  public boolean isMissedAlone(ReplayOptions options, long mostSlow) {
    return alone(options.withClosedLoop(false).with(loosest(levels)), mostSlow(mostSlow)).cut;
  }

  /** Holds each call to the level of its own workload. */
  private final class Judge implements CallObserver {
    private final Judged judged = new Judged(levels.size());
    private final WindowedReplay.MostSlow mostSlow;
    private final CallObserver observer;
    private final int[] outputs = replay.offer().outputTokens;
    private final long fixed = replay.callPicos();
    private boolean missed;

    Judge(WindowedReplay.MostSlow mostSlow, CallObserver observer) {
      this.mostSlow = mostSlow;
      this.observer = observer;
    }

    @Override
    public void finished(int call, long first, long finish) {
      int w = workloadOf[call];
      long sent = sentPicos[call];
      long tpot =
          outputs[call] > 1
              ? (finish - first) / (TimeUnits.PICOS_PER_MICRO * (outputs[call] - 1))
              : -1;
      missed |=
          judged.record(
              w,
              limits[w],
              (first - sent + fixed) / TimeUnits.PICOS_PER_MICRO,
              tpot,
              (finish - sent + fixed) / TimeUnits.PICOS_PER_MICRO,
              mostSlow.byWorkload()[w]);
      if (observer != null) {
        observer.finished(call, first, finish);
      }
    }

    @Override
    public boolean sawMiss() {
      return (missed && mostSlow.all() < Long.MAX_VALUE)
          || (observer != null && observer.sawMiss());
    }
  }
}
