package dev.homeward.calls;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/**
 * Small numbers in Parquet's hybrid of repeated and bit-packed runs: definition levels, and places
 * in a dictionary. Eight and more equal numbers are one repeated run, so that a column with one
 * value has a page of a few bytes.
 *
 * <p>Source: Parquet format, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".
 */
final class HybridRuns {
  private static final int GROUP = 8;
  private static final int LONGEST_VARINT = 5;
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1 << 14];
  private int at;

  /** Bits of the numbers up to this one. */
  static int width(int most) {
    return 32 - Integer.numberOfLeadingZeros(most);
  }

  void clear() {
    at = 0;
  }

  /** What was written; valid until it is cleared. */
  BytesInput written() {
    return BytesInput.from(bytes, 0, at);
  }

  void writeByte(int value) {
    ensure(1);
    bytes[at++] = (byte) value;
  }

  /** Writes the numbers of {@code values[from, to)}, each of that many bits. */
  void write(int[] values, int from, int to, int width) {
    int i = from;
    while (i < to) {
      int run = run(values, i, to);
      if (run >= GROUP || run == to - i) {
        repeat(values[i], run, width);
        i += run;
        continue;
      }
      int end = i + GROUP;
      while (end < to && run(values, end, Math.min(to, end + GROUP)) < GROUP) {
        end += GROUP;
      }
      end = Math.min(end, to);
      pack(values, i, end, width);
      i = end;
    }
  }

  /** Writes a number as often as said. */
  void repeat(int value, int times, int width) {
    ensure(LONGEST_VARINT + Integer.BYTES);
    varint(times << 1);
    for (int bits = 0; bits < width; bits += Byte.SIZE) {
      bytes[at++] = (byte) (value >>> bits);
    }
  }

  private static int run(int[] values, int from, int to) {
    int i = from + 1;
    while (i < to && values[i] == values[from]) {
      i++;
    }
    return i - from;
  }

  private void pack(int[] values, int from, int to, int width) {
    int groups = (to - from + GROUP - 1) / GROUP;
    ensure(LONGEST_VARINT + groups * width + Long.BYTES);
    varint(groups << 1 | 1);
    int end = at + groups * width;
    long bits = 0;
    int filled = 0;
    for (int i = from; i < to; i++) {
      bits |= (long) values[i] << filled;
      filled += width;
      if (filled >= Integer.SIZE) {
        INTS.set(bytes, at, (int) bits);
        at += Integer.BYTES;
        bits >>>= Integer.SIZE;
        filled -= Integer.SIZE;
      }
    }
    // The last group is filled up with zeros.
    while (at < end) {
      bytes[at++] = (byte) bits;
      bits >>>= Byte.SIZE;
    }
  }

  private void varint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[at++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
  }

  private void ensure(int more) {
    if (bytes.length - at < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(at, more), bytes.length * 2));
    }
  }
}
