package dev.homeward.replay;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds, by replay, the fewest replicas that meet a service level, and smaller fleets that meet it
 * by sending calls that find them full to the API.
 */
public final class Sizing {
  /** A replica that may hold more calls than 128 is one without a cap. */
  private static final int LARGEST_CAP_LOG = 7;

  private Sizing() {}

  /**
   * A fleet that was replayed.
   *
   * @param options with its replicas and cap
   * @param result what it did
   */
  public record ReplayedFleet(ReplayOptions options, ReplayResult result) {}

  /**
   * Which fleets may be tried.
   *
   * @param leastReplicas no fewer than this; none at all if it is above the most
   * @param mostReplicas no more
   * @param overflowAllowed whether calls may go to the API
   */
  public record Bounds(int leastReplicas, int mostReplicas, boolean overflowAllowed)
      implements Serializable {}

  /**
   * Fleets worth weighing, fewest replicas first.
   *
   * @param replay the tape on the deployment
   * @param base options whose replicas and cap are ignored
   * @return fleets that meet the service level; if none does, the largest fleet tried, so that it
   *     can be shown how far off it is: replayed until it was certain
   */
  public static List<ReplayedFleet> size(Replayer replay, ReplayOptions base, Bounds bounds) {
    if (bounds.leastReplicas > bounds.mostReplicas) {
      return List.of();
    }
    ReplayedFleet least = replayed(replay, base.with(bounds.leastReplicas, ReplayOptions.NO_CAP));
    if (!least.result().meetsServiceLevel() && replay.isMissedAlone(base, mostSlow(replay))) {
      // More replicas do not make a lone call faster, and a router that knows only how many calls
      // are in flight does not pick those that are fast enough.
      return List.of(
          bounds.mostReplicas == bounds.leastReplicas
              ? least
              : replayed(replay, base.with(bounds.mostReplicas, ReplayOptions.NO_CAP)));
    }
    List<ReplayedFleet> found = new ArrayList<>();
    ReplayedFleet fewest = fewestReplicas(replay, base, bounds, least);
    boolean meets = fewest.result().meetsServiceLevel();
    int replicas = meets ? fewest.options().replicas() : bounds.mostReplicas + 1;
    // Powers of two, whatever the most that may be tried: a tighter bound finds the same fleets.
    int count = bounds.leastReplicas;
    while (bounds.overflowAllowed && count < replicas) {
      largestCap(replay, base, count).ifPresent(found::add);
      count = 2 * Integer.highestOneBit(count);
    }
    if (meets || found.isEmpty()) {
      found.add(fewest);
    }
    return found;
  }

  /** The fewest replicas without a cap that meet the level; the most if not even they do. */
  private static ReplayedFleet fewestReplicas(
      Replayer replay, ReplayOptions base, Bounds bounds, ReplayedFleet least) {
    int tooFew = bounds.leastReplicas - 1;
    int enough = bounds.leastReplicas;
    ReplayedFleet best = least;
    while (!best.result().meetsServiceLevel()) {
      if (enough == bounds.mostReplicas) {
        return best;
      }
      tooFew = enough;
      enough = Math.min(bounds.mostReplicas, enough * 2);
      best = replayed(replay, base.with(enough, ReplayOptions.NO_CAP));
    }
    while (enough - tooFew > 1) {
      int middle = (enough + tooFew) >>> 1;
      ReplayedFleet fewer = replayed(replay, base.with(middle, ReplayOptions.NO_CAP));
      if (fewer.result().meetsServiceLevel()) {
        enough = middle;
        best = fewer;
      } else {
        tooFew = middle;
      }
    }
    return best;
  }

  // Caps are powers of two; the smaller one, the sooner a call that is let in is served.
  private static Optional<ReplayedFleet> largestCap(
      Replayer replay, ReplayOptions base, int replicas) {
    int meets = -1;
    int misses = LARGEST_CAP_LOG + 1;
    Optional<ReplayedFleet> best = Optional.empty();
    while (misses - meets > 1) {
      int middle = (meets + misses) >>> 1;
      ReplayedFleet fleet = replayed(replay, base.with(replicas, 1 << middle));
      if (fleet.result().meetsServiceLevel()) {
        best = Optional.of(fleet);
        meets = middle;
      } else {
        misses = middle;
      }
    }
    return best;
  }

  // With more slow calls than a twentieth of all, the 95th percentile is slow: such a replay stops
  // early. One that meets the level has run to its end, so its result is whole.
  private static ReplayedFleet replayed(Replayer replay, ReplayOptions options) {
    return new ReplayedFleet(options, replay.run(options, mostSlow(replay), null));
  }

  private static long mostSlow(Replayer replay) {
    return replay.offeredCalls() / 20L + 1;
  }
}
