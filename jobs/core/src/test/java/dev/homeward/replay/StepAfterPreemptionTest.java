package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.serving.Deployment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The step after a preemption belongs to the stretch that follows where nobody can be admitted at
 * its end. Who asks for what is under way gets that step alone: by it a replay that is cut knows
 * where to stop.
 */
final class StepAfterPreemptionTest {
  private static final int CASES = 300;

  @Test
  void aReplicaThatIsAskedHasOneStepUnderWay() {
    Deployment base = Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm");
    int within = 0;
    int after = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Deployment d = Deployed.squeezed(base, 400 + 16 * random.nextInt(60), 8, 500, 500);
      int n = 20;
      int longest = d.kvCache().maxContextTokens();
      int[] prompts = new int[n];
      int[] outputs = new int[n];
      for (int i = 0; i < n; i++) {
        prompts[i] = 1 + random.nextInt(longest / 4);
        outputs[i] = 1 + random.nextInt(longest / 2);
      }
      long[] alone = finishes(d, prompts, outputs, null);
      Asker asker = new Asker(random);
      long[] asked = finishes(d, prompts, outputs, asker);
      for (int i = 0; i < n; i++) {
        assertEquals(alone[i], asked[i], "call " + i + " of seed " + seed);
      }
      within += asker.within;
      after += asker.after;
    }
    assertTrue(within > CASES && after > CASES / 2, within + " within it, " + after + " after it");
  }

  /** Asks at an instant of each segment that begins with a preemption. */
  private static final class Asker {
    private final Random random;
    int within;
    int after;

    Asker(Random random) {
      this.random = random;
    }

    void ask(Replica replica, Recorder recorder) {
      long began = replica.segmentStart;
      long firstEnd = began + replica.firstStepPicos;
      long end = replica.segmentEnd;
      double passes = recorder.passes;
      boolean several = end > firstEnd;
      long at =
          switch (random.nextInt(4)) {
            case 0 -> began + random.nextLong(replica.firstStepPicos);
            case 1, 2 -> firstEnd;
            default -> firstEnd + random.nextLong(end - firstEnd + 1);
          };
      boolean ended = random.nextBoolean();
      replica.settle(at, ended);
      if (at < firstEnd || (at == firstEnd && !ended)) {
        assertEquals(firstEnd, replica.segmentEnd, "the step is under way");
        assertEquals(passes, recorder.passes);
        within += several ? 1 : 0;
      } else if (several && !(at == end && ended)) {
        assertEquals(end, replica.segmentEnd, "the others are under way");
        assertEquals(firstEnd, replica.segmentStart);
        assertEquals(passes + 1, recorder.passes);
        after++;
      }
    }
  }

  private static long[] finishes(Deployment d, int[] prompts, int[] outputs, Asker asker) {
    OneReplica one = new OneReplica(d, prompts, outputs);
    while (one.replica.inFlight > 0) {
      long before = one.recorder.preemptions;
      one.replica.endSegment();
      if (asker != null && one.recorder.preemptions > before) {
        asker.ask(one.replica, one.recorder);
      }
    }
    return one.finishes;
  }
}
