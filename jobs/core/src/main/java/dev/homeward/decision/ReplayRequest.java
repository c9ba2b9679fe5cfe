package dev.homeward.decision;

import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.serving.Deployment;
import java.util.List;

/**
 * A question to the replay: which fleets of a deployment serve these workloads at so many times
 * their volume?
 *
 * @param workloads whose tapes are merged; at least one
 * @param deployment that all of them run on
 * @param volume multiple of what the log shows; whole sessions are kept or repeated
 * @param mostReplicas no fleet is larger
 */
public record ReplayRequest(
    List<WorkloadCase> workloads, Deployment deployment, double volume, int mostReplicas) {
  public ReplayRequest {
    workloads = List.copyOf(workloads);
  }

  static ReplayRequest of(
      WorkloadCase workload, Candidate candidate, double volume, int mostReplicas) {
    return new ReplayRequest(
        List.of(workload), candidate.deployment().orElseThrow(), volume, mostReplicas);
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

  /** Whether calls may overflow to the API: only if those of all workloads may. */
  public boolean overflowAllowed() {
    return workloads.stream().noneMatch(WorkloadCase::mustBeLocal);
  }

  /** Calls of the tape to be replayed. */
  public double calls() {
    return volume * workloads.stream().mapToLong(w -> w.profile().calls()).sum();
  }
}
