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
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Threads of this machine. What crosses between the steps of ingest is held in memory: for logs of
 * some millions of calls, not for more.
 */
public final class LocalWorkers implements Workers {
  private final Files files;
  private final int threads;
  private final ExecutorService pool;

  public LocalWorkers(Files files, int threads) {
    this.files = files;
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads);
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
  public List<WriteStep.WrittenPart> ingest(
      List<List<LogRange>> bundles, LogSettings settings, BlockLayout layout, String calls) {
    List<List<Block>> blocks =
        byPlace(all(bundles, b -> ParseStep.parse(files, b, settings, layout)), layout.all());
    List<Integer> places = IntStream.range(layout.parts(), layout.all()).boxed().toList();
    List<List<Block>> notes =
        byPlace(
            all(places, p -> CopiesStep.find(blocks.get(p).iterator(), layout, settings)),
            layout.parts());
    return all(
        IntStream.range(0, layout.parts()).boxed().toList(),
        part ->
            WriteStep.write(
                files,
                blocks.get(part).stream().map(Block::bytes).iterator(),
                notes.get(part).stream().map(Block::bytes).iterator(),
                files.child(calls, "written-%05d.parquet".formatted(part))));
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
  public List<ProfileStep.Profiled> profiles(List<KeyParts> keys, ProfileStep step) {
    int shares = Math.max(1, Math.min(keys.size(), 2 * threads));
    List<List<KeyParts>> shared = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      shared.add(keys.subList(i * keys.size() / shares, (i + 1) * keys.size() / shares));
    }
    return all(shared, mine -> step.of(files, mine.iterator())).stream()
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Replays replays(ReplayContext context, Map<WorkloadKey, List<String>> parts) {
    return new ReplayTasks(context, parts) {
      @Override
      protected int parallelism() {
        return threads;
      }

      @Override
      protected List<List<Sizing.ReplayedFleet>> run(List<Task> tasks) {
        return all(tasks, task -> task.run(files)).stream().flatMap(List::stream).toList();
      }

      @Override
      protected int offeredCalls(LongTape tape) {
        return all(tape.indexes(), window -> tape.offeredCalls(files, window)).stream()
            .reduce(0, Math::addExact);
      }

      @Override
      protected Tally run(LongTape tape, ReplayOptions options, long mostSlow) {
        Tally sum = new Tally();
        all(tape.indexes(), window -> tape.run(files, window, options, mostSlow)).forEach(sum::add);
        return sum;
      }
    };
  }

  @FunctionalInterface
  private interface ItemStep<T, R> {
    R of(T item) throws Exception;
  }

  /** The results of a step on all items, in their order. */
  private <T, R> List<R> all(List<T> items, ItemStep<T, R> step) {
    List<Callable<R>> tasks = new ArrayList<>();
    items.forEach(item -> tasks.add(() -> step.of(item)));
    try {
      List<R> results = new ArrayList<>();
      for (Future<R> done : pool.invokeAll(tasks)) {
        results.add(done.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof IOException failure) {
        throw new UncheckedIOException("Cannot read or write in a thread", failure);
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while working", e);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
