package dev.homeward.calls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * Exact quantiles of many numbers in few bytes: sorted runs of differences and counts, a byte or
 * two for each different number. What it says does not depend on the order in which numbers came.
 */
final class Quantiles {
  /** Numbers that are held as they came. */
  private static final int MOST_HELD = 1 << 16;

  /** Runs that are merged into one when there are more. */
  private static final int MOST_RUNS = 64;

  private long[] held = new long[16];
  private int heldSize;
  private final List<byte[]> runs = new ArrayList<>();
  private long size;

  void add(long value) {
    if (heldSize == held.length) {
      if (heldSize == MOST_HELD) {
        pack();
      } else {
        held = Arrays.copyOf(held, heldSize * 2);
      }
    }
    held[heldSize++] = value;
    size++;
  }

  /** The smallest number with at least this share at or below it; empty if there is none. */
  OptionalLong quantile(double share) {
    if (size == 0) {
      return OptionalLong.empty();
    }
    pack();
    long rank = Math.max(1, (long) Math.ceil(share * size));
    Merge merge = new Merge(runs);
    while (rank > 0) {
      merge.next();
      rank -= merge.count;
    }
    return OptionalLong.of(merge.value);
  }

  void encode(BlockBytes out) {
    pack();
    byte[] one = size == 0 ? new byte[0] : merged(runs);
    out.write(size);
    out.write(one);
  }

  /** Adds the numbers of another one that was encoded. */
  void decode(BlockBytes in) {
    long more = in.read();
    byte[] run = in.readBytes();
    if (more > 0) {
      addRun(run);
      size = Math.addExact(size, more);
    }
  }

  private void pack() {
    if (heldSize == 0) {
      return;
    }
    Arrays.sort(held, 0, heldSize);
    RunWriter run = new RunWriter();
    for (int i = 0; i < heldSize; i++) {
      run.add(held[i], 1);
    }
    heldSize = 0;
    addRun(run.bytes());
  }

  private void addRun(byte[] run) {
    runs.add(run);
    if (runs.size() > MOST_RUNS) {
      byte[] one = merged(runs);
      runs.clear();
      runs.add(one);
    }
  }

  private static byte[] merged(List<byte[]> runs) {
    if (runs.size() == 1) {
      return runs.get(0);
    }
    RunWriter one = new RunWriter();
    Merge merge = new Merge(runs);
    while (merge.next()) {
      one.add(merge.value, merge.count);
    }
    return one.bytes();
  }

  /** Writes numbers that come sorted: each as its distance from the one before, and how often. */
  private static final class RunWriter {
    private final BlockBytes out = new BlockBytes(new byte[64]);
    private long written;
    private long value;
    private long count;

    void add(long next, long times) {
      if (count > 0 && next != value) {
        flush();
      }
      value = next;
      count += times;
    }

    private void flush() {
      out.write(value - written);
      out.write(count);
      written = value;
      count = 0;
    }

    byte[] bytes() {
      if (count > 0) {
        flush();
      }
      return out.written();
    }
  }

  /** Reads a run from front to back. */
  private static final class RunReader {
    private final BlockBytes in;
    private final int length;
    private long value;
    private long count;

    RunReader(byte[] run) {
      in = new BlockBytes(run);
      length = run.length;
    }

    boolean next() {
      if (in.at() == length) {
        return false;
      }
      value += in.read();
      count = in.read();
      return true;
    }
  }

  /** The numbers of several runs in order; the same number may come several times. */
  private static final class Merge {
    private final PriorityQueue<RunReader> readers =
        new PriorityQueue<>((a, b) -> Long.compare(a.value, b.value));
    private long value;
    private long count;

    Merge(List<byte[]> runs) {
      for (byte[] run : runs) {
        RunReader reader = new RunReader(run);
        if (reader.next()) {
          readers.add(reader);
        }
      }
    }

    boolean next() {
      RunReader least = readers.poll();
      if (least == null) {
        return false;
      }
      value = least.value;
      count = least.count;
      if (least.next()) {
        readers.add(least);
      }
      return true;
    }
  }
}
