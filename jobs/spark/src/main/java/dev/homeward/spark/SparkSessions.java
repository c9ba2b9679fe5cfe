package dev.homeward.spark;

import dev.homeward.files.Stopping;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Starts Spark: embedded by default, or as spark-submit says. */
final class SparkSessions {
  /** Spark refuses to start with less: one and a half times what it reserves. */
  private static final long LEAST_MEMORY_BYTES = 450L << 20;

  private static final int PROBE_BYTES = 1 << 16;
  private static final int TRIES = 20;

  private SparkSessions() {}

  static JavaSparkContext start(Optional<String> master) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", "homeward");
    master.ifPresent(m -> conf.set("spark.master", m));
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    if (conf.get("spark.master").startsWith("local")) {
      // No other machine talks to this one: loopback avoids guessing an address.
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      // Memory that runs out fails the task, and the review says so; Spark would end the program.
      conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
      checkMemory();
      keepTogether(conf, checkLocalFolders(conf));
    }
    JavaSparkContext spark = new JavaSparkContext(conf);
    // What fails in this process is told by the review, in one line; of other machines only Spark's
    // own log tells.
    spark.setLogLevel(spark.isLocal() ? "OFF" : "ERROR");
    // What fails when a signal stops the program fails because of that.
    Stopping.first(() -> spark.setLogLevel("OFF"));
    return spark;
  }

  private static void checkMemory() {
    long has = Runtime.getRuntime().maxMemory();
    if (has < LEAST_MEMORY_BYTES) {
      throw new InvalidInput(
          "Not enough memory for Spark: Java may use %,d MB here, and Spark takes %,d at least. Give more (HOMEWARD_JAVA_OPTS=-Xmx1g homeward ...), or run with --workers local"
              .formatted(has >> 20, LEAST_MEMORY_BYTES >> 20));
    }
  }

  // What Spark puts there for a moment lies in one folder that others may not read, and is removed
  // with it, also where a task still writes while Spark stops. Folders that the environment names
  // are Spark's alone to fill and to clear.
  private static void keepTogether(SparkConf conf, Path usable) {
    if (System.getenv("SPARK_LOCAL_DIRS") != null) {
      return;
    }
    try {
      Path mine = Files.createTempDirectory(usable, "homeward-");
      conf.set("spark.local.dir", mine.toString());
      Stopping.last(() -> remove(mine));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder in " + usable, e);
    }
  }

  private static void remove(Path folder) {
    boolean isRemoved = false;
    for (int left = TRIES; left > 0 && !isRemoved; left--) {
      isRemoved = isRemoved(folder);
    }
  }

  // False where something was written there meanwhile.
  private static boolean isRemoved(Path folder) {
    if (!Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  // Where none of them can be written, Spark ends the program with a code of its own.
  private static Path checkLocalFolders(SparkConf conf) {
    String given = System.getenv("SPARK_LOCAL_DIRS");
    String named =
        given != null && !given.isBlank()
            ? given
            : conf.get("spark.local.dir", System.getProperty("java.io.tmpdir"));
    List<String> why = new ArrayList<>();
    for (String folder : named.split(",")) {
      try {
        Path path = Path.of(folder.trim());
        Files.createDirectories(path);
        Path probe = Files.createTempFile(path, "homeward-", ".probe");
        try {
          Files.write(probe, new byte[PROBE_BYTES]);
        } finally {
          Files.delete(probe);
        }
        return path;
      } catch (IOException e) {
        String reason = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
        why.add("%s: %s".formatted(folder.trim(), reason == null ? e.toString() : reason));
      }
    }
    throw new InvalidInput(
        "Cannot write temporary files of Spark to %s. Make room there, name another folder (HOMEWARD_JAVA_OPTS=-Djava.io.tmpdir=DIR), or run with --workers local"
            .formatted(String.join("; ", why)));
  }
}
