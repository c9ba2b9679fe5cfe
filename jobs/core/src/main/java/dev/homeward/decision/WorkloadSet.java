package dev.homeward.decision;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A set of a plan's workloads, by their numbers. It can be changed, so copy it before using it as a
 * key. The search of a plan adds up sets millions of times, which is why these are words of bits
 * that are read a word at a time.
 */
final class WorkloadSet {
  /** Bit w of word w / 64 says whether workload w is in the set; no word at the end is 0. */
  private long[] words;

  private WorkloadSet(long[] words) {
    this.words = words;
  }

  static WorkloadSet none() {
    return new WorkloadSet(new long[0]);
  }

  static WorkloadSet of(int workload) {
    WorkloadSet set = none();
    set.add(workload);
    return set;
  }

  WorkloadSet copy() {
    return new WorkloadSet(words.clone());
  }

  void add(int workload) {
    int word = workload >> 6;
    if (word >= words.length) {
      words = Arrays.copyOf(words, word + 1);
    }
    words[word] |= 1L << workload;
  }

  void addAll(WorkloadSet others) {
    if (others.words.length > words.length) {
      words = Arrays.copyOf(words, others.words.length);
    }
    for (int i = 0; i < others.words.length; i++) {
      words[i] |= others.words[i];
    }
  }

  void remove(int workload) {
    int word = workload >> 6;
    if (word >= words.length) {
      return;
    }
    words[word] &= ~(1L << workload);
    int length = words.length;
    while (length > 0 && words[length - 1] == 0) {
      length--;
    }
    if (length < words.length) {
      words = Arrays.copyOf(words, length);
    }
  }

  boolean contains(int workload) {
    int word = workload >> 6;
    return word < words.length && (words[word] >>> workload & 1) != 0;
  }

  boolean intersects(WorkloadSet other) {
    for (int i = Math.min(words.length, other.words.length) - 1; i >= 0; i--) {
      if ((words[i] & other.words[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return words.length == 0;
  }

  int size() {
    int size = 0;
    for (long word : words) {
      size += Long.bitCount(word);
    }
    return size;
  }

  /** The smallest number in the set, which must not be empty. */
  int first() {
    return stream().findFirst().orElseThrow();
  }

  /** How many of these are not in the other set. */
  int notIn(WorkloadSet others) {
    int count = 0;
    for (int i = 0; i < words.length; i++) {
      count += Long.bitCount(i < others.words.length ? words[i] & ~others.words[i] : words[i]);
    }
    return count;
  }

  /** What the values of these add up to, by rising number. */
  double sum(double[] values) {
    double sum = 0;
    for (int i = 0; i < words.length; i++) {
      for (long rest = words[i]; rest != 0; rest &= rest - 1) {
        sum += values[(i << 6) + Long.numberOfTrailingZeros(rest)];
      }
    }
    return sum;
  }

  /** Their numbers, rising. */
  IntStream stream() {
    return IntStream.range(0, words.length << 6).filter(this::contains);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WorkloadSet set && Arrays.equals(words, set.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return stream().boxed().toList().toString();
  }
}
