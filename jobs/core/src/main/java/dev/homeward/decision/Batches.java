package dev.homeward.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Workloads that are asked about together. One question leads to the next: were those of all
 * workloads asked at once, the tapes of the first would be gone from memory when its next question
 * comes. This changes no answer, only how often calls are read.
 */
final class Batches {
  /**
   * Calls that a batch has at the most, unless one workload has more. A number of its own and no
   * share of the memory: questions come in the same order on every machine.
   */
  static final double CALLS = 5e6;

  private Batches() {}

  /**
   * Items in their order, in as few batches as that allows.
   *
   * @param calls of an item
   */
  static <T> List<List<T>> of(List<T> items, ToDoubleFunction<T> calls) {
    List<List<T>> batches = new ArrayList<>();
    double sum = Double.POSITIVE_INFINITY;
    for (T item : items) {
      double more = calls.applyAsDouble(item);
      if (sum + more > CALLS) {
        batches.add(new ArrayList<>());
        sum = 0;
      }
      batches.get(batches.size() - 1).add(item);
      sum += more;
    }
    return batches;
  }

  /** Calls of a workload at the volume that is decided on. */
  static double calls(WorkloadCase workload) {
    return workload.profile().calls() * workload.volumeFactor();
  }
}
