package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.Replays;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.files.HadoopFiles;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The tape of a workload. */
  public Tape tape(WorkloadKey key) {
    read(List.of(key));
    return tapes.get(key).tape;
  }

  /** Reads tapes ahead, on all cores: each reads the files once for its share of the workloads. */
  public void read(List<WorkloadKey> keys) {
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
    readFor(requests);
    return requests.parallelStream()
        .map(
            request -> {
              List<Sizing.ReplayedFleet> fleets =
                  request
                      .prefixCache()
                      .map(settings::with)
                      .orElse(settings)
                      .size(
                          tapes(request),
                          levels(request),
                          request.deployment(),
                          request.volume(),
                          request.bounds());
              answered.run();
              return fleets;
            })
        .toList();
  }

  private void readFor(List<ReplayRequest> requests) {
    read(requests.stream().flatMap(r -> r.workloads().stream()).map(WorkloadCase::key).toList());
  }

  private List<BilledTape> tapes(ReplayRequest request) {
    return request.workloads().stream().map(w -> tapes.get(w.key())).toList();
  }

  private static List<ServiceLevel> levels(ReplayRequest request) {
    return request.workloads().stream().map(WorkloadCase::serviceLevel).toList();
  }
}
