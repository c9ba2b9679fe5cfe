package dev.homeward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.HostedModel;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.QualityLoss;
import dev.homeward.catalog.Quantization;
import dev.homeward.catalog.Score;
import dev.homeward.catalog.Situation;
import dev.homeward.economics.Assumptions;
import dev.homeward.units.Confidence;
import dev.homeward.units.InvalidInput;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code homeward catalog}: what the program knows. */
@Command(
    name = "catalog",
    mixinStandardHelpOptions = true,
    description =
        "Lists boxes, local models, weight formats, engines, hosted models and situations.",
    footer = {"", "Example: homeward catalog hardware"})
final class CatalogCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "WHAT",
      description = "hardware, models, quantizations, engines, hosted or situations; default all.")
  private String what;

  @Mixin private OutputFlags output;

  @Override
  public Integer call() {
    Catalog catalog = Catalog.standard();
    String chosen = what == null ? "all" : what;
    if (output.json()) {
      OutputFlags.print(CatalogDocument.of(catalog, chosen));
      return 0;
    }
    PrintStream out = System.out;
    switch (chosen) {
      case "hardware" -> hardware(catalog, out);
      case "models" -> models(catalog, out);
      case "quantizations" -> quantizations(catalog, out);
      case "engines" -> engines(catalog, out);
      case "hosted" -> hosted(catalog, out);
      case "situations" -> situations(out);
      case "all" -> {
        hardware(catalog, out);
        models(catalog, out);
        quantizations(catalog, out);
        engines(catalog, out);
        hosted(catalog, out);
        situations(out);
      }
      default -> throw unknown(chosen);
    }
    out.flush();
    return 0;
  }

  static InvalidInput unknown(String what) {
    return new InvalidInput(
        "Invalid catalog: %s (hardware, models, quantizations, engines, hosted or situations)"
            .formatted(what));
  }

  private static void hardware(Catalog catalog, PrintStream out) {
    out.println("Hardware (* tried by default)");
    for (HardwareProfile h : catalog.hardware()) {
      out.printf(
          Locale.ROOT,
          "  %s %-26s %d x %-34s %4.0f GB  %-22s %s%n",
          h.defaultCandidate() ? "*" : " ",
          h.id(),
          h.acceleratorCount(),
          h.accelerator().name(),
          h.accelerator().memoryGb().value() * h.acceleratorCount(),
          terms(h.acquisition()),
          h.idleWatts().source().kind().word());
    }
  }

  private static String terms(Acquisition a) {
    return switch (a.mode()) {
      case OWNED -> "owned";
      case BOUGHT -> String.format(Locale.ROOT, "$%.0f", a.priceUsd().orElseThrow().value());
      case RESERVED ->
          String.format(Locale.ROOT, "$%.0f a month", a.monthlyUsd().orElseThrow().value());
      case ON_DEMAND, SPOT ->
          String.format(
              Locale.ROOT,
              "$%.3f/h%s",
              a.hourlyUsd().orElseThrow().value(),
              a.hoursPerDay() == 24 ? "" : ", %d h a day".formatted(a.hoursPerDay()));
    };
  }

  private static void models(Catalog catalog, PrintStream out) {
    out.println("Local models (* tried by default)");
    for (LocalModel m : catalog.models()) {
      out.printf(
          Locale.ROOT,
          "  %s %-24s %-10s %7.2fe9 parameters, %7.2fe9 active, context %,d, %s%n",
          m.defaultCandidate() ? "*" : " ",
          m.id(),
          m.tier().word(),
          m.architecture().parameters() / 1e9,
          m.architecture().activeParameters() / 1e9,
          m.abilities().contextWindow(),
          scores(m.scores()));
    }
  }

  private static void quantizations(Catalog catalog, PrintStream out) {
    out.println("Weight formats");
    for (Quantization q : catalog.quantizations()) {
      out.printf(
          Locale.ROOT,
          "    %-12s %5.2f bits a weight, %s%n",
          q.id(),
          q.bitsInFiles(),
          q.qualityLoss().map(CatalogCommand::loss).orElse("loss of quality not known"));
    }
  }

  private static String loss(QualityLoss loss) {
    String what =
        switch (loss.measure()) {
          case SCORE -> "%.1f %% of its score lost";
          case PERPLEXITY -> "perplexity %.1f %% higher";
        };
    return String.format(Locale.ROOT, what + " (%s)", 100 * loss.share().value(), loss.on());
  }

  private static String scores(List<Score> scores) {
    return scores.isEmpty()
        ? "no score known"
        : scores.stream()
            .map(s -> String.format(Locale.ROOT, "%s %.1f", s.benchmark(), s.score()))
            .collect(Collectors.joining(", "));
  }

  private static void engines(Catalog catalog, PrintStream out) {
    out.println("Engines (* tried by default)");
    for (Engine e : catalog.engines()) {
      long measured =
          e.efficiencies().values().stream()
              .filter(set -> set.source().kind() == Confidence.MEASURED)
              .count();
      out.printf(
          Locale.ROOT,
          "  %s %-14s %-20s step times measured on %d chips, published or assumed for %d more chips"
              + " and families%n",
          e.defaultCandidate() ? "*" : " ",
          e.id(),
          e.scheduling().scheduler().word().replace('-', ' '),
          measured,
          e.efficiencies().size() - measured);
    }
  }

  private static void situations(PrintStream out) {
    out.println(
        "Situations (* holds where none is named; --situation or assumptions.yaml names one)");
    Map<String, JsonNode> defaults = new LinkedHashMap<>();
    Assumptions.defaults()
        .document()
        .properties()
        .forEach(e -> defaults.put(e.getKey(), e.getValue()));
    for (Situation s : Situation.all()) {
      out.printf(
          Locale.ROOT,
          "  %s %-18s %s%n",
          s.id().equals(Situation.DEFAULT) ? "*" : " ",
          s.id(),
          s.description());
      s.values()
          .forEach(
              (key, figure) ->
                  out.printf(
                      Locale.ROOT,
                      "      %-34s %-6s (default %s)  %s, %s: %s%n",
                      key,
                      BigDecimal.valueOf(figure.value()).stripTrailingZeros().toPlainString(),
                      defaults.get(key).asText(),
                      figure.source().kind().word(),
                      figure.source().date(),
                      figure.source().reference()));
      out.printf(Locale.ROOT, "      boxes that go with it: %s%n", String.join(", ", s.boxes()));
    }
  }

  private static void hosted(Catalog catalog, PrintStream out) {
    PriceBook.standard()
        .newest()
        .ifPresent(
            day ->
                out.printf(
                    Locale.ROOT,
                    "Price book of %s, %d days old; a younger one: homeward prices import%n",
                    day,
                    Math.max(0, ChronoUnit.DAYS.between(day, LocalDate.now(ZoneOffset.UTC)))));
    out.println("Hosted models");
    for (HostedModel m : catalog.hostedModels().all()) {
      out.printf(
          Locale.ROOT,
          "    %-26s %-10s %-10s %s%n",
          m.id(),
          m.provider(),
          m.tier().word(),
          scores(m.scores()));
    }
  }
}
