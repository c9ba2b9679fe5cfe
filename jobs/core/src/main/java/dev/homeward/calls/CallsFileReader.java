package dev.homeward.calls;

import dev.homeward.calls.CallColumns.Column;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
 * Reads rows of one file of calls/ into tables. Row groups whose statistics exclude all keys are
 * not touched; in the others a key's rows stand together, because the file is sorted.
 */
final class CallsFileReader implements Closeable {
  private static final Set<String> KEY =
      Set.of("workload", "hosted_model", "data_class", "started_at_us");

  /**
   * Columns that tapes do not have: texts that differ in every row, and numbers that nothing adds
   * up.
   */
  private static final Set<String> NOT_IN_TAPES =
      Set.of("request_model", "response_model", "call_id", "other_units");

  private static final Comparator<Binary> ORDER =
      CallColumns.SCHEMA.getType("workload").asPrimitiveType().comparator();

  private static final List<Column> TAPE_COLUMNS =
      CallColumns.ALL.stream().filter(c -> !NOT_IN_TAPES.contains(c.name())).toList();

  private static final List<Column> OTHER_COLUMNS =
      CallColumns.ALL.stream().filter(c -> NOT_IN_TAPES.contains(c.name())).toList();

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

  /** Rows [from, to) of a row group, and where they go. */
  private record RowRun(CallTable into, int from, int to) {}

  @Override
  public void close() throws IOException {
    file.close();
  }

  void readAll(CallTable into) throws IOException {
    for (int group = 0; group < file.getRowGroups().size(); group++) {
      readRows(group, List.of(new RowRun(into, 0, rows(group))), CallColumns.ALL);
    }
  }

  void read(Map<WorkloadKey, CallTable> into, long fromMicros, long toMicros) throws IOException {
    for (int group = 0; group < file.getRowGroups().size(); group++) {
      Bounds bounds = Bounds.of(file.getRowGroups().get(group));
      List<WorkloadKey> candidates =
          into.keySet().stream().filter(key -> bounds.mayHold(key, fromMicros, toMicros)).toList();
      if (candidates.isEmpty()) {
        continue;
      }
      List<RowRun> runs =
          bounds.holdsOnly(candidates.get(0), fromMicros, toMicros)
              ? List.of(new RowRun(into.get(candidates.get(0)), 0, rows(group)))
              : runs(group, into, fromMicros, toMicros);
      if (!runs.isEmpty()) {
        readRows(group, runs, TAPE_COLUMNS);
      }
    }
  }

  private int rows(int group) {
    return Math.toIntExact(file.getRowGroups().get(group).getRowCount());
  }

  /** The rows of each sought key in a window, in the order of the file. */
  @SuppressWarnings("ReferenceEquality") // a dictionary gives the same object for the same text
  private List<RowRun> runs(
      int group, Map<WorkloadKey, CallTable> sought, long fromMicros, long toMicros)
      throws IOException {
    ColumnReadStoreImpl columns = open(group, KEY);
    ColumnReader start = reader(columns, "started_at_us");
    ColumnReader[] texts = {
      reader(columns, "workload"), reader(columns, "hosted_model"), reader(columns, "data_class")
    };
    Binary[] last = new Binary[texts.length];
    List<RowRun> runs = new ArrayList<>();
    CallTable here = null;
    CallTable open = null;
    int since = 0;
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
        here =
            sought.get(
                new WorkloadKey(
                    last[0].toStringUsingUTF8(),
                    last[1].toStringUsingUTF8(),
                    last[2].toStringUsingUTF8()));
      }
      long started = start.getLong();
      start.consume();
      CallTable wanted = started >= fromMicros && started < toMicros ? here : null;
      if (wanted != open) {
        close(runs, open, since, row);
        open = wanted;
        since = row;
      }
    }
    close(runs, open, since, rows);
    return runs;
  }

  private static void close(List<RowRun> runs, CallTable open, int from, int to)
      throws IOException {
    if (open == null) {
      return;
    }
    for (RowRun run : runs) {
      if (run.into() == open) {
        throw new IOException("rows of one workload do not stand together: not sorted");
      }
    }
    runs.add(new RowRun(open, from, to));
  }

  private void readRows(int group, List<RowRun> runs, List<Column> wanted) throws IOException {
    Set<String> names = new HashSet<>();
    wanted.forEach(column -> names.add(column.name()));
    ColumnReadStoreImpl columns = open(group, names);
    int[] targets = new int[runs.size()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = runs.get(i).into().addEmptyRows(runs.get(i).to() - runs.get(i).from());
    }
    MessageType there = file.getFileMetaData().getSchema();
    for (Column column : wanted) {
      if (!there.containsField(column.name())) {
        // A review of an older program.
        for (int i = 0; i < targets.length; i++) {
          leaveAbsent(List.of(column), runs.get(i), targets[i]);
        }
        continue;
      }
      ColumnReader reader = reader(columns, column.name());
      int at = 0;
      for (int i = 0; i < targets.length; i++) {
        RowRun run = runs.get(i);
        int rows = run.to() - run.from();
        skip(reader, run.from() - at);
        if (column.text() != null) {
          readTexts(reader, column, run.into(), targets[i], rows);
        } else if (column.words() != null) {
          readWords(reader, column, run.into(), targets[i], rows);
        } else {
          readNumbers(reader, run.into().column(column.number()), targets[i], rows);
        }
        at = run.to();
      }
    }
    if (wanted == TAPE_COLUMNS) {
      for (int i = 0; i < targets.length; i++) {
        leaveAbsent(OTHER_COLUMNS, runs.get(i), targets[i]);
      }
    }
  }

  private static void leaveAbsent(List<Column> columns, RowRun run, int target) {
    int after = target + run.to() - run.from();
    for (Column column : columns) {
      if (column.text() != null) {
        Arrays.fill(run.into().column(column.text()), target, after, CallTable.NO_TEXT);
      } else {
        Arrays.fill(run.into().column(column.number()), target, after, CallDraft.ABSENT);
      }
    }
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

  private static void readNumbers(ColumnReader reader, long[] numbers, int target, int rows) {
    int present = reader.getDescriptor().getMaxDefinitionLevel();
    for (int i = 0; i < rows; i++) {
      numbers[target + i] =
          reader.getCurrentDefinitionLevel() == present ? reader.getLong() : CallDraft.ABSENT;
      reader.consume();
    }
  }

  @SuppressWarnings("ReferenceEquality") // likewise
  private static void readTexts(
      ColumnReader reader, Column column, CallTable into, int target, int rows) {
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

  @SuppressWarnings("ReferenceEquality") // likewise
  private static void readWords(
      ColumnReader reader, Column column, CallTable into, int target, int rows) throws IOException {
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

  /** What the statistics of a row group say of its keys and starts; null where they say nothing. */
  private record Bounds(Binary[] least, Binary[] most, Long first, Long last) {
    private static final List<String> TEXTS = List.of("workload", "hosted_model", "data_class");

    static Bounds of(BlockMetaData group) {
      Binary[] least = new Binary[TEXTS.size()];
      Binary[] most = new Binary[TEXTS.size()];
      Long first = null;
      Long last = null;
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        String column = chunk.getPath().toDotString();
        Statistics<?> statistics = KEY.contains(column) ? chunk.getStatistics() : null;
        if (statistics == null || !statistics.hasNonNullValue()) {
          continue;
        }
        int text = TEXTS.indexOf(column);
        if (text >= 0) {
          least[text] = (Binary) statistics.genericGetMin();
          most[text] = (Binary) statistics.genericGetMax();
        } else {
          first = (Long) statistics.genericGetMin();
          last = (Long) statistics.genericGetMax();
        }
      }
      return new Bounds(least, most, first, last);
    }

    boolean mayHold(WorkloadKey key, long from, long to) {
      if (first != null && (last < from || first >= to)) {
        return false;
      }
      Binary[] sought = sought(key);
      for (int i = 0; i < sought.length; i++) {
        if (least[i] != null
            && (ORDER.compare(least[i], sought[i]) > 0 || ORDER.compare(most[i], sought[i]) < 0)) {
          return false;
        }
      }
      return true;
    }

    /** Whether all rows of the group are of this key and in the window. */
    boolean holdsOnly(WorkloadKey key, long from, long to) {
      if (first == null || first < from || last >= to) {
        return false;
      }
      Binary[] sought = sought(key);
      for (int i = 0; i < sought.length; i++) {
        if (!sought[i].equals(least[i]) || !sought[i].equals(most[i])) {
          return false;
        }
      }
      return true;
    }

    private static Binary[] sought(WorkloadKey key) {
      return new Binary[] {
        Binary.fromString(key.workload()),
        Binary.fromString(key.hostedModel()),
        Binary.fromString(key.dataClass())
      };
    }
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
