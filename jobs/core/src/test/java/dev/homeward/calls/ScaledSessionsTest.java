package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which sessions a volume keeps does not hang on the numbers that stand for them. */
final class ScaledSessionsTest {
  private static final long DAY = 86_400_000_000L;
  private static final int CALLS = 4_000;
  private static final int SESSIONS = 1_000;

  @Test
  void otherNumbersForTheSameSessionsKeepTheSameCalls() {
    for (double volume : new double[] {0.1, 0.5, 0.9, 1.5}) {
      Tapes.Scaled one = Tapes.scaledRows(tape(1), volume, 0, 10 * DAY);
      Tapes.Scaled other = Tapes.scaledRows(tape(0x5DEECE66DL), volume, 0, 10 * DAY);
      assertArrayEquals(one.rows(), other.rows());
    }
  }

  /** Four calls a session on the average; 200 of 1,000 chosen at p = 0.2 have a deviation of 13. */
  @Test
  void aShareOfTheSessionsIsKeptAndEachIsWhole() {
    Tape tape = tape(1);
    Map<Long, Integer> all = calls(tape);
    Map<Long, Integer> kept = calls(Tapes.scaled(tape, 0.2, 0, 10 * DAY));
    assertTrue(Math.abs(kept.size() - 0.2 * all.size()) < 5 * 13, kept.size() + " sessions");
    kept.forEach((session, calls) -> assertEquals(all.get(session), calls));
    Map<Long, Integer> more = calls(Tapes.scaled(tape, 0.3, 0, 10 * DAY));
    assertTrue(more.keySet().containsAll(kept.keySet()), "a smaller volume is part of a larger");
  }

  private static Map<Long, Integer> calls(Tape tape) {
    Map<Long, Integer> calls = new HashMap<>();
    for (int i = 0; i < tape.size; i++) {
      calls.merge(tape.session[i], 1, Integer::sum);
    }
    return calls;
  }

  private static Tape tape(long times) {
    Random random = new Random(7);
    String[] none = {};
    Tape tape = new Tape(new WorkloadKey("w", "m", "internal"), CALLS, none, none, none, none);
    long at = 0;
    for (int i = 0; i < CALLS; i++) {
      at += 1 + random.nextInt(100_000_000);
      tape.startedAtMicros[i] = at;
      tape.session[i] = (1 + random.nextInt(SESSIONS)) * times;
      tape.inputTokens[i] = random.nextInt(5_000);
      tape.outputTokens[i] = random.nextInt(500);
    }
    return tape;
  }
}
