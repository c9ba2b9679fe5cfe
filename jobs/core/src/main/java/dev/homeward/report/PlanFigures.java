package dev.homeward.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a review's plan comes to, as its files say.
 *
 * @param savingMonthlyUsd empty if the review does not say
 * @param initialUsd paid at the start, likewise
 * @param boxes bought or rented, by hardware
 */
record PlanFigures(
    OptionalDouble savingMonthlyUsd, OptionalDouble initialUsd, Map<String, Integer> boxes) {
  private static final Set<String> HAD = Set.of("buy", "rent");

  /** The plan of a review, from summary.json and plan.csv; unknown where a file is missing. */
  static PlanFigures read(Path review) throws IOException {
    Path summary = review.resolve(KeptFile.SUMMARY.path());
    OptionalDouble saving = OptionalDouble.empty();
    OptionalDouble initial = OptionalDouble.empty();
    if (Files.isRegularFile(summary)) {
      JsonNode plan =
          Codec.tree(KeptFile.SUMMARY, Files.readString(summary), summary.toString()).path("plan");
      saving = number(plan.path("saving_monthly_usd"));
      initial = number(plan.path("initial_usd"));
    }
    Map<String, Integer> boxes = new TreeMap<>();
    Path steps = review.resolve("plan.csv");
    if (Files.isRegularFile(steps)) {
      for (Map<String, String> step : ReviewTables.rows(steps)) {
        if (HAD.contains(step.getOrDefault("action", ""))
            && !step.getOrDefault("count", "").isEmpty()) {
          try {
            boxes.merge(
                step.getOrDefault("hardware", ""),
                Integer.parseInt(step.get("count")),
                Integer::sum);
          } catch (NumberFormatException e) {
            throw ReviewTables.damaged(steps, e);
          }
        }
      }
    }
    return new PlanFigures(saving, initial, boxes);
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.doubleValue()) : OptionalDouble.empty();
  }

  /**
   * How two plans differ, in words; nothing where they do not.
   *
   * @param daysBefore of the month of the first
   * @param daysNow of that of the second
   */
  static List<String> changes(PlanFigures before, int daysBefore, PlanFigures now, int daysNow) {
    List<String> changes = new ArrayList<>();
    String was = before.figures(daysBefore);
    String is = now.figures(daysNow);
    if (!was.equals(is)) {
      changes.add(was + " before; " + is + " now");
    }
    TreeSet<String> hardware = new TreeSet<>(before.boxes.keySet());
    hardware.addAll(now.boxes.keySet());
    List<String> boxes = new ArrayList<>();
    for (String box : hardware) {
      int a = before.boxes.getOrDefault(box, 0);
      int b = now.boxes.getOrDefault(box, 0);
      if (a != b) {
        boxes.add("%s %d before, %d now".formatted(box, a, b));
      }
    }
    if (!boxes.isEmpty()) {
      changes.add("boxes to have: " + String.join("; ", boxes));
    }
    return changes;
  }

  private String figures(int days) {
    return "it saves %s a day, %s at the start"
        .formatted(
            savingMonthlyUsd.isEmpty() ? "?" : usd(savingMonthlyUsd.getAsDouble() / days),
            initialUsd.isEmpty() ? "?" : usd(initialUsd.getAsDouble()));
  }

  /** Dollars and cents. */
  static String usd(double usd) {
    String cents = String.format(Locale.ROOT, "%,.2f", Math.abs(usd));
    return (usd < 0 && !cents.equals("0.00") ? "-$" : "$") + cents;
  }
}
