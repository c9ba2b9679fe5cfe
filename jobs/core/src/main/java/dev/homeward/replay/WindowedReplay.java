package dev.homeward.replay;

import dev.homeward.calls.BilledTape;
import dev.homeward.serving.Deployment;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Replays tapes too long for memory window by window. Each window begins with replicas warmed up by
 * the calls before it and goes on until its own calls are done, with the calls after it arriving;
 * it counts its own calls and its own time. Windows hang on nothing else, so they may run anywhere,
 * in any order, and their tallies add up.
 *
 * <p>The seams: a window knows nothing of calls from before its warm-up. Where the replicas idle at
 * any moment of the warm-up its state is exact from there on; docs/method.md states the error where
 * they do not, and a test holds it.
 */
public final class WindowedReplay {
  /**
   * Windows that run before it is asked whether the level is missed already: one, the busiest, then
   * twice as many each time, up to this. Numbers of its own, not those of the workers, so that it
   * does not matter how many there are.
   */
  private static final int LARGEST_WAVE = 16;

  /** Calls of a tape that is held whole: some 170 bytes each while it is replayed. */
  private static final long WHOLE_TAPE_CALLS = 1_500_000;

  /** A tape is cut into windows of this part of what is held whole. */
  private static final long WINDOWS_OF_WHOLE = 3;

  private final WindowTapes tapes;
  private final List<ServiceLevel> levels;
  private final Deployment deployment;
  private final ReplayOptions.PrefixCache prefixCache;
  private final ReplayOptions.Lengths lengths;
  private final Span span;

  /** Reads the calls that start in a span of time. */
  @FunctionalInterface
  public interface WindowTapes {
    /** By workload, the calls from one instant to before another, microseconds since 1970. */
    List<BilledTape> read(long fromMicros, long toMicros);
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

    /** Their numbers. */
    public List<Integer> all() {
      return IntStream.range(0, windows()).boxed().toList();
    }

    private long from(int window) {
      return fromMicros + window * windowMicros;
    }

    private long to(int window) {
      return Math.min(toMicros, from(window) + windowMicros);
    }
  }

  /**
   * Calls of all windows that may be slow: with more the level is missed.
   *
   * @param all of all workloads together
   * @param byWorkload likewise, of each
   */
  public record MostSlow(long all, long[] byWorkload) implements Serializable {}

  /** Runs windows, wherever. */
  public interface Runner {
    /** By window and workload, the calls that a replica can take at all. */
    List<long[]> offered(List<Integer> windows);

    /**
     * What windows come to, in their order.
     *
     * @param alone whether each call has a replica to itself
     */
    List<Tally> run(List<Integer> windows, boolean alone, ReplayOptions options, MostSlow mostSlow);
  }

  /**
   * @param tapes of the workloads that share the fleet
   * @param levels by workload
   */
  public WindowedReplay(
      WindowTapes tapes,
      List<ServiceLevel> levels,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      ReplayOptions.Lengths lengths,
      Span span) {
    this.tapes = tapes;
    this.levels = levels;
    this.deployment = deployment;
    this.prefixCache = prefixCache;
    this.lengths = lengths;
    this.span = span;
  }

  /** Calls of a tape that is held whole; a property, for tests. */
  public static long wholeTapeCalls() {
    return Long.getLong("homeward.whole-tape-calls", WHOLE_TAPE_CALLS);
  }

  /** Whether a tape of so many calls is replayed window by window. */
  public static boolean isLong(double calls) {
    return calls > wholeTapeCalls();
  }

  /** Calls of a window at the most, about; a longer tape may be replayed by some of its days. */
  public static double mostCallsOfWindow() {
    return Math.max(1, (double) wholeTapeCalls() / WINDOWS_OF_WHOLE);
  }

  /** Calls of one window that a replica can take at all, by workload. */
  public long[] offered(int window) {
    return replay(window, 0).counted();
  }

  /**
   * What the calls of one window come to.
   *
   * @param alone whether each has a replica to itself
   */
  public Tally run(int window, boolean alone, ReplayOptions options, MostSlow mostSlow) {
    return alone
        ? replay(window, 0).alone(options, mostSlow)
        : replay(window, span.warmUpMicros()).tally(options, mostSlow);
  }

  private OfWindow replay(int window, long warmUpMicros) {
    long from = span.from(window);
    long to = span.to(window);
    List<BilledTape> of = tapes.read(from - warmUpMicros, to + warmUpMicros);
    Replay.Window counts = new Replay.Window(span.fromMicros(), from, to);
    return of.size() == 1
        ? new Replay(of.get(0), deployment, prefixCache, lengths, 0, counts)
        : new SharedReplay(
            BilledTape.merge(of.get(0).tape.key, of),
            levels,
            deployment,
            prefixCache,
            lengths,
            0,
            counts);
  }

  /** A replay whose calls of a window count. */
  interface OfWindow {
    /** Calls that count and that a replica can take at all, by workload. */
    long[] counted();

    Tally tally(ReplayOptions options, MostSlow mostSlow);

    /** The same where each call has a replica to itself; stopped where it cannot be told. */
    Tally alone(ReplayOptions options, MostSlow mostSlow);
  }

  /**
   * The replay of a sample's windows.
   *
   * @param offered by window and workload, what {@link Runner#offered} says of them
   * @param observedMicros length of the observed span, as in {@link Replay}
   * @param levels by workload
   */
  public static Replayer of(
      Runner runner,
      Sample sample,
      List<long[]> offered,
      Span span,
      Deployment deployment,
      List<ServiceLevel> levels,
      long observedMicros) {
    return new Windows(runner, sample, span, offered, deployment, levels, observedMicros);
  }

  /** Adds up windows, those of most calls first: it is there that a fleet falls short. */
  private static final class Windows implements Replayer {
    private final Runner runner;
    private final Sample sample;
    private final Span span;
    private final Deployment deployment;
    private final List<ServiceLevel> levels;
    private final long observedMicros;

    /** Places in the sample. */
    private final List<Integer> busiestFirst;

    private final long[] offeredBy;

    Windows(
        Runner runner,
        Sample sample,
        Span span,
        List<long[]> offered,
        Deployment deployment,
        List<ServiceLevel> levels,
        long observedMicros) {
      this.runner = runner;
      this.sample = sample;
      this.span = span;
      this.deployment = deployment;
      this.levels = levels;
      this.observedMicros = observedMicros;
      this.busiestFirst =
          IntStream.range(0, offered.size())
              .boxed()
              .sorted(Comparator.comparingLong((Integer w) -> -sum(offered.get(w))))
              .toList();
      this.offeredBy = new long[levels.size()];
      for (int i = 0; i < offered.size(); i++) {
        for (int w = 0; w < offeredBy.length; w++) {
          offeredBy[w] += sample.times().get(i) * offered.get(i)[w];
        }
      }
    }

    private static long sum(long[] numbers) {
      return Arrays.stream(numbers).sum();
    }

    @Override
    public int offeredCalls() {
      return Math.toIntExact(sum(offeredBy));
    }

    private MostSlow mostSlow(long all) {
      long[] byWorkload = new long[offeredBy.length];
      for (int w = 0; w < byWorkload.length; w++) {
        byWorkload[w] = all == Long.MAX_VALUE ? all : offeredBy[w] / 20 + 1;
      }
      return new MostSlow(all, byWorkload);
    }

    @Override
    public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
      if (observer != null) {
        throw new IllegalArgumentException("Windows run elsewhere: nobody sees single calls");
      }
      Tally all = run(options, mostSlow(mostSlow), false);
      ReplayResult result = all.result(deployment, options, observedMicros, span.fromMicros());
      boolean meets =
          result.meetsServiceLevel() && (all.judged == null || all.judged.allMet(levels));
      ReplayResult judged = result.judged(meets);
      return sample.isPart() ? judged.sampled(sample.share()) : judged;
    }

    @Override
    public boolean isMissedAlone(ReplayOptions options, long mostSlow) {
      Tally all = run(options, mostSlow(mostSlow), true);
      return all.cut && !all.stopped;
    }

    private Tally run(ReplayOptions options, MostSlow mostSlow, boolean alone) {
      ReplayOptions of =
          levels.size() == 1
              ? options
              : options.withClosedLoop(false).with(SharedReplay.loosest(levels));
      Tally all = new Tally();
      int length = 1;
      int to;
      for (int from = 0; from < busiestFirst.size() && !all.cut && !all.stopped; from = to) {
        to = Math.min(from + length, busiestFirst.size());
        length = Math.min(2 * length, LARGEST_WAVE);
        List<Integer> wave = busiestFirst.subList(from, to);
        List<Tally> tallies =
            runner.run(wave.stream().map(sample.windows()::get).toList(), alone, of, mostSlow);
        for (int i = 0; i < tallies.size(); i++) {
          all.add(tallies.get(i), sample.times().get(wave.get(i)));
        }
        all.cut |=
            all.misses(mostSlow.all())
                || (all.judged != null && all.judged.misses(mostSlow.byWorkload()));
      }
      return all;
    }
  }
}
