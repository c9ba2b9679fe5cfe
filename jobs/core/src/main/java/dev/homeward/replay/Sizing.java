package dev.homeward.replay;

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
   * Fleets worth weighing, fewest replicas first.
   *
   * @param replay the tape on the deployment
   * @param base options whose replicas and cap are ignored
   * @param mostReplicas no more than this are tried
   * @param overflowAllowed whether calls may go to the API
   * @return fleets that meet the service level; if none does, the largest fleet tried, so that it
   *     can be shown how far off it is
   */
  public static List<ReplayedFleet> size(
      Replayer replay, ReplayOptions base, int mostReplicas, boolean overflowAllowed) {
    List<ReplayedFleet> found = new ArrayList<>();
    Optional<ReplayedFleet> fewest = fewestReplicas(replay, base, mostReplicas);
    int replicas = fewest.map(f -> f.options().replicas()).orElse(mostReplicas + 1);
    // Powers of two, whatever the most that may be tried: a tighter bound finds the same fleets.
    for (int count = 1; overflowAllowed && count < replicas; count *= 2) {
      largestCap(replay, base, count).ifPresent(found::add);
    }
    if (fewest.isPresent()) {
      found.add(fewest.get());
    } else if (found.isEmpty()) {
      ReplayOptions most = base.with(mostReplicas, ReplayOptions.NO_CAP);
      found.add(new ReplayedFleet(most, replay.run(most, Long.MAX_VALUE, null)));
    }
    return found;
  }

  /** The fewest replicas without a cap that meet the level; empty if not even the most do. */
  private static Optional<ReplayedFleet> fewestReplicas(
      Replayer replay, ReplayOptions base, int most) {
    int tooFew = 0;
    int enough = 1;
    Optional<ReplayedFleet> best = meeting(replay, base.with(enough, ReplayOptions.NO_CAP));
    while (best.isEmpty()) {
      tooFew = enough;
      if (enough == most) {
        return Optional.empty();
      }
      enough = Math.min(most, enough * 2);
      best = meeting(replay, base.with(enough, ReplayOptions.NO_CAP));
    }
    while (enough - tooFew > 1) {
      int middle = (enough + tooFew) >>> 1;
      Optional<ReplayedFleet> fewer = meeting(replay, base.with(middle, ReplayOptions.NO_CAP));
      if (fewer.isPresent()) {
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
      Optional<ReplayedFleet> fleet = meeting(replay, base.with(replicas, 1 << middle));
      if (fleet.isPresent()) {
        best = fleet;
        meets = middle;
      } else {
        misses = middle;
      }
    }
    return best;
  }

  // With more slow calls than a twentieth of all, the 95th percentile is slow, overflow or not:
  // such a
  // replay stops early. One that meets the level has run to its end, so its result is whole.
  private static Optional<ReplayedFleet> meeting(Replayer replay, ReplayOptions options) {
    ReplayResult result = replay.run(options, replay.offeredCalls() / 20 + 1, null);
    return result.meetsServiceLevel()
        ? Optional.of(new ReplayedFleet(options, result))
        : Optional.empty();
  }
}
