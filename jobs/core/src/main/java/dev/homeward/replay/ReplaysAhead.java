package dev.homeward.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Replays of one tape on one deployment, some of them by spare threads before they are asked for.
 * An answer does not depend on who was faster: what no thread has begun is replayed by the one that
 * asks.
 */
final class ReplaysAhead {
  private final Replayer replay;
  private final SpareThreads spare;
  private final Map<ReplayOptions, FutureTask<ReplayResult>> ahead = new HashMap<>();
  private volatile boolean closed;

  ReplaysAhead(Replayer replay, SpareThreads spare) {
    this.replay = replay;
    this.spare = spare;
  }

  // With more slow calls than a twentieth of all, the 95th percentile is slow: such a replay stops
  // early. One that meets the level has run to its end, so its result is whole.
  static long mostSlow(Replayer replay) {
    return replay.offeredCalls() / 20L + 1;
  }

  /** A fleet, replayed. */
  Sizing.ReplayedFleet of(ReplayOptions options) {
    FutureTask<ReplayResult> begun = ahead.remove(options);
    return new Sizing.ReplayedFleet(
        options,
        begun == null
            ? replay.run(options, mostSlow(replay), null)
            : answers(List.of(begun)).get(0));
  }

  /** A fleet that may be asked for next. */
  void mayAsk(ReplayOptions options) {
    FutureTask<ReplayResult> task =
        new FutureTask<>(() -> replay.run(options, mostSlow(replay), new Abandoned()));
    if (!ahead.containsKey(options) && spare.offer(task)) {
      ahead.put(options, task);
    }
  }

  /** The answers to questions that do not hang on one another, in their order. */
  <T> List<T> all(List<Callable<T>> questions) {
    List<FutureTask<T>> tasks = new ArrayList<>();
    questions.forEach(question -> tasks.add(new FutureTask<>(question)));
    // Others begin at the end; a task that somebody has begun is not begun again.
    Runnable backwards =
        () -> {
          for (int i = tasks.size() - 1; i >= 0; i--) {
            tasks.get(i).run();
          }
        };
    for (int others = 1; others < tasks.size() && spare.offer(backwards); others++) {}
    return answers(tasks);
  }

  /** Nothing is asked for any more: replays that are under way stop. */
  void close() {
    closed = true;
    ahead.values().forEach(task -> task.cancel(false));
  }

  private static <T> List<T> answers(List<FutureTask<T>> tasks) {
    tasks.forEach(FutureTask::run);
    try {
      List<T> answers = new ArrayList<>();
      for (FutureTask<T> task : tasks) {
        answers.add(task.get());
      }
      return answers;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while replaying", e);
    }
  }

  /** Cuts a replay whose answer nobody waits for. */
  private final class Abandoned implements CallObserver {
    @Override
    public void finished(int call, long firstToken, long finish) {}

    @Override
    public boolean sawMiss() {
      return closed;
    }
  }
}
