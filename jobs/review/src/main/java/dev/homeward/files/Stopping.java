package dev.homeward.files;

import dev.homeward.units.VisibleText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * What is done when a signal stops the program: stop the work, then remove what it has written so
 * far. Spark stops itself in between, by the same list of Hadoop's, so that no task writes any more
 * when the files are removed; where that takes too long, {@link Signals} does not wait for it.
 */
public final class Stopping {
  /** Before Spark, which has 40. */
  private static final int FIRST = FileSystem.SHUTDOWN_HOOK_PRIORITY + 50;

  /** After Spark, before the file systems are closed. */
  private static final int LAST = FileSystem.SHUTDOWN_HOOK_PRIORITY + 5;

  private static final Set<Runnable> LAST_STEPS = new LinkedHashSet<>();

  /** No step is taken any more; guarded by the steps. */
  private static boolean over;

  static {
    // Once and early: Hadoop loses a hook that is added while it begins to stop.
    Signals.atLast(Stopping::takeLastSteps);
    try {
      ShutdownHookManager.get().addShutdownHook(Stopping::takeLastSteps, LAST);
    } catch (IllegalStateException e) {
      over = true;
    }
  }

  private Stopping() {}

  private static void takeLastSteps() {
    List<Runnable> steps;
    synchronized (LAST_STEPS) {
      over = true;
      steps = new ArrayList<>(LAST_STEPS);
    }
    // The last first: a commit that has begun ends before the folder it commits is removed.
    Collections.reverse(steps);
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) {
        // The others are to be taken all the same.
        String why = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
        System.err.println(VisibleText.of("homeward: " + e.getMessage() + why));
      }
    }
  }

  /** Whether the program is being stopped. */
  public static boolean isStopping() {
    return Signals.came() || ShutdownHookManager.get().isShutdownInProgress();
  }

  /** A step to run if the program is stopped; close it when the step is no longer needed. */
  public interface Guard extends AutoCloseable {
    @Override
    void close();
  }

  /** Runs the step first of all if the program is stopped before the guard is closed. */
  public static Guard first(Runnable step) {
    return hook(step, FIRST);
  }

  /**
   * Runs the step last, when no task writes any more.
   *
   * @throws IllegalStateException if the program is past that: nothing may be begun any more
   */
  public static Guard last(Runnable step) {
    synchronized (LAST_STEPS) {
      // Where a signal came before, Hadoop may have lost the hook of this class.
      if (over || Signals.came()) {
        throw new IllegalStateException("the program is being stopped");
      }
      LAST_STEPS.add(step);
    }
    return () -> {
      synchronized (LAST_STEPS) {
        LAST_STEPS.remove(step);
      }
    };
  }

  private static Guard hook(Runnable step, int priority) {
    ShutdownHookManager hooks = ShutdownHookManager.get();
    try {
      hooks.addShutdownHook(step, priority);
    } catch (IllegalStateException e) {
      // It is being stopped already.
      step.run();
      return () -> {};
    }
    return () -> {
      if (!hooks.isShutdownInProgress()) {
        hooks.removeShutdownHook(step);
      }
    };
  }
}
