package dev.homeward.replay;

import dev.homeward.serving.BusyWork;
import dev.homeward.units.TimeUnits;

/**
 * Writes a tally while a replay runs, of the calls that are sent inside a window and the time
 * inside it; the rest of the replay is there to bring the replicas into the state they would be in.
 * One instance serves all replicas.
 */
final class Recorder extends Tally {
  /** More slow calls than any tape may have: the level is missed. */
  private static final long TOO_MANY = 1L << 40;

  private static final long serialVersionUID = 1;

  private final transient ServiceLevel level;
  private final long callPicos;
  private final transient CallObserver observer;
  private final long fromPicos;
  private final long toPicos;

  private final transient Offer offer;

  /** When each call is sent: as the log says, or as its session's calls before it ended. */
  final transient long[] arrivalPicos;

  private transient PendingCalls sessions;
  private transient Runnable settle = () -> {};
  int waiting;

  // The hour that was busy last, and its span.
  private int lastHour;
  private long hourFrom = Long.MAX_VALUE;
  private long hourTo;

  /** Replicas whose segment hides that one call more waits now and then. */
  int hidden;

  // Counters whose events do not say which call they are of, as they stood when the window ended.
  private transient Counters atEnd;

  private record Counters(
      long preemptions,
      long coldStarts,
      double passes,
      double computedTokens,
      double vectorTokens,
      double contextReads,
      double pairs,
      double kvPeakShare,
      int peakWaiting,
      int peakInFlight) {}

  /**
   * @param fromPicos start of the window
   * @param toPicos end of it, exclusive
   */
  Recorder(
      Offer offer,
      ServiceLevel level,
      long callPicos,
      long[] arrivalPicos,
      long fromPicos,
      long toPicos,
      CallObserver observer) {
    this.offer = offer;
    this.arrivalPicos = arrivalPicos;
    this.level = level;
    this.callPicos = callPicos;
    this.fromPicos = fromPicos;
    this.toPicos = toPicos;
    this.observer = observer;
  }

  /** {@link Tally#misses}, or as whoever looks on has seen. */
  boolean isMissed(long mostSlow) {
    return misses(mostSlow) || (observer != null && observer.sawMiss());
  }

  /** Whether a call that is sent at this instant counts. */
  boolean counts(long sent) {
    return sent >= fromPicos && sent < toPicos;
  }

  /** The window begins: what came before was warm-up. */
  void begin(int inFlight) {
    preemptions = 0;
    coldStarts = 0;
    passes = 0;
    computedTokens = 0;
    vectorTokens = 0;
    contextReads = 0;
    pairs = 0;
    kvPeakShare = 0;
    peakWaiting = waiting;
    peakInFlight = inFlight;
  }

  /** So many passes computed so many tokens each. */
  void computed(long count, int tokens) {
    computedTokens += (double) count * tokens;
    ofVectors(count, tokens);
  }

  /** So many passes had so many tokens each, which were added up elsewhere. */
  void ofVectors(long count, int tokens) {
    vectorTokens += tokens <= BusyWork.VECTOR_TOKENS ? (double) count * tokens : 0;
  }

  /** The window ends: what comes after only lets its calls finish. */
  void end() {
    atEnd =
        new Counters(
            preemptions,
            coldStarts,
            passes,
            computedTokens,
            vectorTokens,
            contextReads,
            pairs,
            kvPeakShare,
            peakWaiting,
            peakInFlight);
  }

  /** The tally, complete. */
  Tally tally() {
    if (atEnd != null) {
      preemptions = atEnd.preemptions();
      coldStarts = atEnd.coldStarts();
      passes = atEnd.passes();
      computedTokens = atEnd.computedTokens();
      vectorTokens = atEnd.vectorTokens();
      contextReads = atEnd.contextReads();
      pairs = atEnd.pairs();
      kvPeakShare = atEnd.kvPeakShare();
      peakWaiting = atEnd.peakWaiting();
      peakInFlight = atEnd.peakInFlight();
    }
    Tally plain = new Tally();
    plain.add(this);
    return plain;
  }

  /** A call begins for the first time, so many tokens of its prompt found. */
  void admit(int call, int found) {
    if (!offer.readsPrefixes || !counts(arrivalPicos[call])) {
      return;
    }
    int logged = offer.loggedHits(call);
    prefixLoggedTokens += logged;
    prefixInSessionTokens += offer.hasSession(call) ? logged : 0;
    prefixFoundTokens += found - (offer.prompt[call] - offer.promptTokens[call]);
  }

  void finish(int call, long firstToken, long finish, int prompt, int output) {
    long arrival = arrivalPicos[call];
    if (sessions != null) {
      sessions.ended(call, finish + callPicos);
    }
    if (!counts(arrival)) {
      return;
    }
    long ttftMicros = (firstToken - arrival + callPicos) / TimeUnits.PICOS_PER_MICRO;
    long e2eMicros = (finish - arrival + callPicos) / TimeUnits.PICOS_PER_MICRO;
    long tpotMicros =
        output > 1 ? (finish - firstToken) / (TimeUnits.PICOS_PER_MICRO * (output - 1)) : 0;
    ttft.record(ttftMicros);
    this.ttftMicros += ttftMicros;
    e2e.record(e2eMicros);
    if (output > 1) {
      tpot.record(tpotMicros);
    }
    boolean within =
        ttftMicros <= level.ttftP95Micros()
            && tpotMicros <= level.tpotP95Micros()
            && e2eMicros <= Math.min(level.e2eP95Micros(), level.completeWithinMicros());
    if (within) {
      withinLevel++;
    }
    servedAt(arrival, within);
    slowFirstTokens += ttftMicros > level.ttftP95Micros() ? 1 : 0;
    slowTokens += tpotMicros > level.tpotP95Micros() ? 1 : 0;
    slowCalls += e2eMicros > level.e2eP95Micros() ? 1 : 0;
    if (e2eMicros > level.completeWithinMicros()) {
      // One call too late is enough.
      slowCalls += TOO_MANY;
    }
    maxE2eMicros = Math.max(maxE2eMicros, e2eMicros);
    lastFinishPicos = Math.max(lastFinishPicos, finish);
    finished++;
    promptTokens += prompt;
    outputTokens += output;
    if (observer != null) {
      observer.finished(call, firstToken, finish);
    }
  }

  void busy(long began, long ended) {
    long from = Math.max(began, fromPicos);
    long to = Math.min(ended, toPicos);
    if (from >= to) {
      return;
    }
    if (from >= hourFrom && to <= hourTo) {
      addToHour(lastHour, to - from);
      return;
    }
    int hour = (int) (from / TimeUnits.PICOS_PER_HOUR);
    long end = (hour + 1L) * TimeUnits.PICOS_PER_HOUR;
    while (to > end) {
      addHour(hour, end - from);
      from = end;
      hour++;
      end += TimeUnits.PICOS_PER_HOUR;
    }
    addHour(hour, to - from);
    lastHour = hour;
    hourFrom = end - TimeUnits.PICOS_PER_HOUR;
    hourTo = end;
  }

  /** Whether so few wait that one call more now and then makes no new peak. */
  boolean mayHide() {
    return waiting + hidden < peakWaiting;
  }

  /** How to have nothing hidden, when that may be a new peak. */
  void settleBy(Runnable action) {
    this.settle = action;
  }

  void enqueued() {
    if (hidden > 0 && !mayHide()) {
      settle.run();
    }
    waiting++;
    if (waiting > peakWaiting) {
      peakWaiting = waiting;
    }
  }

  /** Has the calls of closed sessions sent when the calls before them end. */
  void sendNextOf(PendingCalls pending) {
    this.sessions = pending;
  }
}
