package dev.homeward.decision;

import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
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
 */
public record ReplayRequest(
    List<WorkloadCase> workloads,
    Deployment deployment,
    double volume,
    int mostReplicas,
    Optional<ReplayOptions.PrefixCache> prefixCache) {
  public ReplayRequest {
    workloads = List.copyOf(workloads);
    int named = mostBoxes(workloads);
    if (named < Integer.MAX_VALUE) {
      int replicas = Math.multiplyExact(named, deployment.replicasPerBox());
      mostReplicas = leastBoxes(workloads) > 0 ? replicas : Math.min(mostReplicas, replicas);
    }
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
    this(workloads, deployment, volume, mostReplicas, Optional.empty());
  }

  static ReplayRequest of(
      WorkloadCase workload, Candidate candidate, double volume, int mostReplicas) {
    return new ReplayRequest(
        List.of(workload), candidate.deployment().orElseThrow(), volume, mostReplicas);
  }

  /** The same question where the engine finds more or less in its prefix cache. */
  ReplayRequest with(ReplayOptions.PrefixCache other) {
    return new ReplayRequest(workloads, deployment, volume, mostReplicas, Optional.of(other));
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

  /** Calls of the tape to be replayed. */
  public double calls() {
    return volume * workloads.stream().mapToLong(w -> w.profile().calls()).sum();
  }
}
