package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallColumns.Column;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages are made here, so parquet-java's own reader says whether they hold what was written:
 * values, and the bounds and counts by which readers leave pages out. Each column has another
 * shape; rows are more than two pages and are written from back to front.
 */
final class ColumnPagesTest {
  private static final int ROWS = 2 * ColumnPages.PAGE_ROWS + 4_321;
  private static final int NO_MULTIPLE_OF_EIGHT = 13;
  private static final long SEED = 11;

  @TempDir private Path folder;

  private final Random random = new Random(SEED);

  /** Number columns by shape; null is absent. */
  private final Map<Number, IntFunction<Long>> numbers = new EnumMap<>(Number.class);

  private final Map<Text, IntFunction<String>> texts = new EnumMap<>(Text.class);

  private void shapes() {
    long[] sessions = random.longs(3_000).map(s -> s == Long.MIN_VALUE ? 1 : s).toArray();
    for (Number column : Number.values()) {
      numbers.put(column, row -> 7L);
    }
    numbers.put(Number.STARTED_AT, row -> 1_790_000_000_000_000L + row * 1_234_567L);
    numbers.put(Number.DURATION, row -> random.nextInt(9) == 0 ? null : random.nextLong() | 1);
    numbers.put(Number.TTFT, row -> null);
    numbers.put(Number.INPUT, row -> (long) random.nextInt(9_000));
    numbers.put(Number.CACHE_READ, row -> random.nextBoolean() ? null : 5L);
    numbers.put(Number.CACHE_WRITE_5M, row -> (long) (row / NO_MULTIPLE_OF_EIGHT % 3));
    numbers.put(Number.CACHE_WRITE_1H, row -> row < ROWS - 1 ? null : Long.MAX_VALUE);
    numbers.put(Number.OUTPUT, row -> row % 2 == 0 ? Long.MAX_VALUE : Long.MIN_VALUE + 1);
    numbers.put(Number.REASONING, row -> row > 30_000 ? null : (long) -row);
    numbers.put(Number.OTHER_UNITS, row -> row == 20_001 ? 1L : 0L);
    numbers.put(Number.AUDIO_INPUT, row -> row % 100 < 9 ? 1L : (long) (row % 100));
    numbers.put(Number.SESSION, row -> sessions[random.nextInt(sessions.length)]);
    numbers.put(Number.FLAGS, row -> (long) (1 << random.nextInt(14)));
    numbers.put(Number.OPERATION, row -> (long) random.nextInt(Operation.values().length));
    numbers.put(Number.SERVICE_TIER, row -> 2L);
    numbers.put(Number.BILLING_MODE, row -> (long) (row / 20_000 % 2));
    numbers.put(Number.STATUS, row -> row == 5 ? 1L : 0L);
    String longText = "x".repeat(70);
    texts.put(Text.WORKLOAD, row -> "w" + row / 20_000);
    texts.put(Text.HOSTED_MODEL, row -> "gpt-4o");
    texts.put(Text.DATA_CLASS, row -> row % 2 == 0 ? "" : "intern\u00e9");
    texts.put(Text.OWNER, row -> null);
    texts.put(Text.PROVIDER, row -> random.nextBoolean() ? null : "only one");
    texts.put(Text.REGION, row -> "r" + random.nextInt(300));
    texts.put(Text.SERVED_BY, row -> row > 20_000 ? null : "\uD83D\uDE00".repeat(row % 3));
    // Its dictionary would be larger than a megabyte.
    texts.put(Text.REQUEST_MODEL, row -> longText + row);
    texts.put(Text.RESPONSE_MODEL, row -> row % 3 == 0 ? null : longText + row % 1_000);
    texts.put(Text.SOURCE_FILE, row -> row < 40_000 ? "a.jsonl" : "b.jsonl");
    texts.put(Text.CALL_ID, row -> "chatcmpl-" + row);
  }

  @Test
  void anotherReaderFindsWhatWasWritten() throws IOException {
    shapes();
    CallTable table = table();
    int[] rows = new int[ROWS];
    Arrays.setAll(rows, i -> ROWS - 1 - i);
    Path file = folder.resolve("calls.parquet");
    CallsFile.write(table, rows, new LocalOutputFile(file));
    Path again = folder.resolve("again.parquet");
    CallsFile.write(table, rows, new LocalOutputFile(again));
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));

    try (ParquetFileReader reader = open(file)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      int from = 0;
      for (int group = 0; group < reader.getRowGroups().size(); group++) {
        int to = from + (int) reader.getRowGroups().get(group).getRowCount();
        RecordReader<Group> records =
            new ColumnIOFactory()
                .getColumnIO(schema)
                .getRecordReader(reader.readNextRowGroup(), new GroupRecordConverter(schema));
        for (int i = from; i < to; i++) {
          Group record = records.read();
          for (Column column : CallColumns.ALL) {
            assertEquals(value(table, column, rows[i]), value(record, column), column.name());
          }
        }
        bounds(reader, group, table, Arrays.copyOfRange(rows, from, to));
        from = to;
      }
      assertEquals(ROWS, from);
    }
  }

  /** What was written for it says nothing of how: each way must have been taken. */
  @Test
  void eachEncodingIsMet() throws IOException {
    shapes();
    CallTable table = table();
    int[] rows = new int[ROWS];
    Arrays.setAll(rows, i -> i);
    Path file = folder.resolve("calls.parquet");
    CallsFile.write(table, rows, new LocalOutputFile(file));
    Map<String, Set<Encoding>> encodings = new HashMap<>();
    try (ParquetFileReader reader = open(file)) {
      for (ColumnChunkMetaData chunk : reader.getRowGroups().get(0).getColumns()) {
        encodings.put(chunk.getPath().toDotString(), new HashSet<>(chunk.getEncodings()));
        assertTrue(chunk.getTotalSize() > 0);
      }
    }
    Set<Encoding> dictionary = Set.of(Encoding.PLAIN, Encoding.RLE_DICTIONARY);
    for (String name : List.of("workload", "session", "provider", "flags", "operation", "region")) {
      assertEquals(dictionary, encodings.get(name), name);
    }
    for (String name : List.of("started_at_us", "duration_us", "source_line")) {
      boolean constant = name.equals("source_line");
      Set<Encoding> wanted = constant ? dictionary : Set.of(Encoding.DELTA_BINARY_PACKED);
      assertEquals(wanted, encodings.get(name), name);
    }
    assertEquals(Set.of(Encoding.DELTA_BYTE_ARRAY), encodings.get("request_model"));
    assertEquals(Set.of(Encoding.PLAIN), encodings.get("ttft_us"));
    assertEquals(Set.of(Encoding.PLAIN), encodings.get("owner"));
  }

  private CallTable table() {
    CallTable table = new CallTable(1);
    for (int i = 0; i < ROWS; i++) {
      int row = table.addEmptyRows(1);
      for (Number column : Number.values()) {
        Long number = numbers.get(column).apply(row);
        table.set(row, column, number == null ? CallDraft.ABSENT : number);
      }
      for (Text column : Text.values()) {
        table.set(row, column, texts.get(column).apply(row));
      }
    }
    return table;
  }

  private static ParquetFileReader open(Path file) throws IOException {
    return ParquetFileReader.open(
        new LocalInputFile(file),
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ZstdCodec())
            .usePageChecksumVerification()
            .build());
  }

  private static Object value(CallTable table, Column column, int row) {
    if (column.text() != null) {
      return table.text(column.text(), row);
    }
    long number = table.number(column.number(), row);
    if (number == CallDraft.ABSENT) {
      return null;
    }
    return column.words() == null ? (Object) number : column.words()[(int) number];
  }

  private static Object value(Group record, Column column) {
    if (record.getFieldRepetitionCount(column.name()) == 0) {
      return null;
    }
    return column.isText()
        ? record.getString(column.name(), 0)
        : (Object) record.getLong(column.name(), 0);
  }

  /** Bounds and counts of the column in the group and in each of its pages. */
  private static void bounds(ParquetFileReader reader, int group, CallTable table, int[] rows)
      throws IOException {
    for (int c = 0; c < CallColumns.ALL.size(); c++) {
      Column column = CallColumns.ALL.get(c);
      ColumnChunkMetaData chunk = reader.getRowGroups().get(group).getColumns().get(c);
      assertEquals(column.name(), chunk.getPath().toDotString());
      assertEquals(rows.length, chunk.getValueCount());
      List<Object> all = values(table, column, rows, 0, rows.length);
      Statistics<?> statistics = chunk.getStatistics();
      assertEquals(nulls(all), statistics.getNumNulls(), column.name());
      boolean any = statistics.hasNonNullValue();
      Object least = any ? statistics.genericGetMin() : null;
      Object most = any ? statistics.genericGetMax() : null;
      assertEquals(most(all, false), Optional.ofNullable(least), column.name());
      assertEquals(most(all, true), Optional.ofNullable(most), column.name());
      if (column.isText()) {
        long bytes =
            all.stream().filter(Objects::nonNull).mapToLong(o -> ((Binary) o).length()).sum();
        assertEquals(
            bytes, chunk.getSizeStatistics().getUnencodedByteArrayDataBytes().orElseThrow());
      }
      ColumnIndex index = reader.readColumnIndex(chunk);
      int pages = (rows.length + ColumnPages.PAGE_ROWS - 1) / ColumnPages.PAGE_ROWS;
      assertEquals(pages, reader.readOffsetIndex(chunk).getPageCount());
      for (int page = 0; page < pages; page++) {
        int from = page * ColumnPages.PAGE_ROWS;
        int to = Math.min(from + ColumnPages.PAGE_ROWS, rows.length);
        assertEquals(from, reader.readOffsetIndex(chunk).getFirstRowIndex(page));
        List<Object> here = values(table, column, rows, from, to);
        assertEquals(nulls(here), index.getNullCounts().get(page));
        assertEquals(nulls(here) == to - from, index.getNullPages().get(page));
      }
    }
  }

  private static List<Object> values(CallTable table, Column column, int[] rows, int from, int to) {
    List<Object> values = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Object value = value(table, column, rows[i]);
      values.add(
          value instanceof String text
              ? Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8))
              : value);
    }
    return values;
  }

  private static long nulls(List<Object> values) {
    return values.stream().filter(Objects::isNull).count();
  }

  /** The largest or smallest; texts in the order of their unsigned bytes. */
  private static Optional<Object> most(List<Object> values, boolean largest) {
    Comparator<Object> order =
        (a, b) ->
            a instanceof Long number
                ? Long.compare(number, (Long) b)
                : Arrays.compareUnsigned(((Binary) a).getBytes(), ((Binary) b).getBytes());
    TreeSet<Object> sorted = new TreeSet<>(order);
    values.stream().filter(Objects::nonNull).forEach(sorted::add);
    return sorted.isEmpty()
        ? Optional.empty()
        : Optional.of(largest ? sorted.last() : sorted.first());
  }
}
