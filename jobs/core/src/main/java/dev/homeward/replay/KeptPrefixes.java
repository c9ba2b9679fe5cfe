package dev.homeward.replay;

import java.util.Arrays;

/**
 * What a replica of a paged engine holds of each session: the blocks of the session's call that was
 * there last. Those of a call that ended stand in the queue of free blocks until somebody takes
 * them ({@link KvBlocks}); those of a call that runs are there for sure.
 *
 * <p>While a call waits because blocks are missing, steps of the others make it no easier to admit:
 * a block that they take is one free block less, and at most one less that the call finds. So it
 * need not be asked again before a segment ends.
 */
final class KeptPrefixes {
  private static final int NOBODY = -1;

  /** The place of blocks that a running call has. */
  private static final long RUNS = -1;

  private final Offer.Findable calls;
  private final KvBlocks queue;

  // By session: where in the queue, how many, and how many of them are full.
  private final long[] place;
  private final int[] blocks;
  private final int[] whole;

  /** By workload, the session that a call ended of last. */
  private final int[] lastEnded;

  /** Blocks given back before this place are lost. */
  private long from;

  KeptPrefixes(Offer.Findable calls, KvBlocks queue) {
    this.calls = calls;
    this.queue = queue;
    this.place = new long[calls.sessions()];
    this.blocks = new int[calls.sessions()];
    this.whole = new int[calls.sessions()];
    this.lastEnded = new int[calls.workloads];
    Arrays.fill(lastEnded, NOBODY);
  }

  /** The replica holds nothing any more. No call runs on it. */
  void forget() {
    from = queue.tail();
    Arrays.fill(lastEnded, NOBODY);
  }

  // Whole blocks that are here of a session's last call.
  private int held(int session) {
    if (place[session] == RUNS) {
      return whole[session];
    }
    return place[session] < from
        ? 0
        : Math.min(queue.left(place[session], blocks[session]), whole[session]);
  }

  /** Blocks of its session's last call that a call takes over from the queue. */
  int standing(int call) {
    int session = calls.session[call];
    return session < 0 || place[session] == RUNS
        ? 0
        : Math.min(held(session), queue.whole(calls.tokens[call]));
  }

  /**
   * Tokens that a call need not compute: of its session's last call, whether that runs or stands in
   * the queue, or of what all sessions of its workload have, if the one that ended last still has
   * it.
   */
  int tokens(int call) {
    int session = calls.session[call];
    if (session < 0) {
      return 0;
    }
    int found = Math.min(held(session), queue.whole(calls.tokens[call]));
    int common = queue.whole(calls.common[call]);
    int other = lastEnded[calls.workload[session]];
    if (common > found && other != NOBODY) {
      found = Math.max(found, Math.min(held(other), common));
    }
    return queue.tokens(found);
  }

  /** A call begins to run. */
  void begins(int call, int standing, int foundTokens) {
    int session = calls.session[call];
    if (session >= 0) {
      queue.takeInside(place[session], blocks[session], standing);
      place[session] = RUNS;
      whole[session] = queue.whole(foundTokens);
    }
  }

  /** A call's prompt is computed. */
  void prompted(int call, int tokens) {
    int session = calls.session[call];
    if (session >= 0 && place[session] == RUNS) {
      whole[session] = queue.whole(tokens);
    }
  }

  /** A call has ended; its blocks are about to be given back. */
  void ends(int call, int tokens) {
    int session = calls.session[call];
    if (session >= 0) {
      place[session] = queue.tail();
      blocks[session] = queue.of(tokens);
      whole[session] = queue.whole(tokens);
      lastEnded[calls.workload[session]] = session;
    }
  }

  /** A call is preempted: what it had computed is no longer there for sure. */
  void preempted(int call) {
    int session = calls.session[call];
    if (session >= 0 && place[session] == RUNS) {
      whole[session] = 0;
    }
  }
}
