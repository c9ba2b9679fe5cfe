package dev.homeward.calls;

import dev.homeward.units.TimeUnits;

/**
 * Calls that reached a model by UTC day, for the trend.
 *
 * @param firstDay days since 1970-01-01
 * @param calls by day from there on, days without calls included
 */
public record DailyCalls(long firstDay, int[] calls) {

  /** No days. */
  public static final DailyCalls NONE = new DailyCalls(0, new int[0]);

  /** The days of a tape, from its first call to its last. */
  public static DailyCalls of(Tape tape) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < tape.size; i++) {
      if (tape.reachedModel(i)) {
        long day = Math.floorDiv(tape.startedAtMicros[i], TimeUnits.MICROS_PER_DAY);
        first = Math.min(first, day);
        last = Math.max(last, day);
      }
    }
    if (first > last) {
      return NONE;
    }
    int[] calls = new int[Math.toIntExact(last - first + 1)];
    for (int i = 0; i < tape.size; i++) {
      if (tape.reachedModel(i)) {
        calls[(int) (Math.floorDiv(tape.startedAtMicros[i], TimeUnits.MICROS_PER_DAY) - first)]++;
      }
    }
    return new DailyCalls(first, calls);
  }
}
