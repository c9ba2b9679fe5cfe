package dev.homeward.calls;

import dev.homeward.calls.CallColumns.Column;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/** Writes rows of tables, column by column and without an object a row, to one file of calls/. */
final class CallsFileWriter implements CallsFile.Writer {
  /** A row group of at least this many rows ends where its workload key or its UTC day ends. */
  static final int SMALL_GROUP_ROWS = 1 << 14;

  /** A row group ends after this many rows, whatever the key. */
  static final int LARGEST_GROUP_ROWS = 1 << 18;

  private static final long GROUP_BYTES = 128L << 20;

  private final ParquetProperties properties =
      ParquetProperties.builder()
          .withWriterVersion(WriterVersion.PARQUET_2_0)
          .withAllocator(HeapByteBufferAllocator.getInstance())
          .build();

  private final CompressionCodecFactory.BytesInputCompressor compressor =
      new ZstdCodec().getCompressor(CompressionCodecName.ZSTD);

  private final ColumnPages pages = new ColumnPages();
  private final SteadyFooter output;
  private final ParquetFileWriter file;

  CallsFileWriter(OutputFile given) throws IOException {
    this.output = new SteadyFooter(given);
    this.file =
        new ParquetFileWriter(
            output,
            CallColumns.SCHEMA,
            ParquetFileWriter.Mode.OVERWRITE,
            GROUP_BYTES,
            0,
            null,
            properties);
    file.start();
  }

  @Override
  public void write(CallTable table, int[] rows) throws IOException {
    List<ColumnOut> columns = new ArrayList<>();
    for (Column column : CallColumns.ALL) {
      columns.add(new ColumnOut(column, table));
    }
    int from = 0;
    while (from < rows.length) {
      int to = endOfGroup(table, rows, from);
      try (ColumnChunkPageWriteStore store = group()) {
        for (ColumnOut column : columns) {
          column.write(store, pages, rows, from, to);
        }
        file.startBlock(to - from);
        store.flushToFileWriter(file);
        file.endBlock();
      }
      from = to;
    }
  }

  private static int endOfGroup(CallTable table, int[] rows, int from) {
    int most = (int) Math.min(rows.length, (long) from + LARGEST_GROUP_ROWS);
    LongColumn started = table.column(Number.STARTED_AT);
    for (int i = from + SMALL_GROUP_ROWS; i < most; i++) {
      if (!table.sameKey(rows[i - 1], rows[i])
          || day(started, rows[i - 1]) != day(started, rows[i])) {
        return i;
      }
    }
    return most;
  }

  private static long day(LongColumn started, int row) {
    return Math.floorDiv(started.get(row), TimeUnits.MICROS_PER_DAY);
  }

  @Override
  public void close() throws IOException {
    try (file) {
      output.begins();
      file.end(Map.of());
    } finally {
      compressor.release();
    }
  }

  private ColumnChunkPageWriteStore group() {
    return new ColumnChunkPageWriteStore(
        compressor,
        CallColumns.SCHEMA,
        properties.getAllocator(),
        properties.getColumnIndexTruncateLength());
  }

  /** A column, and where its values stand in the table. */
  private static final class ColumnOut {
    private final ColumnDescriptor descriptor;
    private final LongColumn values;

    /** Of a column of texts its words by value. */
    private final Binary[] words;

    ColumnOut(Column column, CallTable table) {
      descriptor = CallColumns.SCHEMA.getColumnDescription(new String[] {column.name()});
      if (column.text() != null) {
        values = table.column(column.text());
        words = words(table.wordCount(column.text()), code -> table.word(column.text(), code));
      } else {
        String[] ordinals = column.words();
        values = table.column(column.number());
        words = ordinals == null ? null : words(ordinals.length, ordinal -> ordinals[ordinal]);
      }
    }

    private static Binary[] words(int count, IntFunction<String> word) {
      Binary[] words = new Binary[count];
      for (int code = 0; code < count; code++) {
        words[code] =
            Binary.fromConstantByteArray(word.apply(code).getBytes(StandardCharsets.UTF_8));
      }
      return words;
    }

    void write(ColumnChunkPageWriteStore store, ColumnPages pages, int[] rows, int from, int to)
        throws IOException {
      PageWriter out = store.getPageWriter(descriptor);
      PrimitiveType type = descriptor.getPrimitiveType();
      if (words == null) {
        pages.numbers(out, type, values, rows, from, to);
      } else {
        pages.texts(out, type, values, words, rows, from, to);
      }
    }
  }
}
