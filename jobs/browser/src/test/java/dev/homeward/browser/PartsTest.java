package dev.homeward.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import dev.homeward.cli.MovedMonths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What single parts of the page say and how they are drawn. */
final class PartsTest {
  /** A4 less its margins, in pixels. */
  private static final int PAPER = 688;

  private static Chromium.Watched open(Path review, int width, ColorScheme theme) {
    return Chromium.window(width, theme).open(Reports.page(review));
  }

  private static String dollars(double usd) {
    NumberFormat whole = NumberFormat.getIntegerInstance(Locale.US);
    return (usd < 0 ? "\u2212$" : "$") + whole.format(Math.abs(usd));
  }

  /** Cash starts lower than what is paid once: both figures stand beside the chart. */
  @Test
  void saysWhyCashDoesNotStartAtWhatIsPaidOnce() throws IOException {
    JsonNode plan = Reports.document(Reports.hostile()).get("plan");
    double start = plan.at("/cumulative_cash/0/p50_usd").asDouble();
    double paid = plan.get("initial_usd").asDouble();
    assertTrue(start < -paid, "the hours of people who set it up");
    try (Chromium.Watched window = open(Reports.hostile(), 1280, ColorScheme.LIGHT)) {
      // Parts below the first screen have no layout yet, and innerText is what is laid out.
      String said = window.page.locator("#plan > .two [data-testid=cash-start]").textContent();
      assertTrue(said.contains("starts at " + dollars(start) + ","), said);
      assertTrue(said.contains("not at the " + dollars(paid) + " that is paid once"), said);
      assertTrue(said.contains(dollars(-start - paid) + " more"), said);
    }
  }

  /** The workload that saves most is shown first, and a crossing far away on a scale of tens. */
  @Test
  void theVolumeChartIsReadableWhereverTheCrossingIs() throws IOException {
    JsonNode document = Reports.document(Reports.hostile());
    try (Chromium.Watched window = open(Reports.hostile(), 1280, ColorScheme.LIGHT)) {
      Page page = window.page;
      Locator chooser = page.getByTestId("volume-workload");
      assertEquals(String.valueOf(savesMost(document)), chooser.inputValue());
      int near = 0;
      int far = 0;
      for (int i = 0; i < document.get("workloads").size(); i++) {
        JsonNode w = document.get("workloads").get(i);
        JsonNode flip = w.at("/flip/nearest");
        if (!w.has("volumes") || !flip.isNumber()) {
          continue;
        }
        chooser.selectOption(String.valueOf(i));
        Locator canvas = page.locator("#volume canvas");
        canvas.scrollIntoViewIfNeeded();
        assertThat(canvas).hasAttribute("data-drawn", "true");
        double most = w.get("volumes").get(w.get("volumes").size() - 1).get("volume").asDouble();
        double least = w.at("/volumes/0/volume").asDouble();
        boolean isFar = flip.asDouble() > 2 * most || flip.asDouble() < least / 2;
        assertEquals(
            isFar ? "logarithmic" : "linear", canvas.evaluate("c => c.chart.scales.x.type"));
        assertEquals(
            true,
            canvas.evaluate(
                "(c, v) => { const x = c.chart.scales.x; return v >= x.min && v <= x.max; }",
                flip.asDouble()),
            "the crossing is on the chart");
        far += isFar ? 1 : 0;
        near += isFar ? 0 : 1;
      }
      assertTrue(near > 0 && far > 0, near + " near, " + far + " far");
      assertEquals(List.of(), window.complaints);
    }
  }

  private static int savesMost(JsonNode document) {
    List<String> names = document.at("/ranking/columns").findValuesAsText("name");
    int best = -1;
    for (int i = 0; i < document.get("workloads").size(); i++) {
      JsonNode row = document.at("/ranking/rows").get(i);
      JsonNode saving = row.get(names.indexOf("marginal_saving_usd"));
      if (saving.isNumber()
          && (best < 0
              || saving.asDouble()
                  > document
                      .at("/ranking/rows")
                      .get(best)
                      .get(names.indexOf("marginal_saving_usd"))
                      .asDouble())) {
        best = i;
      }
    }
    return best;
  }

  /** No table of the page has a column beyond its edge on a desk's window, the fleets' least. */
  @Test
  void tablesFitADesk() {
    try (Chromium.Watched window = open(Reports.hostile(), 1280, ColorScheme.LIGHT)) {
      assertEquals(2, window.page.locator("#spend h3").count(), "workloads and fleets");
      assertEquals(List.of(), window.page.evaluate(CLIPPED));
    }
  }

  /** Tables that scroll sideways although they are in view. */
  private static final String CLIPPED =
      """
      [...document.querySelectorAll('.scroll')].filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
        .map(e => e.getAttribute('aria-label') + ': ' + e.scrollWidth + ' > ' + e.clientWidth)
      """;

  /** On paper every chart is drawn, dark on white in the dark theme too, and nothing is cut off. */
  @Test
  void paperHasEveryChartAndCutsNothing() {
    try (Chromium.Watched window = open(Reports.hostile(), PAPER, ColorScheme.DARK)) {
      Page page = window.page;
      page.evaluate("dispatchEvent(new Event('beforeprint'))");
      page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
      assertEquals(0, page.locator("canvas:not([data-drawn])").count());
      assertEquals(
          List.of("#56606b"),
          page.evaluate(
              "[...new Set([...document.querySelectorAll('canvas')].map(c => c.chart.options.scales.x.ticks.color))]"));
      assertEquals(List.of(), page.evaluate(CLIPPED));
      assertEquals(
          List.of(),
          page.evaluate(
              "[...document.querySelectorAll('canvas')].filter(c => c.checkVisibility()"
                  + " && (c.getBoundingClientRect().right > innerWidth"
                  + " || c.getBoundingClientRect().height > c.parentElement.getBoundingClientRect().height + 1))"
                  + ".map(c => c.getAttribute('aria-label'))"));
      page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
      page.evaluate("dispatchEvent(new Event('afterprint'))");
      assertEquals(
          "#a0abb6",
          page.locator("#plan canvas")
              .first()
              .evaluate("c => c.chart.options.scales.x.ticks.color"),
          "and is dark again afterwards");
    }
  }

  /** The first screens need nothing of what is packed, and what is packed is all there. */
  @Test
  void theWholeDocumentIsUnpacked() throws IOException {
    try (Chromium.Watched window = open(Reports.hostile(), 1280, ColorScheme.LIGHT)) {
      JsonNode shown =
          new ObjectMapper()
              .readTree((String) window.page.evaluate("JSON.stringify(homeward.document())"));
      // The page reads numbers as JavaScript does: 1.0 is 1.
      assertEquals(
          comparable(Reports.document(Reports.hostile())), comparable(shown), "report.json");
      assertEquals(0, shown.at("/money/answers_left_out").asInt());
    }
  }

  private static Object comparable(JsonNode n) {
    if (n.isNumber()) {
      return n.doubleValue();
    }
    if (n.isObject()) {
      Map<String, Object> all = new TreeMap<>();
      n.properties().forEach(e -> all.put(e.getKey(), comparable(e.getValue())));
      return all;
    }
    if (n.isArray()) {
      List<Object> all = new ArrayList<>();
      n.forEach(e -> all.add(comparable(e)));
      return all;
    }
    return n.asText();
  }

  /** A page that was cut short says so, and shows its first screens. */
  @Test
  void aPageThatWasCutShortSaysSo(@TempDir Path folder) throws IOException {
    String page = Files.readString(Reports.page(Reports.hostile()));
    int packed = page.indexOf("id=\"later\">") + 11;
    Path cut = Files.writeString(folder.resolve("cut.html"), page.substring(0, packed + 999));
    try (Chromium.Watched window = Chromium.window(1280, ColorScheme.LIGHT)) {
      window.page.navigate(cut.toUri().toString());
      window.page.locator("html[data-ready=part]").waitFor();
      assertTrue(window.page.getByTestId("headline").isVisible());
      String said = window.page.locator("main > .note").innerText();
      assertTrue(said.contains("report.json"), said);
    }
  }

  /** The month after a move: promised beside realised, and both months side by side. */
  @Test
  void monthsAndWhatWasRealised(@TempDir Path folder) throws IOException {
    MovedMonths months = MovedMonths.of(folder);
    try (Chromium.Watched window = open(months.november(), 1280, ColorScheme.LIGHT)) {
      Page page = window.page;
      String realised = page.locator("#realised").textContent();
      assertTrue(realised.contains("saves $185.00 a month"), realised);
      assertTrue(realised.contains("$210.00 were promised (88 % of it)"), realised);
      assertTrue(
          page.getByTestId("realised").locator("tbody tr").textContent().contains("$285.00"),
          realised);
      Locator history = page.getByTestId("history");
      assertEquals(
          List.of("", "2026-10", "2026-11"), history.locator("thead th").allTextContents());
      assertEquals(
          List.of("and realised", "\u2013", "$185.00"),
          history.locator("tbody tr").last().locator("td").allTextContents());
      assertTrue(page.locator("nav").textContent().contains("History"));
      assertEquals(List.of(), window.complaints);
    }
    try (Chromium.Watched window = open(months.october(), 1280, ColorScheme.LIGHT)) {
      assertEquals(0, window.page.locator("#history, #realised").count());
      assertFalse(window.page.locator("nav").textContent().contains("Realised"));
    }
  }
}
