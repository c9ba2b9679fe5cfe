package dev.homeward.replay;

import dev.homeward.calls.BilledTape;
import dev.homeward.serving.Deployment;
import java.io.Serializable;

/**
 * Replays a tape too long for memory window by window. Each window begins with replicas warmed up
 * by the calls before it and goes on until its own calls are done, with the calls after it
 * arriving; it counts its own calls and its own time. Windows hang on nothing else, so they may run
 * anywhere, in any order, and their tallies add up.
 *
 * <p>The seams: a window knows nothing of calls from before its warm-up. Where the replicas idle at
 * any moment of the warm-up its state is exact from there on; docs/method.md states the error where
 * they do not, and a test holds it.
 */
public final class WindowedReplay implements Replayer {
  private final WindowTapes tapes;
  private final Deployment deployment;
  private final ReplayOptions.PrefixCache prefixCache;
  private final ReplayOptions.Lengths lengths;
  private final Span span;
  private final long observedMicros;
  private int offered = -1;

  /** Runs windows, wherever, and adds up what they come to. */
  @FunctionalInterface
  public interface Runner {
    /** The tally of all windows; each may stop after so many slow calls. */
    Tally run(ReplayOptions options, long mostSlow);
  }

  /**
   * A replay whose windows somebody else runs.
   *
   * @param offeredCalls of all windows
   * @param originMicros time 0 of the clock
   */
  public static Replayer of(
      Runner runner,
      int offeredCalls,
      Deployment deployment,
      long observedMicros,
      long originMicros) {
    return new Replayer() {
      @Override
      public int offeredCalls() {
        return offeredCalls;
      }

      @Override
      public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
        return Replay.result(
            runner.run(options, mostSlow), deployment, options, observedMicros, originMicros);
      }
    };
  }

  /** Reads the calls that start in a span of time. */
  @FunctionalInterface
  public interface WindowTapes {
    /** The tape of the calls from one instant to before another, microseconds since 1970. */
    BilledTape read(long fromMicros, long toMicros);
  }

  /**
   * How a tape is cut.
   *
   * @param fromMicros first call
   * @param toMicros after the last call
   * @param windowMicros length of a window
   * @param warmUpMicros time before a window whose calls are replayed too, and after it
   */
  public record Span(long fromMicros, long toMicros, long windowMicros, long warmUpMicros)
      implements Serializable {
    public Span {
      if (toMicros <= fromMicros || windowMicros < 1 || warmUpMicros < 0) {
        throw new IllegalArgumentException(
            "Invalid windows: %d to %d by %d, warm-up %d"
                .formatted(fromMicros, toMicros, windowMicros, warmUpMicros));
      }
    }

    /** Windows it is cut into. */
    public int windows() {
      return Math.toIntExact((toMicros - fromMicros + windowMicros - 1) / windowMicros);
    }
  }

  /**
   * @param observedMicros length of the observed span, as in {@link Replay}
   */
  public WindowedReplay(
      WindowTapes tapes,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      ReplayOptions.Lengths lengths,
      Span span,
      long observedMicros) {
    this.observedMicros = observedMicros;
    this.tapes = tapes;
    this.deployment = deployment;
    this.prefixCache = prefixCache;
    this.lengths = lengths;
    this.span = span;
  }

  /** Calls of one window that a replica can take at all. */
  public int offeredCalls(int index) {
    return replay(index).offeredCalls();
  }

  /** What the calls of one window come to. */
  public Tally window(int index, ReplayOptions options, long mostSlow) {
    return replay(index).tally(options, mostSlow, null);
  }

  private Replay replay(int index) {
    long from = span.fromMicros() + index * span.windowMicros();
    long to = Math.min(span.toMicros(), from + span.windowMicros());
    BilledTape tape = tapes.read(from - span.warmUpMicros(), to + span.warmUpMicros());
    return new Replay(
        tape, deployment, prefixCache, lengths, 0, new Replay.Window(span.fromMicros(), from, to));
  }

  @Override
  public int offeredCalls() {
    if (offered < 0) {
      int all = 0;
      for (int index = 0; index < span.windows(); index++) {
        all = Math.addExact(all, replay(index).offeredCalls());
      }
      offered = all;
    }
    return offered;
  }

  /** The observer sees calls of all windows, by their place in their own. */
  @Override
  public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
    Tally all = new Tally();
    for (int index = 0; index < span.windows() && !all.stopped && !all.cut; index++) {
      all.add(replay(index).tally(options, mostSlow, observer));
      all.cut |= all.misses(mostSlow);
    }
    return Replay.result(all, deployment, options, observedMicros, span.fromMicros());
  }
}
