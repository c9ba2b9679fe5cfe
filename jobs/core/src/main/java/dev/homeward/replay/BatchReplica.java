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
  private static final int NONE = AdmissionOrder.NONE;

  private final KvBlocks blocks;

  /** Blocks of a sequence's recurrent state. */
  private final int stateBlocks;

  /** What is there of sessions' calls; null where no call finds any of it. */
  private final KeptPrefixes prefixes;

  private final PagedRules rules;

  // Sequences, by seat. A seat is taken from admission to finish, preemption included.
  private final int[] call;
  private final int[] target;
  private final int[] computed;
  private final int[] generated;
  private final long[] enteredStep;
  private final int[] enteredContext;
  private final long[] firstToken;
  private final AdmissionOrder running;
  private final FinishSteps byFinish;
  private final FreeSeats freeSeats;
  private final PreemptedSeats preempted;
  private final StepPrompts prompts;
  private final int[] finishing;
  private final ChunkRun chunks;
  private final RepeatedPrefill repeated;

  /** The one sequence whose prompt is computed in part; it is always the newest. */
  private int partial = NONE;

  // Decoding sequences: count and context tokens.
  private int decoding;
  private long context;
  private long step;
  private int decodingInSegment;

  /** The stretch under way begins with a step that would else be a segment of its own. */
  private boolean hidesStep;

  BatchReplica(ReplicaMaker maker, Scheduling.Paged scheduling) {
    super(maker);
    KvCachePlan plan = maker.deployment().kvCache();
    this.blocks = new KvBlocks(scheduling.blockTokens(), plan.kvTokens());
    this.stateBlocks = plan.stateTokens() / scheduling.blockTokens();
    this.prefixes = offer.findable == null ? null : new KeptPrefixes(offer.findable, blocks);
    this.rules =
        PagedRules.of(scheduling, plan.maxSequences(), time.maxBatchedTokens(), offer.speculation);
    int seats = rules.maxSequences();
    this.call = new int[seats];
    this.target = new int[seats];
    this.computed = new int[seats];
    this.generated = new int[seats];
    this.enteredStep = new long[seats];
    this.enteredContext = new int[seats];
    this.firstToken = new long[seats];
    this.running = new AdmissionOrder(seats);
    this.byFinish = new FinishSteps(seats);
    this.freeSeats = new FreeSeats(seats);
    this.preempted = new PreemptedSeats(seats, blocks);
    this.prompts = new StepPrompts(seats);
    this.finishing = new int[seats];
    this.chunks = new ChunkRun(blocks);
    this.repeated =
        new RepeatedPrefill(blocks, stateBlocks, time, rules.width(), rules.draftShare());
  }

  @Override
  void endSegment() {
    long now = segmentEnd;
    if (repeated.isUnderWay()) {
      passCycles(repeated.cycles());
    }
    if (chunks.isUnderWay()) {
      computed[prompts.seat(0)] += chunks.book(segmentSteps, recorder);
    }
    if (segmentSteps > 0) {
      recorder.busy(segmentStart, now);
      recorder.passes += segmentSteps;
      if (decodingInSegment > 0) {
        passDecodes(segmentSteps);
      }
      blocks.notePeak(recorder);
      if (byFinish.firstStep() <= step) {
        finishDecoded(now);
      }
      if (prompts.count > 0) {
        completePrefills(now);
      }
    }
    plan(now);
  }

  // Those who decode went so many steps on. Steps of prompts alone are none of theirs.
  private void passDecodes(long steps) {
    recorder.computedTokens += (double) steps * decodingInSegment * rules.width();
    recorder.contextReads +=
        (double) steps * context + 0.5 * decodingInSegment * steps * (steps - 1);
    if (stretch) {
      blocks.takeNeeded(step, steps, decoding);
    }
    step += steps;
    context += decodingInSegment * steps;
  }

  private void plan(long now) {
    segmentStart = now;
    decodingInSegment = 0;
    hidesStep = false;
    if (running.size() == 0 && preempted.isEmpty() && queueIsEmpty()) {
      becomeIdle(now);
      return;
    }
    prompts.clear();
    if (rules.prefillFirst() && planPrompts(now)) {
      return;
    }
    boolean anyPreempted = false;
    int needed = blocks.neededAt(step);
    // Running sequences in order of admission take a block where they need one; the newest one pays
    // for it, itself if need be. So the newest go until those who need one are no more than the
    // blocks.
    while (needed > blocks.free()) {
      preempt(running.newest());
      anyPreempted = true;
      needed = blocks.neededAt(step);
    }
    // Blocks of this step's decodes are set aside before prefills may take any.
    blocks.take(needed);
    int budget = time.maxBatchedTokens() - decoding * rules.width();
    if (!rules.prefillFirst() && partial != NONE && budget > 0) {
      if (hasRoomToGoOn(budget)) {
        budget -= take(partial, budget);
      } else {
        preempt(partial);
        anyPreempted = true;
      }
    }
    while (!rules.prefillFirst()
        && !anyPreempted
        && budget > 0
        && running.size() < rules.maxSequences()) {
      int seat = admit(budget);
      if (seat == NONE) {
        break;
      }
      budget -= take(seat, budget);
    }
    decodingInSegment = decoding;
    firstStepPicos =
        time.tokens(decoding * rules.width() + prompts.tokens)
            + time.sequencePicos() * (decoding + prompts.count);
    if (rules.draftShare() > 0 && decoding > 0) {
      firstStepPicos += Math.round(rules.draftShare() * time.tokens(decoding * rules.width()));
    }
    if (prompts.count > 0) {
      firstStepPicos += time.mixedContextPicos() * context + time.pairPicos() * prompts.pairs;
      prompt(now);
      return;
    }
    firstStepPicos += time.contextPicos() * context;
    blocks.putBack(needed);
    growthPicos = time.contextPicos() * decoding;
    stretch = true;
    segmentSteps = blocks.stepsUntilNoneIsFree(step, byFinish.firstStep() - step, decoding);
    // After a preemption the next step may admit again, though nothing has finished.
    hidesStep = anyPreempted && cannotAdmitNext(needed);
    segmentSteps = anyPreempted && !hidesStep ? 1 : segmentSteps;
    segmentEnd = now + stretch(segmentSteps, firstStepPicos, growthPicos);
  }

  // Whether the call that was preempted last takes more blocks than this step leaves, however much
  // of it is found again: then none is admitted before another call finishes.
  private boolean cannotAdmitNext(int neededNow) {
    int seat = preempted.next();
    int budget = time.maxBatchedTokens() - (rules.prefillFirst() ? 0 : decoding * rules.width());
    int hit = offer.cached[call[seat]];
    int tokens = hit + Math.min(offer.prompt[call[seat]] + generated[seat] - hit, budget);
    return partial == NONE && blocks.of(tokens) + stateBlocks > blocks.free() - neededNow;
  }

  // A step with prompts is put together. Where it is all of one prompt and so are the next ones,
  // these are part of the segment.
  private void prompt(long now) {
    recorder.computedTokens += prompts.tokens;
    recorder.pairs += prompts.pairs;
    stretch = false;
    segmentSteps = 1;
    segmentEnd = now + firstStepPicos;
    if (stateBlocks > 0 && !rules.prefillFirst()) {
      repeat();
    }
    int seat = prompts.seat(0);
    if (prompts.count == 1
        && target[seat] - computed[seat] > prompts.tokens
        && !repeated.isUnderWay()) {
      int beside = decodingInSegment;
      long most = beside > 0 ? byFinish.firstStep() - step : Long.MAX_VALUE;
      segmentSteps = chunks.begin(computed[seat], target[seat], prompts.tokens, beside, step, most);
      growthPicos = time.mixedContextPicos() * beside + time.pairPicos() * chunks.pairGrowth();
      segmentEnd = now + stretch(segmentSteps, firstStepPicos, growthPicos);
    }
  }

  // If the prompt that the step begins will be preempted and begun again and again, all until it is
  // begun once more is part of the segment too. Only a prompt with a recurrent state finds none of
  // its blocks again, so that it always begins the same.
  private void repeat() {
    if (decoding == 0 || partial != NONE || prompts.count > 1) {
      return;
    }
    int seat = prompts.seat(0);
    if (computed[seat] < target[seat]
        && computed[seat] - prompts.tokens == offer.cached[call[seat]]
        && recorder.mayHide()
        && repeated.begins(computed[seat], target[seat], prompts.tokens)
        && repeated.fits(decoding, step, byFinish.firstStep() - 1)) {
      segmentEnd = repeated.end(segmentStart, firstStepPicos, context);
      recorder.hidden += repeated.isUnderWay() ? 1 : 0;
    }
  }

  // So many cycles are over, and the first step of the next one is under way.
  private void passCycles(long many) {
    recorder.hidden--;
    long began = segmentStart;
    segmentStart += repeated.picos(many);
    firstStepPicos += repeated.laterPicos(many);
    segmentEnd = segmentStart + firstStepPicos;
    recorder.busy(began, segmentStart);
    repeated.book(many, recorder, context);
    step += many * repeated.steps();
    context += many * repeated.steps() * decoding;
    if (prefixes != null) {
      prefixes.preempted(call[prompts.seat(0)]);
    }
  }

  @Override
  void settle(long now, boolean ended) {
    if (repeated.isUnderWay()) {
      passCycles(repeated.within(now - segmentStart + (ended ? 1 : 0)));
      while (segmentEnd < now || (ended && segmentEnd == now)) {
        endSegment();
      }
    }
    if (chunks.isUnderWay()) {
      long span = now - segmentStart + (ended ? 1 : 0);
      long passed = stepsToReach(span, firstStepPicos, growthPicos, segmentSteps) - 1;
      if (passed > 0) {
        segmentSteps = passed;
        segmentEnd = segmentStart + stretch(passed, firstStepPicos, growthPicos);
        endSegment();
      }
      chunks.breakOff();
      segmentSteps = 1;
      segmentEnd = segmentStart + firstStepPicos;
    }
    if (hidesStep && segmentSteps > 1) {
      long steps = segmentSteps - 1;
      long end = segmentEnd;
      segmentSteps = 1;
      segmentEnd = segmentStart + firstStepPicos;
      hidesStep = false;
      if (segmentEnd < now || (ended && segmentEnd == now)) {
        endSegment();
        segmentSteps = steps;
        segmentEnd = end;
      }
    }
  }

  // A step of prompts alone: the one that was begun, then waiting ones, as many as there is room
  // for. False if there is none to take in; those who decode then go on.
  private boolean planPrompts(long now) {
    int budget = time.maxBatchedTokens();
    boolean full = false;
    while (!full && budget > 0 && prompts.count < rules.promptsAStep()) {
      int seat;
      if (partial != NONE && prompts.count == 0) {
        seat = hasRoomToGoOn(budget) ? partial : NONE;
      } else {
        seat = running.size() < rules.maxSequences() ? admit(budget) : NONE;
      }
      if (seat == NONE) {
        break;
      }
      budget -= take(seat, budget);
      full = computed[seat] < target[seat];
    }
    if (prompts.count == 0) {
      return false;
    }
    firstStepPicos =
        time.tokens(prompts.tokens)
            + time.pairPicos() * prompts.pairs
            + time.sequencePicos() * prompts.count;
    prompt(now);
    return true;
  }

  // The blocks for the next chunk of the prompt that was begun are taken, if they are free.
  private boolean hasRoomToGoOn(int budget) {
    int chunk = Math.min(target[partial] - computed[partial], budget);
    int more = blocks.of(computed[partial] + chunk) - blocks.of(computed[partial]);
    if (more > blocks.free()) {
      return false;
    }
    blocks.take(more);
    return true;
  }

  /** Takes as much of a seat's prompt into the step as the budget allows. */
  private int take(int seat, int budget) {
    int chunk = Math.min(target[seat] - computed[seat], budget);
    prompts.add(seat, computed[seat], chunk);
    computed[seat] += chunk;
    return chunk;
  }

  /** Takes the next waiting call into a seat, if its first chunk's blocks are free. */
  private int admit(int budget) {
    boolean again = !preempted.isEmpty();
    if (!again && queueIsEmpty()) {
      return NONE;
    }
    int seat = again ? preempted.next() : freeSeats.next();
    int waitingCall = again ? call[seat] : queueHead();
    int tokens = offer.prompt[waitingCall] + (again ? generated[seat] : 0);
    int found = 0;
    int hit = offer.cached[waitingCall];
    if (again) {
      found = stateBlocks > 0 ? 0 : preempted.found(seat);
      hit = Math.max(hit, blocks.tokens(found));
    } else if (prefixes != null) {
      found = prefixes.standing(waitingCall);
      hit += prefixes.tokens(waitingCall);
    }
    int chunk = Math.min(tokens - hit, budget);
    int needed = blocks.of(hit + chunk) + stateBlocks;
    if (needed > blocks.free()
        || (rules.reservesOutput()
            && !blocks.commit(blocks.of(offer.lastContext(waitingCall)) + stateBlocks))) {
      return NONE;
    }
    if (again) {
      preempted.remove(found);
      recorder.waiting--;
    } else {
      freeSeats.takeNext();
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
    running.append(seat);
    return seat;
  }

  private void completePrefills(long now) {
    partial = NONE;
    for (int i = 0; i < prompts.count; i++) {
      int seat = prompts.seat(i);
      if (computed[seat] < target[seat]) {
        partial = seat;
        continue;
      }
      if (generated[seat]++ == 0) {
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
        byFinish.add(seat, step, step + output - generated[seat]);
      }
    }
    prompts.clear();
  }

  private void finishDecoded(long now) {
    int finished = 0;
    for (; byFinish.firstStep() <= step; finished++) {
      int seat = byFinish.first();
      stopDecoding(seat);
      // Blocks are given back in order of admission; where nobody finds them any order will do.
      int at = prefixes == null ? finished : running.place(seat, finishing, finished);
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

  private void leave(int seat, long now) {
    if (rules.reservesOutput()) {
      blocks.breakPromise(blocks.of(offer.lastContext(call[seat])) + stateBlocks);
    }
    running.remove(seat);
    freeSeats.giveBack(seat);
    finish(call[seat], firstToken[seat], now);
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
    preempted.add(seat, tokens, stateBlocks);
    running.remove(seat);
    if (prefixes != null) {
      prefixes.preempted(call[seat]);
    }
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
}
