package dev.homeward.progress;

import dev.homeward.units.VisibleText;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Says on a stream what a command is doing: one line a stage with the time it took, and within a
 * long stage how far it is: a bar on a terminal; elsewhere, in a scheduler's log, a line every ten
 * seconds. At the end it tells where the time went.
 */
public final class Progress {
  private static final long LOG_NANOS = 10_000_000_000L;
  private static final int BAR_MILLIS = 200;

  /** The library's word for a bar without an end. */
  private static final long UNKNOWN = -1;

  /** How much is told. */
  public enum Detail {
    USUAL,
    /** What was read and found, one line a file, and the memory after each stage. */
    MORE
  }

  private final PrintStream out;
  private final boolean terminal;
  private final Detail detail;
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
  private final LongSupplier clock;
  private final long begun;
  private long started;
  private long stageStarted;

  /** Tells the usual on the stream, with bars if the program runs on a terminal. */
  public Progress(PrintStream out) {
    this(out, Detail.USUAL);
  }

  /** Tells on the stream, with bars if the program runs on a terminal. */
  @SuppressWarnings("SystemConsoleNull") // the launcher asks for the console that is null elsewhere
  public Progress(PrintStream out, Detail detail) {
    this(out, System.console() != null, detail);
  }

  public Progress(PrintStream out, boolean terminal) {
    this(out, terminal, Detail.USUAL);
  }

  public Progress(PrintStream out, boolean terminal, Detail detail) {
    this(out, terminal, detail, System::nanoTime);
  }

  /**
   * @param clock nanoseconds since any instant
   */
  Progress(PrintStream out, boolean terminal, Detail detail, LongSupplier clock) {
    this.out = out;
    this.terminal = terminal;
    this.detail = detail;
    this.clock = clock;
    this.begun = clock.getAsLong();
    this.started = begun;
    this.stageStarted = begun;
  }

  /** A stage has ended. One that ends twice, for two reasons, has the time of both. */
  public void done(Stage stage, String what, Object... values) {
    done(what, values);
    nanos.merge(stage, started - stageStarted, Long::sum);
    stageStarted = started;
    if (detail == Detail.MORE) {
      Runtime runtime = Runtime.getRuntime();
      out.printf(
          Locale.ROOT,
          "  memory: %,d MiB of heap in use, %,d MiB at most%n",
          (runtime.totalMemory() - runtime.freeMemory()) >> 20,
          runtime.maxMemory() >> 20);
    }
  }

  /** Something within a stage has ended; its time counts to the stage. */
  public void done(String what, Object... values) {
    long now = clock.getAsLong();
    out.printf(
        Locale.ROOT,
        "%-100s %6.1f s%n",
        String.format(Locale.ROOT, what, values),
        (now - started) / 1e9);
    started = now;
  }

  /** Tells where the time since the beginning went, by stage; nothing if no stage has ended. */
  public void summary() {
    if (nanos.isEmpty()) {
      return;
    }
    long all = Math.max(1, stageStarted - begun);
    out.printf(Locale.ROOT, "Where the time went, %.1f s in all:%n", all / 1e9);
    nanos.forEach(
        (stage, took) ->
            out.printf(
                Locale.ROOT,
                "  %7.1f s %3.0f %%  %s%n",
                took / 1e9,
                100.0 * took / all,
                stage.words()));
  }

  /** Something that only those want to know who asked for more. */
  public void detail(String what, Object... values) {
    if (detail == Detail.MORE) {
      out.println("  " + VisibleText.of(String.format(Locale.ROOT, what, values)));
    }
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

  /**
   * A stage has begun of which nobody knows how long it is.
   *
   * @param unit name of what is counted
   */
  public Bar count(String what, String unit) {
    return new Bar(what, UNKNOWN, unit, 1);
  }

  /** The progress of a stage; any thread may report it. */
  public final class Bar implements AutoCloseable {
    private final String what;
    private final long total;
    private final String unit;
    private final long scale;
    private final long begun = clock.getAsLong();
    private final Optional<ProgressBar> bar;
    private long done;
    private long last = begun;

    private Bar(String what, long total, String unit, long scale) {
      this.what = what;
      this.total = total;
      this.unit = unit;
      this.scale = scale;
      this.bar = terminal ? Optional.of(drawn()) : Optional.empty();
    }

    private ProgressBar drawn() {
      ProgressBarBuilder builder =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(total)
              .setUnit(" " + unit, scale)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(BAR_MILLIS)
              .clearDisplayOnFinish()
              .showSpeed();
      return total == UNKNOWN
          ? builder.setRenderer((state, width) -> soFar(state.getCurrent())).build()
          : builder.build();
    }

    private String soFar(long count) {
      return String.format(Locale.ROOT, "%s: %,d %s so far", what, count, unit);
    }

    /** Reports that so much more is done. */
    public synchronized void add(long more) {
      set(done + more);
    }

    /** Reports how much is done in all. */
    public synchronized void set(long now) {
      done = now;
      bar.ifPresent(b -> b.stepTo(now));
      long time = clock.getAsLong();
      if (bar.isEmpty() && time - last >= LOG_NANOS) {
        last = time;
        if (total == UNKNOWN) {
          out.println(soFar(done));
          return;
        }
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
