package dev.homeward.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds, by replay, the fewest replicas that meet a service level, and smaller fleets that meet it
 * by sending calls that find them full to the API.
 */
public final class Sizing {
  private static final int LARGEST_CAP = 128;

  private Sizing() {}

  /**
   * A fleet that was replayed.
   *
   * @param options with its replicas and cap
   * @param result what it did
   */
  public record Alternative(ReplayOptions options, ReplayResult result) {}

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
  public static List<Alternative> size(
      Replay replay, ReplayOptions base, int mostReplicas, boolean overflowAllowed) {
    List<Alternative> found = new ArrayList<>();
    int fewest = fewestReplicas(replay, base, mostReplicas);
    TreeSet<Integer> smaller = new TreeSet<>();
    if (overflowAllowed && fewest != 1) {
      int limit = fewest == 0 ? mostReplicas : fewest - 1;
      smaller.add(1);
      smaller.add(Math.max(1, limit / 2));
      smaller.add(limit);
    }
    for (int replicas : smaller) {
      Alternative capped = largestCap(replay, base, replicas);
      if (capped != null) {
        found.add(capped);
      }
    }
    if (fewest > 0) {
      found.add(run(replay, base, fewest, ReplayOptions.NO_CAP));
    } else if (found.isEmpty()) {
      found.add(run(replay, base, mostReplicas, ReplayOptions.NO_CAP));
    }
    return found;
  }

  /** The fewest replicas without a cap that meet the level; 0 if not even the most do. */
  private static int fewestReplicas(Replay replay, ReplayOptions base, int most) {
    int tooFew = 0;
    int enough = 1;
    while (!meets(replay, base, enough)) {
      tooFew = enough;
      if (enough == most) {
        return 0;
      }
      enough = Math.min(most, enough * 2);
    }
    while (enough - tooFew > 1) {
      int middle = (enough + tooFew) >>> 1;
      if (meets(replay, base, middle)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return enough;
  }

  private static Alternative largestCap(Replay replay, ReplayOptions base, int replicas) {
    for (int cap = LARGEST_CAP; cap >= 1; cap /= 2) {
      if (meets(replay, with(base, replicas, cap), mostSlow(replay))) {
        return run(replay, base, replicas, cap);
      }
    }
    return null;
  }

  private static boolean meets(Replay replay, ReplayOptions base, int replicas) {
    return meets(replay, with(base, replicas, ReplayOptions.NO_CAP), mostSlow(replay));
  }

  private static boolean meets(Replay replay, ReplayOptions options, long mostSlow) {
    return replay.run(options, mostSlow, null).meetsServiceLevel();
  }

  // With more slow calls than a twentieth of all, the 95th percentile is slow, overflow or not.
  private static long mostSlow(Replay replay) {
    return replay.offeredCalls() / 20 + 1;
  }

  private static Alternative run(Replay replay, ReplayOptions base, int replicas, int cap) {
    ReplayOptions options = with(base, replicas, cap);
    return new Alternative(options, replay.run(options));
  }

  private static ReplayOptions with(ReplayOptions o, int replicas, int cap) {
    return new ReplayOptions(
        replicas,
        cap,
        o.prefixCache(),
        o.serviceLevel(),
        o.hoursPerDay(),
        o.startHour(),
        o.dayOffsetMicros());
  }
}
