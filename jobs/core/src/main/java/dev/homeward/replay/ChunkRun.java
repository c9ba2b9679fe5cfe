package dev.homeward.replay;

/**
 * A prompt longer than a step's budget: each step computes a chunk of it as large as the one
 * before, nothing else is admitted, and those who decode are the same until one of them finishes.
 * So its chunks but the last, as many as there are blocks for, are one segment, in which each step
 * takes longer than the one before by as much.
 */
final class ChunkRun {
  private final KvBlocks blocks;

  /** Steps of the segment, the first one included. */
  private int steps = 1;

  // After the first chunk, its tokens, and those who decode.
  private int computed;
  private int chunk;
  private int decoding;
  private long step;

  ChunkRun(KvBlocks blocks) {
    this.blocks = blocks;
  }

  boolean isUnderWay() {
    return steps > 1;
  }

  /** The segment is its first step alone. */
  void breakOff() {
    steps = 1;
  }

  /**
   * The first step is put together, its blocks are taken.
   *
   * @param ofComputed tokens after its chunk
   * @param ofDecoding those who decode in the same steps
   * @param most steps until one of them finishes
   * @return steps of the segment
   */
  int begin(int ofComputed, int target, int ofChunk, int ofDecoding, long atStep, long most) {
    computed = ofComputed;
    chunk = ofChunk;
    decoding = ofDecoding;
    step = atStep;
    long all = Math.min(most, 1L + (target - computed - 1) / chunk);
    int free = blocks.free();
    for (steps = 1; steps < all; steps++) {
      int of = computed + steps * chunk;
      free -= blocks.of(of) - blocks.of(of - chunk);
      free -= decoding > 0 ? blocks.neededAt(step + steps) : 0;
      if (free < 0) {
        break;
      }
    }
    return steps;
  }

  /** How much longer a step takes than the one before, beside the contexts of those who decode. */
  long pairGrowth() {
    return (long) chunk * chunk;
  }

  /**
   * Books the steps of the segment after the first.
   *
   * @return prompt tokens that they computed
   */
  int book(long ofSteps, Recorder recorder) {
    int later = (int) ofSteps - 1;
    int tokens = later * chunk;
    blocks.take(blocks.of(computed + tokens) - blocks.of(computed));
    if (decoding > 0) {
      blocks.take(blocks.needed(step + 1, later, decoding));
    }
    recorder.computedTokens += tokens;
    recorder.pairs +=
        later * RepeatedPrefill.pairs(computed - chunk, chunk)
            + pairGrowth() * later * (later + 1) / 2;
    steps = 1;
    return tokens;
  }
}
