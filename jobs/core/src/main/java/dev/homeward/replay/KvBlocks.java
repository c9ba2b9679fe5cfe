package dev.homeward.replay;

import java.util.Arrays;

/**
 * The blocks of a paged KV cache: how many are free, and how many the decoding sequences will need
 * over steps to come.
 *
 * <p>A sequence needs a block at step s where (context then) mod block is 0. Context grows with the
 * step, so context minus step, modulo the block, its phase, stays what it is while it decodes; how
 * many sequences have each phase tells how many blocks k steps take.
 *
 * <p>Free blocks stand in a queue: taken at the head, given back at the tail, a call's last block
 * first. A preempted call, or the next call of a session, finds those blocks again that nobody has
 * taken since, and takes them from where they stand. Places are counted from the first block that
 * ever stood in the queue and never change; those that were taken inside are holes, which the head
 * skips when it comes to them.
 */
final class KvBlocks {
  private static final long NOT_ASKED = -1;

  private final int block;
  private final int shift;

  /** All there are. */
  final int total;

  private int free;

  /** Place of the head: blocks taken from it since the start, and holes that it has skipped. */
  private long head;

  /** Place that the next block given back will have. */
  private long tail;

  // Holes that the head has not come to, a heap by place.
  private long[] holeAt = new long[16];
  private int[] holeBlocks = new int[16];
  private int holes;

  /** Blocks that calls which reserve their output will have when they end. */
  private int committed;

  // How many steps were asked for last, and the blocks for them.
  private long askedSteps = NOT_ASKED;
  private int askedNeeded;

  private int leastFree = Integer.MAX_VALUE;
  private final int[] atPhase;

  /**
   * @param block tokens of a block, a power of two
   * @param tokens of the whole cache
   */
  KvBlocks(int block, long tokens) {
    this.block = block;
    this.shift = Integer.numberOfTrailingZeros(block);
    this.total = (int) Math.min(Integer.MAX_VALUE, tokens / block);
    this.free = total;
    this.tail = total;
    this.atPhase = new int[block];
  }

  /** Blocks that so many tokens of one sequence take. */
  int of(int tokens) {
    return (tokens + block - 1) >> shift;
  }

  int free() {
    return free;
  }

  /** Takes the blocks at the head of the queue. */
  void take(long blocks) {
    free -= (int) blocks;
    head += blocks;
  }

  /** Undoes the last taking. */
  void putBack(int blocks) {
    take(-blocks);
  }

  /** Gives blocks back, at the tail of the queue. */
  void release(long blocks) {
    free += (int) blocks;
    tail += blocks;
  }

  /** Where blocks that are given back next will stand. */
  long tail() {
    return tail;
  }

  /**
   * How many of the blocks given back at a place nobody has taken since. What was put back by then
   * is taken again before the next question: the head does not go back over a hole.
   */
  int left(long place, int blocks) {
    while (holes > 0 && holeAt[0] <= head) {
      head += holeBlocks[0];
      removeFirstHole();
    }
    return (int) Math.max(0, Math.min(blocks, place + blocks - head));
  }

  /** Takes the last of the blocks given back at a place, which nobody has taken since. */
  void takeInside(long place, int blocks, int last) {
    free -= last;
    if (last > 0) {
      addHole(place + blocks - last, last);
    }
  }

  private void addHole(long at, int size) {
    if (holes == holeAt.length) {
      holeAt = Arrays.copyOf(holeAt, 2 * holes);
      holeBlocks = Arrays.copyOf(holeBlocks, 2 * holes);
    }
    int hole = holes++;
    while (hole > 0 && holeAt[(hole - 1) >> 1] > at) {
      int parent = (hole - 1) >> 1;
      holeAt[hole] = holeAt[parent];
      holeBlocks[hole] = holeBlocks[parent];
      hole = parent;
    }
    holeAt[hole] = at;
    holeBlocks[hole] = size;
  }

  private void removeFirstHole() {
    holes--;
    long at = holeAt[holes];
    int hole = 0;
    for (int child = 1; child < holes; child = 2 * hole + 1) {
      if (child + 1 < holes && holeAt[child + 1] < holeAt[child]) {
        child++;
      }
      if (holeAt[child] >= at) {
        break;
      }
      holeAt[hole] = holeAt[child];
      holeBlocks[hole] = holeBlocks[child];
      hole = child;
    }
    holeAt[hole] = at;
    holeBlocks[hole] = holeBlocks[holes];
  }

  /** Tokens of so many whole blocks. */
  int tokens(int blocks) {
    return blocks << shift;
  }

  /** Whole blocks of so many tokens. */
  int whole(int tokens) {
    return tokens >> shift;
  }

  /** Promises blocks to a call; false if they would be more than there are. */
  boolean commit(int blocks) {
    if (committed + blocks > total) {
      return false;
    }
    committed += blocks;
    return true;
  }

  void breakPromise(int blocks) {
    committed -= blocks;
  }

  /** A sequence with this context begins to decode at this step. */
  void enter(int context, long step) {
    atPhase[phase(context, step)]++;
  }

  /** A sequence that began so decodes no more. */
  void leave(int context, long step) {
    atPhase[phase(context, step)]--;
  }

  private int phase(int context, long step) {
    return (int) (context - step) & (block - 1);
  }

  /** Sequences that need a block at this step. */
  int neededAt(long step) {
    return atPhase[(int) -step & (block - 1)];
  }

  /** Blocks that so many sequences need over so many steps from this one on. */
  long needed(long from, long steps, int decoding) {
    long needed = (steps >> shift) * decoding;
    long rest = steps & (block - 1);
    for (long ahead = 0; ahead < rest; ahead++) {
      needed += neededAt(from + ahead);
    }
    return needed;
  }

  /** Takes the blocks that so many sequences need over so many steps from this one on. */
  void takeNeeded(long from, long steps, int decoding) {
    take(steps == askedSteps ? askedNeeded : needed(from, steps, decoding));
    askedSteps = NOT_ASKED;
  }

  /**
   * Steps from this one on, at most so many and at least one, for which blocks are free. Nobody
   * begins or ends to decode before blocks for some of them are {@link #takeNeeded taken}.
   */
  long stepsUntilNoneIsFree(long from, long most, int decoding) {
    askedSteps = NOT_ASKED;
    long cycles = free / decoding;
    if (cycles * block >= most) {
      return most;
    }
    long steps = cycles * block;
    int left = (int) (free - cycles * decoding);
    while (steps < most) {
      int needed = neededAt(from + steps);
      if (needed > left) {
        break;
      }
      left -= needed;
      steps++;
    }
    askedSteps = steps;
    askedNeeded = free - left;
    return Math.max(1, steps);
  }

  /** Notes the largest share in use. */
  void notePeak(Tally tally) {
    notePeak(tally, free);
  }

  /** Likewise where so many blocks were free. */
  void notePeak(Tally tally, long free) {
    if (free < leastFree) {
      leastFree = (int) free;
      tally.kvPeakShare = Math.max(tally.kvPeakShare, (double) (total - free) / total);
    }
  }
}
