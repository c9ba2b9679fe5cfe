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

  /**
   * The same fleets for the same calls at other prices: what they do is known, what their overflow
   * costs is not. Whoever knows no shorter way finds them again.
   *
   * @param fleets by request, as they were at the old prices
   */
  default List<List<Sizing.ReplayedFleet>> again(
      List<ReplayRequest> requests, List<List<Sizing.ReplayedFleet>> fleets) {
    return of(requests);
  }
}
