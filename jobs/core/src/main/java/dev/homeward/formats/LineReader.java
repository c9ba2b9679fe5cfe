package dev.homeward.formats;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of a byte range: the lines that start inside it, whole, wherever they end. Splitting a file
 * at any offsets gives each line to exactly one range. LF and CRLF end a line; the last line needs
 * no end. A line longer than the limit is read past, not kept.
 */
final class LineReader implements JsonRecords {
  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] chunk = new byte[CHUNK];
  private int chunkAt;
  private int chunkEnd;

  /** Offset in the file of the next unread byte. */
  private long offset;

  private final long rangeEnd;
  private byte[] line = new byte[4096];
  private int length;
  private boolean tooLong;
  private long lines;

  /**
   * @param in the file from byte {@code rangeStart == 0 ? 0 : rangeStart - 1} on; the byte before
   *     the range tells whether a line starts at its first byte
   * @param rangeEnd end of the range, exclusive; Long.MAX_VALUE for all
   */
  LineReader(InputStream in, long rangeStart, long rangeEnd, int maxLineBytes) throws IOException {
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
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return true;
  }

  @Override
  public byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  /** After a byte order mark, if the line has one. */
  @Override
  public int from() {
    return afterBom(line, length);
  }

  @Override
  public int to() {
    return length;
  }

  /** Whether the line was longer than the limit; its bytes are then only the first ones. */
  @Override
  public boolean tooLong() {
    return tooLong;
  }

  /** One-based number of the line last read, counted from the first line of the range. */
  @Override
  public long lineNumber() {
    return lines;
  }

  /** Where the text of a line starts: after a byte order mark, if it has one. */
  static int afterBom(byte[] line, int length) {
    boolean mark =
        length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    return mark ? 3 : 0;
  }

  /** Whether the bytes are spaces and tabs only. */
  static boolean isBlank(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      if (line[i] != ' ' && line[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private boolean readLine() throws IOException {
    length = 0;
    tooLong = false;
    boolean any = false;
    while (true) {
      if (chunkAt == chunkEnd) {
        chunkEnd = in.read(chunk);
        chunkAt = 0;
        if (chunkEnd <= 0) {
          chunkEnd = 0;
          return any;
        }
      }
      any = true;
      int end = chunkAt;
      while (end < chunkEnd && chunk[end] != '\n') {
        end++;
      }
      keep(chunkAt, end);
      offset += end - chunkAt;
      chunkAt = end;
      if (end < chunkEnd) {
        chunkAt++;
        offset++;
        return true;
      }
    }
  }

  private void keep(int from, int to) {
    int count = to - from;
    if (tooLong || length + count > maxLineBytes) {
      tooLong = true;
      return;
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
    }
    System.arraycopy(chunk, from, line, length, count);
    length += count;
  }
}
