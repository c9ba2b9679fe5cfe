package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.calls.UseTable;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.Replays;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.files.HadoopFiles;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.Tally;
import dev.homeward.replay.WindowedReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** Replays in this process, without Spark: what a what-if needs that no review has replayed. */
public final class LocalReplays implements Replays {
  private final Map<WorkloadKey, List<String>> parts;
  private final Pricer pricer;
  private final long fromMicros;
  private final long toMicros;
  private final ReplaySettings settings;
  private final Runnable answered;
  private final Map<WorkloadKey, BilledTape> tapes = new HashMap<>();
  private final OfferedCalls offered = new OfferedCalls();
  private final String run = UUID.randomUUID().toString();

  /**
   * @param parts files of calls/ by workload
   * @param fromMicros start of the month
   * @param toMicros its end
   * @param answered told after every request, by any thread
   */
  public LocalReplays(
      Map<WorkloadKey, List<String>> parts,
      Pricer pricer,
      long fromMicros,
      long toMicros,
      ReplaySettings settings,
      Runnable answered) {
    this.parts = parts;
    this.pricer = pricer;
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
    this.settings = settings;
    this.answered = answered;
  }

  /** What calls of workloads are priced by, by key; every file is read once, on all cores. */
  public Map<WorkloadKey, UseTable> uses(Set<WorkloadKey> keys) {
    Map<WorkloadKey, UseTable> uses = new TreeMap<>();
    keys.forEach(key -> uses.put(key, pricer.noUse(key)));
    keys.stream()
        .flatMap(key -> parts.get(key).stream())
        .distinct()
        .sorted()
        .toList()
        .parallelStream()
        .forEach(
            part ->
                TapeReader.eachPart(
                    part,
                    LocalReplays::open,
                    Optional.of(keys),
                    fromMicros,
                    toMicros,
                    tape -> {
                      UseTable of = uses.get(tape.key);
                      synchronized (of) {
                        of.add(tape);
                      }
                    }));
    return uses;
  }

  // Reads tapes ahead, on all cores: each reads the files once for its share of the workloads.
  private void read(List<WorkloadKey> keys) {
    List<WorkloadKey> missing =
        keys.stream().distinct().filter(k -> !tapes.containsKey(k)).toList();
    int shares = Math.min(missing.size(), Runtime.getRuntime().availableProcessors());
    IntStream.range(0, shares)
        .parallel()
        .mapToObj(
            share -> {
              Map<WorkloadKey, List<String>> mine = new LinkedHashMap<>();
              for (int i = share; i < missing.size(); i += shares) {
                mine.put(missing.get(i), parts.get(missing.get(i)));
              }
              Map<WorkloadKey, Tape> read =
                  TapeReader.read(mine, LocalReplays::open, fromMicros, toMicros);
              Map<WorkloadKey, BilledTape> billed = new HashMap<>();
              read.forEach((key, tape) -> billed.put(key, pricer.billed(tape)));
              return billed;
            })
        .toList()
        .forEach(tapes::putAll);
  }

  /** A file of calls; one of this machine is read without Hadoop, which takes long to begin. */
  public static InputFile open(String part) throws IOException {
    return part.contains("://")
        ? HadoopFiles.standalone().parquetInput(part)
        : new LocalInputFile(Path.of(part));
  }

  @Override
  public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
    read(
        requests.stream()
            .filter(request -> !request.isCut())
            .flatMap(request -> request.workloads().stream())
            .map(WorkloadCase::key)
            .toList());
    return requests.parallelStream()
        .map(
            request -> {
              List<Sizing.ReplayedFleet> fleets = size(request);
              answered.run();
              return fleets;
            })
        .toList();
  }

  private List<Sizing.ReplayedFleet> size(ReplayRequest request) {
    ReplaySettings own = request.prefixCache().map(settings::with).orElse(settings);
    List<ServiceLevel> levels =
        request.workloads().stream().map(WorkloadCase::serviceLevel).toList();
    if (!request.isCut()) {
      return own.size(
          request.workloads().stream().map(w -> tapes.get(w.key())).toList(),
          levels,
          request.deployment(),
          request.volume(),
          request.bounds());
    }
    LongTapes.Cut cut = cut(request);
    WindowedReplay windows =
        new WindowedReplay(
            (from, to) -> window(request, from, to),
            levels,
            request.deployment(),
            own.prefixCache(),
            own.lengths(),
            cut.span());
    OfferedCalls.Key key =
        OfferedCalls.Key.of(
            request.workloads().stream().map(WorkloadCase::key).toList(),
            request.volume(),
            cut,
            request.deployment(),
            request.workloads().stream().mapToLong(w -> w.profile().maxContext()).max().orElse(0),
            own.lengths());
    WindowedReplay.Runner runner = new Windows(windows);
    return own.size(
        WindowedReplay.of(
            runner,
            cut.sample(),
            offered.of(key, () -> runner.offered(cut.sample().windows())),
            cut.span(),
            request.deployment(),
            levels,
            own.observedMicros()),
        levels,
        request.deployment(),
        request.bounds());
  }

  private List<BilledTape> window(ReplayRequest request, long from, long to) {
    return request.workloads().stream()
        .map(w -> LongTapes.window(settings, request.volume(), from, to, source(w.key())::window))
        .toList();
  }

  private LongTapes.Cut cut(ReplayRequest request) {
    List<WorkloadCase> of = request.workloads();
    long first = of.stream().mapToLong(w -> w.profile().firstMicros()).min().orElse(0);
    long last = of.stream().mapToLong(w -> w.profile().lastMicros()).max().orElse(0);
    List<LongTapes.Counter> counters = new ArrayList<>();
    of.forEach(w -> counters.add(source(w.key())::calls));
    return request.sample()
        ? LongTapes.sampled(settings, request.volume(), request.calls(), first, last, counters)
        : LongTapes.whole(settings, request.volume(), request.calls(), first, last);
  }

  private HeldTapes.Source source(WorkloadKey key) {
    return new HeldTapes.Source(run, key, parts.get(key), LocalReplays::open, () -> pricer);
  }

  /** Runs windows on the cores of this machine. */
  private record Windows(WindowedReplay replay) implements WindowedReplay.Runner {
    @Override
    public List<long[]> offered(List<Integer> windows) {
      return windows.parallelStream().map(replay::offered).toList();
    }

    @Override
    public List<Tally> run(
        List<Integer> windows,
        boolean alone,
        ReplayOptions options,
        WindowedReplay.MostSlow mostSlow) {
      return windows.parallelStream()
          .map(window -> replay.run(window, alone, options, mostSlow))
          .toList();
    }
  }
}
