package dev.homeward.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.report.ReviewDiff.Change;
import dev.homeward.report.ReviewDiff.ChangeKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reviews written by hand: October has 31 days, November 30. */
final class ReviewDiffTest {
  @TempDir Path folder;

  private final List<String> rows = new ArrayList<>();

  @Test
  void dollarsArePerDayAndByWorkload() throws IOException {
    // $310 over 31 days are $10 a day, $360 over 30 are $12; alone -$31 is -$1 a day, $45 is $1.50;
    // it adds nothing to October's plan and $60, $2 a day, to November's.
    row("triage", 31_000, "KEEP_API", "ok", "310.00", "-31.00", "", "");
    // The same dollars a day: 93 / 31 = 90 / 30 = 3.
    row("search", 31_000, "KEEP_API", "ok", "93.00", "", "", "");
    Path october = review("2026-10", "{\"saving_monthly_usd\":0,\"initial_usd\":0}", "");
    row("triage", 36_000, "MOVE", "ok", "360.00", "45.00", "60.00", "1");
    row("search", 30_000, "KEEP_API", "ok", "90.00", "", "", "");
    Path november =
        review(
            "2026-11",
            "{\"saving_monthly_usd\":60.0,\"initial_usd\":2600.0}",
            "1,buy,rtx-3090,2,,,,,,2600.00,,,,,\n2,move,rtx-3090,,m,e,triage,gpt-4o,internal,,,60.00,60.00,,\n");
    List<Change> changes = changes(october, november);
    assertEquals(
        List.of(
            "API $10.00 before, $12.00 now; saves alone -$1.00 before, $1.50 now;"
                + " adds to the plan ? before, $2.00 now"),
        texts(changes, ChangeKind.DOLLARS));
    assertEquals(
        List.of(
            "it saves $0.00 a day, $0.00 at the start before; it saves $2.00 a day, $2,600.00 at the"
                + " start now",
            "boxes to have: rtx-3090 0 before, 2 now",
            "joins the plan as move 1"),
        texts(changes, ChangeKind.PLAN));
    assertEquals(
        """
        2026-10 to 2026-11: API $13.00 a day before, $15.00 now; 5 changes.
          verdict       triage / gpt-4o / internal: KEEP_API before, MOVE now (saves)
          volume        triage / gpt-4o / internal: 1,000 calls a day before, 1,200 now (+20 %)
          plan          it saves $0.00 a day, $0.00 at the start before; it saves $2.00 a day, $2,600.00 at the start now
          plan          boxes to have: rtx-3090 0 before, 2 now
          plan          triage / gpt-4o / internal: joins the plan as move 1
        Dollars a day, at announced prices:
          triage / gpt-4o / internal: API $10.00 before, $12.00 now; saves alone -$1.00 before, $1.50 now; adds to the plan ? before, $2.00 now
        """,
        ReviewDiff.text(ReviewDiff.read(october), ReviewDiff.read(november), changes));
    List<Change> back = changes(november, october);
    assertTrue(texts(back, ChangeKind.PLAN).contains("leaves the plan (it was move 1)"));
  }

  /** What counts for most comes first; what persists, and mere dollars, are no change. */
  @Test
  void whatChangedSinceAnEarlierMonthIsSaidInOrderOfWeight() throws IOException {
    row("bulk", 31_000, "KEEP_API", "ok", "310.00", "", "", "");
    row("files", 3100, "MUST_MOVE", "ok", "31.00", "", "", "");
    row("notes", 3100, "MUST_MOVE", "violation", "31.00", "", "", "");
    Path october = review("2026-10", "{\"saving_monthly_usd\":0,\"initial_usd\":0}", "");
    row("bulk", 45_000, "MOVE", "ok", "450.00", "45.00", "60.00", "1");
    row("files", 3000, "MUST_MOVE", "violation", "30.00", "", "", "");
    row("notes", 3000, "MUST_MOVE", "violation", "30.00", "", "", "");
    Path november =
        review(
            "2026-11",
            "{\"saving_monthly_usd\":60.0,\"initial_usd\":2600.0}",
            "1,buy,rtx-3090,2,,,,,,2600.00,,,,,\n2,move,rtx-3090,,m,e,bulk,gpt-4o,internal,,,60.00,60.00,,\n");
    Reviewed.Since since = Reviewed.Since.of(ReviewDiff.read(october), ReviewDiff.read(november));
    assertEquals("2026-10", since.month());
    assertTrue(since.lines().get(0).startsWith("files / gpt-4o / internal: "), since.toString());
    assertTrue(since.lines().stream().noneMatch(l -> l.startsWith("notes")), since.toString());
    int verdict = at(since, "KEEP_API");
    int volume = at(since, "calls a day");
    assertTrue(0 < verdict && verdict < volume, since.toString());
    assertEquals(
        List.of(), Reviewed.Since.of(ReviewDiff.read(october), ReviewDiff.read(october)).lines());
  }

  private static int at(Reviewed.Since since, String words) {
    for (int i = 0; i < since.lines().size(); i++) {
      if (since.lines().get(i).contains(words)) {
        return i;
      }
    }
    return -1;
  }

  /** An old violation is no change, and is said; a new one is both. */
  @Test
  void violationsPersistOrAreNew() throws IOException {
    row("notes", 3100, "MUST_MOVE", "violation", "31.00", "", "", "");
    row("files", 3100, "MUST_MOVE", "ok", "31.00", "", "", "");
    Path october = review("2026-10", "{}", "");
    row("notes", 3000, "MUST_MOVE", "violation", "30.00", "", "", "");
    row("files", 3000, "MUST_MOVE", "violation", "30.00", "", "", "");
    row("fresh", 3000, "MUST_MOVE", "violation", "30.00", "", "", "");
    Path november = review("2026-11", "{}", "");
    List<Change> changes = changes(october, november);
    assertEquals(
        List.of("still 3000 calls where its data may not be (3100 before)"),
        texts(changes, ChangeKind.VIOLATION));
    assertEquals(2, texts(changes, ChangeKind.NEW_VIOLATION).size());
    List<Change> same = changes(october, october);
    assertEquals(1, same.size());
    assertEquals(ChangeKind.VIOLATION, same.get(0).kind());
    String text = ReviewDiff.text(ReviewDiff.read(october), ReviewDiff.read(october), same);
    assertTrue(
        text.contains("; 0 changes.\n  violation     notes / gpt-4o / internal: still"), text);
  }

  /** 345,290 calls in 31 days are 11,138.4 a day. */
  @Test
  void numbersAreWrittenOut() throws IOException {
    row("bulk", 345_290, "KEEP_API", "ok", "9000.00", "", "", "");
    Path october = review("2026-10", "{}", "");
    row("bulk", 30, "KEEP_API", "ok", "1.00", "", "", "");
    Path november = review("2026-11", "{}", "");
    List<Change> changes = changes(october, november);
    assertEquals(
        List.of("11,138 calls a day before, 1 now: decide anew"),
        texts(changes, ChangeKind.TENFOLD));
    String text = ReviewDiff.text(ReviewDiff.read(october), ReviewDiff.read(november), changes);
    assertFalse(text.matches("(?s).*\\de[+-]\\d.*"), text);
  }

  private static List<Change> changes(Path before, Path after) throws IOException {
    return ReviewDiff.of(ReviewDiff.read(before), ReviewDiff.read(after));
  }

  private static List<String> texts(List<Change> changes, ChangeKind kind) {
    return changes.stream().filter(c -> c.kind() == kind).map(Change::text).toList();
  }

  private void row(
      String workload,
      long calls,
      String verdict,
      String compliance,
      String api,
      String alone,
      String inPlan,
      String turn) {
    Map<RankingColumn, String> row = new EnumMap<>(RankingColumn.class);
    row.put(RankingColumn.WORKLOAD, workload);
    row.put(RankingColumn.HOSTED_MODEL, "gpt-4o");
    row.put(RankingColumn.DATA_CLASS, "internal");
    row.put(RankingColumn.VERDICT, verdict);
    row.put(RankingColumn.COMPLIANCE, compliance);
    row.put(RankingColumn.REASONS, verdict.equals("MOVE") ? "saves" : "no_saving");
    row.put(RankingColumn.CALLS, Long.toString(calls));
    row.put(RankingColumn.INPUT_TOKENS, Long.toString(500 * calls));
    row.put(RankingColumn.OUTPUT_TOKENS, Long.toString(100 * calls));
    row.put(RankingColumn.API_COST_USD, api);
    row.put(RankingColumn.API_MONTHLY_USD, api);
    row.put(RankingColumn.API_FORECAST_USD, api);
    row.put(RankingColumn.SAVING_MONTHLY_USD, alone);
    row.put(RankingColumn.MARGINAL_SAVING_USD, inPlan);
    row.put(RankingColumn.MOVE_ORDER, turn);
    List<String> cells = new ArrayList<>();
    for (RankingColumn column : RankingColumn.values()) {
      cells.add(row.getOrDefault(column, ""));
    }
    rows.add(String.join(",", cells));
  }

  private Path review(String month, String plan, String steps) throws IOException {
    Path review = Files.createDirectory(folder.resolve(month));
    List<String> header = new ArrayList<>();
    for (RankingColumn column : RankingColumn.values()) {
      header.add(column.columnName());
    }
    Files.writeString(
        review.resolve("ranking.csv"),
        String.join(",", header) + "\n" + String.join("\n", rows) + "\n");
    rows.clear();
    Files.writeString(
        review.resolve("manifest.json"),
        "{\"review_id\":\"x\",\"configuration\":{\"month\":\"%s\"}}".formatted(month));
    Files.writeString(review.resolve("summary.json"), "{\"plan\":%s}".formatted(plan));
    Files.writeString(
        review.resolve("plan.csv"),
        "step,action,hardware,count,local_model,engine,workload,hosted_model,data_class,capex_usd,"
            + "monthly_cost_usd,monthly_saving_usd,cumulative_saving_usd,utilization,note\n"
            + steps);
    return review;
  }
}
