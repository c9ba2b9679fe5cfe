package dev.homeward.replay;

import dev.homeward.catalog.Scheduling;
import dev.homeward.serving.KvCachePlan;

/**
 * Continuous batching as vLLM v1 schedules it. A step has one budget of tokens: running sequences
 * first, one token each; then a prefill that was begun; then waiting calls in order, their prompts
 * cut to what is left. A sequence that needs a KV block when none is free preempts the newest one,
 * which goes to the front of the queue. When it is admitted again it finds those of its blocks that
 * nobody has taken since, and computes the rest of its prompt and its output again; in a step with
 * a preemption nobody is admitted. The step that completes a prompt gives the first token.
 *
 * <p>Prompts first (SGLang): a step takes in waiting prompts alone, as many as budget, seats and
 * blocks allow; only when none can be taken in do all running sequences decode. MLX does the same
 * with one prompt a step and few seats. Reserved output (TensorRT-LLM): a call is let in only if
 * the blocks of its whole output are left too, so nothing is ever preempted.
 *
 * <p>A call of a session begins with the blocks of the session's last call that nobody has taken
 * since ({@link KeptPrefixes}); blocks that it finds with another call, running or of another
 * session, it need not compute but has a copy of.
 *
 * <p>A model with recurrent layers takes blocks for a sequence's state from the same pool, from
 * admission to the end; what is left of it after a preemption is of no use without that state, so
 * all is computed again.
 *
 * <p>Not modelled: two calls with one copy of a prefix, priorities, CPU swap, the asynchronous
 * overlap of scheduling and execution (its cost is part of the step's fixed time).
 *
 * <p>While nobody is admitted, k steps have a closed form. Contexts are not touched step by step: a
 * sequence's context is its context when it began to decode plus the steps since. Blocks needed
 * over k steps follow from how many sequences stand at each position of a block.
 */
final class BatchReplica extends Replica {
  private static final int NONE = -1;

  private final KvBlocks blocks;

  /** Blocks of a sequence's recurrent state. */
  private final int stateBlocks;

  /** What is there of sessions' calls; null where no call finds any of it. */
  private final KeptPrefixes prefixes;

  private final int maxSequences;

  /** Tokens a step computes for a decoding sequence, and drafting's time over the products'. */
  private final int width;

  private final double draftShare;

  /** Prompts in steps of their own, and how many in one. */
  private final boolean prefillFirst;

  private final int promptsAStep;

  /** A call is let in only if its whole output will fit beside all others'. */
  private final boolean reservesOutput;

  // Sequences, by seat. A seat is taken from admission to finish, preemption included.
  private final int[] call;
  private final int[] target;
  private final int[] computed;
  private final int[] generated;
  private final long[] enteredStep;
  private final int[] enteredContext;
  private final long[] firstToken;
  private final int[] newer;
  private final int[] older;
  private final FinishHeap byFinish;
  private final int[] freeSeats;
  private final int[] preempted;

  /** Of preempted seats: where their blocks stand among the free ones, how many, how many whole. */
  private final long[] place;

  private final int[] queued;
  private final int[] whole;
  private final int[] prefilling;
  private final int[] finishing;
  private final long[] admission;
  private int freeSeatCount;
  private int preemptedCount;
  private int prefillingCount;
  private int newest = NONE;
  private long admissions;
  private int running;

  /** The one sequence whose prompt is computed in part; it is always the newest. */
  private int partial = NONE;

  // Decoding sequences: count and context tokens.
  private int decoding;
  private long context;
  private long step;

  private int decodingInSegment;

  // Prompt tokens of the step that is put together, and their pairs of query and key.
  private int promptTokens;
  private long promptPairs;

  BatchReplica(ReplicaMaker maker, Scheduling.Paged scheduling) {
    super(maker);
    KvCachePlan plan = maker.deployment().kvCache();
    this.prefillFirst =
        switch (scheduling.promptSteps()) {
          case MIXED -> false;
          case ALONE, ONE_ALONE -> true;
        };
    this.promptsAStep = scheduling.promptSteps().most();
    this.reservesOutput =
        switch (scheduling.reservation()) {
          case NEXT_CHUNK -> false;
          case WHOLE_OUTPUT -> true;
        };
    this.blocks = new KvBlocks(scheduling.blockTokens(), plan.kvTokens());
    this.stateBlocks = plan.stateTokens() / scheduling.blockTokens();
    this.prefixes = offer.findable == null ? null : new KeptPrefixes(offer.findable, blocks);
    this.width = offer.speculation.width();
    this.draftShare = offer.speculation.draftShare();
    // Every sequence needs its tokens in a step.
    this.maxSequences = Math.min(plan.maxSequences(), time.maxBatchedTokens() / width);
    if (maxSequences < 1) {
      throw new IllegalArgumentException(
          "Invalid engine limits: %d tokens a step, %d a sequence"
              .formatted(time.maxBatchedTokens(), width));
    }
    int seats = maxSequences;
    this.call = new int[seats];
    this.target = new int[seats];
    this.computed = new int[seats];
    this.generated = new int[seats];
    this.enteredStep = new long[seats];
    this.enteredContext = new int[seats];
    this.firstToken = new long[seats];
    this.newer = new int[seats];
    this.older = new int[seats];
    this.byFinish = new FinishHeap(seats);
    this.freeSeats = new int[seats];
    this.preempted = new int[seats];
    this.place = new long[seats];
    this.queued = new int[seats];
    this.whole = new int[seats];
    this.prefilling = new int[seats];
    this.finishing = new int[seats];
    this.admission = new long[seats];
    for (int seat = 0; seat < seats; seat++) {
      freeSeats[seat] = seats - 1 - seat;
    }
    this.freeSeatCount = seats;
  }

  @Override
  void endSegment() {
    long now = segmentEnd;
    if (segmentSteps > 0) {
      recorder.busy(segmentStart, now);
      recorder.passes += segmentSteps;
      recorder.computedTokens += (double) segmentSteps * decodingInSegment * width;
      recorder.contextReads +=
          decodingInSegment == 0
              ? 0
              : (double) segmentSteps * context
                  + 0.5 * decodingInSegment * segmentSteps * (segmentSteps - 1);
      if (stretch) {
        blocks.take(blocks.needed(step, segmentSteps, decoding));
      }
      // Steps are counted for those who decode in them: a step of prompts alone is none.
      step += decodingInSegment > 0 ? segmentSteps : 0;
      context += (long) decodingInSegment * segmentSteps;
      blocks.notePeak(recorder);
      finishDecoded(now);
      completePrefills(now);
    }
    plan(now);
  }

  private void plan(long now) {
    segmentStart = now;
    decodingInSegment = 0;
    if (running == 0 && preemptedCount == 0 && queueIsEmpty()) {
      becomeIdle(now);
      return;
    }
    prefillingCount = 0;
    promptTokens = 0;
    promptPairs = 0;
    if (prefillFirst && planPrompts(now)) {
      return;
    }
    boolean anyPreempted = false;
    int needed = blocks.neededAt(step);
    if (needed > blocks.free()) {
      preemptUntilFits();
      anyPreempted = true;
      needed = blocks.neededAt(step);
    }
    // Blocks of this step's decodes are set aside before prefills may take any.
    blocks.take(needed);
    int budget = time.maxBatchedTokens() - decoding * width;
    if (!prefillFirst && partial != NONE && budget > 0) {
      int chunk = Math.min(target[partial] - computed[partial], budget);
      int more = blocks.of(computed[partial] + chunk) - blocks.of(computed[partial]);
      if (more > blocks.free()) {
        preempt(partial);
        anyPreempted = true;
      } else {
        blocks.take(more);
        budget -= take(partial, budget);
      }
    }
    while (!prefillFirst && !anyPreempted && budget > 0 && running < maxSequences) {
      int seat = admit(budget);
      if (seat == NONE) {
        break;
      }
      budget -= take(seat, budget);
    }
    decodingInSegment = decoding;
    recorder.computedTokens += promptTokens;
    recorder.pairs += promptPairs;
    int sequences = decoding + prefillingCount;
    firstStepPicos =
        time.tokens(decoding * width + promptTokens)
            + (prefillingCount > 0 ? time.mixedContextPicos() : time.contextPicos()) * context
            + time.pairPicos() * promptPairs
            + time.sequencePicos() * sequences;
    if (draftShare > 0 && decoding > 0) {
      firstStepPicos += Math.round(draftShare * time.tokens(decoding * width));
    }
    if (prefillingCount > 0) {
      stretch = false;
      segmentSteps = 1;
      segmentEnd = now + firstStepPicos;
      return;
    }
    blocks.putBack(needed);
    growthPicos = time.contextPicos() * decoding;
    stretch = true;
    segmentSteps = blocks.stepsUntilNoneIsFree(step, byFinish.firstStep() - step, decoding);
    // After a preemption the next step may admit again, though nothing has finished.
    if (anyPreempted) {
      segmentSteps = 1;
    }
    segmentEnd = now + stretch(segmentSteps, firstStepPicos, growthPicos);
  }

  // A step of prompts alone: the one that was begun, then waiting ones, as many as budget, seats
  // and
  // blocks allow. False if there is none to take in; those who decode then go on.
  private boolean planPrompts(long now) {
    int budget = time.maxBatchedTokens();
    boolean full = false;
    while (!full && budget > 0 && prefillingCount < promptsAStep) {
      int seat;
      if (partial != NONE && prefillingCount == 0) {
        seat = partial;
        int chunk = Math.min(target[seat] - computed[seat], budget);
        int more = blocks.of(computed[seat] + chunk) - blocks.of(computed[seat]);
        if (more > blocks.free()) {
          break;
        }
        blocks.take(more);
      } else {
        seat = running < maxSequences ? admit(budget) : NONE;
        if (seat == NONE) {
          break;
        }
      }
      budget -= take(seat, budget);
      full = computed[seat] < target[seat];
    }
    if (prefillingCount == 0) {
      return false;
    }
    recorder.computedTokens += promptTokens;
    recorder.pairs += promptPairs;
    stretch = false;
    segmentSteps = 1;
    firstStepPicos =
        time.tokens(promptTokens)
            + time.pairPicos() * promptPairs
            + time.sequencePicos() * prefillingCount;
    segmentEnd = now + firstStepPicos;
    return true;
  }

  /** Takes as much of a seat's prompt into the step as the budget allows. */
  private int take(int seat, int budget) {
    int chunk = Math.min(target[seat] - computed[seat], budget);
    promptPairs += pairs(computed[seat], chunk);
    promptTokens += chunk;
    computed[seat] += chunk;
    prefilling[prefillingCount++] = seat;
    return chunk;
  }

  /** Takes the next waiting call into a seat, if its first chunk's blocks are free. */
  private int admit(int budget) {
    boolean again = preemptedCount > 0;
    if (!again && queueIsEmpty()) {
      return NONE;
    }
    int seat = again ? preempted[preemptedCount - 1] : freeSeats[freeSeatCount - 1];
    int waitingCall = again ? call[seat] : queueHead();
    int tokens = offer.prompt[waitingCall] + (again ? generated[seat] : 0);
    int found = 0;
    int hit = offer.cached[waitingCall];
    if (again) {
      found = stateBlocks > 0 ? 0 : Math.min(blocks.left(place[seat], queued[seat]), whole[seat]);
      hit = Math.max(hit, blocks.tokens(found));
    } else if (prefixes != null) {
      found = prefixes.standing(waitingCall);
      hit += prefixes.tokens(waitingCall);
    }
    int chunk = Math.min(tokens - hit, budget);
    int needed = blocks.of(hit + chunk) + stateBlocks;
    if (needed > blocks.free()) {
      return NONE;
    }
    if (reservesOutput && !blocks.commit(wholeBlocks(waitingCall))) {
      return NONE;
    }
    if (again) {
      preemptedCount--;
      recorder.waiting--;
      // The first blocks of a seat are the last of those it gave back.
      blocks.takeInside(place[seat], queued[seat], found);
    } else {
      freeSeatCount--;
      dequeue();
      recorder.admit(waitingCall, hit);
      if (prefixes != null) {
        prefixes.begins(waitingCall, found, hit - offer.cached[waitingCall]);
      }
      call[seat] = waitingCall;
      generated[seat] = 0;
    }
    blocks.take(needed - found);
    target[seat] = tokens;
    computed[seat] = hit;
    append(seat);
    return seat;
  }

  private void completePrefills(long now) {
    if (prefillingCount > 0) {
      partial = NONE;
    }
    for (int i = 0; i < prefillingCount; i++) {
      int seat = prefilling[i];
      if (computed[seat] < target[seat]) {
        partial = seat;
        continue;
      }
      generated[seat]++;
      if (generated[seat] == 1) {
        firstToken[seat] = now;
      }
      int output = offer.output[call[seat]];
      if (generated[seat] >= output) {
        giveBack(seat, computed[seat]);
        leave(seat, now);
      } else {
        if (prefixes != null) {
          prefixes.prompted(call[seat], computed[seat]);
        }
        enteredStep[seat] = step;
        enteredContext[seat] = computed[seat];
        decoding++;
        context += computed[seat];
        blocks.enter(enteredContext[seat], step);
        byFinish.add(seat, step + output - generated[seat]);
      }
    }
    prefillingCount = 0;
  }

  private void finishDecoded(long now) {
    int finished = 0;
    while (!byFinish.isEmpty() && byFinish.firstStep() <= step) {
      int seat = byFinish.first();
      stopDecoding(seat);
      int at = finished++;
      // Blocks are given back in order of admission; where nobody finds them any order will do.
      for (; prefixes != null && at > 0; at--) {
        if (admission[finishing[at - 1]] < admission[seat]) {
          break;
        }
        finishing[at] = finishing[at - 1];
      }
      finishing[at] = seat;
    }
    for (int i = 0; i < finished; i++) {
      giveBack(finishing[i], contextOf(finishing[i]));
      leave(finishing[i], now);
    }
  }

  private void giveBack(int seat, int tokens) {
    if (prefixes != null) {
      prefixes.ends(call[seat], tokens);
    }
    blocks.release(blocks.of(tokens) + stateBlocks);
  }

  @Override
  void forget() {
    if (prefixes != null) {
      prefixes.forget();
    }
  }

  // Blocks of a call when it ends: its last token is put out and not stored.
  private int wholeBlocks(int ofCall) {
    return blocks.of(offer.prompt[ofCall] + Math.max(0, offer.output[ofCall] - 1)) + stateBlocks;
  }

  private void leave(int seat, long now) {
    if (reservesOutput) {
      blocks.breakPromise(wholeBlocks(call[seat]));
    }
    unlink(seat);
    freeSeats[freeSeatCount++] = seat;
    finish(call[seat], firstToken[seat], now);
  }

  // Running sequences in order of admission take a block where they need one; the newest sequence
  // pays for it, itself if need be. Whoever is left has a block in the end, so the newest go until
  // those who need one are no more than the blocks.
  private void preemptUntilFits() {
    while (blocks.neededAt(step) > blocks.free()) {
      preempt(newest);
    }
  }

  private void preempt(int seat) {
    int tokens;
    if (!byFinish.holds(seat)) {
      tokens = computed[seat];
      if (partial == seat) {
        partial = NONE;
      }
    } else {
      tokens = contextOf(seat);
      generated[seat] += (int) (step - enteredStep[seat]);
      stopDecoding(seat);
    }
    place[seat] = blocks.tail();
    queued[seat] = blocks.of(tokens);
    whole[seat] = blocks.whole(tokens);
    blocks.release(queued[seat] + stateBlocks);
    unlink(seat);
    if (prefixes != null) {
      prefixes.preempted(call[seat]);
    }
    preempted[preemptedCount++] = seat;
    recorder.enqueued();
    recorder.preemptions++;
  }

  private void stopDecoding(int seat) {
    decoding--;
    context -= contextOf(seat);
    blocks.leave(enteredContext[seat], enteredStep[seat]);
    byFinish.remove(seat);
  }

  private int contextOf(int seat) {
    return enteredContext[seat] + (int) (step - enteredStep[seat]);
  }

  private static long pairs(int before, int chunk) {
    return (long) chunk * before + (long) chunk * (chunk + 1) / 2;
  }

  private void append(int seat) {
    newer[seat] = NONE;
    older[seat] = newest;
    if (newest != NONE) {
      newer[newest] = seat;
    }
    newest = seat;
    running++;
    admission[seat] = admissions++;
  }

  private void unlink(int seat) {
    if (older[seat] != NONE) {
      newer[older[seat]] = newer[seat];
    }
    if (newer[seat] == NONE) {
      newest = older[seat];
    } else {
      older[newer[seat]] = older[seat];
    }
    running--;
  }
}
