package dev.homeward.workers;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Replays;
import dev.homeward.files.Files;
import dev.homeward.ingest.Block;
import dev.homeward.ingest.BlockLayout;
import dev.homeward.ingest.CopiesStep;
import dev.homeward.ingest.ParseStep;
import dev.homeward.ingest.UsageStep;
import dev.homeward.ingest.WriteStep;
import dev.homeward.ingest.Written;
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.Tally;
import dev.homeward.replay.WindowedReplay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Threads of this machine. What crosses between the steps of ingest is held in memory: for logs of
 * some millions of calls, not for more.
 */
public final class LocalWorkers implements Workers {
  private final Files files;
  private final int threads;
  private final ThreadPoolExecutor pool;

  public LocalWorkers(Files files, int threads) {
    this.files = files;
    this.threads = threads;
    this.pool =
        new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  @Override
  public Files files() {
    return files;
  }

  @Override
  public String name() {
    return threads + " threads";
  }

  @Override
  public int parallelism() {
    return threads;
  }

  @Override
  public List<UsageStep.Sums> usage(List<LogRange> ranges, LogSettings settings, int parts) {
    TreeMap<String, List<String>> groups = new TreeMap<>();
    for (List<UsageStep.KeyedBucket> found :
        all(ranges, range -> UsageStep.buckets(files, range, settings))) {
      found.forEach(
          f -> groups.computeIfAbsent(f.sameness(), s -> new ArrayList<>()).add(f.json()));
    }
    return List.of(UsageStep.sums(groups.values().iterator()));
  }

  @Override
  public Written ingest(
      List<List<LogRange>> bundles, LogSettings settings, BlockLayout layout, String calls) {
    List<List<Block>> blocks =
        byPlace(
            all(
                bundles,
                bundle -> {
                  List<Block> of = new ArrayList<>();
                  ParseStep.parse(files, bundle, settings, layout, of::add);
                  return of;
                }),
            layout.all());
    List<Integer> places = IntStream.range(layout.parts(), layout.all()).boxed().toList();
    List<List<Block>> notes =
        byPlace(
            all(places, p -> CopiesStep.find(blocks.get(p).iterator(), layout, settings)),
            layout.parts());
    Written sum = new Written();
    all(
        IntStream.range(0, layout.parts()).boxed().toList(),
        part -> {
          Written written =
              WriteStep.write(
                  files,
                  blocks.get(part).stream().map(Block::bytes).iterator(),
                  notes.get(part).stream().map(Block::bytes).iterator(),
                  files.child(calls, "written-%05d.parquet".formatted(part)));
          synchronized (sum) {
            sum.add(written);
          }
          return part;
        });
    return sum;
  }

  private static List<List<Block>> byPlace(List<List<Block>> all, int places) {
    List<List<Block>> by = new ArrayList<>();
    for (int place = 0; place < places; place++) {
      by.add(new ArrayList<>());
    }
    all.forEach(blocks -> blocks.forEach(block -> by.get(block.place()).add(block)));
    return by;
  }

  @Override
  public List<ProfileStep.Profiled> profiles(List<String> parts, ProfileStep step) {
    TreeMap<WorkloadKey, List<byte[]>> byKey = new TreeMap<>();
    for (List<ProfileStep.KeySums> sums : all(parts, part -> step.sums(files, part))) {
      sums.forEach(of -> byKey.computeIfAbsent(of.key(), k -> new ArrayList<>()).add(of.sums()));
    }
    List<WorkloadKey> keys = List.copyOf(byKey.keySet());
    int shares = Math.max(1, Math.min(keys.size(), 2 * threads));
    List<List<WorkloadKey>> shared = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      shared.add(keys.subList(i * keys.size() / shares, (i + 1) * keys.size() / shares));
    }
    return all(
            shared,
            mine -> {
              ProfileStep.Profiles profiles = step.new Profiles();
              return mine.stream()
                  .flatMap(key -> profiles.of(key, byKey.get(key)).stream())
                  .toList();
            })
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Replays replays(
      ReplayContext context, Map<WorkloadKey, List<String>> parts, IntConsumer answered) {
    return new ReplayTasks(context, parts, answered) {
      @Override
      protected int parallelism() {
        return threads;
      }

      @Override
      protected List<List<Sizing.ReplayedFleet>> run(List<Task> tasks) {
        return all(
                tasks,
                task -> {
                  List<List<Sizing.ReplayedFleet>> fleets =
                      task.run(files, LocalWorkers.this::offer);
                  answered.accept(fleets.size());
                  return fleets;
                })
            .stream()
            .flatMap(List::stream)
            .toList();
      }

      @Override
      protected Files storage() {
        return files;
      }

      @Override
      protected WindowedReplay.Runner runner(LongTape tape) {
        return new WindowedReplay.Runner() {
          @Override
          public List<long[]> offered(List<Integer> windows) {
            return all(windows, window -> tape.offered(files, window));
          }

          @Override
          public List<Tally> run(
              List<Integer> windows,
              boolean alone,
              ReplayOptions options,
              WindowedReplay.MostSlow mostSlow) {
            return all(windows, window -> tape.run(files, window, alone, options, mostSlow));
          }
        };
      }
    };
  }

  // To a thread that has nothing to do. Two at once may both find the last one: then one waits.
  private boolean offer(Runnable task) {
    boolean idle = pool.getActiveCount() < threads && pool.getQueue().isEmpty();
    if (idle) {
      pool.execute(task);
    }
    return idle;
  }

  /** The results of a step on all items, in their order. */
  private <T, R> List<R> all(List<T> items, AtOnce.Step<T, R> step) {
    return AtOnce.all(pool, items, step);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
