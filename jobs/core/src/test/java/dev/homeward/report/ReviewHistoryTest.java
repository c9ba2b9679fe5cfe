package dev.homeward.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.keeping.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reviews month by month: the figures that each review says itself, in the order of the months. */
final class ReviewHistoryTest {
  private static final String PLAN =
      "step,action,hardware,count,local_model,engine,workload\n"
          + "1,buy,rtx-4090,2,,,\n2,move,rtx-4090,,m,vllm,chat\n3,rent,a10g-on-demand,1,,,\n";

  @TempDir Path reviews;

  private void review(String directory, String month, String api, String more) throws IOException {
    Path review = Files.createDirectories(reviews.resolve(directory));
    Files.writeString(review.resolve("manifest.json"), "{\"review_id\": \"id-" + directory + "\"}");
    Files.writeString(
        review.resolve("summary.json"),
        """
        {"review_id": "id-%s", "review_month": "%s", "situation": "small-team", "coverage": 0.5, "calls": 1234567,
         "workloads": 3, "api_forecast_monthly_usd": %s, "verdicts": {"MOVE": 2, "KEEP_API": 1},
         "plan": {"workloads": 2, "saving_monthly_usd": 100.005, "initial_usd": 5200, "saving_p10_usd": -7.125,
                  "saving_p90_usd": 300, "probability_saves": 0.75}%s}
        """
            .formatted(directory, month, api, more));
    Files.writeString(review.resolve("plan.csv"), PLAN);
  }

  private ReviewHistory history() throws IOException {
    return ReviewHistory.of(ReviewHistory.reviews(reviews));
  }

  @Test
  void theMonthsStandInTheirOrder() throws IOException {
    review("a-later", "2026-11", "90.5", "");
    review("z-earlier", "2026-10", "100", "");
    Files.createDirectories(reviews.resolve("no-review"));
    Files.writeString(reviews.resolve("notes.txt"), "x");
    String[] lines = history().csv().split("\n");
    assertEquals(3, lines.length);
    assertEquals(
        "2026-10,z-earlier,id-z-earlier,small-team,0.5000,1234567,3,100.00,0,2,0,0,1,0,2,100.00,-7.12,300.00,"
            + "0.7500,5200.00,1 x a10g-on-demand; 2 x rtx-4090,,",
        lines[1]);
    assertTrue(
        lines[2].startsWith("2026-11,a-later,id-a-later,small-team,0.5000,1234567,3,90.50,"));
    assertEquals(lines[0].split(",", -1).length, lines[1].split(",", -1).length);
  }

  @Test
  void theTableHasAColumnAMonth() throws IOException {
    review("one", "2026-10", "100", "");
    review(
        "two",
        "2026-11",
        "null",
        ", \"realised\": {\"promised_saving_monthly_usd\": 50, \"realised_saving_monthly_usd\": 41.5}");
    String table = history().table();
    assertTrue(table.contains("API $/mo                       100.00            ?\n"), table);
    assertTrue(table.contains("plan: saves $/mo               100.00       100.00\n"), table);
    assertTrue(table.contains("moved: realised $/mo                ?        41.50\n"), table);
    assertTrue(table.contains("Boxes of one: 1 x a10g-on-demand, 2 x rtx-4090.\n"), table);
    assertFalse(table.contains("one          two"), table);
  }

  @Test
  void reviewsOfOneMonthAreToldApart() throws IOException {
    review("own", "2026-10", "100", "");
    review("team", "2026-10", "100", "");
    assertTrue(
        history().table().contains("                                  own         team\n"),
        history().table());
  }

  @Test
  void ofManyMonthsTheLastAreShown() throws IOException {
    for (int month = 1; month <= 12; month++) {
      review("m" + month, "2026-%02d".formatted(month), "100", "");
    }
    String table = history().table();
    assertTrue(table.startsWith("5 earlier reviews: --format csv or --json\n"), table);
    assertFalse(table.contains("2026-05"), table);
    assertTrue(table.contains("2026-12"), table);
    table.lines().forEach(line -> assertTrue(line.length() <= 120, line));
    assertEquals(13, history().csv().lines().count());
  }

  @Test
  void unknownIsLeftOutOfTheDocument() throws IOException {
    review("one", "2026-10", "null", "");
    JsonNode month = Codec.tree(history()).get("months").get(0);
    assertFalse(month.has("api_forecast_monthly_usd"));
    assertFalse(month.has("realised_saving_monthly_usd"));
    assertEquals(100.005, month.get("plan_saving_monthly_usd").asDouble());
    assertEquals(2, month.at("/verdicts/MOVE").asInt());
    assertEquals(2, month.at("/plan_boxes/rtx-4090").asInt());
  }
}
