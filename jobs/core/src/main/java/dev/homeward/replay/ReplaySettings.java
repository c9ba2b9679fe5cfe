package dev.homeward.replay;

import dev.homeward.calls.BilledTape;
import dev.homeward.catalog.Acquisition;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What all replays of a review have in common.
 *
 * @param fromMicros start of the observed span
 * @param toMicros its end, exclusive
 * @param dayOffsetMicros offset of the business day from the UTC day
 * @param closedLoop whether sessions keep their think time
 */
public record ReplaySettings(
    long fromMicros,
    long toMicros,
    ReplayOptions.PrefixCache prefixCache,
    ReplayOptions.Lengths lengths,
    long dayOffsetMicros,
    boolean closedLoop)
    implements Serializable {

  private static final double SECONDS_PER_MINUTE = 60;

  /** Length of the observed span. */
  public long observedMicros() {
    return toMicros - fromMicros;
  }

  /** The same with another prefix cache. */
  public ReplaySettings with(ReplayOptions.PrefixCache other) {
    return new ReplaySettings(fromMicros, toMicros, other, lengths, dayOffsetMicros, closedLoop);
  }

  /** Options of a replay on this deployment; its replicas and cap are for the sizing to choose. */
  public ReplayOptions options(Deployment deployment, ServiceLevel level) {
    Acquisition acquisition = deployment.hardware().acquisition();
    ReplayOptions kept =
        new ReplayOptions(
            1,
            ReplayOptions.NO_CAP,
            prefixCache,
            level,
            acquisition.hoursPerDay(),
            acquisition.startHour(),
            dayOffsetMicros,
            closedLoop,
            ReplayOptions.NEVER,
            0);
    return acquisition.startedAndStopped()
        ? kept.withRelease(
            micros(acquisition.releaseAfterMinutes() * SECONDS_PER_MINUTE),
            micros(acquisition.startMinutes() * SECONDS_PER_MINUTE + deployment.loadSeconds()))
        : kept;
  }

  private static long micros(double seconds) {
    return Math.round(seconds * TimeUnits.MICROS_PER_SECOND);
  }

  /**
   * The fleets worth weighing for the calls of some workloads.
   *
   * @param tapes by workload
   * @param levels by workload
   * @param volume multiple of the logged volume
   * @param bounds which fleets may be tried
   */
  public List<Sizing.ReplayedFleet> size(
      List<BilledTape> tapes,
      List<ServiceLevel> levels,
      Deployment deployment,
      double volume,
      Sizing.Bounds bounds) {
    return size(tapes, levels, deployment, volume, bounds, SpareThreads.NONE);
  }

  /** Likewise, where spare threads help; the answer is the same. */
  public List<Sizing.ReplayedFleet> size(
      List<BilledTape> tapes,
      List<ServiceLevel> levels,
      Deployment deployment,
      double volume,
      Sizing.Bounds bounds,
      SpareThreads spare) {
    return Sizing.size(
        replayer(tapes, levels, deployment, volume),
        options(deployment, SharedReplay.loosest(levels)),
        bounds,
        spare);
  }

  private Replayer replayer(
      List<BilledTape> tapes, List<ServiceLevel> levels, Deployment deployment, double volume) {
    List<BilledTape> scaled = new ArrayList<>();
    for (BilledTape tape : tapes) {
      scaled.add(tape.scaled(volume, fromMicros, toMicros));
    }
    return scaled.size() == 1
        ? new Replay(scaled.get(0), deployment, prefixCache, lengths, observedMicros())
        : new SharedReplay(
            BilledTape.merge(scaled.get(0).tape.key, scaled),
            levels,
            deployment,
            prefixCache,
            lengths,
            observedMicros());
  }

  /** Likewise, of calls that somebody else holds. */
  public List<Sizing.ReplayedFleet> size(
      Replayer replayer, List<ServiceLevel> levels, Deployment deployment, Sizing.Bounds bounds) {
    return Sizing.size(replayer, options(deployment, SharedReplay.loosest(levels)), bounds);
  }
}
