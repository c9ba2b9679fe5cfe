package dev.homeward.replay;

import dev.homeward.catalog.Engine;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;

/**
 * Continuous batching as vLLM v1 schedules it. A step has one budget of tokens: running sequences
 * first, one token each; then a prefill that was begun; then waiting calls in order, their prompts
 * cut to what is left. A sequence that needs a KV block when none is free preempts the newest one,
 * which goes to the front of the queue and computes its prompt and its output again; in such a step
 * nobody is admitted. The step that completes a prompt gives the first token.
 *
 * <p>Prompts first (SGLang): a step takes in waiting prompts alone, as many as budget, seats and
 * blocks allow; only when none can be taken in do all running sequences decode. MLX does the same
 * with one prompt a step and few seats. Reserved output (TensorRT-LLM): a call is let in only if
 * the blocks of its whole output are left too, so nothing is ever preempted.
 *
 * <p>Not modelled: sharing of prefix blocks between calls, priorities, CPU swap, the asynchronous
 * overlap of scheduling and execution (its cost is part of the step's fixed time).
 *
 * <p>While nobody is admitted, k steps have a closed form. Contexts are not touched step by step: a
 * sequence's context is its context when it began to decode plus the steps since. Blocks needed
 * over k steps follow from how many sequences stand at each position of a block.
 */
final class ContinuousBatching extends Replica {
  private static final int NONE = -1;

  private final int block;
  private final int blockShift;
  private final int blocks;
  private final int maxSequences;

  /** Tokens a step computes for a decoding sequence, and drafting's time over the products'. */
  private final int width;

  private final double draftShare;

  /** Prompts in steps of their own, and how many in one. */
  private final boolean prefillFirst;

  private final int promptsAStep;

  /** A call is let in only if its whole output will fit beside all others'. */
  private final boolean reservesOutput;

  private int committedBlocks;

  // Sequences, by seat. A seat is taken from admission to finish, preemption included.
  private final int[] call;
  private final int[] target;
  private final int[] computed;
  private final int[] generated;
  private final long[] enteredStep;
  private final int[] enteredContext;
  private final long[] finishStep;
  private final long[] firstToken;
  private final int[] newer;
  private final int[] older;
  private final int[] heap;
  private final long[] heapKey;
  private final int[] heapAt;
  private final int[] freeSeats;
  private final int[] preempted;
  private final int[] prefilling;
  private int freeSeatCount;
  private int preemptedCount;
  private int prefillingCount;
  private int heapSize;
  private int newest = NONE;
  private int running;

  /** The one sequence whose prompt is computed in part; it is always the newest. */
  private int partial = NONE;

  private int freeBlocks;
  private int leastFree = Integer.MAX_VALUE;

  // Decoding sequences: count, context tokens, and how many will need a block at which step.
  private int decoding;
  private long context;
  private final int[] atPhase;
  private long step;

  private int decodingInSegment;

  // Prompt tokens of the step that is put together, and their pairs of query and key.
  private int promptTokens;
  private long promptPairs;

  ContinuousBatching(
      Offer offer, Deployment deployment, StepTime time, Recorder recorder, Standby standby) {
    super(offer, deployment, time, recorder, standby);
    Engine engine = deployment.engine();
    this.prefillFirst =
        engine.scheduler() == Engine.Scheduler.PREFILL_FIRST
            || engine.scheduler() == Engine.Scheduler.SMALL_BATCH;
    this.promptsAStep = engine.scheduler() == Engine.Scheduler.SMALL_BATCH ? 1 : Integer.MAX_VALUE;
    this.reservesOutput = engine.reservesOutput();
    this.block = deployment.engine().blockTokens();
    if (Integer.bitCount(block) != 1) {
      throw new IllegalArgumentException(
          "Invalid block of the KV cache: %d tokens (a power of two)".formatted(block));
    }
    this.blockShift = Integer.numberOfTrailingZeros(block);
    this.blocks = (int) Math.min(Integer.MAX_VALUE, deployment.kvCache().kvTokens() / block);
    this.freeBlocks = blocks;
    this.width = offer.speculation.width();
    this.draftShare = offer.speculation.draftShare();
    // Every sequence needs its tokens in a step.
    this.maxSequences =
        Math.min(deployment.kvCache().maxSequences(), time.maxBatchedTokens() / width);
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
    this.finishStep = new long[seats];
    this.firstToken = new long[seats];
    this.newer = new int[seats];
    this.older = new int[seats];
    this.heap = new int[seats];
    this.heapKey = new long[seats];
    this.heapAt = new int[seats];
    this.freeSeats = new int[seats];
    this.preempted = new int[seats];
    this.prefilling = new int[seats];
    this.atPhase = new int[block];
    for (int seat = 0; seat < seats; seat++) {
      freeSeats[seat] = seats - 1 - seat;
      heapAt[seat] = NONE;
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
        freeBlocks -= (int) blocksNeeded(segmentSteps);
      }
      // Steps are counted for those who decode in them: a step of prompts alone is none.
      step += decodingInSegment > 0 ? segmentSteps : 0;
      context += (long) decodingInSegment * segmentSteps;
      notePeak();
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
    int needed = phaseCount(0);
    if (needed > freeBlocks) {
      preemptUntilFits();
      anyPreempted = true;
      needed = phaseCount(0);
    }
    // Blocks of this step's decodes are set aside before prefills may take any.
    freeBlocks -= needed;
    int budget = time.maxBatchedTokens() - decoding * width;
    if (!prefillFirst && partial != NONE && budget > 0) {
      int chunk = Math.min(target[partial] - computed[partial], budget);
      int more = blocksOf(computed[partial] + chunk) - blocksOf(computed[partial]);
      if (more > freeBlocks) {
        preempt(partial);
        anyPreempted = true;
      } else {
        freeBlocks -= more;
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
            + time.contextPicos() * context
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
    freeBlocks += needed;
    growthPicos = time.contextPicos() * decoding;
    stretch = true;
    segmentSteps =
        Math.min(finishStep[heap[0]] - step, stepsUntilBlocksRunOut(finishStep[heap[0]] - step));
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
        int more = blocksOf(computed[seat] + chunk) - blocksOf(computed[seat]);
        if (more > freeBlocks) {
          break;
        }
        freeBlocks -= more;
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
    int hit = offer.cached[waitingCall];
    int chunk = Math.min(tokens - hit, budget);
    int needed = blocksOf(hit + chunk);
    if (needed > freeBlocks) {
      return NONE;
    }
    if (reservesOutput) {
      int whole = wholeBlocks(waitingCall);
      if (committedBlocks + whole > blocks) {
        return NONE;
      }
      committedBlocks += whole;
    }
    if (again) {
      preemptedCount--;
      recorder.waiting--;
    } else {
      freeSeatCount--;
      dequeue();
      call[seat] = waitingCall;
      generated[seat] = 0;
    }
    freeBlocks -= needed;
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
        freeBlocks += blocksOf(computed[seat]);
        leave(seat, now);
      } else {
        enteredStep[seat] = step;
        enteredContext[seat] = computed[seat];
        finishStep[seat] = step + output - generated[seat];
        decoding++;
        context += computed[seat];
        atPhase[phaseKey(seat)]++;
        push(seat);
      }
    }
    prefillingCount = 0;
  }

  private void finishDecoded(long now) {
    while (heapSize > 0 && finishStep[heap[0]] <= step) {
      int seat = heap[0];
      int tokens = contextOf(seat);
      stopDecoding(seat);
      freeBlocks += blocksOf(tokens);
      leave(seat, now);
    }
  }

  // Blocks of a call when it ends: its last token is put out and not stored.
  private int wholeBlocks(int ofCall) {
    return blocksOf(offer.prompt[ofCall] + Math.max(0, offer.output[ofCall] - 1));
  }

  private void leave(int seat, long now) {
    if (reservesOutput) {
      committedBlocks -= wholeBlocks(call[seat]);
    }
    unlink(seat);
    freeSeats[freeSeatCount++] = seat;
    finish(call[seat], firstToken[seat], now);
  }

  // Running sequences in order of admission take a block where they need one; the newest sequence
  // pays for it, itself if need be. Whoever is left has a block in the end, so the newest go until
  // those who need one are no more than the blocks.
  private void preemptUntilFits() {
    while (phaseCount(0) > freeBlocks) {
      preempt(newest);
    }
  }

  private void preempt(int seat) {
    int released;
    if (heapAt[seat] == NONE) {
      released = blocksOf(computed[seat]);
      if (partial == seat) {
        partial = NONE;
      }
    } else {
      int tokens = contextOf(seat);
      generated[seat] += (int) (step - enteredStep[seat]);
      stopDecoding(seat);
      released = blocksOf(tokens);
    }
    freeBlocks += released;
    unlink(seat);
    preempted[preemptedCount++] = seat;
    recorder.enqueued();
    recorder.preemptions++;
  }

  private void stopDecoding(int seat) {
    decoding--;
    context -= contextOf(seat);
    atPhase[phaseKey(seat)]--;
    removeFromHeap(seat);
  }

  private int contextOf(int seat) {
    return enteredContext[seat] + (int) (step - enteredStep[seat]);
  }

  private int blocksOf(int tokens) {
    return (tokens + block - 1) >> blockShift;
  }

  private static long pairs(int before, int chunk) {
    return (long) chunk * before + (long) chunk * (chunk + 1) / 2;
  }

  // A sequence needs a block at step s where (context then) mod block is 0. Context grows with the
  // step, so context minus step, modulo the block, stays what it is while it decodes.
  private int phaseKey(int seat) {
    return (int) (enteredContext[seat] - enteredStep[seat]) & (block - 1);
  }

  /** Sequences that need a block at the step that is so many steps ahead. */
  private int phaseCount(long ahead) {
    return atPhase[(int) -(step + ahead) & (block - 1)];
  }

  private long blocksNeeded(long steps) {
    long needed = (steps >> blockShift) * decoding;
    long rest = steps & (block - 1);
    for (long ahead = 0; ahead < rest; ahead++) {
      needed += phaseCount(ahead);
    }
    return needed;
  }

  private long stepsUntilBlocksRunOut(long most) {
    long cycles = freeBlocks / decoding;
    if (cycles * block >= most) {
      return most;
    }
    long steps = cycles * block;
    long left = freeBlocks - cycles * decoding;
    while (steps < most) {
      left -= phaseCount(steps);
      if (left < 0) {
        break;
      }
      steps++;
    }
    return Math.max(1, steps);
  }

  private void notePeak() {
    if (freeBlocks < leastFree) {
      leastFree = freeBlocks;
      recorder.kvPeakShare =
          Math.max(recorder.kvPeakShare, (double) (blocks - freeBlocks) / blocks);
    }
  }

  private void append(int seat) {
    newer[seat] = NONE;
    older[seat] = newest;
    if (newest != NONE) {
      newer[newest] = seat;
    }
    newest = seat;
    running++;
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

  // A binary heap of decoding seats by the step at which they finish; ties by seat do not matter,
  // because all that finish at a step leave at the same instant.
  private void push(int seat) {
    siftUp(heapSize++, seat, finishStep[seat]);
  }

  private void removeFromHeap(int seat) {
    int at = heapAt[seat];
    heapAt[seat] = NONE;
    int last = heap[--heapSize];
    if (last != seat) {
      long key = heapKey[heapSize];
      if (at > 0 && heapKey[(at - 1) >> 1] > key) {
        siftUp(at, last, key);
      } else {
        siftDown(at, last, key);
      }
    }
  }

  private void siftUp(int from, int seat, long key) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (heapKey[parent] <= key) {
        break;
      }
      put(at, heap[parent], heapKey[parent]);
      at = parent;
    }
    put(at, seat, key);
  }

  private void siftDown(int from, int seat, long key) {
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && heapKey[child + 1] < heapKey[child]) {
        child++;
      }
      if (heapKey[child] >= key) {
        break;
      }
      put(at, heap[child], heapKey[child]);
      at = child;
    }
    put(at, seat, key);
  }

  private void put(int at, int seat, long key) {
    heap[at] = seat;
    heapKey[at] = key;
    heapAt[seat] = at;
  }
}
