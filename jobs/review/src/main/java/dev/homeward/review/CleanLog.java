package dev.homeward.review;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.files.Files;
import dev.homeward.ingest.IngestResult;
import dev.homeward.keeping.Codec;
import dev.homeward.logs.CopiedLog;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.LogOptions;
import dev.homeward.logs.NoCalls;
import dev.homeward.logs.RejectedLog;
import dev.homeward.logs.StrayFile;
import dev.homeward.progress.Progress;
import dev.homeward.progress.Stage;
import dev.homeward.store.Staging;
import dev.homeward.units.InvalidInput;
import dev.homeward.workers.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * Writes the clean log alone: calls/ and rejected/, with a manifest that says what became of what.
 */
public final class CleanLog {
  private static final int STRAYS_SHOWN = 40;

  private final LogOptions options;
  private final int parts;
  private final Progress progress;

  /**
   * How it ended.
   *
   * @param text what to show
   * @param document the same for programs: where it lies, what became of what by file and in all
   * @param anyCalls whether the log holds a call or a bucket of a usage report
   */
  public record Cleaned(String text, ObjectNode document, boolean anyCalls) {}

  /**
   * @param parts parts of calls/; 0: by size
   */
  public CleanLog(LogOptions options, int parts, Progress progress) {
    this.options = options;
    this.parts = parts;
    this.progress = progress;
  }

  /**
   * Reads the logs and writes the directory, which appears whole or not at all.
   *
   * @param files as they are seen before workers are started
   * @throws InvalidInput if the directory exists or the logs cannot be used
   */
  public Cleaned run(String out, Files files, Workers.Starter starter) {
    checkFree(files, out);
    LogInputs inputs = LogInputs.read(files, options, progress);
    progress.done(
        Stage.SETTINGS, "read settings and looked at %,d log files", inputs.files().size());
    try (Workers workers = starter.start()) {
      progress.done(Stage.WORKERS, "started %s", workers.name());
      return run(inputs, workers, out);
    }
  }

  /** The same with workers that run already. */
  public Cleaned run(String out, Workers workers) {
    return run(LogInputs.read(workers.files(), options, progress), workers, out);
  }

  private Cleaned run(LogInputs inputs, Workers workers, String target) {
    Files files = workers.files();
    try (Staging staging = Staging.beside(files, target, "ingest")) {
      String calls = files.child(staging.folder(), "calls");
      IngestResult result =
          new IngestStage(workers, parts, inputs.files(), progress)
              .run(inputs.files(), inputs.settings(), calls);
      files.write(
          files.child(staging.folder(), "rejected/rejected.jsonl"),
          RejectedLog.lines(result.counts()));
      IngestStage.removeOthers(files, calls, result.parts());
      ObjectNode manifest = manifest(inputs, result);
      files.write(files.child(staging.folder(), "manifest.json"), Codec.pretty(manifest));
      progress.done(Stage.READ, "read %,d records", result.total().records);
      checkFree(files, target);
      files.rename(staging.folder(), target);
      staging.done();
      progress.done(Stage.WRITTEN, "wrote %s", target);
      return new Cleaned(
          text(inputs, result, files.plain(target)),
          document(manifest, result.total(), files.plain(target)),
          !NoCalls.isWithout(result.total()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target, e);
    }
  }

  /**
   * Refuses a directory that exists.
   *
   * @throws InvalidInput if it does
   */
  public static void checkFree(Files files, String out) {
    try {
      if (files.exists(out)) {
        throw new InvalidInput("Cannot write %s: it exists. Name another --out".formatted(out));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + out, e);
    }
  }

  private static String text(LogInputs inputs, IngestResult result, String target) {
    StringBuilder text = new StringBuilder(text(result.total(), target));
    NoCalls noCalls = new NoCalls();
    inputs.files().forEach(file -> noCalls.add(file, result.counts().get(file.name())));
    noCalls.lines().forEach(line -> text.append(line).append('\n'));
    StrayFile.told(inputs.passedOver(), STRAYS_SHOWN)
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static String text(FileCounts total, String target) {
    return String.format(
        Locale.ROOT,
        "%,d records = %,d calls + %,d duplicates%s + %,d no calls + %,d rejected%s + %,d buckets"
            + " of usage reports.%nWrote %s%n",
        total.records,
        total.calls,
        total.duplicates,
        DataDoubts.nested(total),
        total.ignored,
        total.rejected,
        total.rejectedByReason.isEmpty() ? "" : " " + total.rejectedByReason,
        total.buckets,
        target);
  }

  private static ObjectNode document(ObjectNode manifest, FileCounts total, String target) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("directory", target);
    RejectedLog.counts(document.putObject("total"), total);
    document.setAll(manifest);
    return document;
  }

  private static ObjectNode manifest(LogInputs inputs, IngestResult result) {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    RejectedLog.inputs(manifest.putArray("inputs"), inputs.files(), result.counts());
    StrayFile.write(inputs.passedOver(), manifest);
    if (!inputs.options().copies().isEmpty()) {
      CopiedLog.write(inputs.options().copies().values(), manifest.putArray("databases"));
    }
    return manifest;
  }
}
