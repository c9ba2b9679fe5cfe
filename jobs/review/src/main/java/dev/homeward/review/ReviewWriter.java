package dev.homeward.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.files.Files;
import dev.homeward.logs.RejectedLog;
import dev.homeward.report.Csv;
import dev.homeward.report.DecisionsJson;
import dev.homeward.report.PlanFiles;
import dev.homeward.report.RankingParquet;
import dev.homeward.report.RankingRows;
import dev.homeward.report.ReconciliationFiles;
import dev.homeward.store.Outputs;
import dev.homeward.store.StoredReview;
import dev.homeward.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes the files of a review into a folder. */
final class ReviewWriter {
  private final Files files;
  private final String folder;

  ReviewWriter(Files files, String folder) {
    this.files = files;
    this.folder = folder;
  }

  /** What each workload is and cost. */
  void workloads(ProfileStage profiled) {
    StringBuilder profiles = new StringBuilder();
    StringBuilder spend = new StringBuilder();
    for (WorkloadCase workload : profiled.cases()) {
      profiles.append(Wire.write(workload.profile())).append('\n');
      spend.append(Wire.write(workload.spend())).append('\n');
    }
    write("workloads/workloads.jsonl", profiles.toString());
    write("spend/spend.jsonl", spend.toString());
  }

  /** What people and finance take. */
  void report(Report report) {
    write("rejected/rejected.jsonl", RejectedLog.lines(report.ingested().counts()));
    write("replays/hours.jsonl", report.hours());
    write("plan.csv", PlanFiles.plan(report.plan()));
    write("violations.csv", PlanFiles.violations(report.ranking()));
    write("decisions.json", Wire.pretty(DecisionsJson.of(report.ranking(), report.period())));
    report
        .ingested()
        .usage()
        .reconciliation()
        .ifPresent(r -> write("reconciliation.csv", ReconciliationFiles.csv(r)));
    var rows = RankingRows.of(report.ranking());
    write("ranking.csv", Csv.ranking(rows));
    try {
      RankingParquet.write(rows, files.parquetOutput(files.child(folder, "ranking.parquet")));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write ranking.parquet", e);
    }
    write("summary.json", Wire.pretty(report.summary()));
  }

  /** Writes the manifest: the last file, which lists the others. */
  void manifest(Report report, ReviewOptions options) {
    ObjectNode manifest = report.manifest(options);
    Outputs.list(files, folder, manifest);
    write(Outputs.MANIFEST, Wire.pretty(manifest));
  }

  /** What a what-if needs. */
  void whatIf(Report report, ProfileStage profiled, DecideStage decided) {
    write("replays/replays.jsonl", StoredReview.replays(decided.replays()));
    write(
        "settings.json",
        StoredReview.settings(
            report.inputs().settings(), report.period(), profiled.parts(), folder));
  }

  /**
   * Adds to a review that is there already what a what-if may need besides: under a name of its own
   * until it is whole. A review without it is complete.
   */
  void likely(List<CachedReplays.Entry> replays) {
    if (replays.isEmpty()) {
      return;
    }
    String unfinished = StoredReview.LIKELY + ".unfinished";
    write(unfinished, StoredReview.replays(replays));
    try {
      files.rename(files.child(folder, unfinished), files.child(folder, StoredReview.LIKELY));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot add " + StoredReview.LIKELY + " to " + folder, e);
    }
  }

  private void write(String name, String text) {
    String path = files.child(folder, name);
    try {
      files.write(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }
}
