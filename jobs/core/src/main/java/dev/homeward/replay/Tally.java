package dev.homeward.replay;

import dev.homeward.calls.ApiUse;
import dev.homeward.serving.BusyWork;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;

/**
 * What calls of a replay came to: counts, histograms, busy time by hour, peaks. Tallies of windows
 * of one tape add up to that of the tape, exactly but for the seams ({@link WindowedReplay}).
 */
public class Tally implements Serializable {
  private static final long serialVersionUID = 1;
  private static final double SATURATED_SHARE = 0.1;
  private static final long SATURATED_MICROS = 10 * TimeUnits.MICROS_PER_MINUTE;

  final Histogram ttft = new Histogram();
  final Histogram tpot = new Histogram();
  final Histogram e2e = new Histogram();
  private long[] hourlyBusyPicos = new long[32];

  // By the hour a call was sent in: calls served here, of those within the service level, overflow.
  private int[] hourlyCalls = new int[32];
  private int[] hourlyWithin = new int[32];
  private int[] hourlyOverflow = new int[32];

  long offered;
  long tooLongCalls;
  long overflowCalls;

  /** What overflowed and too long calls take of the API. */
  ApiUse apiUse = ApiUse.NONE;

  long refusedCalls;
  long finished;
  long promptTokens;
  long outputTokens;
  long prefixLoggedTokens;
  long prefixInSessionTokens;
  long prefixFoundTokens;
  long ttftMicros;
  long withinLevel;

  // Calls beyond a limit of the service level, by limit.
  long slowFirstTokens;
  long slowTokens;
  long slowCalls;

  long upNanos;
  long preemptions;
  long coldStarts;

  // What the busy time went into, for power.
  double passes;
  double computedTokens;
  double vectorTokens;
  double contextReads;
  double pairs;

  long lastSentPicos;
  long lastFinishPicos;
  long maxE2eMicros;
  double kvPeakShare;
  int peakWaiting;
  int peakInFlight;

  /** What each of several workloads got; null where there is one. */
  Judged judged;

  /** The replay gave up: its clock ran out. */
  boolean stopped;

  /** The replay went no further, because its service level was missed for certain. */
  boolean cut;

  /** Adds what another window of the same tape came to. */
  public final void add(Tally other) {
    add(other, 1);
  }

  /**
   * Adds what another window came to, for itself and for windows like it.
   *
   * @param times windows that it stands for, itself included; peaks are its own
   */
  final void add(Tally other, int times) {
    ttft.add(times == 1 ? other.ttft : other.ttft.times(times));
    tpot.add(times == 1 ? other.tpot : other.tpot.times(times));
    e2e.add(times == 1 ? other.e2e : other.e2e.times(times));
    for (int hour = 0; hour < other.hourlyBusyPicos.length; hour++) {
      if (other.hourlyBusyPicos[hour] > 0) {
        addHour(hour, times * other.hourlyBusyPicos[hour]);
      }
    }
    for (int hour = 0; hour < other.hourlyCalls.length; hour++) {
      int calls = other.hourlyCalls[hour];
      if (calls > 0 || other.hourlyOverflow[hour] > 0) {
        makeRoom(hour);
        hourlyCalls[hour] += times * calls;
        hourlyWithin[hour] += times * other.hourlyWithin[hour];
        hourlyOverflow[hour] += times * other.hourlyOverflow[hour];
      }
    }
    offered += times * other.offered;
    tooLongCalls += times * other.tooLongCalls;
    overflowCalls += times * other.overflowCalls;
    apiUse = apiUse.plus(other.apiUse.times(times));
    refusedCalls += times * other.refusedCalls;
    finished += times * other.finished;
    promptTokens += times * other.promptTokens;
    outputTokens += times * other.outputTokens;
    prefixLoggedTokens += times * other.prefixLoggedTokens;
    prefixInSessionTokens += times * other.prefixInSessionTokens;
    prefixFoundTokens += times * other.prefixFoundTokens;
    ttftMicros += times * other.ttftMicros;
    withinLevel += times * other.withinLevel;
    slowFirstTokens += times * other.slowFirstTokens;
    slowTokens += times * other.slowTokens;
    slowCalls += times * other.slowCalls;
    upNanos += times * other.upNanos;
    preemptions += times * other.preemptions;
    coldStarts += times * other.coldStarts;
    passes += times * other.passes;
    computedTokens += times * other.computedTokens;
    vectorTokens += times * other.vectorTokens;
    contextReads += times * other.contextReads;
    pairs += times * other.pairs;
    lastSentPicos = Math.max(lastSentPicos, other.lastSentPicos);
    lastFinishPicos = Math.max(lastFinishPicos, other.lastFinishPicos);
    maxE2eMicros = Math.max(maxE2eMicros, other.maxE2eMicros);
    kvPeakShare = Math.max(kvPeakShare, other.kvPeakShare);
    peakWaiting = Math.max(peakWaiting, other.peakWaiting);
    peakInFlight = Math.max(peakInFlight, other.peakInFlight);
    if (other.judged != null) {
      Judged more = times == 1 ? other.judged : other.judged.times(times);
      judged = judged == null ? more : judged.plus(more);
    }
    stopped |= other.stopped;
    cut |= other.cut;
  }

  /**
   * Whether the service level is missed whatever is still to come: more calls are beyond one of its
   * limits than may be. Calls that went to the API are none of those that the 95th percentile is
   * of, so that a twentieth of them may be slow no more.
   *
   * @param mostSlow a twentieth of all calls offered, and one
   */
  final boolean misses(long mostSlow) {
    return Math.max(slowFirstTokens, Math.max(slowTokens, slowCalls))
        > mostSlow - overflowCalls / 20;
  }

  /** The same for an hour that was busy before. */
  final void addToHour(int hour, long picos) {
    hourlyBusyPicos[hour] += picos;
  }

  final void addHour(int hour, long picos) {
    if (hour >= hourlyBusyPicos.length) {
      hourlyBusyPicos =
          Arrays.copyOf(hourlyBusyPicos, Math.max(hour + 1, hourlyBusyPicos.length * 2));
    }
    hourlyBusyPicos[hour] += picos;
  }

  final void servedAt(long sentPicos, boolean within) {
    int hour = (int) (sentPicos / TimeUnits.PICOS_PER_HOUR);
    if (hour >= hourlyCalls.length) {
      makeRoom(hour);
    }
    hourlyCalls[hour]++;
    if (within) {
      hourlyWithin[hour]++;
    }
  }

  final void overflowedAt(long sentPicos) {
    int hour = (int) (sentPicos / TimeUnits.PICOS_PER_HOUR);
    makeRoom(hour);
    hourlyOverflow[hour]++;
  }

  private void makeRoom(int hour) {
    if (hour >= hourlyCalls.length) {
      int length = Math.max(hour + 1, hourlyCalls.length * 2);
      hourlyCalls = Arrays.copyOf(hourlyCalls, length);
      hourlyWithin = Arrays.copyOf(hourlyWithin, length);
      hourlyOverflow = Arrays.copyOf(hourlyOverflow, length);
    }
  }

  /** By hour since the clock's start, up to the last hour with a call. */
  final ReplayResult.Hours hours(int replicas) {
    int hours = hourlyCalls.length;
    while (hours > 0 && hourlyCalls[hours - 1] == 0 && hourlyOverflow[hours - 1] == 0) {
      hours--;
    }
    return new ReplayResult.Hours(
        hourlyBusyShare(replicas),
        Arrays.copyOf(hourlyCalls, hours),
        Arrays.copyOf(hourlyWithin, hours),
        Arrays.copyOf(hourlyOverflow, hours));
  }

  // By parts: picoseconds of four replicas that are busy all month do not fit into a long.
  private long busyNanos() {
    long nanos = 0;
    long rest = 0;
    for (long picos : hourlyBusyPicos) {
      nanos += picos / TimeUnits.PICOS_PER_NANO;
      rest += picos % TimeUnits.PICOS_PER_NANO;
    }
    return nanos + rest / TimeUnits.PICOS_PER_NANO;
  }

  private float[] hourlyBusyShare(int replicas) {
    int hours = hourlyBusyPicos.length;
    while (hours > 0 && hourlyBusyPicos[hours - 1] == 0) {
      hours--;
    }
    float[] shares = new float[hours];
    for (int h = 0; h < hours; h++) {
      shares[h] = (float) ((double) hourlyBusyPicos[h] / TimeUnits.PICOS_PER_HOUR / replicas);
    }
    return shares;
  }

  /**
   * What it comes to as the result of a replay.
   *
   * @param originMicros time 0 of the clock
   */
  ReplayResult result(
      Deployment deployment, ReplayOptions options, long observedMicros, long originMicros) {
    long lastFinishMicros = lastFinishPicos / TimeUnits.PICOS_PER_MICRO;
    long lastArrivalMicros = lastSentPicos / TimeUnits.PICOS_PER_MICRO;
    long span = Math.max(Math.max(observedMicros, lastFinishMicros), 1);
    long tail = lastFinishMicros - lastArrivalMicros;
    boolean saturated =
        stopped
            || (tail > SATURATED_SHARE * Math.max(observedMicros, lastArrivalMicros)
                && tail > SATURATED_MICROS);
    double upMicros =
        options.releaseAfterMicros() == ReplayOptions.NEVER
            ? (double) span * options.replicas() * options.hoursPerDay() / 24
            : Math.max(1, upNanos / TimeUnits.NANOS_PER_MICRO);
    ServiceLevel level = options.serviceLevel();
    double busyPicos = Arrays.stream(hourlyBusyPicos).asDoubleStream().sum();
    ReplayResult.Hours hours = hours(options.replicas());
    long local = finished;
    boolean meets =
        !stopped
            && !cut
            && ttft.quantile(0.95).orElse(0) <= level.ttftP95Micros()
            && tpot.quantile(0.95).orElse(0) <= level.tpotP95Micros()
            && e2e.quantile(0.95).orElse(0) <= level.e2eP95Micros()
            && maxE2eMicros <= level.completeWithinMicros();
    return new ReplayResult(
        offered + tooLongCalls,
        local,
        overflowCalls,
        tooLongCalls,
        apiUse,
        promptTokens,
        outputTokens,
        Optional.of(
            new ReplayResult.PrefixUse(
                prefixLoggedTokens, prefixInSessionTokens, prefixFoundTokens)),
        local == 0 ? 0 : (double) ttftMicros / local,
        ttft.quantile(0.5),
        ttft.quantile(0.95),
        ttft.quantile(0.99),
        tpot.quantile(0.5),
        tpot.quantile(0.95),
        tpot.quantile(0.99),
        e2e.quantile(0.5),
        e2e.quantile(0.95),
        e2e.quantile(0.99),
        local == 0 ? 0 : (double) withinLevel / local,
        meets,
        Math.min(1.0, busyPicos / TimeUnits.PICOS_PER_MICRO / upMicros),
        busyNanos(),
        deployment.busyLoad(
            new BusyWork(
                passes,
                computedTokens,
                vectorTokens,
                contextReads,
                pairs,
                busyPicos / TimeUnits.PICOS_PER_SECOND)),
        (long) (upMicros * TimeUnits.NANOS_PER_MICRO),
        span * TimeUnits.NANOS_PER_MICRO,
        hours.busyByClock(originMicros, options.dayOffsetMicros()),
        hours,
        peakInFlight,
        peakWaiting,
        kvPeakShare,
        preemptions,
        coldStarts,
        refusedCalls,
        options.closedLoop(),
        saturated,
        cut,
        1);
  }
}
