package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import java.util.List;
import java.util.Objects;

/**
 * A fleet of a plan, with all workloads that move to it: what has to be set up.
 *
 * <p>Two are equal if the same deployment served the same calls in the same way: what a replay
 * keeps by hour are arrays, which are not compared.
 *
 * @param deployment fitted to the longest context of its workloads
 * @param replayed the replay of their merged calls that the plan rests on
 * @param workloads in the order in which they move
 */
public record PlannedFleet(
    Deployment deployment, Sizing.ReplayedFleet replayed, List<WorkloadKey> workloads) {
  public PlannedFleet {
    workloads = List.copyOf(workloads);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PlannedFleet fleet
        && deployment.equals(fleet.deployment)
        && workloads.equals(fleet.workloads)
        && replayed.options().equals(fleet.replayed.options())
        && did().equals(fleet.did());
  }

  @Override
  public int hashCode() {
    return Objects.hash(deployment.id(), workloads, replayed.options(), did());
  }

  private List<Object> did() {
    ReplayResult r = replayed.result();
    return List.of(
        r.calls(),
        r.localCalls(),
        r.overflowCalls(),
        r.tooLongCalls(),
        r.apiUse(),
        r.ttftP95Micros(),
        r.tpotP95Micros(),
        r.e2eP95Micros(),
        r.busyNanos(),
        r.meetsServiceLevel());
  }
}
