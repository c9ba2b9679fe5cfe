package dev.homeward.calls;

import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of a table in the order of calls/, as {@link CallTable#sortedRows} says it. */
final class RowsInOrder {
  private final CallTable table;
  private final int size;
  private final LongColumn starts;

  RowsInOrder(CallTable table) {
    this.table = table;
    this.size = table.size();
    this.starts = table.column(Number.STARTED_AT);
  }

  int[] sorted() {
    int[] keys = keyRanks();
    int[] fileRanks = fileRanks();
    LongColumn ranges = table.column(Number.SOURCE_RANGE);
    LongColumn ordinals = table.column(Number.SOURCE_ORDINAL);
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int row = 0; row < size; row++) {
      first = Math.min(first, starts.get(row));
      last = Math.max(last, starts.get(row));
    }
    int rowBits = 32 - Integer.numberOfLeadingZeros(Math.max(size, 2) - 1);
    boolean packs = size > 0 && last - first >= 0 && last - first < 1L << (63 - rowBits);
    IndexSort.RowOrder order =
        (a, b) -> {
          int c = Integer.compare(keys[a], keys[b]);
          c = c != 0 ? c : Long.compare(starts.get(a), starts.get(b));
          c =
              c != 0
                  ? c
                  : Integer.compare(
                      fileRanks[table.code(Text.SOURCE_FILE, a)],
                      fileRanks[table.code(Text.SOURCE_FILE, b)]);
          c = c != 0 ? c : Long.compare(ranges.get(a), ranges.get(b));
          return c != 0 ? c : Long.compare(ordinals.get(a), ordinals.get(b));
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
      packed[at[keys[row]]++] = starts.get(row) - first << rowBits | row;
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
    LongIndex pairs = new LongIndex();
    LongIndex seen = new LongIndex();
    int[] keys = new int[size];
    List<Integer> example = new ArrayList<>();
    for (int row = 0; row < size; row++) {
      long pair = (long) table.code(Text.WORKLOAD, row) << 32 | table.code(Text.DATA_CLASS, row);
      long model = table.code(Text.HOSTED_MODEL, row);
      keys[row] = seen.place((long) pairs.place(pair) << 32 | model);
      if (keys[row] == example.size()) {
        example.add(row);
      }
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
