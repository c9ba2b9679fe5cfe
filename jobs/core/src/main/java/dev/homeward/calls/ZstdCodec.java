package dev.homeward.calls;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Zstandard for Parquet pages, straight on zstd-jni. parquet-hadoop's own factory asks for a Hadoop
 * configuration, whose loading would be most of the start of a command that only reads a tape.
 */
final class ZstdCodec implements CompressionCodecFactory {
  private static final int LEVEL = 3;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    check(codec);
    return new Compressor();
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    check(codec);
    return new Decompressor();
  }

  @Override
  public void release() {}

  private static void check(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD) {
      throw new IllegalArgumentException(
          "Cannot read calls: compressed with %s (calls/ is written with ZSTD)".formatted(codec));
    }
  }

  private static byte[] array(BytesInput bytes) throws IOException {
    ByteArrayOutputStream array = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
    bytes.writeAllTo(array);
    return array.toByteArray();
  }

  /** Keeps its tables from page to page: they take longer to make than a small page to compress. */
  private static final class Compressor implements BytesInputCompressor {
    private ZstdCompressCtx pages;

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      if (pages == null) {
        pages = new ZstdCompressCtx().setLevel(LEVEL);
      }
      return BytesInput.from(pages.compress(array(bytes)));
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {
      if (pages != null) {
        pages.close();
        pages = null;
      }
    }
  }

  private static final class Decompressor implements BytesInputDecompressor {
    @Override
    public BytesInput decompress(BytesInput bytes, int decompressedSize) throws IOException {
      byte[] out = new byte[decompressedSize];
      decompressInto(array(bytes), out);
      return BytesInput.from(out);
    }

    @Override
    public void decompress(
        ByteBuffer input, int compressedSize, ByteBuffer output, int decompressedSize)
        throws IOException {
      byte[] in = new byte[compressedSize];
      input.get(in);
      byte[] out = new byte[decompressedSize];
      decompressInto(in, out);
      output.put(out);
    }

    @Override
    public void release() {}

    private static void decompressInto(byte[] in, byte[] out) throws IOException {
      long size = Zstd.decompressByteArray(out, 0, out.length, in, 0, in.length);
      if (Zstd.isError(size) || size != out.length) {
        throw new IOException(
            "Cannot decompress a page: %s (%d bytes, expected %d)"
                .formatted(Zstd.getErrorName(size), size, out.length));
      }
    }
  }
}
