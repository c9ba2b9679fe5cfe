package dev.homeward.calls;

import java.util.Arrays;

/** Sorts row numbers by a comparison of rows, stably, without an object a row. */
final class IndexSort {
  private static final int INSERTION = 8;

  /** Compares two rows. */
  interface RowOrder {
    int compare(int a, int b);
  }

  private IndexSort() {}

  /** The numbers 0 to size - 1 in order. Runs that are in order already are not merged again. */
  static int[] sort(int size, RowOrder order) {
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      rows[i] = i;
    }
    sort(rows, order);
    return rows;
  }

  /**
   * The numbers 0 to size - 1 in the order of a key each, ties as they stand. Key and number are
   * sorted as one where they fit into one, which keeps runs that are in order already.
   */
  static int[] byKey(long[] keys, int size) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, keys[i]);
      most = Math.max(most, keys[i]);
    }
    int bits = 32 - Integer.numberOfLeadingZeros(Math.max(size, 2) - 1);
    if (size == 0 || most - least < 0 || most - least >= 1L << (63 - bits)) {
      return sort(size, (a, b) -> Long.compare(keys[a], keys[b]));
    }
    long[] packed = new long[size];
    for (int i = 0; i < size; i++) {
      packed[i] = keys[i] - least << bits | i;
    }
    Arrays.sort(packed);
    int[] rows = new int[size];
    for (int i = 0; i < size; i++) {
      rows[i] = (int) (packed[i] & (1L << bits) - 1);
    }
    return rows;
  }

  /** Brings these row numbers in order. */
  static void sort(int[] rows, RowOrder order) {
    sort(rows, new int[rows.length], 0, rows.length, order);
  }

  private static void sort(int[] rows, int[] spare, int from, int to, RowOrder order) {
    if (to - from <= INSERTION) {
      for (int i = from + 1; i < to; i++) {
        int row = rows[i];
        int at = i - 1;
        while (at >= from && order.compare(rows[at], row) > 0) {
          rows[at + 1] = rows[at];
          at--;
        }
        rows[at + 1] = row;
      }
      return;
    }
    int middle = (from + to) >>> 1;
    sort(rows, spare, from, middle, order);
    sort(rows, spare, middle, to, order);
    if (order.compare(rows[middle - 1], rows[middle]) <= 0) {
      return;
    }
    System.arraycopy(rows, from, spare, from, middle - from);
    int left = from;
    int right = middle;
    int out = from;
    while (left < middle && right < to) {
      rows[out++] = order.compare(spare[left], rows[right]) <= 0 ? spare[left++] : rows[right++];
    }
    System.arraycopy(spare, left, rows, out, middle - left);
  }
}
