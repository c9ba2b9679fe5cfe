package dev.homeward.workbook;

import dev.homeward.report.RankingColumn;
import dev.homeward.report.RankingRows;
import dev.homeward.report.Reviewed;
import dev.homeward.workbook.Sheet.Column;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;

/** The ranking: the columns of ranking.csv under the same names, a workload a row. */
final class RankingSheet {
  private static final int NAME_WIDTH = 24;
  private static final int TEXT_WIDTH = 16;
  private static final int NUMBER_WIDTH = 14;

  /** Rank, month, workload and hosted model stay in sight. */
  private static final int FIXED = 4;

  private final Sheet sheet;

  RankingSheet(Workbook book, Finished finished, int number, Reviewed review) {
    List<Column> columns =
        Arrays.stream(RankingColumn.values())
            .map(c -> new Column(c.columnName(), format(c), width(c), c.meaning()))
            .toList();
    this.sheet = new Sheet(book, finished, number, "Ranking", FIXED, columns);
    for (Map<RankingColumn, Object> row : RankingRows.of(review.decision().ranking())) {
      sheet.row(Arrays.stream(RankingColumn.values()).map(row::get).toArray());
    }
    sheet.filter();
  }

  /** The cells of a column as other sheets name them. */
  String range(RankingColumn column) {
    return sheet.rangeFromElsewhere(column.ordinal());
  }

  /** What a column adds up to. */
  double sum(RankingColumn column) {
    return sheet.sum(column.ordinal());
  }

  private static CellFormat format(RankingColumn column) {
    return switch (column.type()) {
      case TEXT -> CellFormat.TEXT;
      case COUNT -> CellFormat.COUNT;
      case MONEY -> CellFormat.MONEY;
      case SHARE -> CellFormat.SHARE;
      case RATIO -> CellFormat.RATIO;
      case MILLIS -> CellFormat.MILLIS;
      case ENERGY -> CellFormat.ENERGY;
    };
  }

  private static int width(RankingColumn column) {
    return switch (column) {
      case RANK -> 6;
      case REVIEW_MONTH -> 9;
      case WORKLOAD, HOSTED_MODEL, VERDICT, REASONS -> NAME_WIDTH;
      default -> column.type() == RankingColumn.Type.TEXT ? TEXT_WIDTH : NUMBER_WIDTH;
    };
  }
}
