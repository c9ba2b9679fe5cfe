package dev.homeward.workers;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Replays;
import dev.homeward.files.Files;
import dev.homeward.ingest.BlockLayout;
import dev.homeward.ingest.UsageStep;
import dev.homeward.ingest.Written;
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Who does the work of a review: threads of this machine, or a cluster. The steps are the same
 * functions everywhere, and what they give does not depend on who ran them, so that every kind of
 * workers writes the same bytes.
 */
public interface Workers extends AutoCloseable {
  /** Starts workers; a review that has nothing to do never asks for any. */
  @FunctionalInterface
  interface Starter {
    Workers start();
  }

  /** The files that all workers see. */
  Files files();

  /** Who they are, for the line on the console. */
  String name();

  /** Tasks that run at once. */
  int parallelism();

  /**
   * Adds up the buckets of usage reports.
   *
   * @param parts into how many parts the sums may be cut
   */
  List<UsageStep.Sums> usage(List<LogRange> ranges, LogSettings settings, int parts);

  /**
   * Parses, finds copies, writes.
   *
   * @param bundles ranges, a task each
   * @param calls the folder of the parts; those that were needed are in the result. Their names
   *     stand in the order of their numbers
   */
  Written ingest(
      List<List<LogRange>> bundles, LogSettings settings, BlockLayout layout, String calls);

  /**
   * Profiles and prices the workloads that have calls in the month, in the order of their keys.
   *
   * @param parts files of calls/, each of which is read once
   */
  List<ProfileStep.Profiled> profiles(List<String> parts, ProfileStep step);

  /**
   * Replays of this review's calls.
   *
   * @param parts files of calls/ by workload
   * @param answered told how many questions more have their answer, by any thread
   */
  Replays replays(
      ReplayContext context, Map<WorkloadKey, List<String>> parts, IntConsumer answered);

  @Override
  void close();
}
