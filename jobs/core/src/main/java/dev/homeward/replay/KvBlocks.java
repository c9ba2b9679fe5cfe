package dev.homeward.replay;

/**
 * The blocks of a paged KV cache: how many are free, and how many the decoding sequences will need
 * over steps to come.
 *
 * <p>A sequence needs a block at step s where (context then) mod block is 0. Context grows with the
 * step, so context minus step, modulo the block, its phase, stays what it is while it decodes; how
 * many sequences have each phase tells how many blocks k steps take.
 */
final class KvBlocks {
  private final int block;
  private final int shift;

  /** All there are. */
  final int total;

  int free;

  /** Blocks that calls which reserve their output will have when they end. */
  private int committed;

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
    this.atPhase = new int[block];
  }

  /** Blocks that so many tokens of one sequence take. */
  int of(int tokens) {
    return (tokens + block - 1) >> shift;
  }

  /** Promises blocks to a call; false if they would be more than there are. */
  boolean commit(int blocks) {
    if (committed + blocks > total) {
      return false;
    }
    committed += blocks;
    return true;
  }

  void release(int blocks) {
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

  /** Steps from this one on, at most so many and at least one, for which blocks are free. */
  long stepsUntilNoneIsFree(long from, long most, int decoding) {
    long cycles = free / decoding;
    if (cycles * block >= most) {
      return most;
    }
    long steps = cycles * block;
    long left = free - cycles * decoding;
    while (steps < most) {
      left -= neededAt(from + steps);
      if (left < 0) {
        break;
      }
      steps++;
    }
    return Math.max(1, steps);
  }

  /** Notes the largest share in use. */
  void notePeak(Tally tally) {
    if (free < leastFree) {
      leastFree = free;
      tally.kvPeakShare = Math.max(tally.kvPeakShare, (double) (total - free) / total);
    }
  }
}
