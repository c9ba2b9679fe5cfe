package dev.homeward.replay;

import dev.homeward.serving.KvCachePlan;

/**
 * The slots of llama.cpp's server: a fixed number of sequences; calls wait in order for a free one
 * and take the one that was free longest. An iteration takes one token of every generating slot,
 * then prompt tokens of the other slots, in the order of slots, up to the logical batch; it runs as
 * passes of at most the physical batch, each prepared by the host while the device is at the one
 * before; to sample, it waits for the device. Every pass attends over the cells of the unified KV
 * buffer up to the highest in use ({@link CellBuffer}).
 *
 * <p>Ollama and LM Studio serve the same way, with a model that is unloaded when idle and a bounded
 * queue ({@link Replica}).
 *
 * <p>Not modelled: reuse of a slot's prompt, context shift, speculative decoding.
 */
final class SlotReplica extends Replica {
  private static final int NONE = -1;

  private final int slots;
  private final int capacity;
  private final int[] call;
  private final int[] left;
  private final int[] remaining;
  private final long[] firstToken;
  private final CellBuffer cells;

  // Free slots, the one free longest first, in a ring.
  private final int[] free;
  private int freeHead;
  private int freeCount;

  private int generating;

  // Slots that put out tokens, and all that hold a call, as bits.
  private long generatingMask;
  private long busyMask;

  // The segment under way: tokens of each step, and where a stretch puts them.
  private int segmentTokens;
  private int stretchAt;

  // The passes of an iteration with prompts: start and end of the latest, from the iteration's.
  private long deviceStart;
  private long deviceEnd;

  /** How long the device is still at work when the segment begins. */
  private long lag;

  SlotReplica(ReplicaMaker maker) {
    super(maker);
    KvCachePlan plan = maker.deployment().kvCache();
    this.slots = plan.maxSequences();
    this.capacity = (int) Math.min(Integer.MAX_VALUE / 2, plan.kvTokens());
    this.call = new int[slots];
    this.left = new int[slots];
    this.remaining = new int[slots];
    this.firstToken = new long[slots];
    this.free = new int[slots];
    this.cells = new CellBuffer(capacity, slots);
    for (int slot = 0; slot < slots; slot++) {
      free[slot] = slot;
    }
    this.freeCount = slots;
  }

  @Override
  void endSegment() {
    long now = segmentEnd;
    if (segmentSteps > 0) {
      recorder.busy(segmentStart, now);
      if (stretch) {
        cells.placeSteps(stretchAt, (int) segmentSteps, generatingMask);
        // Cells at the end of a stretch are few more than in its middle.
        work(segmentSteps, segmentTokens);
      }
      recorder.kvPeakShare = Math.max(recorder.kvPeakShare, (double) cells.used() / capacity);
      for (long at = busyMask; at != 0; at &= at - 1) {
        advance(Long.numberOfTrailingZeros(at), now);
      }
    }
    plan(now);
  }

  // Prompt tokens and cells were booked when the step was put together; a stretch books here.
  private void advance(int slot, long now) {
    if (stretch) {
      remaining[slot] -= (int) segmentSteps;
    } else if (left[slot] > 0) {
      return;
    } else if (firstToken[slot] == NONE) {
      firstToken[slot] = now;
      remaining[slot]--;
      generating++;
      generatingMask |= 1L << slot;
    } else {
      remaining[slot]--;
    }
    if (remaining[slot] <= 0) {
      finish(call[slot], firstToken[slot], now);
      busyMask &= ~(1L << slot);
      generating--;
      generatingMask &= ~(1L << slot);
      int last = freeHead + freeCount++;
      free[last < slots ? last : last - slots] = slot;
    }
  }

  private void plan(long now) {
    segmentStart = now;
    while (freeCount > 0 && !queueIsEmpty()) {
      int next = queueHead();
      dequeue();
      int slot = free[freeHead];
      freeHead = freeHead + 1 == slots ? 0 : freeHead + 1;
      freeCount--;
      call[slot] = next;
      busyMask |= 1L << slot;
      left[slot] = offer.prompt[next];
      remaining[slot] = Math.max(1, offer.output[next]);
      firstToken[slot] = NONE;
      cells.remove(slot);
    }
    int busy = slots - freeCount;
    if (busy == 0) {
      becomeIdle(now);
    } else if (generating == busy) {
      planStretch(now);
    } else {
      planPrefill(now);
    }
  }

  private void planStretch(long now) {
    int least = Integer.MAX_VALUE;
    for (long at = busyMask; at != 0; at &= at - 1) {
      least = Math.min(least, remaining[Long.numberOfTrailingZeros(at)]);
    }
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
    segmentSteps = Math.min(least, cells.steps(stretchAt, generating));
    segmentEnd = now + stretch(segmentSteps, firstStepPicos, growthPicos);
  }

  private void planPrefill(long now) {
    int budget = time.maxBatchedTokens() - generating;
    int sampled = generating;
    deviceStart = 0;
    deviceEnd = lag;
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
    stretch = false;
    segmentSteps = 1;
    // Where nothing is sampled the host goes on to the next iteration, and the device lags.
    lag = sampled == 0 ? deviceEnd - deviceStart : 0;
    segmentEnd = now + deviceEnd - lag + (sampled == 0 ? 0 : time.sampling(sampled));
  }

  // A pass starts when the host has prepared it and the device is through with the one before.
  private void run(int tokens) {
    work(1, tokens);
    int top = cells.top();
    deviceStart = Math.max(deviceStart + time.host(top, tokens), deviceEnd);
    deviceEnd = deviceStart + devicePicos(tokens, top);
  }

  private long stepPicos(int tokens, int top) {
    return time.host(top, tokens) + devicePicos(tokens, top) + time.sampling(tokens);
  }

  private long devicePicos(int tokens, int top) {
    return time.tokens(tokens) + time.cells(top, tokens);
  }

  private void work(long passes, int tokens) {
    double all = (double) passes * tokens;
    int top = cells.top();
    recorder.passes += passes;
    recorder.computedTokens += all;
    recorder.contextReads += (double) passes * top;
    recorder.pairs += all * top;
  }
}
