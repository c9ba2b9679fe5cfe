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
  private final List<CallDraft> drafts = new ArrayList<>();
  private boolean[] isCall = new boolean[16];
  private int size;

  /** Forgets all spans. */
  void clear() {
    size = 0;
  }

  /** Notes a span that is no call. */
  void other(CallDraft span) {
    add(span, false);
  }

  /** Notes a span that is a call, unless it turns out to repeat others. */
  void call(CallDraft draft) {
    add(draft, true);
  }

  private void add(CallDraft draft, boolean call) {
    if (size == drafts.size()) {
      drafts.add(new CallDraft());
    }
    if (size == isCall.length) {
      isCall = Arrays.copyOf(isCall, 2 * size);
    }
    isCall[size] = call;
    drafts.get(size++).set(draft);
  }

  /** Hands over the calls, and each of the others as no call. */
  void handOver(Items items) {
    boolean[] repeats = Nested.find(this).repeats();
    for (int i = 0; i < size; i++) {
      CallDraft span = drafts.get(i);
      if (!isCall[i] || repeats[i]) {
        items.ignore(span);
      } else {
        CallDraft next = items.next();
        // The spans were read into drafts of their own, which do not know their line.
        long line = next.sourceLine;
        next.set(span);
        next.sourceLine = line;
        items.add();
      }
    }
    clear();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long trace(int row) {
    return drafts.get(row).trace;
  }

  // A span without a place is below and above nothing: its own number tells it from the others.
  @Override
  public long span(int row) {
    return drafts.get(row).isInTrace() ? drafts.get(row).span : row;
  }

  @Override
  public long parent(int row) {
    return drafts.get(row).isInTrace() ? drafts.get(row).parentSpan : CallDraft.ABSENT;
  }

  @Override
  public int kind(int row) {
    return isCall[row] ? Nested.kind(drafts.get(row)) : Nested.NO_CALL;
  }

  @Override
  public long tokens(int row) {
    return Nested.tokens(drafts.get(row));
  }
}
