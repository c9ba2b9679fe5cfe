package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.units.TimeUnits;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** One call that two sources have logged is found once, however often a tracer repeats it. */
final class OverlapsTest {
  private static final int GATEWAY = 0;
  private static final int TRACER = 1;
  private static final long NO_TRACE = CallDraft.ABSENT;
  private static final long MILLI = TimeUnits.MICROS_PER_SECOND / 1000;

  private final CallIds prints = new CallIds(4);

  @Test
  void aCallIsTheTwinOfOneOther() {
    add(GATEWAY, 0, NO_TRACE);
    add(TRACER, 5 * MILLI, NO_TRACE);
    add(TRACER, 9 * MILLI, NO_TRACE);
    assertEquals(List.of(new Overlaps.Twins(0, 1, false)), Overlaps.find(prints));
  }

  /** Else the wrapper would yield to the gateway's call, and what it wraps would count again. */
  @Test
  void aWrapperAndTheCallItWrapsAreOneCallOfTheGateway() {
    add(TRACER, 0, 7);
    add(GATEWAY, 5 * MILLI, NO_TRACE);
    add(TRACER, 9 * MILLI, 7);
    assertEquals(
        List.of(new Overlaps.Twins(1, 0, false), new Overlaps.Twins(1, 2, true)),
        Overlaps.find(prints));
  }

  @Test
  void callsOfOtherTracesHaveTwinsOfTheirOwn() {
    add(GATEWAY, 0, NO_TRACE);
    add(TRACER, MILLI, 7);
    add(GATEWAY, 2 * MILLI, NO_TRACE);
    add(TRACER, 3 * MILLI, 8);
    TreeSet<Integer> seconds = new TreeSet<>();
    for (Overlaps.Twins pair : Overlaps.find(prints)) {
      assertEquals(false, pair.again());
      seconds.add(pair.second());
    }
    assertEquals(new TreeSet<>(List.of(1, 3)), seconds);
  }

  private void add(int source, long startMicros, long trace) {
    CallDraft draft = new CallDraft();
    draft.startedAtMicros = startMicros;
    draft.trace = trace;
    prints.addPrint(draft, 99, source, "f", 0, prints.size(), 0);
  }
}
