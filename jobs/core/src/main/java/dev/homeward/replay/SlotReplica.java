package dev.homeward.replay;

import dev.homeward.serving.KvCachePlan;

/**
 * The slots of llama.cpp's server: a fixed number of sequences; calls wait in order for a free one
 * and take the one that was free longest. An iteration takes one token of every generating slot,
 * then prompt tokens of the other slots, in the order of slots, up to the logical batch; it runs as
 * passes of at most the physical batch, each prepared by the host while the device is at the one
 * before; to sample, it waits for the device. What a pass attends over is the matter of the buffer:
 * {@link UnifiedSlotReplica}, {@link StreamSlotReplica}.
 *
 * <p>Ollama and LM Studio serve the same way, with a model that is unloaded when idle and a bounded
 * queue ({@link Replica}).
 *
 * <p>A call of a session takes the slot that holds the session's last call, if that is free, and
 * any call begins after what its slot holds of its prompt ({@link StreamSlotReplica} only).
 *
 * <p>Not modelled: prompts kept in the host's memory, context shift, speculative decoding.
 */
abstract sealed class SlotReplica extends Replica permits UnifiedSlotReplica, StreamSlotReplica {
  private static final int NONE = -1;

  final int slots;
  final int capacity;

  /** Prompt tokens that are still to come, by slot. */
  final int[] left;

  /** Output tokens that are still to come, by slot. */
  final int[] remaining;

  private final int[] call;
  private final long[] firstToken;

  // Free slots, the one free longest first, in a ring.
  private final int[] free;
  private int freeHead;
  private int freeCount;

  /** Slots that put out tokens. */
  int generating;

  // Slots that put out tokens, and all that hold a call, as bits.
  long generatingMask;
  long busyMask;

  /** Tokens of each step of the segment under way. */
  int segmentTokens;

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
        placeStretch();
      }
      recorder.kvPeakShare = Math.max(recorder.kvPeakShare, kvShare());
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
      int slot = takeFree(next);
      call[slot] = next;
      busyMask |= 1L << slot;
      int found = begin(slot, next);
      recorder.admit(next, found);
      left[slot] = offer.prompt[next] - found;
      remaining[slot] = Math.max(1, offer.output[next]);
      firstToken[slot] = NONE;
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

  /** Steps until the first of the slots that hold a call is through. */
  final int leastRemaining() {
    int least = Integer.MAX_VALUE;
    for (long of = busyMask; of != 0; of &= of - 1) {
      least = Math.min(least, remaining[Long.numberOfTrailingZeros(of)]);
    }
    return least;
  }

  // The slot that was free longest, or the free one that holds most of the call's prompt.
  private int takeFree(int next) {
    int at = freeHead;
    if (offer.findable != null) {
      for (int i = 0; i < freeCount; i++) {
        int place = freeHead + i < slots ? freeHead + i : freeHead + i - slots;
        if (holdsSessionOf(next, free[place])) {
          at = place;
          break;
        }
      }
    }
    int slot = free[at];
    while (at != freeHead) {
      int before = at == 0 ? slots - 1 : at - 1;
      free[at] = free[before];
      at = before;
    }
    freeHead = freeHead + 1 == slots ? 0 : freeHead + 1;
    freeCount--;
    return slot;
  }

  /** Whether a slot still holds the last call of this one's session. */
  abstract boolean holdsSessionOf(int next, int slot);

  /**
   * A call begins in a slot; what the slot's call before it left behind goes, but for as many
   * tokens of the call's prompt as this gives.
   */
  abstract int begin(int slot, int next);

  /** The tokens of a stretch are in the cache. */
  abstract void placeStretch();

  /** Share of the KV cache that is in use. */
  abstract double kvShare();

  /** Puts together a stretch of decode steps of all slots that hold a call. */
  abstract void planStretch(long now);

  /** Puts together an iteration with prompts. */
  abstract void planPrefill(long now);

  /** A pass starts when the host has prepared it and the device is through with the one before. */
  final void run(long hostPicos, long devicePicos) {
    deviceStart = Math.max(deviceStart + hostPicos, deviceEnd);
    deviceEnd = deviceStart + devicePicos;
  }

  final void beginPasses() {
    deviceStart = time.clear(slots);
    deviceEnd = lag;
  }

  /** The iteration's passes are put together; so many slots put out a token at its end. */
  final void endPasses(long now, int sampled) {
    stretch = false;
    segmentSteps = 1;
    // Where nothing is sampled the host goes on to the next iteration, and the device lags.
    lag = sampled == 0 ? deviceEnd - deviceStart : 0;
    segmentEnd = now + deviceEnd - lag + (sampled == 0 ? 0 : time.sampling(sampled));
  }
}
