package dev.homeward.report;

import dev.homeward.decision.ReasonCode;
import dev.homeward.keeping.Decisions;
import dev.homeward.keeping.Fleet;
import dev.homeward.units.Columns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All alternatives of a workload, by what became of them: first those that can be chosen, cheapest
 * first; then each reason to fall out with those that it struck, and the figure that decided. Boxes
 * of one model, format and engine that fell for the same short reason share a line.
 */
final class AlternativesText {
  private static final int WIDTH = 120;
  private static final String INDENT = "      ";

  /** A longer explanation has a line of its own. */
  private static final int SHORT = 32;

  private final StringBuilder text = new StringBuilder();

  private AlternativesText() {}

  /** The lines, each with its end. */
  static String of(List<Decisions.Weighed> alternatives) {
    AlternativesText t = new AlternativesText();
    t.line("Alternatives weighed: %,d.".formatted(alternatives.size()));
    t.viable(alternatives.stream().filter(a -> a.fellOut().isEmpty()).toList());
    // In the order of the codes, which is that of the gates; codes of other programs last.
    Map<Integer, List<Decisions.Weighed>> byReason = new TreeMap<>();
    List<String> codes = new ArrayList<>();
    for (ReasonCode code : ReasonCode.values()) {
      codes.add(code.word());
    }
    for (Decisions.Weighed a : alternatives) {
      if (a.fellOut().isPresent()) {
        if (!codes.contains(a.fellOut().get())) {
          codes.add(a.fellOut().get());
        }
        byReason.computeIfAbsent(codes.indexOf(a.fellOut().get()), c -> new ArrayList<>()).add(a);
      }
    }
    byReason.forEach((code, fallen) -> t.fallen(codes.get(code), fallen));
    return t.text.toString();
  }

  private void viable(List<Decisions.Weighed> viable) {
    if (viable.isEmpty()) {
      return;
    }
    line("  %,d can be chosen, cheapest first:".formatted(viable.size()));
    viable.stream()
        .sorted(Comparator.comparingDouble(AlternativesText::usd))
        .forEach(
            a ->
                line(
                    "    %s on %s%s%s"
                        .formatted(
                            what(a),
                            a.hardware(),
                            cost(a),
                            a.explanation().map(", %s"::formatted).orElse(""))));
  }

  private void fallen(String code, List<Decisions.Weighed> fallen) {
    line("  %,d fell out: %s (%s):".formatted(fallen.size(), sentence(code), code));
    Map<String, List<Decisions.Weighed>> byWhat = new LinkedHashMap<>();
    fallen.forEach(a -> byWhat.computeIfAbsent(what(a), w -> new ArrayList<>()).add(a));
    byWhat.forEach(
        (what, of) -> {
          Map<String, List<String>> byWhy = new LinkedHashMap<>();
          for (Decisions.Weighed a : of) {
            byWhy
                .computeIfAbsent(a.explanation().orElse(""), why -> new ArrayList<>())
                .add(a.hardware() + cost(a));
          }
          List<String> together = new ArrayList<>();
          byWhy.forEach(
              (why, boxes) -> {
                if (why.length() > SHORT) {
                  line("    %s on %s: %s".formatted(what, String.join(", ", boxes), why));
                } else {
                  together.add(
                      String.join(", ", boxes) + (why.isEmpty() ? "" : " (%s)".formatted(why)));
                }
              });
          if (!together.isEmpty()) {
            line("    %s on %s".formatted(what, String.join(", ", together)));
          }
        });
  }

  private static String what(Decisions.Weighed a) {
    return "%s %s %s".formatted(a.localModel(), a.quantization(), a.engine());
  }

  // Replicas and dollars a month, where it was replayed.
  private static String cost(Decisions.Weighed a) {
    Optional<Fleet> replay = a.replay();
    return replay.isEmpty() || a.localMonthlyUsd().isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            " x%d $%.2f%s",
            replay.get().options().replicas(),
            usd(a),
            a.overflowUsd().isPresent() ? "" : " and overflow");
  }

  private static double usd(Decisions.Weighed a) {
    return a.localMonthlyUsd().orElse(0) + a.overflowUsd().orElse(0);
  }

  private static String sentence(String code) {
    for (ReasonCode known : ReasonCode.values()) {
      if (known.word().equals(code)) {
        return known.sentence();
      }
    }
    return "for a reason that this program does not know";
  }

  private void line(String line) {
    Columns.wrapped(line, WIDTH, INDENT).forEach(l -> text.append(l).append('\n'));
  }
}
