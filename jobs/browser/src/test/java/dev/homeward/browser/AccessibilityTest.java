package dev.homeward.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.deque.html.axecore.results.CheckedNode;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What axe-core finds on the page, in both themes, at both widths, with a row open. */
final class AccessibilityTest {
  @ParameterizedTest
  @MethodSource("dev.homeward.browser.Reports#windows")
  void axeFindsNothing(Path review, int width, ColorScheme theme) {
    try (Chromium.Watched window = Chromium.window(width, theme).open(Reports.page(review))) {
      window.page.getByTestId("open-1").click();
      AxeResults results = new AxeBuilder(window.page).setLegacyMode(true).analyze();
      List<String> found = new ArrayList<>();
      for (Rule rule : results.getViolations()) {
        List<String> where = rule.getNodes().stream().limit(3).map(CheckedNode::getHtml).toList();
        found.add(
            "%s (%s) at %d places, such as %s"
                .formatted(rule.getId(), rule.getImpact(), rule.getNodes().size(), where));
      }
      assertEquals(List.of(), found);
    }
  }
}
