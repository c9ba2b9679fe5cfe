package dev.homeward.replay;

/**
 * Slots over one buffer of cells: every pass attends over the cells up to the highest in use
 * ({@link CellBuffer}), whoever's they are. No call finds what its slot held before: which cells
 * hold the beginning of a prompt is not kept.
 */
final class UnifiedSlotReplica extends SlotReplica {
  private final CellBuffer cells;

  /** Where the stretch under way puts its tokens. */
  private int stretchAt;

  UnifiedSlotReplica(ReplicaMaker maker) {
    super(maker);
    this.cells = new CellBuffer(capacity, slots);
  }

  @Override
  boolean holdsSessionOf(int next, int slot) {
    return false;
  }

  @Override
  int begin(int slot, int next) {
    cells.remove(slot);
    return 0;
  }

  @Override
  void forget() {
    cells.clear();
  }

  @Override
  void placeStretch() {
    cells.placeSteps(stretchAt, (int) segmentSteps, generatingMask);
    // Cells at the end of a stretch are few more than in its middle.
    work(segmentSteps, segmentTokens);
  }

  @Override
  double kvShare() {
    return (double) cells.used() / capacity;
  }

  @Override
  void planStretch(long now) {
    stretch = true;
    segmentTokens = generating;
    stretchAt = cells.find(generating);
    // Steps fill the run of free cells that was found; then another is looked for. Above all others
    // they raise the highest cell, in a hole they do not.
    boolean above = stretchAt >= cells.top();
    firstStepPicos = stepPicos(generating, above ? stretchAt + generating : cells.top());
    growthPicos =
        above
            ? time.cells(generating, generating)
                + time.host(generating, generating)
                - time.host(0, generating)
            : 0;
    segmentSteps = Math.min(leastRemaining(), cells.steps(stretchAt, generating));
    segmentEnd = now + stretch(segmentSteps, firstStepPicos, growthPicos);
  }

  @Override
  void planPrefill(long now) {
    int budget = time.maxBatchedTokens() - generating;
    int sampled = generating;
    beginPasses();
    // One pass after the other: the decoding slots' tokens first, then prompts in order of slots.
    int pass = generating;
    int prompts = 0;
    long prompted = busyMask & ~generatingMask;
    for (long of = prompted; of != 0; of &= of - 1) {
      prompts += Math.min(left[Long.numberOfTrailingZeros(of)], budget - prompts);
    }
    int toCome = generating + prompts;
    int first = Math.min(time.passTokens(), toCome);
    int at = cells.find(first);
    if (generating > 0) {
      cells.placeSteps(at, 1, generatingMask);
      at += generating;
    }
    for (long of = prompted; of != 0; of &= of - 1) {
      int slot = Long.numberOfTrailingZeros(of);
      int chunk = Math.min(left[slot], budget);
      budget -= chunk;
      left[slot] -= chunk;
      while (chunk > 0) {
        if (pass == time.passTokens()) {
          run(pass);
          toCome -= pass;
          pass = 0;
          at = cells.find(Math.min(time.passTokens(), toCome));
        }
        int some = Math.min(chunk, time.passTokens() - pass);
        cells.place(at, some, slot);
        at += some;
        pass += some;
        chunk -= some;
        if (chunk == 0 && left[slot] == 0) {
          sampled++;
        }
      }
    }
    if (pass > 0) {
      run(pass);
    }
    endPasses(now, sampled);
  }

  private void run(int tokens) {
    work(1, tokens);
    int top = cells.top();
    run(time.host(top, tokens), devicePicos(tokens, top));
  }

  private long stepPicos(int tokens, int top) {
    return time.clear(slots)
        + time.host(top, tokens)
        + devicePicos(tokens, top)
        + time.sampling(tokens);
  }

  private long devicePicos(int tokens, int top) {
    return time.tokens(tokens) + time.cells(top, tokens);
  }

  private void work(long passes, int tokens) {
    double all = (double) passes * tokens;
    int top = cells.top();
    recorder.passes += passes;
    recorder.computed(passes, tokens);
    recorder.contextReads += (double) passes * top;
    recorder.pairs += all * top;
  }
}
