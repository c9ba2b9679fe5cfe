package dev.homeward.formats.scan;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Lines of a byte range: the lines that start inside it, whole, wherever they end. Splitting a file
 * at any offsets gives each line to exactly one range. LF and CRLF end a line; the last line needs
 * no end. A line longer than the limit is read past, not kept. A line is not copied: it stays where
 * it was read, until the next one is asked for.
 */
public final class LineReader implements JsonRecords {
  private static final int BUFFER = 1 << 18;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long NEWLINES = ONES * '\n';

  private final InputStream in;
  private final int maxLineBytes;
  private byte[] buffer = new byte[BUFFER];

  /** The next unread byte, and the end of what was read from the stream. */
  private int at;

  private int end;

  /** Offset in the file of the next unread byte. */
  private long offset;

  private final long rangeEnd;

  /** How far {@link #readMore} moved the line at hand to the front. */
  private int moved;

  // The line at hand, in the buffer.
  private int from;
  private int to;
  private boolean tooLong;
  private long lines;

  /**
   * @param in the file from byte {@code rangeStart == 0 ? 0 : rangeStart - 1} on; the byte before
   *     the range tells whether a line starts at its first byte
   * @param rangeEnd end of the range, exclusive; Long.MAX_VALUE for all
   */
  public LineReader(InputStream in, long rangeStart, long rangeEnd, int maxLineBytes)
      throws IOException {
    this.in = in;
    this.rangeEnd = rangeEnd;
    this.maxLineBytes = maxLineBytes;
    if (rangeStart > 0) {
      offset = rangeStart - 1;
      readLine();
    }
    lines = 0;
  }

  /** Reads the next line that starts in the range; false at the end of the range. */
  @Override
  public boolean next() throws IOException {
    if (offset >= rangeEnd || !readLine()) {
      return false;
    }
    lines++;
    if (to > from && buffer[to - 1] == '\r') {
      to--;
    }
    return true;
  }

  @Override
  public byte[] bytes() {
    return buffer;
  }

  /** After a byte order mark, if the line has one. */
  @Override
  public int from() {
    return isMarked(buffer, from, to) ? from + 3 : from;
  }

  /** Where the line starts, byte order mark and all. */
  public int start() {
    return from;
  }

  @Override
  public int to() {
    return to;
  }

  /** Whether the line was longer than the limit; its bytes are gone then. */
  @Override
  public boolean tooLong() {
    return tooLong;
  }

  /** One-based number of the line last read, counted from the first line of the range. */
  @Override
  public long lineNumber() {
    return lines;
  }

  /** Where a text starts: after a byte order mark, if it has one. */
  public static int afterBom(byte[] text, int from, int to) {
    return isMarked(text, from, to) ? from + 3 : from;
  }

  private static boolean isMarked(byte[] line, int from, int to) {
    return to - from >= 3
        && line[from] == (byte) 0xEF
        && line[from + 1] == (byte) 0xBB
        && line[from + 2] == (byte) 0xBF;
  }

  /** Whether the bytes are spaces and tabs only. */
  public static boolean isBlank(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      if (line[i] != ' ' && line[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private boolean readLine() throws IOException {
    tooLong = false;
    from = at;
    int searched = at;
    while (true) {
      int newline = newline(searched, end);
      if (newline >= 0) {
        to = newline;
        offset += newline + 1 - at;
        at = newline + 1;
        tooLong = to - from > maxLineBytes;
        return true;
      }
      if (end - from > maxLineBytes) {
        skipLine();
        return true;
      }
      searched = end;
      if (!readMore()) {
        to = end;
        boolean any = end > at;
        offset += end - at;
        at = end;
        return any;
      }
      searched -= moved;
    }
  }

  /** Reads on behind what is there; moves the line at hand to the front, or enlarges the buffer. */
  private boolean readMore() throws IOException {
    moved = 0;
    if (end == buffer.length) {
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, end - from);
        moved = from;
        at -= from;
        end -= from;
        from = 0;
      } else {
        buffer = Arrays.copyOf(buffer, buffer.length * 2);
      }
    }
    int count = in.read(buffer, end, buffer.length - end);
    if (count <= 0) {
      return false;
    }
    end += count;
    return true;
  }

  /** Passes over the rest of a line too long to be kept. */
  private void skipLine() throws IOException {
    tooLong = true;
    to = end;
    offset += end - at;
    while (true) {
      // The line's first bytes give way to its later ones: nobody reads a line too long.
      end = in.read(buffer, 0, buffer.length);
      from = 0;
      to = 0;
      at = 0;
      if (end <= 0) {
        end = 0;
        return;
      }
      int newline = newline(0, end);
      offset += newline < 0 ? end : newline + 1;
      if (newline >= 0) {
        at = newline + 1;
        return;
      }
    }
  }

  /** The next newline in {@code [begin, limit)}, or -1. */
  private int newline(int begin, int limit) {
    byte[] bytes = buffer;
    int i = begin;
    // Four words at a time as long as none of them has one.
    for (; i + 32 <= limit; i += 32) {
      if ((hit(bytes, i) | hit(bytes, i + 8) | hit(bytes, i + 16) | hit(bytes, i + 24)) != 0) {
        break;
      }
    }
    for (; i + 8 <= limit; i += 8) {
      long hit = hit(bytes, i);
      if (hit != 0) {
        return i + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    for (; i < limit; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The lowest bit set is that of the first newline among eight bytes; none is set without one. */
  private static long hit(byte[] bytes, int at) {
    long word = (long) LONGS.get(bytes, at) ^ NEWLINES;
    return (word - ONES) & ~word & HIGHS;
  }
}
