package dev.homeward.calls;

import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of a table in the order of calls/, as {@link CallTable#sortedRows} says it. */
final class RowsInOrder {
  private final CallTable table;
  private final int size;
  private final long[] starts;

  RowsInOrder(CallTable table) {
    this.table = table;
    this.size = table.size();
    this.starts = table.column(Number.STARTED_AT);
  }

  int[] sorted() {
    int[] keys = keyRanks();
    int[] fileRanks = fileRanks();
    int[] files = table.column(Text.SOURCE_FILE);
    long[] ranges = table.column(Number.SOURCE_RANGE);
    long[] ordinals = table.column(Number.SOURCE_ORDINAL);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int row = 0; row < size; row++) {
      first = Math.min(first, starts[row]);
      last = Math.max(last, starts[row]);
    }
    int rowBits = 32 - Integer.numberOfLeadingZeros(Math.max(size, 2) - 1);
    boolean packs = size > 0 && last - first >= 0 && last - first < 1L << (63 - rowBits);
    IndexSort.RowOrder order =
        (a, b) -> {
          int c = Integer.compare(keys[a], keys[b]);
          c = c != 0 ? c : Long.compare(starts[a], starts[b]);
          c = c != 0 ? c : Integer.compare(fileRanks[files[a]], fileRanks[files[b]]);
          c = c != 0 ? c : Long.compare(ranges[a], ranges[b]);
          return c != 0 ? c : Long.compare(ordinals[a], ordinals[b]);
        };
    return packs ? sortedByPackedStarts(keys, first, rowBits, order) : IndexSort.sort(size, order);
  }

  // Rows by key, then within each key a start and its row in one number, sorted as numbers; what is
  // left to compare are rows of one key with one start.
  private int[] sortedByPackedStarts(
      int[] keys, long first, int rowBits, IndexSort.RowOrder order) {
    int[] ends = new int[Arrays.stream(keys, 0, size).max().orElse(0) + 2];
    for (int row = 0; row < size; row++) {
      ends[keys[row] + 1]++;
    }
    for (int key = 1; key < ends.length; key++) {
      ends[key] += ends[key - 1];
    }
    int[] at = ends.clone();
    long[] packed = new long[size];
    for (int row = 0; row < size; row++) {
      packed[at[keys[row]]++] = starts[row] - first << rowBits | row;
    }
    int[] sorted = new int[size];
    long mask = (1L << rowBits) - 1;
    for (int key = 0; key + 1 < ends.length; key++) {
      Arrays.sort(packed, ends[key], ends[key + 1]);
      int from = ends[key];
      for (int i = from; i < ends[key + 1]; i++) {
        sorted[i] = (int) (packed[i] & mask);
        if (i > from && packed[i] >>> rowBits != packed[i - 1] >>> rowBits) {
          sortTies(sorted, from, i, order);
          from = i;
        }
      }
      sortTies(sorted, from, ends[key + 1], order);
    }
    return sorted;
  }

  private static void sortTies(int[] sorted, int from, int to, IndexSort.RowOrder order) {
    if (to - from > 1) {
      int[] ties = Arrays.copyOfRange(sorted, from, to);
      IndexSort.sort(ties, order);
      System.arraycopy(ties, 0, sorted, from, ties.length);
    }
  }

  /** For each row the place of its workload key among the table's keys. */
  private int[] keyRanks() {
    Map<WorkloadKey, Integer> seen = new HashMap<>();
    int[] keys = new int[size];
    List<Integer> example = new ArrayList<>();
    for (int row = 0; row < size; row++) {
      if (row > 0 && table.sameKey(row - 1, row)) {
        keys[row] = keys[row - 1];
        continue;
      }
      WorkloadKey key = table.key(row);
      Integer known = seen.get(key);
      if (known == null) {
        known = example.size();
        seen.put(key, known);
        example.add(row);
      }
      keys[row] = known;
    }
    int[] order =
        IndexSort.sort(
            example.size(),
            (a, b) -> table.key(example.get(a)).compareTo(table.key(example.get(b))));
    int[] ranks = places(order);
    for (int row = 0; row < size; row++) {
      keys[row] = ranks[keys[row]];
    }
    return keys;
  }

  /** For each word of the source files' dictionary its place among them. */
  private int[] fileRanks() {
    return places(
        IndexSort.sort(
            table.wordCount(Text.SOURCE_FILE),
            (a, b) -> table.word(Text.SOURCE_FILE, a).compareTo(table.word(Text.SOURCE_FILE, b))));
  }

  // Where each of the sorted stands.
  private static int[] places(int[] order) {
    int[] places = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      places[order[i]] = i;
    }
    return places;
  }
}
