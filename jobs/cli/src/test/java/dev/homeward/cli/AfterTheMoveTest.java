package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worked case docs/cases/01-move, and the month after: its plan saves $210 a month, the box
 * costs $100, a call is $5 at the API. In November 57 of 60 calls were answered by a server of
 * one's own, which the log names as a deployment of OpenAI's protocol at no price, and 3 went to
 * the API.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class AfterTheMoveTest {
  @TempDir private static Path folder;
  private Path october;
  private Path november;
  private Cli.Ran after;

  @BeforeAll
  void twoMonths() throws IOException {
    MovedMonths months = MovedMonths.of(folder);
    october = months.october();
    november = months.november();
    after = months.after();
  }

  @Test
  void localCallsAreNoPartOfTheApisBill() throws IOException {
    List<Map<String, String>> rows = Cli.ranking(november);
    assertEquals(1, rows.size());
    assertEquals("acme-1", rows.get(0).get("hosted_model"));
    assertEquals("3", rows.get(0).get("calls"));
    assertEquals("15.00", rows.get(0).get("api_cost_usd"));
    assertTrue(
        after.out().contains("57 calls of 1 workloads were served by servers of your own"),
        after.out());
    Path focus = november.resolve("focus.csv");
    assertFalse(Files.readString(focus).contains("qwen3-8b"));
    // Three calls on days of their own; its output costs nothing, and is counted all the same.
    assertEquals(
        List.of("1000.0", "100.0", "1000.0", "100.0", "1000.0", "100.0"),
        Cli.column(focus, "ConsumedQuantity"));
  }

  /** The page has the months side by side, and what was promised beside what came of it. */
  @Test
  void theReportHoldsBothMonthsAndWhatWasRealised() throws IOException {
    JsonNode report = new ObjectMapper().readTree(november.resolve("report.json").toFile());
    assertEquals("2026-10", report.at("/history/0/review_month").asText());
    assertEquals("2026-11", report.at("/history/1/review_month").asText());
    assertEquals(2, report.get("history").size());
    assertFalse(report.at("/history/0").has("realised_saving_monthly_usd"));
    assertEquals(185, report.at("/history/1/realised_saving_monthly_usd").asDouble());
    assertEquals(210, report.at("/realised/promised_saving_monthly_usd").asDouble());
    assertEquals(185, report.at("/realised/moves/0/realised_saving_usd").asDouble());
    JsonNode before = new ObjectMapper().readTree(october.resolve("report.json").toFile());
    assertFalse(before.has("history"), "no month lies before it");
    assertFalse(before.has("realised"));
  }

  /** 57 calls x $5 less the box's $100 is $185. */
  @Test
  void promisedStandsBesideMeasured() throws IOException {
    List<Map<String, String>> moves = Cli.rows(november.resolve("realised.csv"));
    assertEquals(1, moves.size());
    Map<String, String> move = moves.get(0);
    assertEquals("reader", move.get("workload"));
    assertEquals("acme-1", move.get("hosted_models"));
    assertEquals("2026-10", move.get("promised_in"));
    assertEquals("qwen3-8b", move.get("local_model"));
    assertEquals("local/qwen3-8b", move.get("served_as"));
    assertEquals("2.00", move.get("promised_calls_per_day"));
    assertEquals("1.90", move.get("local_calls_per_day"));
    assertEquals("0.10", move.get("api_calls_per_day"));
    assertEquals("0.0000", move.get("promised_overflow_share"));
    assertEquals("0.0500", move.get("overflow_share"));
    assertEquals("250.000", move.get("ttft_p95_ms"));
    assertEquals("2000.000", move.get("e2e_p95_ms"));
    Map<String, String> promised = Cli.ranking(october).get(0);
    assertEquals(promised.get("ttft_p95_ms"), move.get("promised_ttft_p95_ms"));
    assertEquals(promised.get("e2e_p95_ms"), move.get("promised_e2e_p95_ms"));
    assertEquals("210.00", move.get("promised_saving_usd"));
    assertEquals("285.00", move.get("api_equivalent_usd"));
    assertEquals("100.00", move.get("fleet_usd"));
    assertEquals("185.00", move.get("realised_saving_usd"));
    assertEquals("15.00", move.get("overflow_usd"));
    JsonNode summary = new ObjectMapper().readTree(november.resolve("summary.json").toFile());
    assertEquals(185.0, summary.at("/realised/realised_saving_monthly_usd").asDouble());
    assertEquals(210.0, summary.at("/realised/promised_saving_monthly_usd").asDouble());
    String said = after.out().replaceAll("\\s+", " ");
    assertTrue(said.contains("After the move: reader / internal: on local/qwen3-8b"), said);
    assertTrue(said.contains("saves $185.00 a month (promised $210.00)"), said);
  }

  @Test
  void diffShowsBoth() {
    Cli.Ran diff = Cli.run("diff", october.toString(), november.toString());
    assertEquals(0, diff.exit(), diff.err());
    assertTrue(diff.out().contains("Promised and measured:\n  reader / internal: on"), diff.out());
    Cli.Ran json = Cli.run("diff", october.toString(), november.toString(), "--json");
    assertTrue(json.out().contains("\"kind\" : \"REALISED\""), json.out());
  }

  @Test
  void theReviewThatPromisedMayBeNamed() throws IOException {
    Path elsewhere = folder.resolve("elsewhere/november");
    Cli.Ran alone = MovedMonths.review(folder.resolve("november"), elsewhere);
    assertTrue(alone.out().contains("no earlier review promised it"), alone.out());
    Path named = folder.resolve("named/november");
    MovedMonths.review(folder.resolve("november"), named, "--promised", october.toString());
    assertEquals(
        Files.readString(november.resolve("realised.csv")),
        Files.readString(named.resolve("realised.csv")));
    Cli.Ran wrong =
        Cli.run(
            "review",
            folder.resolve("november").toString(),
            "--out",
            folder.resolve("wrong").toString(),
            "--promised",
            folder.resolve("nothing").toString());
    assertEquals(2, wrong.exit());
    assertTrue(wrong.err().contains("Invalid --promised"), wrong.err());
  }

  /**
   * Without the policy's word the same calls are taken for an API's, of a model without a price.
   */
  @Test
  void thePolicySaysWhatTheLogDoesNotShow() throws IOException {
    Path logs = folder.resolve("unsaid");
    Files.createDirectories(logs);
    Files.copy(folder.resolve("november/log.jsonl"), logs.resolve("log.jsonl"));
    Path review = folder.resolve("unsaid-review");
    MovedMonths.review(logs, review);
    assertEquals(2, Cli.ranking(review).size());
    assertFalse(Files.exists(review.resolve("realised.csv")));
  }

  @Test
  void focusAddsUpToTheRankingAndReportMakesItAgain() throws IOException {
    BigDecimal sum = BigDecimal.ZERO;
    for (String cost : Cli.column(october.resolve("focus.csv"), "ContractedCost")) {
      sum = sum.add(new BigDecimal(cost));
    }
    assertEquals(
        Cli.ranking(october).get(0).get("api_cost_usd"),
        sum.setScale(2, RoundingMode.HALF_EVEN).toPlainString());
    Path again = folder.resolve("again");
    Cli.Ran ran = Cli.run("report", october.toString(), "--out", again.toString());
    assertEquals(0, ran.exit(), ran.err());
    for (String name : List.of("focus.csv", "focus.parquet")) {
      assertEquals(
          -1, Files.mismatch(october.resolve(name), again.resolve(name)), name + " is another");
    }
    Path older = folder.resolve("older");
    ran = Cli.run("report", october.toString(), "--focus", "1.2", "--out", older.toString());
    assertEquals(0, ran.exit(), ran.err());
    assertFalse(
        Files.readAllLines(older.resolve("focus.csv")).get(0).contains("ServiceProviderName"));
    assertTrue(
        Files.readAllLines(again.resolve("focus.csv")).get(0).contains("ServiceProviderName"));
  }
}
