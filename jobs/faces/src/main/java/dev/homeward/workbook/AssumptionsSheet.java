package dev.homeward.workbook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.economics.Assumptions;
import dev.homeward.report.Reviewed;
import dev.homeward.workbook.Sheet.Column;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;

/** Every assumption with its value, who set it, and why it has its default. */
final class AssumptionsSheet {
  private static final List<Column> COLUMNS =
      List.of(
          new Column(
              "assumption", CellFormat.TEXT, 34, "key of assumptions.yaml; its unit is in it"),
          new Column("value", CellFormat.NUMBER, 12, "the value; of a range, its middle"),
          new Column("p10", CellFormat.NUMBER, 9, "of a range: one future in ten has less"),
          new Column("p90", CellFormat.NUMBER, 9, "of a range: one future in ten has more"),
          new Column("words", CellFormat.TEXT, 24, "the value where it is no number"),
          new Column(
              "set_by",
              CellFormat.TEXT,
              24,
              "your settings, the situation that was chosen, or the program's default"),
          new Column(
              "about", CellFormat.TEXT, 90, "what it is, and where the program's default is from"));

  private AssumptionsSheet() {}

  static void write(Workbook book, Finished finished, int number, Reviewed review) {
    Sheet sheet = new Sheet(book, finished, number, "Assumptions", 1, COLUMNS);
    Assumptions assumptions = review.settings().assumptions();
    Map<String, String> reasons = AssumptionReasons.all();
    for (Map.Entry<String, JsonNode> entry : assumptions.document().properties()) {
      JsonNode value = entry.getValue();
      boolean range = value.isObject() && value.has("p10") && value.has("p90");
      sheet.row(
          entry.getKey(),
          value.isNumber() ? (Double) value.doubleValue() : number(value, "p50", range),
          number(value, "p10", range),
          number(value, "p90", range),
          value.isNumber() || range ? null : value.isTextual() ? value.asText() : value.toString(),
          setBy(assumptions, entry.getKey()),
          reasons.get(entry.getKey()));
    }
    sheet.filter();
  }

  private static Double number(JsonNode value, String key, boolean range) {
    return range ? value.get(key).doubleValue() : null;
  }

  private static String setBy(Assumptions assumptions, String key) {
    if (assumptions.given().contains(key)) {
      return "your settings";
    }
    return assumptions.situation().values().containsKey(key)
        ? "situation " + assumptions.situation().id()
        : "default";
  }
}
