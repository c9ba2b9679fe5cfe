package dev.homeward.calls;

import dev.homeward.calls.CallColumns.Column;
import dev.homeward.calls.CallTable.Text;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;

/** Writes rows of a table, column by column and without an object a row, to one file of calls/. */
final class CallsFileWriter implements Closeable {
  /** A row group of at least this many rows ends where its workload key ends. */
  static final int SMALL_GROUP_ROWS = 1 << 14;

  /** A row group ends after this many rows, whatever the key. */
  static final int LARGEST_GROUP_ROWS = 1 << 18;

  /** Rows of a page; columns are written one after the other, a page at a time. */
  private static final int PAGE_ROWS = 20_000;

  private static final long GROUP_BYTES = 128L << 20;

  private final CallTable table;
  private final ParquetProperties properties;
  private final ParquetFileWriter file;
  private final ColumnOut[] columns;
  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore store;
  private int rowsBefore;

  CallsFileWriter(OutputFile output, CallTable table) throws IOException {
    this.table = table;
    this.properties =
        ParquetProperties.builder()
            .withWriterVersion(WriterVersion.PARQUET_2_0)
            // Nearly every value is new: a dictionary would be built only to be thrown away.
            .withDictionaryEncoding("started_at_us", false)
            .withDictionaryEncoding("source_line", false)
            .withDictionaryEncoding("call_id", false)
            .withMinRowCountForPageSizeCheck(PAGE_ROWS)
            .withMaxRowCountForPageSizeCheck(PAGE_ROWS)
            .withPageRowCountLimit(PAGE_ROWS)
            .withAllocator(HeapByteBufferAllocator.getInstance())
            .build();
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
    this.columns = new ColumnOut[CallColumns.ALL.size()];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = new ColumnOut(CallColumns.ALL.get(c), table);
    }
  }

  /** Writes these rows in this order. */
  void write(int[] rows) throws IOException {
    int from = 0;
    while (from < rows.length) {
      int to = endOfGroup(rows, from);
      startGroup();
      while (from < to) {
        int end = Math.min(from + PAGE_ROWS, to);
        for (ColumnOut column : columns) {
          column.write(rows, from, end);
        }
        // Pages are looked at when as many records have ended as one holds: never in between.
        for (int i = from; i < end; i++) {
          store.endRecord();
        }
        from = end;
      }
      endGroup(to);
    }
  }

  private int endOfGroup(int[] rows, int from) {
    int most = (int) Math.min(rows.length, (long) from + LARGEST_GROUP_ROWS);
    for (int i = from + SMALL_GROUP_ROWS; i < most; i++) {
      if (!table.sameKey(rows[i - 1], rows[i])) {
        return i;
      }
    }
    return most;
  }

  @Override
  public void close() throws IOException {
    try (file) {
      file.end(Map.of());
    }
  }

  private void startGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            new ZstdCodec().getCompressor(CompressionCodecName.ZSTD),
            CallColumns.SCHEMA,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength());
    store = properties.newColumnWriteStore(CallColumns.SCHEMA, pages);
    for (ColumnOut column : columns) {
      column.writer = store.getColumnWriter(column.descriptor);
    }
  }

  private void endGroup(int rowsWritten) throws IOException {
    try (ColumnChunkPageWriteStore endingPages = pages;
        ColumnWriteStore endingStore = store) {
      file.startBlock(rowsWritten - rowsBefore);
      endingStore.flush();
      endingPages.flushToFileWriter(file);
      file.endBlock();
      rowsBefore = rowsWritten;
    }
  }

  /** A column: where its values stand in the table, and its writer in the current row group. */
  private static final class ColumnOut {
    private static final int PRESENT = 1;

    private final ColumnDescriptor descriptor;
    private final long[] numbers;
    private final int[] codes;
    private final Binary[] words;
    private ColumnWriter writer;

    ColumnOut(Column column, CallTable table) {
      descriptor = CallColumns.SCHEMA.getColumnDescription(new String[] {column.name()});
      numbers = column.number() == null ? null : table.column(column.number());
      codes = column.text() == null ? null : table.column(column.text());
      if (column.text() != null) {
        words = words(table, column.text());
      } else if (column.words() != null) {
        words = new Binary[column.words().length];
        for (int i = 0; i < words.length; i++) {
          words[i] = Binary.fromString(column.words()[i]);
        }
      } else {
        words = null;
      }
    }

    private static Binary[] words(CallTable table, Text column) {
      Binary[] words = new Binary[table.wordCount(column)];
      for (int code = 0; code < words.length; code++) {
        words[code] = Binary.fromString(table.word(column, code));
      }
      return words;
    }

    void write(int[] rows, int from, int to) {
      if (codes != null) {
        writeTexts(rows, from, to);
      } else if (words != null) {
        writeWords(rows, from, to);
      } else {
        writeNumbers(rows, from, to);
      }
    }

    private void writeTexts(int[] rows, int from, int to) {
      for (int i = from; i < to; i++) {
        int code = codes[rows[i]];
        if (code == CallTable.NO_TEXT) {
          writer.writeNull(0, 0);
        } else {
          writer.write(words[code], 0, PRESENT);
        }
      }
    }

    private void writeWords(int[] rows, int from, int to) {
      for (int i = from; i < to; i++) {
        long number = numbers[rows[i]];
        if (number == CallDraft.ABSENT) {
          writer.writeNull(0, 0);
        } else {
          writer.write(words[(int) number], 0, PRESENT);
        }
      }
    }

    private void writeNumbers(int[] rows, int from, int to) {
      for (int i = from; i < to; i++) {
        long number = numbers[rows[i]];
        if (number == CallDraft.ABSENT) {
          writer.writeNull(0, 0);
        } else {
          writer.write(number, 0, PRESENT);
        }
      }
    }
  }
}
