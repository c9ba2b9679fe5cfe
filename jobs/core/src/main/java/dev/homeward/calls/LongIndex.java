package dev.homeward.calls;

import java.util.Arrays;

/** Different numbers, each with its place in the order in which they came first. */
final class LongIndex {
  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final int NONE = -1;

  private long[] numbers = new long[8];

  /** The place of a number by its hash; a quarter of them at the most are taken. */
  private int[] slots = new int[32];

  private int size;

  LongIndex() {
    Arrays.fill(slots, NONE);
  }

  int size() {
    return size;
  }

  /** The place of a number, or -1. */
  int find(long number) {
    return slots[slot(number)];
  }

  /** The place of a number, which gets the next one if it is new. */
  int place(long number) {
    int slot = slot(number);
    if (slots[slot] != NONE) {
      return slots[slot];
    }
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size * 2);
      slots = new int[slots.length * 2];
      Arrays.fill(slots, NONE);
      for (int place = 0; place < size; place++) {
        slots[slot(numbers[place])] = place;
      }
      slot = slot(number);
    }
    slots[slot] = size;
    numbers[size] = number;
    return size++;
  }

  private int slot(long number) {
    int slot = (int) (number * MIX >>> 33) & slots.length - 1;
    while (slots[slot] != NONE && numbers[slots[slot]] != number) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }
}
