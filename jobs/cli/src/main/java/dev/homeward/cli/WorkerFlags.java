package dev.homeward.cli;

import dev.homeward.files.Files;
import dev.homeward.files.HadoopFiles;
import dev.homeward.progress.Progress;
import dev.homeward.spark.SparkWorkers;
import dev.homeward.workers.LocalWorkers;
import dev.homeward.workers.Workers;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who does the work of a command that reads logs. */
final class WorkerFlags {
  /** Kinds of workers; picocli shows and reads them as they are written here. */
  enum WorkerKind {
    spark,
    local
  }

  @Option(names = "--master", paramLabel = "URL", description = "Spark master; default local[*].")
  private String master;

  @Option(
      names = "--workers",
      paramLabel = "KIND",
      defaultValue = "spark",
      description =
          "spark, or local: threads of this machine without Spark, for logs of some millions of"
              + " calls. The result is the same; default ${DEFAULT-VALUE}.")
  private WorkerKind kind;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Parts of calls/; default by size.")
  private int partitions;

  int partitions() {
    return partitions;
  }

  Workers.Starter starter(Progress progress) {
    return switch (kind) {
      case spark -> () -> SparkWorkers.start(Optional.ofNullable(master), progress);
      case local -> () -> new LocalWorkers(files(), Runtime.getRuntime().availableProcessors());
    };
  }

  /** Files as they are seen before any worker runs. */
  static Files files() {
    return HadoopFiles.standalone();
  }
}
