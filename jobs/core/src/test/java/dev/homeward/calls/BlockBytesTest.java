package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A column comes back as it was, whatever stands in it and however it is packed. */
final class BlockBytesTest {
  private static final long ABSENT = CallDraft.ABSENT;
  private static final long[][] COLUMNS = {
    {},
    {0},
    {ABSENT},
    {ABSENT, ABSENT, ABSENT},
    {5, 5, 5, 5},
    {5, ABSENT},
    {ABSENT, -5, ABSENT},
    {0, 254},
    {0, 255},
    {-1, 65_534, ABSENT},
    {0, 1L << 40, 3, ABSENT},
    {Long.MAX_VALUE, Long.MAX_VALUE - 1},
    {Long.MIN_VALUE + 1, Long.MIN_VALUE + 2, ABSENT},
    {Long.MIN_VALUE + 2, Long.MIN_VALUE + 3, ABSENT},
    {Long.MIN_VALUE + 1, Long.MAX_VALUE, ABSENT, 0},
    {0, Long.MAX_VALUE, ABSENT},
    {-1, Long.MAX_VALUE, ABSENT},
    {1, Long.MAX_VALUE},
  };

  @Test
  void columnsComeBackAsTheyWere() {
    BlockBytes out = new BlockBytes(new byte[1]);
    for (long[] column : COLUMNS) {
      LongColumn of = column(column);
      of.encode(column.length, out);
    }
    BlockBytes in = new BlockBytes(out.written());
    for (long[] column : COLUMNS) {
      // Behind rows that are there already, of another number.
      LongColumn back = new LongColumn(column.length + 2);
      back.append(0, 17);
      back.append(1, 18);
      back.decode(in, 2, column.length + 2);
      long[] rows = new long[column.length];
      Arrays.setAll(rows, i -> back.get(i + 2));
      assertArrayEquals(column, rows, Arrays.toString(column));
      assertEquals(17, back.get(0));
      assertEquals(18, back.get(1));
    }
    assertEquals(out.written().length, in.at());
  }

  @Test
  void eachColumnAloneIsReadToItsLastByte() {
    Random random = new Random(5);
    for (int bits = 1; bits <= Long.SIZE; bits++) {
      long[] column = new long[random.nextInt(40) + 2];
      int shift = Long.SIZE - bits;
      Arrays.setAll(column, i -> random.nextLong() >> shift);
      BlockBytes out = new BlockBytes(new byte[1]);
      column(column).encode(column.length, out);
      LongColumn back = new LongColumn(column.length);
      back.decode(new BlockBytes(out.written()), 0, column.length);
      long[] rows = new long[column.length];
      Arrays.setAll(rows, back::get);
      assertArrayEquals(column, rows, "bits " + bits);
    }
  }

  /** A thousand numbers below 256 take a byte each, and one number takes no more than two. */
  @Test
  void aNumberTakesNoMoreBytesThanItsDistanceFromTheSmallest() {
    long[] column = new long[1_000];
    Arrays.setAll(column, i -> 1_790_000_000_000_000L + i % 255);
    BlockBytes out = new BlockBytes(new byte[1]);
    column(column).encode(column.length, out);
    assertTrue(out.at() < 1_000 + 16, "bytes " + out.at());
    BlockBytes same = new BlockBytes(new byte[1]);
    column(new long[1_000]).encode(1_000, same);
    assertEquals(2, same.at());
  }

  private static LongColumn column(long[] numbers) {
    LongColumn column = new LongColumn(numbers.length);
    for (int row = 0; row < numbers.length; row++) {
      column.append(row, numbers[row]);
    }
    return column;
  }
}
