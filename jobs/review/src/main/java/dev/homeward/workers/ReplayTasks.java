package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.Replays;
import dev.homeward.files.Files;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.Tally;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Replays cut into tasks that may run anywhere: a few requests each, or one window of a tape that
 * is too long to be held whole.
 */
public abstract class ReplayTasks implements Replays {
  /** Requests of one task hold together about so many calls, at the most and at the least. */
  private static final double MOST_CALLS_A_TASK = 300_000;

  private static final double LEAST_CALLS_A_TASK = 5_000;
  private static final int REQUESTS_A_TASK = 64;

  /** Tasks for each worker that are at hand, where there is enough to do: some take longer. */
  private static final int TASKS_A_WORKER = 4;

  /** Calls of a tape that is held whole: some 150 bytes each. */
  private static final long WHOLE_TAPE_CALLS = 6_000_000;

  private final ReplayContext context;
  private final Map<WorkloadKey, List<String>> parts;
  private final Catalog catalog;

  /** Tapes of more calls are cut into windows of a third of it; a property, for tests. */
  private final long wholeTapeCalls = Long.getLong("homeward.whole-tape-calls", WHOLE_TAPE_CALLS);

  /**
   * @param parts files of calls/ by workload
   */
  protected ReplayTasks(ReplayContext context, Map<WorkloadKey, List<String>> parts) {
    this.context = context;
    this.parts = parts;
    this.catalog = context.readCatalog();
  }

  /** A task of whole tapes. */
  public record Task(List<ReplayWork> works, ReplayContext context) implements Serializable {
    /** The fleets worth weighing, by request. */
    public List<List<Sizing.ReplayedFleet>> run(Files storage) {
      Catalog catalog = context.readCatalog();
      List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
      List<ReplayWork.WorkloadCalls> of = List.of();
      List<BilledTape> tapes = List.of();
      for (ReplayWork w : works) {
        if (!of.equals(w.parts())) {
          of = w.parts();
          tapes = HeldTapes.read(storage, of, context);
        }
        List<Sizing.ReplayedFleet> fleets =
            w.settings(context.replay())
                .size(tapes, w.levels(), w.deployment(catalog), w.volume(), w.bounds());
        // Hours are shown only for fleets of one workload; merged fleets are only compared.
        answers.add(w.parts().size() == 1 ? fleets : withoutHours(fleets));
      }
      return answers;
    }

    private static List<Sizing.ReplayedFleet> withoutHours(List<Sizing.ReplayedFleet> fleets) {
      return fleets.stream()
          .map(f -> new Sizing.ReplayedFleet(f.options(), f.result().withoutHours()))
          .toList();
    }
  }

  /** The windows of one long tape; each reads its own calls, and an hour of those around it. */
  public record LongTape(ReplayWork work, WindowedReplay.Span span, ReplayContext context)
      implements Serializable {
    /** Calls of a window that a replica can take at all. */
    public int offeredCalls(Files storage, int window) {
      return windows(storage).offeredCalls(window);
    }

    /** The result of a window's calls. */
    public Tally run(Files storage, int window, ReplayOptions options, long mostSlow) {
      return windows(storage).window(window, options, mostSlow);
    }

    /** The numbers of the windows. */
    public List<Integer> indexes() {
      return IntStream.range(0, span.windows()).boxed().toList();
    }

    private WindowedReplay windows(Files storage) {
      Pricer pricer = context.pricer();
      return new WindowedReplay(
          (from, to) ->
              work.parts()
                  .get(0)
                  .read(
                      storage,
                      pricer,
                      Math.max(from, work.firstMicros()),
                      Math.min(to, work.lastMicros() + 1))
                  .scaled(
                      work.volume(), context.replay().fromMicros(), context.replay().toMicros()),
          work.deployment(context.readCatalog()),
          work.settings(context.replay()).prefixCache(),
          context.replay().lengths(),
          span,
          context.replay().observedMicros());
    }
  }

  /** How many tasks run at once. */
  protected abstract int parallelism();

  /** Runs tasks, and gives the answers of all their requests in order. */
  protected abstract List<List<Sizing.ReplayedFleet>> run(List<Task> tasks);

  /** The calls of all windows that a replica can take at all. */
  protected abstract int offeredCalls(LongTape tape);

  /** The result of the calls of all windows. */
  protected abstract Tally run(LongTape tape, ReplayOptions options, long mostSlow);

  @Override
  public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
    List<ReplayWork> all = requests.stream().map(r -> ReplayWork.of(r, parts)).toList();
    IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> whole = whole(all);
    List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
    for (ReplayWork w : all) {
      if (!isLong(w)) {
        answers.add(whole.get(w));
      } else if (w.parts().size() > 1 || w.volume() > 1) {
        // A merged or repeated tape of this length does not fit into memory: what it needs is
        // unknown, and no plan relies on it.
        answers.add(List.of());
      } else {
        answers.add(window(new LongTape(w, span(w), context)));
      }
    }
    return answers;
  }

  // Those of most calls first: what takes longest should not be begun last.
  private IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> whole(List<ReplayWork> all) {
    List<ReplayWork> works =
        all.stream()
            .filter(w -> !isLong(w))
            .sorted(Comparator.comparingDouble(ReplayWork::calls).reversed())
            .toList();
    IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> answers = new IdentityHashMap<>();
    if (!works.isEmpty()) {
      Iterator<List<Sizing.ReplayedFleet>> next = run(tasks(works)).iterator();
      works.forEach(w -> answers.put(w, next.next()));
    }
    return answers;
  }

  private List<Task> tasks(List<ReplayWork> works) {
    double callsATask = callsATask(works);
    List<Task> tasks = new ArrayList<>();
    List<ReplayWork> task = new ArrayList<>();
    double calls = 0;
    for (ReplayWork w : works) {
      if (!task.isEmpty() && (calls >= callsATask || task.size() >= REQUESTS_A_TASK)) {
        tasks.add(new Task(task, context));
        task = new ArrayList<>();
        calls = 0;
      }
      task.add(w);
      calls += w.calls();
    }
    if (!task.isEmpty()) {
      tasks.add(new Task(task, context));
    }
    return tasks;
  }

  // Few replays are shared out too: a review asks for some dozen at a time, of mostly short tapes.
  private double callsATask(List<ReplayWork> works) {
    double calls = works.stream().mapToDouble(ReplayWork::calls).sum();
    return Math.max(
        LEAST_CALLS_A_TASK, Math.min(MOST_CALLS_A_TASK, calls / (TASKS_A_WORKER * parallelism())));
  }

  private boolean isLong(ReplayWork w) {
    return w.calls() > wholeTapeCalls;
  }

  private List<Sizing.ReplayedFleet> window(LongTape tape) {
    ReplayWork w = tape.work();
    Deployment deployment = w.deployment(catalog);
    return w.settings(context.replay())
        .size(
            WindowedReplay.of(
                (options, mostSlow) -> run(tape, options, mostSlow),
                offeredCalls(tape),
                deployment,
                context.replay().observedMicros(),
                tape.span().fromMicros()),
            w.levels(),
            deployment,
            w.bounds());
  }

  private WindowedReplay.Span span(ReplayWork w) {
    long end = w.lastMicros() + 1;
    double windowCalls = Math.max(1, wholeTapeCalls / 3);
    long windows = (long) Math.ceil(w.calls() / windowCalls);
    return new WindowedReplay.Span(
        w.firstMicros(),
        end,
        Math.max(TimeUnits.MICROS_PER_HOUR, (end - w.firstMicros()) / windows),
        TimeUnits.MICROS_PER_HOUR);
  }
}
