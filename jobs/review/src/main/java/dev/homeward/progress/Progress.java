package dev.homeward.progress;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Says on a stream what a command is doing: one line a stage with the time it took, and within a
 * long stage how far it is: a bar on a terminal; elsewhere, in a scheduler's log, a line every ten
 * seconds.
 */
public final class Progress {
  private static final long LOG_NANOS = 10_000_000_000L;
  private static final int BAR_MILLIS = 200;

  private final PrintStream out;
  private final boolean terminal;
  private long started = System.nanoTime();

  /** Tells on the stream, with bars if the program runs on a terminal. */
  @SuppressWarnings("SystemConsoleNull") // the launcher asks for the console that is null elsewhere
  public Progress(PrintStream out) {
    this(out, System.console() != null);
  }

  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A stage has ended. */
  public void done(String what, Object... values) {
    long now = System.nanoTime();
    out.printf(
        Locale.ROOT,
        "%-100s %6.1f s%n",
        String.format(Locale.ROOT, what, values),
        (now - started) / 1e9);
    started = now;
  }

  /** Something to know besides; it took no time. */
  public void note(String what) {
    out.println(what);
  }

  /**
   * A stage of known size has begun.
   *
   * @param total its size in the smallest units
   * @param unit name of the units shown
   * @param scale smallest units a unit shown
   */
  public Bar bar(String what, long total, String unit, long scale) {
    return new Bar(what, total, unit, scale);
  }

  /** The progress of a stage; any thread may report it. */
  public final class Bar implements AutoCloseable {
    private final String what;
    private final long total;
    private final String unit;
    private final long scale;
    private final long begun = System.nanoTime();
    private final Optional<ProgressBar> bar;
    private long done;
    private long last = begun;

    private Bar(String what, long total, String unit, long scale) {
      this.what = what;
      this.total = total;
      this.unit = unit;
      this.scale = scale;
      this.bar =
          terminal
              ? Optional.of(
                  new ProgressBarBuilder()
                      .setTaskName(what)
                      .setInitialMax(total)
                      .setUnit(" " + unit, scale)
                      .setStyle(ProgressBarStyle.ASCII)
                      .setUpdateIntervalMillis(BAR_MILLIS)
                      .clearDisplayOnFinish()
                      .showSpeed()
                      .build())
              : Optional.empty();
    }

    /** Reports that so much more is done. */
    public synchronized void add(long more) {
      set(done + more);
    }

    /** Reports how much is done in all. */
    public synchronized void set(long now) {
      done = now;
      bar.ifPresent(b -> b.stepTo(now));
      long time = System.nanoTime();
      if (bar.isEmpty() && time - last >= LOG_NANOS) {
        last = time;
        double rate = done / ((time - begun) / 1e9);
        out.printf(
            Locale.ROOT,
            "%s: %,d of %,d %s, %,.0f %s/s, %,.0f s left%n",
            what,
            done / scale,
            total / scale,
            unit,
            rate / scale,
            unit,
            (total - done) / Math.max(rate, 1));
      }
    }

    @Override
    public void close() {
      bar.ifPresent(ProgressBar::close);
    }
  }
}
