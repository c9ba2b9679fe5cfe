package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.TimeUnits;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Sums of fleets that are busy for so long that their picoseconds do not fit into a long. */
final class TallyTest {
  private static final int HOURS = 744;
  private static final int REPLICAS = 5;

  private static Tally month() {
    Tally tally = new Tally();
    for (int hour = 0; hour < HOURS; hour++) {
      tally.addHour(hour, REPLICAS * TimeUnits.PICOS_PER_HOUR);
    }
    tally.upNanos = HOURS * REPLICAS * 3_600_000_000_000L;
    return tally;
  }

  private static ReplayResult result(Tally tally, long releaseAfterMicros) {
    ReplayOptions always =
        ReplayOptions.always(
            REPLICAS, ReplayOptions.NO_CAP, ReplayOptions.PrefixCache.OFF, Deployed.NO_LEVEL);
    ReplayOptions options =
        releaseAfterMicros == ReplayOptions.NEVER
            ? always
            : always.withRelease(releaseAfterMicros, 0);
    return tally.result(
        Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"),
        options,
        HOURS * TimeUnits.MICROS_PER_HOUR,
        0);
  }

  /**
   * By hand: 744 hours x 3,600 s x 5 replicas = 13,392,000 s; a long of picoseconds ends at 9.2e6.
   */
  @Test
  void fiveReplicasMayBeBusyAllMonth() {
    ReplayResult result = result(month(), ReplayOptions.NEVER);

    assertEquals(13_392_000L * 1_000_000_000L, result.busyNanos());
    assertEquals(1, result.utilization(), 1e-12);
    assertEquals(13_392_000L * 1_000_000_000L, result.upNanos());
  }

  @Test
  void andMayBeUpAllMonth() {
    ReplayResult result = result(month(), TimeUnits.MICROS_PER_HOUR);

    assertEquals(13_392_000L * 1_000_000_000L, result.upNanos());
    assertEquals(1, result.utilization(), 1e-12);
  }

  @Test
  void alsoWhereWindowsStandForOthers() {
    Tally all = new Tally();
    all.add(month(), 3);

    assertEquals(3 * 13_392_000L * 1_000_000_000L, result(all, ReplayOptions.NEVER).busyNanos());
    assertEquals(3 * 13_392_000L * 1_000_000_000L, all.upNanos);
  }

  /** Ten fast calls and four slow ones; where these stand for two days more, most are slow. */
  @Test
  void valuesCountSoOftenAsTheirWindowStandsForOthers() {
    Tally fast = new Tally();
    Tally slow = new Tally();
    for (int call = 0; call < 14; call++) {
      Tally of = call < 10 ? fast : slow;
      long micros = call < 10 ? 100 : 200;
      of.ttft.record(micros);
      of.tpot.record(micros + 1);
      of.e2e.record(micros + 2);
    }
    Tally once = new Tally();
    once.add(fast, 1);
    once.add(slow, 1);
    Tally thrice = new Tally();
    thrice.add(fast, 1);
    thrice.add(slow, 3);

    assertEquals(OptionalLong.of(100), result(once, ReplayOptions.NEVER).ttftP50Micros());
    assertEquals(OptionalLong.of(200), result(thrice, ReplayOptions.NEVER).ttftP50Micros());
    assertEquals(OptionalLong.of(201), result(thrice, ReplayOptions.NEVER).tpotP50Micros());
    assertEquals(OptionalLong.of(202), result(thrice, ReplayOptions.NEVER).e2eP50Micros());
  }

  /** Two slow calls that stand for six are one too many where five may be. */
  @Test
  void slowCallsCountSoOftenToo() {
    for (int which = 0; which < 3; which++) {
      Tally window = new Tally();
      window.slowFirstTokens = which == 0 ? 2 : 0;
      window.slowTokens = which == 1 ? 2 : 0;
      window.slowCalls = which == 2 ? 2 : 0;
      Tally all = new Tally();
      all.add(window, 3);
      assertTrue(all.misses(5));
      assertFalse(all.misses(6));
    }
  }

  /** Nineteen of twenty calls in time are enough; nineteen of twenty-two are not. */
  @Test
  void whatEachWorkloadGotCountsSoOftenToo() {
    ServiceLevel level = new ServiceLevel(100, 100, 100, Long.MAX_VALUE);
    Judged.Limits limits = new Judged.Limits(level);
    Tally inTime = new Tally();
    Tally late = new Tally();
    inTime.judged = new Judged(1);
    late.judged = new Judged(1);
    for (int call = 0; call < 19; call++) {
      inTime.judged.record(0, limits, 50, 50, 50, Long.MAX_VALUE);
    }
    late.judged.record(0, limits, 500, 500, 500, Long.MAX_VALUE);
    for (int times : new int[] {1, 3}) {
      Tally all = new Tally();
      all.add(inTime, 1);
      all.add(late, times);
      assertEquals(times == 1, all.judged.allMet(List.of(level)), times + " times");
      assertEquals(times == 3, all.judged.misses(new long[] {2}), times + " times");
    }
  }

  /** Less than a nanosecond in each of some hours is a nanosecond together. */
  @Test
  void partsOfNanosecondsAddUp() {
    Tally tally = new Tally();
    for (int hour = 0; hour < 4; hour++) {
      tally.addHour(hour, 1_300);
    }
    assertEquals(5, result(tally, ReplayOptions.NEVER).busyNanos());
  }
}
