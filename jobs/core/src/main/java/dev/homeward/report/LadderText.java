package dev.homeward.report;

import dev.homeward.keeping.Decisions;
import dev.homeward.policy.NonInferiority;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Which models could answer in place of the hosted one, tier by tier, and what an evaluation of the
 * one that waits for it takes and shows.
 */
final class LadderText {
  private LadderText() {}

  /** The best of each tier, the highest first; nothing for reviews that do not tell tiers. */
  static List<String> rungs(Decisions.Workload w) {
    Map<Integer, Decisions.Weighed> best = new TreeMap<>(Comparator.reverseOrder());
    for (Decisions.Weighed a : w.alternatives()) {
      if (a.rung().isPresent() && a.fellOut().isEmpty()) {
        best.putIfAbsent(a.rung().getAsInt(), a);
      }
    }
    List<String> lines = new ArrayList<>();
    if (best.isEmpty()) {
      return lines;
    }
    lines.add("The cheapest of each tier of models that meets the limits:");
    best.forEach((rung, a) -> lines.add("  " + rung(rung, a)));
    return lines;
  }

  private static String rung(int rung, Decisions.Weighed a) {
    return text(
        "%-14s %s at %s under %s on %s: %s%s%s",
        rung == 0 ? "its own" : text("%d lower", -rung),
        a.localModel(),
        a.quantization(),
        a.engine(),
        a.hardware(),
        PlanText.usd(a.localMonthlyUsd().orElse(0) + a.overflowUsd().orElse(0)),
        a.savingUsd().isPresent()
            ? text(" a month, saves %s", PlanText.usd(a.savingUsd().getAsDouble()))
            : " a month",
        a.explanation().map(", %s"::formatted).orElse(""));
  }

  /** What the evaluation takes and shows. */
  static List<String> evaluation(Decisions.Evaluation e, OptionalDouble forecast) {
    List<String> lines = new ArrayList<>();
    if (e.tasks() == 0) {
      lines.add(
          text(
              "No number of tasks would prove %s while the scores stay as they are: below the bar.",
              e.localModel()));
    } else {
      lines.add(
          text(
              "An evaluation of %s on about %,d tasks would settle it: both models on the same tasks,"
                  + " some %.0f hours of people.",
              e.localModel(), e.tasks(), e.hours()));
    }
    lines.add(
        PlanText.screening(
            new NonInferiority.Screening(e.screeningTasks(), e.refutesFrom(), e.provesFrom())));
    if (e.hardestShare().isPresent() && forecast.isPresent()) {
      lines.add(
          text(
              "It still saves while calls worth at most %.0f %% of its cost, $%.2f a month, turn out"
                  + " too hard and stay at the API (hardest-share-at-api).",
              100 * e.hardestShare().getAsDouble(),
              e.hardestShare().getAsDouble() * forecast.getAsDouble()));
    }
    return lines;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
