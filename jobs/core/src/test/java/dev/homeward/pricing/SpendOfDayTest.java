package dev.homeward.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.calls.UseTable;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceBook;
import dev.homeward.keeping.Codec;
import dev.homeward.units.NanoUsd;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Spend by day: from the pass that prices, kept apart by what charges differ in. */
final class SpendOfDayTest {
  private static final LocalDate DAY = LocalDate.of(2026, 4, 1);
  private static final String BOOK =
      """
      {"sources": {"s": {"kind": "assumed", "reference": "test", "date": "2026-01"}},
       "prices": [
        {"model": "acme-1", "from": "2026-01-01", "input": 3000000, "output": 15000000, "cache-read": 300000, "source": "s"},
        {"model": "acme-1", "tier": "batch", "from": "2026-01-01", "input": 1500000, "output": 7500000, "source": "s"},
        {"model": "acme-1", "from": "2026-04-02", "input": 2000000, "output": 10000000, "source": "s",
         "above": {"tokens": 1000, "input": 4000000, "output": 20000000}}]}
      """;

  private static Tape tape(int size, String... owners) {
    Tape tape =
        new Tape(
            new WorkloadKey("w", "acme-1", "internal"),
            size,
            new String[] {"acme"},
            owners,
            new String[0]);
    Arrays.fill(tape.loggedNanoUsd, CallDraft.ABSENT);
    Arrays.fill(tape.region, (short) -1);
    Arrays.fill(tape.owner, (short) -1);
    return tape;
  }

  private static void set(Tape tape, int i, int day, int input, int output) {
    tape.startedAtMicros[i] =
        DAY.plusDays(day).atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000L + i;
    tape.inputTokens[i] = input;
    tape.outputTokens[i] = output;
  }

  private static Pricer.Priced priced(Tape tape, Map<String, BigDecimal> discounts) {
    Pricer pricer =
        new Pricer(PriceBook.parse(List.of(BOOK)), Optional.empty(), Discounts.of(discounts));
    return pricer.byDay(pricer.uses(tape), List::of);
  }

  @Test
  void daysTiersOwnersModesAndLongPromptsAreKeptApart() {
    Tape tape = tape(7, "CC-1", "CC-2");
    set(tape, 0, 0, 100, 10);
    set(tape, 1, 0, 200, 20);
    set(tape, 2, 0, 400, 40);
    tape.owner[2] = 1;
    set(tape, 3, 0, 800, 0);
    tape.serviceTier[3] = (byte) ServiceTier.BATCH.ordinal();
    set(tape, 4, 0, 1600, 0);
    tape.billingMode[4] = (byte) BillingMode.SUBSCRIPTION.ordinal();
    set(tape, 5, 1, 1000, 1);
    set(tape, 6, 1, 1001, 2);
    List<SpendOfDay> days = priced(tape, Map.of("acme", new BigDecimal("10"))).days();
    assertEquals(5, days.size());
    assertEquals(
        List.of(
            new SpendOfDay.Line("input", false, 300, 3_000_000, 2_700_000),
            new SpendOfDay.Line("output", false, 30, 15_000_000, 13_500_000)),
        days.get(0).lines());
    assertEquals(2, days.get(0).calls());
    assertEquals("CC-2", days.get(1).owner());
    assertEquals(BillingMode.SUBSCRIPTION, days.get(2).billingMode());
    assertEquals(ServiceTier.BATCH, days.get(3).tier());
    assertEquals("batch", days.get(3).price().tier());
    assertEquals(
        List.of(
            new SpendOfDay.Line("input", false, 1000, 2_000_000, 1_800_000),
            new SpendOfDay.Line("output", false, 1, 10_000_000, 9_000_000),
            new SpendOfDay.Line("input", true, 1001, 4_000_000, 3_600_000),
            new SpendOfDay.Line("output", true, 2, 20_000_000, 18_000_000)),
        days.get(4).lines());
    assertEquals(DAY.plusDays(1), days.get(4).day());
    assertEquals(LocalDate.of(2026, 4, 2), days.get(4).price().validFrom());
  }

  @Test
  void itAddsUpToWhatTheWorkloadCost() {
    Random random = new Random(5);
    Tape tape = tape(5_000, "a", "b", "c");
    for (int i = 0; i < tape.size; i++) {
      set(tape, i, i / 1000, random.nextInt(3000), random.nextInt(50));
      tape.cacheReadTokens[i] = random.nextInt(3000);
      tape.owner[i] = (short) (random.nextInt(4) - 1);
      tape.serviceTier[i] = (byte) random.nextInt(ServiceTier.values().length);
      if (random.nextInt(9) == 0) {
        tape.inputTokens[i] = Tape.ABSENT_TOKENS;
        tape.flags[i] |= CallFlags.MISSING_USAGE;
      }
    }
    Pricer.Priced priced = priced(tape, Map.of("acme", new BigDecimal("12.5")));
    BigInteger picos = BigInteger.ZERO;
    long calls = 0;
    for (SpendOfDay day : priced.days()) {
      calls += day.calls();
      for (SpendOfDay.Line line : day.lines()) {
        picos =
            picos.add(
                BigInteger.valueOf(line.units()).multiply(BigInteger.valueOf(line.microUsd())));
      }
    }
    assertEquals(tape.size - priced.spend().unpricedCalls(), calls);
    NanoUsd sum = NanoUsd.ofPicos(picos);
    long apart = Math.abs(sum.nanos() - priced.spend().apiCost().orElseThrow().nanos());
    // Each line of the bill is rounded to a nano-dollar, at most half of one off.
    assertTrue(apart <= priced.spend().lines().size() / 2 + 1, apart + " nano-dollars apart");
    assertEquals(
        new Pricer(
                PriceBook.parse(List.of(BOOK)),
                Optional.empty(),
                Discounts.of(Map.of("acme", new BigDecimal("12.5"))))
            .price(tape),
        priced.spend());
  }

  /** Owners that are persons or requests would make a row of every call. */
  @Test
  void manyOwnersAreNoCostCentres() {
    String[] owners =
        IntStream.rangeClosed(0, UseTable.MOST_OWNERS)
            .mapToObj(i -> "user-" + i)
            .toArray(String[]::new);
    Tape tape = tape(owners.length, owners);
    for (int i = 0; i < tape.size; i++) {
      set(tape, i, 0, 1, 1);
      tape.owner[i] = (short) i;
    }
    List<SpendOfDay> days = priced(tape, Map.of()).days();
    assertEquals(1, days.size());
    assertEquals("", days.get(0).owner());
    assertEquals(owners.length, days.get(0).calls());
  }

  @Test
  void itIsReadAsItWasKept() {
    Tape tape = tape(1);
    set(tape, 0, 0, 5, 5);
    SpendOfDay.OfWorkload of = new SpendOfDay.OfWorkload(tape.key, priced(tape, Map.of()).days());
    assertEquals(of, Codec.read(Codec.write(of), SpendOfDay.OfWorkload.class));
  }
}
