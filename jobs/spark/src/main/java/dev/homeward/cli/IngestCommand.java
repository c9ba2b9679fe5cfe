package dev.homeward.cli;

import dev.homeward.jobs.CleanLogJob;
import dev.homeward.jobs.Progress;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code homeward ingest LOG...}: the clean log alone. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Reads logs and writes the clean log alone: calls/, one row a call in Parquet, without copies,",
      "sorted by workload and time; and rejected/, what could not be read, with its reason."
    },
    footer = {
      "",
      "Example: homeward ingest sample-logs --out /tmp/clean",
      "Example: zcat spend.jsonl.gz | homeward ingest - --out /tmp/clean"
    })
final class IngestCommand implements Callable<Integer> {
  @Mixin private LogFlags log;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Directory to write; must not exist.")
  private String out;

  @Option(names = "--master", paramLabel = "URL", description = "Spark master; default local[*].")
  private String master;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Shuffle partitions; default by size.")
  private int partitions;

  @Override
  public Integer call() {
    System.out.print(
        new CleanLogJob(
                log.options(), Optional.ofNullable(master), partitions, new Progress(System.err))
            .run(out));
    System.out.flush();
    return 0;
  }
}
