package dev.homeward.replay;

import dev.homeward.serving.StepTime;
import dev.homeward.units.TimeUnits;

/**
 * One model instance. It plans ahead to the end of its current segment: one step, or a stretch of
 * equal decode steps. An arrival only queues the call and cuts a stretch at the next step boundary;
 * everything else happens when a segment ends.
 *
 * <p>Order at one instant: all arrivals first, then ends of segments, then the next steps are put
 * together. So a call that arrives just as a step ends can be part of the next one, and a call that
 * finishes at that instant still counts as in flight for routing.
 */
abstract sealed class Replica permits BatchReplica, SlotReplica {
  static final long IDLE = Long.MAX_VALUE;

  final Offer offer;
  final StepTime time;
  final Recorder recorder;

  /** When the current segment ends, picoseconds; {@link #IDLE} without work. */
  long segmentEnd = IDLE;

  /** Calls waiting and running. */
  int inFlight;

  // Loading and starting, picoseconds; NEVER where the model stays loaded, the replica up.
  private final long keepLoaded;
  private final long load;
  private final long keepUp;
  private final long start;

  /** Since when there is no work; IDLE before the first call. */
  private long idleSince = IDLE;

  private long upSince;
  private long upPicos;

  // The segment under way: one step, or a stretch of decode steps of which each takes the growth
  // more than the one before. No steps: the next one is put together when the segment ends.
  long segmentStart;
  long segmentSteps;
  long firstStepPicos;
  long growthPicos;
  boolean stretch;

  // Calls that wait, oldest first, in a ring.
  private int[] queue = new int[64];
  private int queueHead;
  private int queueSize;

  Replica(ReplicaMaker maker) {
    this.offer = maker.offer();
    this.time = maker.time();
    this.recorder = maker.recorder();
    this.keepLoaded =
        maker
            .deployment()
            .engine()
            .scheduling()
            .keepAlive()
            .map(kept -> (long) (kept.idleSeconds().value() * TimeUnits.PICOS_PER_SECOND))
            .orElse(Standby.NEVER);
    this.load = Math.round(maker.deployment().loadSeconds() * TimeUnits.PICOS_PER_SECOND);
    this.keepUp = maker.standby().releaseAfterPicos();
    this.start = maker.standby().startPicos();
  }

  /**
   * What becomes of an idle replica.
   *
   * @param releaseAfterPicos idle time after which it is given back
   * @param startPicos from asking for it again to its first step
   */
  record Standby(long releaseAfterPicos, long startPicos) {
    static final long NEVER = Long.MAX_VALUE;
  }

  final void arrive(int call, long now) {
    inFlight++;
    boolean queueWasEmpty = queueSize == 0;
    if (queueSize == queue.length) {
      int[] larger = new int[queue.length * 2];
      for (int i = 0; i < queueSize; i++) {
        larger[i] = queue[(queueHead + i) & (queue.length - 1)];
      }
      queue = larger;
      queueHead = 0;
    }
    queue[(queueHead + queueSize) & (queue.length - 1)] = call;
    queueSize++;
    recorder.enqueued();
    if (segmentEnd == IDLE) {
      startSegmentAt(now + wakingUp(now));
    } else if (queueWasEmpty) {
      cut(now);
    }
  }

  /** How long a call that finds no work must wait before the replica can begin. */
  private long wakingUp(long now) {
    boolean first = idleSince == IDLE;
    if (keepUp != Standby.NEVER && (first || now - idleSince > keepUp)) {
      forget();
      if (!first) {
        upPicos += idleSince + keepUp - upSince;
      }
      upSince = now;
      recorder.coldStarts++;
      return start;
    }
    if (keepLoaded != Standby.NEVER && (first || now - idleSince > keepLoaded)) {
      forget();
      recorder.coldStarts++;
      return load;
    }
    return 0;
  }

  /** Its KV cache is gone: it was given back, or its model unloaded. */
  abstract void forget();

  /** No work is left. */
  final void becomeIdle(long now) {
    segmentEnd = IDLE;
    idleSince = now;
  }

  /** Time up until then, of a replica that is given back when idle. */
  final long upPicos(long end) {
    if (idleSince == IDLE && segmentEnd == IDLE) {
      return 0;
    }
    long last = segmentEnd == IDLE ? Math.min(end, idleSince + keepUp) : end;
    return upPicos + Math.max(0, last - upSince);
  }

  final int queueSize() {
    return queueSize;
  }

  final boolean queueIsEmpty() {
    return queueSize == 0;
  }

  final int queueHead() {
    return queue[queueHead];
  }

  final void dequeue() {
    queueHead = (queueHead + 1) & (queue.length - 1);
    queueSize--;
    recorder.waiting--;
  }

  final void finish(int call, long firstToken, long now) {
    inFlight--;
    recorder.finish(call, firstToken, now, offer.promptTokens[call], offer.outputTokens[call]);
  }

  // From idle: the next step is put together at this instant, after all arrivals of it.
  private void startSegmentAt(long now) {
    segmentStart = now;
    segmentEnd = now;
    segmentSteps = 0;
    stretch = false;
  }

  // Cuts a stretch at the first step boundary that is not before now.
  private void cut(long now) {
    if (stretch && segmentSteps > 1) {
      long steps = stepsToReach(now - segmentStart, firstStepPicos, growthPicos, segmentSteps);
      if (steps < segmentSteps) {
        segmentSteps = steps;
        segmentEnd = segmentStart + stretch(steps, firstStepPicos, growthPicos);
      }
    }
  }

  /** Ends the current segment and plans the next. */
  abstract void endSegment();

  /**
   * Where a segment hides what happened in it, only the step that is under way at this instant is
   * left of it.
   *
   * @param ended whether a step that ends at this instant has ended
   */
  void settle(long now, boolean ended) {}

  /**
   * Time of k steps of which the first takes {@code first} and each next one {@code growth} more.
   */
  static long stretch(long k, long first, long growth) {
    return k * first + growth * (k * (k - 1) / 2);
  }

  /** The fewest steps, from 1 to most, that reach {@code span}; {@code most} if none does. */
  static long stepsToReach(long span, long first, long growth, long most) {
    if (span <= first) {
      return 1;
    }
    double f = first - growth / 2.0;
    double k =
        growth == 0
            ? (double) span / first
            : (-f + Math.sqrt(f * f + 2.0 * growth * span)) / growth;
    long steps = k >= most ? most : Math.max(1, (long) Math.ceil(k));
    while (steps > 1 && stretch(steps - 1, first, growth) >= span) {
      steps--;
    }
    while (steps < most && stretch(steps, first, growth) < span) {
      steps++;
    }
    return steps;
  }
}
