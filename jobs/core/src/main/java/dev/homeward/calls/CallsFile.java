package dev.homeward.calls;

import dev.homeward.calls.CallColumns.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * One Parquet file of calls/: zstd, dictionary and delta encodings, rows in the order of {@link
 * CallTable#sortedRows}, row groups bounded so that a workload's window is a few slices.
 */
public final class CallsFile {
  private static final long ROW_GROUP_BYTES = 8L << 20;

  private CallsFile() {}

  /** Writes the rows in this order. */
  public static void write(CallTable table, Integer[] rows, OutputFile file) {
    try (ParquetWriter<Integer> writer =
        new Builder(file, table)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withWriterVersion(WriterVersion.PARQUET_2_0)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .build()) {
      for (Integer row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write calls to " + file.getPath(), e);
    }
  }

  /** Adds the calls of one workload key to a table, reading only row groups that may hold some. */
  public static void read(InputFile file, WorkloadKey key, CallTable into) {
    FilterPredicate filter =
        FilterApi.and(
            FilterApi.and(is("workload", key.workload()), is("hosted_model", key.hostedModel())),
            is("data_class", key.dataClass()));
    ParquetReadOptions options =
        ParquetReadOptions.builder().withRecordFilter(FilterCompat.get(filter)).build();
    read(file, options, Optional.of(key), into);
  }

  /** Adds all calls of a file to a table. */
  public static void readAll(InputFile file, CallTable into) {
    read(file, ParquetReadOptions.builder().build(), Optional.empty(), into);
  }

  private static void read(
      InputFile file, ParquetReadOptions options, Optional<WorkloadKey> key, CallTable into) {
    try (ParquetFileReader reader = ParquetFileReader.open(file, options)) {
      String createdBy = reader.getFooter().getFileMetaData().getCreatedBy();
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        readGroup(group, createdBy, key, into);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read calls from " + file, e);
    }
  }

  private static void readGroup(
      PageReadStore group, String createdBy, Optional<WorkloadKey> key, CallTable into) {
    ColumnReadStoreImpl columns =
        new ColumnReadStoreImpl(group, new Ignored(), CallColumns.SCHEMA, createdBy);
    int rows = Math.toIntExact(group.getRowCount());
    boolean[] wanted = new boolean[rows];
    java.util.Arrays.fill(wanted, true);
    // A column's pages can be read once: the key's texts are kept for the second use.
    Map<String, String[]> keyTexts = new HashMap<>();
    if (key.isPresent()) {
      keyTexts.put("workload", keep(columns, "workload", key.get().workload(), wanted));
      keyTexts.put("hosted_model", keep(columns, "hosted_model", key.get().hostedModel(), wanted));
      keyTexts.put("data_class", keep(columns, "data_class", key.get().dataClass(), wanted));
    }
    int[] target = new int[rows];
    boolean any = false;
    for (int row = 0; row < rows; row++) {
      if (wanted[row]) {
        target[row] = into.addEmptyRow();
        any = true;
      }
    }
    if (!any) {
      return;
    }
    for (Column column : CallColumns.ALL) {
      String[] known = keyTexts.get(column.name());
      if (known == null) {
        readColumn(columns, column, wanted, target, into);
        continue;
      }
      for (int row = 0; row < rows; row++) {
        if (wanted[row]) {
          into.set(target[row], column.text(), known[row]);
        }
      }
    }
  }

  private static void readColumn(
      ColumnReadStoreImpl columns, Column column, boolean[] wanted, int[] target, CallTable into) {
    ColumnReader reader = reader(columns, column.name());
    int full = reader.getDescriptor().getMaxDefinitionLevel();
    Binary lastBytes = null;
    String last = null;
    for (int row = 0; row < wanted.length; row++) {
      boolean present = reader.getCurrentDefinitionLevel() == full;
      if (!wanted[row]) {
        if (present) {
          reader.skip();
        }
      } else if (column.isText()) {
        if (present && !reader.getBinary().equals(lastBytes)) {
          lastBytes = reader.getBinary().copy();
          last = lastBytes.toStringUsingUTF8();
        }
        setText(into, target[row], column, present ? last : null);
      } else {
        into.set(target[row], column.number(), present ? reader.getLong() : CallDraft.ABSENT);
      }
      reader.consume();
    }
  }

  private static void setText(CallTable into, int row, Column column, String value) {
    if (column.words() == null) {
      into.set(row, column.text(), value);
      return;
    }
    for (int ordinal = 0; ordinal < column.words().length; ordinal++) {
      if (column.words()[ordinal].equals(value)) {
        into.set(row, column.number(), ordinal);
        return;
      }
    }
    throw new IllegalStateException(
        "Invalid %s in calls/: %s (not one of its words)".formatted(column.name(), value));
  }

  /** The texts of a column; rows with another value than the sought one are no longer wanted. */
  private static String[] keep(
      ColumnReadStoreImpl columns, String column, String value, boolean[] wanted) {
    ColumnReader reader = reader(columns, column);
    Binary sought = Binary.fromString(value);
    int full = reader.getDescriptor().getMaxDefinitionLevel();
    String[] texts = new String[wanted.length];
    for (int row = 0; row < wanted.length; row++) {
      boolean present = reader.getCurrentDefinitionLevel() == full;
      if (present && reader.getBinary().equals(sought)) {
        texts[row] = value;
      } else {
        wanted[row] = false;
        if (present) {
          reader.skip();
        }
      }
      reader.consume();
    }
    return texts;
  }

  private static ColumnReader reader(ColumnReadStoreImpl columns, String column) {
    return columns.getColumnReader(CallColumns.SCHEMA.getColumnDescription(new String[] {column}));
  }

  private static FilterPredicate is(String column, String value) {
    return FilterApi.eq(FilterApi.binaryColumn(column), Binary.fromString(value));
  }

  private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
    private final CallTable table;

    Builder(OutputFile file, CallTable table) {
      super(file);
      this.table = table;
    }

    @Override
    protected Builder self() {
      return this;
    }

    // Parquet's one abstract method is also the one it deprecates.
    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<Integer> getWriteSupport(Configuration conf) {
      return new Rows(table);
    }
  }

  private static final class Rows extends WriteSupport<Integer> {
    private final CallTable table;
    private RecordConsumer out;

    Rows(CallTable table) {
      this.table = table;
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration configuration) {
      return new WriteContext(CallColumns.SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      this.out = consumer;
    }

    @Override
    public void write(Integer row) {
      out.startMessage();
      for (int c = 0; c < CallColumns.ALL.size(); c++) {
        Column column = CallColumns.ALL.get(c);
        if (column.text() != null) {
          String text = table.text(column.text(), row);
          if (text != null) {
            out.startField(column.name(), c);
            out.addBinary(Binary.fromString(text));
            out.endField(column.name(), c);
          }
        } else {
          long number = table.number(column.number(), row);
          if (number != CallDraft.ABSENT) {
            out.startField(column.name(), c);
            if (column.words() == null) {
              out.addLong(number);
            } else {
              out.addBinary(Binary.fromString(column.words()[(int) number]));
            }
            out.endField(column.name(), c);
          }
        }
      }
      out.endMessage();
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
