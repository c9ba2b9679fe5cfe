package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Lines of the API's bill, against sorting the calls one by one. */
final class BilledTapeTest {
  private static final long[] LIMITS = {1000, 5000};
  private static final long DAY = 86_400_000_000L;

  @Test
  void theUseOfATapeIsThatOfItsCalls() {
    for (int seed = 0; seed < 50; seed++) {
      Tape tape = random(seed, "gpt-4o", 300);
      assertEquals(oneByOne(List.of(tape)), BilledTape.of(tape, LIMITS).use(), "seed " + seed);
    }
  }

  @Test
  void linesGoAlongWhenATapeIsRepeatedOrThinnedOut() {
    Tape tape = random(1, "gpt-4o", 500);
    for (double volume : new double[] {0.3, 1, 2, 2.7}) {
      BilledTape scaled = BilledTape.of(tape, LIMITS).scaled(volume, 0, 10 * DAY);
      assertEquals(oneByOne(List.of(Tapes.scaled(tape, volume, 0, 10 * DAY))), scaled.use());
    }
  }

  @Test
  void mergedTapesKeepTheirModelsAndProviders() {
    for (int seed = 0; seed < 20; seed++) {
      List<Tape> tapes =
          List.of(
              random(seed, "gpt-4o", 100), random(seed + 1, "o3", 50), random(seed, "gpt-4o", 80));
      BilledTape.Merged merged =
          BilledTape.merge(
              tapes.get(0).key, tapes.stream().map(t -> BilledTape.of(t, LIMITS)).toList());
      assertEquals(230, merged.billed().tape.size);
      assertEquals(oneByOne(tapes), merged.billed().use(), "seed " + seed);
    }
  }

  /** A log may name a place of its own for each call; no call is lost for it. */
  @Test
  void ofVeryManyPlacesTheRestIsServedNobodyKnowsWhere() {
    BilledTape first = BilledTape.of(places("a", 20_000), LIMITS);
    BilledTape second = BilledTape.of(places("b", 20_000), LIMITS);
    WorkloadKey key = first.tape.key;
    ApiUse of = first.use();
    assertEquals((1 << 14) + 1, of.byLine().size());
    assertEquals(20_000, of.calls());
    assertEquals(
        20_000 - (1 << 14),
        of.byLine().get(new ApiLine("gpt-4o", "", ServiceTier.STANDARD, -1, 1000)).calls());
    for (ApiUse both :
        List.of(
            BilledTape.merge(key, List.of(first, second)).billed().use(),
            BilledTape.joined(key, List.of(first, second), 0, DAY).use())) {
      assertEquals((1 << 14) + 1, both.byLine().size());
      assertEquals(of.calls() + second.use().calls(), both.calls());
    }
  }

  private static Tape places(String prefix, int size) {
    String[] places = new String[size];
    for (int i = 0; i < size; i++) {
      places[i] = prefix + i;
    }
    Tape tape =
        new Tape(
            new WorkloadKey("w", "gpt-4o", "internal"), size, places, new String[0], new String[0]);
    for (int i = 0; i < size; i++) {
      tape.provider[i] = (short) i;
      tape.startedAtMicros[i] = i;
      tape.inputTokens[i] = 5;
    }
    return tape;
  }

  @Test
  void usesAddUpByLine() {
    ApiUse a = oneByOne(List.of(random(1, "gpt-4o", 100)));
    ApiUse b = oneByOne(List.of(random(2, "o3", 100)));
    assertEquals(oneByOne(List.of(random(1, "gpt-4o", 100), random(2, "o3", 100))), a.plus(b));
    assertEquals(a, a.plus(ApiUse.NONE));
    assertEquals(a, ApiUse.NONE.plus(a));
    assertTrue(ApiUse.of(Map.of()).isNone());
  }

  @Test
  void aLineWithoutLimitsLiesOnNoSideOfOne() {
    Tape tape = random(3, "gpt-4o", 20);
    for (ApiLine line : BilledTape.of(tape).use().byLine().keySet()) {
      assertFalse(line.isOnOneSideOf(1000));
      assertTrue(line.isOnOneSideOf(Long.MAX_VALUE), "no limit at all");
    }
  }

  private static ApiUse oneByOne(List<Tape> tapes) {
    Map<ApiLine, ApiUse.Amount> byLine = new HashMap<>();
    for (Tape tape : tapes) {
      for (int i = 0; i < tape.size; i++) {
        if (tape.status[i] != CallStatus.SUCCESS.ordinal() || tape.inputTokens[i] < 0) {
          continue;
        }
        long input =
            (long) tape.inputTokens[i]
                + tape.cacheReadTokens[i]
                + tape.cacheWrite5mTokens[i]
                + tape.cacheWrite1hTokens[i];
        ApiLine line =
            new ApiLine(
                tape.key.hostedModel(),
                tape.provider[i] < 0 ? "" : tape.providers[tape.provider[i]],
                ServiceTier.values()[tape.serviceTier[i]],
                input > 5000 ? 5000 : input > 1000 ? 1000 : -1,
                input > 5000 ? Long.MAX_VALUE : input > 1000 ? 5000 : 1000);
        byLine.merge(
            line,
            new ApiUse.Amount(
                1,
                tape.inputTokens[i],
                tape.cacheReadTokens[i],
                tape.cacheWrite5mTokens[i],
                tape.cacheWrite1hTokens[i],
                tape.outputTokens[i]),
            ApiUse.Amount::plus);
      }
    }
    return ApiUse.of(byLine);
  }

  // Some calls have no usage or failed; totals fall on the limits now and then.
  private static Tape random(int seed, String model, int size) {
    Random random = new Random(seed);
    Tape tape =
        new Tape(
            new WorkloadKey("w", model, "internal"),
            size,
            new String[] {"openai", "azure"},
            new String[0],
            new String[0]);
    for (int i = 0; i < size; i++) {
      tape.startedAtMicros[i] = (long) i * 10 * DAY / size;
      tape.session[i] = random.nextInt(40);
      tape.owner[i] = -1;
      tape.region[i] = -1;
      tape.provider[i] = (short) (random.nextInt(3) - 1);
      tape.serviceTier[i] = (byte) random.nextInt(ServiceTier.values().length);
      tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
      if (random.nextInt(10) == 0) {
        tape.inputTokens[i] = Tape.ABSENT_TOKENS;
        tape.cacheReadTokens[i] = Tape.ABSENT_TOKENS;
        tape.cacheWrite5mTokens[i] = Tape.ABSENT_TOKENS;
        tape.cacheWrite1hTokens[i] = Tape.ABSENT_TOKENS;
        tape.outputTokens[i] = Tape.ABSENT_TOKENS;
      } else if (random.nextInt(10) == 0) {
        tape.status[i] = (byte) CallStatus.FAILURE.ordinal();
      } else {
        tape.inputTokens[i] = 500 * random.nextInt(10);
        tape.cacheReadTokens[i] = random.nextInt(3) * 500;
        tape.cacheWrite5mTokens[i] = random.nextInt(3) * 250;
        tape.cacheWrite1hTokens[i] = random.nextInt(2) * 500;
        tape.outputTokens[i] = random.nextInt(300);
      }
    }
    return tape;
  }
}
