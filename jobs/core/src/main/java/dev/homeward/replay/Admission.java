package dev.homeward.replay;

import dev.homeward.units.TimeUnits;
import java.util.OptionalInt;

/** Which calls a fleet takes in; all others go to the API. */
final class Admission {
  /** What becomes of a call. */
  enum Answer {
    TAKEN,
    /** The engine's own queue is full: HTTP 503. */
    REFUSED,
    /** All replicas hold as many calls as the router lets them. */
    AT_CAP,
    /** The fleet is down at this hour. */
    DOWN
  }

  private final ReplayOptions options;
  private final int mostWaiting;
  private final boolean alwaysUp;
  private final long originMicros;

  /**
   * @param maxQueue of the engine
   * @param originMicros time 0 of the replay's clock
   */
  Admission(ReplayOptions options, OptionalInt maxQueue, long originMicros) {
    this.options = options;
    this.mostWaiting = maxQueue.orElse(Integer.MAX_VALUE);
    this.alwaysUp = options.hoursPerDay() >= 24;
    this.originMicros = originMicros;
  }

  /** The answer to a call that is sent to this replica now. */
  Answer of(Replica replica, long now) {
    if (replica.queueSize() >= mostWaiting) {
      return Answer.REFUSED;
    }
    if (replica.inFlight >= options.inFlightCap()) {
      return Answer.AT_CAP;
    }
    return alwaysUp || isUp(now) ? Answer.TAKEN : Answer.DOWN;
  }

  /** Whether a replica has room for another call. */
  boolean hasRoom(Replica replica) {
    return replica.queueSize() < mostWaiting && replica.inFlight < options.inFlightCap();
  }

  private boolean isUp(long now) {
    long micros = originMicros + now / TimeUnits.PICOS_PER_MICRO + options.dayOffsetMicros();
    long ofDay = Math.floorMod(micros, TimeUnits.MICROS_PER_DAY);
    int hour = (int) (ofDay / TimeUnits.MICROS_PER_HOUR);
    return Math.floorMod(hour - options.startHour(), 24) < options.hoursPerDay();
  }
}
