package dev.homeward.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.faces.Faces;
import dev.homeward.files.Files;
import dev.homeward.focus.FocusVersion;
import dev.homeward.ingest.IngestResult;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import dev.homeward.logs.RejectedLog;
import dev.homeward.page.ReportFace;
import dev.homeward.report.Csv;
import dev.homeward.report.DecisionsFile;
import dev.homeward.report.PlanFiles;
import dev.homeward.report.RankingParquet;
import dev.homeward.report.RankingRows;
import dev.homeward.report.Realised;
import dev.homeward.report.ReconciliationFiles;
import dev.homeward.report.Reviewed;
import dev.homeward.store.Outputs;
import dev.homeward.store.StoredReview;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes the files of a review into a folder. */
final class ReviewWriter {
  private final Files files;
  private final String folder;
  private final Set<String> written = new TreeSet<>();

  ReviewWriter(Files files, String folder) {
    this.files = files;
    this.folder = folder;
  }

  /** What each workload is and cost. */
  void workloads(ProfileStage profiled) {
    write(
        KeptFile.WORKLOADS.path(),
        Codec.lines(profiled.cases().stream().map(WorkloadCase::profile).toList()));
    write(
        KeptFile.SPEND.path(),
        Codec.lines(profiled.cases().stream().map(WorkloadCase::spend).toList()));
    write(KeptFile.SPEND_OF_DAYS.path(), Codec.lines(profiled.spendOfDays()));
  }

  /** What people and finance take. */
  void report(Report report) {
    write("rejected/rejected.jsonl", RejectedLog.lines(report.ingested().counts()));
    write(KeptFile.HOURS.path(), report.hours());
    write("plan.csv", PlanFiles.plan(report.plan()));
    write("waiting.csv", PlanFiles.plan(report.decision().waiting().plan()));
    if (!report.home().realised().isEmpty()) {
      write("realised.csv", Realised.csv(report.home().realised()));
    }
    write("violations.csv", PlanFiles.violations(report.ranking()));
    write(
        KeptFile.DECISIONS.path(),
        Codec.pretty(DecisionsFile.of(report.ranking(), report.plan().fleets(), report.period())));
    report
        .ingested()
        .usage()
        .reconciliation()
        .ifPresent(r -> write("reconciliation.csv", ReconciliationFiles.csv(r)));
    if (!report.ingested().others().isEmpty()) {
      write("others.csv", report.ingested().others().csv());
    }
    var rows = RankingRows.of(report.ranking());
    write("ranking.csv", Csv.ranking(rows));
    try {
      RankingParquet.write(rows, files.parquetOutput(files.child(folder, "ranking.parquet")));
      written.add("ranking.parquet");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write ranking.parquet", e);
    }
    write(KeptFile.SUMMARY.path(), Codec.pretty(report.summary()));
  }

  /** What people and other tools take away. */
  void faces(Reviewed review, FocusVersion focus) {
    Faces.write(
        review,
        focus,
        (name, bytes) -> {
          String path = files.child(folder, name);
          try {
            files.write(path, bytes);
            written.add(name);
          } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + path, e);
          }
        });
  }

  /**
   * Writes the manifest: the last file, which lists the others.
   *
   * @param parts the files of calls/
   */
  void manifest(Report report, ReviewOptions options, List<IngestResult.Part> parts) {
    ObjectNode manifest = report.manifest(options);
    parts.forEach(part -> written.add("calls/" + files.name(part.path())));
    Outputs.list(files, folder, manifest, written);
    write(Outputs.MANIFEST, Codec.pretty(manifest));
  }

  /** What a what-if needs. */
  void whatIf(Report report, ProfileStage profiled, DecideStage decided) {
    write(KeptFile.REPLAYS.path(), StoredReview.replays(decided.replays()));
    write(
        KeptFile.SETTINGS.path(),
        StoredReview.settings(
            report.inputs().settings(), report.period(), profiled.parts(), folder));
  }

  /**
   * Adds to a review that is there already what a what-if may need besides. A review without it is
   * complete.
   *
   * @param scratch where it is written until it is whole
   */
  void likely(List<CachedReplays.Entry> replays, String scratch) {
    if (!replays.isEmpty()) {
      byte[] bytes = StoredReview.replays(replays).getBytes(StandardCharsets.UTF_8);
      add(KeptFile.LIKELY.path(), bytes, scratch);
    }
  }

  /**
   * Makes the report again with the replays that were added, which its sliders decide from.
   *
   * @param scratch where it is written until it is whole
   */
  void reportAgain(Reviewed review, String scratch) {
    ReportFace.write(review, (name, bytes) -> add(name, bytes, scratch));
  }

  // In an object store a file appears whole by itself, and would be copied for its name.
  private void add(String name, byte[] bytes, String scratch) {
    String path = files.child(folder, name);
    try {
      if (!files.renamesAtOnce(path)) {
        files.write(path, bytes);
        return;
      }
      String unfinished = files.child(scratch, files.name(name));
      files.write(unfinished, bytes);
      if (files.local(path).isEmpty()) {
        // Only there does a name that is taken keep a file from getting it.
        files.delete(path);
      }
      files.rename(unfinished, path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  private void write(String name, String text) {
    String path = files.child(folder, name);
    try {
      files.write(path, text);
      written.add(name);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }
}
