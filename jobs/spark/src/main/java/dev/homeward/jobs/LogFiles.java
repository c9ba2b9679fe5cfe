package dev.homeward.jobs;

import dev.homeward.formats.FormatDetection;
import dev.homeward.formats.FormatDetection.Detected;
import dev.homeward.formats.Layout;
import dev.homeward.formats.LogFormat;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds the files of a log: files, directories (all below them) and globs. Hidden files, the folder
 * {@code homeward} (settings beside the log), empty files and texts about the log (README, LICENSE)
 * are left out.
 */
final class LogFiles {
  /** The name of standard input among logs. */
  static final String STANDARD_INPUT = "-";

  private static final String SETTINGS = "homeward";
  private static final String SPOOL = "homeward-stdin-";
  private static final int DESCRIBERS = 8;
  private static final Set<String> NOT_LOGS = Set.of("readme", "license", "notice", "_success");

  private LogFiles() {}

  /**
   * The files with their formats, sorted by name.
   *
   * @param format the format of all files; empty: told by content
   * @param hashed whether the SHA-256 of each is wanted
   * @throws InvalidInput with every problem: a missing path, no file, an unknown format
   */
  static List<LogFile> find(
      List<String> paths, Optional<LogFormat> format, boolean hashed, Progress progress) {
    List<String> problems = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    for (String path : paths) {
      try {
        int before = found.size();
        collect(path.equals(STANDARD_INPUT) ? spooled() : Storage.path(path), found);
        if (path.equals(STANDARD_INPUT)) {
          found.replaceAll(f -> f.status().getPath().getName().startsWith(SPOOL) ? f.ofStdin() : f);
        }
        if (found.size() == before) {
          problems.add("Cannot read %s: it holds no log files".formatted(path));
        }
      } catch (FileNotFoundException e) {
        problems.add("Cannot read %s: no such file or directory".formatted(path));
      } catch (InvalidInput e) {
        problems.add(e.getMessage());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot list " + path, e);
      }
    }
    List<LogFile> files = described(found, format, hashed, progress, problems);
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return distinctlyNamed(files);
  }

  /** A file and the name it has below what the user named. */
  private record Found(FileStatus status, String name) {
    Found ofStdin() {
      return new Found(status, "standard input");
    }
  }

  /** Standard input in a file of its own: a log is read more than once. */
  private static Path spooled() throws IOException {
    java.nio.file.Path spool = java.nio.file.Files.createTempFile(SPOOL, ".log");
    spool.toFile().deleteOnExit();
    try (var out = java.nio.file.Files.newOutputStream(spool)) {
      System.in.transferTo(out);
    }
    return Storage.path(spool.toString());
  }

  // Thousands of small files are mostly waiting for the file system: several at a time.
  private static List<LogFile> described(
      List<Found> found,
      Optional<LogFormat> format,
      boolean hashed,
      Progress progress,
      List<String> problems) {
    List<LogFile> files = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(DESCRIBERS);
    try (Progress.Bar bar = progress.bar("looking at files", found.size(), "files", 1)) {
      List<Future<LogFile>> described = new ArrayList<>();
      for (Found file : found) {
        described.add(
            pool.submit(
                () -> {
                  LogFile done = describe(file.status(), file.name(), format, hashed);
                  bar.add(1);
                  return done;
                }));
      }
      for (Future<LogFile> file : described) {
        try {
          files.add(file.get());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof InvalidInput)) {
            throw new IllegalStateException("Cannot look at a log file", e.getCause());
          }
          problems.add(e.getCause().getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at files", e);
    } finally {
      pool.shutdownNow();
    }
    return files;
  }

  /**
   * The files with names that tell them apart: a file reached twice counts once; where two folders
   * hold the same name, the folder's name comes before it, and where that is not enough, the path.
   */
  private static List<LogFile> distinctlyNamed(List<LogFile> found) {
    Map<String, LogFile> byPath = new LinkedHashMap<>();
    found.forEach(file -> byPath.putIfAbsent(file.path(), file));
    List<LogFile> files = renamed(new ArrayList<>(byPath.values()), LogFiles::withFolder);
    files = renamed(files, file -> new Path(file.path()).toUri().getPath());
    files.sort(Comparator.comparing(LogFile::name));
    return files;
  }

  private static String withFolder(LogFile file) {
    String path = new Path(file.path()).toUri().getPath();
    String root = path.substring(0, path.length() - file.name().length() - 1);
    return root.substring(root.lastIndexOf('/') + 1) + "/" + file.name();
  }

  private static List<LogFile> renamed(List<LogFile> files, Function<LogFile, String> longer) {
    Map<String, Integer> uses = new HashMap<>();
    files.forEach(file -> uses.merge(file.name(), 1, Integer::sum));
    List<LogFile> renamed = new ArrayList<>();
    for (LogFile file : files) {
      renamed.add(uses.get(file.name()) == 1 ? file : file.named(longer.apply(file)));
    }
    return renamed;
  }

  private static void collect(Path given, List<Found> files) throws IOException {
    FileSystem fs = Storage.fileSystem(given);
    // A name that exists is meant as it stands, though it may look like a glob.
    FileStatus[] roots =
        fs.exists(given) ? new FileStatus[] {fs.getFileStatus(given)} : glob(fs, given);
    if (roots == null || roots.length == 0) {
      throw new FileNotFoundException(given.toString());
    }
    for (FileStatus root : roots) {
      List<FileStatus> found = new ArrayList<>();
      walk(fs, root, found, true);
      String base = root.isDirectory() ? root.getPath().toUri().getPath() + "/" : null;
      for (FileStatus file : found) {
        String path = file.getPath().toUri().getPath();
        files.add(
            new Found(
                file, base == null ? file.getPath().getName() : path.substring(base.length())));
      }
    }
  }

  private static FileStatus[] glob(FileSystem fs, Path pattern) throws IOException {
    try {
      return fs.globStatus(pattern);
    } catch (IllegalArgumentException e) {
      // Hadoop's globs cannot list names with a colon (HADOOP-14217); folders can.
      throw new InvalidInput(
          "Cannot expand %s: a file there has a colon in its name. Maybe name the folder or the files"
              .formatted(pattern),
          e);
    }
  }

  private static void walk(FileSystem fs, FileStatus at, List<FileStatus> found, boolean named)
      throws IOException {
    String name = at.getPath().getName();
    if (!named && (name.startsWith(".") || name.startsWith("_"))) {
      return;
    }
    if (at.isFile()) {
      String stem = name.replaceFirst("\\..*$", "").toLowerCase(Locale.ROOT);
      // A folder's empty files are sessions that never began; one that is named is a mistake.
      if (named || (!NOT_LOGS.contains(stem) && at.getLen() > 0)) {
        found.add(at);
      }
      return;
    }
    if (!named && name.equals(SETTINGS)) {
      return;
    }
    for (FileStatus child : fs.listStatus(at.getPath())) {
      walk(fs, child, found, false);
    }
  }

  private static LogFile describe(
      FileStatus file, String name, Optional<LogFormat> format, boolean hashed) throws IOException {
    Path path = file.getPath();
    byte[] start = Storage.head(path, Storage.Compression.NONE, 4);
    Storage.Compression compression = Storage.Compression.of(start);
    byte[] head = Storage.head(path, compression, FormatDetection.HEAD_BYTES);
    Detected detected = FormatDetection.detect(head, head.length);
    Layout layout =
        detected.format().isPresent()
            ? detected.layout()
            : FormatDetection.layout(head, head.length);
    LogFormat found;
    String why;
    if (format.isPresent()) {
      found = format.get();
      why = "given by --format";
    } else {
      found =
          detected
              .format()
              .orElseThrow(
                  () ->
                      new InvalidInput(
                          "Cannot tell the format of %s: %s. Maybe give it with --format (%s)"
                              .formatted(path.toUri().getPath(), detected.why(), words())));
      why = detected.why();
    }
    return new LogFile(
        path.toString(),
        name,
        file.getLen(),
        hashed ? sha256(path) : "",
        compression,
        found.word(),
        layout,
        why);
  }

  private static String words() {
    List<String> words = new ArrayList<>();
    for (LogFormat format : LogFormat.values()) {
      words.add(format.word());
    }
    return String.join(", ", words);
  }

  static String sha256(Path path) throws IOException {
    try (InputStream in = Storage.open(path, Storage.Compression.NONE, 0)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
