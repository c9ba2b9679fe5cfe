package dev.homeward.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.Verdict;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import dev.homeward.units.Columns;
import dev.homeward.units.VisibleText;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Decisions of one review under several settings, side by side. */
public final class Comparison {
  private static final int NAME = 22;
  private static final int COLUMN = 26;

  private final Map<String, Decided> columns = new LinkedHashMap<>();

  /**
   * A decision.
   *
   * @param apiUsd a month of all workloads at announced prices
   * @param planSavingUsd a month
   * @param moved workloads that the plan moves
   * @param rows of the ranking, as texts
   */
  public record Decided(
      double apiUsd,
      double planSavingUsd,
      double planInitialUsd,
      int moved,
      List<Map<RankingColumn, String>> rows) {

    /** Of a decision just made. */
    public static Decided of(DecideStep.Decision d) {
      return new Decided(
          d.ranking().stream().mapToDouble(w -> w.workload().apiForecastUsd().orElse(0)).sum(),
          d.plan().savingUsd(),
          d.plan().initialUsd(),
          d.plan().moved().size(),
          RankingRows.of(d.ranking()).stream().map(RankingRows::texts).toList());
    }

    /** Of the decision that a review has written. */
    public static Decided written(Path review) throws IOException {
      List<Map<RankingColumn, String>> rows = new ArrayList<>();
      for (Map<String, String> cells : ReviewDiff.read(review).rows()) {
        Map<RankingColumn, String> row = new EnumMap<>(RankingColumn.class);
        for (RankingColumn column : RankingColumn.values()) {
          row.put(column, Csv.text(cells.getOrDefault(column.columnName(), "")));
        }
        rows.add(row);
      }
      Path file = review.resolve(KeptFile.SUMMARY.path());
      JsonNode summary = Codec.tree(KeptFile.SUMMARY, Files.readString(file), file.toString());
      JsonNode plan = summary.path("plan");
      return new Decided(
          summary.path("api_forecast_monthly_usd").doubleValue(),
          plan.path("saving_monthly_usd").doubleValue(),
          plan.path("initial_usd").doubleValue(),
          plan.path("workloads").intValue(),
          rows);
    }
  }

  /** Adds a decision; the first one is what the others are held against. */
  public void add(String name, Decided column) {
    String unique = name;
    for (int i = 2; columns.containsKey(unique); i++) {
      unique = name + " " + i;
    }
    columns.put(unique, column);
  }

  /** As a table; rows that no setting changes are counted, not shown. */
  public String table() {
    StringBuilder text = new StringBuilder();
    row(text, "", columns.keySet().stream().toList());
    row(text, "-".repeat(NAME), columns.keySet().stream().map(n -> "-".repeat(COLUMN)).toList());
    row(text, "API $/mo", each(c -> money(c.apiUsd())));
    row(text, "plan saves $/mo", each(c -> money(c.planSavingUsd())));
    row(text, "plan pays at start $", each(c -> money(c.planInitialUsd())));
    row(text, "workloads that move", each(c -> Integer.toString(c.moved())));
    for (Verdict verdict : Verdict.values()) {
      row(
          text,
          verdict.name(),
          each(
              c ->
                  Long.toString(
                      c.rows().stream()
                          .filter(r -> r.get(RankingColumn.VERDICT).equals(verdict.name()))
                          .count())));
    }
    text.append('\n');
    Map<WorkloadKey, List<String>> cells = new TreeMap<>();
    int at = 0;
    for (Decided c : columns.values()) {
      for (Map<RankingColumn, String> row : c.rows()) {
        List<String> of = cells.computeIfAbsent(key(row), k -> new ArrayList<>());
        while (of.size() < at) {
          of.add("");
        }
        of.add(cell(row));
      }
      at++;
    }
    int same = 0;
    for (Map.Entry<WorkloadKey, List<String>> e : cells.entrySet()) {
      if (columns.size() > 1 && e.getValue().stream().distinct().count() == 1) {
        same++;
      } else {
        row(text, e.getKey().workload(), e.getValue());
      }
    }
    if (same > 0) {
      text.append(
          String.format(Locale.ROOT, "%d workloads are the same in all of them.%n", same)
              .replace("\r\n", "\n"));
    }
    text.append(
        """
        A workload's dollars are its part of what the plan saves a month; where the plan leaves it, what it
        would save alone, on its best box.
        """);
    return text.toString();
  }

  /** As CSV: the columns of ranking.csv after the name of the setting. */
  public String csv() {
    StringBuilder csv = new StringBuilder("scenario,").append(Csv.header()).append('\n');
    columns.forEach(
        (name, c) ->
            c.rows()
                .forEach(
                    row ->
                        csv.append(Csv.cell(name)).append(',').append(Csv.line(row)).append('\n')));
    return csv.toString();
  }

  /** As a tree: the rows of each setting, and what its plan comes to. */
  public ObjectNode document() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode all = root.putArray("scenarios");
    columns.forEach(
        (name, c) -> {
          ObjectNode n = all.addObject();
          n.put("name", name);
          n.put("api_forecast_monthly_usd", c.apiUsd());
          n.put("plan_saving_monthly_usd", c.planSavingUsd());
          n.put("plan_initial_usd", c.planInitialUsd());
          ArrayNode rows = n.putArray("ranking");
          for (Map<RankingColumn, String> row : c.rows()) {
            ObjectNode of = rows.addObject();
            row.forEach((column, value) -> of.put(column.columnName(), value));
          }
        });
    return root;
  }

  private List<String> each(Function<Decided, String> cell) {
    return columns.values().stream().map(cell).toList();
  }

  private static WorkloadKey key(Map<RankingColumn, String> row) {
    return new WorkloadKey(
        row.get(RankingColumn.WORKLOAD),
        row.get(RankingColumn.HOSTED_MODEL),
        row.get(RankingColumn.DATA_CLASS));
  }

  private static String cell(Map<RankingColumn, String> row) {
    String verdict = row.get(RankingColumn.VERDICT);
    String inPlan = row.get(RankingColumn.MARGINAL_SAVING_USD);
    String saving = inPlan.isEmpty() ? row.get(RankingColumn.SAVING_MONTHLY_USD) : inPlan;
    return (verdict.equals(Verdict.MOVE_WITH_OVERFLOW.name()) ? "MOVE+OVERFLOW" : verdict)
        + " "
        + (saving.isEmpty() ? "?" : saving);
  }

  private static String money(double usd) {
    BigDecimal rounded = new BigDecimal(usd).setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0.00" : rounded.toPlainString();
  }

  private static void row(StringBuilder text, String name, List<String> cells) {
    StringBuilder line = new StringBuilder();
    line.append(Columns.padded(Columns.cut(VisibleText.of(name), NAME), NAME));
    for (String cell : cells) {
      line.append(' ')
          .append(Columns.paddedLeft(Columns.cut(VisibleText.of(cell), COLUMN), COLUMN));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
