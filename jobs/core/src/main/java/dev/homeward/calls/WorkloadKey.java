package dev.homeward.calls;

import java.io.Serializable;
import java.util.Comparator;

/**
 * What is ranked: one workload's calls to one hosted model with one class of data.
 *
 * <p>The model and the class are part of the key, so that calls to an expensive model are not
 * decided together with calls to a cheap one, and one wrongly tagged call does not decide for its
 * workload. Ordered by workload, hosted model, data class, by code unit, so that the order does not
 * depend on a locale.
 *
 * @param workload the name the policy's rules gave; {@link #UNASSIGNED} where none matched
 * @param hostedModel the catalog's id of the hosted model, or the name as logged where it is
 *     unknown
 * @param dataClass the name of the data class; {@link #UNCLASSIFIED} where no tag said
 */
public record WorkloadKey(String workload, String hostedModel, String dataClass)
    implements Comparable<WorkloadKey>, Serializable {

  /** The workload of calls that no rule matched: shown, never dropped. */
  public static final String UNASSIGNED = "unassigned";

  /** The class of calls without a data-class tag; never the same as public. */
  public static final String UNCLASSIFIED = "unclassified";

  /**
   * The workload of calls whose own workload is one of very many small ones, which share a row: no
   * name that a person gives.
   */
  public static final String OTHERS = "(other workloads)";

  private static final Comparator<WorkloadKey> ORDER =
      Comparator.comparing(WorkloadKey::workload)
          .thenComparing(WorkloadKey::hostedModel)
          .thenComparing(WorkloadKey::dataClass);

  public WorkloadKey {
    if (workload.isEmpty() || hostedModel.isEmpty() || dataClass.isEmpty()) {
      throw new IllegalArgumentException(
          "Invalid workload key: '%s', '%s', '%s' (no part may be empty)"
              .formatted(workload, hostedModel, dataClass));
    }
  }

  /** The key of the row that small workloads with this model and class share. */
  public WorkloadKey amongOthers() {
    return new WorkloadKey(OTHERS, hostedModel, dataClass);
  }

  @Override
  public int compareTo(WorkloadKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return workload + " / " + hostedModel + " / " + dataClass;
  }
}
