package dev.homeward.files;

import com.github.luben.zstd.ZstdInputStream;
import dev.homeward.units.InvalidInput;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** Files through Hadoop's file systems. */
public final class HadoopFiles implements Files {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int GZIP_BUFFER_BYTES = 1 << 16;

  private static final int MOST_LINKS = 40;

  private final Configuration configuration;

  /** The same for object stores. */
  private final Configuration stores;

  /**
   * @param configuration settings of the file systems; not to be changed afterwards
   */
  public HadoopFiles(Configuration configuration) {
    // Hadoop's local file system would leave a .crc beside each file.
    configuration.set("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    ProcessUmask.applyTo(configuration);
    ObjectStores.configure(configuration, System::getenv);
    this.configuration = configuration;
    this.stores = ObjectStores.besideLocalFiles(configuration);
  }

  // Reading Hadoop's defaults costs tens of milliseconds: once, and only where it is needed.
  private static final class Standalone {
    static final HadoopFiles FILES =
        new HadoopFiles(ObjectStores.withSettingsOfSpark(new Configuration()));
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

  private Configuration configuration(Path path) {
    return ObjectStores.isOne(path.toUri().getScheme()) ? stores : configuration;
  }

  private FileSystem of(Path path) throws IOException {
    try {
      return path.getFileSystem(configuration(path));
    } catch (UnsupportedFileSystemException e) {
      throw ObjectStores.notThere(path.toUri().getScheme(), e);
    } catch (RuntimeException | NoClassDefFoundError e) {
      // A scheme that Hadoop knows, and whose classes lie in a jar of their own.
      boolean isMissing =
          e instanceof NoClassDefFoundError || e.getCause() instanceof ClassNotFoundException;
      if (isMissing) {
        throw ObjectStores.notThere(path.toUri().getScheme(), e);
      }
      throw e;
    }
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
    FileStatus[] found = of(path).listStatus(path);
    if (isLocal(path)) {
      checkComplete(path, found);
    }
    return entries(found);
  }

  @Override
  public List<Entry> listReadable(String folder) throws IOException {
    Path path = path(folder);
    return entries(of(path).listStatus(path));
  }

  private boolean isLocal(Path path) throws IOException {
    return "file".equals(of(path).getUri().getScheme());
  }

  // Hadoop leaves out, without a word, names that this Java cannot open: links to nowhere, and
  // names in other letters than those of the locale that Java was started with.
  private static void checkComplete(Path folder, FileStatus[] found) throws IOException {
    String[] names = new java.io.File(folder.toUri().getPath()).list();
    if (names == null || names.length == found.length) {
      return;
    }
    Set<String> known = new HashSet<>();
    for (FileStatus status : found) {
      known.add(status.getPath().getName());
    }
    for (String name : names) {
      java.io.File file = new java.io.File(folder.toUri().getPath(), name);
      // A file may have gone meanwhile, which is no fault of its name.
      boolean hidden = name.startsWith(".") || name.startsWith("_");
      if (!known.contains(name) && !hidden && !file.exists() && isThere(folder, name)) {
        throw new InvalidInput(
            "Cannot open %s: %s"
                .formatted(
                    file,
                    LocaleNames.areReadable(name)
                        ? "it is a link to nowhere, or its name is not valid UTF-8. Rename or remove it"
                        : LocaleNames.advice()));
      }
    }
  }

  private static boolean isThere(Path folder, String name) throws IOException {
    String[] again = new java.io.File(folder.toUri().getPath()).list();
    return again != null && List.of(again).contains(name);
  }

  @Override
  public List<Entry> glob(String pattern) throws IOException {
    Path path = path(pattern);
    if (isLocal(path)) {
      // A pattern would leave out what a listing refuses.
      Path folder = path;
      while (folder != null && folder.toString().matches(".*[*?\\[{].*")) {
        folder = folder.getParent();
      }
      Path base = folder == null || folder.toString().isEmpty() ? new Path(".") : folder;
      if (of(base).exists(base) && of(base).getFileStatus(base).isDirectory()) {
        checkComplete(base, of(base).listStatus(base));
      }
    }
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
        try {
          // It reads the first block as it is made.
          yield new Bzip2(codec.createInputStream(in));
        } catch (IndexOutOfBoundsException | IllegalStateException | NegativeArraySizeException e) {
          in.close();
          throw Bzip2.damaged(e);
        }
      }
    };
  }

  /** Hadoop tells by an Error of its own that a disk is full; here it is an IOException. */
  private static final class Checked extends FilterOutputStream {
    Checked(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (FSError e) {
        throw failure(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } catch (FSError e) {
        throw failure(e);
      }
    }

    static IOException failure(FSError e) {
      return new IOException(e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
    }
  }

  /** The same of a Parquet file. */
  private static final class CheckedOutput implements OutputFile {
    private final OutputFile file;

    CheckedOutput(OutputFile file) {
      this.file = file;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
      return checked(file.create(blockSizeHint));
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
      return checked(file.createOrOverwrite(blockSizeHint));
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

    private static PositionOutputStream checked(PositionOutputStream raw) {
      Checked out = new Checked(raw);
      return new PositionOutputStream() {
        @Override
        public long getPos() throws IOException {
          return raw.getPos();
        }

        @Override
        public void write(int one) throws IOException {
          out.write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
          try {
            out.flush();
          } catch (FSError e) {
            throw Checked.failure(e);
          }
        }

        @Override
        public void close() throws IOException {
          out.close();
        }
      };
    }
  }

  /** Hadoop's bzip2 tells of some damage by unchecked exceptions; here it is an IOException. */
  private static final class Bzip2 extends FilterInputStream {
    Bzip2(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IndexOutOfBoundsException | IllegalStateException | NegativeArraySizeException e) {
        throw damaged(e);
      }
    }

    static IOException damaged(RuntimeException e) {
      return new IOException("bzip2 block is damaged: " + e.getMessage(), e);
    }
  }

  @Override
  public OutputStream create(String given) throws IOException {
    Path path = path(given);
    return new Checked(of(path).create(path, true));
  }

  @Override
  public void makeFolder(String given) throws IOException {
    Path path = path(given);
    of(path).mkdirs(path);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path path = path(from);
    if (isLocal(path)) {
      // Hadoop would copy where it cannot rename, file by file, even into a folder of that name.
      java.nio.file.Files.move(
          local(from).orElseThrow(), local(to).orElseThrow(), StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    if (!of(path).rename(path, path(to))) {
      throw new IOException("cannot rename %s to %s".formatted(from, to));
    }
  }

  @Override
  public boolean renamesAtOnce(String given) throws IOException {
    return !ObjectStores.isOne(of(path(given)).getUri().getScheme());
  }

  @Override
  public void delete(String given) throws IOException {
    Path path = path(given);
    of(path).delete(path, true);
  }

  @Override
  public void deleteIfEmpty(String folder) throws IOException {
    Path path = path(folder);
    if (of(path).exists(path) && of(path).listStatus(path).length == 0) {
      try {
        of(path).delete(path, false);
      } catch (IOException e) {
        if (of(path).exists(path) && of(path).listStatus(path).length == 0) {
          throw e;
        }
      }
    }
  }

  @Override
  public Optional<java.nio.file.Path> local(String given) throws IOException {
    Path path = path(given);
    return isLocal(path)
        ? Optional.of(java.nio.file.Path.of(path.toUri().getPath()))
        : Optional.empty();
  }

  @Override
  public String behindLinks(String given) throws IOException {
    Optional<java.nio.file.Path> local = local(given);
    if (local.isEmpty() || !java.nio.file.Files.isSymbolicLink(local.get())) {
      return given;
    }
    java.nio.file.Path path = local.get();
    for (int links = 0; java.nio.file.Files.isSymbolicLink(path); links++) {
      if (links == MOST_LINKS) {
        throw new IOException("it leads to itself");
      }
      path = path.resolveSibling(java.nio.file.Files.readSymbolicLink(path)).normalize();
    }
    return path.toString();
  }

  @Override
  public String withoutLinks(String given) {
    try {
      Optional<java.nio.file.Path> local = local(given);
      return local.isEmpty() ? given : local.get().toRealPath().toString();
    } catch (IOException e) {
      // Whoever reads it says what is wrong with it.
      return given;
    }
  }

  @Override
  public boolean isSpecial(String given) throws IOException {
    Optional<java.nio.file.Path> local = local(given);
    return local.isPresent()
        && java.nio.file.Files.exists(local.get())
        && !java.nio.file.Files.isRegularFile(local.get())
        && !java.nio.file.Files.isDirectory(local.get());
  }

  @Override
  public InputFile parquetInput(String path) throws IOException {
    return HadoopInputFile.fromPath(path(path), configuration(path(path)));
  }

  @Override
  public OutputFile parquetOutput(String path) throws IOException {
    return new CheckedOutput(HadoopOutputFile.fromPath(path(path), configuration(path(path))));
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
