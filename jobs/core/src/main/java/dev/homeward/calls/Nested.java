package dev.homeward.calls;

/**
 * Finds calls that repeat what the calls below them in their trace have used: a wrapper and the
 * call it wraps, an agent's sum and its steps. Only the lowest calls with usage count. The result
 * depends on the set of spans only, not on their order or on how they were partitioned, as long as
 * the spans of a trace are together; spans that are no calls must be among them, because they stand
 * between calls.
 *
 * <p>A call repeats only calls of its own operation: a chat above an embedding has a usage of its
 * own. Copies of a span count once, as the one with the most tokens. Spans that stand in a circle,
 * which no tracer writes, repeat nothing.
 */
public final class Nested {
  /** The kind of a span that is no call. */
  public static final int NO_CALL = 0;

  private static final int KINDS = Operation.values().length;
  private static final int NONE = -1;

  /** Spans by row, in any order, from whatever they are kept in. */
  public interface Spans {
    int size();

    long trace(int row);

    long span(int row);

    /** The span above; {@link CallDraft#ABSENT} if there is none. */
    long parent(int row);

    /** {@link #NO_CALL}, or what {@link Nested#kind} says of a call. */
    int kind(int row);

    /** Tokens of the call; 0 where it does not say. */
    long tokens(int row);
  }

  private final Spans spans;
  private final int[] order;

  // By span, in the order of trace and span: its first row in order, and one entry past the last.
  private final int[] firstOf;
  private final int count;
  private final int[] parent;
  private final long[] tokens;
  private final byte[] kind;

  private Nested(Spans spans) {
    this.spans = spans;
    this.order = IndexSort.sort(spans.size(), this::compare);
    this.firstOf = new int[order.length + 1];
    int found = 0;
    for (int i = 0; i < order.length; i++) {
      if (i == 0 || !isSameSpan(order[i - 1], order[i])) {
        firstOf[found++] = i;
      }
    }
    firstOf[found] = order.length;
    this.count = found;
    this.parent = new int[count];
    this.tokens = new long[count];
    this.kind = new byte[count];
  }

  /** The kind of a call, by which the calls that it may repeat are told. */
  public static int kind(CallDraft call) {
    return 1 + call.operation.ordinal();
  }

  /** Tokens of a call; 0 where it does not say. */
  public static long tokens(CallDraft call) {
    return Math.max(call.inputTokens, 0)
        + Math.max(call.cacheReadTokens, 0)
        + Math.max(call.cacheWrite5mTokens, 0)
        + Math.max(call.cacheWrite1hTokens, 0)
        + Math.max(call.outputTokens, 0);
  }

  /**
   * What was found, by row.
   *
   * @param repeats whether it is a call that repeats others
   * @param saysMore whether it repeats them and says more tokens than they do together: some of
   *     them may be missing. Of the copies of a span one row says so
   */
  public record Found(boolean[] repeats, boolean[] saysMore) {}

  /** Looks at every row. */
  public static Found find(Spans spans) {
    Found found = new Found(new boolean[spans.size()], new boolean[spans.size()]);
    if (spans.size() > 1) {
      new Nested(spans).mark(found);
    }
    return found;
  }

  private void mark(Found found) {
    int[] children = new int[count];
    for (int span = 0; span < count; span++) {
      read(span);
      if (parent[span] != NONE) {
        children[parent[span]]++;
      }
    }
    // Tokens of the calls below each span that repeat nothing, by kind.
    long[] below = new long[count * KINDS];
    int[] ready = new int[count];
    int end = 0;
    for (int span = 0; span < count; span++) {
      if (children[span] == 0) {
        ready[end++] = span;
      }
    }
    // From the leaves up: a span is ready when all below it are done, those in a circle never.
    for (int next = 0; next < end; next++) {
      int span = ready[next];
      int mine = span * KINDS;
      boolean call = kind[span] != NO_CALL;
      int of = mine + kind[span] - 1;
      if (call && below[of] > 0) {
        int row = NONE;
        for (int i = firstOf[span]; i < firstOf[span + 1]; i++) {
          row = spans.kind(order[i]) == NO_CALL ? row : order[i];
          found.repeats[order[i]] = row == order[i];
        }
        found.saysMore[row] = tokens[span] > below[of];
      } else if (call) {
        below[of] += tokens[span];
      }
      int above = parent[span];
      if (above == NONE) {
        continue;
      }
      for (int k = 0; k < KINDS; k++) {
        below[above * KINDS + k] = Math.addExact(below[above * KINDS + k], below[mine + k]);
      }
      if (--children[above] == 0) {
        ready[end++] = above;
      }
    }
  }

  /**
   * What the rows of a span say together: the largest of its copies and a parent, if one has it.
   */
  private void read(int span) {
    long above = CallDraft.ABSENT;
    for (int i = firstOf[span]; i < firstOf[span + 1]; i++) {
      int row = order[i];
      if (spans.kind(row) != NO_CALL
          && (kind[span] == NO_CALL || spans.tokens(row) > tokens[span])) {
        kind[span] = (byte) spans.kind(row);
        tokens[span] = spans.tokens(row);
      }
      above = above == CallDraft.ABSENT ? spans.parent(row) : above;
    }
    parent[span] =
        above == CallDraft.ABSENT ? NONE : indexOf(spans.trace(order[firstOf[span]]), above);
  }

  private int indexOf(long trace, long span) {
    int from = 0;
    int to = count - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int row = order[firstOf[middle]];
      int c = Long.compare(spans.trace(row), trace);
      c = c != 0 ? c : Long.compare(spans.span(row), span);
      if (c == 0) {
        return middle;
      }
      from = c < 0 ? middle + 1 : from;
      to = c < 0 ? to : middle - 1;
    }
    return NONE;
  }

  private boolean isSameSpan(int a, int b) {
    return spans.trace(a) == spans.trace(b) && spans.span(a) == spans.span(b);
  }

  // Total but for rows that are alike in all that is looked at, whose order does not matter.
  private int compare(int a, int b) {
    int c = Long.compare(spans.trace(a), spans.trace(b));
    c = c != 0 ? c : Long.compare(spans.span(a), spans.span(b));
    c = c != 0 ? c : Integer.compare(spans.kind(a), spans.kind(b));
    c = c != 0 ? c : Long.compare(spans.parent(a), spans.parent(b));
    return c;
  }
}
