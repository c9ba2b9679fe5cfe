package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.scan.RejectedRecord;

/**
 * Settles by the total that a record carries what its counts contain, where programs of one format
 * differ: whether cached input stands inside of the input or beside it. What no rule explains is
 * kept as the format counts it, and flagged.
 */
public final class Totals {
  private Totals() {}

  /** Notes that the record's counts do not explain its total, so that one of them is wrong. */
  public static void unexplained(CallDraft draft) {
    draft.flags |= CallFlags.ESTIMATED_USAGE;
  }

  /**
   * Fills a draft from a source whose input contains what was cached unless the total says that it
   * stands beside it. Without a total, cached tokens that exceed the input stand beside it.
   *
   * @param total what the record gives as the sum of its tokens; ABSENT or 0 if it does not say
   * @param inputName what the source calls its input, for messages
   * @param outputName what the source calls its output
   */
  public static void fill(
      CallDraft draft, Usage usage, long total, String inputName, String outputName)
      throws RejectedRecord {
    long read = Math.max(usage.cacheRead, 0);
    long parts = Math.max(usage.cacheWrite5m, 0) + Math.max(usage.cacheWrite1h, 0);
    long write = Math.max(Math.max(usage.cacheWrite, 0), parts);
    boolean whole = usage.input != CallDraft.ABSENT && usage.output != CallDraft.ABSENT;
    if (read + write == 0 || !whole) {
      usage.fillInclusive(draft, inputName, outputName);
      return;
    }
    long outside = usage.input + usage.output;
    boolean told = total > 0;
    boolean fits = read + write <= usage.input;
    if (told && total == outside + read + write) {
      usage.fillDisjoint(draft, inputName, outputName);
    } else if (fits && (!told || total == outside)) {
      usage.fillInclusive(draft, inputName, outputName);
    } else if (read <= usage.input && (!fits || told && total == outside + write)) {
      // Reads inside, writes beside, as OpenAI-shaped answers of other makers count.
      usage.input -= read;
      usage.fillDisjoint(draft, inputName, outputName);
      if (!told || total != outside + write) {
        unexplained(draft);
      }
    } else if (fits) {
      usage.fillInclusive(draft, inputName, outputName);
      unexplained(draft);
    } else {
      usage.fillDisjoint(draft, inputName, outputName);
      unexplained(draft);
    }
  }
}
