package dev.homeward.jobs;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.report.Reconciliation;
import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;

/**
 * What ingest made.
 *
 * @param parts files of calls/
 * @param keys workload keys with their calls
 * @param counts by file
 * @param firstMicros start of the first call
 * @param lastMicros start of the last call
 * @param reconciliation what usage reports say was billed, beside the log
 */
record IngestResult(
    List<Part> parts,
    SortedMap<WorkloadKey, Long> keys,
    SortedMap<String, FileCounts> counts,
    long firstMicros,
    long lastMicros,
    Reconciliation reconciliation) {

  /**
   * One file of calls/.
   *
   * @param path where it was written
   * @param rows calls in it
   * @param keys which workload keys it holds, with their calls and first and last start
   */
  record Part(String path, long rows, List<Slice> keys) {}

  /** One workload key's calls in a part. */
  record Slice(
      String workload,
      String hostedModel,
      String dataClass,
      long rows,
      long firstMicros,
      long lastMicros)
      implements Serializable {
    WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }
  }

  FileCounts total() {
    FileCounts total = new FileCounts();
    counts.values().forEach(total::add);
    return total;
  }
}
