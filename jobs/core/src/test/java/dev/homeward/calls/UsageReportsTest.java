package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class UsageReportsTest {
  private static final long MINUTE = 60_000_000L;
  private static final long DAY = 86_400_000_000L;
  private static final LocalDate MAY_4 = LocalDate.of(2026, 5, 4);

  private final SortedMap<BilledKey, Billed> sums = new TreeMap<>();

  private static CallDraft bucket(long width, long calls, long tokens) {
    CallDraft draft = new CallDraft();
    draft.startedAtMicros = MAY_4.toEpochDay() * DAY;
    draft.bucketMicros = width;
    draft.bucketCalls = calls;
    draft.inputTokens = tokens;
    draft.requestModel = "gpt-4o";
    return draft;
  }

  private void add(String source, String part, String provider, CallDraft bucket) {
    sums.merge(
        BilledKey.of(bucket, source, part, provider, "gpt-4o"), Billed.of(bucket), Billed::plus);
  }

  private UsageReports settled() {
    return UsageReports.of(sums, new TreeSet<>());
  }

  @Test
  void callsAreMadeOfTheFirstSourceOfAProviderThatCountsThem() {
    add("litellm-daily-spend", "", "openai", bucket(DAY, 5, 100));
    add("litellm-daily-spend", "", "bedrock", bucket(DAY, 7, 100));
    add("openai-usage-csv", "", "openai", bucket(MINUTE, 5, 100));
    add("anthropic-usage", "", "anthropic", bucket(DAY, CallDraft.ABSENT, 100));
    UsageReports reports = settled();
    List<String> made =
        reports.chosen().stream().map(key -> key.source() + " " + key.provider()).toList();
    assertEquals(List.of("litellm-daily-spend bedrock", "openai-usage-csv openai"), made);
    assertEquals(
        List.of("openai-usage-csv has the same usage of openai"),
        reports.unused("litellm-daily-spend"));
    assertEquals(
        List.of("1 buckets do not say how many calls they hold"),
        reports.unused("anthropic-usage"));
    assertEquals(List.of(), reports.unused("openai-usage-csv"));
  }

  /** A gateway pays OpenRouter; OpenRouter says who answered. */
  @Test
  void whoIsPaidTellsWhetherTwoReportsSayTheSame() {
    add("openrouter-usage", "", "anthropic", bucket(DAY, 5, 100));
    add("litellm-daily-spend", "", "openrouter", bucket(DAY, 5, 100));
    add("litellm-daily-spend", "", "anthropic", bucket(DAY, 2, 100));
    UsageReports reports = settled();
    assertEquals(
        List.of("litellm-daily-spend anthropic", "openrouter-usage anthropic"),
        reports.chosen().stream().map(key -> key.source() + " " + key.provider()).toList());
    assertEquals(
        List.of("openrouter-usage has the same usage of openrouter"),
        reports.unused("litellm-daily-spend"));
  }

  /** $5 charged by the hour, $2 of it given back for the day: $3 is paid. */
  @Test
  void aBillsChargesAreAddedWhateverTheirWidth() {
    CallDraft charged = bucket(60 * MINUTE, CallDraft.ABSENT, 100);
    charged.loggedNanoUsd = 5_000_000_000L;
    CallDraft givenBack = bucket(DAY, CallDraft.ABSENT, 0);
    givenBack.loggedNanoUsd = -2_000_000_000L;
    add("focus-csv", "", "openai", charged);
    add("focus-csv", "", "openai", givenBack);
    Billed sum = settled().sum("focus-csv");
    assertEquals("3", sum.cost().orElseThrow().toString());
    assertEquals(100, sum.tokens().orElseThrow().total());
    assertEquals(0, settled().setAside().size());
  }

  @Test
  void theSameDayInTwoWidthsCountsOnce() {
    add("openai-usage", "", "openai", bucket(DAY, 5, 100));
    add("openai-usage", "", "openai", bucket(MINUTE, 2, 30));
    add("openai-usage", "", "openai", bucket(MINUTE, 1, 30));
    UsageReports reports = settled();
    assertEquals(100, reports.sum("openai-usage").tokens().orElseThrow().total());
    assertEquals(1, reports.setAside().size());
    add("openai-usage", "", "openai", bucket(MINUTE, 2, 41));
    assertEquals(101, settled().sum("openai-usage").tokens().orElseThrow().total());
  }

  @Test
  void ofSeveralTablesOfOneSourceTheMostCompleteCounts() {
    add("litellm-daily-spend", "tag", "openai", bucket(DAY, 9, 190));
    add("litellm-daily-spend", "team_id", "openai", bucket(DAY, 3, 60));
    add("litellm-daily-spend", "", "openai", bucket(DAY, 5, 100));
    assertEquals(OptionalLong.of(5), settled().sum("litellm-daily-spend").calls());
    assertEquals(1, settled().chosen().size());
  }

  @Test
  void aSumWithAnUnknownTermIsUnknown() {
    Billed known = Billed.of(bucket(DAY, 5, 100));
    Billed uncounted = Billed.of(bucket(DAY, CallDraft.ABSENT, 100));
    assertEquals(OptionalLong.empty(), known.plus(uncounted).calls());
    assertEquals(200, known.plus(uncounted).tokens().orElseThrow().total());
    assertTrue(known.plus(uncounted).cost().isEmpty());
    assertEquals(5, known.plus(uncounted).makeable());
    assertEquals(1, known.plus(uncounted).unmakeable());
    assertEquals(0, Billed.of(bucket(DAY, 0, 0)).unmakeable());
  }

  @Test
  void aBucketThatWasCutShortIsAsWideAsTheOthers() {
    assertEquals(DAY, key(DAY - 5).widthMicros());
    assertEquals(60 * MINUTE, key(MINUTE + 1).widthMicros());
    assertEquals(7, key(6 * DAY + 1).days());
    assertEquals(1, key(MINUTE).days());
  }

  private static BilledKey key(long width) {
    return BilledKey.of(bucket(width, 1, 1), "openai-usage", "", "openai", "gpt-4o");
  }

  /** A page downloaded during the day and again after it: the later one holds more. */
  @Test
  void ofCopiesTheOneWithTheMostTokensCounts() {
    UsageBucket early = at(bucket(DAY, 5, 100), new UsageBucket.BucketPlace("a.jsonl", 0, 0));
    UsageBucket late = at(bucket(DAY, 7, 140), new UsageBucket.BucketPlace("b.jsonl", 0, 0));
    UsageBucket again = at(bucket(DAY, 7, 140), new UsageBucket.BucketPlace("b.jsonl", 0, 1));
    assertTrue(late.isBefore(early));
    assertTrue(late.isBefore(again));
    assertEquals(early.sameness(), late.sameness());
  }

  private static UsageBucket at(CallDraft draft, UsageBucket.BucketPlace place) {
    draft.hasId = true;
    draft.idHigh = 1;
    return UsageBucket.of(
        draft, BilledKey.of(draft, "openai-usage", "", "openai", "gpt-4o"), place);
  }
}
