package dev.homeward.calls;

import dev.homeward.calls.CallColumns.Column;
import dev.homeward.units.TimeUnits;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * Reads rows of one file of calls/. Row groups whose statistics exclude all keys are not touched;
 * in the others a key's rows stand together, because the file is sorted.
 */
final class CallsFileReader implements Closeable {
  private static final Set<String> KEY =
      Set.of("workload", "hosted_model", "data_class", "started_at_us");

  private static final Set<String> START = Set.of("started_at_us");

  /**
   * Columns that tables of single keys do not have: texts that differ in every row, and numbers
   * that nothing adds up.
   */
  private static final Set<String> NOT_IN_TABLES =
      Set.of("request_model", "response_model", "call_id", "other_units");

  private static final List<Column> TABLE_COLUMNS =
      CallColumns.ALL.stream().filter(c -> !NOT_IN_TABLES.contains(c.name())).toList();

  private static final List<Column> OTHER_COLUMNS =
      CallColumns.ALL.stream().filter(c -> NOT_IN_TABLES.contains(c.name())).toList();

  private final ParquetFileReader file;

  CallsFileReader(InputFile input) throws IOException {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new ZstdCodec())
            .withUseHadoopVectoredIo(false)
            .usePageChecksumVerification()
            .build();
    this.file = ParquetFileReader.open(input, options);
  }

  /** Takes rows of a file, a column at a time. */
  interface Rows {
    /** Takes the next values of a column. */
    void take(Column column, ColumnReader reader, int at, int rows) throws IOException;

    /** Takes as many absent values. */
    void takeAbsent(Column column, int at, int rows);
  }

  /** Rows [from, to) of a row group, of one workload key and one UTC day. */
  record RowRun(int group, WorkloadKey key, int from, int to, long firstMicros) {
    int size() {
      return to - from;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  void readAll(CallTable into) throws IOException {
    for (int group = 0; group < file.getRowGroups().size(); group++) {
      RowCursor cursor = cursor(group, CallColumns.ALL);
      int at = into.addEmptyRows(rows(group));
      cursor.read(0, rows(group), new TableRows(into), at);
    }
  }

  /** Adds the rows of some keys that start in a window to their tables. */
  void read(Map<WorkloadKey, CallTable> into, long fromMicros, long toMicros) throws IOException {
    for (int group = 0; group < file.getRowGroups().size(); group++) {
      readGroup(group, into, fromMicros, toMicros);
    }
  }

  void eachGroup(WorkloadKey key, long fromMicros, long toMicros, Consumer<CallTable> step)
      throws IOException {
    for (int group = 0; group < file.getRowGroups().size(); group++) {
      CallTable calls = new CallTable(1);
      readGroup(group, Map.of(key, calls), fromMicros, toMicros);
      if (calls.size() > 0) {
        step.accept(calls);
      }
    }
  }

  private void readGroup(
      int group, Map<WorkloadKey, CallTable> into, long fromMicros, long toMicros)
      throws IOException {
    List<RowRun> runs = new ArrayList<>();
    addRuns(group, Optional.of(into.keySet()), fromMicros, toMicros, runs);
    if (runs.isEmpty()) {
      return;
    }
    RowCursor cursor = cursor(group, TABLE_COLUMNS);
    for (RowRun run : runs) {
      CallTable table = into.get(run.key());
      int at = table.addEmptyRows(run.size());
      TableRows rows = new TableRows(table);
      cursor.read(run.from(), run.to(), rows, at);
      OTHER_COLUMNS.forEach(column -> rows.takeAbsent(column, at, run.size()));
    }
  }

  /**
   * Where rows stand that start in a window, in the order of the file. A run ends where a UTC day
   * ends, so that runs of several files can be put in order without looking into them.
   *
   * @param keys empty: of all keys
   */
  List<RowRun> runs(Optional<Set<WorkloadKey>> keys, long fromMicros, long toMicros)
      throws IOException {
    List<RowRun> runs = new ArrayList<>();
    for (int group = 0; group < file.getRowGroups().size(); group++) {
      addRuns(group, keys, fromMicros, toMicros, runs);
    }
    return runs;
  }

  private void addRuns(
      int group, Optional<Set<WorkloadKey>> keys, long fromMicros, long toMicros, List<RowRun> runs)
      throws IOException {
    GroupBounds bounds = GroupBounds.of(file.getRowGroups().get(group));
    if (bounds.mayStartIn(fromMicros, toMicros)
        && (keys.isEmpty() || keys.get().stream().anyMatch(bounds::mayHold))) {
      findRuns(group, keys, bounds.only(), fromMicros, toMicros, runs);
    }
  }

  /** Reads the columns of tapes from rows of one group, from front to back. */
  RowCursor tapeCursor(int group) throws IOException {
    return cursor(group, TapeRows.COLUMNS);
  }

  private int rows(int group) {
    return Math.toIntExact(file.getRowGroups().get(group).getRowCount());
  }

  @SuppressWarnings("ReferenceEquality") // a dictionary gives the same object for the same text
  private void findRuns(
      int group,
      Optional<Set<WorkloadKey>> sought,
      Optional<WorkloadKey> only,
      long fromMicros,
      long toMicros,
      List<RowRun> runs)
      throws IOException {
    ColumnReadStoreImpl columns = open(group, only.isPresent() ? START : KEY);
    ColumnReader start = reader(columns, "started_at_us");
    ColumnReader[] texts =
        only.isPresent()
            ? new ColumnReader[0]
            : new ColumnReader[] {
              reader(columns, "workload"),
              reader(columns, "hosted_model"),
              reader(columns, "data_class")
            };
    Binary[] last = new Binary[texts.length];
    Set<WorkloadKey> closed = new HashSet<>();
    WorkloadKey here = only.orElse(null);
    boolean wanted = here != null;
    RunOfRows run = new RunOfRows(group, runs);
    int rows = rows(group);
    for (int row = 0; row < rows; row++) {
      boolean other = false;
      for (int i = 0; i < texts.length; i++) {
        Binary text = texts[i].getBinary();
        if (text != last[i]) {
          other |= !text.equals(last[i]);
          last[i] = text;
        }
        texts[i].consume();
      }
      if (other) {
        run.end(row);
        here =
            new WorkloadKey(
                last[0].toStringUsingUTF8(),
                last[1].toStringUsingUTF8(),
                last[2].toStringUsingUTF8());
        if (!closed.add(here)) {
          throw new IOException("rows of one workload do not stand together: not sorted");
        }
        wanted = sought.isEmpty() || sought.get().contains(here);
      }
      long started = start.getLong();
      start.consume();
      if (wanted && started >= fromMicros && started < toMicros) {
        run.add(row, here, started);
      } else {
        run.end(row);
      }
    }
    run.end(rows);
  }

  /** The run that rows are added to. */
  private static final class RunOfRows {
    private final int group;
    private final List<RowRun> runs;
    private WorkloadKey key;
    private int from;
    private long first;
    private long day;

    RunOfRows(int group, List<RowRun> runs) {
      this.group = group;
      this.runs = runs;
    }

    void add(int row, WorkloadKey of, long started) {
      long dayOfRow = Math.floorDiv(started, TimeUnits.MICROS_PER_DAY);
      if (key != null && dayOfRow != day) {
        end(row);
      }
      if (key == null) {
        key = of;
        from = row;
        first = started;
        day = dayOfRow;
      }
    }

    void end(int row) {
      if (key != null) {
        runs.add(new RowRun(group, key, from, row, first));
        key = null;
      }
    }
  }

  private RowCursor cursor(int group, List<Column> wanted) throws IOException {
    Map<String, Long> nulls = new HashMap<>();
    for (ColumnChunkMetaData chunk : file.getRowGroups().get(group).getColumns()) {
      Statistics<?> statistics = chunk.getStatistics();
      if (statistics != null && statistics.isNumNullsSet()) {
        nulls.put(chunk.getPath().toDotString(), statistics.getNumNulls());
      }
    }
    // A column that an older program did not write, or that no row has, is absent in all rows.
    MessageType there = file.getFileMetaData().getSchema();
    Set<String> names = new HashSet<>();
    for (Column column : wanted) {
      if (there.containsField(column.name())
          && nulls.getOrDefault(column.name(), 0L) < rows(group)) {
        names.add(column.name());
      }
    }
    ColumnReadStoreImpl columns = open(group, names);
    ColumnReader[] readers = new ColumnReader[wanted.size()];
    for (int c = 0; c < readers.length; c++) {
      String name = wanted.get(c).name();
      readers[c] = names.contains(name) ? reader(columns, name) : null;
    }
    return new RowCursor(wanted, readers);
  }

  /** Reads rows of a group from front to back, some of them at a time. */
  static final class RowCursor {
    private final List<Column> columns;
    private final ColumnReader[] readers;
    private int at;

    private RowCursor(List<Column> columns, ColumnReader[] readers) {
      this.columns = columns;
      this.readers = readers;
    }

    /**
     * Reads the rows [from, to), which are behind those read before.
     *
     * @param target where the first of them goes
     */
    void read(int from, int to, Rows into, int target) throws IOException {
      for (int c = 0; c < readers.length; c++) {
        if (readers[c] == null) {
          into.takeAbsent(columns.get(c), target, to - from);
        } else {
          skip(readers[c], from - at);
          into.take(columns.get(c), readers[c], target, to - from);
        }
      }
      at = to;
    }

    private static void skip(ColumnReader reader, int rows) {
      int present = reader.getDescriptor().getMaxDefinitionLevel();
      for (int row = 0; row < rows; row++) {
        // A value that is consumed must be read or skipped, else the next row would get it.
        if (reader.getCurrentDefinitionLevel() == present) {
          reader.skip();
        }
        reader.consume();
      }
    }
  }

  /** Rows of a table, which has room for them. */
  private record TableRows(CallTable table) implements Rows {
    @Override
    public void take(Column column, ColumnReader reader, int at, int rows) throws IOException {
      if (column.text() != null) {
        texts(column, reader, at, rows);
      } else if (column.words() != null) {
        words(column, reader, table.column(column.number()).array(at), at, rows);
      } else {
        numbers(reader, table.column(column.number()).array(at), at, rows);
      }
    }

    @Override
    public void takeAbsent(Column column, int at, int rows) {
      if (column.text() != null) {
        table.column(column.text()).append(at, at + rows, CallTable.NO_TEXT);
      } else {
        table.column(column.number()).append(at, at + rows, CallDraft.ABSENT);
      }
    }

    @SuppressWarnings("ReferenceEquality") // likewise
    private void texts(Column column, ColumnReader reader, int at, int rows) {
      int present = reader.getDescriptor().getMaxDefinitionLevel();
      long[] codes = table.column(column.text()).array(at);
      Binary last = null;
      int code = CallTable.NO_TEXT;
      for (int i = at; i < at + rows; i++) {
        if (reader.getCurrentDefinitionLevel() == present) {
          Binary here = reader.getBinary();
          if (here != last) {
            code = table.code(column.text(), here.toStringUsingUTF8());
            last = here;
          }
          codes[i] = code;
        } else {
          codes[i] = CallTable.NO_TEXT;
        }
        reader.consume();
      }
    }
  }

  static void numbers(ColumnReader reader, long[] numbers, int at, int rows) {
    int present = reader.getDescriptor().getMaxDefinitionLevel();
    for (int i = at; i < at + rows; i++) {
      numbers[i] =
          reader.getCurrentDefinitionLevel() == present ? reader.getLong() : CallDraft.ABSENT;
      reader.consume();
    }
  }

  /** Words of an enumeration as its ordinals. */
  @SuppressWarnings("ReferenceEquality") // likewise
  static void words(Column column, ColumnReader reader, long[] ordinals, int at, int rows)
      throws IOException {
    Binary last = null;
    int ordinal = 0;
    for (int i = at; i < at + rows; i++) {
      Binary here = reader.getBinary();
      if (here != last) {
        ordinal = Arrays.asList(column.words()).indexOf(here.toStringUsingUTF8());
        if (ordinal < 0) {
          throw new IOException(
              "%s is '%s', which is not one of its words"
                  .formatted(column.name(), here.toStringUsingUTF8()));
        }
        last = here;
      }
      ordinals[i] = ordinal;
      reader.consume();
    }
  }

  private ColumnReadStoreImpl open(int group, Set<String> columns) throws IOException {
    MessageType there = file.getFileMetaData().getSchema();
    MessageType requested =
        new MessageType(
            CallColumns.SCHEMA.getName(),
            CallColumns.SCHEMA.getFields().stream()
                .filter(field -> columns.contains(field.getName()))
                .filter(field -> there.containsField(field.getName()))
                .toList());
    file.setRequestedSchema(requested);
    PageReadStore pages = file.readRowGroup(group);
    return new ColumnReadStoreImpl(
        pages, new Ignored(), requested, file.getFileMetaData().getCreatedBy());
  }

  private static ColumnReader reader(ColumnReadStoreImpl columns, String column) {
    return columns.getColumnReader(CallColumns.SCHEMA.getColumnDescription(new String[] {column}));
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
