package dev.homeward.spark;

import dev.homeward.progress.Progress;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;

/** Shows how many tasks of a job of Spark are done, while it runs. */
final class SparkProgress implements AutoCloseable {
  private static final long EVERY_MILLIS = 500;

  private final JavaSparkStatusTracker tracker;
  private final Progress progress;
  private final String what;
  private final Thread watcher;
  private volatile boolean closed;

  SparkProgress(JavaSparkContext spark, Progress progress, String what) {
    this.tracker = spark.statusTracker();
    this.progress = progress;
    this.what = what;
    this.watcher = new Thread(this::watch, "homeward-progress");
    watcher.setDaemon(true);
  }

  void start() {
    watcher.start();
  }

  private void watch() {
    Progress.Bar bar = null;
    try {
      while (!closed) {
        Thread.sleep(EVERY_MILLIS);
        int[] tasks = tasks();
        if (bar == null && tasks[1] > 0) {
          bar = progress.bar(what, tasks[1], "tasks", 1);
        }
        if (bar != null) {
          bar.set(tasks[0]);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (bar != null) {
        bar.close();
      }
    }
  }

  /** Tasks done and tasks in all, of the stages of the jobs that run now. */
  private int[] tasks() {
    int done = 0;
    int all = 0;
    for (int job : tracker.getActiveJobIds()) {
      var info = tracker.getJobInfo(job);
      for (int stage : info == null ? new int[0] : info.stageIds()) {
        SparkStageInfo of = tracker.getStageInfo(stage);
        if (of != null) {
          done += of.numCompletedTasks();
          all += of.numTasks();
        }
      }
    }
    return new int[] {done, all};
  }

  @Override
  public void close() {
    closed = true;
    watcher.interrupt();
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
