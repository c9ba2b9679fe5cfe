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
 */
public record ReplayRequest(List<WorkloadCase> workloads, Deployment deployment, double volume) {
  public ReplayRequest {
    workloads = List.copyOf(workloads);
  }

  static ReplayRequest of(WorkloadCase workload, Candidate candidate, double volume) {
    return new ReplayRequest(List.of(workload), candidate.deployment().orElseThrow(), volume);
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
