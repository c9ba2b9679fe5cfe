package dev.homeward.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.keeping.Codec;
import dev.homeward.units.Columns;
import dev.homeward.units.VisibleText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/** The best alternative on each box, cheapest first, for the keys of a workload. */
public final class Sweep {
  private static final String CSV =
      "workload,hosted_model,data_class,hardware,local_model,quantization,engine,replicas,"
          + "local_monthly_usd,overflow_usd,saving_monthly_usd,reason,explanation\n";

  /** Columns of a reason; the whole sentence is in the CSV. */
  private static final int LONGEST = 60;

  private Sweep() {}

  /** As a table. */
  public static String table(DecideStep.Decision decision) {
    StringBuilder text = new StringBuilder();
    for (RankedWorkload w : decision.ranking()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s: %s, API $%s a month%n  %-26s %-18s %-9s %3s %10s %10s%n",
              w.workload().key(),
              w.verdict(),
              w.workload().apiForecastUsd().isPresent()
                  ? money(w.workload().apiForecastUsd().getAsDouble())
                  : "?",
              "hardware",
              "local model",
              "weights",
              "",
              "$/month",
              "saves"));
      for (Alternative a : best(w)) {
        text.append(
            String.format(
                        Locale.ROOT,
                        "  %-26s %-18s %-9s %3s %10s %10s  %s",
                        a.hardware().id(),
                        a.model().id(),
                        a.quantization().id(),
                        a.fleet().map(f -> "x" + f.options().replicas()).orElse(""),
                        a.cost().isPresent() ? money(a.totalUsd()) : "",
                        money(a.savingUsd()),
                        Columns.cut(VisibleText.of(why(a)), LONGEST))
                    .stripTrailing()
                + "\n");
      }
    }
    return text.toString().replace("\r\n", "\n");
  }

  /** As CSV. */
  public static String csv(DecideStep.Decision decision) {
    StringBuilder csv = new StringBuilder(CSV);
    for (RankedWorkload w : decision.ranking()) {
      for (Alternative a : best(w)) {
        StringJoiner row = new StringJoiner(",", "", "\n");
        row.add(Csv.cell(w.workload().key().workload()))
            .add(Csv.cell(w.workload().key().hostedModel()))
            .add(Csv.cell(w.workload().key().dataClass()))
            .add(a.hardware().id())
            .add(a.model().id())
            .add(a.quantization().id())
            .add(a.engine().id())
            .add(a.fleet().map(f -> "" + f.options().replicas()).orElse(""))
            .add(a.cost().map(c -> money(c.monthlyUsd())).orElse(""))
            .add(a.cost().isPresent() ? money(a.overflowUsd()) : "")
            .add(money(a.savingUsd()))
            .add(a.fellOut().map(code -> code.word()).orElse(""))
            .add(Csv.cell(a.explanation()));
        csv.append(row);
      }
    }
    return csv.toString();
  }

  /** As a tree, unrounded; what is not known is not there. */
  public static ObjectNode document(DecideStep.Decision decision) {
    ObjectNode document = Codec.object();
    ArrayNode workloads = document.putArray("workloads");
    for (RankedWorkload w : decision.ranking()) {
      ObjectNode of = workloads.addObject();
      of.put("workload", w.workload().key().workload());
      of.put("hosted_model", w.workload().key().hostedModel());
      of.put("data_class", w.workload().key().dataClass());
      of.put("verdict", w.verdict().name());
      w.workload().apiForecastUsd().ifPresent(usd -> of.put("api_forecast_usd", usd));
      ArrayNode boxes = of.putArray("hardware");
      for (Alternative a : best(w)) {
        ObjectNode box = boxes.addObject();
        box.put("hardware", a.hardware().id()).put("local_model", a.model().id());
        box.put("quantization", a.quantization().id()).put("engine", a.engine().id());
        a.fleet().ifPresent(f -> box.put("replicas", f.options().replicas()));
        a.cost().ifPresent(c -> box.put("local_monthly_usd", c.monthlyUsd()));
        if (a.cost().isPresent()) {
          a.overflowUsd().ifPresent(usd -> box.put("overflow_cost_usd", usd));
        }
        a.savingUsd().ifPresent(usd -> box.put("saving_monthly_usd", usd));
        a.fellOut().ifPresent(code -> box.put("reason", code.word()));
        if (!a.explanation().isEmpty()) {
          box.put("explanation", a.explanation());
        }
      }
    }
    return document;
  }

  // Alternatives stand best first already.
  private static List<Alternative> best(RankedWorkload w) {
    Map<String, Alternative> byBox = new LinkedHashMap<>();
    w.alternatives().forEach(a -> byBox.putIfAbsent(a.hardware().id(), a));
    return new ArrayList<>(byBox.values());
  }

  private static String why(Alternative a) {
    return a.fellOut()
        .map(code -> code.word() + (a.explanation().isEmpty() ? "" : ": " + a.explanation()))
        .orElse(a.explanation());
  }

  private static String money(OptionalDouble usd) {
    return usd.isPresent() ? money(usd.getAsDouble()) : "";
  }

  private static String money(double usd) {
    BigDecimal rounded = new BigDecimal(usd).setScale(2, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0.00" : rounded.toPlainString();
  }
}
