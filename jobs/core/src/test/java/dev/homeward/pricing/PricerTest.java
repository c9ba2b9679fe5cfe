package dev.homeward.pricing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceBook;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NanoUsd;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PricerTest {
  private static final PriceBook BOOK = PriceBook.standard();
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /** The articles' API costs, over months of 30 days as they count, from their own prices. */
  @ParameterizedTest(name = "{0}: {1} calls a day of {3}/{4}")
  @CsvSource({
    "001 agent, 48, claude-3-5-haiku, 500, 50, 0.80, 4.00, 0.864",
    "001 a thousand, 1000, claude-3-5-haiku, 500, 50, 0.80, 4.00, 18.00",
    "001 a hundred thousand, 100000, claude-3-5-haiku, 500, 50, 0.80, 4.00, 1800.00",
    "003 gpt-4o-mini, 10000, gpt-4o-mini, 500, 300, 0.15, 0.60, 76.50",
    "003 gpt-4o, 10000, gpt-4o, 500, 300, 2.50, 10, 1275.00",
    "003 small, 1000, gpt-4o-mini, 500, 300, 0.15, 0.60, 7.65",
    "003 small gpt-4o, 1000, gpt-4o, 500, 300, 2.50, 10, 127.50",
    "003 large, 500000, gpt-4o-mini, 500, 300, 0.15, 0.60, 3825.00",
    "003 large gpt-4o, 500000, gpt-4o, 500, 300, 2.50, 10, 63750.00",
  })
  void articlesApiCostsAreReproduced(
      String row,
      int callsPerDay,
      String model,
      int input,
      int output,
      BigDecimal dollarsIn,
      BigDecimal dollarsOut,
      BigDecimal claimedAfterRecomputing) {
    BigDecimal perCall =
        dollarsIn
            .multiply(BigDecimal.valueOf(input))
            .add(dollarsOut.multiply(BigDecimal.valueOf(output)))
            .movePointLeft(6);
    BigDecimal month = perCall.multiply(BigDecimal.valueOf(30L * callsPerDay));
    assertEquals(0, month.compareTo(claimedAfterRecomputing), month.toPlainString());
    // One call stands for all of a day: tokens are added up before they are priced.
    Tape tape = tape(model, 30);
    for (int day = 0; day < 30; day++) {
      set(
          tape,
          day,
          LocalDate.of(2026, 4, 1).plusDays(day),
          callsPerDay * input,
          0,
          0,
          callsPerDay * output);
    }
    assertEquals(Optional.of(NanoUsd.ofDollars(month)), pricer().price(tape, List.of()).apiCost());
  }

  @Test
  void aMillionTokensEachWayOfSonnetCostEighteenDollars() {
    Tape tape = tape("claude-sonnet-4-6", 10);
    for (int i = 0; i < 10; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), 100_000, 0, 0, 100_000);
    }
    assertEquals("18", pricer().price(tape, List.of()).apiCost().orElseThrow().toString());
  }

  @Test
  void theCanonicalCallCostsWhatItsFileSays() {
    // 2000 x 3 + 8000 x 0.3 + 1000 x 3.75 + 500 x 15 = 6000 + 2400 + 3750 + 7500 micro-dollars
    Tape sonnet = tape("claude-sonnet-4-5", 1);
    set(sonnet, 0, LocalDate.of(2026, 5, 4), 2000, 8000, 1000, 500);
    assertEquals("0.01965", pricer().price(sonnet, List.of()).apiCost().orElseThrow().toString());
    // luna before 2026-07-30: 2000 x 1 + 8000 x 0.1 + 1000 x 1.25 + 500 x 6 = 7050 micro-dollars
    Tape luna = tape("gpt-5.6-luna", 1);
    set(luna, 0, LocalDate.of(2026, 5, 4), 2000, 8000, 1000, 500);
    WorkloadSpend spend = pricer().price(luna, List.of());
    assertEquals("0.00705", spend.apiCost().orElseThrow().toString());
    // and at the announced price a fifth of it
    assertEquals("0.00141", spend.apiForecast().orElseThrow().toString());
    assertEquals(quoted(1_410_000_000L), quote(pricer(), luna), "pico-dollars of the forecast");
  }

  @Test
  void aPriceChangeInsideThePeriodSplitsTheBill() {
    Tape tape = tape("o3", 2);
    set(tape, 0, LocalDate.of(2025, 6, 9), 1_000_000, 0, 0, 0);
    set(tape, 1, LocalDate.of(2025, 6, 10), 1_000_000, 0, 0, 0);
    WorkloadSpend spend = pricer().price(tape, List.of());
    assertEquals("12", spend.apiCost().orElseThrow().toString(), "$10 the day before, $2 on it");
    assertEquals("4", spend.apiForecast().orElseThrow().toString());
  }

  @Test
  void theLongContextLimitIsACliffOnTheWholeRequest() {
    Tape tape = tape("gemini-2.5-pro", 2);
    set(tape, 0, LocalDate.of(2026, 5, 4), 200_000, 0, 0, 1000);
    set(tape, 1, LocalDate.of(2026, 5, 4), 200_001, 0, 0, 1000);
    // 200000 x 1.25 + 1000 x 10 = 260000; 200001 x 2.5 + 1000 x 15 = 515002.5 micro-dollars
    assertEquals("0.7750025", pricer().price(tape, List.of()).apiCost().orElseThrow().toString());
  }

  @Test
  void anUnknownModelHasNoPriceAndSaysSo() {
    Tape tape = tape("northstar-2", 3);
    for (int i = 0; i < 3; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), 10, 0, 0, 10);
    }
    WorkloadSpend spend = pricer().price(tape, List.of("nova-2", "sonar"));
    assertEquals(Optional.empty(), spend.apiCost());
    assertEquals(3, spend.unpricedCalls());
    assertEquals(
        Optional.of("no price for northstar-2: 3 calls, 60 tokens (nearest known: nova-2, sonar)"),
        spend.problem());
  }

  @Test
  void aCallBeforeTheFirstPriceTakesItAndIsCounted() {
    Tape tape = tape("gpt-4o-mini", 1);
    set(tape, 0, LocalDate.of(2023, 11, 16), 1_000_000, 0, 0, 0);
    WorkloadSpend spend = pricer().price(tape, List.of());
    assertEquals("0.15", spend.apiCost().orElseThrow().toString());
    assertEquals(1, spend.beforeFirstPrice());
  }

  @Test
  void aTierWithoutAPriceIsPricedAtStandardAndCounted() {
    Tape tape = tape("grok-3", 2);
    for (int i = 0; i < 2; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), 1_000_000, 0, 0, 0);
    }
    tape.serviceTier[1] = (byte) ServiceTier.BATCH.ordinal();
    WorkloadSpend spend = pricer().price(tape);
    assertEquals("6", spend.apiCost().orElseThrow().toString(), "$3 a million, twice");
    assertEquals(1, spend.standardTierCalls());
    assertEquals(0, spend.unpricedCalls());
  }

  @Test
  void batchCallsOfOneTapeHaveLinesOfTheirOwn() {
    Tape tape = tape("gpt-4o", 2);
    for (int i = 0; i < 2; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), 1_000_000, 0, 0, 0);
    }
    tape.serviceTier[1] = (byte) ServiceTier.BATCH.ordinal();
    List<PricedLine> lines = pricer().price(tape).lines();
    assertEquals(
        List.of("batch 1250000 1.25", "standard 2500000 2.5"),
        lines.stream()
            .map(l -> l.row().tier() + " " + l.microUsdPerMillion() + " " + l.amount())
            .toList());
  }

  @Test
  void callsWithoutUsageAreNeverPricedAtZero() {
    Tape tape = tape("gpt-4o", 2);
    for (int i = 0; i < 2; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), -1, -1, -1, -1);
      tape.cacheWrite1hTokens[i] = Tape.ABSENT_TOKENS;
    }
    WorkloadSpend spend = pricer().price(tape);
    assertEquals(Optional.empty(), spend.apiCost());
    assertEquals(2, spend.unpricedCalls());
    assertEquals(Optional.of("no token counts in any of 2 calls of gpt-4o"), spend.problem());
  }

  @Test
  void outputOfAModelWithoutAnOutputPriceIsUnpricedNotFree() {
    Tape tape = tape("text-embedding-3-small", 2);
    set(tape, 0, LocalDate.of(2026, 5, 4), 1_000_000, 0, 0, 0);
    set(tape, 1, LocalDate.of(2026, 5, 4), 1_000_000, 0, 0, 7);
    WorkloadSpend spend = pricer().price(tape);
    assertEquals("0.02", spend.apiCost().orElseThrow().toString());
    assertEquals(1, spend.unpricedCalls());
  }

  @Test
  void failuresThatConsumedNothingAndProxyCacheHitsCostNothing() {
    Tape tape = tape("gpt-4o", 3);
    for (int i = 0; i < 3; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), 1000, 0, 0, 100);
    }
    set(tape, 1, LocalDate.of(2026, 5, 4), 0, 0, 0, 0);
    tape.status[1] = (byte) CallStatus.FAILURE.ordinal();
    tape.flags[2] = CallFlags.PROXY_CACHE_HIT;
    WorkloadSpend spend = pricer().price(tape);
    // 1000 x 2.5 + 100 x 10 micro-dollars
    assertEquals("0.0035", spend.apiCost().orElseThrow().toString());
    // The forecast has the same prices; one call in use, none of the other two.
    assertEquals(quoted(3_500_000_000L), quote(pricer(), tape));
  }

  @Test
  void cacheKindsWithoutAPriceOfTheirOwnAreChargedAsTheKindTheyBelongTo() {
    // gpt-4 has no cache prices: 4 x 1000 tokens at $30 a million
    Tape tape = tape("gpt-4", 1);
    set(tape, 0, LocalDate.of(2024, 5, 4), 1000, 1000, 1000, 0);
    tape.cacheWrite1hTokens[0] = 1000;
    assertEquals("0.12", pricer().price(tape).apiCost().orElseThrow().toString());
    // claude-sonnet-4-5: an hour's write costs twice the input
    Tape claude = tape("claude-sonnet-4-5", 1);
    set(claude, 0, LocalDate.of(2026, 5, 4), 0, 0, 0, 0);
    claude.cacheWrite1hTokens[0] = 1000;
    assertEquals("0.006", pricer().price(claude).apiCost().orElseThrow().toString());
  }

  @Test
  void cacheReadsCountTowardsTheLongContextLimit() {
    Tape tape = tape("gemini-2.5-pro", 1);
    set(tape, 0, LocalDate.of(2026, 5, 4), 1, 200_000, 0, 0);
    // 1 x 2.5 + 200000 x 0.25 micro-dollars
    assertEquals("0.0500025", pricer().price(tape).apiCost().orElseThrow().toString());
  }

  @Test
  void cacheWritesCountTowardsTheLongContextLimit() {
    Tape tape = tape("gemini-2.5-pro", 1);
    set(tape, 0, LocalDate.of(2026, 5, 4), 100_000, 0, 60_000, 0);
    tape.cacheWrite1hTokens[0] = 40_001;
    // No price of writes: 200001 x 2.5 micro-dollars, where below the limit it were 1.25
    WorkloadSpend spend = pricer().price(tape);
    assertEquals("0.5000025", spend.apiCost().orElseThrow().toString());
    assertEquals("0.5000025", spend.apiForecast().orElseThrow().toString());
  }

  @Test
  void aPriceWithoutAnOutputRateIsNamedWhereNoCallCouldBePriced() {
    Tape tape = tape("text-embedding-3-small", 1);
    set(tape, 0, LocalDate.of(2026, 5, 4), 1_000_000, 0, 0, 7);
    WorkloadSpend spend = pricer().price(tape);
    assertEquals(Optional.empty(), spend.apiCost());
    assertEquals(
        Optional.of(
            "no price for these calls of text-embedding-3-small: 1 calls, 1,000,007 tokens"
                + " (its price has no output rate or no matching tier)"),
        spend.problem());
  }

  @Test
  void aDiscountMayBeNothingOrAllAndNoMore() {
    Discounts.of(Map.of("azure", BigDecimal.ZERO));
    Discounts.of(Map.of("azure", BigDecimal.valueOf(100)));
    assertThrows(InvalidInput.class, () -> Discounts.of(Map.of("azure", new BigDecimal("-0.01"))));
    assertThrows(InvalidInput.class, () -> Discounts.of(Map.of("azure", new BigDecimal("100.01"))));
  }

  @Test
  void theProviderThatSoldTheCallDecidesThePrice() {
    Tape tape =
        new Tape(
            new WorkloadKey("w", "gpt-5.5", "internal"),
            3,
            new String[] {"openai", "bedrock"},
            new String[0],
            new String[0]);
    for (int i = 0; i < 3; i++) {
      set(tape, i, LocalDate.of(2026, 8, 4), 100_000, 0, 0, 0);
      tape.provider[i] = (short) (i - 1);
    }
    // $0.50 unnamed, $0.50 OpenAI, $0.55 Bedrock
    assertEquals("1.55", pricer().price(tape).apiCost().orElseThrow().toString());
  }

  @Test
  void aNegotiatedDiscountLowersTheUnitPricesOfItsProvider() {
    Tape tape =
        new Tape(
            new WorkloadKey("w", "gpt-4o", "internal"),
            2,
            new String[] {"azure"},
            new String[0],
            new String[0]);
    for (int i = 0; i < 2; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), 1_000_000, 0, 0, 0);
      tape.provider[i] = (short) (i - 1);
    }
    Discounts discounts = Discounts.of(Map.of("azure.ai.openai", new BigDecimal("12.5")));
    WorkloadSpend spend = new Pricer(BOOK, Optional.empty(), discounts).price(tape);
    // $2.50 at list and $2.50 x 0.875 = $2.1875
    assertEquals("4.6875", spend.apiCost().orElseThrow().toString());
    assertEquals(
        quoted(2_500_000_000_000L + 2_187_500_000_000L),
        quote(new Pricer(BOOK, Optional.empty(), discounts), tape));
    assertEquals(
        "12.5 % off", spend.lines().get(1).row().note(), "the bill says why the price is lower");
    InvalidInput e =
        assertThrows(
            InvalidInput.class, () -> Discounts.of(Map.of("azure", BigDecimal.valueOf(101))));
    assertEquals("Invalid discount of azure: 101 (percent off, 0 to 100)", e.getMessage());
  }

  @Test
  void aBillOfMorePicoDollarsThanALongHoldsIsExact() {
    // One call is 2^31 tokens x 600,000,000 micro-dollars a million = 1.3e18 pico-dollars.
    Tape tape = tape("o1-pro", 10);
    for (int i = 0; i < 10; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), 0, 0, 0, Integer.MAX_VALUE);
    }
    BigDecimal expected =
        BigDecimal.valueOf(Integer.MAX_VALUE)
            .multiply(BigDecimal.valueOf(10 * 600))
            .movePointLeft(6);
    assertEquals(
        Optional.of(NanoUsd.ofDollars(expected)),
        pricer().price(tape).apiCost(),
        "1.3e19 pico-dollars, more than a long holds, are priced in BigInteger");
  }

  /** Order independence and the sum of lines, on 200 random tapes. */
  @Test
  void theBillDoesNotDependOnTheOrderOfCallsAndItsLinesAddUp() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int n = 1 + random.nextInt(50);
      Tape tape = tape("gpt-5.6-luna", n);
      Tape reversed = tape("gpt-5.6-luna", n);
      for (int i = 0; i < n; i++) {
        LocalDate day = LocalDate.of(2026, 7, 1).plusDays(random.nextInt(60));
        int in = random.nextInt(400_000);
        int read = random.nextInt(1000);
        int write = random.nextInt(1000);
        int out = random.nextInt(5000);
        set(tape, i, day, in, read, write, out);
        set(reversed, n - 1 - i, day, in, read, write, out);
        byte tier = (byte) random.nextInt(ServiceTier.values().length);
        tape.serviceTier[i] = tier;
        reversed.serviceTier[n - 1 - i] = tier;
      }
      WorkloadSpend spend = pricer().price(tape, List.of());
      WorkloadSpend other = pricer().price(reversed, List.of());
      assertEquals(spend.apiCost(), other.apiCost(), "seed " + seed);
      assertEquals(spend.apiForecast(), other.apiForecast(), "seed " + seed);
      NanoUsd sum = NanoUsd.ZERO;
      for (PricedLine line : spend.lines()) {
        sum = sum.plus(line.amount());
      }
      assertEquals(spend.apiCost().orElseThrow(), sum, "seed " + seed);
      assertEquals(quote(pricer(), tape), quote(pricer(), reversed), "seed " + seed);
      BigDecimal picos = new BigDecimal(((ApiQuote.Known) quote(pricer(), tape)).picoUsd());
      BigDecimal off =
          picos.movePointLeft(12).subtract(spend.apiForecast().orElseThrow().dollars()).abs();
      // Each line is rounded to a nano-dollar once.
      BigDecimal bound = BigDecimal.valueOf(spend.forecastLines().size(), 9);
      assertTrue(off.compareTo(bound) <= 0, "seed " + seed + ": " + off);
    }
  }

  /**
   * What was added up by line under one price list has its price under another one: the same as the
   * calls themselves have there, to the nano-dollar a line of the bill.
   */
  @Test
  void useAddedUpUnderOnePriceListIsPricedUnderAnother() {
    Tape tape = tape("gemini-2.5-pro", 40);
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      set(tape, i, LocalDate.of(2026, 5, 4), random.nextInt(400_000), 1000 * i, 0, 10 * i);
      tape.serviceTier[i] = (byte) random.nextInt(2);
    }
    Pricer other =
        new Pricer(
            PriceBook.parse(
                List.of(
                    """
                    {"prices": [{"model": "gemini-2.5-pro", "from": "2026-01-01", "input": 7000000,
                     "cache-read": 300000, "output": 11000000,
                     "above": {"tokens": 272000, "input": 9000000},
                     "source": {"kind": "assumed", "reference": "test", "date": "2026-01-01"}}]}""")),
            Optional.empty());
    ApiUse use = pricer().billed(tape).use();
    BigDecimal quoted =
        new BigDecimal(((ApiQuote.Known) other.quote(use)).picoUsd()).movePointLeft(12);
    BigDecimal priced = other.price(tape).apiForecast().orElseThrow().dollars();
    assertTrue(quoted.subtract(priced).abs().doubleValue() < 20e-9, quoted + " and " + priced);
    assertTrue(
        quoted.compareTo(
                new BigDecimal(((ApiQuote.Known) pricer().quote(use)).picoUsd()).movePointLeft(12))
            > 0,
        "the other list is dearer");
  }

  @Test
  void useOfAModelWithoutAPriceHasNoPriceAtAll() {
    Tape known = tape("gpt-4o", 1);
    set(known, 0, LocalDate.of(2026, 5, 4), 1000, 0, 0, 10);
    Tape unknown = tape("nobody-sells-this", 1);
    set(unknown, 0, LocalDate.of(2026, 5, 4), 1, 0, 0, 0);
    ApiUse both = pricer().billed(known).use().plus(pricer().billed(unknown).use());
    ApiQuote.Unpriced quote = (ApiQuote.Unpriced) pricer().quote(both);
    assertEquals(
        List.of("nobody-sells-this"), quote.lines().stream().map(ApiLine::hostedModel).toList());
    // An embedding model has no output price: without output it has a price, with it none.
    Tape embedding = tape("text-embedding-3-small", 1);
    set(embedding, 0, LocalDate.of(2026, 5, 4), 1_000_000, 0, 0, 0);
    assertEquals(quoted(20_000_000_000L), quote(pricer(), embedding));
    embedding.outputTokens[0] = 1;
    assertTrue(quote(pricer(), embedding) instanceof ApiQuote.Unpriced);
    assertEquals(quoted(0), pricer().quote(ApiUse.NONE));
  }

  @Test
  void useThatALimitDoesNotDivideIsNotPriced() {
    Tape tape = tape("gemini-2.5-pro", 1);
    set(tape, 0, LocalDate.of(2026, 5, 4), 1000, 0, 0, 10);
    assertTrue(
        pricer().quote(BilledTape.of(tape).use()) instanceof ApiQuote.Undivided,
        "below or above 200,000: its line does not say");
    assertTrue(quote(pricer(), tape) instanceof ApiQuote.Known);
  }

  private static ApiQuote quote(Pricer pricer, Tape tape) {
    return pricer.quote(pricer.billed(tape).use());
  }

  private static ApiQuote quoted(long picos) {
    return new ApiQuote.Known(BigInteger.valueOf(picos));
  }

  /** 900,000 of sound at $1, 100,000 of text at $0.30, 1,000 out at $2.50, 2 searches at $0.035. */
  @Test
  void soundAndSearchesHavePricesOfTheirOwn() {
    Tape tape = tape("gemini-2.5-flash", 1);
    set(tape, 0, LocalDate.of(2026, 10, 1), 1_000_000, 0, 0, 1_000);
    tape.setExtras(0, 900_000, 0, 2);
    WorkloadSpend spend = pricer().price(tape);
    assertEquals("1.002500", spend.apiCost().orElseThrow().toString(6));
    assertEquals(
        List.of("input 100000", "output 1000", "audio_input 900000", "web_search 2"),
        spend.lines().stream().map(line -> line.kind() + " " + line.tokens()).toList());
    assertEquals(
        new ApiQuote.Known(new BigInteger("1002500000000")),
        pricer().quote(pricer().billed(tape).use()),
        "a replay's use comes to the same");
    assertTrue(spend.unpricedSearches().isEmpty());
  }

  @Test
  void searchesWithoutAPriceAreCountedAndSoundIsTextThere() {
    Tape tape = tape("gpt-4.1", 1);
    set(tape, 0, LocalDate.of(2026, 10, 1), 1_000_000, 0, 0, 0);
    tape.setExtras(0, 400_000, 0, 3);
    PriceBook book =
        PriceBook.standard()
            .with(
                dev.homeward.config.Documents.parse(
                    ("{\"prices\":[{\"model\":\"gpt-4.1\",\"from\":\"2026-01-01\",\"input\":2000000,"
                            + "\"output\":8000000,\"source\":{\"kind\":\"vendor\",\"reference\":\"r\","
                            + "\"date\":\"2026\"}}]}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "mine.json"),
                "mine.json");
    WorkloadSpend spend = new Pricer(book, Optional.empty()).price(tape);
    assertEquals("2.000000", spend.apiCost().orElseThrow().toString(6));
    assertEquals(3, spend.unpricedSearches().orElseThrow());
  }

  /** One model at two hosts of one workload: each call at its own host's price. */
  @Test
  void oneModelAtTwoHostsIsPricedTwice() {
    Tape tape =
        new Tape(
            new WorkloadKey("w", "deepseek-r1", "internal"),
            3,
            new String[0],
            new String[0],
            new String[0],
            new String[] {"together", "azure", "our-own-cloud"});
    for (int i = 0; i < 3; i++) {
      set(tape, i, LocalDate.of(2026, 10, 1), 1_000_000, 0, 0, 1_000_000);
      tape.servedBy[i] = (short) i;
    }
    WorkloadSpend spend = pricer().price(tape);
    assertEquals("16.750000", spend.apiCost().orElseThrow().toString(6), "3 + 7 + 1.35 + 5.40");
    assertEquals(1, spend.unpricedCalls());
    assertEquals(3, pricer().billed(tape).use().lines().size());
  }

  private static Pricer pricer() {
    return new Pricer(BOOK, Optional.empty());
  }

  private static Tape tape(String model, int size) {
    return new Tape(
        new WorkloadKey("w", model, "internal"), size, new String[0], new String[0], new String[0]);
  }

  private static void set(
      Tape tape, int i, LocalDate day, int input, int read, int write, int output) {
    tape.startedAtMicros[i] =
        day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000L + MICROS_PER_DAY / 2;
    tape.inputTokens[i] = input;
    tape.cacheReadTokens[i] = read;
    tape.cacheWrite5mTokens[i] = write;
    tape.outputTokens[i] = output;
    tape.loggedNanoUsd[i] = CallDraft.ABSENT;
    tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
    tape.provider[i] = -1;
  }
}
