package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a tape at a multiple of its volume ({@link Tapes#scaled}) that starts in a window:
 * which of the logged calls it is made of. So a tape that is too long to be held is scaled a window
 * at a time. Which calls a part of a copy keeps may differ at the edges of windows.
 */
public final class VolumeWindow {
  private static final double GOLDEN = 0.6180339887498949;

  private final List<Source> sources = new ArrayList<>();

  /**
   * Logged calls that a copy takes into the window.
   *
   * @param copy which copy; 0 are the calls as logged
   * @param share of its sessions that are kept
   * @param shiftMicros from the logged start to that of the copy
   * @param fromMicros first logged start
   * @param toMicros and before this one
   */
  public record Source(int copy, double share, long shiftMicros, long fromMicros, long toMicros) {}

  /**
   * @param spanFromMicros start of the observed span
   * @param spanToMicros its end; every logged call lies inside
   * @param fromMicros start of the window
   * @param toMicros its end
   */
  public VolumeWindow(
      double volume, long spanFromMicros, long spanToMicros, long fromMicros, long toMicros) {
    int whole = (int) Math.floor(volume);
    for (int copy = 0; copy <= whole; copy++) {
      double share = copy == whole ? volume - whole : 1;
      if (share > 0) {
        add(copy, share, spanFromMicros, spanToMicros, fromMicros, toMicros);
      }
    }
  }

  private void add(
      int copy, double share, long spanFrom, long spanTo, long windowFrom, long windowTo) {
    long shift = shift(copy, spanFrom, spanTo);
    long span = length(spanFrom, spanTo);
    // Calls that stay inside the span, and those that begin again at its start.
    add(
        copy,
        share,
        shift,
        Math.max(spanFrom, windowFrom - shift),
        Math.min(windowTo, spanTo) - shift);
    if (shift > 0) {
      add(
          copy,
          share,
          shift - span,
          Math.max(spanTo - shift, windowFrom + span - shift),
          Math.min(spanTo, windowTo + span - shift));
    }
  }

  private void add(int copy, double share, long shift, long from, long to) {
    if (from < to) {
      sources.add(new Source(copy, share, shift, from, to));
    }
  }

  /** What the window is made of. */
  public List<Source> sources() {
    return List.copyOf(sources);
  }

  // Copies are moved by whole days, or by a part of a span under two days.
  static long shift(int copy, long spanFrom, long spanTo) {
    long span = length(spanFrom, spanTo);
    if (copy == 0) {
      return 0;
    }
    if (days(spanFrom, spanTo) >= 2) {
      return copy % days(spanFrom, spanTo) * TimeUnits.MICROS_PER_DAY;
    }
    return (long) (span * (copy * GOLDEN - Math.floor(copy * GOLDEN)));
  }

  /** Where a copy that would start at or after the end of the span begins again. */
  static long length(long spanFrom, long spanTo) {
    long days = days(spanFrom, spanTo);
    return days >= 2 ? days * TimeUnits.MICROS_PER_DAY : spanTo - spanFrom;
  }

  private static long days(long spanFrom, long spanTo) {
    return (spanTo - spanFrom) / TimeUnits.MICROS_PER_DAY;
  }
}
