package dev.homeward.calls;

import java.util.Arrays;

/**
 * The different numbers of a column of a row group, in the order in which they come, and the place
 * of each row's number among them. Used again for one column after the other.
 */
final class NumberDictionary {
  /** Numbers no further apart find their place without a hash. */
  private static final int NARROW = 1 << 16;

  private static final int MOST = 1 << 16;

  /** So many numbers tell whether a column's numbers come again. */
  private static final int SAMPLE = 8_192;

  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final int NONE = -1;

  private long[] numbers = new long[1024];
  private int size;
  private int[] slots = new int[1024];

  int size() {
    return size;
  }

  long number(int place) {
    return numbers[place];
  }

  /**
   * Finds the places of {@code values[0, count)}; those that are absent get none.
   *
   * @param least the smallest number
   * @param most the largest one
   * @return false if a dictionary would not make the column smaller; it is of no use then
   */
  boolean find(long[] values, int count, int present, long least, long most, int[] places) {
    long range = most - least;
    boolean narrow = range >= 0 && range < NARROW;
    int slotCount = narrow ? (int) range + 1 : Integer.highestOneBit(Math.min(count, MOST)) * 4;
    slots = slotCount > slots.length ? new int[slotCount] : slots;
    Arrays.fill(slots, 0, slotCount, NONE);
    size = 0;
    int seen = 0;
    for (int i = 0; i < count; i++) {
      long value = values[i];
      if (value == CallDraft.ABSENT) {
        continue;
      }
      int slot = narrow ? (int) (value - least) : slot(value, slotCount);
      if (slots[slot] == NONE) {
        if (size == MOST) {
          return false;
        }
        slots[slot] = place(value);
      }
      places[i] = slots[slot];
      seen++;
      if (seen == SAMPLE && !narrow && size > SAMPLE / 2) {
        return false;
      }
    }
    // Against what the difference of two numbers takes, each of which has one bit more.
    long differences = Math.min(Long.SIZE, Long.SIZE - Long.numberOfLeadingZeros(range) + 1);
    return size * (long) Long.SIZE + (long) present * HybridRuns.width(size - 1)
        < present * differences;
  }

  private int slot(long value, int slotCount) {
    int slot = (int) (value * MIX >>> 33) & slotCount - 1;
    while (slots[slot] != NONE && numbers[slots[slot]] != value) {
      slot = slot + 1 & slotCount - 1;
    }
    return slot;
  }

  private int place(long value) {
    numbers = size == numbers.length ? Arrays.copyOf(numbers, size * 2) : numbers;
    numbers[size] = value;
    return size++;
  }
}
