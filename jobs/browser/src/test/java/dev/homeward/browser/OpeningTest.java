package dev.homeward.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Margin;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The page opens by itself: no errors, no request, nothing wider than the window, every chart
 * drawn.
 */
final class OpeningTest {
  private static final int MOST_BYTES = 3_000_000;

  @ParameterizedTest
  @MethodSource("dev.homeward.browser.Reports#windows")
  void opensQuietlyAndWhole(Path review, int width, ColorScheme theme) {
    Path report = Reports.page(review);
    try (Chromium.Watched window = Chromium.window(width, theme).open(report)) {
      Page page = window.page;
      drawAll(page);
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(
                  Path.of(
                      "target/screenshots/%s-%d-%s.png"
                          .formatted(review.getParent().getFileName(), width, theme))));
      assertTrue(page.locator("canvas[data-drawn=true]").count() > 2, "charts");
      assertEquals(List.of(), window.complaints);
      assertEquals(List.of(), page.evaluate(WIDER_THAN_THE_WINDOW), "no sideways scrolling");
      assertEquals(width, page.evaluate("document.documentElement.scrollWidth"));
      assertEquals(
          List.of(report.toUri().toString()),
          window.requests.stream().filter(u -> !u.startsWith("data:")).toList(),
          "requests");
    }
  }

  /** What sticks out of the window, and not out of something that scrolls by itself. */
  private static final String WIDER_THAN_THE_WINDOW =
      """
      [...document.querySelectorAll('body *')]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
        .filter(e => { for (let p = e.parentElement; p; p = p.parentElement) {
          if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return false; } return true; })
        .slice(0, 5).map(e => e.tagName + ' ' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)
          + ': ' + e.textContent.slice(0, 60))
      """;

  // A chart is drawn when it comes into view; one in what is folded, when somebody opens it.
  private static void drawAll(Page page) {
    Locator charts = page.locator("canvas");
    for (int i = 0; i < charts.count(); i++) {
      Locator chart = charts.nth(i);
      if (Boolean.TRUE.equals(chart.evaluate("c => c.checkVisibility()"))) {
        chart.scrollIntoViewIfNeeded();
        assertThat(chart).hasAttribute("data-drawn", "true");
      }
    }
    page.evaluate("window.scrollTo(0, 0)");
  }

  /** A policy that allows nothing from elsewhere stands in the file itself. */
  @Test
  void itsPolicyAllowsNothingFromElsewhere() throws IOException {
    String html = Files.readString(Reports.page(Reports.hostile()));
    String policy = html.substring(html.indexOf("Content-Security-Policy"));
    policy = policy.substring(policy.indexOf("content=\"") + 9);
    policy = policy.substring(0, policy.indexOf('"'));
    assertTrue(policy.contains("default-src 'none'"), policy);
    assertTrue(
        !policy.contains("unsafe-") && !policy.contains("http") && !policy.contains("*"), policy);
    assertTrue(html.getBytes(StandardCharsets.UTF_8).length < MOST_BYTES);
  }

  /**
   * The hook that tests use cannot be had from outside, and a script that is not the page's does
   * not run.
   */
  @Test
  void scriptsThatAreNotItsOwnDoNotRun() {
    try (Chromium.Watched window =
        Chromium.window(1280, ColorScheme.LIGHT).open(Reports.page(Reports.hostile()))) {
      window.page.evaluate(
          "() => { const s = document.createElement('script'); s.textContent = 'window.other = 1';"
              + " document.body.append(s); }");
      assertEquals(null, window.page.evaluate("window.other"));
      assertTrue(
          window.complaints.stream().anyMatch(c -> c.contains("Content Security Policy")),
          window.complaints.toString());
    }
  }

  /** On paper: A4, the whole report, without what only a screen can use. */
  @Test
  void printsOnA4() throws IOException {
    try (Chromium.Watched window =
        Chromium.window(1280, ColorScheme.DARK).open(Reports.page(Reports.hostile()))) {
      Page page = window.page;
      page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
      assertTrue(!page.getByTestId("answer").isVisible(), "sliders are not for paper");
      assertTrue(page.getByTestId("headline").isVisible());
      assertEquals(
          "rgb(255, 255, 255)",
          page.evaluate("getComputedStyle(document.body).backgroundColor"),
          "paper is white in the dark theme too");
      byte[] pdf =
          page.pdf(new Page.PdfOptions().setFormat("A4").setMargin(new Margin().setTop("10mm")));
      Files.createDirectories(Path.of("target/screenshots"));
      Files.write(Path.of("target/screenshots/report.pdf"), pdf);
      String text = new String(pdf, StandardCharsets.ISO_8859_1);
      int pages = text.split("/Type */Page[^s]").length - 1;
      assertTrue(pages >= 2 && pages < 60, pages + " pages");
      assertEquals(List.of(), window.complaints);
    }
  }
}
