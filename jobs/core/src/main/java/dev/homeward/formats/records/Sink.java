package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;

/**
 * Where a reader puts what it read. Every record ends in exactly one of the four; a record that
 * holds several calls, as a line of OTLP does, counts as so many records.
 */
public interface Sink {
  /** A call. The draft is reused for the next record. */
  void call(CallDraft draft);

  /** A bucket of calls of a usage report. The draft is reused for the next record. */
  void bucket(CallDraft draft);

  /**
   * A record that is no call in its format (a user turn of a transcript), a blank line, a CSV
   * header, or a further line of a CSV record: with these every line of a file is accounted for.
   */
  void ignored();

  /**
   * The place in a trace of a record that is no call: it may stand between two calls. The record
   * itself is handed over as ignored.
   */
  default void between(CallDraft span) {
    // Who does not settle traces needs no places.
  }

  /** A record that cannot be read. */
  void rejected(Rejection rejection);
}
