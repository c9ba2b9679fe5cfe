package dev.homeward.ingest;

import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cuts the calls of a part, which came as blocks in any order, into pieces that are sorted one
 * after the other: by workload key, then by hour. So a part with far more calls than others, as a
 * workload with most of the log makes it, is written in as little memory.
 */
final class PartCuts {
  private final List<byte[]> blocks;

  /** The first calls of each piece but the first one. */
  private final List<Hour> cuts = new ArrayList<>();

  private final int mostRows;

  private record Hour(WorkloadKey key, long hour) implements Comparable<Hour> {
    @Override
    public int compareTo(Hour o) {
      int c = key.compareTo(o.key);
      return c != 0 ? c : Long.compare(hour, o.hour);
    }
  }

  /**
   * @param blocks encoded tables; taken over
   * @param mostRows of a piece, but for an hour of one key, which is never cut
   */
  PartCuts(List<byte[]> blocks, int mostRows) {
    this.blocks = blocks;
    this.mostRows = mostRows;
    if (blocks.stream().mapToLong(CallTable::rowsOf).sum() > mostRows) {
      cut();
    }
  }

  private void cut() {
    TreeMap<Hour, Integer> rowsOf = new TreeMap<>();
    for (byte[] block : blocks) {
      CallTable table = table(block);
      WorkloadKey key = null;
      for (int row = 0; row < table.size(); row++) {
        key = row > 0 && table.sameKey(row - 1, row) ? key : table.key(row);
        rowsOf.merge(new Hour(key, hour(table, row)), 1, Integer::sum);
      }
    }
    long rows = 0;
    for (Map.Entry<Hour, Integer> hour : rowsOf.entrySet()) {
      if (rows > 0 && rows + hour.getValue() > mostRows) {
        cuts.add(hour.getKey());
        rows = 0;
      }
      rows += hour.getValue();
    }
  }

  private static CallTable table(byte[] block) {
    CallTable table = new CallTable(CallTable.rowsOf(block));
    table.decode(block);
    return table;
  }

  private static long hour(CallTable table, int row) {
    return Math.floorDiv(table.number(Number.STARTED_AT, row), TimeUnits.MICROS_PER_HOUR);
  }

  int pieces() {
    return cuts.size() + 1;
  }

  /** The rows of a piece, in any order; the last piece leaves no block behind. */
  CallTable piece(int piece) {
    if (cuts.isEmpty()) {
      CallTable whole = new CallTable(blocks.stream().mapToInt(CallTable::rowsOf).sum());
      for (int i = 0; i < blocks.size(); i++) {
        whole.decode(blocks.get(i));
        blocks.set(i, null);
      }
      return whole;
    }
    CallTable rows = new CallTable(mostRows);
    for (byte[] block : blocks) {
      CallTable table = table(block);
      int[] wanted = new int[table.size()];
      int count = 0;
      WorkloadKey key = null;
      for (int row = 0; row < table.size(); row++) {
        key = row > 0 && table.sameKey(row - 1, row) ? key : table.key(row);
        if (pieceOf(new Hour(key, hour(table, row))) == piece) {
          wanted[count++] = row;
        }
      }
      rows.addRows(table, wanted, count);
    }
    return rows;
  }

  private int pieceOf(Hour hour) {
    int piece = 0;
    while (piece < cuts.size() && cuts.get(piece).compareTo(hour) <= 0) {
      piece++;
    }
    return piece;
  }
}
