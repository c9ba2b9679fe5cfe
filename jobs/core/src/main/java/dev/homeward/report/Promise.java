package dev.homeward.report;

import dev.homeward.calls.ApiUse;
import dev.homeward.calls.WorkloadKey;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a review promised of one move of its plan.
 *
 * @param month of that review, YYYY-MM
 * @param reviewId its id
 * @param key what was to move
 * @param localModel onto which local model
 * @param hardware on which box
 * @param callsPerDay of that month, where the log covered it
 * @param overflowShare share of calls of the fleet that were to go to the API all the same; empty
 *     if the review does not hold its replay
 * @param ttftP95Millis replayed; where several workloads share the fleet, the limit that this one
 *     was held to; likewise the other times
 * @param workloadsOnFleet how many share it
 * @param savingUsd a month: its part of the plan's saving
 * @param fleetUsd a month: its part of what the fleet costs; empty if it cannot be told apart
 * @param use what its calls took of the API then
 * @param promptTokenRatio tokens of the local model for one of the hosted one
 * @param outputTokenRatio likewise of output
 */
public record Promise(
    String month,
    String reviewId,
    WorkloadKey key,
    String localModel,
    String hardware,
    double callsPerDay,
    OptionalDouble overflowShare,
    OptionalDouble ttftP95Millis,
    OptionalDouble tpotP95Millis,
    OptionalDouble e2eP95Millis,
    int workloadsOnFleet,
    OptionalDouble savingUsd,
    OptionalDouble fleetUsd,
    List<ApiUse.Line> use,
    double promptTokenRatio,
    double outputTokenRatio) {

  public Promise {
    use = List.copyOf(use);
  }

  /** Whether the times are those of another promise too. */
  boolean isOnFleetOf(Promise other) {
    return ttftP95Millis.equals(other.ttftP95Millis)
        && tpotP95Millis.equals(other.tpotP95Millis)
        && e2eP95Millis.equals(other.e2eP95Millis);
  }
}
