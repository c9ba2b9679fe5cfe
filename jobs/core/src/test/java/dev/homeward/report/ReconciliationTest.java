package dev.homeward.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.Billed;
import dev.homeward.calls.BilledKey;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.TokenSums;
import dev.homeward.calls.UsageReports;
import dev.homeward.pricing.DailyUse;
import dev.homeward.units.NanoUsd;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ReconciliationTest {
  private static final long DAY = 86_400_000_000L;

  private final TreeMap<BilledKey, Billed> billed = new TreeMap<>();
  private final List<DailyUse> logged = new ArrayList<>();

  private void bill(String source, String provider, String model, String day, long calls, long in) {
    bill(source, provider, model, day, 1, calls, in, CallDraft.ABSENT);
  }

  private void bill(
      String source,
      String provider,
      String model,
      String day,
      int days,
      long calls,
      long in,
      long nanos) {
    CallDraft bucket = new CallDraft();
    bucket.startedAtMicros = LocalDate.parse(day).toEpochDay() * DAY;
    bucket.bucketMicros = days * DAY;
    bucket.bucketCalls = calls;
    bucket.inputTokens = in;
    bucket.requestModel = model;
    bucket.loggedNanoUsd = nanos;
    billed.merge(
        BilledKey.of(bucket, source, "", provider, model), Billed.of(bucket), Billed::plus);
  }

  private void log(String provider, String model, String day, long calls, long in, long nanos) {
    logged.add(
        new DailyUse(
            model,
            provider,
            LocalDate.parse(day),
            new DailyUse.Use(
                calls,
                0,
                new TokenSums(in, 0, 0, 0, 0, 0),
                Optional.of(new NanoUsd(nanos)),
                Optional.empty())));
  }

  private Reconciliation compared(String zone) {
    ZoneId at = ZoneId.of(zone);
    YearMonth month = YearMonth.of(2026, 5);
    long from = micros(month.atDay(1).atStartOfDay(at).toInstant());
    long to = micros(month.plusMonths(1).atDay(1).atStartOfDay(at).toInstant());
    return Reconciliation.of(
        UsageReports.of(billed, new TreeSet<>()),
        logged,
        new ReviewPeriod(month, at, from, to, from, to, 1.0));
  }

  private static long micros(Instant at) {
    return at.getEpochSecond() * 1_000_000L;
  }

  @Test
  void coverageIsLoggedOverBilledByModelAndDay() {
    bill("openai-usage", "openai", "gpt-4o", "2026-05-04", 10, 1000);
    bill("openai-usage", "openai", "gpt-4o", "2026-05-06", 10, 3000);
    log("openai", "gpt-4o", "2026-05-04", 9, 900, 2_250_000);
    log("openai", "gpt-4o", "2026-05-06", 10, 2700, 6_750_000);
    Reconciliation compared = compared("UTC");
    assertEquals(
        """
        day,hosted_model,source,billed_calls,logged_calls,billed_tokens,logged_tokens,\
        coverage_tokens,billed_usd,logged_usd,coverage_usd
        2026-05-04,gpt-4o,openai-usage,10,9,1000,900,0.9000,,0.002250,
        2026-05-06,gpt-4o,openai-usage,10,10,3000,2700,0.9000,,0.006750,
        """,
        ReconciliationFiles.csv(compared));
    assertEquals(0.9, compared.totals().get(0).tokenCoverage().orElseThrow());
    assertEquals(
        List.of("Billed by openai-usage: 4,000 tokens of gpt-4o, the log holds 90.0 %."),
        ReconciliationFiles.lines(compared));
  }

  @Test
  void daysWithoutLogsAndModelsOfOneSideAreNamed() {
    bill("openai-usage", "openai", "gpt-4o", "2026-05-04", 10, 1000);
    bill("openai-usage", "openai", "gpt-4o", "2026-05-05", 10, 1000);
    bill("openai-usage", "openai", "gpt-4o-mini", "2026-05-06", 10, 500);
    log("openai", "gpt-4o", "2026-05-04", 10, 1000, 0);
    log("openai", "o3", "2026-05-05", 2, 70, 0);
    // Outside of the report's days, and at another provider: nothing this report could know.
    log("openai", "o3", "2026-05-07", 2, 70, 0);
    log("azure", "gpt-4o-mini", "2026-05-06", 2, 70, 0);
    log("anthropic", "claude-sonnet-4-5", "2026-05-05", 2, 70, 0);
    Reconciliation compared = compared("UTC");
    JsonNode source = ReconciliationFiles.json(compared).get("sources").get(0);
    assertEquals("[\"gpt-4o-mini\"]", source.get("models_only_billed").toString());
    assertEquals("[\"o3\"]", source.get("models_only_logged").toString());
    assertEquals(
        "[\"2026-05-05\"]", source.get("models").get(0).get("days_without_logs").toString());
    assertEquals(70, source.get("models").get(1).get("logged_tokens_at_other_providers").asLong());
    assertEquals(70, source.get("models").get(2).get("logged_tokens").asLong());
    assertTrue(source.get("models").get(2).get("coverage_tokens").isNull());
    assertEquals(
        List.of(
            "Billed by openai-usage: 2,000 tokens of gpt-4o, the log holds 50.0 %; 500 tokens of"
                + " gpt-4o-mini, the log holds 0.0 %.",
            "      no calls of gpt-4o are logged on 2026-05-05; gpt-4o-mini is billed, and logged"
                + " only at other providers; o3 is logged and not billed."),
        ReconciliationFiles.lines(compared));
  }

  @Test
  void moreThanAllIsShownAsItIsAndEachSourceStandsAlone() {
    bill("openai-usage", "openai", "gpt-4o", "2026-05-04", 10, 1000);
    bill("openai-usage-csv", "openai", "gpt-4o", "2026-05-04", 10, 1000);
    log("", "gpt-4o", "2026-05-04", 24, 2400, 0);
    // No provider, and no report bills it.
    log("", "llama", "2026-05-04", 24, 2400, 0);
    Reconciliation compared = compared("UTC");
    assertEquals(2, compared.totals().size());
    assertEquals(2.4, compared.totals().get(1).tokenCoverage().orElseThrow());
    List<String> lines = ReconciliationFiles.lines(compared);
    assertEquals(4, lines.size());
    assertEquals(
        "Billed by openai-usage: 1,000 tokens of gpt-4o, the log holds 240.0 %.", lines.get(0));
    assertTrue(lines.get(1).contains("are calls logged twice"), lines.get(1));
  }

  @Test
  void dollarsAreComparedWhereTheReportKnowsNoTokens() {
    bill(
        "anthropic-cost",
        "anthropic",
        "claude-sonnet-4-5",
        "2026-05-04",
        1,
        CallDraft.ABSENT,
        CallDraft.ABSENT,
        4_000_000_000L);
    log("anthropic", "claude-sonnet-4-5", "2026-05-04", 3, 1000, 3_000_000_000L);
    Reconciliation compared = compared("UTC");
    assertTrue(
        ReconciliationFiles.csv(compared)
            .endsWith(
                "2026-05-04,claude-sonnet-4-5,anthropic-cost,,3,,1000,,4.000000,3.000000,0.7500\n"));
    assertEquals(
        List.of("Billed by anthropic-cost: $4.00 of claude-sonnet-4-5, the log holds 75.0 %."),
        ReconciliationFiles.lines(compared));
  }

  /** A bucket of a week is compared with a week of the log. */
  @Test
  void aBucketOfSeveralDaysIsComparedWithAllOfThem() {
    bill("openai-usage", "openai", "gpt-4o", "2026-05-04", 7, 10, 1000, CallDraft.ABSENT);
    log("openai", "gpt-4o", "2026-05-04", 1, 100, 0);
    log("openai", "gpt-4o", "2026-05-10", 1, 300, 0);
    Reconciliation compared = compared("UTC");
    assertEquals(1, compared.rows().size());
    assertEquals(0.4, compared.rows().get(0).tokenCoverage().orElseThrow());
  }

  /** In Berlin May ends at 22:00 UTC: the log's side of May 31 would lack two hours. */
  @Test
  void daysThatThePeriodCutsAreNotCompared() {
    bill("openai-usage", "openai", "gpt-4o", "2026-04-30", 10, 1000);
    bill("openai-usage", "openai", "gpt-4o", "2026-05-30", 10, 1000);
    bill("openai-usage", "openai", "gpt-4o", "2026-05-31", 10, 1000);
    assertEquals(2, compared("UTC").rows().size());
    assertEquals(1, compared("Europe/Berlin").rows().size());
  }

  @Test
  void bucketsWithoutAModelAreComparedWithNothing() {
    bill("openai-usage", "openai", "", "2026-05-04", 10, 1000);
    log("openai", "gpt-4o", "2026-05-04", 10, 1000, 0);
    Reconciliation compared = compared("UTC");
    assertTrue(
        ReconciliationFiles.csv(compared).contains("2026-05-04,,openai-usage,10,,1000,,,,,\n"));
    assertTrue(
        ReconciliationFiles.lines(compared).get(1).contains("group the report by model"),
        ReconciliationFiles.lines(compared).toString());
  }
}
