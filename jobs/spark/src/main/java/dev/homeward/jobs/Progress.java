package dev.homeward.jobs;

import java.io.PrintStream;
import java.util.Locale;

/** Says on a stream what the review is doing: one line a stage, with the time it took. */
public final class Progress {
  private final PrintStream out;
  private long started = System.nanoTime();

  public Progress(PrintStream out) {
    this.out = out;
  }

  /** A stage has ended. */
  void done(String what, Object... values) {
    long now = System.nanoTime();
    out.printf(
        Locale.ROOT,
        "%-100s %6.1f s%n",
        String.format(Locale.ROOT, what, values),
        (now - started) / 1e9);
    started = now;
  }
}
