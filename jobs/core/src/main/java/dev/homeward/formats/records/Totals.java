package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.scan.RejectedRecord;

/**
 * Counts of formats whose programs differ in whether cached input stands inside of the input or
 * beside it, and which may carry a total that tells.
 */
public final class Totals {
  private Totals() {}

  /** Notes that the record's counts do not explain its total, so that one of them is wrong. */
  public static void unexplained(CallDraft draft) {
    draft.flags |= CallFlags.UNEXPLAINED;
  }

  /**
   * Fills a draft from a source whose input contains what was cached unless the total, or that it
   * is more than the input, says otherwise.
   *
   * @param total what the record gives as the sum of its tokens; ABSENT or 0 if it does not say
   * @param inputName what the source calls its input, for messages
   * @param outputName what the source calls its output
   */
  public static void fill(
      CallDraft draft, Usage usage, long total, String inputName, String outputName)
      throws RejectedRecord {
    usage.total = total;
    long read = Math.max(usage.cacheRead, 0);
    long write = usage.cached() - read;
    boolean whole = usage.input != CallDraft.ABSENT && usage.output != CallDraft.ABSENT;
    if (!whole || write == 0 || read > usage.input) {
      usage.fillAsTold(draft, inputName, outputName);
      return;
    }
    // Reads inside and writes beside, as answers in OpenAI's shape of other makers count. It is
    // likely where no total tells and both together do not fit into the input.
    boolean told = total > 0 && total == usage.input + usage.output + write;
    boolean likely = total <= 0 && read > 0 && read + write > usage.input;
    if (told || likely) {
      usage.input -= read;
      usage.fillDisjoint(draft, inputName, outputName);
      draft.flags |= likely ? CallFlags.CACHE_IN_DOUBT : 0;
    } else {
      usage.fillAsTold(draft, inputName, outputName);
    }
  }
}
