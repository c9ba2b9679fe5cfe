package dev.homeward.calls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls in columns: numbers as longs, texts as codes into a dictionary a column. What ingest
 * shuffles, sorts and writes; no object a call.
 *
 * <p>Absent numbers are {@link CallDraft#ABSENT}, absent texts have code -1.
 */
public final class CallTable {

  /** Number columns, in storage order. */
  public enum Number {
    ID_HIGH,
    ID_LOW,
    ID_SECOND,
    /** Bit 0: has an id; bit 1: weak copy. */
    IDENTITY,
    STARTED_AT,
    DURATION,
    TTFT,
    INPUT,
    CACHE_READ,
    CACHE_WRITE_5M,
    CACHE_WRITE_1H,
    OUTPUT,
    REASONING,
    OTHER_UNITS,
    LOGGED_NANO_USD,
    SESSION,
    FLAGS,
    OPERATION,
    SERVICE_TIER,
    BILLING_MODE,
    STATUS,
    SOURCE_LINE
  }

  /** Text columns, in storage order. */
  public enum Text {
    WORKLOAD,
    HOSTED_MODEL,
    DATA_CLASS,
    OWNER,
    PROVIDER,
    REGION,
    REQUEST_MODEL,
    RESPONSE_MODEL,
    SOURCE_FILE,
    CALL_ID
  }

  private static final Number[] NUMBERS = Number.values();
  private static final Text[] TEXTS = Text.values();
  private static final int NO_TEXT = -1;

  private final long[][] numbers = new long[NUMBERS.length][];
  private final int[][] codes = new int[TEXTS.length][];
  private final List<List<String>> words = new ArrayList<>();
  private final List<Map<String, Integer>> codeOf = new ArrayList<>();
  private int size;

  public CallTable(int capacity) {
    for (int c = 0; c < NUMBERS.length; c++) {
      numbers[c] = new long[capacity];
    }
    for (int c = 0; c < TEXTS.length; c++) {
      codes[c] = new int[capacity];
      words.add(new ArrayList<>());
      codeOf.add(new HashMap<>());
    }
  }

  public int size() {
    return size;
  }

  /** Forgets the rows and keeps the dictionaries. */
  public void clearRows() {
    size = 0;
  }

  public long number(Number column, int row) {
    return numbers[column.ordinal()][row];
  }

  /** The text, or null where absent. */
  public String text(Text column, int row) {
    int code = codes[column.ordinal()][row];
    return code == NO_TEXT ? null : words.get(column.ordinal()).get(code);
  }

  public WorkloadKey key(int row) {
    return new WorkloadKey(
        text(Text.WORKLOAD, row), text(Text.HOSTED_MODEL, row), text(Text.DATA_CLASS, row));
  }

  /** Adds a call as the adapter read it and as policy and catalog named it. */
  public void add(
      CallDraft draft, WorkloadKey key, String owner, BillingMode billing, String sourceFile) {
    int row = newRow();
    set(row, Number.ID_HIGH, draft.idHigh);
    set(row, Number.ID_LOW, draft.idLow);
    set(row, Number.ID_SECOND, draft.idSecond);
    set(row, Number.IDENTITY, (draft.hasId ? 1 : 0) | (draft.weakCopy ? 2 : 0));
    set(row, Number.STARTED_AT, draft.startedAtMicros);
    set(row, Number.DURATION, draft.durationMicros);
    set(row, Number.TTFT, draft.ttftMicros);
    set(row, Number.INPUT, draft.inputTokens);
    set(row, Number.CACHE_READ, draft.cacheReadTokens);
    set(row, Number.CACHE_WRITE_5M, draft.cacheWrite5mTokens);
    set(row, Number.CACHE_WRITE_1H, draft.cacheWrite1hTokens);
    set(row, Number.OUTPUT, draft.outputTokens);
    set(row, Number.REASONING, draft.reasoningTokens);
    set(row, Number.OTHER_UNITS, draft.otherUnits);
    set(row, Number.LOGGED_NANO_USD, draft.loggedNanoUsd);
    set(row, Number.SESSION, draft.session);
    set(row, Number.FLAGS, draft.flags);
    set(row, Number.OPERATION, draft.operation.ordinal());
    set(row, Number.SERVICE_TIER, draft.serviceTier.ordinal());
    set(row, Number.BILLING_MODE, billing.ordinal());
    set(row, Number.STATUS, draft.status.ordinal());
    set(row, Number.SOURCE_LINE, draft.sourceLine);
    set(row, Text.WORKLOAD, key.workload());
    set(row, Text.HOSTED_MODEL, key.hostedModel());
    set(row, Text.DATA_CLASS, key.dataClass());
    set(row, Text.OWNER, owner);
    set(row, Text.PROVIDER, draft.provider);
    set(row, Text.REGION, draft.region);
    set(row, Text.REQUEST_MODEL, draft.requestModel);
    set(row, Text.RESPONSE_MODEL, draft.responseModel);
    set(row, Text.SOURCE_FILE, sourceFile);
    set(row, Text.CALL_ID, draft.id);
  }

  /** Adds a copy of a row of another table. */
  public void addFrom(CallTable other, int otherRow) {
    int row = newRow();
    for (int c = 0; c < NUMBERS.length; c++) {
      numbers[c][row] = other.numbers[c][otherRow];
    }
    for (Text column : TEXTS) {
      set(row, column, other.text(column, otherRow));
    }
  }

  /**
   * Row numbers in the order of calls/: workload key, start, source file, source line. Total,
   * because a file has one record a line.
   */
  public Integer[] sortedRows() {
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    int[][] ranks = new int[TEXTS.length][];
    for (Text column :
        List.of(Text.WORKLOAD, Text.HOSTED_MODEL, Text.DATA_CLASS, Text.SOURCE_FILE)) {
      ranks[column.ordinal()] = ranks(words.get(column.ordinal()));
    }
    Arrays.sort(
        order,
        (a, b) -> {
          int c = compareText(ranks, Text.WORKLOAD, a, b);
          c = c != 0 ? c : compareText(ranks, Text.HOSTED_MODEL, a, b);
          c = c != 0 ? c : compareText(ranks, Text.DATA_CLASS, a, b);
          c = c != 0 ? c : Long.compare(number(Number.STARTED_AT, a), number(Number.STARTED_AT, b));
          c = c != 0 ? c : compareText(ranks, Text.SOURCE_FILE, a, b);
          return c != 0
              ? c
              : Long.compare(number(Number.SOURCE_LINE, a), number(Number.SOURCE_LINE, b));
        });
    return order;
  }

  /** Uncached, cached, cache-write input and output tokens; 0 where the record said nothing. */
  public long totalTokens(int row) {
    long sum = 0;
    for (Number kind :
        List.of(
            Number.INPUT,
            Number.CACHE_READ,
            Number.CACHE_WRITE_5M,
            Number.CACHE_WRITE_1H,
            Number.OUTPUT)) {
      long tokens = number(kind, row);
      sum = Math.addExact(sum, tokens == CallDraft.ABSENT ? 0 : tokens);
    }
    return sum;
  }

  /** The rows as bytes; {@link #decode} reads them back. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + size * 64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(size);
      for (int c = 0; c < TEXTS.length; c++) {
        writeTexts(out, c);
      }
      for (long[] column : numbers) {
        for (int row = 0; row < size; row++) {
          writeVarLong(out, column[row]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Adds the rows of an encoded table. */
  public void decode(byte[] block) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(block))) {
      int rows = in.readInt();
      ensure(Math.addExact(size, rows));
      for (int c = 0; c < TEXTS.length; c++) {
        readTexts(in, c, rows);
      }
      for (long[] column : numbers) {
        for (int row = 0; row < rows; row++) {
          column[size + row] = readVarLong(in);
        }
      }
      size += rows;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot decode a block of calls: it is damaged", e);
    }
  }

  private void writeTexts(DataOutputStream out, int column) throws IOException {
    int[] local = new int[words.get(column).size()];
    Arrays.fill(local, NO_TEXT);
    List<String> used = new ArrayList<>();
    for (int row = 0; row < size; row++) {
      int code = codes[column][row];
      if (code != NO_TEXT && local[code] == NO_TEXT) {
        local[code] = used.size();
        used.add(words.get(column).get(code));
      }
    }
    out.writeInt(used.size());
    for (String word : used) {
      byte[] utf8 = word.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      out.writeInt(utf8.length);
      out.write(utf8);
    }
    for (int row = 0; row < size; row++) {
      int code = codes[column][row];
      writeVarLong(out, code == NO_TEXT ? NO_TEXT : local[code]);
    }
  }

  private void readTexts(DataInputStream in, int column, int rows) throws IOException {
    int count = in.readInt();
    int[] mine = new int[count];
    for (int i = 0; i < count; i++) {
      byte[] utf8 = in.readNBytes(in.readInt());
      mine[i] = code(column, new String(utf8, java.nio.charset.StandardCharsets.UTF_8));
    }
    for (int row = 0; row < rows; row++) {
      int code = (int) readVarLong(in);
      codes[column][size + row] = code == NO_TEXT ? NO_TEXT : mine[code];
    }
  }

  // Zigzag varint; ABSENT (Long.MIN_VALUE) is frequent and gets the one-byte code 0 of its own:
  // all other values are shifted by one.
  private static void writeVarLong(DataOutputStream out, long value) throws IOException {
    if (value == CallDraft.ABSENT) {
      out.writeByte(0);
      return;
    }
    long zigzag = (value << 1) ^ (value >> 63);
    out.writeByte(1 + (int) (zigzag & 0x3f) + ((zigzag & ~0x3fL) != 0 ? 0x40 : 0));
    zigzag >>>= 6;
    while (zigzag != 0) {
      out.writeByte((int) (zigzag & 0x7f) | ((zigzag & ~0x7fL) != 0 ? 0x80 : 0));
      zigzag >>>= 7;
    }
  }

  private static long readVarLong(DataInputStream in) throws IOException {
    int first = in.readUnsignedByte();
    if (first == 0) {
      return CallDraft.ABSENT;
    }
    first -= 1;
    long zigzag = first & 0x3f;
    boolean more = (first & 0x40) != 0;
    int shift = 6;
    while (more) {
      int next = in.readUnsignedByte();
      zigzag |= (long) (next & 0x7f) << shift;
      more = (next & 0x80) != 0;
      shift += 7;
    }
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  private int compareText(int[][] ranks, Text column, int a, int b) {
    int c = column.ordinal();
    return Integer.compare(ranks[c][codes[c][a]], ranks[c][codes[c][b]]);
  }

  private static int[] ranks(List<String> words) {
    Integer[] order = new Integer[words.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> words.get(a).compareTo(words.get(b)));
    int[] ranks = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ranks[order[i]] = i;
    }
    return ranks;
  }

  private int newRow() {
    ensure(size + 1);
    return size++;
  }

  private void ensure(int capacity) {
    if (capacity <= numbers[0].length) {
      return;
    }
    int grown = Math.max(capacity, Math.max(16, numbers[0].length + (numbers[0].length >> 1)));
    for (int c = 0; c < numbers.length; c++) {
      numbers[c] = Arrays.copyOf(numbers[c], grown);
    }
    for (int c = 0; c < codes.length; c++) {
      codes[c] = Arrays.copyOf(codes[c], grown);
    }
  }

  void set(int row, Number column, long value) {
    numbers[column.ordinal()][row] = value;
  }

  void set(int row, Text column, String value) {
    codes[column.ordinal()][row] = value == null ? NO_TEXT : code(column.ordinal(), value);
  }

  int addEmptyRow() {
    return newRow();
  }

  private int code(int column, String word) {
    Integer known = codeOf.get(column).get(word);
    if (known != null) {
      return known;
    }
    int code = words.get(column).size();
    words.get(column).add(word);
    codeOf.get(column).put(word, code);
    return code;
  }
}
