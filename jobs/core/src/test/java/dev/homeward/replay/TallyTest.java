package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.units.TimeUnits;
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
