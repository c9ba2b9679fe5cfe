package dev.homeward.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.homeward.report.Comparison;
import dev.homeward.report.RankingColumn;
import dev.homeward.settings.Scenario;
import dev.homeward.whatif.WhatIf;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the page computes when money is set otherwise, beside what the program computes from the
 * stored review: the same to the cent, or no number at all.
 */
final class WhatIfOnThePageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Beside those of the sliders: a few settings at once, as people try them. */
  private static final List<Map<String, Object>> TOGETHER =
      List.of(
          Map.of("assumptions.horizon-months", 24, "assumptions.engineer-usd-per-hour", 60),
          Map.of("assumptions.electricity-usd-per-kwh", 0.35, "assumptions.api-price-factor", 1.2),
          Map.of("assumptions.api-price-factor", 0.8, "assumptions.horizon-months", 48),
          Map.of(
              "hardware.rtx-pro-6000.price", 8000, "assumptions.upkeep-hours-per-fleet-month", 2));

  @ParameterizedTest
  @MethodSource("dev.homeward.browser.Reports#shown")
  void thePageAndWhatifAgreeToTheCent(Path review) throws IOException {
    WhatIf program = new WhatIf(review.toString(), n -> {});
    int exact = 0;
    List<String> different = new ArrayList<>();
    try (Chromium.Watched window =
        Chromium.window(1280, ColorScheme.LIGHT).open(Reports.page(review))) {
      List<Map<String, Object>> all = settings(window.page);
      assertTrue(all.size() >= 30, all.size() + " settings");
      for (Map<String, Object> settings : all) {
        JsonNode said = ask(window.page, settings);
        assertTrue(said.get("command").asText().startsWith("homeward whatif "));
        if (!said.get("exact").asBoolean()) {
          assertTrue(said.get("plan").isNull(), "no number where it is not known");
          assertEquals(0, said.get("workloads").size());
          assertTrue(said.get("message").asText().length() > 10);
          continue;
        }
        exact++;
        Comparison.Decided expected = program.compare(List.of(scenario(settings))).get(1);
        differences(settings, said, expected, different);
      }
      System.out.printf("%d of %d settings are answered on the page%n", exact, all.size());
      assertEquals(List.of(), different);
      assertTrue(exact >= 30, exact + " settings answered exactly");
      assertEquals(List.of(), window.complaints);
    }
  }

  private static void differences(
      Map<String, Object> settings,
      JsonNode said,
      Comparison.Decided expected,
      List<String> different) {
    compare(settings, "API", expected.apiUsd(), said.get("api_forecast_monthly_usd"), different);
    JsonNode plan = said.get("plan");
    compare(settings, "plan", expected.planSavingUsd(), plan.get("saving_monthly_usd"), different);
    compare(settings, "start", expected.planInitialUsd(), plan.get("initial_usd"), different);
    if (expected.moved() != plan.get("workloads").asInt()) {
      different.add(settings + ": moves " + plan.get("workloads") + ", not " + expected.moved());
    }
    for (int i = 0; i < expected.rows().size(); i++) {
      Map<RankingColumn, String> row = expected.rows().get(i);
      JsonNode mine = said.get("workloads").get(i);
      for (RankingColumn column :
          List.of(
              RankingColumn.WORKLOAD,
              RankingColumn.HOSTED_MODEL,
              RankingColumn.DATA_CLASS,
              RankingColumn.VERDICT)) {
        if (!row.get(column).equals(mine.get(column.columnName()).asText())) {
          different.add(settings + " row " + (i + 1) + ": " + mine + ", not " + row);
        }
      }
      for (RankingColumn column :
          List.of(
              RankingColumn.SAVING_MONTHLY_USD,
              RankingColumn.MARGINAL_SAVING_USD,
              RankingColumn.WAITING_SAVING_USD,
              RankingColumn.SAVING_P10_USD,
              RankingColumn.SAVING_P90_USD)) {
        String shown = cents(mine.get(column.columnName()));
        if (!row.get(column).equals(shown)) {
          different.add(
              "%s, %s of %s: %s on the page, %s by whatif"
                  .formatted(
                      settings,
                      column.columnName(),
                      row.get(RankingColumn.WORKLOAD),
                      shown,
                      row.get(column)));
        }
      }
    }
  }

  private static void compare(
      Map<String, Object> settings,
      String what,
      double expected,
      JsonNode said,
      List<String> different) {
    String program = cents(new BigDecimal(expected));
    if (!program.equals(cents(said))) {
      different.add(
          "%s, %s: %s on the page, %s by whatif".formatted(settings, what, cents(said), program));
    }
  }

  private static String cents(JsonNode number) {
    return number == null || number.isNull() ? "" : cents(new BigDecimal(number.doubleValue()));
  }

  private static String cents(BigDecimal usd) {
    BigDecimal rounded = usd.setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0.00" : rounded.toPlainString();
  }

  private static Scenario scenario(Map<String, Object> settings) {
    Map<String, JsonNode> sets = new LinkedHashMap<>();
    settings.forEach((path, value) -> sets.put(path, JSON.valueToTree(value)));
    return new Scenario("asked", List.of(), sets);
  }

  private static JsonNode ask(Page page, Map<String, Object> settings) throws IOException {
    return JSON.readTree(
        (String)
            page.evaluate(
                "async s => JSON.stringify(await homeward.set(JSON.parse(s)))",
                JSON.writeValueAsString(settings)));
  }

  /** Six places of every slider, and some settings together. */
  private static List<Map<String, Object>> settings(Page page) throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    JsonNode sliders = JSON.readTree((String) page.evaluate("JSON.stringify(homeward.sliders())"));
    assertTrue(sliders.size() >= 6, sliders.toString());
    for (JsonNode slider : sliders) {
      double min = slider.get("min").doubleValue();
      double max = slider.get("max").doubleValue();
      String path = slider.get("path").asText();
      for (int i = 0; i <= 5; i++) {
        double value = min + (max - min) * i / 5;
        boolean whole = path.endsWith("months") || path.contains(".price");
        Object rounded =
            whole
                ? (Object) Math.round(value)
                : new BigDecimal(value).setScale(3, RoundingMode.HALF_EVEN).doubleValue();
        all.add(Map.of(path, rounded));
      }
    }
    all.addAll(TOGETHER);
    return all;
  }

  /** A slider that is moved by keyboard shows what whatif says at the place where it stops. */
  @Test
  void aSliderShowsWhatWhatifSays() throws IOException {
    try (Chromium.Watched window =
        Chromium.window(1280, ColorScheme.LIGHT).open(Reports.page(Reports.hostile()))) {
      Page page = window.page;
      String path = "assumptions.horizon-months";
      page.getByTestId("slider-" + path).focus();
      for (int i = 0; i < 6; i++) {
        page.keyboard().press("ArrowLeft");
      }
      page.locator("#answer[data-state=answered], #answer[data-state=unknown]").waitFor();
      assertEquals("answered", page.getByTestId("answer").getAttribute("data-state"));
      int months = Integer.parseInt(page.getByTestId("slider-" + path).inputValue());
      Comparison.Decided expected =
          new WhatIf(Reports.hostile().toString(), n -> {})
              .compare(List.of(scenario(Map.of(path, months))))
              .get(1);
      String text = page.getByTestId("whatif-saving").innerText();
      String shown = text.replace("\u2212", "-").replaceAll("[$,]", "");
      assertEquals(cents(new BigDecimal(expected.planSavingUsd())), shown);
      page.getByTestId("reset").click();
      page.locator("#answer[data-state=review]").waitFor();
      assertEquals("36", page.getByTestId("slider-" + path).inputValue());
    }
  }
}
