package dev.homeward.replay;

import dev.homeward.calls.BilledTape;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;
import dev.homeward.units.TimeUnits;

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
 *
 * <p>Cut: the service level is missed whatever the calls still to come get, so the replay goes no
 * further. This is what becomes of a fleet whose queue grows without end, where each step would be
 * slower to replay than the one before.
 */
public final class Replay implements Replayer, WindowedReplay.OfWindow {
  static final long CLOCK_LIMIT_PICOS = 8_000_000_000_000_000_000L;
  private static final int NOBODY = -1;

  private final Deployment deployment;
  private final StepTime time;
  private final Offer offer;
  private final long observedMicros;
  private final Window window;

  /**
   * @param observedMicros length of the observed span; hardware is up for all of it, so it is the
   *     base of utilisation. Extended to the last finish where that is later.
   */
  public Replay(
      BilledTape tape,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      long observedMicros) {
    this(tape, deployment, prefixCache, ReplayOptions.Lengths.AS_LOGGED, observedMicros);
  }

  /**
   * A part of a long tape.
   *
   * @param originMicros time 0 of the clock, the same for all windows of a tape; the first call's
   *     where {@link Long#MIN_VALUE}
   * @param fromMicros calls that are sent from here on count
   * @param toMicros and before this
   */
  record Window(long originMicros, long fromMicros, long toMicros) {
    static final Window ALL = new Window(Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);

    boolean holds(long micros) {
      return micros >= fromMicros && micros < toMicros;
    }

    long fromPicos() {
      return fromMicros == Long.MIN_VALUE ? Long.MIN_VALUE : picos(fromMicros);
    }

    long toPicos() {
      return toMicros == Long.MAX_VALUE ? Long.MAX_VALUE : picos(toMicros);
    }

    private long picos(long micros) {
      return Math.multiplyExact(micros - originMicros, TimeUnits.PICOS_PER_MICRO);
    }
  }

  /**
   * A replay of calls that are longer or shorter than logged.
   *
   * @param lengths local tokens for a hosted one
   */
  public Replay(
      BilledTape tape,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      ReplayOptions.Lengths lengths,
      long observedMicros) {
    this(tape, deployment, prefixCache, lengths, observedMicros, Window.ALL);
  }

  Replay(
      BilledTape tape,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      ReplayOptions.Lengths lengths,
      long observedMicros,
      Window window) {
    this.deployment = deployment;
    this.time = StepTime.of(deployment);
    this.offer = new Offer(tape, deployment, prefixCache, lengths, window);
    this.observedMicros = observedMicros;
    this.window = window;
  }

  /** The calls it is offered. */
  Offer offer() {
    return offer;
  }

  /** Whether a call that is sent as the log says is one of the window. */
  boolean counts(int call) {
    long sent = offer.arrivalPicos[call];
    return sent >= window.fromPicos() && sent < window.toPicos();
  }

  @Override
  public long[] counted() {
    return new long[] {offer.counted};
  }

  /** Fixed time a call, picoseconds, that callers see besides the steps. */
  long callPicos() {
    return time.callPicos();
  }

  /** Calls that a replica can take at all. */
  @Override
  public int offeredCalls() {
    return offer.counted;
  }

  /** Runs the replay. */
  public ReplayResult run(ReplayOptions options) {
    return run(options, Long.MAX_VALUE, null);
  }

  /** Runs the replay and shows each call that finishes. */
  public ReplayResult run(ReplayOptions options, CallObserver observer) {
    return run(options, Long.MAX_VALUE, observer);
  }

  @Override
  public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
    return tally(options, mostSlow, observer)
        .result(deployment, options, observedMicros, offer.originMicros);
  }

  @Override
  public boolean isMissedAlone(ReplayOptions options, long mostSlow) {
    return alone(options, mostSlow, null).cut;
  }

  @Override
  public Tally tally(ReplayOptions options, WindowedReplay.MostSlow mostSlow) {
    return tally(options, mostSlow.all(), null);
  }

  @Override
  public Tally alone(ReplayOptions options, WindowedReplay.MostSlow mostSlow) {
    return alone(options, mostSlow.all(), null);
  }

  /**
   * {@link Replayer#isMissedAlone}: one call after the other, on a replica that never cools down.
   * What a window does not show of a session it might have found: of calls that find what the log
   * says, windows tell nothing.
   *
   * @param observer sees each call as if it had been sent when the log says
   * @return cut where the level is missed, stopped where that cannot be told
   */
  Tally alone(ReplayOptions options, long mostSlow, CallObserver observer) {
    long[] sent = offer.arrivalPicos.clone();
    Recorder recorder =
        new Recorder(
            offer,
            options.serviceLevel(),
            time.callPicos(),
            sent,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            observer == null ? null : new AsLogged(observer, sent, offer.arrivalPicos));
    if (!window.equals(Window.ALL) && offer.readsPrefixes) {
      recorder.stopped = true;
      return recorder.tally();
    }
    Replica replica =
        deployment
            .engine()
            .scheduling()
            .match(
                new ReplicaMaker(
                    offer.findingAll(),
                    deployment,
                    time,
                    recorder,
                    new Replica.Standby(Replica.Standby.NEVER, 0)));
    long now = 0;
    for (int call = 0; call < offer.size && !recorder.cut; call++) {
      sent[call] = now;
      // What earlier calls leave behind may slow this one down, or be what it would not find.
      replica.forget();
      replica.arrive(call, now);
      while (replica.inFlight > 0) {
        now = replica.segmentEnd;
        if (now > CLOCK_LIMIT_PICOS) {
          recorder.stopped = true;
          return recorder.tally();
        }
        replica.endSegment();
      }
      recorder.cut = recorder.isMissed(mostSlow);
    }
    return recorder.tally();
  }

  /** What the calls of the window come to. */
  Tally tally(ReplayOptions options, long mostSlow, CallObserver observer) {
    long[] arrivals = options.closedLoop() ? offer.arrivalPicos.clone() : offer.arrivalPicos;
    Recorder recorder =
        new Recorder(
            offer,
            options.serviceLevel(),
            time.callPicos(),
            arrivals,
            window.fromPicos(),
            window.toPicos(),
            observer);
    Replica.Standby standby =
        options.releaseAfterMicros() == ReplayOptions.NEVER
            ? new Replica.Standby(Replica.Standby.NEVER, 0)
            : new Replica.Standby(
                Math.multiplyExact(options.releaseAfterMicros(), TimeUnits.PICOS_PER_MICRO),
                Math.multiplyExact(options.coldStartMicros(), TimeUnits.PICOS_PER_MICRO));
    ReplicaMaker maker = new ReplicaMaker(offer, deployment, time, recorder, standby);
    Replica[] replicas = new Replica[options.replicas()];
    for (int r = 0; r < replicas.length; r++) {
      replicas[r] = deployment.engine().scheduling().match(maker);
    }
    Run run = new Run(options, replicas, recorder, mostSlow);
    run.play();
    return run.tally();
  }

  private final class Run {
    private final ReplayOptions options;
    private final Replica[] replicas;
    private final Recorder recorder;
    private final BilledTape.Sums overflow = offer.sums();
    private final long mostSlow;
    private int inFlight;
    private boolean stopped;
    private boolean begun;
    private boolean ended;
    private final Routing routing;
    private final Admission admission;
    private PendingCalls sessions;
    private long upBefore;

    // What is under way: a call that is sent, or the end of a segment of a replica.
    private long instant;
    private int ending;
    private boolean missed;

    Run(ReplayOptions options, Replica[] replicas, Recorder recorder, long mostSlow) {
      this.options = options;
      this.replicas = replicas;
      this.recorder = recorder;
      this.mostSlow = mostSlow;
      this.admission =
          new Admission(options, deployment.engine().scheduling().maxQueue(), offer.originMicros);
      this.routing = new Routing(replicas, offer.findable, admission);
    }

    void play() {
      recorder.settleBy(this::settle);
      if (options.closedLoop()) {
        playSessions();
      } else {
        playLogged();
      }
      settle();
    }

    // At one instant all calls are sent before segments end, and these end by replica.
    private void settle() {
      for (int r = 0; r < replicas.length; r++) {
        replicas[r].settle(instant, r < ending);
      }
    }

    private void playLogged() {
      for (int call = 0; call < offer.size && !stopped && !done(); call++) {
        long now = offer.arrivalPicos[call];
        advanceTo(now);
        send(call, now);
      }
      advanceTo(Long.MAX_VALUE);
    }

    // All calls of the window are answered: what is left would not count.
    private boolean done() {
      return recorder.finished + recorder.overflowCalls >= offer.counted;
    }

    // Calls of two kinds: those sent when the log says, and those whose time is known once the call
    // before them has ended. A segment that ends may add one that comes before the next of the log.
    private void playSessions() {
      Offer.Chains chains = offer.chains();
      sessions = new PendingCalls(chains);
      recorder.sendNextOf(sessions);
      int call = 0;
      while (!stopped && !done()) {
        while (call < offer.size && chains.chained[call]) {
          call++;
        }
        long logged = call < offer.size ? offer.arrivalPicos[call] : Long.MAX_VALUE;
        long pending = sessions.firstTime();
        long now = Math.min(logged, pending);
        int next = nextToEnd();
        if (replicas[next].segmentEnd < now) {
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
      instant = now;
      ending = NOBODY;
      if (!ended && now >= window.fromPicos()) {
        enter(now);
      }
      boolean counts = recorder.counts(now);
      if (counts) {
        recorder.lastSentPicos = now;
      }
      Replica replica = routing.next(call);
      Admission.Answer answer = admission.of(replica, now);
      if (answer != Admission.Answer.TAKEN) {
        if (counts) {
          recorder.overflowCalls++;
          recorder.overflowedAt(now);
          recorder.refusedCalls += answer == Admission.Answer.REFUSED ? 1 : 0;
          overflow.add(offer.row(call));
          noteMiss();
        }
        if (sessions != null) {
          // At the API it takes as long as it took there.
          sessions.ended(call, now + Math.max(0, offer.durationPicos[call]));
        }
        return;
      }
      routing.taken(call, replica);
      replica.arrive(call, now);
      inFlight++;
      if (inFlight > recorder.peakInFlight) {
        recorder.peakInFlight = inFlight;
      }
    }

    // The first call in the window ends the warm-up, the first one after it the counting.
    private void enter(long now) {
      if (now >= window.toPicos()) {
        settle();
        recorder.end();
        recorder.upNanos = upNanos(window.toPicos()) - upBefore;
        ended = true;
      } else if (!begun) {
        begun = true;
        if (!window.equals(Window.ALL)) {
          settle();
          recorder.begin(inFlight);
          upBefore = upNanos(window.fromPicos());
        }
      }
    }

    /** Ends every segment that ends before this instant, in order of time, ties by replica. */
    private void advanceTo(long now) {
      while (!stopped && !done()) {
        int next = nextToEnd();
        if (replicas[next].segmentEnd >= now) {
          return;
        }
        end(next);
      }
    }

    private int nextToEnd() {
      int next = 0;
      long first = replicas[0].segmentEnd;
      for (int r = 1; r < replicas.length; r++) {
        long end = replicas[r].segmentEnd;
        if (end < first) {
          first = end;
          next = r;
        }
      }
      return next;
    }

    private void end(int next) {
      Replica replica = replicas[next];
      recorder.stopped = replica.segmentEnd > CLOCK_LIMIT_PICOS;
      recorder.cut = !recorder.stopped && missed;
      stopped = recorder.stopped || recorder.cut;
      if (stopped) {
        return;
      }
      instant = replica.segmentEnd;
      ending = next;
      int before = replica.inFlight;
      replica.endSegment();
      int finished = before - replica.inFlight;
      inFlight -= finished;
      if (finished > 0) {
        noteMiss();
      }
    }

    // The next step to end is the last one: it must be known which that is.
    private void noteMiss() {
      if (recorder.isMissed(mostSlow)) {
        missed = true;
        settle();
      }
    }

    // A month has 2.7e18 picoseconds: those of four replicas do not fit into a long.
    private long upNanos(long end) {
      long all = 0;
      for (Replica replica : replicas) {
        all += replica.upPicos(end) / TimeUnits.PICOS_PER_NANO;
      }
      return all;
    }

    Tally tally() {
      if (!ended) {
        long last = Math.max(recorder.lastFinishPicos, observedMicros * TimeUnits.PICOS_PER_MICRO);
        recorder.upNanos = upNanos(Math.min(last, window.toPicos())) - upBefore;
      }
      recorder.offered = offer.counted;
      recorder.tooLongCalls = offer.tooLongCalls;
      recorder.apiUse = overflow.use().plus(offer.tooLongUse);
      return recorder.tally();
    }
  }
}
