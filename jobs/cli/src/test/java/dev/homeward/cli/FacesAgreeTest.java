package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every number that ranking.csv, report.json (which report.html shows), review.xlsx, focus.csv and
 * the console share is one number. What the page makes of report.json is looked at in a browser
 * (jobs/browser).
 */
final class FacesAgreeTest {
  /** Where the figures of the console's table end: docs of ConsoleTable, 120 columns. */
  private static final int API_ENDS = 66;

  private static final int ALONE_ENDS = 86;
  private static final int IN_PLAN_ENDS = 106;
  private static final int FIGURE = 9;

  @TempDir static Path folder;
  private static List<Map<String, String>> ranking;
  private static JsonNode report;
  private static Xlsx book;
  private static List<Map<String, String>> focus;
  private static String console;

  @BeforeAll
  static void reviewOnce() throws IOException {
    Path review = HostileMonth.review(folder);
    ranking = Tables.read(review.resolve("ranking.csv"));
    report = new ObjectMapper().readTree(review.resolve("report.json").toFile());
    book = new Xlsx(review.resolve("review.xlsx"));
    focus = Tables.read(review.resolve("focus.csv"));
    console = Files.readString(folder.resolve("console.txt"));
  }

  /** Cell by cell: the ranking of report.json and of the workbook, as ranking.csv rounds it. */
  @Test
  void theRankingIsTheSameInEveryFile() {
    JsonNode columns = report.at("/ranking/columns");
    List<Map<String, Xlsx.Cell>> sheet = book.sheets().get("Ranking").rows();
    assertEquals(ranking.size(), report.at("/ranking/rows").size());
    int compared = 0;
    for (int i = 0; i < ranking.size(); i++) {
      JsonNode cells = report.at("/ranking/rows").get(i);
      for (int c = 0; c < columns.size(); c++) {
        String name = columns.get(c).get("name").asText();
        String csv = ranking.get(i).get(name);
        JsonNode cell = cells.get(c);
        String onPage = cell.isNull() ? "" : cell.asText();
        assertEquals(csv(csv, cell.isTextual()), rounded(csv, onPage), name + " in report.json");
        Xlsx.Cell inSheet = sheet.get(i).get(name);
        assertEquals(
            csv, inSheet == null ? "" : Tables.as(csv, inSheet.value()), name + " in xlsx");
        compared++;
      }
    }
    assertTrue(compared >= 50 * ranking.size(), compared + " cells");
  }

  private static String csv(String cell, boolean text) {
    return text ? Tables.text(cell) : cell;
  }

  private static String rounded(String like, String value) {
    return value.isEmpty() ? value : Tables.as(like, value);
  }

  /** The same of the columns that the console's table has. */
  @Test
  void theConsoleShowsTheRanking() {
    for (Map<String, String> row : ranking) {
      Matcher found =
          Pattern.compile("(?m)^ {0,2}" + row.get("rank") + " [A-Z_+]+ .*$").matcher(console);
      assertTrue(found.find(), row.get("rank"));
      String line = found.group() + " ".repeat(120);
      assertEquals(known(row.get("api_forecast_usd")), figure(line, API_ENDS), line);
      if (!row.get("saving_monthly_usd").isEmpty()) {
        assertEquals(row.get("saving_monthly_usd"), figure(line, ALONE_ENDS), line);
      }
      assertEquals(
          row.get("marginal_saving_usd").isEmpty() ? "-" : row.get("marginal_saving_usd"),
          figure(line, IN_PLAN_ENDS),
          line);
    }
  }

  private static String known(String money) {
    return money.isEmpty() ? "?" : money;
  }

  // A character that takes two columns of a terminal has two characters of Java too.
  private static String figure(String line, int ends) {
    return line.substring(ends - FIGURE, ends).strip();
  }

  /** What the plan comes to, in the words of the console and in four files. */
  @Test
  void thePlanComesToTheSameEverywhere() throws IOException {
    List<Map<String, String>> plan = Tables.read(folder.resolve("review/plan.csv"));
    String saving = plan.get(plan.size() - 1).get("cumulative_saving_usd");
    BigDecimal start = BigDecimal.ZERO;
    for (Map<String, String> step : plan) {
      start = start.add(new BigDecimal(step.get("capex_usd")));
    }
    Matcher said =
        Pattern.compile(
                "To move: (\\d+) workloads.*?\\$([0-9.]+) a month (saved|dearer) together.*?\\$([0-9.]+)"
                    + " paid at the start",
                Pattern.DOTALL)
            .matcher(console);
    assertTrue(said.find(), console);
    assertEquals(saving, (said.group(3).equals("dearer") ? "-" : "") + said.group(2));
    assertEquals(start.toPlainString(), said.group(4));
    assertEquals(report.at("/plan/workloads").asText(), said.group(1));
    assertEquals(saving, cents(report.at("/plan/saving_monthly_usd")));
    assertEquals(start.toPlainString(), cents(report.at("/plan/initial_usd")));
    Map<String, String> summary = new HashMap<>();
    for (Map<String, Xlsx.Cell> row : book.sheets().get("Summary").rows()) {
      if (row.containsKey("value")) {
        summary.put(row.get("figure").value(), row.get("value").value());
      }
    }
    assertEquals(saving, Tables.as("0.00", summary.get("the plan saves a month, USD")));
    assertEquals(start.toPlainString(), Tables.as("0.00", summary.get("paid at the start, USD")));
    assertEquals(
        cents(report.at("/headline/api_forecast_monthly_usd")),
        Tables.as("0.00", summary.get("API a month, USD")));
    assertTrue(
        console.contains(
            "API $%s a month".formatted(cents(report.at("/headline/api_forecast_monthly_usd")))),
        console);
    JsonNode steps = report.at("/plan/steps");
    assertEquals(plan.size(), steps.size());
    for (int i = 0; i < plan.size(); i++) {
      for (String money :
          List.of("capex_usd", "monthly_cost_usd", "monthly_saving_usd", "cumulative_saving_usd")) {
        assertEquals(plan.get(i).get(money), cents(steps.get(i).get(money)), money + " of " + i);
      }
    }
  }

  /** Spend by workload and kind of token: report.json, the workbook and FOCUS. */
  @Test
  void theSpendIsTheSameInEveryFile() {
    Map<String, BigDecimal> byFocus = new TreeMap<>();
    Map<String, BigDecimal> byWorkload = new TreeMap<>();
    for (Map<String, String> row : focus) {
      String workload = Tables.text(row.get("x_Workload"));
      if (!row.get("EffectiveCost").isEmpty()) {
        BigDecimal cost = new BigDecimal(row.get("EffectiveCost"));
        byFocus.merge(workload + "|" + row.get("x_TokenKind"), cost, BigDecimal::add);
        byWorkload.merge(workload, cost, BigDecimal::add);
      }
    }
    Map<String, BigDecimal> byBook = new TreeMap<>();
    List<Map<String, Xlsx.Cell>> lines = book.sheets().get("Spend").rows();
    for (Map<String, Xlsx.Cell> line : lines.subList(0, lines.size() - 1)) {
      byBook.merge(
          Tables.text(line.get("workload").value()) + "|" + line.get("kind").value(),
          new BigDecimal(line.get("amount_usd").value()),
          BigDecimal::add);
    }
    Map<String, BigDecimal> byPage = new TreeMap<>();
    for (int i = 0; i < ranking.size(); i++) {
      for (JsonNode kind : report.at("/workloads").get(i).at("/spend/kinds")) {
        byPage.merge(
            Tables.text(ranking.get(i).get("workload")) + "|" + kind.get("kind").asText(),
            new BigDecimal(kind.get("usd").asText()),
            BigDecimal::add);
      }
    }
    assertEquals(inCents(byBook), inCents(byPage));
    assertEquals(inCents(byBook), inCents(byFocus));
    int priced = 0;
    for (Map<String, String> row : ranking) {
      if (!row.get("api_cost_usd").isEmpty()) {
        priced++;
        assertEquals(
            row.get("api_cost_usd"),
            byWorkload
                .get(Tables.text(row.get("workload")))
                .setScale(2, RoundingMode.HALF_EVEN)
                .toPlainString());
      }
    }
    assertTrue(priced > 10, priced + " workloads with a price");
  }

  /** What was read, kept and left out. */
  @Test
  void theDataQualityIsTheSameInEveryFile() {
    Map<String, String> inBook = new HashMap<>();
    for (Map<String, Xlsx.Cell> row : book.sheets().get("Data quality").rows()) {
      if (row.containsKey("value") && !row.containsKey("of")) {
        inBook.put(row.get("figure").value(), row.get("value").value());
      }
    }
    int compared = 0;
    for (Map.Entry<String, JsonNode> figure : report.get("data_quality").properties()) {
      if (figure.getValue().isNumber()) {
        assertEquals(
            figure.getValue().doubleValue(),
            Double.parseDouble(inBook.get(figure.getKey())),
            figure.getKey());
        compared++;
      }
    }
    assertTrue(compared > 8, compared + " figures");
    Matcher said =
        Pattern.compile("Data: ([\\d,]+) records = ([\\d,]+) calls \\+ ([\\d,]+) duplicates")
            .matcher(console);
    assertTrue(said.find(), console);
    List<String> names = List.of("records", "calls", "duplicates");
    for (int i = 0; i < names.size(); i++) {
      assertEquals(
          report.at("/data_quality/" + names.get(i)).asText(), said.group(i + 1).replace(",", ""));
    }
  }

  private static String cents(JsonNode usd) {
    return Tables.as("0.00", usd.asText());
  }

  private static Map<String, String> inCents(Map<String, BigDecimal> sums) {
    Map<String, String> cents = new TreeMap<>();
    sums.forEach(
        (key, usd) -> cents.put(key, usd.setScale(2, RoundingMode.HALF_EVEN).toPlainString()));
    return cents;
  }
}
