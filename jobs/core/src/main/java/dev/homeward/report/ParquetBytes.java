package dev.homeward.report;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A small Parquet file in memory. Its bytes are the same in every process: Parquet lists the
 * encodings of a column in the order of a hash set of enum constants, whose hashes each process
 * draws anew; here they stand in the order of the format's numbers.
 */
public final class ParquetBytes implements OutputFile {
  /** At the end of a file: the length of the footer in four bytes, then PAR1. */
  private static final int LENGTH_BYTES = 4;

  private static final int TAIL_BYTES = 8;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  /**
   * The file, once its writer is closed.
   *
   * @throws IOException if what was written is no Parquet file
   */
  public byte[] bytes() throws IOException {
    byte[] file = written.toByteArray();
    int length =
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - TAIL_BYTES);
    int from = file.length - TAIL_BYTES - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, from, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        Collections.sort(column.getMeta_data().getEncodings());
      }
    }
    ByteArrayOutputStream stable = new ByteArrayOutputStream(file.length);
    stable.write(file, 0, from);
    Util.writeFileMetaData(footer, stable);
    ByteBuffer tail = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    stable.write(tail.putInt(stable.size() - from).array());
    stable.write(file, file.length - LENGTH_BYTES, LENGTH_BYTES);
    return stable.toByteArray();
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return new PositionOutputStream() {
      @Override
      public long getPos() {
        return written.size();
      }

      @Override
      public void write(int b) {
        written.write(b);
      }

      @Override
      public void write(byte[] b, int off, int len) {
        written.write(b, off, len);
      }
    };
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return create(blockSizeHint);
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
