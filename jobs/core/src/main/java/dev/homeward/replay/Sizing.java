package dev.homeward.replay;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/**
 * Finds, by replay, the fewest replicas that meet a service level, and smaller fleets that meet it
 * by sending calls that find them full to the API.
 */
public final class Sizing {
  /** A replica that may hold more calls than 128 is one without a cap. */
  private static final int LARGEST_CAP_LOG = 7;

  private final Replayer replay;
  private final ReplayOptions base;
  private final Bounds bounds;
  private final ReplaysAhead replays;

  private Sizing(Replayer replay, ReplayOptions base, Bounds bounds, SpareThreads spare) {
    this.replay = replay;
    this.base = base;
    this.bounds = bounds;
    this.replays = new ReplaysAhead(replay, spare);
  }

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
    return size(replay, base, bounds, SpareThreads.NONE);
  }

  /**
   * The same, where others help.
   *
   * @param spare run replays that will be needed, and some that may be; the answer is the same
   *     without them
   */
  static List<ReplayedFleet> size(
      Replayer replay, ReplayOptions base, Bounds bounds, SpareThreads spare) {
    if (bounds.leastReplicas > bounds.mostReplicas) {
      return List.of();
    }
    Sizing sizing = new Sizing(replay, base, bounds, spare);
    try {
      return sizing.fleets();
    } finally {
      sizing.replays.close();
    }
  }

  private List<ReplayedFleet> fleets() {
    ReplayedFleet least = uncapped(bounds.leastReplicas);
    if (!least.result().meetsServiceLevel()
        && replay.isMissedAlone(base, ReplaysAhead.mostSlow(replay))) {
      // More replicas do not make a lone call faster, and a router that knows only how many calls
      // are in flight does not pick those that are fast enough.
      return List.of(
          bounds.mostReplicas == bounds.leastReplicas ? least : uncapped(bounds.mostReplicas));
    }
    ReplayedFleet fewest = fewestReplicas(least);
    boolean meets = fewest.result().meetsServiceLevel();
    int replicas = meets ? fewest.options().replicas() : bounds.mostReplicas + 1;
    List<ReplayedFleet> found = new ArrayList<>(capped(replicas));
    if (meets || found.isEmpty()) {
      found.add(fewest);
    }
    return found;
  }

  /** The fewest replicas without a cap that meet the level; the most if not even they do. */
  private ReplayedFleet fewestReplicas(ReplayedFleet least) {
    int tooFew = bounds.leastReplicas - 1;
    int enough = bounds.leastReplicas;
    ReplayedFleet best = least;
    while (!best.result().meetsServiceLevel()) {
      if (enough == bounds.mostReplicas) {
        return best;
      }
      tooFew = enough;
      enough = twice(tooFew);
      if (enough < bounds.mostReplicas) {
        replays.mayAsk(base.with(twice(enough), ReplayOptions.NO_CAP));
      }
      best = uncapped(enough);
    }
    while (enough - tooFew > 1) {
      int middle = (enough + tooFew) >>> 1;
      if (middle - tooFew > 1) {
        // One that meets the level is replayed to its end: time enough for a smaller one.
        replays.mayAsk(base.with((middle + tooFew) >>> 1, ReplayOptions.NO_CAP));
      }
      ReplayedFleet fewer = uncapped(middle);
      if (fewer.result().meetsServiceLevel()) {
        enough = middle;
        best = fewer;
      } else {
        tooFew = middle;
      }
    }
    return best;
  }

  private int twice(int replicas) {
    return Math.min(bounds.mostReplicas, replicas * 2);
  }

  /** With each smaller number of replicas, the largest cap under which the level is met. */
  private List<ReplayedFleet> capped(int fewest) {
    // Powers of two, whatever the most that may be tried: a tighter bound finds the same fleets.
    List<Integer> counts = new ArrayList<>();
    int count = bounds.leastReplicas;
    while (bounds.overflowAllowed && count < fewest) {
      counts.add(count);
      count = 2 * Integer.highestOneBit(count);
    }
    List<ReplayedFleet> found = new ArrayList<>();
    if (counts.isEmpty()) {
      return found;
    }
    // Fleets that are too small are full most of the time, and a full replica is as slow beside
    // others as alone: what one count can hold, the next one mostly can.
    OptionalInt first = largestCap(counts.get(0), OptionalInt.empty(), found);
    List<Callable<List<ReplayedFleet>>> others = new ArrayList<>();
    for (int more : counts.subList(1, counts.size())) {
      others.add(
          () -> {
            List<ReplayedFleet> of = new ArrayList<>();
            largestCap(more, first, of);
            return of;
          });
    }
    replays.all(others).forEach(found::addAll);
    return found;
  }

  /**
   * Caps are powers of two; the smaller one, the sooner a call that is let in is served.
   *
   * @param likely logarithm of the cap that is tried first; empty where nothing is known
   * @param found takes the fleet, if there is one
   * @return logarithm of its cap; -1 if there is none
   */
  private OptionalInt largestCap(int replicas, OptionalInt likely, List<ReplayedFleet> found) {
    int meets = -1;
    int misses = LARGEST_CAP_LOG + 1;
    ReplayedFleet best = null;
    while (misses - meets > 1) {
      int cap = next(meets, misses, likely);
      ReplayOptions options = base.with(replicas, 1 << cap);
      ReplayResult result = replay.run(options, ReplaysAhead.mostSlow(replay), null);
      if (result.meetsServiceLevel()) {
        best = new ReplayedFleet(options, result);
        meets = cap;
      } else {
        misses = cap;
      }
    }
    if (best != null) {
      found.add(best);
    }
    return OptionalInt.of(meets);
  }

  // The likely one, and then its neighbours, as long as they are in question. With nothing to go by
  // first the largest, which a fleet often can hold that falls behind only now and then.
  private static int next(int meets, int misses, OptionalInt likely) {
    if (likely.isEmpty()) {
      return misses > LARGEST_CAP_LOG ? LARGEST_CAP_LOG : (meets + misses) >>> 1;
    }
    int at = Math.max(0, Math.min(LARGEST_CAP_LOG, likely.getAsInt()));
    if (at <= meets) {
      return meets + 1;
    }
    return at >= misses ? misses - 1 : at;
  }

  private ReplayedFleet uncapped(int replicas) {
    return replays.of(base.with(replicas, ReplayOptions.NO_CAP));
  }
}
