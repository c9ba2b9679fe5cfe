package dev.homeward.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.report.Reviewed;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** The report: report.json, and report.html, which holds it. */
public final class ReportFace {
  /** The document. */
  public static final String JSON = "report.json";

  /** The page. */
  public static final String HTML = "report.html";

  private ReportFace() {}

  /** Makes both. */
  public static void write(Reviewed review, BiConsumer<String, byte[]> sink) {
    ObjectNode document = ReportJson.of(review);
    sink.accept(JSON, (document + "\n").getBytes(StandardCharsets.UTF_8));
    sink.accept(HTML, ReportPage.of(document).getBytes(StandardCharsets.UTF_8));
  }
}
