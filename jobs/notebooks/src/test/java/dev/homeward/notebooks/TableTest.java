package dev.homeward.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells as they are shown, and where a review is found. */
final class TableTest {
  @TempDir Path folder;

  @Test
  void cellsAreShownByWhatTheyAre() {
    String html =
        Table.of("workload", "US$ <month>", "calls")
            .row("<script>", 1234.5, 229_000L)
            .row(null, -0.001, null)
            .html();
    assertTrue(html.contains("<th>US$ &lt;month&gt;</th>"), html);
    assertTrue(html.contains("<td style=\"text-align:left\">&lt;script&gt;</td>"), html);
    assertTrue(html.contains("<td style=\"text-align:right\">1,234.50</td>"), html);
    assertTrue(html.contains("<td style=\"text-align:right\">229,000</td>"), html);
    assertTrue(
        html.contains(
            "<td style=\"text-align:left\"></td><td style=\"text-align:right\">0.00</td>"),
        html);
    assertThrows(IllegalArgumentException.class, () -> Table.of("a", "b").row("one"));
  }

  @Test
  void theReviewIsTheOneThatWasNamedElseTheLast() throws IOException {
    assertEquals(Path.of("/named"), Notebook.review("/named", folder));
    assertThrows(IllegalStateException.class, () -> Notebook.review(null, folder.resolve("none")));
    for (String month : new String[] {"2026-09", "2026-10", "2026-11"}) {
      Files.createDirectories(folder.resolve(month));
    }
    Files.writeString(folder.resolve("2026-09/manifest.json"), "{}");
    Files.writeString(folder.resolve("2026-10/manifest.json"), "{}");
    assertEquals(folder.resolve("2026-10"), Notebook.review("", folder));
  }
}
