package dev.homeward.decision;

import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.FleetUse;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.units.PlainNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a deployment does at other volumes of a workload, from replays: what it needs there, and
 * where the saving changes its sign. The caller replays the volumes that {@link #wanted} names,
 * hands the answers to {@link #add}, and repeats this until none is wanted.
 */
final class VolumeStudy {
  /** Halvings and doublings of today's volume that are replayed. */
  private static final double[] GRID = {0.25, 0.5, 1, 2, 4};

  /** Replayed too where it still saves at the least of them, or does not at the most. */
  private static final double LESS = 0.125;

  private static final double MORE = 8;

  /** No replay of more calls than this is asked for above today's volume. */
  private static final double MOST_CALLS = 500_000;

  /** A flip is looked for until its two sides are this near: a doubling halved three times. */
  private static final double NEAR = 1.1;

  /** Shares of overflow that differ by less count as equal. */
  private static final double SAME_SHARE = 1e-3;

  private final WorkloadCase workload;
  private final Candidate candidate;
  private final Assumptions assumptions;
  private final Weigher weigher;
  private final TreeMap<Double, VolumeCurve.Point> points = new TreeMap<>();
  private final Set<Double> asked = new TreeSet<>();
  private double busyLoad;

  /** What the best fleet of today's volume did. */
  private Optional<ReplayResult> today = Optional.empty();

  private Optional<PrefixCurves> prefixes = Optional.empty();

  VolumeStudy(
      WorkloadCase workload, Candidate candidate, Assumptions assumptions, Weigher weigher) {
    this.workload = workload;
    this.candidate = candidate;
    this.assumptions = assumptions;
    this.weigher = weigher;
  }

  WorkloadCase workload() {
    return workload;
  }

  Candidate candidate() {
    return candidate;
  }

  /** Volumes, as multiples of today's, to be replayed next; empty when all is known. */
  List<Double> wanted() {
    List<Double> wanted = new ArrayList<>();
    double calls = workload.volumeFactor() * workload.profile().calls();
    for (double volume : GRID) {
      if ((volume <= 1 || volume * calls <= MOST_CALLS) && !asked.contains(volume)) {
        wanted.add(volume);
      }
    }
    if (wanted.isEmpty() && points.containsKey(1.0)) {
      if (points.firstEntry().getValue().savingUsd() > 0 && !asked.contains(LESS)) {
        wanted.add(LESS);
      }
      boolean neverSaves = points.lastEntry().getValue().savingUsd() <= 0;
      if (neverSaves && MORE * calls <= MOST_CALLS && !asked.contains(MORE)) {
        wanted.add(MORE);
      }
    }
    if (wanted.isEmpty()) {
      bracket(true).ifPresent(b -> wantMiddle(wanted, b));
      bracket(false).ifPresent(b -> wantMiddle(wanted, b));
    }
    asked.addAll(wanted);
    return wanted;
  }

  // Between two volumes that need the same boxes and send the same share to the API, the saving
  // lies
  // on a line but for the power of busy hours: there is nothing to look for.
  private boolean differ(double low, double high) {
    VolumeCurve.Point a = points.get(low);
    VolumeCurve.Point b = points.get(high);
    return candidate.hardware().acquisition().startedAndStopped()
        || a.boxes() != b.boxes()
        || Math.abs(a.overflowShare() - b.overflowShare()) > SAME_SHARE;
  }

  private void wantMiddle(List<Double> wanted, double[] bracket) {
    double middle = Math.sqrt(bracket[0] * bracket[1]);
    if (bracket[0] > 0 && bracket[1] / bracket[0] > NEAR && !asked.contains(middle)) {
      if (differ(bracket[0], bracket[1])) {
        wanted.add(middle);
      }
    }
  }

  /** Takes the fleets of a volume. */
  void add(double volume, List<Sizing.ReplayedFleet> fleets) {
    Optional<Best> best = best(volume, fleets);
    if (best.isPresent()) {
      points.put(volume, best.get().point());
      if (volume == 1 || busyLoad == 0) {
        busyLoad = best.get().busyLoad();
      }
      if (volume == 1) {
        today = Optional.of(best.get().result());
      }
    }
  }

  /** The cheapest fleet that serves. */
  record Best(VolumeCurve.Point point, double busyLoad, ReplayResult result) {}

  /** The cheapest of the fleets of a volume; empty if none serves as it must. */
  Optional<Best> best(double volume, List<Sizing.ReplayedFleet> fleets) {
    Deployment deployment = candidate.deployment().orElseThrow();
    Best best = null;
    for (Sizing.ReplayedFleet fleet : fleets) {
      if (!fleet.result().meetsServiceLevel()
          || (!workload.mayOverflow()
              && fleet.result().overflowCalls() + fleet.result().tooLongCalls() > 0)) {
        continue;
      }
      FleetUse use = weigher.use(workload, deployment, fleet, volume);
      double api = workload.apiForecastUsd().orElse(0) * volume;
      OptionalDouble priced = weigher.overflowUsd(workload, fleet.result());
      if (priced.isEmpty()) {
        continue;
      }
      double overflow = priced.getAsDouble();
      FleetRates rates = FleetRates.of(assumptions, deployment.hardware(), use);
      double local =
          rates.monthlyUsd(
              use.boxes(), use.busyBoxHours(), use.busyLoad(), use.upBoxHours(), 1, api);
      double saving = api - local - overflow;
      if (best == null || saving > best.point().savingUsd()) {
        best =
            new Best(
                new VolumeCurve.Point(
                    volume,
                    use.boxes(),
                    fleet.options().replicas(),
                    use.busyBoxHours(),
                    use.upBoxHours(),
                    api == 0 ? 0 : overflow / api,
                    saving),
                use.busyLoad(),
                fleet.result());
      }
    }
    return Optional.ofNullable(best);
  }

  /** Whether a volume is served. */
  boolean has(double volume) {
    return points.containsKey(volume);
  }

  /** What the best fleet of today's volume did; empty if none serves. */
  Optional<ReplayResult> today() {
    return today;
  }

  /** Takes what the deployment needs where its engine finds less or more in its prefix cache. */
  void add(PrefixCurves curves) {
    prefixes = Optional.of(curves);
  }

  /** A curve through other points of this deployment; none where there are none. */
  Optional<VolumeCurve> curve(TreeMap<Double, VolumeCurve.Point> through, double load) {
    return through.isEmpty()
        ? Optional.empty()
        : Optional.of(new VolumeCurve(through, load, workload.period().hours()));
  }

  /** What the deployment needs; empty if not even today's volume is served. */
  Optional<VolumeCurve> curve() {
    return points.containsKey(1.0)
        ? Optional.of(new VolumeCurve(points, busyLoad, workload.period().hours(), prefixes))
        : Optional.empty();
  }

  /** Where the saving changes its sign. */
  RankedWorkload.Flip flip() {
    VolumeCurve.Point today = points.get(1.0);
    boolean saves = today.savingUsd() > 0;
    OptionalDouble up = root(bracket(true));
    OptionalDouble down = root(bracket(false));
    double from = points.firstKey();
    double to = points.lastKey();
    OptionalDouble nearest = nearest(up, down);
    boolean extrapolated = false;
    String why = "";
    if (nearest.isEmpty() && !saves) {
      OptionalDouble beyond = beyond();
      nearest = beyond;
      extrapolated = beyond.isPresent();
    }
    if (nearest.isEmpty()) {
      why =
          saves
              ? "it saves at every volume from 0 to %s times today's".formatted(PlainNumber.of(to))
              : points.lastEntry().getValue().savingUsd() <= today.savingUsd()
                  ? "each further call costs at least as much locally as at the API"
                  : "not up to %s times today's volume, the most that was replayed"
                      .formatted(PlainNumber.of(to));
    }
    return new RankedWorkload.Flip(nearest, extrapolated, from, to, intervals(), why);
  }

  private static OptionalDouble nearest(OptionalDouble up, OptionalDouble down) {
    if (up.isPresent() && down.isPresent()) {
      return up.getAsDouble() <= 1 / down.getAsDouble() ? up : down;
    }
    return up.isPresent() ? up : down;
  }

  // The two replayed volumes around the nearest change of sign above or below today's; the lower
  // one may be 0, where a box stands idle.
  private Optional<double[]> bracket(boolean upwards) {
    VolumeCurve.Point today = points.get(1.0);
    if (today == null) {
      return Optional.empty();
    }
    boolean saves = today.savingUsd() > 0;
    double last = 1;
    Map<Double, VolumeCurve.Point> on =
        upwards ? points.tailMap(1.0, false) : points.headMap(1.0, false).descendingMap();
    for (Map.Entry<Double, VolumeCurve.Point> e : on.entrySet()) {
      if (e.getValue().savingUsd() > 0 != saves) {
        return Optional.of(
            upwards ? new double[] {last, e.getKey()} : new double[] {e.getKey(), last});
      }
      last = e.getKey();
    }
    return !upwards && saves && idleUsd() < 0
        ? Optional.of(new double[] {0, last})
        : Optional.empty();
  }

  // The saving without a call.
  private double idleUsd() {
    return -weigher.leastUsd(workload, candidate)
        + workload.apiForecastUsd().orElse(0) * awayShare();
  }

  private double awayShare() {
    return FleetRates.of(assumptions, candidate.hardware(), weigher.idleUse(workload)).awayShare();
  }

  // Inside a bracket the saving is interpolated on a line: its ends are nine per cent apart, or
  // need the same fleet.
  private OptionalDouble root(Optional<double[]> bracket) {
    if (bracket.isEmpty()) {
      return OptionalDouble.empty();
    }
    double low = bracket.get()[0];
    double high = bracket.get()[1];
    double atLow = low == 0 ? idleUsd() : points.get(low).savingUsd();
    double atHigh = points.get(high).savingUsd();
    return OptionalDouble.of(low + (high - low) * atLow / (atLow - atHigh));
  }

  // Where the line through the last two volumes that were replayed crosses zero.
  private OptionalDouble beyond() {
    if (points.size() < 2) {
      return OptionalDouble.empty();
    }
    VolumeCurve.Point last = points.lastEntry().getValue();
    VolumeCurve.Point before = points.lowerEntry(last.volume()).getValue();
    double slope = (last.savingUsd() - before.savingUsd()) / (last.volume() - before.volume());
    return slope > 0
        ? OptionalDouble.of(last.volume() - last.savingUsd() / slope)
        : OptionalDouble.empty();
  }

  private List<RankedWorkload.VolumeRange> intervals() {
    List<RankedWorkload.VolumeRange> intervals = new ArrayList<>();
    double start = Double.NaN;
    VolumeCurve.Point before = null;
    for (VolumeCurve.Point point : points.values()) {
      boolean saves = point.savingUsd() > 0;
      boolean saved = before != null && before.savingUsd() > 0;
      if (saves && !saved) {
        start =
            before == null
                ? crossing(0, idleUsd(), point)
                : crossing(before.volume(), before.savingUsd(), point);
      } else if (!saves && saved) {
        intervals.add(
            new RankedWorkload.VolumeRange(
                start, crossing(before.volume(), before.savingUsd(), point)));
        start = Double.NaN;
      }
      before = point;
    }
    if (!Double.isNaN(start)) {
      intervals.add(new RankedWorkload.VolumeRange(start, points.lastKey()));
    }
    return intervals;
  }

  private static double crossing(double volume, double saving, VolumeCurve.Point to) {
    if (saving > 0) {
      return to.savingUsd() > 0
          ? volume
          : volume + (to.volume() - volume) * saving / (saving - to.savingUsd());
    }
    return volume + (to.volume() - volume) * -saving / (to.savingUsd() - saving);
  }
}
