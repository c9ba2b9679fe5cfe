package dev.homeward.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Writes the clean log alone: calls/ and rejected/, with a manifest that says what became of what.
 */
public final class CleanLogJob {
  private final LogOptions options;
  private final Optional<String> master;
  private final int partitions;
  private final Progress progress;

  /**
   * @param master Spark master; empty: local, or what spark-submit says
   * @param partitions parts of calls/; 0: by size
   */
  public CleanLogJob(
      LogOptions options, Optional<String> master, int partitions, Progress progress) {
    this.options = options;
    this.master = master;
    this.partitions = partitions;
    this.progress = progress;
  }

  /**
   * Reads the logs and writes the directory, which appears whole or not at all.
   *
   * @return what to show
   * @throws InvalidInput if the directory exists or the logs cannot be used
   */
  public String run(String out) {
    Path target = Storage.path(out);
    try {
      if (Storage.fileSystem(target).exists(target)) {
        throw new InvalidInput("Cannot write %s: it exists. Name another --out".formatted(out));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + out, e);
    }
    LogInputs inputs = LogInputs.read(options, progress);
    progress.done("read settings and looked at %,d log files", inputs.files().size());
    try (JavaSparkContext spark = Sessions.start(master)) {
      progress.done("started Spark %s (%s)", spark.version(), spark.master());
      return run(inputs, spark, target);
    }
  }

  /** The same on a Spark that runs already. */
  public String run(String out, JavaSparkContext spark) {
    return run(LogInputs.read(options, progress), spark, Storage.path(out));
  }

  private String run(LogInputs inputs, JavaSparkContext spark, Path target) {
    Path staging = new Path(target.getParent(), "." + target.getName() + ".staging");
    int parts = partitions > 0 ? partitions : IngestJob.partitions(inputs.files(), spark);
    try {
      FileSystem fs = Storage.fileSystem(target);
      fs.delete(staging, true);
      boolean done = false;
      try {
        IngestResult result =
            new IngestJob(spark, parts, progress)
                .run(inputs.files(), inputs.settings(), new Path(staging, "calls").toString());
        FileCounts total = result.total();
        Storage.write(
            new Path(staging, "rejected/rejected.jsonl"), RejectedLog.lines(result.counts()));
        Storage.write(
            new Path(staging, "manifest.json"), ReviewJob.pretty(manifest(inputs.files(), result)));
        IngestJob.removeOthers(new Path(staging, "calls").toString(), result.parts());
        if (!fs.rename(staging, target)) {
          throw new IOException("cannot rename " + staging);
        }
        done = true;
        progress.done("wrote %s", target);
        return String.format(
            Locale.ROOT,
            "%,d records = %,d calls + %,d duplicates + %,d no calls + %,d rejected%s + %,d buckets of"
                + " usage reports.%nWrote %s%n",
            total.records,
            total.calls,
            total.duplicates,
            total.ignored,
            total.rejected,
            total.rejectedByReason.isEmpty() ? "" : " " + total.rejectedByReason,
            total.buckets,
            target.toUri().getPath());
      } finally {
        if (!done) {
          fs.delete(staging, true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target, e);
    }
  }

  private static ObjectNode manifest(List<LogFile> files, IngestResult result) {
    ObjectNode manifest = RejectedLog.JSON.createObjectNode();
    RejectedLog.inputs(manifest.putArray("inputs"), files, result.counts());
    return manifest;
  }
}
