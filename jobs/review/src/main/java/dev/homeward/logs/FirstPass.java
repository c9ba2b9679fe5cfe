package dev.homeward.logs;

import dev.homeward.calls.WorkloadKey;
import java.io.Serializable;
import java.util.List;

/**
 * What is known of a log only once it was read, and makes it be read once more.
 *
 * @param yielding sources whose calls are left out where another source has them too
 * @param apart workload keys that are kept under their own names; all if there are none
 */
public record FirstPass(List<String> yielding, List<WorkloadKey> apart) implements Serializable {
  /** Nothing yet. */
  public static final FirstPass NONE = new FirstPass(List.of(), List.of());

  /** The same, where these sources yield to others. */
  public FirstPass yielding(List<String> sources) {
    return new FirstPass(sources, apart);
  }

  /** The same, where all workloads but these share a row of their model and class. */
  public FirstPass apart(List<WorkloadKey> keys) {
    return new FirstPass(yielding, keys);
  }
}
