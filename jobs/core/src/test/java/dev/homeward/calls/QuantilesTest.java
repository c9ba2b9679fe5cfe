package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  private static final double[] SHARES = {0.001, 0.5, 0.95, 0.99, 1};

  /** As one counts by hand: the smallest number with at least that share at or below it. */
  private static OptionalLong slowly(long[] numbers, double share) {
    long[] sorted = numbers.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (i + 1 >= share * sorted.length) {
        return OptionalLong.of(sorted[i]);
      }
    }
    return OptionalLong.empty();
  }

  @Test
  void quantilesAreThoseOfTheSortedNumbersHoweverTheyCame() {
    Random random = new Random(3);
    for (int size : new int[] {0, 1, 2, 3, 100, 65_536, 65_537, 300_000}) {
      LongSupplier[] kinds = {
        random::nextLong, () -> random.nextInt(50) - 25, () -> random.nextInt(1_000_000) * 1000L
      };
      for (LongSupplier kind : kinds) {
        long[] numbers = new long[size];
        Quantiles whole = new Quantiles();
        Quantiles[] parts = new Quantiles[random.nextInt(200) + 1];
        Arrays.setAll(parts, p -> new Quantiles());
        for (int i = 0; i < size; i++) {
          // BlockBytes has a code of its own for this one, which no log's number is.
          numbers[i] = Math.max(Long.MIN_VALUE + 1, kind.getAsLong() / 2);
          whole.add(numbers[i]);
          parts[random.nextInt(parts.length)].add(numbers[i]);
        }
        Quantiles sum = new Quantiles();
        for (Quantiles part : parts) {
          BlockBytes bytes = new BlockBytes(new byte[16]);
          part.encode(bytes);
          sum.decode(new BlockBytes(bytes.written()));
        }
        for (double share : SHARES) {
          assertEquals(slowly(numbers, share), whole.quantile(share), size + " " + share);
          assertEquals(slowly(numbers, share), sum.quantile(share), size + " " + share);
        }
      }
    }
  }

  /** Durations of a log in whole milliseconds: a million of them in a tenth of a megabyte. */
  @Test
  void aMillionNumbersTakeFewBytes() {
    Random random = new Random(4);
    Quantiles quantiles = new Quantiles();
    for (int i = 0; i < 1_000_000; i++) {
      quantiles.add(random.nextInt(30_000) * 1000L);
    }
    BlockBytes bytes = new BlockBytes(new byte[16]);
    quantiles.encode(bytes);
    assertTrue(bytes.written().length < 100_000 + 30_000, bytes.written().length + " bytes");
  }
}
