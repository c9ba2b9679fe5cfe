package dev.homeward.workers;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.files.Files;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A question to the replay by ids, small and serializable: a task reads the calls and the catalog
 * itself.
 *
 * @param calls of the tape to be replayed
 * @param firstMicros start of the first call
 * @param lastMicros start of the last call
 * @param prefixCache instead of the settings'; null for theirs
 * @param sample whether some days may stand for the others
 * @param isCut whether it is replayed window by window
 */
record ReplayWork(
    List<WorkloadCalls> parts,
    String model,
    String quantization,
    String engine,
    String hardware,
    long maxContext,
    double volume,
    Sizing.Bounds bounds,
    double calls,
    long firstMicros,
    long lastMicros,
    ReplayOptions.PrefixCache prefixCache,
    boolean sample,
    boolean isCut)
    implements Serializable {
  List<ServiceLevel> levels() {
    return parts.stream().map(WorkloadCalls::level).toList();
  }

  /** What all replays have in common, with this one's prefix cache. */
  ReplaySettings settings(ReplaySettings common) {
    return prefixCache == null ? common : common.with(prefixCache);
  }

  Deployment deployment(Catalog catalog) {
    Fit fit =
        Deployments.fit(
            catalog.hardware(hardware),
            catalog.model(model),
            catalog.quantization(quantization),
            catalog.engine(engine),
            maxContext);
    if (!(fit instanceof Fit.Fits fits)) {
      throw new IllegalStateException("Planned what does not fit: " + this);
    }
    return fits.deployment();
  }

  /**
   * The work of a request.
   *
   * @param parts files of calls/ by workload
   */
  static ReplayWork of(ReplayRequest request, Map<WorkloadKey, List<String>> parts) {
    List<WorkloadCalls> of = new ArrayList<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (WorkloadCase workload : request.workloads()) {
      WorkloadKey key = workload.key();
      of.add(
          new WorkloadCalls(
              key.workload(),
              key.hostedModel(),
              key.dataClass(),
              parts.get(key),
              workload.serviceLevel()));
      first = Math.min(first, workload.profile().firstMicros());
      last = Math.max(last, workload.profile().lastMicros());
    }
    Deployment d = request.deployment();
    return new ReplayWork(
        of,
        d.model().id(),
        d.quantization().id(),
        d.engine().id(),
        d.hardware().id(),
        request.workloads().stream().mapToLong(w -> w.profile().maxContext()).max().orElse(0),
        request.volume(),
        request.bounds(),
        request.calls(),
        first,
        last,
        request.prefixCache().orElse(null),
        request.sample(),
        request.isCut());
  }

  /** The calls of a workload, and what they must get. */
  record WorkloadCalls(
      String workload, String hostedModel, String dataClass, List<String> files, ServiceLevel level)
      implements Serializable {
    WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }

    static List<BilledTape> read(
        Files storage, List<WorkloadCalls> parts, Pricer pricer, long from, long to) {
      Map<WorkloadKey, List<String>> files = new LinkedHashMap<>();
      parts.forEach(part -> files.put(part.key(), part.files()));
      return TapeReader.read(files, storage::parquetInput, from, to).values().stream()
          .map(pricer::billed)
          .toList();
    }
  }
}
