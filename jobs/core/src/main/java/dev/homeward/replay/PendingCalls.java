package dev.homeward.replay;

/**
 * The calls of closed sessions that wait to be sent: a heap by time, ties by call. A call joins
 * when the call before it in its session ends.
 */
final class PendingCalls {
  static final long NONE = Long.MAX_VALUE;

  private final Offer.Chains chains;
  private final long[] time;
  private final int[] call;
  private int size;

  PendingCalls(Offer.Chains chains) {
    this.chains = chains;
    this.time = new long[chains.count + 1];
    this.call = new int[chains.count + 1];
  }

  /** A call ended, as its caller sees it: the next one of its session is sent after think time. */
  void ended(int ended, long endPicos) {
    int next = chains.next[ended];
    if (next >= 0) {
      push(endPicos + chains.thinkPicos[next], next);
    }
  }

  /** When the first waiting call is sent; {@link #NONE} if none waits. */
  long firstTime() {
    return size == 0 ? NONE : time[0];
  }

  /** The first waiting call. */
  int firstCall() {
    return call[0];
  }

  void removeFirst() {
    size--;
    sink(0, time[size], call[size]);
  }

  private void push(long at, int added) {
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >> 1;
      if (before(time[parent], call[parent], at, added)) {
        break;
      }
      time[hole] = time[parent];
      call[hole] = call[parent];
      hole = parent;
    }
    time[hole] = at;
    call[hole] = added;
  }

  private void sink(int from, long at, int moved) {
    int hole = from;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(time[child + 1], call[child + 1], time[child], call[child])) {
        child++;
      }
      if (before(at, moved, time[child], call[child])) {
        break;
      }
      time[hole] = time[child];
      call[hole] = call[child];
      hole = child;
    }
    time[hole] = at;
    call[hole] = moved;
  }

  private static boolean before(long t1, int c1, long t2, int c2) {
    return t1 < t2 || (t1 == t2 && c1 < c2);
  }
}
