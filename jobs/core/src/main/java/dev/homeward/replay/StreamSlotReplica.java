package dev.homeward.replay;

import java.util.Arrays;

/**
 * Slots with a KV buffer each (llama.cpp with an explicit number of slots, from 2025-08): a pass
 * reads each slot's own context, and what the mask hides is skipped.
 *
 * <p>llama.cpp splits a batch into passes in which all sequences have as many tokens; here a pass
 * holds the decoding slots' tokens and prompts one after the other.
 */
final class StreamSlotReplica extends SlotReplica {
  private static final int NONE = -1;

  private final int[] context;

  /** The session of the call that a slot holds or held. */
  private final int[] session;

  StreamSlotReplica(ReplicaMaker maker) {
    super(maker);
    this.context = new int[slots];
    this.session = new int[slots];
    Arrays.fill(session, NONE);
  }

  @Override
  boolean holdsSessionOf(int next, int slot) {
    return offer.findable != null
        && offer.findable.session[next] != NONE
        && session[slot] == offer.findable.session[next];
  }

  // Of another session's call of the same workload, what all of them have.
  @Override
  int begin(int slot, int next) {
    int found = offer.cached[next];
    if (offer.findable != null) {
      int of = offer.findable.session[next];
      if (of != NONE && session[slot] == of) {
        found = Math.min(context[slot], offer.findable.tokens[next]);
      } else if (of != NONE
          && session[slot] != NONE
          && offer.findable.workload[of] == offer.findable.workload[session[slot]]) {
        found = Math.min(context[slot], offer.findable.common[next]);
      }
      session[slot] = of;
    }
    context[slot] = found;
    return found;
  }

  @Override
  void forget() {
    Arrays.fill(session, NONE);
  }

  @Override
  void placeStretch() {
    work(segmentSteps, segmentTokens, contexts());
    for (long of = generatingMask; of != 0; of &= of - 1) {
      context[Long.numberOfTrailingZeros(of)] += (int) segmentSteps;
    }
  }

  @Override
  double kvShare() {
    long all = 0;
    for (int tokens : context) {
      all += tokens;
    }
    return (double) all / capacity;
  }

  // Tokens in the cache of all slots that put out tokens.
  private long contexts() {
    long all = 0;
    for (long of = generatingMask; of != 0; of &= of - 1) {
      all += context[Long.numberOfTrailingZeros(of)];
    }
    return all;
  }

  @Override
  void planStretch(long now) {
    stretch = true;
    segmentTokens = generating;
    segmentSteps = leastRemaining();
    firstStepPicos =
        time.clear(slots)
            + time.host(0, generating)
            + time.tokens(generating)
            + time.contextPicos() * (contexts() + generating)
            + time.sampling(generating);
    growthPicos = time.contextPicos() * generating;
    segmentEnd = now + stretch(segmentSteps, firstStepPicos, growthPicos);
  }

  @Override
  void planPrefill(long now) {
    beginPasses();
    int sampled = generating;
    int budget = time.maxBatchedTokens() - generating;
    // One pass after the other: the decoding slots' tokens first, then prompts in order of slots.
    int pass = generating;
    long attention = time.contextPicos() * (contexts() + generating);
    work(0, generating, contexts());
    for (long of = generatingMask; of != 0; of &= of - 1) {
      context[Long.numberOfTrailingZeros(of)]++;
    }
    for (long of = busyMask & ~generatingMask; of != 0; of &= of - 1) {
      int slot = Long.numberOfTrailingZeros(of);
      int chunk = Math.min(left[slot], budget);
      budget -= chunk;
      left[slot] -= chunk;
      while (chunk > 0) {
        if (pass == time.passTokens()) {
          run(pass, attention);
          pass = 0;
          attention = 0;
        }
        int some = Math.min(chunk, time.passTokens() - pass);
        attention += time.prompt(some, context[slot]);
        work(0, some, context[slot]);
        context[slot] += some;
        pass += some;
        chunk -= some;
        if (chunk == 0 && left[slot] == 0) {
          sampled++;
        }
      }
    }
    if (pass > 0) {
      run(pass, attention);
    }
    endPasses(now, sampled);
  }

  private void run(int tokens, long attention) {
    recorder.passes++;
    recorder.ofVectors(1, tokens);
    run(time.host(0, tokens), time.tokens(tokens) + attention);
  }

  private void work(long passes, int tokens, long read) {
    long steps = Math.max(1, passes);
    recorder.passes += passes;
    recorder.computedTokens += (double) steps * tokens;
    recorder.ofVectors(passes, tokens);
    recorder.contextReads += (double) steps * read;
    recorder.pairs += (double) steps * (passes == 0 ? (double) tokens * read : read);
  }
}
