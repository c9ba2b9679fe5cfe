package dev.homeward.replay;

import dev.homeward.calls.Tape;
import dev.homeward.serving.BusyWork;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;

/**
 * Replays the calls of a tape on replicas of a deployment: a deterministic simulation that skips
 * from event to event. Open loop unless {@link ReplayOptions#closedLoop}: calls arrive when the log
 * says, whatever the replicas do.
 *
 * <p>Time is a whole number of picoseconds since the first arrival and holds 106 days. A replay
 * that would run longer is saturated and stops.
 *
 * <p>Saturated: after the last arrival the replicas work on for more than a tenth of the observed
 * span and more than ten minutes. The percentiles of such a replay say nothing about a steady
 * state.
 */
public final class Replay {
  private static final long CLOCK_LIMIT_PICOS = 8_000_000_000_000_000_000L;
  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final double SATURATED_SHARE = 0.1;
  private static final long SATURATED_MICROS = 600_000_000L;

  private final Deployment deployment;
  private final StepTime time;
  private final Offer offer;
  private final long observedMicros;

  /**
   * @param observedMicros length of the observed span; hardware is up for all of it, so it is the
   *     base of utilisation. Extended to the last finish where that is later.
   */
  public Replay(
      Tape tape,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      long observedMicros) {
    this.deployment = deployment;
    this.time = StepTime.of(deployment);
    this.offer = new Offer(tape, deployment, prefixCache);
    this.observedMicros = observedMicros;
  }

  /** Calls that a replica can take at all. */
  public int offeredCalls() {
    return offer.size;
  }

  /** Runs the replay. */
  public ReplayResult run(ReplayOptions options) {
    return run(options, Long.MAX_VALUE, null);
  }

  /** Runs the replay and shows each call that finishes. */
  public ReplayResult run(ReplayOptions options, CallObserver observer) {
    return run(options, Long.MAX_VALUE, observer);
  }

  /**
   * Runs the replay, but stops early once more than {@code mostSlow} calls missed their limit of
   * first token or end-to-end time: the service level is then certainly missed.
   */
  ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
    long[] arrivals = options.closedLoop() ? offer.arrivalPicos.clone() : offer.arrivalPicos;
    Recorder recorder = new Recorder(options.serviceLevel(), time.callPicos(), arrivals, observer);
    Replica.Standby standby =
        options.releaseAfterMicros() == ReplayOptions.NEVER
            ? new Replica.Standby(Replica.Standby.NEVER, 0)
            : new Replica.Standby(
                Math.multiplyExact(options.releaseAfterMicros(), Recorder.PICOS_PER_MICRO),
                Math.multiplyExact(options.coldStartMicros(), Recorder.PICOS_PER_MICRO));
    Replica[] replicas = new Replica[options.replicas()];
    for (int r = 0; r < replicas.length; r++) {
      replicas[r] =
          deployment.engine().usesSlots()
              ? new Slots(offer, deployment, time, recorder, standby)
              : new ContinuousBatching(offer, deployment, time, recorder, standby);
    }
    Run run = new Run(options, replicas, recorder, mostSlow);
    run.play();
    return run.result();
  }

  private final class Run {
    private final ReplayOptions options;
    private final Replica[] replicas;
    private final Recorder recorder;
    private final long mostSlow;
    private long overflowCalls;
    private long overflowWeight;
    private int inFlight;
    private int peakInFlight;
    private boolean stopped;
    private final boolean scheduled;
    private final int mostWaiting = deployment.engine().maxQueue();
    private Sessions sessions;
    private long refusedCalls;
    private long lastSentPicos;

    Run(ReplayOptions options, Replica[] replicas, Recorder recorder, long mostSlow) {
      this.options = options;
      this.replicas = replicas;
      this.recorder = recorder;
      this.mostSlow = mostSlow;
      this.scheduled = options.hoursPerDay() < 24;
    }

    void play() {
      if (options.closedLoop()) {
        playSessions();
        return;
      }
      for (int call = 0; call < offer.size && !stopped; call++) {
        long now = offer.arrivalPicos[call];
        advanceTo(now);
        send(call, now);
      }
      if (!stopped) {
        advanceTo(Long.MAX_VALUE);
      }
    }

    // Calls of two kinds: those sent when the log says, and those whose time is known once the call
    // before them has ended. A segment that ends may add one that comes before the next of the log.
    private void playSessions() {
      Offer.Chains chains = offer.chains();
      sessions = new Sessions(chains);
      recorder.sendNextOf(sessions);
      int call = 0;
      while (!stopped) {
        while (call < offer.size && chains.chained[call]) {
          call++;
        }
        long logged = call < offer.size ? offer.arrivalPicos[call] : Long.MAX_VALUE;
        long pending = sessions.firstTime();
        long now = Math.min(logged, pending);
        Replica next = nextToEnd();
        if (next.segmentEnd < now) {
          end(next);
        } else if (now == Long.MAX_VALUE) {
          return;
        } else if (logged < pending || (logged == pending && call < sessions.firstCall())) {
          send(call++, now);
        } else {
          int released = sessions.firstCall();
          sessions.removeFirst();
          recorder.arrivalPicos[released] = now;
          send(released, now);
        }
      }
    }

    private void send(int call, long now) {
      lastSentPicos = now;
      Replica replica = leastLoaded();
      boolean refused = mostWaiting > 0 && replica.queueSize() >= mostWaiting;
      if (refused || replica.inFlight >= options.inFlightCap() || (scheduled && !isUp(now))) {
        overflowCalls++;
        refusedCalls += refused ? 1 : 0;
        overflowWeight = Math.addExact(overflowWeight, offer.weight[call]);
        if (sessions != null) {
          // At the API it takes as long as it took there.
          sessions.ended(call, now + Math.max(0, offer.durationPicos[call]));
        }
        return;
      }
      replica.arrive(call, now);
      inFlight++;
      if (inFlight > peakInFlight) {
        peakInFlight = inFlight;
      }
    }

    /** Ends every segment that ends before this instant, in order of time, ties by replica. */
    private void advanceTo(long now) {
      while (!stopped) {
        Replica next = nextToEnd();
        if (next.segmentEnd >= now) {
          return;
        }
        end(next);
      }
    }

    private Replica nextToEnd() {
      Replica next = replicas[0];
      for (int r = 1; r < replicas.length; r++) {
        if (replicas[r].segmentEnd < next.segmentEnd) {
          next = replicas[r];
        }
      }
      return next;
    }

    private void end(Replica next) {
      if (next.segmentEnd > CLOCK_LIMIT_PICOS || recorder.slowFirstTokens > mostSlow) {
        stopped = true;
        return;
      }
      int before = next.inFlight;
      next.endSegment();
      inFlight -= before - next.inFlight;
    }

    private Replica leastLoaded() {
      Replica best = replicas[0];
      for (int r = 1; r < replicas.length; r++) {
        if (replicas[r].inFlight < best.inFlight) {
          best = replicas[r];
        }
      }
      return best;
    }

    private boolean isUp(long now) {
      long micros = offer.originMicros + now / Recorder.PICOS_PER_MICRO + options.dayOffsetMicros();
      int hour = (int) (Math.floorMod(micros, 24 * MICROS_PER_HOUR) / MICROS_PER_HOUR);
      return Math.floorMod(hour - options.startHour(), 24) < options.hoursPerDay();
    }

    private long upPicos(long spanMicros) {
      long end = Math.multiplyExact(spanMicros, Recorder.PICOS_PER_MICRO);
      long all = 0;
      for (Replica replica : replicas) {
        all += replica.upPicos(end);
      }
      return all;
    }

    ReplayResult result() {
      long lastFinishMicros = recorder.lastFinishPicos / Recorder.PICOS_PER_MICRO;
      long lastArrivalMicros = lastSentPicos / Recorder.PICOS_PER_MICRO;
      long span = Math.max(Math.max(observedMicros, lastFinishMicros), 1);
      long tail = lastFinishMicros - lastArrivalMicros;
      boolean saturated =
          stopped
              || (tail > SATURATED_SHARE * Math.max(observedMicros, lastArrivalMicros)
                  && tail > SATURATED_MICROS);
      double upMicros =
          options.releaseAfterMicros() == ReplayOptions.NEVER
              ? (double) span * replicas.length * options.hoursPerDay() / 24
              : Math.max(1, upPicos(span) / Recorder.PICOS_PER_MICRO);
      ServiceLevel level = options.serviceLevel();
      Histogram ttft = recorder.ttft();
      Histogram tpot = recorder.tpot();
      Histogram e2e = recorder.e2e();
      long local = recorder.finished;
      boolean meets =
          !stopped
              && ttft.quantile(0.95).orElse(0) <= level.ttftP95Micros()
              && tpot.quantile(0.95).orElse(0) <= level.tpotP95Micros()
              && e2e.quantile(0.95).orElse(0) <= level.e2eP95Micros()
              && recorder.maxE2eMicros <= level.completeWithinMicros();
      return new ReplayResult(
          offer.size + offer.tooLongCalls,
          local,
          overflowCalls,
          offer.tooLongCalls,
          Math.addExact(overflowWeight, offer.tooLongWeight),
          recorder.promptTokens,
          recorder.outputTokens,
          local == 0 ? 0 : (double) recorder.ttftMicros / local,
          ttft.quantile(0.5),
          ttft.quantile(0.95),
          ttft.quantile(0.99),
          tpot.quantile(0.5),
          tpot.quantile(0.95),
          tpot.quantile(0.99),
          e2e.quantile(0.5),
          e2e.quantile(0.95),
          e2e.quantile(0.99),
          local == 0 ? 0 : (double) recorder.withinLevel / local,
          meets,
          Math.min(1.0, recorder.busyPicos / (double) Recorder.PICOS_PER_MICRO / upMicros),
          recorder.busyPicos / 1000,
          deployment.busyLoad(
              new BusyWork(
                  recorder.passes,
                  recorder.computedTokens,
                  recorder.contextReads,
                  recorder.pairs,
                  recorder.busyPicos / 1e12)),
          (long) (upMicros * 1000),
          span * 1000,
          recorder.hourlyBusyShare(replicas.length),
          peakInFlight,
          recorder.peakWaiting,
          recorder.kvPeakShare,
          recorder.preemptions,
          recorder.coldStarts,
          refusedCalls,
          options.closedLoop(),
          saturated);
    }
  }
}
