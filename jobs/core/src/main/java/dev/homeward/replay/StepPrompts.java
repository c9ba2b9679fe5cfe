package dev.homeward.replay;

/** Prompts, or chunks of them, of the step that is put together or under way. */
final class StepPrompts {
  private final int[] seats;
  int count;

  /** Tokens of them all. */
  int tokens;

  /** Their pairs of query and key. */
  long pairs;

  StepPrompts(int seats) {
    this.seats = new int[seats];
  }

  /** The next step has none yet. */
  void clear() {
    count = 0;
    tokens = 0;
    pairs = 0;
  }

  /** A seat computes so many tokens after so many. */
  void add(int seat, int before, int chunk) {
    pairs += RepeatedPrefill.pairs(before, chunk);
    tokens += chunk;
    seats[count++] = seat;
  }

  /** The seat of one of them, in the order in which they were added. */
  int seat(int which) {
    return seats[which];
  }
}
