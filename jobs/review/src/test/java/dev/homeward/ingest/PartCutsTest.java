package dev.homeward.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import dev.homeward.calls.WorkloadKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartCutsTest {
  private static final long HOUR = 3_600_000_000L;

  private static List<byte[]> blocks(int size, Random random) {
    List<byte[]> blocks = new ArrayList<>();
    CallDraft draft = new CallDraft();
    int line = 0;
    while (line < size) {
      CallTable table = new CallTable(16);
      for (int i = random.nextInt(200); i >= 0 && line < size; i--) {
        draft.clear();
        // Nine of ten calls are of one key.
        int key = Math.max(0, random.nextInt(30) - 26);
        draft.startedAtMicros = random.nextInt(30) * HOUR + random.nextInt(1_000_000);
        draft.outputTokens = line;
        draft.requestModel = random.nextInt(3) == 0 ? null : "m" + random.nextInt(5);
        draft.sourceLine = line;
        table.add(
            draft,
            new WorkloadKey("w" + key, "gpt-4o", "internal"),
            null,
            BillingMode.METERED,
            "log.jsonl",
            0,
            line++);
      }
      blocks.add(table.encode());
    }
    return blocks;
  }

  private static List<String> sorted(CallTable table) {
    List<String> rows = new ArrayList<>();
    for (int row : table.sortedRows()) {
      rows.add(
          table.key(row)
              + " "
              + table.number(Number.STARTED_AT, row)
              + " "
              + table.number(Number.OUTPUT, row)
              + " "
              + table.text(Text.REQUEST_MODEL, row)
              + " "
              + table.text(Text.OWNER, row)
              + " "
              + table.text(Text.SOURCE_FILE, row));
    }
    return rows;
  }

  /** Pieces one after the other are the part sorted as a whole, and none is much too large. */
  @Test
  void piecesInTurnAreThePartInOrder() {
    Random random = new Random(8);
    for (int size : new int[] {1, 500, 5000}) {
      List<byte[]> blocks = blocks(size, random);
      CallTable whole = new CallTable(16);
      blocks.forEach(whole::decode);
      for (int most : new int[] {10_000, 1000, 300}) {
        PartCuts cuts = new PartCuts(new ArrayList<>(blocks), most);
        assertEquals(size <= most, cuts.pieces() == 1);
        List<String> rows = new ArrayList<>();
        for (int piece = 0; piece < cuts.pieces(); piece++) {
          CallTable table = cuts.piece(piece);
          assertTrue(table.size() > 0 && table.size() <= most, "rows of a piece");
          rows.addAll(sorted(table));
        }
        assertEquals(sorted(whole), rows);
      }
    }
  }

  /** An hour of one key is never cut, so that a piece can be larger than it should. */
  @Test
  void anHourOfOneKeyStaysTogether() {
    PartCuts cuts = new PartCuts(blocks(5000, new Random(9)), 1);
    CallTable first = cuts.piece(0);
    assertTrue(first.size() > 1);
    long hour = first.number(Number.STARTED_AT, 0) / HOUR;
    for (int row = 0; row < first.size(); row++) {
      assertEquals(hour, first.number(Number.STARTED_AT, row) / HOUR);
    }
  }
}
