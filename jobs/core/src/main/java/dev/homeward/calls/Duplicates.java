package dev.homeward.calls;

import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.util.stream.IntStream;

/**
 * Finds copies of one call. The result depends on the set of rows only, not on their order or on
 * how they were partitioned, as long as rows that share an id are together.
 *
 * <p>Rows with the same id are copies, unless both carry different request ids (the second part of
 * the id). A weak copy (a sidechain) yields to any other row of the id. Of the copies that remain,
 * the one with the most tokens is the call, then the one with the largest logged cost, then the
 * first by file and line. Rows without an id are never copies.
 */
public final class Duplicates {
  private Duplicates() {}

  /** For each row whether it is a copy of another row that stays. */
  public static boolean[] find(CallTable table) {
    boolean[] copy = new boolean[table.size()];
    int[] order = IntStream.range(0, table.size()).filter(row -> hasId(table, row)).toArray();
    IndexSort.sort(order, (a, b) -> compare(table, a, b));
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && sameId(table, order[from], order[to])) {
        to++;
      }
      markCopies(table, order, from, to, copy);
      from = to;
    }
    return copy;
  }

  private static void markCopies(CallTable table, int[] order, int from, int to, boolean[] copy) {
    // Strong rows come first, grouped by request id, the best of each group first.
    boolean anyStrong = !isWeak(table, order[from]);
    for (int i = from + 1; i < to; i++) {
      int row = order[i];
      int previous = order[i - 1];
      boolean sameRequest =
          table.number(Number.ID_SECOND, row) == table.number(Number.ID_SECOND, previous);
      copy[row] = isWeak(table, row) || (sameRequest && !isWeak(table, previous));
      if (!anyStrong) {
        copy[row] = true;
      }
    }
  }

  private static int compare(CallTable t, int a, int b) {
    int c = Long.compare(t.number(Number.ID_HIGH, a), t.number(Number.ID_HIGH, b));
    c = c != 0 ? c : Long.compare(t.number(Number.ID_LOW, a), t.number(Number.ID_LOW, b));
    c = c != 0 ? c : Boolean.compare(isWeak(t, a), isWeak(t, b));
    if (c == 0 && !isWeak(t, a)) {
      c = Long.compare(t.number(Number.ID_SECOND, a), t.number(Number.ID_SECOND, b));
    }
    c = c != 0 ? c : Long.compare(t.totalTokens(b), t.totalTokens(a));
    // ABSENT is the smallest long, so a known cost comes before an unknown one.
    c =
        c != 0
            ? c
            : Long.compare(
                t.number(Number.LOGGED_NANO_USD, b), t.number(Number.LOGGED_NANO_USD, a));
    c = c != 0 ? c : t.text(Text.SOURCE_FILE, a).compareTo(t.text(Text.SOURCE_FILE, b));
    return c != 0
        ? c
        : Long.compare(t.number(Number.SOURCE_LINE, a), t.number(Number.SOURCE_LINE, b));
  }

  private static boolean sameId(CallTable t, int a, int b) {
    return t.number(Number.ID_HIGH, a) == t.number(Number.ID_HIGH, b)
        && t.number(Number.ID_LOW, a) == t.number(Number.ID_LOW, b);
  }

  private static boolean hasId(CallTable t, int row) {
    return (t.number(Number.IDENTITY, row) & 1) != 0;
  }

  private static boolean isWeak(CallTable t, int row) {
    return (t.number(Number.IDENTITY, row) & 2) != 0;
  }
}
