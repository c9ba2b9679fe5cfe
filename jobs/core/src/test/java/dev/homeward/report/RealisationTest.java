package dev.homeward.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.PriceBook;
import dev.homeward.keeping.Codec;
import dev.homeward.pricing.Pricer;
import dev.homeward.report.Realised.Column;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/**
 * Promised beside measured, by hand: calls of 1,000 tokens in and 100 out, at $1 and $10 a million.
 */
final class RealisationTest {
  private static final String BOOK =
      """
      {"prices": [{"model": "acme-1", "from": "2026-01-01", "input": 1000000, "cache-read": 100000, "cache-write-5m": 1250000,
          "cache-write-1h": 2000000, "output": 10000000,
          "source": {"kind": "assumed", "reference": "test", "date": "2026-01"}}]}
      """;

  private static final long START = 1_793_491_200_000_000L;

  /** November 2026, of which half was seen. */
  private static final ReviewPeriod HALF =
      new ReviewPeriod(
          YearMonth.of(2026, 11),
          ZoneOffset.UTC,
          START,
          START + 30 * 86_400_000_000L,
          START,
          START + 15 * 86_400_000_000L,
          0.5);

  private static Pricer pricer() {
    return new Pricer(PriceBook.parse(List.of(BOOK)), Optional.empty());
  }

  // Streamed: first token after 100 ms, the last after 1.09 s, so 10 ms a token.
  private static WorkloadProfile served(String workload, String model, int calls, int without) {
    Tape tape = tape(workload, model, calls, without);
    return WorkloadProfiler.profile(tape);
  }

  private static Tape tape(String workload, String model, int calls, int without) {
    Tape tape =
        new Tape(
            new WorkloadKey(workload, model, "internal"),
            calls,
            new String[0],
            new String[0],
            new String[0]);
    Arrays.fill(tape.provider, (short) -1);
    Arrays.fill(tape.owner, (short) -1);
    Arrays.fill(tape.region, (short) -1);
    Arrays.fill(tape.loggedNanoUsd, CallDraft.ABSENT);
    for (int i = 0; i < calls; i++) {
      tape.startedAtMicros[i] = START + i;
      tape.ttftMicros[i] = 100_000;
      tape.durationMicros[i] = 1_090_000;
      tape.inputTokens[i] = i < without ? Tape.ABSENT_TOKENS : 2_000;
      tape.outputTokens[i] = 100;
    }
    return tape;
  }

  private static Promise promise(String workload, String hosted, String localModel, int fleet) {
    ApiLine line = new ApiLine(hosted, "", ServiceTier.STANDARD, -1, Long.MAX_VALUE);
    return new Promise(
        "2026-10",
        "abc",
        new WorkloadKey(workload, hosted, "internal"),
        localModel,
        "box",
        100,
        OptionalDouble.of(0.01),
        OptionalDouble.of(200),
        OptionalDouble.of(20),
        OptionalDouble.empty(),
        fleet,
        OptionalDouble.of(1),
        OptionalDouble.of(0.5),
        // Ten calls then, half of their prompts from the API's cache.
        List.of(new ApiUse.Line(line, new ApiUse.Amount(10, 5_000, 5_000, 0, 0, 1_000))),
        2,
        1);
  }

  private static Realisation month(WorkloadProfile... served) {
    return new Realisation(List.of(served), List.of(), HALF, pricer());
  }

  /**
   * 300 calls in half a month: 20 a day. At two local tokens for one of the API they are 300 calls
   * of 1,000 tokens there, half of them cached: 300 x (500 x $1 + 500 x $0.10 + 100 x $10) /
   * million = $0.465, $0.93 a month; less the fleet's $0.50.
   */
  @Test
  void whatTheCallsWouldHaveCostLessTheFleet() {
    Realisation month = month(served("w", "local/qwen", 300, 0));
    assertTrue(month.isPromisedBy(List.of(promise("w", "acme-1", "qwen3-8b", 1))));
    month.take(List.of(promise("w", "acme-1", "qwen3-8b", 1)), Realisation.Unmade.SHOWN);
    assertFalse(month.isOpen());
    Realised row = month.rows().get(0);
    assertEquals(1, month.rows().size());
    assertEquals("20.00", row.text(Column.LOCAL_CALLS_PER_DAY));
    assertEquals("100.00", row.text(Column.PROMISED_CALLS_PER_DAY));
    assertEquals("0.00", row.text(Column.API_CALLS_PER_DAY));
    assertEquals("0.0000", row.text(Column.OVERFLOW_SHARE));
    assertEquals("0.0100", row.text(Column.PROMISED_OVERFLOW_SHARE));
    assertEquals("100.000", row.text(Column.TTFT_P95_MS));
    assertEquals("200.000", row.text(Column.PROMISED_TTFT_P95_MS));
    assertEquals("10.000", row.text(Column.TPOT_P95_MS));
    assertEquals("1090.000", row.text(Column.E2E_P95_MS));
    assertEquals("", row.text(Column.PROMISED_E2E_P95_MS));
    assertEquals("0.93", row.text(Column.API_EQUIVALENT_USD));
    assertEquals("0.50", row.text(Column.FLEET_USD));
    assertEquals("0.43", row.text(Column.REALISED_SAVING_USD));
    assertEquals("1.00", row.text(Column.PROMISED_SAVING_USD));
    assertEquals("", row.text(Column.NOTE));
    assertTrue(
        row.inWords().contains("TTFT p95 100.000 ms (promised 200.000 ms)")
            && row.inWords().contains("saves $0.43 a month (promised $1.00)"),
        row.inWords());
  }

  @Test
  void callsWithoutCountsAreTakenForSuchAsTheOthers() {
    Realisation month = month(served("w", "local/qwen", 300, 150));
    month.take(List.of(promise("w", "acme-1", "qwen3-8b", 1)), Realisation.Unmade.SHOWN);
    assertEquals("0.93", month.rows().get(0).text(Column.API_EQUIVALENT_USD));
    Realisation none = month(served("w", "local/qwen", 300, 300));
    none.take(List.of(promise("w", "acme-1", "qwen3-8b", 1)), Realisation.Unmade.SHOWN);
    Realised row = none.rows().get(0);
    assertEquals("", row.text(Column.REALISED_SAVING_USD));
    assertEquals("no local call has token counts", row.text(Column.NOTE));
  }

  /**
   * Prompts then: a fifth new, a fifth read from the API's cache, three tenths written for five
   * minutes and for an hour each. Now 1,000 new tokens a call, 500 from the own cache and 500 into
   * it, 100 out, at two local tokens for one of the API: 1,000 and 50 there. 300 calls: 300 x (200
   * x $1 + 200 x $0.10 + 300 x $1.25 + 300 x $2 + 50 x $10) / million = $0.5085; twice that a
   * month.
   */
  @Test
  void tokensOfAllKindsAreScaledToWhatIsCountedNow() {
    Tape tape = tape("w", "local/qwen", 300, 0);
    Arrays.fill(tape.inputTokens, 1_000);
    Arrays.fill(tape.cacheReadTokens, 500);
    Arrays.fill(tape.cacheWrite5mTokens, 500);
    Promise like = promise("w", "acme-1", "qwen3-8b", 1);
    ApiLine line = new ApiLine("acme-1", "", ServiceTier.STANDARD, -1, Long.MAX_VALUE);
    Promise promise =
        new Promise(
            like.month(),
            like.reviewId(),
            like.key(),
            like.localModel(),
            like.hardware(),
            like.callsPerDay(),
            like.overflowShare(),
            like.ttftP95Millis(),
            like.tpotP95Millis(),
            like.e2eP95Millis(),
            like.workloadsOnFleet(),
            like.savingUsd(),
            like.fleetUsd(),
            List.of(
                new ApiUse.Line(line, new ApiUse.Amount(10, 2_000, 2_000, 3_000, 3_000, 1_000))),
            2,
            2);
    Realisation month = month(WorkloadProfiler.profile(tape));
    month.take(List.of(promise), Realisation.Unmade.SHOWN);
    assertEquals("1.02", month.rows().get(0).text(Column.API_EQUIVALENT_USD));
    assertEquals("0.52", month.rows().get(0).text(Column.REALISED_SAVING_USD));
  }

  @Test
  void anUnknownPriceIsNoSaving() {
    Realisation month = month(served("w", "local/qwen", 3, 0));
    month.take(List.of(promise("w", "northstar-2", "qwen3-8b", 3)), Realisation.Unmade.SHOWN);
    Realised row = month.rows().get(0);
    assertEquals("", row.text(Column.API_EQUIVALENT_USD));
    assertEquals("", row.text(Column.REALISED_SAVING_USD));
    assertTrue(row.text(Column.NOTE).contains("northstar-2 has no price"), row.text(Column.NOTE));
    assertTrue(row.text(Column.NOTE).contains("3 workloads share the fleet"));
    assertTrue(row.inWords().contains("saves $? a month (promised $1.00)"), row.inWords());
  }

  /** Two hosted models of a workload moved onto two local ones, whose names tell them apart. */
  @Test
  void namesTellSeveralMovesOfAWorkloadApart() {
    Realisation month =
        month(
            served("w", "local/Llama-3.1-8B-Instruct", 1, 0),
            served("w", "local/qwen3-8b-awq", 2, 0),
            served("w", "local/mystery", 3, 0));
    month.take(
        List.of(promise("w", "acme-1", "llama-3.1-8b", 1), promise("w", "acme-2", "qwen3-8b", 1)),
        Realisation.Unmade.SHOWN);
    assertEquals(
        List.of("local/mystery", "local/Llama-3.1-8B-Instruct", "local/qwen3-8b-awq"),
        month.rows().stream().map(r -> r.text(Column.SERVED_AS)).toList());
    assertEquals("no earlier review promised it", month.rows().get(0).text(Column.NOTE));
  }

  @Test
  void aMoveThatWasNotMadeIsARowAndAnOlderReviewIsAskedForTheRest() {
    Realisation month = month(served("a", "local/q", 1, 0), served("b", "local/q", 1, 0));
    month.take(
        List.of(promise("a", "acme-1", "q", 1), promise("c", "acme-1", "q", 1)),
        Realisation.Unmade.SHOWN);
    assertTrue(month.isOpen());
    assertFalse(month.isPromisedBy(List.of(promise("a", "acme-1", "q", 1))));
    month.take(
        List.of(promise("b", "acme-1", "q", 1), promise("d", "acme-1", "q", 1)),
        Realisation.Unmade.LEFT_OUT);
    assertEquals(
        List.of("a", "b", "c"), month.rows().stream().map(r -> r.text(Column.WORKLOAD)).toList());
    Realised unmade = month.rows().get(2);
    assertEquals("0.00", unmade.text(Column.REALISED_SAVING_USD));
    assertTrue(unmade.inWords().startsWith("not moved: the plan of 2026-10"), unmade.inWords());
  }

  @Test
  void filesHoldItAndGiveItBack() throws Exception {
    Realisation month = month(served("=cmd|' /C calc'!A0", "local/q", 300, 0));
    month.take(List.of(promise("=cmd|' /C calc'!A0", "acme-1", "q", 1)), Realisation.Unmade.SHOWN);
    String csv = Realised.csv(month.rows());
    assertTrue(csv.contains("\n'=cmd|"), csv);
    java.nio.file.Path file = java.nio.file.Files.createTempFile("realised", ".csv");
    java.nio.file.Files.writeString(file, csv);
    assertEquals(month.rows(), Realised.read(ReviewTables.rows(file)));
    java.nio.file.Files.delete(file);
    var summary = Codec.object();
    Realised.write(month.rows(), summary);
    assertEquals(0.43, summary.at("/realised/realised_saving_monthly_usd").asDouble());
    assertEquals(1.0, summary.at("/realised/promised_saving_monthly_usd").asDouble());
    assertEquals(20.0, summary.at("/realised/moves/0/local_calls_per_day").asDouble());
  }
}
