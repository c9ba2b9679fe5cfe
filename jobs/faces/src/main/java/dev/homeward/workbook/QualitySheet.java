package dev.homeward.workbook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.workbook.Sheet.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;

/** What the review says of its data: the figures of summary.json, one a row. */
final class QualitySheet {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("figure", CellFormat.TEXT, 34, "name in summary.json"),
          new Column("of", CellFormat.TEXT, 44, "the workload, source or reason it belongs to"),
          new Column("value", CellFormat.NUMBER, 16, "the figure; empty if it is not a number"),
          new Column("words", CellFormat.TEXT, 50, "the figure where it is no number"),
          new Column("about", CellFormat.TEXT, 70, "what it is"));

  /** What the review says of the log besides its ranking. */
  private static final List<String> PARTS =
      List.of("data_quality", "usage_reports", "reconciliation");

  /** Fields that name what the others of an object belong to. */
  private static final List<String> NAMES =
      List.of("workload", "hosted_model", "model", "data_class", "source", "provider", "day");

  private static final Map<String, String> ABOUT =
      Map.ofEntries(
          Map.entry("coverage", "share of the month that the log covers"),
          Map.entry("records", "records read: calls, duplicates, ignored and rejected together"),
          Map.entry("calls", "calls that were kept"),
          Map.entry("duplicates", "copies of calls, left out"),
          Map.entry("nested", "of the duplicates, those that repeat calls below them"),
          Map.entry("ignored", "records that are no calls"),
          Map.entry("rejected", "records that could not be read; see rejected/ in the review"),
          Map.entry("rejected_by_reason", "the same by reason"),
          Map.entry("buckets", "buckets of usage reports"),
          Map.entry("made_up", "calls made up where the log holds only sums or samples"),
          Map.entry("calls_of_two_sources", "calls that two sources both log"),
          Map.entry("proxy_cache_hits", "calls that a gateway answered itself, left out"),
          Map.entry("failures", "calls that failed and consumed nothing, left out"),
          Map.entry("missing_usage", "calls whose log does not say what they consumed"),
          Map.entry(
              "unexplained_counts", "calls with counts that no rule of their source explains"),
          Map.entry("cache_in_doubt", "calls that do not say whether input holds cached tokens"),
          Map.entry("nested_say_more", "calls that say more tokens than those they repeat"),
          Map.entry("untagged_share", "share of calls without a data class"),
          Map.entry("unpriced", "workloads without a price, and why"),
          Map.entry("served_locally", "calls that servers of your own answered: not priced"),
          Map.entry("price_book_of", "newest day of the price book"),
          Map.entry("logged_and_priced", "what the log itself says of cost, beside the price book"),
          Map.entry(
              "far_from_all_other_calls",
              "calls that did not decide where the log begins or ends"));

  private final Sheet sheet;

  private QualitySheet(Sheet sheet) {
    this.sheet = sheet;
  }

  static void write(Workbook book, Finished finished, int number, JsonNode summary) {
    QualitySheet to =
        new QualitySheet(new Sheet(book, finished, number, "Data quality", 1, COLUMNS));
    to.add("coverage", "", summary.path("coverage"), "coverage");
    for (String part : PARTS) {
      for (Map.Entry<String, JsonNode> field : summary.path(part).properties()) {
        to.add(field.getKey(), "", field.getValue(), field.getKey());
      }
      if (summary.path(part).isArray()) {
        to.add(part, "", summary.path(part), part);
      }
    }
    to.sheet.filter();
  }

  private void add(String figure, String of, JsonNode value, String about) {
    if (value.isArray() && isOfTexts(value)) {
      List<String> texts = new ArrayList<>();
      value.forEach(text -> texts.add(text.asText()));
      line(figure, of, null, String.join("; ", texts), about);
    } else if (value.isArray()) {
      value.forEach(one -> add(figure, name(one), one, about));
    } else if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        if (!NAMES.contains(field.getKey())) {
          boolean named = !of.isEmpty();
          add(
              named ? figure + " " + field.getKey() : figure,
              named ? of : field.getKey(),
              field.getValue(),
              about);
        }
      }
    } else if (value.isNumber() || isMoney(figure, value)) {
      line(figure, of, new BigDecimal(value.asText()), null, about);
    } else if (!value.isNull() && !value.isMissingNode()) {
      line(figure, of, null, value.isBoolean() ? yes(value) : value.asText(), about);
    }
  }

  private void line(String figure, String of, BigDecimal value, String words, String about) {
    sheet.put(0, figure, CellFormat.TEXT);
    sheet.put(1, of, CellFormat.TEXT);
    sheet.put(2, value, format(figure));
    sheet.put(3, words, CellFormat.TEXT);
    sheet.put(4, ABOUT.get(about), CellFormat.TEXT);
    sheet.nextRow();
  }

  private static CellFormat format(String figure) {
    if (figure.endsWith("usd")) {
      return CellFormat.MONEY;
    }
    return figure.endsWith("share") || figure.equals("coverage")
        ? CellFormat.SHARE
        : CellFormat.COUNT;
  }

  // Dollars stand in summary.json as texts where their digits count.
  private static boolean isMoney(String figure, JsonNode value) {
    return figure.endsWith("usd") && value.isTextual() && !value.asText().isEmpty();
  }

  private static boolean isOfTexts(JsonNode array) {
    return array.isEmpty() || array.get(0).isTextual();
  }

  private static String yes(JsonNode value) {
    return value.asBoolean() ? "yes" : "no";
  }

  private static String name(JsonNode one) {
    List<String> names = new ArrayList<>();
    for (String field : NAMES) {
      if (one.has(field)) {
        names.add(one.get(field).asText());
      }
    }
    return String.join(" / ", names);
  }
}
