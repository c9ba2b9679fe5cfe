package dev.homeward.cli;

import dev.homeward.logs.LogOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of every command that reads logs. */
final class LogFlags {
  @Parameters(
      arity = "1..*",
      paramLabel = "LOG",
      description = "Files, directories or globs; - for standard input.")
  private List<String> logs = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "WORD",
      description = "Log format; default auto, by content.")
  private String format;

  @Option(names = "--workload", paramLabel = "NAME", description = "Workload of every call.")
  private String workload;

  @Option(
      names = "--hosted-model",
      paramLabel = "NAME",
      description = "Hosted model, where the log has none.")
  private String hostedModel;

  @Option(
      names = "--source-timezone",
      paramLabel = "ZONE",
      description = "Zone of times that carry none; default UTC.")
  private String sourceTimezone;

  @Option(
      names = "--sampling-rate",
      paramLabel = "SHARE",
      defaultValue = "1",
      description = "Share of the calls that the log holds, 0 to 1; default all.")
  private double samplingRate;

  @Option(names = "--policy", paramLabel = "FILE", description = "Workloads, data classes, limits.")
  private String policy;

  @Option(names = "--hardware", paramLabel = "FILE", description = "Your own boxes; repeatable.")
  private List<String> hardware = new ArrayList<>();

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description = "What the columns of a table of your own mean; repeatable.")
  private List<String> mappings = new ArrayList<>();

  @Option(names = "--keep-ids", description = "Keep call ids in calls/.")
  private boolean keepIds;

  LogOptions options() {
    return new LogOptions(
        logs,
        Optional.ofNullable(format).filter(f -> !f.equals("auto")),
        Optional.ofNullable(workload),
        Optional.ofNullable(hostedModel),
        Optional.ofNullable(sourceTimezone),
        keepIds,
        samplingRate,
        Optional.ofNullable(policy),
        hardware,
        mappings,
        Map.of());
  }
}
