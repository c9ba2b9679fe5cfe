package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IndexSortTest {
  /** Few and many keys, in runs and out of order, close together and as far apart as they get. */
  @Test
  void keysAreSortedStablyWhateverTheirRange() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      int size = random.nextInt(200);
      int range = 1 + random.nextInt(50);
      long[] keys = new long[size + 3];
      for (int i = 0; i < size; i++) {
        keys[i] =
            switch (round % 4) {
              case 0 -> random.nextInt(range);
              case 1 -> i % range;
              case 2 -> random.nextLong();
              default -> Long.MIN_VALUE + random.nextInt(range);
            };
      }
      int[] expected =
          IntStream.range(0, size)
              .boxed()
              .sorted(Comparator.comparingLong((Integer i) -> keys[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      assertArrayEquals(expected, IndexSort.byKey(keys, size));
    }
  }
}
