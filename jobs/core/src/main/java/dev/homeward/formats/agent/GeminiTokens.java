package dev.homeward.formats.agent;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.RejectedRecord;

/**
 * Counts of one answer as Gemini's API gives them: the prompt contains what was cached, thoughts
 * and the prompts of its tools stand beside prompt and answer, and the total is the sum of the
 * four. Thoughts are billed as output. Where the total says that a program counts otherwise, that
 * is followed; what the parts leave of the total is thoughts.
 */
final class GeminiTokens {
  long input;
  long output;
  long cached;
  long thoughts;
  long tool;
  long total;

  GeminiTokens() {
    clear();
  }

  void clear() {
    input = CallDraft.ABSENT;
    output = CallDraft.ABSENT;
    cached = CallDraft.ABSENT;
    thoughts = CallDraft.ABSENT;
    tool = CallDraft.ABSENT;
    total = CallDraft.ABSENT;
  }

  /** Fills a draft; counts that are all 0 say nothing. */
  void fill(CallDraft draft, Usage usage, String inputName, String outputName)
      throws RejectedRecord {
    usage.clear();
    long more = Math.max(thoughts, 0);
    long tools = Math.max(tool, 0);
    long sum = Math.max(input, 0) + Math.max(output, 0) + more + tools;
    if (sum == 0 && total <= 0) {
      usage.fillInclusive(draft, inputName, outputName);
      return;
    }
    usage.input = input;
    usage.output = output;
    usage.cacheRead = cached;
    usage.reasoning = thoughts;
    boolean beside = false;
    // The programs write 0 where the answer had no total.
    boolean told = total > 0 && total != sum && input != CallDraft.ABSENT;
    if (told && cached > 0 && total == sum + cached) {
      beside = true;
    } else if (told && tools > 0 && total == sum - tools) {
      tools = 0;
    } else if (told && more > 0 && more <= output && total == sum - more) {
      more = 0;
    } else if (told && more == 0 && total > sum) {
      more = total - sum;
      usage.reasoning = more;
    } else if (told) {
      Totals.unexplained(draft);
    }
    usage.input += usage.input == CallDraft.ABSENT ? 0 : tools;
    usage.output += usage.output == CallDraft.ABSENT ? 0 : more;
    if (beside) {
      usage.fillDisjoint(draft, inputName, outputName);
    } else {
      usage.fillInclusive(draft, inputName, outputName);
    }
  }
}
