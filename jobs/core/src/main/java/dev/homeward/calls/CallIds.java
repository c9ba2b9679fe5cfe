package dev.homeward.calls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ids of calls in columns, kept apart from the calls: to find copies, ingest brings the ids of
 * a log together without moving its calls. Where a call stands is its file, byte range and ordinal
 * in the range.
 */
public final class CallIds {
  private static final int COLUMNS = IdColumn.values().length;

  /** Number columns, in storage order. */
  enum IdColumn {
    HIGH,
    LOW,
    SECOND,
    WEAK,
    TOKENS,
    LOGGED_NANO_USD,
    FILE,
    RANGE,
    ORDINAL,
    TARGET
  }

  private final LongColumn[] columns = new LongColumn[COLUMNS];
  private final List<String> files = new ArrayList<>();
  private final Map<String, Integer> fileCodes = new HashMap<>();
  private String lastFile;
  private int lastCode;
  private int capacity;
  private int size;

  public CallIds(int capacity) {
    this.capacity = capacity;
    for (int c = 0; c < COLUMNS; c++) {
      columns[c] = new LongColumn(capacity);
    }
  }

  public int size() {
    return size;
  }

  /** Forgets the ids and keeps the names of files. */
  public void clearRows() {
    size = 0;
  }

  /**
   * Adds a call that has an id.
   *
   * @param tokens all its tokens
   * @param range which byte range of the file
   * @param ordinal which call of the range
   * @param target where the call itself went
   */
  public void add(CallDraft draft, long tokens, String file, int range, int ordinal, int target) {
    int row = newRow();
    set(IdColumn.HIGH, row, draft.idHigh);
    set(IdColumn.LOW, row, draft.idLow);
    set(IdColumn.SECOND, row, draft.idSecond);
    set(IdColumn.WEAK, row, draft.weakCopy ? 1 : 0);
    set(IdColumn.TOKENS, row, tokens);
    set(IdColumn.LOGGED_NANO_USD, row, draft.loggedNanoUsd);
    set(IdColumn.FILE, row, code(file));
    set(IdColumn.RANGE, row, range);
    set(IdColumn.ORDINAL, row, ordinal);
    set(IdColumn.TARGET, row, target);
  }

  /**
   * Adds a call by its size and start instead of its id, for {@link Overlaps}.
   *
   * @param source number of the source that logged it
   */
  public void addPrint(
      CallDraft draft, long print, int source, String file, int range, int ordinal, int target) {
    int row = newRow();
    set(IdColumn.HIGH, row, draft.trace);
    set(IdColumn.LOW, row, print);
    set(IdColumn.SECOND, row, draft.startedAtMicros);
    set(IdColumn.WEAK, row, source);
    set(IdColumn.TOKENS, row, 0);
    set(IdColumn.LOGGED_NANO_USD, row, 0);
    set(IdColumn.FILE, row, code(file));
    set(IdColumn.RANGE, row, range);
    set(IdColumn.ORDINAL, row, ordinal);
    set(IdColumn.TARGET, row, target);
  }

  /**
   * Adds a span by its place in its trace, for {@link Nested}.
   *
   * @param kind {@link Nested#NO_CALL}, or the kind of the call
   * @param tokens all tokens of the call
   * @param ordinal which call of the range; of no meaning where it is no call
   * @param target where the call itself went
   */
  public void addSpan(
      CallDraft span, int kind, long tokens, String file, int range, int ordinal, int target) {
    int row = newRow();
    set(IdColumn.HIGH, row, span.trace);
    set(IdColumn.LOW, row, span.span);
    set(IdColumn.SECOND, row, span.parentSpan);
    set(IdColumn.WEAK, row, kind);
    set(IdColumn.TOKENS, row, tokens);
    set(IdColumn.LOGGED_NANO_USD, row, 0);
    set(IdColumn.FILE, row, code(file));
    set(IdColumn.RANGE, row, range);
    set(IdColumn.ORDINAL, row, ordinal);
    set(IdColumn.TARGET, row, target);
  }

  /** The rows that {@link #addSpan} made, as spans. */
  public Nested.Spans spans() {
    return new Nested.Spans() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public long trace(int row) {
        return get(IdColumn.HIGH, row);
      }

      @Override
      public long span(int row) {
        return get(IdColumn.LOW, row);
      }

      @Override
      public long parent(int row) {
        return get(IdColumn.SECOND, row);
      }

      @Override
      public int kind(int row) {
        return (int) get(IdColumn.WEAK, row);
      }

      @Override
      public long tokens(int row) {
        return get(IdColumn.TOKENS, row);
      }
    };
  }

  /** Number of the source of a row that {@link #addPrint} made. */
  public int source(int row) {
    return (int) get(IdColumn.WEAK, row);
  }

  /** Adds a row of another table. */
  public void addFrom(CallIds other, int otherRow) {
    int row = newRow();
    for (int c = 0; c < COLUMNS; c++) {
      boolean file = c == IdColumn.FILE.ordinal();
      columns[c].append(row, file ? code(other.file(otherRow)) : other.columns[c].get(otherRow));
    }
  }

  long get(IdColumn column, int row) {
    return columns[column.ordinal()].get(row);
  }

  public String file(int row) {
    return files.get((int) get(IdColumn.FILE, row));
  }

  public int range(int row) {
    return (int) get(IdColumn.RANGE, row);
  }

  public int ordinal(int row) {
    return (int) get(IdColumn.ORDINAL, row);
  }

  public int target(int row) {
    return (int) get(IdColumn.TARGET, row);
  }

  /** The rows as bytes; {@link #decode} reads them back. */
  public byte[] encode() {
    BlockBytes out = new BlockBytes(new byte[64 + size * 40]);
    out.write(size);
    out.write(files.size());
    files.forEach(out::write);
    for (LongColumn column : columns) {
      column.encode(size, out);
    }
    return out.written();
  }

  /** How many rows an encoded table has. */
  public static int rowsOf(byte[] block) {
    return (int) new BlockBytes(block).read();
  }

  /** Adds the rows of an encoded table. */
  public void decode(byte[] block) {
    BlockBytes in = new BlockBytes(block);
    int rows = (int) in.read();
    int[] codes = new int[(int) in.read()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = code(in.readText());
    }
    int first = size;
    ensure(Math.addExact(size, rows));
    size += rows;
    for (int c = 0; c < COLUMNS; c++) {
      if (c == IdColumn.FILE.ordinal()) {
        decodeFiles(in, codes, first);
      } else {
        columns[c].decode(in, first, size);
      }
    }
  }

  private void decodeFiles(BlockBytes in, int[] codes, int first) {
    LongColumn column = columns[IdColumn.FILE.ordinal()];
    LongColumn coded = new LongColumn(size - first);
    coded.decode(in, 0, size - first);
    if (coded.isOne() && first < size) {
      column.append(first, size, codes[(int) coded.get(0)]);
      return;
    }
    for (int row = first; row < size; row++) {
      column.append(row, codes[(int) coded.get(row - first)]);
    }
  }

  private int code(String file) {
    if (file.equals(lastFile)) {
      return lastCode;
    }
    lastFile = file;
    lastCode = newOrKnownCode(file);
    return lastCode;
  }

  private int newOrKnownCode(String file) {
    Integer known = fileCodes.get(file);
    if (known != null) {
      return known;
    }
    fileCodes.put(file, files.size());
    files.add(file);
    return files.size() - 1;
  }

  private int newRow() {
    ensure(size + 1);
    return size++;
  }

  private void set(IdColumn column, int row, long value) {
    columns[column.ordinal()].append(row, value);
  }

  private void ensure(int needed) {
    if (needed > capacity) {
      capacity = Math.max(needed, capacity * 2);
      for (LongColumn column : columns) {
        column.grow(capacity);
      }
    }
  }
}
