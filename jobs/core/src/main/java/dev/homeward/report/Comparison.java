package dev.homeward.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Decisions of one review under several settings, side by side. */
public final class Comparison {
  private static final int NAME = 22;
  private static final int COLUMN = 26;

  private final Map<String, DecideStep.Decision> decisions = new LinkedHashMap<>();

  /** Adds a decision; the first one is what the others are held against. */
  public void add(String name, DecideStep.Decision decision) {
    String unique = name;
    for (int i = 2; decisions.containsKey(unique); i++) {
      unique = name + " " + i;
    }
    decisions.put(unique, decision);
  }

  /** As a table; rows that no setting changes are counted, not shown. */
  public String table() {
    StringBuilder text = new StringBuilder();
    row(text, "", decisions.keySet().stream().toList());
    row(text, "-".repeat(NAME), decisions.keySet().stream().map(n -> "-".repeat(COLUMN)).toList());
    row(text, "API $/mo", each(d -> money(apiUsd(d))));
    row(text, "plan saves $/mo", each(d -> money(d.plan().savingUsd())));
    row(text, "plan pays at start $", each(d -> money(d.plan().initialUsd())));
    row(text, "workloads that move", each(d -> Integer.toString(d.plan().moved().size())));
    for (Verdict verdict : Verdict.values()) {
      row(
          text,
          verdict.name(),
          each(
              d ->
                  Long.toString(d.ranking().stream().filter(w -> w.verdict() == verdict).count())));
    }
    text.append('\n');
    Map<WorkloadKey, List<String>> cells = new TreeMap<>();
    int column = 0;
    for (DecideStep.Decision d : decisions.values()) {
      for (RankedWorkload w : d.ranking()) {
        List<String> of = cells.computeIfAbsent(w.workload().key(), k -> new ArrayList<>());
        while (of.size() < column) {
          of.add("");
        }
        of.add(cell(w));
      }
      column++;
    }
    int same = 0;
    for (Map.Entry<WorkloadKey, List<String>> e : cells.entrySet()) {
      if (decisions.size() > 1 && e.getValue().stream().distinct().count() == 1) {
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
    return text.toString();
  }

  /** As CSV: the columns of ranking.csv after the name of the setting. */
  public String csv() {
    StringBuilder csv = new StringBuilder();
    decisions.forEach(
        (name, d) -> {
          String[] lines = Csv.ranking(RankingRows.of(d.ranking())).split("\n", -1);
          if (csv.isEmpty()) {
            csv.append("scenario,").append(lines[0]).append('\n');
          }
          for (int i = 1; i < lines.length - 1; i++) {
            csv.append(Csv.cell(name)).append(',').append(lines[i]).append('\n');
          }
        });
    return csv.toString();
  }

  /** As JSON: the rows of each setting, and what its plan comes to. */
  public String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode all = root.putArray("scenarios");
    decisions.forEach(
        (name, d) -> {
          ObjectNode n = all.addObject();
          n.put("name", name);
          n.put("api_forecast_monthly_usd", apiUsd(d));
          n.put("plan_saving_monthly_usd", d.plan().savingUsd());
          n.put("plan_initial_usd", d.plan().initialUsd());
          ArrayNode rows = n.putArray("ranking");
          for (Map<RankingColumn, Object> row : RankingRows.of(d.ranking())) {
            ObjectNode of = rows.addObject();
            row.forEach(
                (column, value) -> of.put(column.columnName(), RankingRows.text(column, value)));
          }
        });
    return root.toPrettyString() + "\n";
  }

  private interface Cell {
    String of(DecideStep.Decision decision);
  }

  private List<String> each(Cell cell) {
    return decisions.values().stream().map(cell::of).toList();
  }

  private static double apiUsd(DecideStep.Decision d) {
    return d.ranking().stream().mapToDouble(w -> w.workload().apiForecastUsd().orElse(0)).sum();
  }

  private static String cell(RankedWorkload w) {
    String verdict =
        w.verdict() == Verdict.MOVE_WITH_OVERFLOW ? "MOVE+OVERFLOW" : w.verdict().name();
    String saving = w.savingUsd().isEmpty() ? "?" : money(w.savingUsd().getAsDouble());
    return verdict + " " + saving;
  }

  private static String money(double usd) {
    BigDecimal rounded = new BigDecimal(usd).setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0.00" : rounded.toPlainString();
  }

  private static void row(StringBuilder text, String name, List<String> cells) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%-" + NAME + "s", cut(name, NAME)));
    for (String cell : cells) {
      line.append(' ').append(String.format(Locale.ROOT, "%" + COLUMN + "s", cut(cell, COLUMN)));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "~";
  }
}
