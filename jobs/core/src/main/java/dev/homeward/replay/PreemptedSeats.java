package dev.homeward.replay;

/**
 * Seats of preempted calls, the one to be admitted next last, and where the blocks stand that they
 * gave back.
 */
final class PreemptedSeats {
  private final KvBlocks blocks;
  private final int[] seats;
  private int size;

  // By seat: place among the free blocks, how many, and how many whole ones.
  private final long[] place;
  private final int[] held;
  private final int[] whole;

  PreemptedSeats(int seats, KvBlocks blocks) {
    this.blocks = blocks;
    this.seats = new int[seats];
    this.place = new long[seats];
    this.held = new int[seats];
    this.whole = new int[seats];
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The seat to be admitted next. */
  int next() {
    return seats[size - 1];
  }

  /** A seat gives back the blocks of so many tokens, and some more, which nobody looks for. */
  void add(int seat, int tokens, int more) {
    place[seat] = blocks.tail();
    held[seat] = blocks.of(tokens);
    whole[seat] = blocks.whole(tokens);
    seats[size++] = seat;
    blocks.release(held[seat] + more);
  }

  /** Whole blocks of a seat that nobody has taken since. */
  int found(int seat) {
    return Math.min(blocks.left(place[seat], held[seat]), whole[seat]);
  }

  /** The next seat is admitted and takes so many of its blocks back. */
  void remove(int found) {
    int seat = seats[--size];
    // The first blocks of a seat are the last of those it gave back.
    blocks.takeInside(place[seat], held[seat], found);
  }
}
