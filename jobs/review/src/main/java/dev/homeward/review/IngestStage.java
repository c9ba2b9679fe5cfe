package dev.homeward.review;

import dev.homeward.files.Compression;
import dev.homeward.files.Files;
import dev.homeward.formats.LogFormat;
import dev.homeward.ingest.BlockLayout;
import dev.homeward.ingest.IngestResult;
import dev.homeward.ingest.OtherWorkloads;
import dev.homeward.ingest.ParseStep;
import dev.homeward.ingest.ReportedUsage;
import dev.homeward.ingest.UsageStep;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.FirstPass;
import dev.homeward.logs.LogFile;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import dev.homeward.logs.NoCalls;
import dev.homeward.progress.Progress;
import dev.homeward.progress.Stage;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.units.InvalidInput;
import dev.homeward.workers.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * From bytes of logs to calls/. Each task owns byte ranges; what the result says does not depend on
 * how the work was split.
 */
final class IngestStage {
  /** Calls of a part of calls/ at the most, about: what a task that sorts and writes them holds. */
  private static final long MOST_CALLS_A_PART = 500_000;

  /** A log of some hundred thousand calls is cut finer, so that several cores write it. */
  private static final long CALLS_A_PART_OF_A_SMALL_LOG = 100_000;

  private static final long PARTS_OF_A_SMALL_LOG = 16;
  private static final int COMPRESSION_RATIO = 10;

  private final Workers workers;
  private final int parts;
  private final Progress progress;

  /** What earlier passes have found. */
  private FirstPass found = FirstPass.NONE;

  /**
   * @param parts parts of calls/; 0: as many as keep each small enough for a task's memory
   */
  IngestStage(Workers workers, int parts, List<LogFile> files, Progress progress) {
    this.workers = workers;
    this.parts = parts > 0 ? parts : parts(files);
    this.progress = progress;
  }

  /**
   * Reads the logs of a review, writes calls/ and says what became of the records.
   *
   * @param calls folder of the parts
   * @throws InvalidInput if a file cannot be read to its end, or no call was found
   */
  static IngestResult of(
      ReviewOptions options,
      ReviewInputs inputs,
      Workers workers,
      String calls,
      Progress progress) {
    LogSettings settings =
        LogInputs.settings(
            options.log(), inputs.files(), inputs.settings().policy(), inputs.settings().catalog());
    IngestResult result =
        new IngestStage(workers, options.partitions(), inputs.files(), progress)
            .run(inputs, settings, calls);
    FileCounts total = result.total();
    progress.done(
        Stage.READ,
        "read %,d records%s = %,d calls + %,d duplicates%s + %,d no calls + %,d rejected%s",
        total.records,
        Report.madeUp(total),
        total.calls,
        total.duplicates,
        DataDoubts.nested(total),
        total.ignored,
        total.rejected,
        Report.buckets(total));
    NoCalls noCalls = new NoCalls();
    inputs.files().forEach(file -> noCalls.add(file, result.counts().get(file.name())));
    if (total.calls == 0 && result.usage().alone() && total.buckets > 0) {
      throw new InvalidInput(result.usage().whyNoCalls());
    }
    if (total.calls == 0) {
      throw new InvalidInput(
          String.format(
              Locale.ROOT,
              "Cannot review: the log holds no calls (%,d records, %,d rejected%s)%s",
              total.records,
              total.rejected,
              total.rejectedByReason.isEmpty() ? "" : ": " + total.rejectedByReason,
              noCalls.lines().isEmpty() ? "" : ". " + String.join(". ", noCalls.lines())));
    }
    noCalls.lines().forEach(progress::note);
    return result;
  }

  /**
   * Parts of calls/ by the bytes of the log alone, never by who reads it: the same log gives the
   * same files on one core and on a hundred.
   */
  static int parts(List<LogFile> files) {
    long bytes = 0;
    for (LogFile file : files) {
      boolean plain = file.compression() == Compression.NONE;
      bytes += plain ? file.bytes() : file.bytes() * COMPRESSION_RATIO;
    }
    long calls = bytes / ParseStep.BYTES_A_CALL;
    return (int)
        Math.max(
            Math.min(PARTS_OF_A_SMALL_LOG, calls / CALLS_A_PART_OF_A_SMALL_LOG + 1),
            calls / MOST_CALLS_A_PART + 1);
  }

  // Only after a first pass is it known which workloads are small; a second pass names their calls
  // alike, so that they come together.
  private IngestResult run(ReviewInputs inputs, LogSettings given, String calls) {
    List<LogFile> files = inputs.files();
    IngestResult result = run(files, given, calls);
    ReviewSettings settings = inputs.settings();
    Set<String> named = new HashSet<>(settings.policy().workloadNames());
    settings.evaluations().all().forEach(e -> named.add(e.workload()));
    OtherWorkloads others =
        OtherWorkloads.of(
            result.parts(), settings.policy().mostWorkloads(), named, settings.prices());
    if (others.isEmpty()) {
      return result;
    }
    progress.done(
        "found %,d workloads (by model and class), of which %,d are small and share %s; reading once more",
        others.apart().size() + others.others().size(),
        others.others().size(),
        others.sharedRows());
    found = found.apart(others.apart());
    return run(files, given, calls).with(others);
  }

  /**
   * Reads the files and writes calls/.
   *
   * @param calls folder of the parts
   * @throws InvalidInput if a file cannot be read to its end
   */
  IngestResult run(List<LogFile> files, LogSettings given, String calls) {
    ReportedUsage usage = usage(files, given.after(found));
    LogSettings settings = given.with(usage.plan());
    IngestResult result = once(files, settings, calls).with(usage);
    List<String> yielding = result.yielding(files);
    if (yielding.isEmpty() || !found.yielding().isEmpty()) {
      return result;
    }
    // Only after a first pass is it known that a source repeats another one; a second pass leaves
    // its calls out.
    progress.done("found calls of another source again in %s; reading once more", yielding);
    found = found.yielding(yielding);
    return once(files, settings, calls).with(usage);
  }

  private ReportedUsage usage(List<LogFile> files, LogSettings settings) {
    List<LogFile> reports = UsageStep.reports(files);
    if (reports.isEmpty()) {
      return ReportedUsage.none();
    }
    // The same ranges as in ingest, so that both call a bucket's place the same.
    return UsageStep.together(
        workers.usage(LogRange.of(reports), settings, parts), reports.size() == files.size());
  }

  private IngestResult once(List<LogFile> files, LogSettings settings, String calls) {
    List<List<LogRange>> bundles = LogRange.bundles(LogRange.of(files), workers.parallelism());
    BlockLayout layout = new BlockLayout(parts, !settings.sources().isEmpty(), hasTraces(files));
    return settled(
        IngestResult.of(workers.ingest(bundles, settings.after(found), layout, calls), files),
        calls);
  }

  private static boolean hasTraces(List<LogFile> files) {
    return files.stream()
        .anyMatch(f -> LogFormat.parse(f.format()).vantage() == LogFormat.Vantage.TRACER);
  }

  /** The result with parts named by number alone, and nothing but them in the folder. */
  private IngestResult settled(IngestResult result, String calls) {
    Files files = workers.files();
    List<IngestResult.Part> parts = new ArrayList<>();
    try {
      for (IngestResult.Part part : result.parts()) {
        String named = files.child(calls, "part-%05d.parquet".formatted(parts.size()));
        files.rename(part.path(), named);
        parts.add(new IngestResult.Part(named, part.rows(), part.keys()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot settle the parts of " + calls, e);
    }
    removeOthers(files, calls, parts);
    return result.with(parts);
  }

  /** Removes from calls/ what attempts that failed, or were not needed, have written. */
  static void removeOthers(Files files, String calls, List<IngestResult.Part> parts) {
    Set<String> kept = new HashSet<>();
    parts.forEach(part -> kept.add(files.name(part.path())));
    try {
      if (!files.exists(calls)) {
        return;
      }
      for (Files.Entry file : files.list(calls)) {
        if (!kept.contains(files.name(file.path()))) {
          files.delete(file.path());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot clean " + calls, e);
    }
  }
}
