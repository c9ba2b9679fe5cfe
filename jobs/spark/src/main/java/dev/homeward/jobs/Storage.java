package dev.homeward.jobs;

import dev.homeward.units.InvalidInput;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Files through Hadoop's file systems, so that a path may be local, hdfs:// or s3a://. */
final class Storage {
  private Storage() {}

  // Reading Hadoop's defaults costs tens of milliseconds, which thousands of small files would pay
  // each. One for the time before Spark runs, one for the environment that runs.
  private static Configuration alone;
  private static Configuration inSpark;
  private static SparkEnv sparkOf;

  /** Settings of the file systems; where Spark runs they are Spark's. Not to be changed. */
  static synchronized Configuration configuration() {
    SparkEnv spark = SparkEnv.get();
    if (spark == null) {
      alone = alone == null ? local(new Configuration()) : alone;
      return alone;
    }
    if (sparkOf != spark) {
      inSpark = local(SparkHadoopUtil.get().newConfiguration(spark.conf()));
      sparkOf = spark;
    }
    return inSpark;
  }

  private static Configuration local(Configuration conf) {
    // Hadoop's local file system would leave a .crc beside each file.
    conf.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    return conf;
  }

  /** A path as a user writes it; a colon in a local name is no scheme. */
  static Path path(String given) {
    return given.contains("://") || given.startsWith("file:")
        ? new Path(given)
        : new Path(null, null, given);
  }

  static FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(configuration());
  }

  /** The bytes of a file from an offset, decompressed by its first bytes. */
  static InputStream open(Path path, Compression compression, long offset) throws IOException {
    var raw = fileSystem(path).open(path);
    if (offset > 0) {
      raw.seek(offset);
    }
    InputStream in = new BufferedInputStream(raw, 1 << 18);
    return switch (compression) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, 1 << 16);
      case ZSTD -> new com.github.luben.zstd.ZstdInputStream(in).setContinuous(false);
      case BZIP2 -> {
        BZip2Codec codec = new BZip2Codec();
        codec.setConf(configuration());
        yield codec.createInputStream(in);
      }
    };
  }

  static byte[] head(Path path, Compression compression, int bytes) throws IOException {
    try (InputStream in = open(path, compression, 0)) {
      return in.readNBytes(bytes);
    } catch (java.io.EOFException | java.util.zip.ZipException e) {
      throw new InvalidInput(
          "Cannot read %s: its %s data is truncated or damaged (%s)"
              .formatted(path, compression.word(), e.getMessage()),
          e);
    }
  }

  static void write(Path path, String text) throws IOException {
    try (OutputStream out = fileSystem(path).create(path, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  static String read(Path path) throws IOException {
    try (InputStream in = fileSystem(path).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** How a file is compressed, told by its first bytes. */
  enum Compression {
    NONE,
    GZIP,
    ZSTD,
    BZIP2;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Compression of(byte[] head) {
      if (head.length >= 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
        return GZIP;
      }
      if (head.length >= 4
          && (head[0] & 0xff) == 0x28
          && (head[1] & 0xff) == 0xb5
          && (head[2] & 0xff) == 0x2f
          && (head[3] & 0xff) == 0xfd) {
        return ZSTD;
      }
      if (head.length >= 3 && head[0] == 'B' && head[1] == 'Z' && head[2] == 'h') {
        return BZIP2;
      }
      return NONE;
    }
  }
}
