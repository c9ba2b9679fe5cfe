package dev.homeward.workbook;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.pricing.PricedLine;
import dev.homeward.report.Reviewed;
import dev.homeward.workbook.Sheet.Column;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import org.dhatim.fastexcel.Workbook;

/** The API's bill line by line: tokens of one kind at one price, as they were on the day. */
final class SpendSheet {
  private static final int AMOUNT = 11;
  private static final int MICROS = 6;

  private static final List<Column> COLUMNS =
      List.of(
          new Column("workload", CellFormat.TEXT, 24, "name by the policy's rules"),
          new Column("hosted_model", CellFormat.TEXT, 22, "model that answered"),
          new Column("data_class", CellFormat.TEXT, 14, "class of the data"),
          new Column("owner", CellFormat.TEXT, 14, "cost centre of most of its calls"),
          new Column(
              "kind",
              CellFormat.TEXT,
              16,
              "kind of token; for web_search the tokens are searches, priced by the million too"),
          new Column("tier", CellFormat.TEXT, 11, "service tier that is charged"),
          new Column("priced_as", CellFormat.TEXT, 22, "model whose price it is"),
          new Column("price_from", CellFormat.TEXT, 12, "first day of the price, UTC"),
          new Column(
              "long_context", CellFormat.TEXT, 9, "yes where the rates of long requests hold"),
          new Column("tokens", CellFormat.COUNT, 16, "tokens of this kind at this price"),
          new Column(
              "usd_per_million", CellFormat.PRICE, 13, "US dollars a million, discounts taken off"),
          new Column(
              "amount_usd",
              CellFormat.MONEY,
              14,
              "tokens times price: what the logged calls cost, not scaled to a month"),
          new Column("source", CellFormat.TEXT, 60, "where the price comes from"));

  private SpendSheet() {}

  static void write(Workbook book, Finished finished, int number, Reviewed review) {
    Sheet sheet = new Sheet(book, finished, number, "Spend", 2, COLUMNS);
    List<WorkloadCase> cases =
        review.decision().ranking().stream()
            .map(RankedWorkload::workload)
            .sorted(Comparator.comparing(WorkloadCase::key))
            .toList();
    for (WorkloadCase c : cases) {
      WorkloadKey key = c.key();
      for (PricedLine line : c.spend().lines()) {
        sheet.row(
            key.workload(),
            key.hostedModel(),
            key.dataClass(),
            c.profile().owner(),
            line.kind(),
            line.row().tier(),
            line.row().hostedModel(),
            line.row().validFrom().toString(),
            line.longContext() ? "yes" : "no",
            line.tokens(),
            BigDecimal.valueOf(line.microUsdPerMillion(), MICROS),
            line.amount().dollars(),
            line.row().source().reference());
      }
    }
    sheet.sums("all that has a price", AMOUNT);
    sheet.filter();
  }
}
