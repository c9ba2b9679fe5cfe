package dev.homeward.workbook;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Plan;
import dev.homeward.workbook.Sheet.Column;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dhatim.fastexcel.Workbook;

/** What to buy and move: the columns of plan.csv, with its running and last sums as formulas. */
final class PlanSheet {
  static final int CAPEX = 9;
  static final int COST = 10;
  static final int SAVING = 11;

  private static final List<Column> COLUMNS =
      List.of(
          new Column("step", CellFormat.COUNT, 6, "order in which it is done, from 1"),
          new Column(
              "action",
              CellFormat.TEXT,
              9,
              "buy, rent or use boxes; move a workload; share: hours for all fleets together"),
          new Column("hardware", CellFormat.TEXT, 18, "box, as the catalog names it"),
          new Column("count", CellFormat.COUNT, 8, "boxes that are added; empty for a move"),
          new Column("local_model", CellFormat.TEXT, 20, "model that serves the workload"),
          new Column("engine", CellFormat.TEXT, 12, "engine that runs the model"),
          new Column("workload", CellFormat.TEXT, 24, "workload that moves"),
          new Column("hosted_model", CellFormat.TEXT, 20, "model that it leaves"),
          new Column("data_class", CellFormat.TEXT, 14, "class of its data"),
          new Column("capex_usd", CellFormat.MONEY, 13, "paid at the start, US dollars"),
          new Column(
              "monthly_cost_usd", CellFormat.MONEY, 13, "what the step adds to the cost a month"),
          new Column(
              "monthly_saving_usd",
              CellFormat.MONEY,
              13,
              "what the step adds to the saving a month: for a move, API cost avoided less all"
                  + " that it adds"),
          new Column(
              "cumulative_saving_usd",
              CellFormat.MONEY,
              13,
              "saving a month of all steps up to this one; a formula"),
          new Column("utilization", CellFormat.SHARE, 11, "busy share of its fleet's hours"),
          new Column("note", CellFormat.TEXT, 28, "what else there is to know"),
          new Column(
              "saving_p10_usd",
              CellFormat.MONEY,
              13,
              "what the move adds with the boxes bought for it, mean month over the horizon: one"
                  + " future in ten is worse"),
          new Column("saving_p50_usd", CellFormat.MONEY, 13, "the same: the middle of all futures"),
          new Column("saving_p90_usd", CellFormat.MONEY, 13, "the same: one in ten is better"),
          new Column(
              "probability_saves", CellFormat.SHARE, 12, "share of futures in which it saves"));

  private final Sheet sheet;

  PlanSheet(Workbook book, Finished finished, int number, Plan plan) {
    this.sheet = new Sheet(book, finished, number, "Plan", 2, COLUMNS);
    String saving = Reference.column(SAVING);
    for (Plan.Step s : plan.steps()) {
      Optional<WorkloadKey> key = s.workload();
      sheet.row(
          s.number(),
          s.action().name().toLowerCase(Locale.ROOT),
          s.hardware(),
          s.count() == 0 ? null : s.count(),
          s.localModel().orElse(null),
          s.engine().orElse(null),
          key.map(WorkloadKey::workload).orElse(null),
          key.map(WorkloadKey::hostedModel).orElse(null),
          key.map(WorkloadKey::dataClass).orElse(null),
          s.capexUsd(),
          s.monthlyCostUsd(),
          s.monthlySavingUsd(),
          new Formula(
              "SUM(" + saving + "$2:" + saving + sheet.nextRowNumber() + ")",
              s.cumulativeSavingUsd()),
          s.utilization().isPresent() ? s.utilization().getAsDouble() : null,
          s.note(),
          s.outlook().map(o -> o.p10Usd()).orElse(null),
          s.outlook().map(o -> o.p50Usd()).orElse(null),
          s.outlook().map(o -> o.p90Usd()).orElse(null),
          s.outlook().map(o -> o.probabilitySaves()).orElse(null));
    }
    sheet.sums("all", CAPEX, COST, SAVING);
    sheet.filter();
  }

  /** The cells of a column as other sheets name them, without their sum. */
  String range(int column) {
    return sheet.rangeFromElsewhere(column);
  }

  double sum(int column) {
    return sheet.sum(column);
  }
}
