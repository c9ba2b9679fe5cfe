package dev.homeward.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.homeward.cli.Cli;
import dev.homeward.cli.HostileMonth;
import dev.homeward.cli.Tables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ranking under the hand: sort, filter, search, open, by mouse and by keyboard. */
final class RankingTest {
  private static Chromium.Watched window;
  private static List<Map<String, String>> csv;

  @BeforeAll
  static void openOnce() throws IOException {
    window = Chromium.window(1280, ColorScheme.LIGHT);
    csv = Tables.read(Reports.hostile().resolve("ranking.csv"));
  }

  @AfterAll
  static void close() {
    if (window != null) {
      assertEquals(List.of(), window.complaints);
      window.close();
    }
  }

  @BeforeEach
  void afresh() {
    window.open(Reports.page(Reports.hostile()));
  }

  private static Page page() {
    return window.page;
  }

  /** What rows show, in their order on the page: the number of each in ranking.csv. */
  private static List<Integer> order() {
    List<Integer> order = new ArrayList<>();
    for (Locator row : page().locator("[data-testid^=row-]").all()) {
      order.add(Integer.parseInt(row.getAttribute("data-testid").substring("row-".length())));
    }
    return order;
  }

  /** Every figure of a row is that of ranking.csv. */
  @Test
  void rowsShowRankingCsv() {
    assertEquals(csv.size(), order().size());
    for (int i = 0; i < csv.size(); i++) {
      Map<String, String> row = csv.get(i);
      String text = page().getByTestId("row-" + i).innerText();
      assertTrue(text.contains(usd(row.get("api_forecast_usd"))), text);
      String saving = first(row, "marginal_saving_usd", "waiting_saving_usd", "saving_monthly_usd");
      assertTrue(text.contains(usd(saving)), text + " has no " + usd(saving));
      assertTrue(text.contains(Tables.text(row.get("workload"))), text);
      assertEquals(
          row.get("verdict"),
          page().getByTestId("row-" + i).locator("[data-verdict]").getAttribute("data-verdict"));
    }
  }

  private static String first(Map<String, String> row, String... columns) {
    for (String column : columns) {
      if (!row.get(column).isEmpty()) {
        return row.get(column);
      }
    }
    return "";
  }

  private static String usd(String csv) {
    if (csv.isEmpty()) {
      return "\u2013";
    }
    String digits = csv.replace("-", "").replaceAll("(\\d)(?=(\\d{3})+\\.)", "$1,");
    return (csv.startsWith("-") ? "\u2212$" : "$") + digits;
  }

  @Test
  void sortsByMoneyWithTheUnknownLastEitherWay() {
    sorted("api", "api_forecast_usd");
    sorted("flips", "break_even_volume_ratio");
  }

  private static void sorted(String button, String column) {
    for (int click = 0; click < 2; click++) {
      page().getByTestId("sort-" + button).click();
      List<Double> values = new ArrayList<>();
      int unknown = 0;
      for (int i : order()) {
        String value = csv.get(i).get(column);
        if (value.isEmpty()) {
          unknown++;
        } else {
          assertEquals(0, unknown, "unknown stands last");
          values.add(Double.parseDouble(value));
        }
      }
      String said = page().locator("th[data-sort=" + button + "]").getAttribute("aria-sort");
      List<Double> expected = new ArrayList<>(values);
      Collections.sort(expected);
      if (said.equals("descending")) {
        Collections.reverse(expected);
      }
      assertEquals(expected, values, button + " " + said);
      assertEquals(csv.size(), values.size() + unknown);
    }
  }

  @Test
  void sortsByNameByKeyboard() {
    page().getByTestId("sort-workload").focus();
    page().keyboard().press("Enter");
    List<String> names =
        order().stream().map(i -> Tables.text(csv.get(i).get("workload"))).toList();
    List<String> expected = new ArrayList<>(names);
    Collections.sort(expected);
    assertEquals(expected, names);
    assertEquals(
        "sort-workload", page().evaluate("document.activeElement.dataset.testid"), "focus stays");
  }

  @Test
  void filtersByVerdict() {
    page().getByTestId("filter-verdict").selectOption("KEEP_API");
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < csv.size(); i++) {
      if (csv.get(i).get("verdict").equals("KEEP_API")) {
        expected.add(i);
      }
    }
    assertFalse(expected.isEmpty());
    assertEquals(expected, order());
  }

  @Test
  void searchFindsWhatIsTyped() {
    page().getByTestId("search").fill("desk-1");
    assertEquals(1, order().size());
    assertEquals("desk-1", csv.get(order().get(0)).get("workload"));
    page().getByTestId("search").fill("<script>");
    assertEquals(1, order().size());
    page().getByTestId("search").fill("no such thing");
    assertEquals(0, order().size());
    page().getByTestId("search").fill("");
    assertEquals(csv.size(), order().size());
  }

  /** A row opens by keyboard, and its arithmetic is what explain prints. */
  @Test
  void aRowOpensItsArithmeticAsExplainHasIt() {
    int i = 0;
    while (!csv.get(i).get("workload").equals("desk-0")) {
      i++;
    }
    Locator open = page().getByTestId("open-" + i);
    assertEquals("false", open.getAttribute("aria-expanded"));
    open.focus();
    page().keyboard().press("Enter");
    assertEquals("true", open.getAttribute("aria-expanded"));
    String shown = page().getByTestId("arithmetic-" + i).textContent();
    Cli.Ran explained = Cli.run("explain", "desk-0", "--review", Reports.hostile().toString());
    assertEquals(0, explained.exit(), explained.err());
    String wanted = squeezed(explained.out());
    for (String line : shown.lines().filter(l -> !l.isBlank()).toList()) {
      assertTrue(wanted.contains(squeezed(line)), "not in explain: " + line);
    }
    assertTrue(shown.lines().count() > 20, shown);
    page().keyboard().press("Enter");
    assertEquals(0, page().getByTestId("detail-" + i).count());
  }

  // The console breaks long lines, the page does not.
  private static String squeezed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** Everything that can be pressed can be reached by Tab, in the order of the page. */
  @Test
  void theKeyboardReachesEverything() {
    page().locator("body").press("Tab");
    assertEquals(
        "skip", page().evaluate("document.activeElement.className"), "skip link comes first");
    int buttons = 0;
    boolean slider = false;
    for (int i = 0; i < 150; i++) {
      page().keyboard().press("Tab");
      String tag = (String) page().evaluate("document.activeElement.tagName");
      buttons += tag.equals("BUTTON") ? 1 : 0;
      slider |= Boolean.TRUE.equals(page().evaluate("document.activeElement.type === 'range'"));
      assertTrue(
          Boolean.TRUE.equals(
              page()
                  .evaluate(
                      "(() => { const a = document.activeElement; if (a === document.body) return true;"
                          + " const s = getComputedStyle(a);"
                          + " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()")),
          "no mark on what has the focus: " + page().evaluate("document.activeElement.outerHTML"));
    }
    assertTrue(buttons > csv.size(), buttons + " buttons");
    assertTrue(slider, "sliders");
  }

  /** Names that want to be something else are shown as what they are. */
  @Test
  void hostileNamesAreInert() throws IOException {
    JsonNode document = Reports.document(Reports.hostile());
    assertEquals(csv.size(), document.at("/ranking/rows").size());
    Object scripts =
        page().evaluate("document.querySelectorAll('main script, main img, main iframe').length");
    assertEquals(0, scripts);
    String all = (String) page().evaluate("document.body.textContent");
    assertTrue(all.contains("<script>alert(1)</script>"));
    assertTrue(all.contains("<img src=x onerror=alert(2)>"));
    assertTrue(all.contains("=cmd|' /C calc'!A0"));
    String visible = (String) page().evaluate("document.body.innerText");
    assertFalse(visible.contains("\u202E"), "a mark of direction is written out");
    assertTrue(visible.contains("\\u202egnp.live"));
    assertTrue(HostileMonth.NAMES.stream().anyMatch(n -> n.length() == 10_000));
    assertFalse(visible.contains("n".repeat(200)), "long names are cut");
  }
}
