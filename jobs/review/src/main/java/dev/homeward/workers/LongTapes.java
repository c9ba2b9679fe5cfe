package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.VolumeWindow;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.Sample;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;

/** What replays of tapes that are too long to be held have in common, wherever they run. */
final class LongTapes {
  private static final long SHORTEST_WINDOW_MICROS = 10 * TimeUnits.MICROS_PER_MINUTE;

  /** Of 11 minutes 15 seconds. */
  private static final int MOST_PARTS_OF_DAY = 128;

  private LongTapes() {}

  /**
   * How a tape is replayed.
   *
   * @param sample which of the windows
   */
  record Cut(WindowedReplay.Span span, Sample sample) {}

  /** Calls of one workload, as logged, that start from one instant to before another; about. */
  @FunctionalInterface
  interface Counter {
    double calls(long fromMicros, long toMicros, long spanFromMicros, long spanToMicros);
  }

  /**
   * How it is replayed if nothing stands for anything else.
   *
   * @param firstMicros start of the first call as logged
   * @param lastMicros start of the last one
   */
  static Cut whole(
      ReplaySettings settings, double volume, double calls, long firstMicros, long lastMicros) {
    WindowedReplay.Span span = span(settings, volume, calls, firstMicros, lastMicros);
    return new Cut(span, Sample.all(span));
  }

  /**
   * How it is replayed if some days may stand for the others: by those days, cut into windows;
   * whole where they have all calls.
   *
   * @param counters of its workloads
   */
  static Cut sampled(
      ReplaySettings settings,
      double volume,
      double calls,
      long firstMicros,
      long lastMicros,
      List<Counter> counters) {
    WindowedReplay.Span whole = span(settings, volume, calls, firstMicros, lastMicros);
    long first = Math.floorDiv(whole.fromMicros(), TimeUnits.MICROS_PER_DAY);
    int days =
        Math.toIntExact(Math.floorDiv(whole.toMicros() - 1, TimeUnits.MICROS_PER_DAY) - first + 1);
    double[] byDay = new double[days];
    double most = 0;
    for (int day = 0; day < days; day++) {
      long from = (first + day) * TimeUnits.MICROS_PER_DAY;
      for (VolumeWindow.Source source :
          sources(settings, volume, from, from + TimeUnits.MICROS_PER_DAY)) {
        for (Counter counter : counters) {
          byDay[day] +=
              source.share()
                  * counter.calls(
                      source.fromMicros(),
                      source.toMicros(),
                      settings.fromMicros(),
                      settings.toMicros() + 1);
        }
      }
      most = Math.max(most, byDay[day]);
    }
    int parts = parts(most);
    long length = TimeUnits.MICROS_PER_DAY / parts;
    Sample sample = Sample.of(byDay, parts);
    if (!sample.isPart()) {
      return new Cut(whole, Sample.all(whole));
    }
    return new Cut(
        new WindowedReplay.Span(
            first * TimeUnits.MICROS_PER_DAY,
            (first + days) * TimeUnits.MICROS_PER_DAY,
            length,
            warmUp(length)),
        sample);
  }

  private static int parts(double callsOfDay) {
    int parts = 1;
    while (parts < MOST_PARTS_OF_DAY && callsOfDay / parts > WindowedReplay.mostCallsOfWindow()) {
      parts *= 2;
    }
    return parts;
  }

  private static long warmUp(long windowMicros) {
    return Math.min(windowMicros, TimeUnits.MICROS_PER_HOUR);
  }

  // Logged calls outside of the observed span are those of another review; the last one that is
  // observed starts at its end.
  private static List<VolumeWindow.Source> sources(
      ReplaySettings settings, double volume, long fromMicros, long toMicros) {
    long from = Math.max(fromMicros, settings.fromMicros());
    long to = Math.min(toMicros, settings.toMicros() + 1);
    if (from >= to) {
      return List.of();
    }
    return volume == 1
        ? List.of(new VolumeWindow.Source(0, 1, 0, from, to))
        : new VolumeWindow(volume, settings.fromMicros(), settings.toMicros(), from, to).sources();
  }

  private static WindowedReplay.Span span(
      ReplaySettings settings, double volume, double calls, long firstMicros, long lastMicros) {
    // Copies of calls lie anywhere in the observed span.
    long from = volume > 1 ? settings.fromMicros() : firstMicros;
    long end = volume > 1 ? settings.toMicros() : lastMicros + 1;
    long windows = (long) Math.ceil(calls / WindowedReplay.mostCallsOfWindow());
    long length = Math.max(SHORTEST_WINDOW_MICROS, (end - from) / windows);
    return new WindowedReplay.Span(from, end, length, warmUp(length));
  }

  /** Reads logged calls of one workload. */
  @FunctionalInterface
  interface Reader {
    BilledTape read(long fromMicros, long toMicros);
  }

  /** The calls of a workload at a multiple of its volume that start in a window. */
  static BilledTape window(
      ReplaySettings settings, double volume, long fromMicros, long toMicros, Reader reader) {
    List<BilledTape> copies = new ArrayList<>();
    for (VolumeWindow.Source source : sources(settings, volume, fromMicros, toMicros)) {
      BilledTape read = reader.read(source.fromMicros(), source.toMicros());
      copies.add(volume == 1 ? read : read.copied(source));
    }
    if (copies.isEmpty()) {
      return reader.read(fromMicros, fromMicros);
    }
    return copies.size() == 1
        ? copies.get(0)
        : BilledTape.merge(copies.get(0).tape.key, copies).billed();
  }
}
