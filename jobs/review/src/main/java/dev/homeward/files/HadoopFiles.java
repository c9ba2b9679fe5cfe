package dev.homeward.files;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/** Files through Hadoop's file systems. */
public final class HadoopFiles implements Files {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int GZIP_BUFFER_BYTES = 1 << 16;

  private final Configuration configuration;

  /**
   * @param configuration settings of the file systems; not to be changed afterwards
   */
  public HadoopFiles(Configuration configuration) {
    // Hadoop's local file system would leave a .crc beside each file.
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    this.configuration = configuration;
  }

  // Reading Hadoop's defaults costs tens of milliseconds: once, and only where it is needed.
  private static final class Standalone {
    static final HadoopFiles FILES = new HadoopFiles(new Configuration());
  }

  /** Files with Hadoop's own settings, where no cluster gives others. */
  public static HadoopFiles standalone() {
    return Standalone.FILES;
  }

  // A path as a user writes it; a colon in a local name is no scheme.
  private static Path path(String given) {
    return given.contains("://") || given.startsWith("file:")
        ? new Path(given)
        : new Path(null, null, given);
  }

  private FileSystem of(Path path) throws IOException {
    return path.getFileSystem(configuration);
  }

  private static Entry entry(FileStatus status) {
    return new Entry(status.getPath().toString(), status.getLen(), status.isDirectory());
  }

  private static List<Entry> entries(FileStatus[] all) {
    List<Entry> entries = new ArrayList<>();
    for (FileStatus status : all == null ? new FileStatus[0] : all) {
      entries.add(entry(status));
    }
    return entries;
  }

  @Override
  public boolean exists(String given) throws IOException {
    Path path = path(given);
    return of(path).exists(path);
  }

  @Override
  public Entry entry(String given) throws IOException {
    Path path = path(given);
    return entry(of(path).getFileStatus(path));
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    Path path = path(folder);
    return entries(of(path).listStatus(path));
  }

  @Override
  public List<Entry> glob(String pattern) throws IOException {
    Path path = path(pattern);
    return entries(of(path).globStatus(path));
  }

  @Override
  public InputStream open(String given, Compression compression, long offset) throws IOException {
    Path path = path(given);
    var raw = of(path).open(path);
    if (offset > 0) {
      raw.seek(offset);
    }
    InputStream in = new BufferedInputStream(raw, BUFFER_BYTES);
    return switch (compression) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, GZIP_BUFFER_BYTES);
      case ZSTD -> new ZstdInputStream(in).setContinuous(false);
      case BZIP2 -> {
        BZip2Codec codec = new BZip2Codec();
        codec.setConf(configuration);
        yield codec.createInputStream(in);
      }
    };
  }

  @Override
  public OutputStream create(String given) throws IOException {
    Path path = path(given);
    return of(path).create(path, true);
  }

  @Override
  public void makeFolder(String given) throws IOException {
    Path path = path(given);
    of(path).mkdirs(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path path = path(from);
    if (!of(path).rename(path, path(to))) {
      throw new IOException("cannot rename %s to %s".formatted(from, to));
    }
  }

  @Override
  public void delete(String given) throws IOException {
    Path path = path(given);
    of(path).delete(path, true);
  }

  @Override
  public InputFile parquetInput(String path) throws IOException {
    return HadoopInputFile.fromPath(path(path), configuration);
  }

  @Override
  public OutputFile parquetOutput(String path) throws IOException {
    return HadoopOutputFile.fromPath(path(path), configuration);
  }

  @Override
  public String normal(String path) {
    return path(path).toString();
  }

  @Override
  public String child(String folder, String name) {
    String base = normal(folder);
    return base.endsWith("/") ? base + name : base + "/" + name;
  }

  @Override
  public String parent(String path) {
    Path parent = path(path).getParent();
    return parent == null || parent.toString().isEmpty() ? "." : parent.toString();
  }

  @Override
  public String name(String path) {
    return path(path).getName();
  }

  @Override
  public String plain(String path) {
    return path(path).toUri().getPath();
  }
}
