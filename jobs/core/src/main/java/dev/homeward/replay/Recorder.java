package dev.homeward.replay;

/**
 * What a replay remembers: finished calls into histograms, busy time by hour, peaks. One instance
 * serves all replicas of a replay.
 */
final class Recorder {
  static final long PICOS_PER_MICRO = 1_000_000L;
  private static final long PICOS_PER_HOUR = 3_600_000_000L * PICOS_PER_MICRO;

  private final Histogram ttft = new Histogram();
  private final Histogram tpot = new Histogram();
  private final Histogram e2e = new Histogram();
  private final ServiceLevel level;
  private final long callPicos;
  private final CallObserver observer;

  /** When each call is sent: as the log says, or as its session's calls before it ended. */
  final long[] arrivalPicos;

  private long[] hourlyBusyPicos = new long[32];
  private Sessions sessions;

  long finished;
  long promptTokens;
  long outputTokens;
  long ttftMicros;
  long withinLevel;
  long slowFirstTokens;
  long busyPicos;
  long preemptions;
  long coldStarts;

  // What the busy time went into, for power.
  double passes;
  double computedTokens;
  double contextReads;
  double pairs;
  long lastFinishPicos;
  long maxE2eMicros;
  double kvPeakShare;
  int waiting;
  int peakWaiting;

  Recorder(ServiceLevel level, long callPicos, long[] arrivalPicos, CallObserver observer) {
    this.arrivalPicos = arrivalPicos;
    this.level = level;
    this.callPicos = callPicos;
    this.observer = observer;
  }

  void finish(int call, long firstToken, long finish, int prompt, int output) {
    long arrival = arrivalPicos[call];
    long ttftMicros = (firstToken - arrival + callPicos) / PICOS_PER_MICRO;
    long e2eMicros = (finish - arrival + callPicos) / PICOS_PER_MICRO;
    long tpotMicros = output > 1 ? (finish - firstToken) / (PICOS_PER_MICRO * (output - 1)) : 0;
    ttft.record(ttftMicros);
    this.ttftMicros += ttftMicros;
    e2e.record(e2eMicros);
    if (output > 1) {
      tpot.record(tpotMicros);
    }
    if (ttftMicros <= level.ttftP95Micros()
        && tpotMicros <= level.tpotP95Micros()
        && e2eMicros <= Math.min(level.e2eP95Micros(), level.completeWithinMicros())) {
      withinLevel++;
    }
    if (ttftMicros > level.ttftP95Micros() || e2eMicros > level.e2eP95Micros()) {
      slowFirstTokens++;
    }
    maxE2eMicros = Math.max(maxE2eMicros, e2eMicros);
    lastFinishPicos = Math.max(lastFinishPicos, finish);
    finished++;
    promptTokens += prompt;
    outputTokens += output;
    if (sessions != null) {
      sessions.ended(call, finish + callPicos);
    }
    if (observer != null) {
      observer.finished(call, firstToken, finish);
    }
  }

  void busy(long from, long to) {
    busyPicos += to - from;
    int hour = (int) (from / PICOS_PER_HOUR);
    long end = (hour + 1L) * PICOS_PER_HOUR;
    while (to > end) {
      addHour(hour, end - from);
      from = end;
      hour++;
      end += PICOS_PER_HOUR;
    }
    addHour(hour, to - from);
  }

  private void addHour(int hour, long picos) {
    if (hour >= hourlyBusyPicos.length) {
      hourlyBusyPicos =
          java.util.Arrays.copyOf(hourlyBusyPicos, Math.max(hour + 1, hourlyBusyPicos.length * 2));
    }
    hourlyBusyPicos[hour] += picos;
  }

  void enqueued() {
    waiting++;
    if (waiting > peakWaiting) {
      peakWaiting = waiting;
    }
  }

  float[] hourlyBusyShare(int replicas) {
    int hours = hourlyBusyPicos.length;
    while (hours > 0 && hourlyBusyPicos[hours - 1] == 0) {
      hours--;
    }
    float[] shares = new float[hours];
    for (int h = 0; h < hours; h++) {
      shares[h] = (float) ((double) hourlyBusyPicos[h] / PICOS_PER_HOUR / replicas);
    }
    return shares;
  }

  /** Has the calls of closed sessions sent when the calls before them end. */
  void sendNextOf(Sessions pending) {
    this.sessions = pending;
  }

  Histogram ttft() {
    return ttft;
  }

  Histogram tpot() {
    return tpot;
  }

  Histogram e2e() {
    return e2e;
  }
}
