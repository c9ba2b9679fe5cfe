package dev.homeward.replay;

import dev.homeward.serving.StepTime;

/**
 * A prompt that does not fit beside those who decode. It is begun, computed chunk by chunk until no
 * block is free, preempted, begun again: until one of the others finishes, which may be a thousand
 * steps away. Every such cycle takes the same steps, and in each the others' context is larger by
 * as much, so many cycles have a closed form.
 *
 * <p>A cycle begins with the step of the first chunk and ends with the step in which the prompt is
 * preempted and only the others decode.
 */
final class RepeatedPrefill {
  /** Fewer cycles are not worth the search. */
  private static final long FEWEST = 2;

  private final KvBlocks blocks;
  private final int stateBlocks;
  private final StepTime time;
  private final int width;
  private final double draftShare;

  /** Whole cycles before the first step of the next one; 0 where nothing is repeated. */
  private long cycles;

  // What a cycle is: tokens before the first chunk, tokens of a chunk, steps with a chunk, pairs of
  // query and key of them all, blocks of the prompt after the first and the last of them.
  private int before;
  private int chunk;
  private int chunks;
  private int target;
  private long pairs;
  private int firstBlocks;
  private int lastBlocks;

  // The others when it began: sequences and step; and blocks free when the prompt had none.
  private int decoding;
  private long step;
  private long free;

  /** Blocks that the others take in so many steps of a block's. */
  private final int[] takenIn;

  // Time of the first cycle, what each next one and its first step take more.
  private long firstPicos;
  private long growthPicos;
  private long stepGrowthPicos;

  RepeatedPrefill(KvBlocks blocks, int stateBlocks, StepTime time, int width, double draftShare) {
    this.blocks = blocks;
    this.takenIn = new int[blocks.tokens(1)];
    this.stateBlocks = stateBlocks;
    this.time = time;
    this.width = width;
    this.draftShare = draftShare;
  }

  /** Pairs of query and key of a chunk after so many tokens. */
  static long pairs(int before, int chunk) {
    return (long) chunk * before + (long) chunk * (chunk + 1) / 2;
  }

  boolean isUnderWay() {
    return cycles > 0;
  }

  /** Whole cycles, before the step that ends the segment. */
  long cycles() {
    return cycles;
  }

  /** Steps of a cycle. */
  int steps() {
    return chunks + 1;
  }

  /**
   * A prompt of which the first chunk is in the step that was just put together. False if all of it
   * fits.
   *
   * @param computed tokens after that chunk
   */
  boolean begins(int computed, int ofTarget, int ofChunk) {
    before = computed - ofChunk;
    chunk = ofChunk;
    target = ofTarget;
    firstBlocks = blocks.of(computed) + stateBlocks;
    return blocks.of(ofTarget) + stateBlocks - firstBlocks > blocks.free();
  }

  /**
   * Whether it is preempted, begun again, and preempted at least once more before one of the others
   * finishes; if so, how often.
   *
   * @param ofDecoding how many the others are
   * @param atStep their step
   * @param lastStep their last one before any of them finishes
   */
  boolean fits(int ofDecoding, long atStep, long lastStep) {
    decoding = ofDecoding;
    step = atStep;
    free = (long) blocks.free() + firstBlocks + blocks.neededAt(atStep);
    lastBlocks = firstBlocks;
    chunks = 1;
    for (int ahead = 1; ahead < takenIn.length; ahead++) {
      takenIn[ahead] = takenIn[ahead - 1] + blocks.neededAt(step + ahead - 1);
    }
    for (int tokens = before + 2 * chunk; ; tokens += chunk) {
      int then = blocks.of(Math.min(target, tokens)) + stateBlocks;
      if (taken(chunks + 1) + then > free) {
        break;
      }
      if (tokens >= target) {
        return false;
      }
      chunks++;
      lastBlocks = then;
    }
    long tooMany = (lastStep - atStep) / steps() + 1;
    if (tooMany <= FEWEST || !leaveRoom(FEWEST)) {
      return false;
    }
    long few = FEWEST;
    while (tooMany - few > 1) {
      long middle = (few + tooMany) >>> 1;
      if (leaveRoom(middle)) {
        few = middle;
      } else {
        tooMany = middle;
      }
    }
    cycles = few;
    return true;
  }

  // Blocks that the others take in so many steps.
  private long taken(long steps) {
    int rest = (int) steps & (takenIn.length - 1);
    return (steps - rest) / takenIn.length * decoding + takenIn[rest];
  }

  // With what the others take in so many cycles, the last chunk of the last one still fits, and so
  // does the first of the next.
  private boolean leaveRoom(long many) {
    long steps = many * steps();
    return taken(steps) + lastBlocks <= free && taken(steps + 1) + firstBlocks <= free;
  }

  /**
   * When the first step after the cycles ends; where the clock does not reach that far nothing is
   * repeated.
   *
   * @param firstStep time of the first step
   * @param context of the others in it
   */
  long end(long start, long firstStep, long context) {
    long earlier = (long) chunks * (chunks - 1) / 2;
    long squares = (long) chunk * chunk * earlier;
    pairs = chunks * pairs(before, chunk) + squares;
    int tokens = decoding * width;
    long alone =
        time.tokens(tokens)
            + time.contextPicos() * (context + (long) chunks * decoding)
            + time.sequencePicos() * decoding
            + (draftShare > 0 ? Math.round(draftShare * time.tokens(tokens)) : 0);
    long mixedGrowth = time.mixedContextPicos() * decoding;
    firstPicos = chunks * firstStep + mixedGrowth * earlier + time.pairPicos() * squares + alone;
    stepGrowthPicos = mixedGrowth * steps();
    growthPicos = chunks * stepGrowthPicos + time.contextPicos() * decoding * steps();
    double about = (double) cycles * firstPicos + 0.5 * growthPicos * cycles * cycles;
    if (start + about > Replay.CLOCK_LIMIT_PICOS) {
      cycles = 0;
    }
    return start + picos(cycles) + firstStep + laterPicos(cycles);
  }

  /** Time of so many cycles. */
  long picos(long many) {
    return Replica.stretch(many, firstPicos, growthPicos);
  }

  /** How much longer the first step takes after so many cycles. */
  long laterPicos(long many) {
    return many * stepGrowthPicos;
  }

  /** Cycles that are through before a span of time is; at most all. */
  long within(long span) {
    return Replica.stepsToReach(span, firstPicos, growthPicos, cycles + 1) - 1;
  }

  /**
   * Books so many cycles: their steps but for the first chunk, which was booked when it was put
   * together, and the first chunk of the next one instead.
   *
   * @param context of the others in the first step
   */
  void book(long many, Recorder recorder, long context) {
    long steps = many * steps();
    recorder.passes += steps;
    recorder.preemptions += many;
    recorder.computedTokens += (double) steps * decoding * width + (double) many * chunks * chunk;
    recorder.pairs += (double) many * pairs;
    recorder.contextReads += (double) steps * context + 0.5 * decoding * steps * (steps - 1);
    if (many > 0) {
      // Fewest are free after the last chunk, or where the others take many at once.
      long inUse = Math.max(taken(steps - 1) + lastBlocks, taken(steps));
      blocks.notePeak(recorder, free - inUse);
    }
    blocks.take(taken(steps + 1) - taken(1) + many * lastBlocks);
    blocks.release(many * lastBlocks);
    cycles = 0;
  }
}
