package dev.homeward.cli;

import dev.homeward.progress.Progress;
import dev.homeward.review.CleanLog;
import dev.homeward.review.DatabaseRows;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code homeward ingest LOG...}: the clean log alone. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Reads logs and writes the clean log alone: calls/, one row a call in Parquet, without"
          + " copies,",
      "sorted by workload and time; and rejected/, what could not be read, with its reason."
    },
    footer = {
      "",
      "Exit code 1 if the log holds neither calls nor usage reports.",
      "Example: homeward ingest sample-logs --out /tmp/clean",
      "Example: homeward ingest clickhouse://langfuse/default --month last --out /tmp/clean",
      "Example: zcat spend.jsonl.gz | homeward ingest - --out /tmp/clean"
    })
final class IngestCommand implements Callable<Integer> {
  @Mixin private LogFlags log;
  @Mixin private DatabaseFlags databases;
  @Mixin private WorkerFlags workers;
  @Mixin private OutputFlags output;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Directory to write; must not exist.")
  private String out;

  @Override
  public Integer call() {
    Progress progress = output.progress();
    CleanLog.checkFree(WorkerFlags.files(), out);
    try (DatabaseRows rows =
        DatabaseRows.of(log.options(), databases.wanted(), out, WorkerFlags.files(), progress)) {
      CleanLog.Cleaned outcome =
          new CleanLog(rows.log(), workers.partitions(), progress)
              .run(out, WorkerFlags.files(), workers.starter(progress));
      output.print(outcome.text(), outcome.document());
      progress.summary();
      return outcome.anyCalls() ? 0 : Main.NOTHING_FEASIBLE;
    }
  }
}
