package dev.homeward.report;

import dev.homeward.decision.DecideStep;
import dev.homeward.decision.Evaluation;
import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.decision.Waiting;
import dev.homeward.economics.Outlook;
import dev.homeward.policy.NonInferiority;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a plan comes to, and what waits for evaluations, in sentences. */
public final class PlanText {
  private static final int OPENINGS_SHOWN = 3;

  private PlanText() {}

  /** What to do now. */
  public static List<String> now(DecideStep.Decision decision) {
    Plan plan = decision.plan();
    long must = decision.ranking().stream().filter(w -> w.verdict() == Verdict.MUST_MOVE).count();
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            "To move: %d workloads%s, $%.2f a month %s together%s, $%.2f paid at the start for boxes"
                + " (plan.csv).",
            plan.moved().size(),
            must == 0 ? "" : ", %d of them must".formatted(must),
            Math.abs(plan.savingUsd()),
            plan.savingUsd() < 0 ? "dearer" : "saved",
            plan.futures().map(f -> " (" + band(f.outlook()) + ")").orElse(""),
            plan.initialUsd()));
    plan.futures().ifPresent(f -> lines.add(money(f)));
    return lines;
  }

  private static String money(Plan.Futures f) {
    return text(
        "      Over the horizon: net present value %s, %s to %s in eight futures of ten; %s.",
        usd(f.npvP50Usd()),
        usd(f.npvP10Usd()),
        usd(f.npvP90Usd()),
        f.paybackMonths().isEmpty()
            ? "in the middle of all futures the money never comes back"
            : f.paybackMonths().getAsInt() == 0
                ? "nothing has to come back first"
                : "the money is back after %d months".formatted(f.paybackMonths().getAsInt()));
  }

  /** What waits for evaluations, and which is worth doing first. */
  public static List<String> waiting(Waiting waiting) {
    List<String> lines = new ArrayList<>();
    if (waiting.first().isEmpty()) {
      lines.add("Waiting for an evaluation: nothing that would save more.");
      return lines;
    }
    lines.add(
        text(
            "Waiting: if %d %s passed, $%.2f a month more would be saved%s, on %s shared by %d workloads"
                + " (waiting.csv).",
            waiting.first().size(),
            waiting.first().size() == 1 ? "evaluation is" : "evaluations are",
            waiting.moreUsd(),
            waiting.plan().futures().map(f -> "; all together " + band(f.outlook())).orElse(""),
            boxes(waiting.plan()),
            waiting.plan().moved().size()));
    waiting.first().stream().limit(OPENINGS_SHOWN).forEach(o -> lines.add("      " + opening(o)));
    if (waiting.first().size() > OPENINGS_SHOWN) {
      lines.add(
          text("      and %d more (evaluate_model).", waiting.first().size() - OPENINGS_SHOWN));
    }
    NonInferiority.Screening screening = waiting.first().get(0).evaluation().screening();
    lines.add("      " + screening(screening));
    return lines;
  }

  private static String opening(Waiting.Opening o) {
    Evaluation e = o.evaluation();
    return text(
        "%s: test %s, about %,d tasks or %.0f hours of people; opens $%.2f a month%s.",
        o.workload().workload(),
        e.localModel(),
        e.tasks(),
        e.hours(),
        o.opensUsd(),
        o.usdPerHour().isPresent()
            ? text(", $%.2f for each hour", o.usdPerHour().getAsDouble())
            : "; while the scores stay as they are no number would prove it");
  }

  /** What a first look can show. */
  static String screening(NonInferiority.Screening s) {
    return text(
        "Screen with %d tasks first: a model %s behind is out%s; less than that they cannot tell.",
        s.tasks(),
        points(s.refutesFrom()),
        s.provesFrom() > 1 ? "" : text(", one %s ahead has passed", points(s.provesFrom())));
  }

  private static String points(double share) {
    return text("%.0f points", 100 * share);
  }

  private static String boxes(Plan plan) {
    Map<String, Integer> boxes = new TreeMap<>();
    for (Plan.Step step : plan.steps()) {
      if (step.count() > 0) {
        boxes.merge(step.hardware(), step.count(), Integer::sum);
      }
    }
    return boxes.entrySet().stream()
        .map(e -> e.getValue() + " x " + e.getKey())
        .collect(Collectors.joining(" and "));
  }

  /** A band of savings, in words. */
  static String band(Outlook o) {
    return text(
        "%s to %s in eight futures of ten, more than nothing in %.0f %%",
        usd(o.p10Usd()), usd(o.p90Usd()), 100 * o.probabilitySaves());
  }

  /**
   * API cost, plan and waiting saving by cost centre, where there is more than one; those for whom
   * nothing changes stand in summary.json.
   */
  public static List<String> owners(List<RankedWorkload> ranking) {
    Map<String, OwnerTotals> totals = OwnerTotals.of(ranking);
    if (totals.size() < 2) {
      return List.of();
    }
    return totals.entrySet().stream()
        .filter(e -> e.getValue().moved() > 0 || e.getValue().waitingUsd() != 0)
        .map(
            e ->
                text(
                    "      %s: API $%.2f a month, %d of %d workloads move and save %s%s.",
                    e.getKey().isEmpty() ? "no owner" : e.getKey(),
                    e.getValue().apiUsd(),
                    e.getValue().moved(),
                    e.getValue().workloads(),
                    usd(e.getValue().savingUsd()),
                    e.getValue().waitingUsd() == 0
                        ? ""
                        : text("; %s wait", usd(e.getValue().waitingUsd()))))
        .toList();
  }

  static String usd(double usd) {
    return text(usd < 0 ? "-$%.2f" : "$%.2f", Math.abs(usd));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
