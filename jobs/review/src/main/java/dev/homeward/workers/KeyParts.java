package dev.homeward.workers;

import dev.homeward.calls.WorkloadKey;
import java.io.Serializable;
import java.util.List;

/**
 * A workload key and the files of calls/ that hold its calls.
 *
 * @param parts those with calls of the month
 * @param wholeLog all of them, where the log begins before the month; else those of the month
 */
public record KeyParts(
    String workload,
    String hostedModel,
    String dataClass,
    List<String> parts,
    List<String> wholeLog)
    implements Serializable {
  public WorkloadKey key() {
    return new WorkloadKey(workload, hostedModel, dataClass);
  }
}
