package dev.homeward.replay;

import dev.homeward.catalog.Scheduling;

/**
 * What a paged scheduler puts into a step.
 *
 * @param prefillFirst prompts are computed in steps of their own
 * @param promptsAStep how many in one
 * @param reservesOutput a call is let in only if its whole output will fit beside all others'
 * @param maxSequences calls that hold a seat at once
 * @param width tokens a step computes for a decoding sequence
 * @param draftShare time of drafting over that of the step's own products
 */
record PagedRules(
    boolean prefillFirst,
    int promptsAStep,
    boolean reservesOutput,
    int maxSequences,
    int width,
    double draftShare) {

  /** The rules of an engine, where every sequence needs its tokens in a step. */
  static PagedRules of(
      Scheduling.Paged scheduling,
      int mostSequences,
      int maxBatchedTokens,
      ReplayOptions.Speculation speculation) {
    int width = speculation.width();
    int sequences = Math.min(mostSequences, maxBatchedTokens / width);
    if (sequences < 1) {
      throw new IllegalArgumentException(
          "Invalid engine limits: %d tokens a step, %d a sequence"
              .formatted(maxBatchedTokens, width));
    }
    return new PagedRules(
        switch (scheduling.promptSteps()) {
          case MIXED -> false;
          case ALONE, ONE_ALONE -> true;
        },
        scheduling.promptSteps().most(),
        switch (scheduling.reservation()) {
          case NEXT_CHUNK -> false;
          case WHOLE_OUTPUT -> true;
        },
        sequences,
        width,
        speculation.draftShare());
  }
}
