package dev.homeward.calls;

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
 * A Parquet file whose bytes are the same in every process. Parquet lists the encodings of a column
 * in the order of a hash set of enum constants, whose hashes each process draws anew; here they
 * stand in the order of the format's numbers. What precedes the footer goes straight through.
 */
public final class SteadyFooter implements OutputFile {
  /** At the end of a file: the length of the footer in four bytes, then PAR1. */
  private static final int LENGTH_BYTES = 4;

  private static final int TAIL_BYTES = 8;

  private final OutputFile file;
  private Stream stream;

  public SteadyFooter(OutputFile file) {
    this.file = file;
  }

  /** What is written from now on ends with the footer. */
  void begins() {
    stream.held = new ByteArrayOutputStream();
  }

  /**
   * The end of a file, or all of it, with the footer in an order of its own.
   *
   * @throws IOException if it does not end as a Parquet file does
   */
  public static byte[] steady(byte[] end) throws IOException {
    int length =
        ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(end.length - TAIL_BYTES);
    int from = end.length - TAIL_BYTES - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(end, from, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        Collections.sort(column.getMeta_data().getEncodings());
      }
    }
    ByteArrayOutputStream steady = new ByteArrayOutputStream(end.length);
    steady.write(end, 0, from);
    Util.writeFileMetaData(footer, steady);
    ByteBuffer tail = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    steady.write(tail.putInt(steady.size() - from).array());
    steady.write(end, end.length - LENGTH_BYTES, LENGTH_BYTES);
    return steady.toByteArray();
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    stream = new Stream(file.create(blockSizeHint));
    return stream;
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    stream = new Stream(file.createOrOverwrite(blockSizeHint));
    return stream;
  }

  @Override
  public boolean supportsBlockSize() {
    return file.supportsBlockSize();
  }

  @Override
  public long defaultBlockSize() {
    return file.defaultBlockSize();
  }

  @Override
  public String getPath() {
    return file.getPath();
  }

  /** Passes bytes on; from the footer on it holds them until it is closed. */
  private static final class Stream extends PositionOutputStream {
    private final PositionOutputStream out;
    private ByteArrayOutputStream held;

    Stream(PositionOutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos() + (held == null ? 0 : held.size());
    }

    @Override
    public void write(int b) throws IOException {
      if (held == null) {
        out.write(b);
      } else {
        held.write(b);
      }
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      if (held == null) {
        out.write(b, off, len);
      } else {
        held.write(b, off, len);
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      try (out) {
        // Parquet closes what it could not write to its end as well.
        if (held != null && held.size() > TAIL_BYTES) {
          byte[] end = held.toByteArray();
          held = null;
          out.write(steady(end));
        }
      }
    }
  }
}
