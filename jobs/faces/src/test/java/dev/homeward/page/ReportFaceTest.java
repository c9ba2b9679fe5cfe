package dev.homeward.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Schemas;
import dev.homeward.report.Csv;
import dev.homeward.report.PlanFiles;
import dev.homeward.report.RankingRows;
import dev.homeward.report.Reviewed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

/**
 * The report of made-up reviews: it says what the tables say, it is the same each time, it holds
 * names that mean harm as text, and it asks for nothing.
 */
final class ReportFaceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A name that would end the script, begin a comment and turn the direction of writing. */
  private static final String HOSTILE =
      "</script><script>alert(1)</script><!-- \u202e =cmd|'/c calc'!A1 & \u2028";

  private static final Reviewed REVIEW =
      new MadeReview()
          .add("support", "gpt-4o", "internal", 24_000, 9000, 600)
          .add("drafts", "gpt-4o", "internal", 16_000, 7000, 500)
          .add("faq", "gpt-4o-mini", "internal", 2000, 800, 200)
          .add(HOSTILE, "gpt-4o", "internal", 500, 2000, 300)
          .reviewed();

  private static Map<String, byte[]> files(Reviewed review) {
    Map<String, byte[]> files = new HashMap<>();
    ReportFace.write(review, files::put);
    return files;
  }

  /** The page holds all of report.json: a part as it is, a part packed. */
  @Test
  void thePageHoldsTheWholeDocument() throws Exception {
    Map<String, byte[]> files = files(REVIEW);
    String page = new String(files.get("report.html"), StandardCharsets.UTF_8);
    JsonNode first =
        JSON.readTree(between(page, "<script type=\"application/json\" id=\"report\">"));
    byte[] packed =
        Base64.getDecoder().decode(between(page, "<script type=\"text/plain\" id=\"later\">"));
    JsonNode later = JSON.readTree(new InflaterInputStream(new ByteArrayInputStream(packed)));
    assertFalse(first.get("workloads").get(0).has("alternatives"));
    add((ObjectNode) first, (ObjectNode) later);
    assertEquals(JSON.readTree(files.get("report.json")), first);
  }

  private static String between(String page, String start) {
    int from = page.indexOf(start) + start.length();
    return page.substring(from, page.indexOf("</script>", from));
  }

  // As basics.js does.
  private static void add(ObjectNode to, ObjectNode more) {
    more.properties()
        .forEach(
            e -> {
              JsonNode there = to.get(e.getKey());
              if (there instanceof ObjectNode object) {
                add(object, (ObjectNode) e.getValue());
              } else if (there instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                  add((ObjectNode) array.get(i), (ObjectNode) e.getValue().get(i));
                }
              } else {
                to.set(e.getKey(), e.getValue());
              }
            });
  }

  @Test
  void monthsAndWhatWasRealisedStandInTheDocument() throws IOException {
    JsonNode d = document(REVIEW);
    assertEquals(2, d.get("history").size());
    assertEquals("2026-09", d.at("/history/0/review_month").asText());
    assertFalse(d.at("/history/0").has("realised_saving_monthly_usd"), "unknown is left out");
    assertEquals(90, d.at("/history/1/realised_saving_monthly_usd").asDouble());
    assertEquals(100, d.at("/realised/promised_saving_monthly_usd").asDouble());
    assertEquals("moved", d.at("/realised/moves/0/workload").asText());
  }

  private static String page(Reviewed review) {
    return new String(files(review).get("report.html"), StandardCharsets.UTF_8);
  }

  private static JsonNode document(Reviewed review) throws IOException {
    return JSON.reader()
        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .readTree(files(review).get("report.json"));
  }

  @Test
  void documentMatchesItsSchema() throws IOException {
    assertEquals(
        List.of(), Schemas.problems("report.schema.json", document(REVIEW), "report.json"));
  }

  @Test
  void rowsSayWhatRankingCsvSays() throws IOException {
    JsonNode ranking = document(REVIEW).get("ranking");
    List<String> lines = Csv.ranking(RankingRows.of(REVIEW.decision().ranking())).lines().toList();
    List<String> names = new ArrayList<>();
    ranking.get("columns").forEach(c -> names.add(c.get("name").asText()));
    assertEquals(lines.get(0), String.join(",", names));
    assertEquals(lines.size() - 1, ranking.get("rows").size());
    int compared = 0;
    for (int r = 1; r < lines.size(); r++) {
      String[] cells = lines.get(r).split(",", -1);
      for (int c = 0; c < cells.length; c++) {
        JsonNode cell = ranking.get("rows").get(r - 1).get(c);
        if (cell.isNull()) {
          assertEquals("", cells[c], names.get(c));
        } else if (cell.isNumber()) {
          assertEquals(0, new BigDecimal(cells[c]).compareTo(cell.decimalValue()), names.get(c));
        } else {
          assertEquals(cells[c], cell.asText(), names.get(c));
        }
        compared++;
      }
    }
    assertEquals(4 * names.size(), compared);
  }

  @Test
  void stepsSayWhatPlanCsvSays() throws IOException {
    List<String> lines = PlanFiles.plan(REVIEW.decision().plan()).lines().toList();
    JsonNode steps = document(REVIEW).get("plan").get("steps");
    assertTrue(lines.size() > 2, "the plan of the test should have steps");
    assertEquals(lines.size() - 1, steps.size());
    for (int i = 1; i < lines.size(); i++) {
      // The hostile name may hold commas: money is counted from the end, where there are none.
      String[] cells = lines.get(i).split(",", -1);
      JsonNode step = steps.get(i - 1);
      assertEquals(cells[0], step.get("step").asText());
      assertEquals(cells[1], step.get("action").asText());
      assertEquals(
          cents(cells[cells.length - 7]), cents(step.get("cumulative_saving_usd").asText()));
      assertEquals(cents(cells[cells.length - 8]), cents(step.get("monthly_saving_usd").asText()));
    }
  }

  private static BigDecimal cents(String usd) {
    return new BigDecimal(usd).setScale(2, RoundingMode.HALF_EVEN);
  }

  @Test
  void spendByKindAddsUpToTheRow() throws IOException {
    JsonNode d = document(REVIEW);
    int cost = -1;
    for (int c = 0; c < d.get("ranking").get("columns").size(); c++) {
      if (d.get("ranking").get("columns").get(c).get("name").asText().equals("api_cost_usd")) {
        cost = c;
      }
    }
    for (int r = 0; r < d.get("workloads").size(); r++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (JsonNode kind : d.get("workloads").get(r).get("spend").get("kinds")) {
        sum = sum.add(kind.get("usd").decimalValue());
      }
      assertEquals(
          d.get("ranking").get("rows").get(r).get(cost).decimalValue().setScale(2),
          cents(sum.toPlainString()));
    }
  }

  // 24 hours of seven days hold all calls: the mean of each slot times how often October 2026 has
  // it. It begins on a Thursday and has five of Thursday, Friday and Saturday.
  @Test
  void hoursOfTheWeekHoldAllCalls() throws IOException {
    JsonNode d = document(REVIEW);
    for (int r = 0; r < d.get("workloads").size(); r++) {
      JsonNode week = d.get("workloads").get(r).get("week_calls");
      if (week == null) {
        continue;
      }
      double calls = 0;
      for (int slot = 0; slot < week.size(); slot++) {
        calls += week.get(slot).asDouble() * (slot / 24 >= 3 && slot / 24 <= 5 ? 5 : 4);
      }
      // Means are written to one decimal, and hours begin at the first call.
      double all = REVIEW.decision().ranking().get(r).workload().profile().calls();
      assertEquals(all, calls, 168 * 5 * 0.05 + all * 0.02);
    }
  }

  @Test
  void sameReviewGivesTheSameBytes() {
    Map<String, byte[]> once = files(small().reviewed());
    Map<String, byte[]> again = files(small().reviewed());
    assertArrayEquals(once.get("report.json"), again.get("report.json"));
    assertArrayEquals(once.get("report.html"), again.get("report.html"));
  }

  private static MadeReview small() {
    return new MadeReview()
        .add("a", "gpt-4o", "internal", 300, 2000, 300)
        .add("b", "gpt-4o-mini", "internal", 300, 1000, 200);
  }

  @Test
  void hostileNamesAreText() throws IOException {
    String page = page(REVIEW);
    Matcher data =
        Pattern.compile(
                "<script type=\"application/json\" id=\"report\">(.*?)</script>", Pattern.DOTALL)
            .matcher(page);
    assertTrue(data.find());
    for (String harm : List.of("<", ">", "&", "\u2028", "\u202e")) {
      assertFalse(data.group(1).contains(harm), "the data holds " + harm);
    }
    // The data, the page's own script, the chart library, the packed data.
    assertEquals(4, page.split("<script", -1).length - 1);
    assertEquals(4, page.split("</script>", -1).length - 1);
    assertFalse(page.contains("<!--"));
    // Read as JSON, it is the same name, with what cannot be seen written out.
    String shown = HOSTILE.replace("\u202e", "\\u202e").replace("\u2028", "\\u2028");
    boolean found = false;
    for (JsonNode row : JSON.readTree(data.group(1)).get("ranking").get("rows")) {
      found |= row.get(2).asText().equals(shown);
    }
    assertTrue(found);
  }

  @Test
  void policyNamesTheVeryScriptsAndTheStyle() throws NoSuchAlgorithmException {
    String page = page(REVIEW);
    Matcher policy =
        Pattern.compile("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")
            .matcher(page);
    assertTrue(policy.find());
    assertTrue(policy.group(1).startsWith("default-src 'none'; "), policy.group(1));
    assertFalse(policy.group(1).contains("unsafe"), policy.group(1));
    Matcher inline = Pattern.compile("<(script|style)>(.*?)</\\1>", Pattern.DOTALL).matcher(page);
    int count = 0;
    while (inline.find()) {
      String hash =
          Base64.getEncoder()
              .encodeToString(
                  MessageDigest.getInstance("SHA-256")
                      .digest(inline.group(2).getBytes(StandardCharsets.UTF_8)));
      assertTrue(policy.group(1).contains("'sha256-" + hash + "'"), inline.group(1));
      count++;
    }
    assertEquals(3, count);
  }

  @Test
  void asksForNothing() {
    String page = page(REVIEW);
    assertFalse(Pattern.compile("\\s(src|href)=[\"']?(http|//)").matcher(page).find());
    assertFalse(page.contains("sourceMappingURL"));
    assertFalse(page.contains("@import"));
    assertFalse(Pattern.compile("\\burl\\(").matcher(styleOf(page)).find());
    assertFalse(
        Pattern.compile("\\b(fetch|XMLHttpRequest|WebSocket|sendBeacon)\\s*\\(")
            .matcher(page)
            .find());
    assertTrue(page.contains("The MIT License"), "the chart library goes with its licence");
  }

  private static String styleOf(String page) {
    return page.substring(page.indexOf("<style>"), page.indexOf("</style>"));
  }

  /** No part of the page reads text as HTML. */
  @Test
  void textNeverBecomesHtml() {
    String page = page(REVIEW);
    String own = page.substring(page.indexOf("<script>"), page.lastIndexOf("<script>"));
    assertTrue(own.contains("function rankingSection"));
    for (String way :
        List.of("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")) {
      assertFalse(own.contains(way), way);
    }
  }

  /**
   * 300 workloads on two boxes. On all boxes that a review tries, with the 30,566 replays of its
   * likely questions, the page is 1.6 MB.
   */
  @Test
  void threeHundredWorkloadsStayBelowThreeMegabytes() throws IOException {
    MadeReview review = new MadeReview();
    String[] models = {"gpt-4o", "gpt-4o-mini", "claude-sonnet-4-6"};
    for (int i = 0; i < 300; i++) {
      review.add("workload-" + i, models[i % 3], "internal", 25 + i % 7, 2000 + 10 * i, 300);
    }
    Map<String, byte[]> files = files(review.reviewed());
    assertTrue(
        files.get("report.html").length < 2_000_000, "bytes: " + files.get("report.html").length);
    // As few as it holds, they are the report of 300 workloads.
    assertEquals(300, JSON.readTree(files.get("report.json")).get("workloads").size());
  }
}
