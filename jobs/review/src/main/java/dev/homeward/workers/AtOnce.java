package dev.homeward.workers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does something with several items at once. */
final class AtOnce {
  private AtOnce() {}

  @FunctionalInterface
  interface Step<T, R> {
    R of(T item) throws IOException;
  }

  /**
   * The results of a step on all items, in their order.
   *
   * @throws UncheckedIOException where a step could not read or write
   */
  static <T, R> List<R> all(ExecutorService pool, List<T> items, Step<T, R> step) {
    List<Callable<R>> tasks = new ArrayList<>();
    items.forEach(item -> tasks.add(() -> step.of(item)));
    try {
      List<R> results = new ArrayList<>();
      for (Future<R> done : pool.invokeAll(tasks)) {
        results.add(done.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof IOException failure) {
        throw new UncheckedIOException("Cannot read or write in a thread", failure);
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while working", e);
    }
  }

  /** The same by threads of its own, which may wait for others that do the work. */
  static <T, R> List<R> all(int threads, List<T> items, Step<T, R> step) {
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Math.min(threads, items.size())));
    try {
      return all(pool, items, step);
    } finally {
      pool.shutdownNow();
    }
  }
}
