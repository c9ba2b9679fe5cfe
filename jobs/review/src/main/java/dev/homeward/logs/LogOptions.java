package dev.homeward.logs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
 * @param policy policy file; empty: homeward/policy.yaml beside the log, if there
 * @param hardware user's catalog files; homeward/hardware.yaml beside the log comes first, if there
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
    List<String> hardware) {

  /** The folder of settings beside the first log, whether or not it is there. */
  public Optional<Path> settingsFolder() {
    String first = logs.get(0);
    if (first.contains("://") || first.equals(LogFiles.STANDARD_INPUT)) {
      return Optional.empty();
    }
    Path log = Path.of(first);
    Path folder = java.nio.file.Files.isDirectory(log) ? log : log.toAbsolutePath().getParent();
    return Optional.of(folder.resolve(LogFiles.SETTINGS));
  }
}
