package dev.homeward.replay;

import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;

/**
 * The slots of llama.cpp's server: a fixed number of sequences, calls wait in order for a free one.
 * An iteration takes one token of every generating slot, then prompt tokens of the other slots, in
 * the order of slots, up to the logical batch; it runs as passes of at most the physical batch.
 * Every pass attends over all cells of the unified KV buffer, cells of finished slots included
 * until the slot is used again.
 *
 * <p>Cells in use stand for the highest used cell: holes in the buffer are not modelled. Not
 * modelled either: reuse of a slot's prompt, context shift, speculative decoding.
 */
final class Slots extends Replica {
  private static final int NONE = -1;

  private final int slots;
  private final long capacity;
  private final int[] call;
  private final int[] left;
  private final int[] remaining;
  private final long[] cells;
  private final long[] firstToken;
  private long cellsInUse;
  private int busy;
  private int generating;

  /** Tokens of each step of the segment. */
  private int segmentTokens;

  Slots(Offer offer, Deployment deployment, StepTime time, Recorder recorder, Standby standby) {
    super(offer, deployment, time, recorder, standby);
    this.slots = deployment.kvCache().maxSequences();
    this.capacity = deployment.kvCache().kvTokens();
    this.call = new int[slots];
    this.left = new int[slots];
    this.remaining = new int[slots];
    this.cells = new long[slots];
    this.firstToken = new long[slots];
    java.util.Arrays.fill(call, NONE);
  }

  @Override
  void endSegment() {
    long now = segmentEnd;
    if (segmentSteps > 0) {
      recorder.busy(segmentStart, now);
      double passes = segmentSteps * Math.ceil((double) segmentTokens / time.passTokens());
      recorder.passes += passes;
      recorder.computedTokens += (double) segmentSteps * segmentTokens;
      // Cells at the end of a stretch are few more than in its middle.
      recorder.contextReads += passes * cellsInUse;
      recorder.pairs += (double) segmentSteps * segmentTokens * cellsInUse;
      recorder.kvPeakShare = Math.max(recorder.kvPeakShare, (double) cellsInUse / capacity);
      for (int slot = 0; slot < slots; slot++) {
        if (call[slot] != NONE) {
          advance(slot, now);
        }
      }
    }
    plan(now);
  }

  // Cells and prompt tokens were booked when the step was put together; a stretch books here.
  private void advance(int slot, long now) {
    if (stretch) {
      cells[slot] += segmentSteps;
      cellsInUse += segmentSteps;
      remaining[slot] -= (int) segmentSteps;
    } else if (left[slot] > 0) {
      return;
    } else if (firstToken[slot] == NONE) {
      firstToken[slot] = now;
      remaining[slot]--;
      generating++;
    } else {
      remaining[slot]--;
    }
    if (remaining[slot] <= 0) {
      finish(call[slot], firstToken[slot], now);
      call[slot] = NONE;
      busy--;
      generating--;
    }
  }

  private void plan(long now) {
    segmentStart = now;
    for (int slot = 0; slot < slots && !queueIsEmpty(); slot++) {
      if (call[slot] == NONE) {
        int next = queueHead();
        dequeue();
        call[slot] = next;
        left[slot] = offer.prompt[next];
        remaining[slot] = Math.max(1, offer.output[next]);
        firstToken[slot] = NONE;
        cellsInUse -= cells[slot];
        cells[slot] = 0;
        busy++;
      }
    }
    if (busy == 0) {
      becomeIdle(now);
      return;
    }
    if (generating == busy) {
      planStretch(now);
    } else {
      planPrefill(now);
    }
  }

  private void planStretch(long now) {
    int least = Integer.MAX_VALUE;
    for (int slot = 0; slot < slots; slot++) {
      if (call[slot] != NONE) {
        least = Math.min(least, remaining[slot]);
      }
    }
    stretch = true;
    segmentTokens = generating;
    firstStepPicos = stepPicos(generating, cellsInUse + generating, generating);
    growthPicos = stepPicos(generating, cellsInUse + 2L * generating, generating) - firstStepPicos;
    segmentSteps = least;
    segmentEnd = now + stretch(segmentSteps, firstStepPicos, growthPicos);
  }

  private void planPrefill(long now) {
    int budget = time.maxBatchedTokens() - generating;
    int tokens = generating;
    int sampled = generating;
    for (int slot = 0; slot < slots; slot++) {
      if (call[slot] == NONE) {
        continue;
      }
      if (left[slot] == 0) {
        cells[slot]++;
        cellsInUse++;
        continue;
      }
      int chunk = Math.min(left[slot], budget);
      left[slot] -= chunk;
      budget -= chunk;
      tokens += chunk;
      cells[slot] += chunk;
      cellsInUse += chunk;
      if (chunk > 0 && left[slot] == 0) {
        sampled++;
      }
    }
    stretch = false;
    segmentSteps = 1;
    segmentTokens = tokens;
    segmentEnd = now + stepPicos(tokens, cellsInUse, sampled);
  }

  private long stepPicos(int tokens, long cellsOfStep, int sampled) {
    int full = tokens / time.passTokens();
    int rest = tokens % time.passTokens();
    return full * passPicos(time.passTokens(), cellsOfStep)
        + (rest == 0 ? 0 : passPicos(rest, cellsOfStep))
        + time.sequencePicos() * sampled;
  }

  private long passPicos(int tokens, long cellsOfStep) {
    return time.tokens(tokens) + cellsOfStep * (time.cellPicos() + time.cellTokenPicos() * tokens);
  }
}
