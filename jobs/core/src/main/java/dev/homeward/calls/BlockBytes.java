package dev.homeward.calls;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers and texts in few bytes, written or read from front to back. A number is a zig-zag varint
 * shifted by one, because {@link CallDraft#ABSENT} is frequent and has the one-byte code 0 of its
 * own.
 */
final class BlockBytes {
  private static final int LONGEST_NUMBER = 10;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int at;

  /** Writes into, or reads from, this array. */
  BlockBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  void write(long value) {
    ensure(LONGEST_NUMBER);
    if (value == CallDraft.ABSENT) {
      bytes[at++] = 0;
      return;
    }
    long zigzag = (value << 1) ^ (value >> 63);
    long rest = zigzag >>> 6;
    bytes[at++] = (byte) (1 + (zigzag & 0x3f) + (rest == 0 ? 0 : 0x40));
    while (rest != 0) {
      long next = rest >>> 7;
      bytes[at++] = (byte) ((rest & 0x7f) | (next == 0 ? 0 : 0x80));
      rest = next;
    }
  }

  /** A column in which all rows have this number. */
  void writeOne(long number) {
    write(1);
    write(number);
  }

  /**
   * The numbers of a column: once where all are the same, else what each is more than the smallest,
   * in as many bytes as the largest of them takes. Absence is 0 there, and the smallest 1.
   */
  void writeColumn(long[] column, int size) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    boolean absent = false;
    for (int row = 0; row < size; row++) {
      long number = column[row];
      absent |= number == CallDraft.ABSENT;
      least = number == CallDraft.ABSENT ? least : Math.min(least, number);
      most = Math.max(most, number);
    }
    if (size == 0 || most == CallDraft.ABSENT || least == most && !absent) {
      writeOne(most);
      return;
    }
    // Too far apart for a difference: as they are, and absence is what it is.
    boolean far =
        most - least < 0 || most - least == Long.MAX_VALUE || least - 1 == CallDraft.ABSENT;
    long base = far ? 0 : least - 1;
    int width = far ? Long.BYTES : bytes(most - base);
    write(0);
    write(far ? CallDraft.ABSENT : base);
    write(width);
    ensure(Math.addExact(Math.multiplyExact(size, width), Long.BYTES));
    for (int row = 0; row < size; row++) {
      long number = column[row];
      LONGS.set(bytes, at, far ? number : number == CallDraft.ABSENT ? 0 : number - base);
      at += width;
    }
  }

  private static int bytes(long number) {
    return (Long.SIZE - Long.numberOfLeadingZeros(number) + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Whether a column follows in which all rows have one number; that is read next. */
  boolean readsOne() {
    return read() == 1;
  }

  /** Reads what {@link #writeColumn} wrote of a column that does not have one number only. */
  void readColumn(long[] column, int from, int to) {
    long base = read();
    int width = (int) read();
    boolean far = base == CallDraft.ABSENT;
    long mask = -1L >>> (Long.SIZE - width * Byte.SIZE);
    for (int row = from; row < to; row++) {
      long number = at + Long.BYTES <= bytes.length ? (long) LONGS.get(bytes, at) : lastBytes();
      number &= mask;
      column[row] = far ? number : number == 0 ? CallDraft.ABSENT : number + base;
      at += width;
    }
  }

  private long lastBytes() {
    long number = 0;
    for (int i = bytes.length - 1; i >= at; i--) {
      number = number << Byte.SIZE | bytes[i] & 0xff;
    }
    return number;
  }

  void write(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  void write(byte[] block) {
    write(block.length);
    ensure(block.length);
    System.arraycopy(block, 0, bytes, at, block.length);
    at += block.length;
  }

  byte[] readBytes() {
    int length = (int) read();
    byte[] block = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return block;
  }

  /** Bytes written or read so far. */
  int at() {
    return at;
  }

  long read() {
    int first = bytes[at++] & 0xff;
    if (first == 0) {
      return CallDraft.ABSENT;
    }
    first--;
    long zigzag = first & 0x3f;
    int shift = 6;
    boolean more = (first & 0x40) != 0;
    while (more) {
      int next = bytes[at++];
      zigzag |= (next & 0x7fL) << shift;
      more = next < 0;
      shift += 7;
    }
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  String readText() {
    int length = (int) read();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  byte[] written() {
    return Arrays.copyOf(bytes, at);
  }

  private void ensure(int more) {
    if (bytes.length - at < more) {
      int needed = Math.addExact(at, more);
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + (bytes.length >> 1)));
    }
  }
}
