package dev.homeward.decision;

import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sample;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A question to the replay: which fleets of a deployment serve these workloads at so many times
 * their volume?
 *
 * @param workloads whose tapes are merged; at least one
 * @param deployment that all of them run on
 * @param volume multiple of what the log shows; whole sessions are kept or repeated
 * @param mostReplicas no fleet is larger; where the policy says how many boxes, those of them
 * @param prefixCache instead of the settings'
 * @param sample whether some days of a long tape may stand for the others; of one that is no longer
 *     than a window, or of few days, all are replayed
 */
public record ReplayRequest(
    List<WorkloadCase> workloads,
    Deployment deployment,
    double volume,
    int mostReplicas,
    Optional<ReplayOptions.PrefixCache> prefixCache,
    boolean sample) {
  public ReplayRequest {
    workloads = List.copyOf(workloads);
    sample &= calls(workloads, volume) > WindowedReplay.mostCallsOfWindow() && haveDays(workloads);
    int named = mostBoxes(workloads);
    if (named < Integer.MAX_VALUE) {
      int replicas = Math.multiplyExact(named, deployment.replicasPerBox());
      mostReplicas = leastBoxes(workloads) > 0 ? replicas : Math.min(mostReplicas, replicas);
    }
  }

  private static boolean haveDays(List<WorkloadCase> workloads) {
    long first = workloads.stream().mapToLong(w -> w.profile().firstMicros()).min().orElse(0);
    long last = workloads.stream().mapToLong(w -> w.profile().lastMicros()).max().orElse(0);
    return last - first >= Sample.FEWEST_DAYS * TimeUnits.MICROS_PER_DAY;
  }

  // Of several workloads on one fleet, what each of them says holds.
  private static int mostBoxes(List<WorkloadCase> workloads) {
    return workloads.stream()
        .map(WorkloadCase::policy)
        .flatMapToInt(p -> IntStream.concat(p.boxes().stream(), p.mostBoxes().stream()))
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  private static int leastBoxes(List<WorkloadCase> workloads) {
    return workloads.stream().flatMapToInt(w -> w.policy().boxes().stream()).max().orElse(0);
  }

  /** A question under the settings' prefix cache. */
  public ReplayRequest(
      List<WorkloadCase> workloads, Deployment deployment, double volume, int mostReplicas) {
    this(workloads, deployment, volume, mostReplicas, Optional.empty(), false);
  }

  static ReplayRequest of(
      WorkloadCase workload, Candidate candidate, double volume, int mostReplicas) {
    return new ReplayRequest(
        List.of(workload), candidate.deployment().orElseThrow(), volume, mostReplicas);
  }

  /** The same question where the engine finds more or less in its prefix cache. */
  ReplayRequest with(ReplayOptions.PrefixCache other) {
    return new ReplayRequest(
        workloads, deployment, volume, mostReplicas, Optional.of(other), sample);
  }

  /** The same question, where an estimate will do. */
  ReplayRequest sampled() {
    return new ReplayRequest(workloads, deployment, volume, mostReplicas, prefixCache, true);
  }

  /**
   * The replicas on a number of boxes, at most the limit. Boxes are rounded up to a power of two,
   * so that a small change of a price still asks for the same replays.
   */
  static int replicas(Deployment deployment, double boxes, int limit) {
    long rounded = 1;
    while (rounded < boxes && rounded < limit) {
      rounded *= 2;
    }
    return (int) Math.min(limit, rounded * deployment.replicasPerBox());
  }

  /** No fleet is smaller; 1 unless the policy says how many boxes. */
  public int leastReplicas() {
    return Math.max(1, leastBoxes(workloads) * deployment.replicasPerBox());
  }

  /** Whether calls may overflow to the API: only if those of all workloads may. */
  public boolean overflowAllowed() {
    return workloads.stream().allMatch(WorkloadCase::mayOverflow);
  }

  /** Which fleets may be tried. */
  public Sizing.Bounds bounds() {
    return new Sizing.Bounds(leastReplicas(), mostReplicas, overflowAllowed());
  }

  /** Whether it is replayed window by window. */
  public boolean isCut() {
    return sample || WindowedReplay.isLong(calls());
  }

  /** Calls of the tape to be replayed. */
  public double calls() {
    return calls(workloads, volume);
  }

  private static double calls(List<WorkloadCase> workloads, double volume) {
    return volume * workloads.stream().mapToLong(w -> w.profile().calls()).sum();
  }
}
