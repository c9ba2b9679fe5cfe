package dev.homeward.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * report.html: one file that holds the document ({@link PageData}), its style, its scripts and the
 * chart library. It asks for nothing: its policy names the very scripts and the very style that it
 * may use, and allows no request at all. Nothing of the document is ever read as HTML.
 */
final class ReportPage {
  private static final String FOLDER = "/dev/homeward/page/";

  /** Chart.js, as its WebJar has it, with its licence: docs/decisions/0030-charts.md says why. */
  private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.4.9/";

  private static final List<String> SCRIPTS =
      List.of(
          "money.js", "decide.js", "basics.js", "charts.js", "sections.js", "whatif.js", "app.js");

  private ReportPage() {}

  static String of(JsonNode document) {
    List<String> scripts = new ArrayList<>();
    // One script of all, so that each part sees the ones before it and none is on the window.
    scripts.add(
        "(() => {\n"
            + SCRIPTS.stream().map(name -> resource(FOLDER + name)).collect(Collectors.joining())
            + "})();\n");
    // After it: no chart is on the first screen.
    scripts.add(chartLibrary());
    PageData data = PageData.of(document);
    String style = resource(FOLDER + "page.css");
    String policy =
        "default-src 'none'; script-src %s; style-src '%s'; base-uri 'none'; form-action 'none'"
            .formatted(
                scripts.stream().map(s -> "'" + hash(s) + "'").collect(Collectors.joining(" ")),
                hash(style));
    return resource(FOLDER + "page.html")
        .replace("@policy@", policy)
        .replace("@style@", style)
        .replace(
            "@scripts@",
            scripts.stream().map(s -> "<script>" + s + "</script>\n").collect(Collectors.joining()))
        .replace("@later@", data.packed())
        // Last, so that nothing in it is taken for a place of the template.
        .replace("@first@", escaped(data.first().toString()));
  }

  // What would end the script, begin a comment in it or end a line in older readers of JSON is
  // written as JSON escapes it: it stays the same document.
  private static String escaped(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  // The line that names a source map is left out: it would be asked for.
  private static String chartLibrary() {
    String script =
        resource(CHARTS + "dist/chart.umd.js")
            .lines()
            .filter(line -> !line.startsWith("//# sourceMappingURL"))
            .collect(Collectors.joining("\n", "", "\n"));
    return "/*\nChart.js 4.4.9\n" + resource(CHARTS + "LICENSE.md").strip() + "\n*/\n" + script;
  }

  private static String resource(String path) {
    try (InputStream in = ReportPage.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("Not in the program: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  private static String hash(String text) {
    try {
      return "sha256-"
          + Base64.getEncoder()
              .encodeToString(
                  MessageDigest.getInstance("SHA-256")
                      .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
