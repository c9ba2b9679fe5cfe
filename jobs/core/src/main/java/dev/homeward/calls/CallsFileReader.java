package dev.homeward.calls;

import dev.homeward.calls.CallColumns.Column;
import java.io.Closeable;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * Reads rows of one file of calls/ into a table. Row groups whose statistics exclude the key are
 * not touched; in the others the key's rows stand together, because the file is sorted.
 */
final class CallsFileReader implements Closeable {
  private static final List<String> KEY =
      List.of("workload", "hosted_model", "data_class", "started_at_us");

  private final ParquetFileReader file;
  private final CallTable into;

  CallsFileReader(InputFile input, CallTable into) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ZstdCodec())
            .withUseHadoopVectoredIo(false)
            .build();
    this.file = ParquetFileReader.open(input, options);
    this.into = into;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  void readAll() throws IOException {
    for (int group = 0; group < file.getRowGroups().size(); group++) {
      readRows(group, 0, Math.toIntExact(file.getRowGroups().get(group).getRowCount()));
    }
  }

  void read(WorkloadKey key, long fromMicros, long toMicros) throws IOException {
    List<BlockMetaData> groups = file.getRowGroups();
    for (int group = 0; group < groups.size(); group++) {
      if (mayHold(groups.get(group), key, fromMicros, toMicros)) {
        int[] range = rowsOf(group, key, fromMicros, toMicros);
        if (range[1] > range[0]) {
          readRows(group, range[0], range[1]);
        }
      }
    }
  }

  /** First row of a key in a window and row after its last; 0, 0 if there is none. */
  private int[] rowsOf(int group, WorkloadKey key, long fromMicros, long toMicros)
      throws IOException {
    int rows = Math.toIntExact(file.getRowGroups().get(group).getRowCount());
    ColumnReadStoreImpl columns = open(group, Set.copyOf(KEY));
    boolean[] wanted = new boolean[rows];
    ColumnReader start = reader(columns, "started_at_us");
    for (int row = 0; row < rows; row++) {
      long started = start.getLong();
      wanted[row] = started >= fromMicros && started < toMicros;
      start.consume();
    }
    keep(columns, "workload", key.workload(), wanted);
    keep(columns, "hosted_model", key.hostedModel(), wanted);
    keep(columns, "data_class", key.dataClass(), wanted);
    int first = 0;
    while (first < rows && !wanted[first]) {
      first++;
    }
    int after = rows;
    while (after > first && !wanted[after - 1]) {
      after--;
    }
    for (int row = first; row < after; row++) {
      if (!wanted[row]) {
        throw new IOException("rows of %s do not stand together: not sorted".formatted(key));
      }
    }
    return new int[] {first, after};
  }

  /** Rows with another value than the sought one are no longer wanted. */
  private static void keep(
      ColumnReadStoreImpl columns, String column, String value, boolean[] wanted) {
    ColumnReader reader = reader(columns, column);
    Binary sought = Binary.fromString(value);
    Binary last = null;
    boolean same = false;
    for (int row = 0; row < wanted.length; row++) {
      Binary here = reader.getBinary();
      if (here != last) {
        same = here.equals(sought);
        last = here;
      }
      wanted[row] &= same;
      reader.consume();
    }
  }

  private void readRows(int group, int from, int to) throws IOException {
    MessageType all = CallColumns.SCHEMA;
    Set<String> names = new java.util.HashSet<>();
    all.getFields().forEach(field -> names.add(field.getName()));
    ColumnReadStoreImpl columns = open(group, names);
    int target = into.addEmptyRows(to - from);
    for (Column column : CallColumns.ALL) {
      ColumnReader reader = reader(columns, column.name());
      skip(reader, from);
      if (column.text() != null) {
        readTexts(reader, column, target, to - from);
      } else if (column.words() != null) {
        readWords(reader, column, target, to - from);
      } else {
        readNumbers(reader, into.column(column.number()), target, to - from);
      }
    }
  }

  private static void skip(ColumnReader reader, int rows) {
    int present = reader.getDescriptor().getMaxDefinitionLevel();
    for (int row = 0; row < rows; row++) {
      // A value that is consumed without being read or skipped would be the next row's.
      if (reader.getCurrentDefinitionLevel() == present) {
        reader.skip();
      }
      reader.consume();
    }
  }

  private static void readNumbers(ColumnReader reader, long[] numbers, int target, int rows) {
    int present = reader.getDescriptor().getMaxDefinitionLevel();
    for (int i = 0; i < rows; i++) {
      numbers[target + i] =
          reader.getCurrentDefinitionLevel() == present ? reader.getLong() : CallDraft.ABSENT;
      reader.consume();
    }
  }

  private void readTexts(ColumnReader reader, Column column, int target, int rows) {
    int present = reader.getDescriptor().getMaxDefinitionLevel();
    int[] codes = into.column(column.text());
    Binary last = null;
    int code = CallTable.NO_TEXT;
    for (int i = 0; i < rows; i++) {
      if (reader.getCurrentDefinitionLevel() == present) {
        Binary here = reader.getBinary();
        if (here != last) {
          code = into.code(column.text(), here.toStringUsingUTF8());
          last = here;
        }
        codes[target + i] = code;
      } else {
        codes[target + i] = CallTable.NO_TEXT;
      }
      reader.consume();
    }
  }

  private void readWords(ColumnReader reader, Column column, int target, int rows)
      throws IOException {
    Map<Binary, Integer> ordinals = new HashMap<>();
    for (int ordinal = 0; ordinal < column.words().length; ordinal++) {
      ordinals.put(Binary.fromString(column.words()[ordinal]), ordinal);
    }
    long[] numbers = into.column(column.number());
    Binary last = null;
    int ordinal = 0;
    for (int i = 0; i < rows; i++) {
      Binary here = reader.getBinary();
      if (here != last) {
        Integer known = ordinals.get(here);
        if (known == null) {
          throw new IOException(
              "%s is '%s', which is not one of its words"
                  .formatted(column.name(), here.toStringUsingUTF8()));
        }
        ordinal = known;
        last = here;
      }
      numbers[target + i] = ordinal;
      reader.consume();
    }
  }

  private ColumnReadStoreImpl open(int group, Set<String> columns) throws IOException {
    MessageType requested =
        new MessageType(
            CallColumns.SCHEMA.getName(),
            CallColumns.SCHEMA.getFields().stream()
                .filter(field -> columns.contains(field.getName()))
                .toList());
    file.setRequestedSchema(requested);
    PageReadStore pages = file.readRowGroup(group);
    return new ColumnReadStoreImpl(
        pages, new Ignored(), requested, file.getFileMetaData().getCreatedBy());
  }

  private static ColumnReader reader(ColumnReadStoreImpl columns, String column) {
    return columns.getColumnReader(CallColumns.SCHEMA.getColumnDescription(new String[] {column}));
  }

  private static boolean mayHold(BlockMetaData group, WorkloadKey key, long from, long to) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      Statistics<?> statistics = chunk.getStatistics();
      if (statistics == null || !statistics.hasNonNullValue()) {
        continue;
      }
      boolean excluded =
          switch (chunk.getPath().toDotString()) {
            case "workload" -> excludes(statistics, key.workload());
            case "hosted_model" -> excludes(statistics, key.hostedModel());
            case "data_class" -> excludes(statistics, key.dataClass());
            case "started_at_us" ->
                (Long) statistics.genericGetMax() < from || (Long) statistics.genericGetMin() >= to;
            default -> false;
          };
      if (excluded) {
        return false;
      }
    }
    return true;
  }

  private static boolean excludes(Statistics<?> statistics, String text) {
    Binary value = Binary.fromString(text);
    Comparator<Binary> order = statistics.type().comparator();
    return order.compare((Binary) statistics.genericGetMin(), value) > 0
        || order.compare((Binary) statistics.genericGetMax(), value) < 0;
  }

  // Parquet asks for converters even where values are pulled column by column.
  private static final class Ignored extends GroupConverter {
    private static final PrimitiveConverter LEAF = new PrimitiveConverter() {};

    @Override
    public Converter getConverter(int fieldIndex) {
      return LEAF;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
