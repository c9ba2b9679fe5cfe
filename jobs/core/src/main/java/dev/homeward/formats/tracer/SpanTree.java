package dev.homeward.formats.tracer;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.Nested;
import dev.homeward.formats.records.Items;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The spans of one document, until it is known which of them are the calls: one that repeats calls
 * below it in the same document is no call. What repeats calls of other documents is found when the
 * whole log has been read, so that every span hands on its place in its trace.
 */
final class SpanTree implements Nested.Spans {
  private static final int FIELDS = 3;

  private final List<CallDraft> calls = new ArrayList<>();
  private int callCount;

  // Trace, span and parent of each span that is no call: a trace has many more of these.
  private long[] others = new long[FIELDS * 16];
  private int otherCount;

  private final CallDraft place = new CallDraft();

  /** Forgets all spans. */
  void clear() {
    callCount = 0;
    otherCount = 0;
  }

  /** Notes a span that is no call. */
  void other(CallDraft span) {
    int at = FIELDS * otherCount++;
    if (at == others.length) {
      others = Arrays.copyOf(others, 2 * at);
    }
    others[at] = span.trace;
    others[at + 1] = span.span;
    others[at + 2] = span.parentSpan;
  }

  /** Notes a span that is a call, unless it turns out to repeat others. */
  void call(CallDraft draft) {
    if (callCount == calls.size()) {
      calls.add(new CallDraft());
    }
    calls.get(callCount++).set(draft);
  }

  /** Hands over the calls, and each of the others as no call. */
  void handOver(Items items) {
    boolean[] repeats = Nested.find(this).repeats();
    for (int row = 0; row < size(); row++) {
      if (row >= callCount || repeats[row]) {
        place.trace = trace(row);
        place.span = span(row);
        place.parentSpan = parent(row);
        items.ignore(place);
        continue;
      }
      CallDraft next = items.next();
      // The spans were read into drafts of their own, which do not know their line.
      long line = next.sourceLine;
      next.set(calls.get(row));
      next.sourceLine = line;
      items.add();
    }
    clear();
  }

  // The calls first, then the others. A span without a trace is below and above nothing: it has no
  // parent, and nothing names it as one.
  @Override
  public int size() {
    return callCount + otherCount;
  }

  @Override
  public long trace(int row) {
    return row < callCount ? calls.get(row).trace : others[FIELDS * (row - callCount)];
  }

  @Override
  public long span(int row) {
    long span = row < callCount ? calls.get(row).span : others[FIELDS * (row - callCount) + 1];
    return span == CallDraft.ABSENT ? row : span;
  }

  @Override
  public long parent(int row) {
    return row < callCount ? calls.get(row).parentSpan : others[FIELDS * (row - callCount) + 2];
  }

  @Override
  public int kind(int row) {
    return row < callCount ? Nested.kind(calls.get(row)) : Nested.NO_CALL;
  }

  @Override
  public long tokens(int row) {
    return row < callCount ? Nested.tokens(calls.get(row)) : 0;
  }
}
