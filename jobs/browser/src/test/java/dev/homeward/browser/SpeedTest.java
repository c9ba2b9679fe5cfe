package dev.homeward.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How long a report of three hundred workloads takes to open. The promise is a second on a quiet
 * machine; what fails here is ten times that, so that a busy one never does.
 */
final class SpeedTest {
  private static final double MOST_MILLIS = 10_000;

  @Test
  void aReportOfThreeHundredWorkloadsOpens() throws IOException {
    Path report = Reports.page(Reports.many());
    assertTrue(Files.size(report) < 2_000_000, Files.size(report) + " bytes");
    List<Double> first = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      try (Chromium.Watched window = Chromium.window(1280, ColorScheme.LIGHT)) {
        // Marks when the first screen is there and when all of it is, in the page's own time.
        window.page.addInitScript(
            "new MutationObserver(() => { const e = document.querySelector('[data-testid=headline]');"
                + " if (e && !window.firstAt) { window.firstAt = performance.now();"
                + " window.atFirst = document.querySelectorAll('main section').length + ' '"
                + " + document.querySelectorAll('[data-testid^=row-]').length; }"
                + " if (document.documentElement.dataset.ready && !window.wholeAt)"
                + " { window.wholeAt = performance.now(); } })"
                + ".observe(document, {subtree: true, childList: true, attributes: true})");
        window.open(report);
        first.add(((Number) window.page.evaluate("window.firstAt")).doubleValue());
        whole.add(((Number) window.page.evaluate("window.wholeAt")).doubleValue());
        assertEquals("3 40", window.page.evaluate("window.atFirst"), "sections and rows at first");
        assertEquals(300, window.page.locator("[data-testid^=row-]").count());
        assertEquals(List.of(), window.complaints);
      }
    }
    Collections.sort(first);
    Collections.sort(whole);
    System.out.printf(
        "300 workloads, %,d bytes: first screen after %.0f ms, all after %.0f ms (medians of five)%n",
        Files.size(report), first.get(2), whole.get(2));
    assertTrue(whole.get(0) < MOST_MILLIS, whole + " ms");
  }
}
