package dev.homeward.workbook;

import dev.homeward.report.Reviewed;
import dev.homeward.report.Violation;
import dev.homeward.workbook.Sheet.Column;
import java.util.List;
import org.dhatim.fastexcel.Workbook;

/** Where data went that may not be there: the columns of violations.csv. */
final class ViolationsSheet {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("workload", CellFormat.TEXT, 24, "name by the policy's rules"),
          new Column("hosted_model", CellFormat.TEXT, 22, "model that answered"),
          new Column("data_class", CellFormat.TEXT, 14, "class of the data"),
          new Column("allowed", CellFormat.TEXT, 30, "where the policy lets such data go"),
          new Column("provider", CellFormat.TEXT, 16, "where it went; empty if the log is silent"),
          new Column("region", CellFormat.TEXT, 16, "in which region; empty likewise"),
          new Column("calls", CellFormat.COUNT, 11, "calls that went there"),
          new Column("first_call", CellFormat.TEXT, 28, "when the first was, UTC"),
          new Column("last_call", CellFormat.TEXT, 28, "when the last was, UTC"),
          new Column("verdict", CellFormat.TEXT, 24, "what the review says of the workload"));

  private ViolationsSheet() {}

  static void write(Workbook book, Finished finished, int number, Reviewed review) {
    Sheet sheet = new Sheet(book, finished, number, "Violations", 1, COLUMNS);
    for (Violation v : Violation.of(review.decision().ranking())) {
      sheet.row(
          v.workload().workload(),
          v.workload().hostedModel(),
          v.workload().dataClass(),
          v.allowed(),
          v.seen().provider(),
          v.seen().region(),
          v.seen().calls(),
          v.firstCall(),
          v.lastCall(),
          v.verdict().name());
    }
    sheet.filter();
  }
}
