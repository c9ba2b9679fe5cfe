package dev.homeward.replay;

/** Seats in the order in which they were admitted: a list from which any seat can be taken. */
final class AdmissionOrder {
  static final int NONE = -1;

  private final int[] newer;
  private final int[] older;
  private final long[] number;
  private int newest = NONE;
  private int size;
  private long admissions;

  AdmissionOrder(int seats) {
    this.newer = new int[seats];
    this.older = new int[seats];
    this.number = new long[seats];
  }

  /** The seat admitted last, or {@link #NONE}. */
  int newest() {
    return newest;
  }

  int size() {
    return size;
  }

  /** Where a seat belongs among so many others, which make room for it. */
  int place(int seat, int[] others, int count) {
    int at = count;
    while (at > 0 && number[others[at - 1]] > number[seat]) {
      others[at] = others[at - 1];
      at--;
    }
    return at;
  }

  void append(int seat) {
    newer[seat] = NONE;
    older[seat] = newest;
    if (newest != NONE) {
      newer[newest] = seat;
    }
    newest = seat;
    size++;
    number[seat] = admissions++;
  }

  void remove(int seat) {
    if (older[seat] != NONE) {
      newer[older[seat]] = newer[seat];
    }
    if (newer[seat] == NONE) {
      newest = older[seat];
    } else {
      older[newer[seat]] = older[seat];
    }
    size--;
  }
}
