package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.RejectedRecord;

/** Takes what an adapter finds in a record that may hold several calls. */
public final class Items {
  private final Sink sink;
  private final CallDraft draft = new CallDraft();
  private long line;
  private int count;

  public Items(Sink sink) {
    this.sink = sink;
  }

  /** A new record begins. */
  public void begin(long atLine) {
    line = atLine;
    count = 0;
  }

  /** Items of the record so far, of whatever kind. */
  public int count() {
    return count;
  }

  /** An empty draft for the next call or bucket; what was in it and not added is forgotten. */
  public CallDraft next() {
    draft.clear();
    draft.sourceLine = line;
    return draft;
  }

  /** Hands over the draft as a call or, where it has a width, as a bucket. */
  public void add() {
    count++;
    try {
      Plausible.check(draft);
    } catch (RejectedRecord e) {
      sink.rejected(new Rejection(e.reason(), line, e.getMessage(), Samples.ofDraft(draft)));
      return;
    }
    if (draft.isBucket()) {
      sink.bucket(draft);
    } else {
      sink.call(draft);
    }
  }

  /** The item cannot be read; the others of its record go on. */
  public void reject(RejectedRecord why) {
    count++;
    sink.rejected(new Rejection(why.reason(), line, why.getMessage(), Samples.ofDraft(draft)));
  }

  /** The item cannot be read, but may stand between two calls of its trace. */
  public void reject(RejectedRecord why, CallDraft span) {
    if (span.isInTrace()) {
      sink.between(span);
    }
    reject(why);
  }

  /** The item is no call (a span of a database). */
  public void ignore() {
    count++;
    sink.ignored();
  }

  /** The item is no call, but may stand between two calls of its trace. */
  public void ignore(CallDraft span) {
    if (span.isInTrace()) {
      sink.between(span);
    }
    ignore();
  }
}
