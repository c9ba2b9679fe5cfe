package dev.homeward.decision;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * A set of a plan's workloads, by their numbers. It can be changed, so copy it before using it as a
 * key.
 */
final class WorkloadSet {
  private final BitSet numbers;

  private WorkloadSet(BitSet numbers) {
    this.numbers = numbers;
  }

  static WorkloadSet none() {
    return new WorkloadSet(new BitSet());
  }

  static WorkloadSet of(int workload) {
    WorkloadSet set = none();
    set.add(workload);
    return set;
  }

  WorkloadSet copy() {
    return new WorkloadSet((BitSet) numbers.clone());
  }

  void add(int workload) {
    numbers.set(workload);
  }

  void addAll(WorkloadSet others) {
    numbers.or(others.numbers);
  }

  void remove(int workload) {
    numbers.clear(workload);
  }

  boolean contains(int workload) {
    return numbers.get(workload);
  }

  boolean intersects(WorkloadSet other) {
    return numbers.intersects(other.numbers);
  }

  boolean isEmpty() {
    return numbers.isEmpty();
  }

  int size() {
    return numbers.cardinality();
  }

  /** The smallest number in the set, which must not be empty. */
  int first() {
    return numbers.nextSetBit(0);
  }

  /** How many of these are not in the other set. */
  int notIn(WorkloadSet others) {
    int count = 0;
    for (int w = numbers.nextSetBit(0); w >= 0; w = numbers.nextSetBit(w + 1)) {
      count += others.contains(w) ? 0 : 1;
    }
    return count;
  }

  /** What the values of these add up to, by rising number. */
  double sum(double[] values) {
    double sum = 0;
    for (int w = numbers.nextSetBit(0); w >= 0; w = numbers.nextSetBit(w + 1)) {
      sum += values[w];
    }
    return sum;
  }

  /** Their numbers, rising. */
  IntStream stream() {
    return numbers.stream();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WorkloadSet set && numbers.equals(set.numbers);
  }

  @Override
  public int hashCode() {
    return numbers.hashCode();
  }

  @Override
  public String toString() {
    return numbers.toString();
  }
}
