package dev.homeward.replay;

/** Seats that no call has, the one given back last first. */
final class FreeSeats {
  private final int[] seats;
  private int count;

  /** All of them are free; those of low numbers come first. */
  FreeSeats(int all) {
    this.seats = new int[all];
    this.count = all;
    for (int seat = 0; seat < all; seat++) {
      seats[seat] = all - 1 - seat;
    }
  }

  int next() {
    return seats[count - 1];
  }

  void takeNext() {
    count--;
  }

  void giveBack(int seat) {
    seats[count++] = seat;
  }
}
