package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading one key must not cost reading the whole file, however many keys the file holds. */
final class CallsFileTest {
  private static final int LARGE = 2 * CallsFileWriter.SMALL_GROUP_ROWS;

  @TempDir private Path folder;

  @Test
  void aRowGroupEndsWithItsKeyUnlessItIsSmall() throws IOException {
    Path file = write(List.of(LARGE, 3, 5, LARGE, 7));

    // The first key fills a group of its own; two small ones share the next with the large one
    // after them, which then ends; the last stands alone.
    assertEquals(List.of((long) LARGE, (long) (3 + 5 + LARGE), 7L), groups(file));
  }

  @Test
  void noRowGroupIsLargerThanItsBound() throws IOException {
    int rows = CallsFileWriter.LARGEST_GROUP_ROWS + 10;

    Path file = write(List.of(rows));

    assertEquals(List.of((long) CallsFileWriter.LARGEST_GROUP_ROWS, 10L), groups(file));
    assertEquals(rows, read(file, 0, Long.MIN_VALUE, Long.MAX_VALUE).size());
  }

  @Test
  void everyKeyAndWindowGivesExactlyItsRows() throws IOException {
    List<Integer> sizes = List.of(LARGE, 3, 5, LARGE, 7);
    Path file = write(sizes);

    for (int key = 0; key < sizes.size(); key++) {
      CallTable all = read(file, key, Long.MIN_VALUE, Long.MAX_VALUE);
      assertEquals(sizes.get(key), all.size(), "key " + key);
      // Call i of a key starts at second i, so seconds 1 to 3 hold the calls 1 and 2.
      CallTable window = read(file, key, 1_000_000, 3_000_000);
      assertEquals(2, window.size(), "key " + key);
      for (int i = 0; i < window.size(); i++) {
        assertEquals(key(key), window.key(i));
        assertEquals((1 + i) * 1_000_000L, window.number(Number.STARTED_AT, i));
        assertEquals(1 + i, window.number(Number.SOURCE_LINE, i));
      }
    }
    assertTrue(read(file, sizes.size(), Long.MIN_VALUE, Long.MAX_VALUE).size() == 0);
  }

  /** Several keys at once give what each alone gives, whichever row groups they share. */
  @Test
  void severalKeysAtOnceGiveWhatEachAloneGives() throws IOException {
    List<Integer> sizes = List.of(LARGE, 3, 5, LARGE, 7);
    Path file = write(sizes);
    for (List<Integer> keys : List.of(List.of(0, 1), List.of(1, 2, 4), List.of(0, 1, 2, 3, 4))) {
      Map<WorkloadKey, CallTable> tables = new HashMap<>();
      keys.forEach(key -> tables.put(key(key), new CallTable(16)));
      CallsFile.read(new LocalInputFile(file), tables, 1_000_000, 5_000_000);
      for (int key : keys) {
        CallTable table = tables.get(key(key));
        CallTable alone = read(file, key, 1_000_000, 5_000_000);
        assertEquals(alone.size(), table.size());
        for (int i = 0; i < table.size(); i++) {
          for (Number column : List.of(Number.STARTED_AT, Number.OUTPUT, Number.SOURCE_LINE)) {
            assertEquals(alone.number(column, i), table.number(column, i));
          }
          assertEquals(alone.text(Text.PROVIDER, i), table.text(Text.PROVIDER, i));
          assertEquals(key(key), table.key(i));
        }
      }
    }
  }

  private Path write(List<Integer> callsOfKey) throws IOException {
    CallTable table = new CallTable(16);
    CallDraft draft = new CallDraft();
    for (int key = 0; key < callsOfKey.size(); key++) {
      for (int i = 0; i < callsOfKey.get(key); i++) {
        draft.clear();
        draft.startedAtMicros = i * 1_000_000L;
        // Texts and numbers that are there in some rows only, so that skipping must count values.
        draft.provider = i % 3 == 0 ? null : "p" + i % 2;
        draft.outputTokens = i % 5 == 0 ? CallDraft.ABSENT : i;
        draft.sourceLine = i;
        table.add(draft, key(key), null, BillingMode.METERED, "log.jsonl", 0, table.size());
      }
    }
    Path file = folder.resolve("calls.parquet");
    CallsFile.write(table, table.sortedRows(), new LocalOutputFile(file));
    return file;
  }

  private static CallTable read(Path file, int key, long from, long to) {
    CallTable table = new CallTable(16);
    CallsFile.read(new LocalInputFile(file), Map.of(key(key), table), from, to);
    for (int i = 0; i < table.size(); i++) {
      long line = table.number(Number.SOURCE_LINE, i);
      assertEquals(line % 3 == 0 ? null : "p" + line % 2, table.text(Text.PROVIDER, i));
      assertEquals(line % 5 == 0 ? CallDraft.ABSENT : line, table.number(Number.OUTPUT, i));
    }
    return table;
  }

  private static WorkloadKey key(int number) {
    return new WorkloadKey("w" + number, "gpt-4o", "internal");
  }

  private static List<Long> groups(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new LocalInputFile(file),
            ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      return reader.getRowGroups().stream().map(BlockMetaData::getRowCount).toList();
    }
  }
}
