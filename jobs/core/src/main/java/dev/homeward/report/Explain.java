package dev.homeward.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.NearestNames;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The arithmetic of a verdict, line by line, from a review's decisions.json, so that a finance lead
 * can redo it by hand.
 */
public final class Explain {
  private static final int ALTERNATIVES_SHOWN = 8;

  private Explain() {}

  /**
   * The explanation of every key of a workload.
   *
   * @throws InvalidInput if the review has no such workload
   */
  public static String of(JsonNode decisions, String workload) {
    StringBuilder text = new StringBuilder();
    TreeSet<String> names = new TreeSet<>();
    for (JsonNode w : decisions.get("workloads")) {
      String name = w.get("row").get("workload").textValue();
      names.add(name);
      if (name.equals(workload)) {
        explain(text, w, decisions);
      }
    }
    if (text.length() == 0) {
      throw new InvalidInput(
          "Unknown workload: %s (nearest in this review: %s)"
              .formatted(workload, String.join(", ", NearestNames.of(workload, names, 3))));
    }
    return text.toString();
  }

  private static void explain(StringBuilder text, JsonNode w, JsonNode decisions) {
    JsonNode row = w.get("row");
    line(
        text,
        "%s / %s / %s",
        col(row, "workload"),
        col(row, "hosted_model"),
        col(row, "data_class"));
    line(
        text,
        "rank %s: %s, compliance %s, confidence %s",
        col(row, "rank"),
        col(row, "verdict"),
        col(row, "compliance"),
        col(row, "confidence"));
    for (JsonNode reason : w.get("reasons")) {
      line(
          text,
          "  because %s (%s)",
          reason.get("sentence").textValue(),
          reason.get("code").textValue());
    }
    line(text, "");
    double coverage = decisions.get("coverage").doubleValue();
    line(
        text,
        "Period %s, %.2f hours; the log covers %.6f of it; %s calls reached a model.",
        col(row, "review_month"),
        decisions.get("month_hours").doubleValue(),
        coverage,
        col(row, "calls"));
    line(text, "");
    if (w.has("price_problem")) {
      line(text, "API cost unknown: %s", w.get("price_problem").textValue());
    } else {
      apiLines(
          text, "API cost of the logged calls, at the prices of their day", w.get("api_lines"));
      line(text, "  for the month: / %.6f coverage = $%s", coverage, col(row, "api_monthly_usd"));
      apiLines(text, "The same at announced prices", w.get("forecast_lines"));
      line(text, "  for the month: / %.6f coverage = $%s", coverage, col(row, "api_forecast_usd"));
    }
    for (JsonNode v : w.path("violations")) {
      line(
          text,
          "Violation: %,d calls went to %s%s.",
          v.get("calls").longValue(),
          v.get("provider").textValue().isEmpty()
              ? "an unnamed provider"
              : v.get("provider").textValue(),
          v.get("region").textValue().isEmpty() ? "" : " in " + v.get("region").textValue());
    }
    line(text, "");
    if (w.has("chosen")) {
      chosen(text, w, row);
    } else {
      line(text, "No local alternative passed the gates.");
    }
    alternatives(text, w.get("alternatives"));
    line(text, "");
  }

  private static void apiLines(StringBuilder text, String title, JsonNode lines) {
    line(text, "%s:", title);
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode l : lines) {
      NanoUsd amount = new NanoUsd(l.get("nano_usd").longValue());
      sum = sum.add(amount.dollars());
      line(
          text,
          "  %-14s %,18d tokens x $%s a million%s%s = $%s",
          l.get("kind").textValue(),
          l.get("tokens").longValue(),
          BigDecimal.valueOf(l.get("micro_usd_per_million").longValue(), 6)
              .stripTrailingZeros()
              .toPlainString(),
          l.get("tier").textValue().equals("standard")
              ? ""
              : " (" + l.get("tier").textValue() + ")",
          l.get("long_context").booleanValue() ? " (long context)" : "",
          amount.toString(6));
    }
    line(text, "  sum = $%s", sum.setScale(6, java.math.RoundingMode.HALF_EVEN).toPlainString());
  }

  private static void chosen(StringBuilder text, JsonNode w, JsonNode row) {
    JsonNode a = w.get("chosen");
    JsonNode replay = a.get("replay");
    line(
        text,
        "Best local alternative: %s at %s under %s on %s, %s replicas on %d boxes.",
        col(row, "local_model"),
        col(row, "quantization"),
        col(row, "engine"),
        col(row, "hardware"),
        col(row, "replicas"),
        a.get("boxes").intValue());
    line(
        text,
        "Replayed: TTFT p50 %s ms, p95 %s ms; TPOT p50 %s ms; E2E p95 %s ms; busy %s of its time; limits: %s.",
        col(row, "ttft_p50_ms"),
        col(row, "ttft_p95_ms"),
        col(row, "tpot_p50_ms"),
        col(row, "e2e_p95_ms"),
        col(row, "utilization"),
        w.get("service_level").textValue().isEmpty() ? "none" : w.get("service_level").textValue());
    if (a.has("step_time_residual")) {
      line(
          text,
          "Step times are %s, two in three within %.0f %%: %s.",
          a.get("step_time_kind").textValue(),
          100 * a.get("step_time_residual").doubleValue(),
          a.get("step_time_source").textValue());
    }
    line(
        text,
        "%d of %d calls go to the API (%d find the fleet full or down, %d are too long).",
        replay.get("overflow_calls").longValue() + replay.get("too_long_calls").longValue(),
        replay.get("calls").longValue(),
        replay.get("overflow_calls").longValue(),
        replay.get("too_long_calls").longValue());
    line(text, "Local cost a month:");
    for (JsonNode l : a.get("cost_lines")) {
      line(
          text,
          "  %-24s $%.6f = %s",
          l.get("name").textValue(),
          l.get("monthly_usd").doubleValue(),
          l.get("arithmetic").textValue());
    }
    line(text, "  sum = $%.6f", a.get("local_monthly_usd").doubleValue());
    if (a.has("overflow_usd")) {
      line(text, "Overflow at API prices a month: $%.6f", a.get("overflow_usd").doubleValue());
    } else {
      line(text, "Overflow at API prices a month: not known, some of its calls have no price");
    }
    if (a.has("saving_usd")) {
      line(
          text,
          "Saving a month = $%s forecast - $%.2f local - $%.2f overflow%s = $%.2f",
          col(row, "api_forecast_usd"),
          a.get("local_monthly_usd").doubleValue(),
          a.get("overflow_usd").doubleValue(),
          a.path("agreement_usd").asDouble() == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  " + $%.2f that agreements change",
                  a.get("agreement_usd").doubleValue()),
          a.get("saving_usd").doubleValue());
    }
    if (!col(row, "billing_mode").equals("metered")) {
      line(
          text,
          "Billed as %s: the cash saving counts as $0.00 until whole seats or units are cancelled.",
          col(row, "billing_mode"));
    }
    if (w.has("cash_flow")) {
      JsonNode f = w.get("cash_flow");
      line(
          text,
          "Cash: -$%.2f at the start, %s$%.2f a month for %d months, $%.2f at the end;"
              + " NPV $%s, payback %s months.",
          f.get("initial_usd").doubleValue(),
          f.get("monthly_net_usd").doubleValue() < 0 ? "-" : "",
          Math.abs(f.get("monthly_net_usd").doubleValue()),
          f.get("months").intValue(),
          f.get("residual_usd").doubleValue(),
          col(row, "npv_usd"),
          col(row, "payback_months").isEmpty()
              ? "never within the horizon, in"
              : col(row, "payback_months"));
    }
    evidence(text, w, a);
    if (w.has("flip")) {
      flip(text, w.get("flip"), row);
    }
    if (w.has("outlook")) {
      outlook(text, w);
    }
    if (w.has("plan")) {
      line(
          text,
          "In the plan it is move %d and adds %s a month (plan.csv).",
          w.get("plan").get("order").intValue(),
          usd(w.get("plan").get("marginal_saving_usd")));
    }
  }

  private static void evidence(StringBuilder text, JsonNode w, JsonNode a) {
    if (a.has("evidence")) {
      JsonNode e = a.get("evidence");
      line(
          text,
          "Evaluation: %s, local %.4f, hosted %.4f on %d tasks; the difference lies between %.4f and"
              + " %.4f (%s): %s.",
          e.get("metric").textValue(),
          e.get("local_score").doubleValue(),
          e.get("hosted_score").doubleValue(),
          e.get("n").longValue(),
          e.get("low").doubleValue(),
          e.get("high").doubleValue(),
          e.get("method").textValue(),
          e.get("proven").booleanValue() ? "good enough" : "open");
    }
    if (w.has("tasks_needed")) {
      long tasks = w.get("tasks_needed").longValue();
      line(
          text,
          "%s",
          tasks == 0
              ? "No sample size would prove it while the scores stay as they are: below the bar."
              : String.format(
                  Locale.ROOT,
                  "An evaluation of about %,d tasks would settle it: both models on the same tasks.",
                  tasks));
    }
  }

  private static void flip(StringBuilder text, JsonNode flip, JsonNode row) {
    if (flip.has("nearest")) {
      double ratio = flip.get("nearest").doubleValue();
      line(
          text,
          "The answer flips at %.4f times today's volume (%,.0f calls)%s.",
          ratio,
          ratio * Double.parseDouble(col(row, "calls")),
          flip.get("extrapolated").booleanValue()
              ? String.format(
                  Locale.ROOT,
                  ", on the line beyond %.4g times, the most that was replayed",
                  flip.get("replayed_to").doubleValue())
              : ", by replay");
    } else {
      line(text, "The answer never flips: %s.", flip.get("why").textValue());
    }
    List<String> intervals = new ArrayList<>();
    for (JsonNode i : flip.get("saves")) {
      intervals.add(
          String.format(
              Locale.ROOT, "%.4g to %.4g", i.get("from").doubleValue(), i.get("to").doubleValue()));
    }
    line(
        text,
        "It saves at %s times today's volume (replayed from %.4g to %.4g).",
        intervals.isEmpty() ? "no" : String.join(", ", intervals),
        flip.get("replayed_from").doubleValue(),
        flip.get("replayed_to").doubleValue());
  }

  private static void outlook(StringBuilder text, JsonNode w) {
    JsonNode o = w.get("outlook");
    line(
        text,
        "Over the horizon it saves %s a month in the middle of all futures, %s to %s in eight"
            + " of ten; it saves in %.0f %% of them.",
        usd(o.get("p50_usd")),
        usd(o.get("p10_usd")),
        usd(o.get("p90_usd")),
        100 * o.get("probability_saves").doubleValue());
    JsonNode g = w.get("growth");
    line(
        text,
        "Growth a month: %.1f %%, %.1f to %.1f in eight of ten (%s).",
        100 * g.get("p50").doubleValue(),
        100 * g.get("p10").doubleValue(),
        100 * g.get("p90").doubleValue(),
        g.get("source").textValue());
    List<JsonNode> shares = new ArrayList<>();
    o.get("variance_shares").forEach(shares::add);
    shares.sort(
        (x, y) -> Double.compare(y.get("share").doubleValue(), x.get("share").doubleValue()));
    List<String> words = new ArrayList<>();
    for (JsonNode share : shares) {
      if (share.get("share").doubleValue() >= 0.01) {
        words.add(
            String.format(
                Locale.ROOT,
                "%s (%.0f %%)",
                share.get("sentence").textValue(),
                100 * share.get("share").doubleValue()));
      }
    }
    if (!words.isEmpty()) {
      line(text, "What it hangs on most: %s.", String.join(", ", words));
    }
  }

  private static void alternatives(StringBuilder text, JsonNode alternatives) {
    List<String> lines = new ArrayList<>();
    for (JsonNode a : alternatives) {
      StringBuilder l = new StringBuilder();
      l.append(
          String.format(
              Locale.ROOT,
              "  %-22s %-10s %-9s %-24s",
              a.get("local_model").textValue(),
              a.get("quantization").textValue(),
              a.get("engine").textValue(),
              a.get("hardware").textValue()));
      if (a.has("replay")) {
        l.append(
            String.format(
                Locale.ROOT,
                " x%-2d $%.2f%s",
                a.get("replay").get("replicas").intValue(),
                a.get("local_monthly_usd").doubleValue() + a.path("overflow_usd").asDouble(),
                a.has("overflow_usd") ? "" : " and overflow"));
      }
      if (a.has("fell_out")) {
        l.append("  ").append(a.get("fell_out").textValue());
      }
      if (a.has("explanation")) {
        l.append(": ").append(a.get("explanation").textValue());
      }
      lines.add(l.toString());
    }
    line(text, "");
    line(
        text,
        "Alternatives weighed: %d (the first %d)",
        lines.size(),
        Math.min(lines.size(), ALTERNATIVES_SHOWN));
    lines.stream().limit(ALTERNATIVES_SHOWN).forEach(l -> text.append(l).append('\n'));
  }

  private static String usd(JsonNode value) {
    double usd = value.doubleValue();
    return String.format(Locale.ROOT, usd < 0 ? "-$%.2f" : "$%.2f", Math.abs(usd));
  }

  private static String col(JsonNode row, String column) {
    return row.path(column).asText("");
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
