package dev.homeward.calls;

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

  /** Code of an absent text. */
  static final int NO_TEXT = -1;

  private static final Number[] TOKEN_KINDS = {
    Number.INPUT, Number.CACHE_READ, Number.CACHE_WRITE_5M, Number.CACHE_WRITE_1H, Number.OUTPUT
  };

  private final long[][] numbers = new long[NUMBERS.length][];
  private final int[][] codes = new int[TEXTS.length][];
  private final List<List<String>> words = new ArrayList<>();
  private final List<Map<String, Integer>> codeOf = new ArrayList<>();
  private int size;
  private CallTable copiedFrom;
  private int[][] codeHere;

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

  /** Adds a copy of a row of another table, which must not lose words between two copies. */
  public void addFrom(CallTable other, int otherRow) {
    int row = newRow();
    for (int c = 0; c < NUMBERS.length; c++) {
      numbers[c][row] = other.numbers[c][otherRow];
    }
    if (other != copiedFrom) {
      copiedFrom = other;
      codeHere = new int[TEXTS.length][0];
    }
    for (int c = 0; c < TEXTS.length; c++) {
      int code = other.codes[c][otherRow];
      codes[c][row] = code == NO_TEXT ? NO_TEXT : codeHere(c, code);
    }
  }

  /** The code here of a word of the table last copied from; looked up once a word. */
  private int codeHere(int column, int code) {
    int known = codeHere[column].length;
    if (code >= known) {
      codeHere[column] =
          Arrays.copyOf(codeHere[column], Math.max(code + 1, copiedFrom.words.get(column).size()));
      Arrays.fill(codeHere[column], known, codeHere[column].length, NO_TEXT);
    }
    if (codeHere[column][code] == NO_TEXT) {
      codeHere[column][code] = code(column, copiedFrom.words.get(column).get(code));
    }
    return codeHere[column][code];
  }

  /**
   * Row numbers in the order of calls/: workload key, start, source file, source line. Total,
   * because a file has one record a line.
   */
  public int[] sortedRows() {
    int[][] ranks = new int[TEXTS.length][];
    for (Text column :
        List.of(Text.WORKLOAD, Text.HOSTED_MODEL, Text.DATA_CLASS, Text.SOURCE_FILE)) {
      ranks[column.ordinal()] = ranks(words.get(column.ordinal()));
    }
    return IndexSort.sort(
        size,
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
  }

  /** Uncached, cached, cache-write input and output tokens; 0 where the record said nothing. */
  public long totalTokens(int row) {
    long sum = 0;
    for (Number kind : TOKEN_KINDS) {
      long tokens = number(kind, row);
      sum = Math.addExact(sum, tokens == CallDraft.ABSENT ? 0 : tokens);
    }
    return sum;
  }

  /** The rows as bytes; {@link #decode} reads them back. */
  public byte[] encode() {
    BlockBytes out = new BlockBytes(new byte[64 + size * 48]);
    out.write(size);
    for (int c = 0; c < TEXTS.length; c++) {
      encodeTexts(c, out);
    }
    for (long[] column : numbers) {
      for (int row = 0; row < size; row++) {
        out.write(column[row]);
      }
    }
    return out.written();
  }

  /** Adds the rows of an encoded table. */
  public void decode(byte[] block) {
    BlockBytes in = new BlockBytes(block);
    int rows = (int) in.read();
    int first = addEmptyRows(rows);
    for (int c = 0; c < TEXTS.length; c++) {
      decodeTexts(c, in, first, rows);
    }
    for (long[] column : numbers) {
      for (int row = 0; row < rows; row++) {
        column[first + row] = in.read();
      }
    }
  }

  private void encodeTexts(int column, BlockBytes out) {
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
    out.write(used.size());
    used.forEach(out::write);
    for (int row = 0; row < size; row++) {
      int code = codes[column][row];
      out.write(code == NO_TEXT ? NO_TEXT : local[code]);
    }
  }

  private void decodeTexts(int column, BlockBytes in, int first, int rows) {
    int[] mine = new int[(int) in.read()];
    for (int i = 0; i < mine.length; i++) {
      mine[i] = code(column, in.readText());
    }
    for (int row = 0; row < rows; row++) {
      int code = (int) in.read();
      codes[column][first + row] = code == NO_TEXT ? NO_TEXT : mine[code];
    }
  }

  private int compareText(int[][] ranks, Text column, int a, int b) {
    int c = column.ordinal();
    return Integer.compare(ranks[c][codes[c][a]], ranks[c][codes[c][b]]);
  }

  private static int[] ranks(List<String> words) {
    int[] order = IndexSort.sort(words.size(), (a, b) -> words.get(a).compareTo(words.get(b)));
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

  /** Adds rows whose content is undefined until written, and gives the first of them. */
  int addEmptyRows(int count) {
    ensure(Math.addExact(size, count));
    int first = size;
    size += count;
    return first;
  }

  /** The values of a column by row; valid until rows are added. */
  long[] column(Number column) {
    return numbers[column.ordinal()];
  }

  /** The codes of a column by row; valid until rows are added. */
  int[] column(Text column) {
    return codes[column.ordinal()];
  }

  int wordCount(Text column) {
    return words.get(column.ordinal()).size();
  }

  String word(Text column, int code) {
    return words.get(column.ordinal()).get(code);
  }

  int code(Text column, String word) {
    return code(column.ordinal(), word);
  }

  /** Whether two rows have the same workload key. */
  public boolean sameKey(int a, int b) {
    return codes[Text.WORKLOAD.ordinal()][a] == codes[Text.WORKLOAD.ordinal()][b]
        && codes[Text.HOSTED_MODEL.ordinal()][a] == codes[Text.HOSTED_MODEL.ordinal()][b]
        && codes[Text.DATA_CLASS.ordinal()][a] == codes[Text.DATA_CLASS.ordinal()][b];
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
