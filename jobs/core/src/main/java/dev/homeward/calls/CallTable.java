package dev.homeward.calls;

import dev.homeward.units.VisibleText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls in columns: numbers as longs, texts as codes into a dictionary per column. Ingest shuffles,
 * sorts and writes these tables; there is no object per call.
 *
 * <p>Absent numbers are {@link CallDraft#ABSENT}, absent texts have code -1.
 */
public final class CallTable {

  /** Number columns, in storage order. */
  @SuppressWarnings("JavaLangClash") // elsewhere it is CallTable.Number
  public enum Number {
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
    AUDIO_INPUT,
    AUDIO_OUTPUT,
    WEB_SEARCHES,
    SESSION,
    FLAGS,
    OPERATION,
    SERVICE_TIER,
    BILLING_MODE,
    STATUS,
    SOURCE_LINE,
    /** Which byte range of its file, and which call of the range: where the row comes from. */
    SOURCE_RANGE,
    SOURCE_ORDINAL
  }

  /** Text columns, in storage order. */
  public enum Text {
    WORKLOAD,
    HOSTED_MODEL,
    DATA_CLASS,
    OWNER,
    PROVIDER,
    REGION,
    SERVED_BY,
    REQUEST_MODEL,
    RESPONSE_MODEL,
    SOURCE_FILE,
    CALL_ID
  }

  private static final Number[] NUMBERS = Number.values();
  private static final Text[] TEXTS = Text.values();

  /** Code of an absent text. */
  static final int NO_TEXT = -1;

  /** A power of two. */
  private static final int RECENT = 32;

  private static final Number[] TOKEN_KINDS = {
    Number.INPUT, Number.CACHE_READ, Number.CACHE_WRITE_5M, Number.CACHE_WRITE_1H, Number.OUTPUT
  };

  private final LongColumn[] numbers = new LongColumn[NUMBERS.length];
  private final LongColumn[] codes = new LongColumn[TEXTS.length];
  private final List<List<String>> words = new ArrayList<>();
  private final List<Map<String, Integer>> codeOf = new ArrayList<>();

  /** Words of each column that came before, as objects, and their codes, by their hash. */
  private final String[] recent = new String[TEXTS.length * RECENT];

  private final int[] recentCodes = new int[TEXTS.length * RECENT];
  private int capacity;
  private int size;

  public CallTable(int capacity) {
    this.capacity = capacity;
    for (int c = 0; c < NUMBERS.length; c++) {
      numbers[c] = new LongColumn(capacity);
    }
    for (int c = 0; c < TEXTS.length; c++) {
      codes[c] = new LongColumn(capacity);
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
    return numbers[column.ordinal()].get(row);
  }

  /** The text, or null where absent. */
  public String text(Text column, int row) {
    int code = code(column, row);
    return code == NO_TEXT ? null : words.get(column.ordinal()).get(code);
  }

  public WorkloadKey key(int row) {
    return new WorkloadKey(
        text(Text.WORKLOAD, row), text(Text.HOSTED_MODEL, row), text(Text.DATA_CLASS, row));
  }

  /**
   * Adds a call as the adapter read it and as policy and catalog named it.
   *
   * @param range which byte range of the file
   * @param ordinal which call of the range: with file and range it names the row
   */
  public void add(
      CallDraft draft,
      WorkloadKey key,
      String owner,
      BillingMode billing,
      String sourceFile,
      int range,
      int ordinal) {
    int row = newRow();
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
    set(row, Number.AUDIO_INPUT, draft.audioInputTokens);
    set(row, Number.AUDIO_OUTPUT, draft.audioOutputTokens);
    set(row, Number.WEB_SEARCHES, draft.webSearches);
    set(row, Number.SESSION, draft.session);
    set(row, Number.FLAGS, draft.flags);
    set(row, Number.OPERATION, draft.operation.ordinal());
    set(row, Number.SERVICE_TIER, draft.serviceTier.ordinal());
    set(row, Number.BILLING_MODE, billing.ordinal());
    set(row, Number.STATUS, draft.status.ordinal());
    set(row, Number.SOURCE_LINE, draft.sourceLine);
    set(row, Number.SOURCE_RANGE, range);
    set(row, Number.SOURCE_ORDINAL, ordinal);
    set(row, Text.WORKLOAD, key.workload());
    set(row, Text.HOSTED_MODEL, key.hostedModel());
    set(row, Text.DATA_CLASS, key.dataClass());
    set(row, Text.OWNER, owner);
    setVisible(row, Text.PROVIDER, draft.provider);
    setVisible(row, Text.REGION, draft.region);
    setVisible(row, Text.SERVED_BY, draft.servedBy);
    setVisible(row, Text.REQUEST_MODEL, draft.requestModel);
    setVisible(row, Text.RESPONSE_MODEL, draft.responseModel);
    set(row, Text.SOURCE_FILE, sourceFile);
    setVisible(row, Text.CALL_ID, draft.id);
  }

  /**
   * Row numbers in the order of calls/: workload key, start, source file, place in it. Total,
   * because no two rows come from one place.
   */
  public int[] sortedRows() {
    return new RowsInOrder(this).sorted();
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
    for (LongColumn column : numbers) {
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
    int first = addEmptyRows(rows);
    for (int c = 0; c < TEXTS.length; c++) {
      decodeTexts(c, in, first, rows);
    }
    for (LongColumn column : numbers) {
      column.decode(in, first, first + rows);
    }
  }

  /**
   * Adds rows of another table.
   *
   * @param rows their numbers; the first {@code count} count
   */
  public void addRows(CallTable from, int[] rows, int count) {
    int first = addEmptyRows(count);
    for (int c = 0; c < numbers.length; c++) {
      LongColumn column = from.numbers[c];
      for (int i = 0; i < count; i++) {
        numbers[c].append(first + i, column.get(rows[i]));
      }
    }
    for (int c = 0; c < codes.length; c++) {
      int[] mine = new int[from.words.get(c).size()];
      Arrays.fill(mine, NO_TEXT);
      for (int i = 0; i < count; i++) {
        int code = (int) from.codes[c].get(rows[i]);
        if (code != NO_TEXT && mine[code] == NO_TEXT) {
          mine[code] = code(c, from.words.get(c).get(code));
        }
        codes[c].append(first + i, code == NO_TEXT ? NO_TEXT : mine[code]);
      }
    }
  }

  private void encodeTexts(int column, BlockBytes out) {
    // The words that the rows have, numbered anew.
    int[] local = new int[words.get(column).size()];
    Arrays.fill(local, NO_TEXT);
    List<String> used = new ArrayList<>();
    int different = codes[column].isOne() ? Math.min(size, 1) : size;
    long[] coded = new long[different];
    for (int row = 0; row < different; row++) {
      int code = (int) codes[column].get(row);
      if (code != NO_TEXT && local[code] == NO_TEXT) {
        local[code] = used.size();
        used.add(words.get(column).get(code));
      }
      coded[row] = code == NO_TEXT ? NO_TEXT : local[code];
    }
    out.write(used.size());
    used.forEach(out::write);
    out.writeColumn(coded, different);
  }

  private void decodeTexts(int column, BlockBytes in, int first, int rows) {
    int[] mine = new int[(int) in.read()];
    for (int i = 0; i < mine.length; i++) {
      mine[i] = code(column, in.readText());
    }
    if (in.readsOne()) {
      int code = (int) in.read();
      codes[column].append(first, first + rows, mine.length == 0 ? NO_TEXT : mine[code]);
      return;
    }
    long[] coded = codes[column].array(first);
    in.readColumn(coded, first, first + rows);
    for (int row = first; row < first + rows; row++) {
      coded[row] = coded[row] == NO_TEXT ? NO_TEXT : mine[(int) coded[row]];
    }
  }

  private int newRow() {
    ensure(size + 1);
    return size++;
  }

  private void ensure(int needed) {
    if (needed <= capacity) {
      return;
    }
    capacity = Math.max(needed, Math.max(16, capacity * 2));
    for (LongColumn column : numbers) {
      column.grow(capacity);
    }
    for (LongColumn column : codes) {
      column.grow(capacity);
    }
  }

  /** Sets a number of the last row. */
  void set(int row, Number column, long value) {
    numbers[column.ordinal()].append(row, value);
  }

  /** Sets a text of the last row. */
  void set(int row, Text column, String value) {
    int c = column.ordinal();
    codes[c].append(row, value == null ? NO_TEXT : code(c, value));
  }

  /** Sets a text that comes from the log as it stands there. */
  @SuppressWarnings("ReferenceEquality") // Adapters give the same object for the same word.
  private void setVisible(int row, Text column, String logged) {
    int c = column.ordinal();
    if (logged == null) {
      codes[c].append(row, NO_TEXT);
      return;
    }
    int slot = recentSlot(c, logged);
    if (logged != recent[slot]) {
      Integer known = codeOf.get(c).get(logged);
      recentCodes[slot] = known != null ? known : newOrKnownCode(c, VisibleText.of(logged));
      recent[slot] = logged;
    }
    codes[c].append(row, recentCodes[slot]);
  }

  /** Adds rows whose content is undefined until written, and gives the first of them. */
  int addEmptyRows(int count) {
    ensure(Math.addExact(size, count));
    int first = size;
    size += count;
    return first;
  }

  /** The numbers of a column. */
  LongColumn column(Number column) {
    return numbers[column.ordinal()];
  }

  /** The codes of a column's texts. */
  LongColumn column(Text column) {
    return codes[column.ordinal()];
  }

  /** Words of a text column's dictionary. */
  public int wordCount(Text column) {
    return words.get(column.ordinal()).size();
  }

  /** A word of a text column's dictionary. */
  public String word(Text column, int code) {
    return words.get(column.ordinal()).get(code);
  }

  int code(Text column, String word) {
    return code(column.ordinal(), word);
  }

  /** The place of a row's text in the column's dictionary; -1 where absent. */
  public int code(Text column, int row) {
    return (int) codes[column.ordinal()].get(row);
  }

  /** Makes lines that were counted from the start of a range count from the start of the file. */
  public void moveLines(Map<String, long[]> linesBefore) {
    long[][] moves = new long[wordCount(Text.SOURCE_FILE)][];
    boolean any = false;
    for (int file = 0; file < moves.length; file++) {
      moves[file] = linesBefore.get(word(Text.SOURCE_FILE, file));
      any |= moves[file] != null;
    }
    if (!any) {
      return;
    }
    long[] lines = column(Number.SOURCE_LINE).array(size);
    LongColumn ranges = column(Number.SOURCE_RANGE);
    for (int row = 0; row < size; row++) {
      long[] before = moves[code(Text.SOURCE_FILE, row)];
      lines[row] += before == null ? 0 : before[(int) ranges.get(row)];
    }
  }

  /** For each row whether it stands where one of the ids does. */
  public boolean[] find(CallIds ids) {
    boolean[] found = new boolean[size];
    if (ids.size() == 0) {
      return found;
    }
    LongIndex[] places = places(ids);
    LongColumn ranges = column(Number.SOURCE_RANGE);
    LongColumn ordinals = column(Number.SOURCE_ORDINAL);
    for (int row = 0; row < size; row++) {
      LongIndex of = places[code(Text.SOURCE_FILE, row)];
      found[row] = of != null && of.find(place(ranges.get(row), ordinals.get(row))) >= 0;
    }
    return found;
  }

  // By file, because nearly all files of a log have no copies.
  private LongIndex[] places(CallIds ids) {
    LongIndex[] places = new LongIndex[wordCount(Text.SOURCE_FILE)];
    for (int i = 0; i < ids.size(); i++) {
      Integer file = codeOf.get(Text.SOURCE_FILE.ordinal()).get(ids.file(i));
      if (file != null) {
        places[file] = places[file] == null ? new LongIndex() : places[file];
        places[file].place(place(ids.range(i), ids.ordinal(i)));
      }
    }
    return places;
  }

  private static long place(long range, long ordinal) {
    return range << 32 | ordinal;
  }

  /** Whether two rows have the same workload key. */
  public boolean sameKey(int a, int b) {
    return code(Text.WORKLOAD, a) == code(Text.WORKLOAD, b)
        && code(Text.HOSTED_MODEL, a) == code(Text.HOSTED_MODEL, b)
        && code(Text.DATA_CLASS, a) == code(Text.DATA_CLASS, b);
  }

  // Calls in a row often have the same names, as the same objects.
  @SuppressWarnings("ReferenceEquality")
  private int code(int column, String word) {
    int slot = recentSlot(column, word);
    if (word != recent[slot]) {
      recentCodes[slot] = newOrKnownCode(column, word);
      recent[slot] = word;
    }
    return recentCodes[slot];
  }

  private static int recentSlot(int column, String word) {
    int hash = word.hashCode();
    return column * RECENT + ((hash ^ hash >>> 5) & RECENT - 1);
  }

  private int newOrKnownCode(int column, String word) {
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
