package dev.homeward.calls;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Util;
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

  private long microsApart = 1_000_000;

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
    microsApart = 1;

    Path file = write(List.of(rows));

    assertEquals(List.of((long) CallsFileWriter.LARGEST_GROUP_ROWS, 10L), groups(file));
    assertEquals(rows, read(file, 0, Long.MIN_VALUE, Long.MAX_VALUE).size());
  }

  /** A day is read alone, and what stands before it in its group would have to be skipped. */
  @Test
  void aRowGroupEndsWithItsDayUnlessItIsSmall() throws IOException {
    int day = 86_400;
    Path file = write(List.of(5, 2 * day + 7, LARGE));

    // A call a second. The small key stands with the first day of the second one; what that one has
    // of a third day is small, and stands with the last key.
    assertEquals(List.of(5L + day, (long) day, 7L + LARGE), groups(file));
    long micros = 1_000_000L * day;
    assertEquals(day, read(file, 1, micros, 2 * micros).size());
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

  /** Whoever looks at single calls holds one row group, however many calls the workload has. */
  @Test
  void rowGroupsOneByOneGiveWhatTheKeyGivesAtOnce() throws IOException {
    int many = CallsFileWriter.LARGEST_GROUP_ROWS + 10;
    microsApart = 1000;
    Path file = write(List.of(3, many, 5));
    List<Integer> sizes = new ArrayList<>();
    List<Long> lines = new ArrayList<>();

    CallsFile.eachGroup(
        new LocalInputFile(file),
        key(1),
        microsApart,
        Long.MAX_VALUE,
        calls -> {
          sizes.add(calls.size());
          for (int i = 0; i < calls.size(); i++) {
            assertEquals(key(1), calls.key(i));
            lines.add(calls.number(Number.SOURCE_LINE, i));
          }
        });

    // The three calls of the first key stand in the first group; call 0 lies before the window.
    assertEquals(List.of(CallsFileWriter.LARGEST_GROUP_ROWS - 3 - 1, 13), sizes);
    CallTable all = read(file, 1, microsApart, Long.MAX_VALUE);
    assertEquals(all.size(), lines.size());
    for (int i = 0; i < all.size(); i++) {
      assertEquals(all.number(Number.SOURCE_LINE, i), lines.get(i));
    }
  }

  /** In the order of the format's numbers; Parquet's own order is another in each process. */
  @Test
  void encodingsStandInOneOrderInEveryProcess() throws IOException {
    byte[] bytes = Files.readAllBytes(write(List.of(LARGE, 7)));
    int length = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).getInt(bytes.length - 8);
    var footer =
        Util.readFileMetaData(new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
    int several = 0;
    assertEquals(2, footer.getRow_groups().size());
    for (var group : footer.getRow_groups()) {
      for (var column : group.getColumns()) {
        List<Encoding> encodings = column.getMeta_data().getEncodings();
        assertEquals(encodings.stream().sorted().toList(), encodings);
        several += encodings.size() > 1 ? 1 : 0;
      }
    }
    assertTrue(several > 0, "a column has several");
  }

  private Path write(List<Integer> callsOfKey) throws IOException {
    CallTable table = new CallTable(16);
    CallDraft draft = new CallDraft();
    for (int key = 0; key < callsOfKey.size(); key++) {
      for (int i = 0; i < callsOfKey.get(key); i++) {
        draft.clear();
        draft.startedAtMicros = i * microsApart;
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
