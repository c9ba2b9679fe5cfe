package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.VolumeWindow;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;

/** What replays of tapes that are too long to be held have in common, wherever they run. */
final class LongTapes {
  /** Calls of a tape that is held whole: some 170 bytes each while it is replayed. */
  private static final long WHOLE_TAPE_CALLS = 1_500_000;

  /** A tape is cut into windows of this part of what is held whole. */
  private static final long WINDOWS_OF_WHOLE = 3;

  private static final long SHORTEST_WINDOW_MICROS = 10 * TimeUnits.MICROS_PER_MINUTE;

  private LongTapes() {}

  // A property, for tests.
  private static long wholeTapeCalls() {
    return Long.getLong("homeward.whole-tape-calls", WHOLE_TAPE_CALLS);
  }

  /** Whether a tape of so many calls is replayed window by window. */
  static boolean isLong(double calls) {
    return calls > wholeTapeCalls();
  }

  /**
   * How it is cut.
   *
   * @param firstMicros start of the first call as logged
   * @param lastMicros start of the last one
   */
  static WindowedReplay.Span span(
      ReplaySettings settings, double volume, double calls, long firstMicros, long lastMicros) {
    // Copies of calls lie anywhere in the observed span.
    long from = volume > 1 ? settings.fromMicros() : firstMicros;
    long end = volume > 1 ? settings.toMicros() : lastMicros + 1;
    double windowCalls = Math.max(1, (double) wholeTapeCalls() / WINDOWS_OF_WHOLE);
    long windows = (long) Math.ceil(calls / windowCalls);
    long length = Math.max(SHORTEST_WINDOW_MICROS, (end - from) / windows);
    return new WindowedReplay.Span(from, end, length, Math.min(length, TimeUnits.MICROS_PER_HOUR));
  }

  /** Reads logged calls of one workload. */
  @FunctionalInterface
  interface Reader {
    BilledTape read(long fromMicros, long toMicros);
  }

  /** The calls of a workload at a multiple of its volume that start in a window. */
  static BilledTape window(
      ReplaySettings settings, double volume, long fromMicros, long toMicros, Reader reader) {
    if (volume == 1) {
      return reader.read(fromMicros, toMicros);
    }
    List<BilledTape> copies = new ArrayList<>();
    VolumeWindow window =
        new VolumeWindow(volume, settings.fromMicros(), settings.toMicros(), fromMicros, toMicros);
    for (VolumeWindow.Source source : window.sources()) {
      copies.add(reader.read(source.fromMicros(), source.toMicros()).copied(source));
    }
    if (copies.isEmpty()) {
      return reader.read(fromMicros, fromMicros);
    }
    return copies.size() == 1
        ? copies.get(0)
        : BilledTape.merge(copies.get(0).tape.key, copies).billed();
  }
}
