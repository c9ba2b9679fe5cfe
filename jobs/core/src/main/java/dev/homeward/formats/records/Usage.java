package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;

/**
 * Token counts of one record as its source writes them, and the one place where they become
 * Homeward's disjoint kinds. Whether the source's input contains the cached tokens is said by the
 * method an adapter calls, never guessed from the numbers; numbers that contradict it are rejected.
 * Reasoning is part of output; an adapter whose source counts it outside adds it first.
 */
public final class Usage {
  /** Input as the source counts it; ABSENT if not said. */
  public long input;

  public long cacheRead;

  /** All cache writes, or those whose lifetime is not said. */
  public long cacheWrite;

  public long cacheWrite5m;
  public long cacheWrite1h;
  public long output;
  public long reasoning;

  public Usage() {
    clear();
  }

  public void clear() {
    input = CallDraft.ABSENT;
    cacheRead = CallDraft.ABSENT;
    cacheWrite = CallDraft.ABSENT;
    cacheWrite5m = CallDraft.ABSENT;
    cacheWrite1h = CallDraft.ABSENT;
    output = CallDraft.ABSENT;
    reasoning = CallDraft.ABSENT;
  }

  /** Whether the record says neither input nor output. */
  public boolean isMissing() {
    return input == CallDraft.ABSENT && output == CallDraft.ABSENT;
  }

  /**
   * Fills a draft from a source whose input contains its cache reads and writes.
   *
   * @param inputName what the source calls its input, for messages
   * @param outputName what the source calls its output
   */
  public void fillInclusive(CallDraft draft, String inputName, String outputName)
      throws RejectedRecord {
    if (flagMissing(draft)) {
      return;
    }
    long read = Math.max(cacheRead, 0);
    long write = Math.addExact(written5m(), written1h());
    if (input != CallDraft.ABSENT && read + write > input) {
      throw new RejectedRecord(
          Reason.CACHE_EXCEEDS_INPUT,
          "%s %d includes cache reads %d and writes %d".formatted(inputName, input, read, write));
    }
    fill(draft, inputName, outputName, input - read - write);
  }

  /** Fills a draft from a source whose input is what was not cached. */
  public void fillDisjoint(CallDraft draft, String inputName, String outputName)
      throws RejectedRecord {
    if (!flagMissing(draft)) {
      fill(draft, inputName, outputName, input);
    }
  }

  private boolean flagMissing(CallDraft draft) {
    if (isMissing()) {
      draft.flags |= CallFlags.MISSING_USAGE;
      return true;
    }
    return false;
  }

  private void fill(CallDraft draft, String inputName, String outputName, long uncached)
      throws RejectedRecord {
    if (input == CallDraft.ABSENT || output == CallDraft.ABSENT) {
      throw new RejectedRecord(
          Reason.INCOMPLETE_USAGE,
          "only one of %s and %s is there".formatted(inputName, outputName));
    }
    if (reasoning > output) {
      throw new RejectedRecord(
          Reason.REASONING_EXCEEDS_OUTPUT,
          "%s %d includes %d of reasoning".formatted(outputName, output, reasoning));
    }
    draft.inputTokens = uncached;
    draft.cacheReadTokens = Math.max(cacheRead, 0);
    draft.cacheWrite5mTokens = written5m();
    draft.cacheWrite1hTokens = written1h();
    draft.outputTokens = output;
    draft.reasoningTokens = reasoning;
  }

  // The breakdown counts where it is there and not left at 0; what it leaves of the total is of 5
  // minutes, the lifetime where none is asked for.
  private long written5m() {
    return Math.max(Math.max(cacheWrite5m, 0), Math.max(cacheWrite, 0) - written1h());
  }

  private long written1h() {
    return Math.max(cacheWrite1h, 0);
  }
}
