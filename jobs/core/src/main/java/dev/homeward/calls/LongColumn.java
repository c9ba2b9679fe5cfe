package dev.homeward.calls;

import java.util.Arrays;

/**
 * Numbers by row. While all rows have the same number, as in most columns of a log, it is kept
 * once; from the first other one on they are an array.
 */
final class LongColumn {
  private int capacity;
  private long one;

  /** Null while all rows have {@link #one}. */
  private long[] numbers;

  LongColumn(int capacity) {
    this.capacity = capacity;
  }

  long get(int row) {
    return numbers == null ? one : numbers[row];
  }

  /** Whether all rows have the same number. */
  boolean isOne() {
    return numbers == null;
  }

  /**
   * Sets the number of the last row.
   *
   * @param row below the capacity
   */
  void append(int row, long number) {
    if (numbers != null) {
      numbers[row] = number;
    } else if (row == 0) {
      one = number;
    } else if (number != one) {
      array(row)[row] = number;
    }
  }

  /** Sets the numbers of the last rows, {@code [from, to)}. */
  void append(int from, int to, long number) {
    if (numbers == null && (from == 0 || number == one)) {
      one = number;
    } else if (from < to) {
      Arrays.fill(array(from), from, to, number);
    }
  }

  /** The numbers as an array with room for the capacity, from now on kept as one. */
  long[] array(int rows) {
    if (numbers == null) {
      numbers = new long[capacity];
      Arrays.fill(numbers, 0, rows, one);
    }
    return numbers;
  }

  void grow(int more) {
    capacity = more;
    numbers = numbers == null ? null : Arrays.copyOf(numbers, more);
  }

  void encode(int rows, BlockBytes out) {
    if (numbers == null) {
      out.writeOne(one);
    } else {
      out.writeColumn(numbers, rows);
    }
  }

  /** Reads what {@link #encode} wrote as the last rows, {@code [from, to)}. */
  void decode(BlockBytes in, int from, int to) {
    if (in.readsOne()) {
      append(from, to, in.read());
    } else {
      in.readColumn(array(from), from, to);
    }
  }
}
