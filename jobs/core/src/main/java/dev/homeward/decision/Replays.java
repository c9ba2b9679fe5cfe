package dev.homeward.decision;

import dev.homeward.replay.Sizing;
import java.util.List;

/** Answers questions to the replay: on a cluster, here, or from what was replayed before. */
public interface Replays {
  /**
   * The fleets worth weighing for each request, in the order of the requests; those that meet the
   * service level, or the largest one tried if none does.
   */
  List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests);
}
