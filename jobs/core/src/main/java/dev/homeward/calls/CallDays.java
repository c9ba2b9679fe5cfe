package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When the calls of a log were made, a UTC day at a time: what tells the bulk of the log from calls
 * with a wrong date. The same calls give the same days in any order and any split.
 *
 * <p>More than seven days without a call part the log into stretches. The stretch with most calls
 * (of equals the last) is the main one. Stretches at either end of the log are set aside, from the
 * outermost inward, while each of them holds
 *
 * <ul>
 *   <li>one call, where the main stretch holds more, or
 *   <li>at most a hundredth of the main stretch's calls, or
 *   <li>at most a tenth of them, and lies more than a year away from it.
 * </ul>
 *
 * <p>The bulk is what remains. Example: a million calls of October, one of 2099-12-31 and one of
 * 2001-01-01: the bulk is October. A log of September and November stays whole, because neither
 * holds so little.
 */
public final class CallDays {
  private static final long LONGEST_PAUSE = 7 * TimeUnits.MICROS_PER_DAY;
  private static final long YEAR = 366 * TimeUnits.MICROS_PER_DAY;

  private final TreeMap<Long, Day> days = new TreeMap<>();

  /** Calls by UTC hour since 1970, each in an array of one: counted up in place. */
  private final TreeMap<Long, long[]> hours = new TreeMap<>();

  /** The hour of the call before, and its count: calls come mostly in the order of time. */
  private transient long lastHour = Long.MIN_VALUE;

  private transient long[] callsOfLastHour = {0};

  /**
   * The calls of a day.
   *
   * @param file file of the first of them; empty where only the day's edge is known
   * @param line one-based line of that call; 0 where it is not known
   */
  public record Day(long calls, long firstMicros, long lastMicros, String file, long line) {
    private Day and(Day o) {
      Day first = isBefore(o) ? this : o;
      return new Day(
          calls + o.calls,
          first.firstMicros,
          Math.max(lastMicros, o.lastMicros),
          first.file,
          first.line);
    }

    private boolean isBefore(Day o) {
      if (firstMicros != o.firstMicros) {
        return firstMicros < o.firstMicros;
      }
      int c = file.compareTo(o.file);
      return c != 0 ? c < 0 : line <= o.line;
    }
  }

  /**
   * A part of the log that no pause of more than seven days interrupts.
   *
   * @param file file of its first call
   * @param line one-based line of that call; 0 where it is not known
   */
  public record Stretch(long calls, long firstMicros, long lastMicros, String file, long line) {
    private Stretch with(Day day) {
      return new Stretch(calls + day.calls, firstMicros, day.lastMicros, file, line);
    }
  }

  /**
   * The log without calls that lie far from all others.
   *
   * @param firstMicros its first call
   * @param lastMicros its last call
   * @param kept its stretches, in the order of time
   * @param aside what was set aside, likewise
   */
  public record Bulk(long firstMicros, long lastMicros, List<Stretch> kept, List<Stretch> aside) {}

  /** Adds a call. */
  public void add(long startMicros, String file, long line) {
    addHour(1, startMicros, startMicros, file, line);
  }

  /**
   * Adds calls of one hour.
   *
   * @param file file of the first of them
   * @param line one-based line of that call
   */
  public void addHour(long calls, long firstMicros, long lastMicros, String file, long line) {
    days.merge(
        Math.floorDiv(firstMicros, TimeUnits.MICROS_PER_DAY),
        new Day(calls, firstMicros, lastMicros, file, line),
        Day::and);
    long hour = hour(firstMicros);
    if (hour != lastHour) {
      lastHour = hour;
      callsOfLastHour = hours.computeIfAbsent(hour, h -> new long[1]);
    }
    callsOfLastHour[0] += calls;
  }

  /** Adds the calls of other days. */
  public void add(CallDays other) {
    other.days.forEach((day, calls) -> days.merge(day, calls, Day::and));
    other.hours.forEach(
        (hour, calls) -> hours.computeIfAbsent(hour, h -> new long[1])[0] += calls[0]);
  }

  /** Says that the log reaches to this moment, though no call was made then. */
  public void reachTo(long micros) {
    days.merge(
        Math.floorDiv(micros, TimeUnits.MICROS_PER_DAY),
        new Day(0, micros, micros, "", 0),
        Day::and);
  }

  /** The UTC hour of a moment, in hours since 1970. */
  static long hour(long micros) {
    return Math.floorDiv(micros, TimeUnits.MICROS_PER_HOUR);
  }

  /** Calls of the hours from one to another, both included. */
  long callsIn(long firstHour, long lastHour) {
    return firstHour > lastHour
        ? 0
        : hours.subMap(firstHour, true, lastHour, true).values().stream()
            .mapToLong(calls -> calls[0])
            .sum();
  }

  public boolean isEmpty() {
    return days.isEmpty();
  }

  /** Start of the first call of all; there must be one. */
  public long firstMicros() {
    return days.firstEntry().getValue().firstMicros;
  }

  /** Start of the last call of all; there must be one. */
  public long lastMicros() {
    return days.lastEntry().getValue().lastMicros;
  }

  /** First moment of the log from this one on; Long.MAX_VALUE if it ends before. */
  long firstFrom(long micros) {
    for (Day day : days.tailMap(Math.floorDiv(micros, TimeUnits.MICROS_PER_DAY), true).values()) {
      if (day.lastMicros >= micros) {
        return Math.max(micros, day.firstMicros);
      }
    }
    return Long.MAX_VALUE;
  }

  /** Last moment of the log before this one; Long.MIN_VALUE if it begins later. */
  long lastBefore(long micros) {
    var earlier =
        days.headMap(Math.floorDiv(micros, TimeUnits.MICROS_PER_DAY), true).descendingMap();
    for (Day day : earlier.values()) {
      if (day.firstMicros < micros) {
        return Math.min(micros - 1, day.lastMicros);
      }
    }
    return Long.MIN_VALUE;
  }

  /** The log without calls that lie far from all others; it must have calls. */
  @SuppressWarnings("ReferenceEquality") // The list holds each stretch once.
  public Bulk bulk() {
    List<Stretch> stretches = stretches();
    Stretch main = stretches.get(0);
    for (Stretch stretch : stretches) {
      main = stretch.calls >= main.calls ? stretch : main;
    }
    List<Stretch> aside = new ArrayList<>();
    int from = 0;
    while (stretches.get(from) != main && isAside(stretches.get(from), main)) {
      aside.add(stretches.get(from++));
    }
    int to = stretches.size() - 1;
    int late = aside.size();
    while (stretches.get(to) != main && isAside(stretches.get(to), main)) {
      aside.add(late, stretches.get(to--));
    }
    return new Bulk(
        stretches.get(from).firstMicros,
        stretches.get(to).lastMicros,
        List.copyOf(stretches.subList(from, to + 1)),
        List.copyOf(aside));
  }

  private static boolean isAside(Stretch stretch, Stretch main) {
    long distance =
        Math.max(stretch.firstMicros - main.lastMicros, main.firstMicros - stretch.lastMicros);
    return stretch.calls <= 1 && main.calls > 1
        || stretch.calls <= main.calls / 100
        || stretch.calls <= main.calls / 10 && distance > YEAR;
  }

  private List<Stretch> stretches() {
    List<Stretch> stretches = new ArrayList<>();
    for (Map.Entry<Long, Day> entry : days.entrySet()) {
      Day day = entry.getValue();
      int last = stretches.size() - 1;
      if (last < 0 || day.firstMicros - stretches.get(last).lastMicros > LONGEST_PAUSE) {
        stretches.add(new Stretch(day.calls, day.firstMicros, day.lastMicros, day.file, day.line));
      } else {
        stretches.set(last, stretches.get(last).with(day));
      }
    }
    return stretches;
  }
}
