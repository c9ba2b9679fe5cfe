package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.Replays;
import dev.homeward.files.Files;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.SpareThreads;
import dev.homeward.replay.Tally;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.serving.Deployment;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

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

  private final ReplayContext context;
  private final Map<WorkloadKey, List<String>> parts;
  private final IntConsumer answered;
  private final Catalog catalog;
  private final OfferedCalls offered = new OfferedCalls();

  /**
   * @param parts files of calls/ by workload
   * @param answered told how many questions more have their answer, by any thread
   */
  protected ReplayTasks(
      ReplayContext context, Map<WorkloadKey, List<String>> parts, IntConsumer answered) {
    this.context = context;
    this.parts = parts;
    this.answered = answered;
    this.catalog = context.readCatalog();
  }

  /** A task of whole tapes. */
  public record Task(List<ReplayWork> works, ReplayContext context) implements Serializable {
    /** The fleets worth weighing, by request. */
    public List<List<Sizing.ReplayedFleet>> run(Files storage) {
      return run(storage, SpareThreads.NONE);
    }

    /** The same, where spare threads help. */
    public List<List<Sizing.ReplayedFleet>> run(Files storage, SpareThreads spare) {
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
                .size(tapes, w.levels(), w.deployment(catalog), w.volume(), w.bounds(), spare);
        // Hours are shown only for fleets of one workload; merged fleets are only compared.
        answers.add(w.parts().size() == 1 ? fleets : withoutHours(fleets));
      }
      return answers;
    }
  }

  /** The windows of one long tape; each reads its own calls, and those around it. */
  public record LongTape(ReplayWork work, WindowedReplay.Span span, ReplayContext context)
      implements Serializable {
    /** Calls of a window that a replica can take at all, by workload. */
    public long[] offered(Files storage, int window) {
      return windows(storage).offered(window);
    }

    /** What a window's calls come to. */
    public Tally run(
        Files storage,
        int window,
        boolean alone,
        ReplayOptions options,
        WindowedReplay.MostSlow mostSlow) {
      return windows(storage).run(window, alone, options, mostSlow);
    }

    private WindowedReplay windows(Files storage) {
      return new WindowedReplay(
          (from, to) ->
              work.parts().stream()
                  .map(
                      part ->
                          LongTapes.window(
                              context.replay(),
                              work.volume(),
                              from,
                              to,
                              source(part, context, storage)::window))
                  .toList(),
          work.levels(),
          work.deployment(context.readCatalog()),
          work.settings(context.replay()).prefixCache(),
          context.replay().lengths(),
          span);
    }
  }

  /** How many tasks run at once. */
  protected abstract int parallelism();

  /** Runs tasks, and gives the answers of all their requests in order; says how many there are. */
  protected abstract List<List<Sizing.ReplayedFleet>> run(List<Task> tasks);

  /** Where the calls are that this process, which asks for tasks, looks into itself. */
  protected abstract Files storage();

  /** Runs windows of a long tape, in their order; called by several threads at once. */
  protected abstract WindowedReplay.Runner runner(LongTape tape);

  @Override
  public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
    List<ReplayWork> all = requests.stream().map(r -> ReplayWork.of(r, parts)).toList();
    IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> whole = whole(all);
    List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
    IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> cut = cut(all);
    for (ReplayWork w : all) {
      answers.add(w.isCut() ? cut.get(w) : whole.get(w));
    }
    return answers;
  }

  // A sizing waits for its windows again and again: several of them keep all workers busy.
  private IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> cut(List<ReplayWork> all) {
    // Those of one tape one after the other: its windows are held meanwhile.
    List<ReplayWork> works =
        all.stream()
            .filter(w -> w.isCut())
            .sorted(Comparator.comparing(ReplayTasks::tape))
            .toList();
    IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> answers = new IdentityHashMap<>();
    List<List<Sizing.ReplayedFleet>> sized =
        AtOnce.all(
            2 * parallelism(),
            works,
            w -> {
              List<Sizing.ReplayedFleet> fleets = size(w, cut(w));
              answered.accept(1);
              return fleets;
            });
    for (int i = 0; i < works.size(); i++) {
      answers.put(works.get(i), sized.get(i));
    }
    return answers;
  }

  private LongTapes.Cut cut(ReplayWork w) {
    if (!w.sample()) {
      return LongTapes.whole(
          context.replay(), w.volume(), w.calls(), w.firstMicros(), w.lastMicros());
    }
    Files storage = storage();
    List<LongTapes.Counter> counters = new ArrayList<>();
    w.parts().forEach(part -> counters.add(source(part, context, storage)::calls));
    return LongTapes.sampled(
        context.replay(), w.volume(), w.calls(), w.firstMicros(), w.lastMicros(), counters);
  }

  private static HeldTapes.Source source(
      ReplayWork.WorkloadCalls part, ReplayContext context, Files storage) {
    return new HeldTapes.Source(
        context.run(), part.key(), part.files(), storage::parquetInput, context::pricer);
  }

  private static String tape(ReplayWork work) {
    return work.parts().stream().map(part -> part.key().toString()).toList().toString();
  }

  // Those of most calls first: what takes longest should not be begun last.
  private IdentityHashMap<ReplayWork, List<Sizing.ReplayedFleet>> whole(List<ReplayWork> all) {
    List<ReplayWork> works =
        all.stream()
            .filter(w -> !w.isCut())
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

  private List<Sizing.ReplayedFleet> size(ReplayWork w, LongTapes.Cut cut) {
    Deployment deployment = w.deployment(catalog);
    WindowedReplay.Runner runner = runner(new LongTape(w, cut.span(), context));
    OfferedCalls.Key key =
        OfferedCalls.Key.of(
            w.parts().stream().map(ReplayWork.WorkloadCalls::key).toList(),
            w.volume(),
            cut,
            deployment,
            w.maxContext(),
            context.replay().lengths());
    List<Sizing.ReplayedFleet> fleets =
        w.settings(context.replay())
            .size(
                WindowedReplay.of(
                    runner,
                    cut.sample(),
                    offered.of(key, () -> runner.offered(cut.sample().windows())),
                    cut.span(),
                    deployment,
                    w.levels(),
                    context.replay().observedMicros()),
                w.levels(),
                deployment,
                w.bounds());
    return w.parts().size() == 1 ? fleets : withoutHours(fleets);
  }

  private static List<Sizing.ReplayedFleet> withoutHours(List<Sizing.ReplayedFleet> fleets) {
    return fleets.stream()
        .map(f -> new Sizing.ReplayedFleet(f.options(), f.result().withoutHours()))
        .toList();
  }
}
