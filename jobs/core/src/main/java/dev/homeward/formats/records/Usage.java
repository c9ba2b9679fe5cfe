package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.util.Locale;

/**
 * Token counts of one record as its source writes them, and the one place where they become
 * Homeward's disjoint kinds. Whether the source's input contains the cached tokens is said by the
 * method an adapter calls; numbers that contradict it are rejected. Reasoning is part of output; an
 * adapter whose source counts it outside adds it first.
 *
 * <p>Where the record carries a total of its own, the total is the judge, because writers do not
 * keep their source's conventions: input 150, output 400, cached 12,000 and a total of 12,550 can
 * only mean that the cached tokens stand beside the input. What a total holds beyond all parts is
 * Gemini's thoughts where the model is one of Gemini's and no thoughts are told; else the call is
 * flagged {@link CallFlags#UNEXPLAINED}.
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

  /** The record's own sum of its tokens; ABSENT if not said, and 0 says nothing either. */
  public long total;

  /** Whether the record holds counts of a kind that cannot be taken. */
  public boolean unexplained;

  // Usage beside the counts above, disjoint; null if there is none.
  private Usage more;

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
    total = CallDraft.ABSENT;
    unexplained = false;
    more = null;
  }

  /** Whether the record says neither input nor output. */
  public boolean isMissing() {
    return input == CallDraft.ABSENT && output == CallDraft.ABSENT;
  }

  /**
   * Adds what was used, and billed, beside the counts of the record: its input is what was not
   * cached, whatever the record's own convention.
   */
  public void addBeside(Usage beside) {
    if (more == null) {
      more = new Usage();
    }
    more.input = plus(more.input, beside.input);
    more.cacheRead = plus(more.cacheRead, beside.cacheRead);
    more.cacheWrite5m = plus(more.cacheWrite5m, beside.written5m());
    more.cacheWrite1h = plus(more.cacheWrite1h, beside.written1h());
    more.output = plus(more.output, beside.output);
    more.reasoning = plus(more.reasoning, beside.reasoning);
  }

  /** Takes over what another record of the same call knows to be used beside its counts. */
  public void addBesideOf(Usage other) {
    if (other.more != null) {
      addBeside(other.more);
    }
    unexplained |= other.unexplained;
  }

  private static long plus(long known, long added) {
    if (known == CallDraft.ABSENT || added == CallDraft.ABSENT) {
      return Math.max(known, added);
    }
    return Math.addExact(known, added);
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
    boolean beside = settle(draft, false);
    if (!beside && input != CallDraft.ABSENT && cached() > input) {
      throw new RejectedRecord(
          Reason.CACHE_EXCEEDS_INPUT,
          "%s %d includes cache reads %d and writes %d"
              .formatted(inputName, input, Math.max(cacheRead, 0), written5m() + written1h()));
    }
    fill(draft, inputName, outputName, beside ? input : input - cached());
  }

  /** Fills a draft from a source whose input is what was not cached. */
  public void fillDisjoint(CallDraft draft, String inputName, String outputName)
      throws RejectedRecord {
    if (flagMissing(draft)) {
      return;
    }
    boolean beside = settle(draft, true);
    fill(draft, inputName, outputName, beside ? input : input - cached());
  }

  /**
   * Fills a draft from a source whose writers disagree whether input contains cache reads and
   * writes: the total tells, or that they exceed the input; else it contains them.
   */
  public void fillAsTold(CallDraft draft, String inputName, String outputName)
      throws RejectedRecord {
    if (flagMissing(draft)) {
      return;
    }
    boolean exceeds = input != CallDraft.ABSENT && cached() > input;
    // A writer that leaves cached tokens out of its input may leave them out of its total too.
    total = exceeds && total == input + Math.max(output, 0) ? CallDraft.ABSENT : total;
    boolean beside = settle(draft, exceeds) || exceeds;
    fill(draft, inputName, outputName, beside ? input : input - cached());
  }

  private boolean flagMissing(CallDraft draft) {
    if (isMissing()) {
      draft.flags |= CallFlags.MISSING_USAGE;
      return true;
    }
    return false;
  }

  /**
   * Finds out what the total says, and brings reasoning into the output where it stands beside it.
   *
   * @param convention whether the cached tokens stand beside the input by the source's convention
   * @return whether they do
   */
  private boolean settle(CallDraft draft, boolean convention) {
    long thought = Math.max(reasoning, 0);
    if (total <= 0 || input == CallDraft.ABSENT || output == CallDraft.ABSENT) {
      boolean thoughtsBeside = thought > output && output >= 0 && thinksBeside(draft);
      output += thoughtsBeside ? thought : 0;
      return convention;
    }
    long rest = total - input - output;
    long cached = cached();
    boolean other = !convention;
    if (explains(rest, convention, false)) {
      return convention;
    }
    if (cached > 0 && explains(rest, other, false)) {
      return other;
    }
    for (int i = 0; i < 2 && thought > 0; i++) {
      boolean beside = i == 0 ? convention : other;
      if (explains(rest, beside, true)) {
        output += thought;
        return beside;
      }
    }
    long left = rest - (convention ? cached : 0);
    if (left > 0 && thought == 0 && isGemini(draft)) {
      output += left;
      reasoning = left;
      return convention;
    }
    unexplained = true;
    return convention;
  }

  /** Whether parts that stand so add up to the total. */
  private boolean explains(long rest, boolean cacheBeside, boolean reasoningBeside) {
    long cached = cached();
    long thought = Math.max(reasoning, 0);
    boolean possible = (cacheBeside || cached <= input) && (reasoningBeside || thought <= output);
    return possible && rest == (cacheBeside ? cached : 0) + (reasoningBeside ? thought : 0);
  }

  /** Whether the provider counts reasoning beside the output: xAI's chat completions and Gemini. */
  private static boolean thinksBeside(CallDraft draft) {
    return isGemini(draft) || names(draft, "grok");
  }

  private static boolean isGemini(CallDraft draft) {
    return names(draft, "gemini");
  }

  private static boolean names(CallDraft draft, String maker) {
    String model = draft.requestModel != null ? draft.requestModel : draft.responseModel;
    return model != null && model.toLowerCase(Locale.ROOT).contains(maker);
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
    draft.flags |= unexplained ? CallFlags.UNEXPLAINED : 0;
    if (more != null) {
      draft.inputTokens += Math.max(more.input, 0);
      draft.cacheReadTokens += Math.max(more.cacheRead, 0);
      draft.cacheWrite5mTokens += more.written5m();
      draft.cacheWrite1hTokens += more.written1h();
      draft.outputTokens += Math.max(more.output, 0);
      draft.reasoningTokens = plus(reasoning, more.reasoning);
    }
  }

  /** Cache reads and writes. */
  public long cached() {
    return Math.max(cacheRead, 0) + written5m() + written1h();
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
