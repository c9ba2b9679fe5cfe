package dev.homeward.replay;

import java.util.Arrays;

/**
 * Decoding seats by the step at which they finish, from which any seat can be taken. The next
 * {@link #RING} steps have a list of seats each, in a ring, and a bit that says whether it has any;
 * those who finish later are in a heap. Adding, taking and finding the next step that has any take
 * a few operations, whatever the number of seats.
 */
final class FinishSteps {
  /** No step: nobody decodes. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int NONE = -1;

  /** A bit a step: words of 64 steps, of which one word says which have any. */
  private static final int RING = 64 * 64;

  // By step of the ring, its first seat, and by seat the others; by seat, its step.
  private final int[] head = new int[RING];
  private final int[] next;
  private final int[] before;
  private final long[] finish;
  private final long[] used = new long[RING / 64];
  private long usedWords;

  private final FinishHeap far;

  /** The first step at which any seat finishes. */
  private long first = NEVER;

  FinishSteps(int seats) {
    this.next = new int[seats];
    this.before = new int[seats];
    this.finish = new long[seats];
    this.far = new FinishHeap(seats);
    Arrays.fill(finish, NEVER);
  }

  boolean holds(int seat) {
    return finish[seat] != NEVER;
  }

  /** The first step at which any seat finishes; {@link #NEVER} where there is none. */
  long firstStep() {
    return first;
  }

  /** A seat that finishes at the first step. */
  int first() {
    int at = (int) first & (RING - 1);
    return (used[at >> 6] >>> at & 1) != 0 && finish[head[at]] == first ? head[at] : far.first();
  }

  /**
   * A seat finishes at a later step.
   *
   * @param step the current one: nobody who is here finishes earlier
   */
  void add(int seat, long step, long finishStep) {
    finish[seat] = finishStep;
    first = Math.min(first, finishStep);
    if (finishStep - step >= RING) {
      far.add(seat, finishStep);
      return;
    }
    int at = (int) finishStep & (RING - 1);
    long bit = 1L << at;
    long word = used[at >> 6];
    int other = (word & bit) == 0 ? NONE : head[at];
    head[at] = seat;
    next[seat] = other;
    before[seat] = NONE;
    if (other == NONE) {
      used[at >> 6] = word | bit;
      usedWords |= 1L << (at >> 6);
    } else {
      before[other] = seat;
    }
  }

  void remove(int seat) {
    long finishStep = finish[seat];
    finish[seat] = NEVER;
    if (far.holds(seat)) {
      far.remove(seat);
    } else {
      removeFromRing(seat, (int) finishStep & (RING - 1));
    }
    if (finishStep == first) {
      first = Math.min(firstOfRing(finishStep), far.isEmpty() ? NEVER : far.firstStep());
    }
  }

  private void removeFromRing(int seat, int at) {
    int later = next[seat];
    int earlier = before[seat];
    if (later != NONE) {
      before[later] = earlier;
    }
    if (earlier != NONE) {
      next[earlier] = later;
    } else if (later != NONE) {
      head[at] = later;
    } else {
      int word = at >> 6;
      used[word] &= ~(1L << at);
      usedWords = used[word] == 0 ? usedWords & ~(1L << word) : usedWords;
    }
  }

  // The first step from this one on, of the ring.
  private long firstOfRing(long from) {
    if (usedWords == 0) {
      return NEVER;
    }
    int at = (int) from & (RING - 1);
    int word = at >> 6;
    long rest = used[word] & (-1L << at);
    int found;
    if (rest != 0) {
      found = (word << 6) + Long.numberOfTrailingZeros(rest);
    } else {
      // Words in the order of steps: the next one comes first, the one just looked at last.
      int ahead = Long.numberOfTrailingZeros(Long.rotateRight(usedWords, word + 1)) + 1;
      int of = (word + ahead) & 63;
      found = (of << 6) + Long.numberOfTrailingZeros(used[of]);
    }
    return from + ((found - at) & (RING - 1));
  }
}
