package dev.homeward.report;

import dev.homeward.calls.SteadyFooter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A small Parquet file in memory, its bytes the same in every process: see {@link SteadyFooter}.
 */
public final class ParquetBytes implements OutputFile {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  /**
   * The file, once its writer is closed.
   *
   * @throws IOException if what was written is no Parquet file
   */
  public byte[] bytes() throws IOException {
    return SteadyFooter.steady(written.toByteArray());
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
