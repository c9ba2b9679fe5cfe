package dev.homeward.jobs;

import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.Tape;
import dev.homeward.calls.Tapes;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.Replays;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.Sizing;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.LocalInputFile;

/** Replays in this process, without Spark: what a what-if needs that no review has replayed. */
final class LocalReplays implements Replays {
  private final Map<WorkloadKey, List<String>> parts;
  private final Pricer pricer;
  private final long fromMicros;
  private final long toMicros;
  private final ReplaySettings settings;
  private final Map<WorkloadKey, Tape> tapes = new HashMap<>();

  /**
   * @param parts files of calls/ by workload
   * @param fromMicros start of the month
   * @param toMicros its end
   */
  LocalReplays(
      Map<WorkloadKey, List<String>> parts,
      Pricer pricer,
      long fromMicros,
      long toMicros,
      ReplaySettings settings) {
    this.parts = parts;
    this.pricer = pricer;
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
    this.settings = settings;
  }

  /** The tape of a workload, priced. */
  Tape tape(WorkloadKey key) {
    return tapes.computeIfAbsent(
        key,
        k -> {
          CallTable table = new CallTable(1024);
          for (String part : parts.get(k)) {
            CallsFile.read(new LocalInputFile(Path.of(part)), k, fromMicros, toMicros, table);
          }
          Tape tape = Tapes.of(k, table, fromMicros, toMicros);
          pricer.price(tape, List.of());
          return tape;
        });
  }

  @Override
  public List<List<Sizing.Alternative>> of(List<ReplayRequest> requests) {
    for (ReplayRequest request : requests) {
      request.workloads().forEach(w -> tape(w.key()));
    }
    return requests.parallelStream().map(this::answer).toList();
  }

  private List<Sizing.Alternative> answer(ReplayRequest request) {
    return settings.size(
        request.workloads().stream().map(w -> tapes.get(w.key())).toList(),
        request.workloads().stream().map(WorkloadCase::serviceLevel).toList(),
        request.deployment(),
        request.volume(),
        request.mostReplicas(),
        request.overflowAllowed());
  }
}
