package dev.homeward.review;

import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.Replays;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/**
 * Decisions that do not wait for one another, on all cores of this machine. Each starts from what
 * was known before the first of them, so what is known in the end does not depend on which was
 * faster.
 */
final class AskedAtOnce {
  private AskedAtOnce() {}

  /**
   * The decisions in the order of the questions.
   *
   * @param known what was replayed; learns what they replay
   */
  static <Q, A> List<A> of(
      CachedReplays known, List<Q> questions, BiFunction<Q, Replays, A> decide) {
    // Threads of its own: one of the common pool might take up another question while it waits for
    // a part of this one.
    ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<CachedReplays> branches = questions.stream().map(q -> known.branch()).toList();
      List<Callable<A>> tasks = new ArrayList<>();
      for (int i = 0; i < questions.size(); i++) {
        Q question = questions.get(i);
        CachedReplays branch = branches.get(i);
        tasks.add(() -> decide.apply(question, branch));
      }
      List<A> answers = new ArrayList<>();
      for (Future<A> answer : pool.invokeAll(tasks)) {
        answers.add(answer.get());
      }
      branches.forEach(known::join);
      return answers;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
