package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Seats are given back at the step at which they finish, and that step is known before. The ring
 * holds 4,096 steps: the risk is a seat beyond its end, and one that stands where another stood a
 * round before.
 */
final class FinishStepsTest {
  private static final int SEATS = 40;

  /** Held against a plain list of steps, looked through from end to end. */
  @Test
  void theFirstStepIsThatOfAPlainList() {
    int far = 0;
    int alike = 0;
    int taken = 0;
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      FinishSteps steps = new FinishSteps(SEATS);
      long[] finish = new long[SEATS];
      Arrays.fill(finish, FinishSteps.NEVER);
      long now = random.nextInt(10_000);
      int longest = random.nextBoolean() ? 60 : 20_000;
      for (int i = 0; i < 500; i++) {
        int seat = random.nextInt(SEATS);
        assertEquals(finish[seat] != FinishSteps.NEVER, steps.holds(seat));
        if (finish[seat] == FinishSteps.NEVER) {
          finish[seat] = now + 1 + random.nextInt(longest);
          steps.add(seat, now, finish[seat]);
          far += finish[seat] - now >= 4096 ? 1 : 0;
        } else if (random.nextInt(3) == 0) {
          steps.remove(seat);
          finish[seat] = FinishSteps.NEVER;
          taken++;
        }
        long first = first(finish);
        assertEquals(first, steps.firstStep(), "seed " + seed);
        if (first != FinishSteps.NEVER && random.nextInt(4) == 0) {
          now = random.nextBoolean() ? first : now + random.nextLong(first - now + 1);
          int ended = 0;
          while (steps.firstStep() <= now) {
            int who = steps.first();
            assertEquals(now, finish[who], "seed " + seed);
            finish[who] = FinishSteps.NEVER;
            steps.remove(who);
            ended++;
          }
          assertTrue(first(finish) > now, "seed " + seed);
          alike += ended > 1 ? 1 : 0;
        }
      }
    }
    assertTrue(far > 10_000 && alike > 1_000 && taken > 10_000, far + " " + alike + " " + taken);
  }

  private static long first(long[] finish) {
    long first = FinishSteps.NEVER;
    for (long step : finish) {
      first = Math.min(first, step);
    }
    return first;
  }
}
