package dev.homeward.calls;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Numbers and texts in few bytes, written or read from front to back. A number is a zig-zag varint
 * shifted by one, because {@link CallDraft#ABSENT} is frequent and has the one-byte code 0 of its
 * own.
 */
final class BlockBytes {
  private static final int LONGEST_NUMBER = 10;

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

  /** The numbers of a column; only one where all are the same, which is frequent. */
  void writeColumn(long[] column, int size) {
    boolean same = true;
    for (int row = 1; row < size && same; row++) {
      same = column[row] == column[0];
    }
    write(same ? 1 : 0);
    for (int row = 0; row < (same ? Math.min(size, 1) : size); row++) {
      write(column[row]);
    }
  }

  /** Reads what {@link #writeColumn} wrote into {@code column[from, to)}. */
  void readColumn(long[] column, int from, int to) {
    if (read() == 1) {
      if (from < to) {
        Arrays.fill(column, from, to, read());
      }
      return;
    }
    for (int row = from; row < to; row++) {
      column[row] = read();
    }
  }

  void write(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    write(utf8.length);
    ensure(utf8.length);
    System.arraycopy(utf8, 0, bytes, at, utf8.length);
    at += utf8.length;
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
