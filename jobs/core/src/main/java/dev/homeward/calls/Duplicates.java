package dev.homeward.calls;

import dev.homeward.calls.CallIds.IdColumn;
import java.util.Arrays;

/**
 * Finds copies of one call. The result depends on the set of rows only, not on their order or on
 * how they were partitioned, as long as rows that share an id are together.
 *
 * <p>Rows with the same id are copies, unless both carry different request ids (the second part of
 * the id). A weak copy (a sidechain) yields to any other row of the id. Of the copies that remain,
 * the one with the most tokens is the call, then the one with the largest logged cost, then the
 * first by file and place in it.
 */
public final class Duplicates {
  private static final int NONE = -1;

  private Duplicates() {}

  /** For each row whether it is a copy of another row that stays. */
  public static boolean[] find(CallIds ids) {
    boolean[] copy = new boolean[ids.size()];
    int[] again = rowsOfSharedIds(ids);
    IndexSort.sort(again, (a, b) -> compare(ids, a, b));
    int from = 0;
    while (from < again.length) {
      int to = from + 1;
      while (to < again.length && sameId(ids, again[from], again[to])) {
        to++;
      }
      markCopies(ids, again, from, to, copy);
      from = to;
    }
    return copy;
  }

  /** The rows whose id another row has too: in most logs few, so that only few are sorted. */
  private static int[] rowsOfSharedIds(CallIds ids) {
    int size = ids.size();
    int slots = Integer.highestOneBit(Math.max(size, 8)) * 4;
    int[] first = new int[slots];
    Arrays.fill(first, NONE);
    boolean[] shared = new boolean[size];
    int count = 0;
    for (int row = 0; row < size; row++) {
      int slot = (int) (ids.get(IdColumn.LOW, row) * 0x9E3779B97F4A7C15L >>> 33) & slots - 1;
      while (first[slot] != NONE && !sameId(ids, first[slot], row)) {
        slot = slot + 1 & slots - 1;
      }
      if (first[slot] == NONE) {
        first[slot] = row;
        continue;
      }
      if (!shared[first[slot]]) {
        shared[first[slot]] = true;
        count++;
      }
      shared[row] = true;
      count++;
    }
    int[] rows = new int[count];
    int at = 0;
    for (int row = 0; row < size; row++) {
      if (shared[row]) {
        rows[at++] = row;
      }
    }
    return rows;
  }

  private static void markCopies(CallIds ids, int[] order, int from, int to, boolean[] copy) {
    // Strong rows come first, grouped by request id, the best of each group first.
    boolean anyStrong = !isWeak(ids, order[from]);
    for (int i = from + 1; i < to; i++) {
      int row = order[i];
      int previous = order[i - 1];
      boolean sameRequest = ids.get(IdColumn.SECOND, row) == ids.get(IdColumn.SECOND, previous);
      copy[row] = !anyStrong || isWeak(ids, row) || (sameRequest && !isWeak(ids, previous));
    }
  }

  private static int compare(CallIds t, int a, int b) {
    int c = Long.compare(t.get(IdColumn.HIGH, a), t.get(IdColumn.HIGH, b));
    c = c != 0 ? c : Long.compare(t.get(IdColumn.LOW, a), t.get(IdColumn.LOW, b));
    c = c != 0 ? c : Boolean.compare(isWeak(t, a), isWeak(t, b));
    if (c == 0 && !isWeak(t, a)) {
      c = Long.compare(t.get(IdColumn.SECOND, a), t.get(IdColumn.SECOND, b));
    }
    c = c != 0 ? c : Long.compare(t.get(IdColumn.TOKENS, b), t.get(IdColumn.TOKENS, a));
    // ABSENT is the smallest long, so a known cost comes before an unknown one.
    c =
        c != 0
            ? c
            : Long.compare(t.get(IdColumn.LOGGED_NANO_USD, b), t.get(IdColumn.LOGGED_NANO_USD, a));
    c = c != 0 ? c : t.file(a).compareTo(t.file(b));
    c = c != 0 ? c : Integer.compare(t.range(a), t.range(b));
    return c != 0 ? c : Integer.compare(t.ordinal(a), t.ordinal(b));
  }

  private static boolean sameId(CallIds t, int a, int b) {
    return t.get(IdColumn.HIGH, a) == t.get(IdColumn.HIGH, b)
        && t.get(IdColumn.LOW, a) == t.get(IdColumn.LOW, b);
  }

  private static boolean isWeak(CallIds t, int row) {
    return t.get(IdColumn.WEAK, row) != 0;
  }
}
