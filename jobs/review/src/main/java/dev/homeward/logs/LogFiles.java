package dev.homeward.logs;

import dev.homeward.config.Documents;
import dev.homeward.files.Files;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.progress.Progress;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Finds the files of a log: files, directories (all below them) and globs. Hidden files, the folder
 * {@code homeward} (settings beside the log), empty files and texts about the log (README, LICENSE)
 * are left out. So is what this program wrote, a review or a clean log with its manifest, wherever
 * it lies: or a review of the current directory would read the last one. Of a clean log, {@code
 * calls} can be named.
 *
 * <p>A folder is read as it lies: what is no log in it is listed and passed over. A file that the
 * user names must be a log.
 */
public final class LogFiles {
  /** The name of standard input among logs. */
  public static final String STANDARD_INPUT = "-";

  static final String SETTINGS = "homeward";
  private static final String MANIFEST = "manifest.json";
  private static final String CALLS = "calls";

  /** No manifest of ours is so large, and a log by that name may not fit into memory. */
  private static final long MOST_BYTES = 1L << 28;

  private static final int DESCRIBERS = 8;

  private LogFiles() {}

  /**
   * The files with their formats, sorted by name.
   *
   * @param format the format of all files; empty: told by content
   * @param hashed whether the SHA-256 of each is wanted
   * @throws InvalidInput with every problem: a missing path, no file, an unknown format
   */
  public static List<LogFile> find(
      Files storage,
      List<String> paths,
      Optional<LogFormat> format,
      boolean hashed,
      Progress progress) {
    return look(storage, paths, format, OwnTables.none(), hashed, progress).files();
  }

  /**
   * The same, and which files of the folders are no logs and are passed over.
   *
   * @param files sorted by name
   * @param passedOver sorted by name
   */
  public record Found(List<LogFile> files, List<StrayFile> passedOver) {}

  /**
   * The files with their formats, and those that are none.
   *
   * @param tables how tables of one's own are read
   */
  public static Found look(
      Files storage,
      List<String> paths,
      Optional<LogFormat> format,
      OwnTables tables,
      boolean hashed,
      Progress progress) {
    List<String> problems = new ArrayList<>();
    List<NamedEntry> found = new ArrayList<>();
    List<String> ours = new ArrayList<>();
    List<String> oursAlone = new ArrayList<>();
    for (String path : paths) {
      try {
        int before = found.size();
        int oursBefore = ours.size();
        if (path.equals(STANDARD_INPUT)) {
          found.add(new NamedEntry(storage.entry(StandardInput.spooled()), "standard input", true));
        } else {
          collect(storage, path, found, ours);
        }
        if (found.size() == before && ours.size() > oursBefore) {
          oursAlone.add(path);
        } else if (found.size() == before) {
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
    ours.forEach(folder -> progress.done("left out: %s, which this program wrote", folder));
    if (found.isEmpty()) {
      oursAlone.forEach(
          path ->
              problems.add(
                  ("Cannot read %s: it holds only what this program wrote. Maybe name the logs themselves,"
                          + " or the folder calls of a review")
                      .formatted(path)));
    }
    List<StrayFile> strays = new ArrayList<>();
    List<LogFile> files =
        described(new FileLook(storage, format, tables, hashed), found, strays, progress, problems);
    strays.sort(Comparator.comparing(StrayFile::name));
    if (files.isEmpty() && problems.isEmpty()) {
      problems.add(StrayFile.nothingElse(String.join(", ", paths), strays));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return new Found(distinctlyNamed(storage, files), strays);
  }

  /**
   * A file and the name it has below what the user named.
   *
   * @param named whether the user named this very file, which then must be a log
   */
  record NamedEntry(Files.Entry entry, String name, boolean named) {}

  /**
   * What the tables of calls among the files say of their columns, by name; those of known formats
   * are none.
   *
   * @throws InvalidInput if a path cannot be read
   */
  public static Map<String, TableReading> tables(
      Files storage, List<String> paths, OwnTables tables) {
    Map<String, TableReading> readings = new LinkedHashMap<>();
    FileLook look = new FileLook(storage, Optional.empty(), tables, false);
    for (String path : paths) {
      List<NamedEntry> found = new ArrayList<>();
      try {
        if (path.equals(STANDARD_INPUT)) {
          found.add(new NamedEntry(storage.entry(StandardInput.spooled()), "standard input", true));
        } else {
          collect(storage, path, found, new ArrayList<>());
        }
        for (NamedEntry file : found) {
          look.reading(file).ifPresent(reading -> readings.put(file.name(), reading));
        }
      } catch (FileNotFoundException e) {
        throw new InvalidInput("Cannot read %s: no such file or directory".formatted(path), e);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot list " + path, e);
      }
    }
    return readings;
  }

  // Thousands of small files are mostly waiting for the file system: several at a time.
  private static List<LogFile> described(
      FileLook look,
      List<NamedEntry> found,
      List<StrayFile> strays,
      Progress progress,
      List<String> problems) {
    List<LogFile> files = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(DESCRIBERS);
    try (Progress.Bar bar = progress.bar("looking at files", found.size(), "files", 1)) {
      List<Future<FileLook.Seen>> described = new ArrayList<>();
      for (NamedEntry file : found) {
        described.add(
            pool.submit(
                () -> {
                  FileLook.Seen done = look.at(file);
                  bar.add(1);
                  return done;
                }));
      }
      for (Future<FileLook.Seen> file : described) {
        try {
          file.get().log().ifPresent(files::add);
          file.get().stray().ifPresent(strays::add);
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
  private static List<LogFile> distinctlyNamed(Files storage, List<LogFile> found) {
    Map<String, LogFile> byPath = new LinkedHashMap<>();
    Map<LogFile, String> real = new HashMap<>();
    found.forEach(file -> real.put(file, storage.withoutLinks(file.path())));
    // Of a file and a link to it the file itself counts.
    for (LogFile file : found) {
      if (real.get(file).equals(storage.plain(file.path()))) {
        byPath.putIfAbsent(real.get(file), file);
      }
    }
    found.forEach(file -> byPath.putIfAbsent(real.get(file), file));
    List<LogFile> files =
        renamed(new ArrayList<>(byPath.values()), file -> withFolder(storage, file));
    files = renamed(files, file -> storage.plain(file.path()));
    files.replaceAll(file -> file.named(VisibleText.nameOf(file.name())));
    files.sort(Comparator.comparing(LogFile::name));
    return files;
  }

  private static String withFolder(Files storage, LogFile file) {
    String path = storage.plain(file.path());
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

  private static void collect(
      Files storage, String given, List<NamedEntry> files, List<String> ours) throws IOException {
    // A path that exists is taken literally, even if it looks like a glob.
    List<Files.Entry> roots =
        storage.exists(given) ? List.of(storage.entry(given)) : glob(storage, given);
    if (roots.isEmpty()) {
      throw new FileNotFoundException(given);
    }
    // Of a pattern that several files fit none is named by itself.
    boolean named = roots.size() == 1;
    for (Files.Entry root : roots) {
      List<Files.Entry> found = new ArrayList<>();
      new Walk(storage, found, ours).from(root);
      String base = root.isFolder() ? storage.plain(root.path()) + "/" : null;
      for (Files.Entry file : found) {
        String path = storage.plain(file.path());
        String name = base == null ? storage.name(file.path()) : path.substring(base.length());
        files.add(new NamedEntry(file, name, base == null && named));
      }
    }
  }

  private static List<Files.Entry> glob(Files storage, String pattern) throws IOException {
    try {
      return storage.glob(pattern);
    } catch (IllegalArgumentException e) {
      // Hadoop's globs cannot list names with a colon (HADOOP-14217); folders can.
      throw new InvalidInput(
          "Cannot expand %s: a file there has a colon in its name. Maybe name the folder or the files"
              .formatted(pattern),
          e);
    }
  }

  /** Whether a folder is a review or a clean log: it has calls/ and a manifest with its inputs. */
  static boolean isOurs(Files storage, List<Files.Entry> children) throws IOException {
    boolean calls = false;
    String manifest = null;
    for (Files.Entry child : children) {
      String name = storage.name(child.path());
      calls |= child.isFolder() && name.equals(CALLS);
      boolean isManifest = name.equals(MANIFEST) && !child.isFolder() && child.bytes() < MOST_BYTES;
      manifest = isManifest ? child.path() : manifest;
    }
    if (!calls || manifest == null) {
      return false;
    }
    try {
      byte[] text = storage.read(manifest).getBytes(StandardCharsets.UTF_8);
      return Documents.parse(text, MANIFEST).path("inputs").isArray();
    } catch (InvalidInput e) {
      // Not a document at all, so not a manifest of ours: read as a log, which names what is wrong.
      return false;
    }
  }
}
