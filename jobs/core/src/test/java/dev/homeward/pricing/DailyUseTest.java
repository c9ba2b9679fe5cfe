package dev.homeward.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceBook;
import dev.homeward.units.NanoUsd;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DailyUseTest {
  private static final long DAY = 86_400_000_000L;
  private static final long MAY_4 = LocalDate.of(2026, 5, 4).toEpochDay() * DAY;

  @Test
  void aTapeIsAddedUpByUtcDayAndProvider() {
    Tape tape =
        new Tape(
            new WorkloadKey("w", "gpt-4o", "internal"),
            6,
            new String[] {"openai", "azure_openai"},
            new String[0],
            new String[0]);
    long[] starts = {MAY_4, MAY_4 + 1, MAY_4 + DAY - 1, MAY_4 + DAY, MAY_4 + DAY, MAY_4 + DAY};
    short[] providers = {0, 1, 0, 0, 0, 0};
    for (int i = 0; i < tape.size; i++) {
      tape.startedAtMicros[i] = starts[i];
      tape.provider[i] = providers[i];
      tape.inputTokens[i] = 1000;
      tape.outputTokens[i] = 100;
      tape.loggedNanoUsd[i] = i == 0 ? CallDraft.ABSENT : 1_000_000;
    }
    tape.inputTokens[4] = Tape.ABSENT_TOKENS;
    tape.flags[5] = CallFlags.PROXY_CACHE_HIT;
    Arrays.fill(tape.region, (short) -1);
    Arrays.fill(tape.owner, (short) -1);
    Pricer pricer = new Pricer(PriceBook.standard(), Optional.empty());
    List<DailyUse> days = DailyUse.of(pricer.uses(tape), pricer);
    assertEquals(3, days.size());
    DailyUse first = days.get(1);
    assertEquals("openai", first.provider());
    assertEquals(LocalDate.of(2026, 5, 4), first.day());
    assertEquals(2, first.use().calls());
    assertEquals(2200, first.use().tokens().total());
    // 2,000 x $2.50 and 200 x $10 a million.
    assertEquals(Optional.of(NanoUsd.parse("0.007")), first.use().apiCost());
    assertEquals(Optional.empty(), first.use().loggedCost());
    assertEquals("azure", days.get(0).provider());
    assertEquals(Optional.of(NanoUsd.parse("0.001")), days.get(0).use().loggedCost());
    DailyUse.Use second = days.get(2).use();
    assertEquals(2, second.calls());
    assertEquals(1, second.withoutUsage());
    assertEquals(1100, second.tokens().total());
    assertEquals(Optional.of(NanoUsd.parse("0.0035")), second.cost());
  }
}
