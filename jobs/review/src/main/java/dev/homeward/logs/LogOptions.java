package dev.homeward.logs;

import dev.homeward.units.InvalidInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which logs to read, and how, as given.
 *
 * @param logs files, directories or globs; {@code -} for standard input
 * @param format format word or empty for auto
 * @param workload workload of every call
 * @param hostedModel hosted model of every call that names none
 * @param sourceTimezone zone of times that carry none; empty: UTC
 * @param keepIds keep call ids in calls/
 * @param samplingRate share of the calls that the log holds; 1 for all
 * @param policy policy file; empty: policy.yaml in the folder of settings, if there
 * @param hardware user's catalog files; hardware.yaml in the folder of settings comes first, if
 *     there
 * @param mappings files that say what the columns of tables of one's own mean; mapping.yaml in the
 *     folder of settings comes last, if there
 * @param copies where the rows of the databases among the logs lie, by the log as given
 */
public record LogOptions(
    List<String> logs,
    Optional<String> format,
    Optional<String> workload,
    Optional<String> hostedModel,
    Optional<String> sourceTimezone,
    boolean keepIds,
    double samplingRate,
    Optional<String> policy,
    List<String> hardware,
    List<String> mappings,
    Map<String, CopiedLog> copies) {

  /** The same without mappings and databases. */
  public LogOptions(
      List<String> logs,
      Optional<String> format,
      Optional<String> workload,
      Optional<String> hostedModel,
      Optional<String> sourceTimezone,
      boolean keepIds,
      double samplingRate,
      Optional<String> policy,
      List<String> hardware) {
    this(
        logs,
        format,
        workload,
        hostedModel,
        sourceTimezone,
        keepIds,
        samplingRate,
        policy,
        hardware,
        List.of(),
        Map.of());
  }

  /** The same, where the rows of databases have been copied to files. */
  public LogOptions copied(Map<String, CopiedLog> done) {
    return new LogOptions(
        logs,
        format,
        workload,
        hostedModel,
        sourceTimezone,
        keepIds,
        samplingRate,
        policy,
        hardware,
        mappings,
        done);
  }

  /** Whether a log is a database: its rows must be copied before they can be read. */
  public static boolean isDatabase(String log) {
    return DATABASE.matcher(log).lookingAt();
  }

  /**
   * What is to be read: the logs, and of databases the files that their rows lie in.
   *
   * @throws InvalidInput if a database's rows have not been copied; its address is not repeated,
   *     because there may be a password in it
   */
  public List<String> paths() {
    return logs.stream().map(this::path).toList();
  }

  private String path(String log) {
    if (copies.containsKey(log)) {
      return copies.get(log).folder();
    }
    if (isDatabase(log)) {
      throw new InvalidInput(
          "Cannot read a database here: its rows were not copied. Maybe export the table, and name the file");
    }
    return log;
  }

  private static final Pattern DATABASE =
      Pattern.compile("(?:jdbc|postgres|postgresql|clickhouse):", Pattern.CASE_INSENSITIVE);
  private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

  /**
   * The folder of settings of the first log, whether or not it is there: {@code homeward} in its
   * directory or, where there is none, beside that directory: the logs of one gateway below a log
   * are read under the settings of that log. The directory of a glob is the one before its first
   * wildcard.
   */
  public Optional<Path> settingsFolder() {
    String first = logs.get(0);
    if (first.contains("://") || isDatabase(first) || first.equals(LogFiles.STANDARD_INPUT)) {
      return Optional.empty();
    }
    Path folder = directory(Path.of(first));
    Path inside = folder.resolve(LogFiles.SETTINGS);
    Path parent = folder.toAbsolutePath().normalize().getParent();
    if (Files.isDirectory(inside) || parent == null) {
      return Optional.of(inside);
    }
    Path beside = parent.resolve(LogFiles.SETTINGS);
    return Optional.of(Files.isDirectory(beside) ? beside : inside);
  }

  private static Path directory(Path log) {
    if (Files.isDirectory(log)) {
      return log;
    }
    Path at = log.toAbsolutePath().getParent();
    if (!Files.exists(log)) {
      for (Path above = at; above != null; above = above.getParent()) {
        at = GLOB.matcher(above.toString()).find() ? above.getParent() : at;
      }
    }
    return at;
  }
}
