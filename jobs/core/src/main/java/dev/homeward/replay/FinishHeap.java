package dev.homeward.replay;

import java.util.Arrays;

/**
 * Decoding seats by the step at which they finish: a binary heap from which any seat can be taken.
 * Ties come in any order: all that finish at a step leave at the same instant.
 */
final class FinishHeap {
  private static final int NONE = -1;

  private final int[] heap;
  private final long[] keys;
  private final int[] at;
  private int size;

  FinishHeap(int seats) {
    this.heap = new int[seats];
    this.keys = new long[seats];
    this.at = new int[seats];
    Arrays.fill(at, NONE);
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean holds(int seat) {
    return at[seat] != NONE;
  }

  /** The seat that finishes first. */
  int first() {
    return heap[0];
  }

  /** When the first one finishes. */
  long firstStep() {
    return keys[0];
  }

  void add(int seat, long finishStep) {
    siftUp(size++, seat, finishStep);
  }

  void remove(int seat) {
    int hole = at[seat];
    at[seat] = NONE;
    int last = heap[--size];
    if (last != seat) {
      long key = keys[size];
      if (hole > 0 && keys[(hole - 1) >> 1] > key) {
        siftUp(hole, last, key);
      } else {
        siftDown(hole, last, key);
      }
    }
  }

  private void siftUp(int from, int seat, long key) {
    int hole = from;
    while (hole > 0) {
      int parent = (hole - 1) >> 1;
      if (keys[parent] <= key) {
        break;
      }
      put(hole, heap[parent], keys[parent]);
      hole = parent;
    }
    put(hole, seat, key);
  }

  private void siftDown(int from, int seat, long key) {
    int hole = from;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && keys[child + 1] < keys[child]) {
        child++;
      }
      if (keys[child] >= key) {
        break;
      }
      put(hole, heap[child], keys[child]);
      hole = child;
    }
    put(hole, seat, key);
  }

  private void put(int hole, int seat, long key) {
    heap[hole] = seat;
    keys[hole] = key;
    at[seat] = hole;
  }
}
