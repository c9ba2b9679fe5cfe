package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The chunks of a long prompt are one segment. Who asks what is under way gets the one step that
 * is, with all before it booked, and nothing comes out otherwise than if nobody had asked.
 */
final class ChunkRunTest {

  /**
   * 1,000 tokens by 100 a step: nine equal chunks are one segment, the tenth gives the first token.
   * Step i takes i times 100 * 100 pairs longer than the first. Asked in the fifth step, four are
   * over: 400 tokens, 100 * 101 / 2 + 100 * (0, 100, 200, 300) pairs, and the fifth is booked as it
   * begins.
   */
  @Test
  void onePromptsChunksAreOneSegmentAndFallApartWhereSomebodyAsks() {
    Deployment d =
        Deployed.squeezed(
            Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"), 4000, 8, 100, 100);
    OneReplica started = started(d, new int[] {1000}, new int[] {5});
    Replica replica = started.replica;
    long first = replica.firstStepPicos;
    long growth = StepTime.of(d).pairPicos() * 100 * 100;
    assertEquals(9, replica.segmentSteps);
    assertEquals(9 * first + 36 * growth, replica.segmentEnd);
    replica.settle(4 * first + 6 * growth, true);
    assertEquals(4, started.recorder.passes);
    assertEquals(500, started.recorder.computedTokens);
    assertEquals(5 * 100 * 101 / 2 + 100 * (100 + 200 + 300 + 400), started.recorder.pairs);
    assertEquals(4 * first + 6 * growth, replica.segmentStart);
    assertEquals(5 * first + 10 * growth, replica.segmentEnd);
  }

  @Test
  void askingChangesNothing() {
    int asked = 0;
    for (String engine : new String[] {"vllm", "mlx"}) {
      Deployment base =
          engine.equals("vllm")
              ? Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm")
              : Deployed.of("mac-studio-m2-ultra", "llama-3.1-8b", "mlx-4bit", "mlx");
      for (int seed = 0; seed < 200; seed++) {
        Random random = new Random(seed);
        int budget = 20 + random.nextInt(60);
        Deployment d = Deployed.squeezed(base, 640 + 16 * random.nextInt(60), 8, budget, budget);
        int longest = d.kvCache().maxContextTokens();
        int[] prompts = random.ints(20, 1, longest / 2).toArray();
        int[] outputs = random.ints(20, 1, longest / 3).toArray();
        OneReplica alone = started(d, prompts, outputs);
        OneReplica other = started(d, prompts, outputs);
        while (alone.replica.inFlight > 0) {
          alone.replica.endSegment();
        }
        while (other.replica.inFlight > 0) {
          if (!other.replica.stretch && other.replica.segmentSteps > 1) {
            long span = other.replica.segmentEnd - other.replica.segmentStart;
            long at = other.replica.segmentStart + random.nextLong(span);
            other.replica.settle(at, random.nextBoolean());
            assertEquals(1, other.replica.segmentSteps);
            assertTrue(
                other.replica.segmentStart <= at && at <= other.replica.segmentEnd,
                engine + " seed " + seed);
            asked++;
          }
          other.replica.endSegment();
        }
        for (int call = 0; call < 20; call++) {
          assertEquals(alone.finishes[call], other.finishes[call], engine + " seed " + seed);
        }
        assertEquals(alone.recorder.passes, other.recorder.passes);
        assertEquals(alone.recorder.computedTokens, other.recorder.computedTokens);
        assertEquals(alone.recorder.pairs, other.recorder.pairs);
        assertEquals(alone.recorder.contextReads, other.recorder.contextReads);
        assertEquals(alone.recorder.preemptions, other.recorder.preemptions);
        assertEquals(alone.recorder.kvPeakShare, other.recorder.kvPeakShare);
      }
    }
    assertTrue(asked > 2_000, asked + " times asked");
  }

  /** All calls are there, the first segment is put together. */
  private static OneReplica started(Deployment d, int[] prompts, int[] outputs) {
    OneReplica one = new OneReplica(d, prompts, outputs);
    one.replica.endSegment();
    return one;
  }
}
