package dev.homeward.decision;

import dev.homeward.economics.Outlook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a deployment needs at multiples of today's volume, from replays at some of them. Between two
 * of them busy hours and overflow lie on a line; boxes go from the one number to the other in equal
 * steps; beyond the last they grow in proportion.
 */
public final class VolumeCurve implements Outlook.Fleet {

  /**
   * A replayed volume.
   *
   * @param volume multiple of today's
   * @param boxes of the cheapest fleet that meets the service level
   * @param replicas likewise
   * @param busyBoxHours a month
   * @param upBoxHours a month, of boxes that are started and stopped; else 0
   * @param overflowShare share of the calls' cost at the API that is paid there
   * @param savingUsd a month
   */
  public record Point(
      double volume,
      int boxes,
      int replicas,
      double busyBoxHours,
      double upBoxHours,
      double overflowShare,
      double savingUsd) {}

  private final Point[] points;
  private final double busyLoad;
  private final double monthHours;
  private final Optional<PrefixCurves> prefixes;

  VolumeCurve(TreeMap<Double, Point> points, double busyLoad, double monthHours) {
    this(points, busyLoad, monthHours, Optional.empty());
  }

  VolumeCurve(
      TreeMap<Double, Point> points,
      double busyLoad,
      double monthHours,
      Optional<PrefixCurves> prefixes) {
    this.prefixes = prefixes;
    this.points = points.values().toArray(Point[]::new);
    this.busyLoad = busyLoad;
    this.monthHours = monthHours;
  }

  /** The replayed volumes, rising. */
  public List<Point> points() {
    return new ArrayList<>(List.of(points));
  }

  /**
   * What it needs where its engine finds less or more in its prefix cache; empty where that was not
   * replayed.
   */
  public Optional<PrefixCurves> prefixes() {
    return prefixes;
  }

  @Override
  public Outlook.Fleet withPrefixCache(double z) {
    return prefixes.isPresent() ? prefixes.get().at(z, this) : this;
  }

  @Override
  public int boxes(double load) {
    Point last = points[points.length - 1];
    if (load >= last.volume) {
      return (int) Math.ceil(last.boxes * load / last.volume - 1e-9);
    }
    int next = next(load);
    if (next == 0) {
      return points[0].boxes;
    }
    Point low = points[next - 1];
    Point high = points[next];
    double part = (load - low.volume) / (high.volume - low.volume);
    return (int) Math.ceil(low.boxes + part * (high.boxes - low.boxes) - 1e-9);
  }

  @Override
  public double busyBoxHours(double load) {
    double busy;
    Point last = points[points.length - 1];
    if (load >= last.volume) {
      busy = last.busyBoxHours * load / last.volume;
    } else {
      int next = next(load);
      Point high = points[next];
      if (next == 0) {
        busy = high.busyBoxHours * load / high.volume;
      } else {
        Point low = points[next - 1];
        double part = (load - low.volume) / (high.volume - low.volume);
        busy = low.busyBoxHours + part * (high.busyBoxHours - low.busyBoxHours);
      }
    }
    return Math.min(busy, boxes(load) * monthHours);
  }

  @Override
  public double busyLoad() {
    return busyLoad;
  }

  // Below the least volume as much as there; beyond the last in proportion, at most all the time.
  @Override
  public double upBoxHours(double load) {
    Point last = points[points.length - 1];
    if (load >= last.volume) {
      return Math.min(last.upBoxHours * load / last.volume, boxes(load) * monthHours);
    }
    int next = next(load);
    if (next == 0) {
      return points[0].upBoxHours;
    }
    Point low = points[next - 1];
    Point high = points[next];
    double part = (load - low.volume) / (high.volume - low.volume);
    return low.upBoxHours + part * (high.upBoxHours - low.upBoxHours);
  }

  @Override
  public double overflowShare(double load) {
    Point last = points[points.length - 1];
    if (load >= last.volume) {
      return last.overflowShare;
    }
    int next = next(load);
    if (next == 0) {
      return points[0].overflowShare;
    }
    Point low = points[next - 1];
    Point high = points[next];
    double part = (load - low.volume) / (high.volume - low.volume);
    return low.overflowShare + part * (high.overflowShare - low.overflowShare);
  }

  // First point at or above the load.
  private int next(double load) {
    int next = 0;
    while (points[next].volume < load) {
      next++;
    }
    return next;
  }
}
