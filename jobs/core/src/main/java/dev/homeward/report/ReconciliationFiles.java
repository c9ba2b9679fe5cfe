package dev.homeward.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.Billed;
import dev.homeward.calls.TokenSums;
import dev.homeward.pricing.DailyUse.Use;
import dev.homeward.units.NanoUsd;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A reconciliation as reconciliation.csv, as a part of summary.json and as lines for a terminal.
 * Unknown is empty or null. Dollars have 6 decimals, because a day of a small model is cents.
 */
public final class ReconciliationFiles {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MODELS_SHOWN = 3;
  private static final int USD_DECIMALS = 6;
  private static final double MORE_THAN_ALL = 1.0005;

  private ReconciliationFiles() {}

  /** The rows as a file's text. */
  public static String csv(Reconciliation reconciliation) {
    StringBuilder csv =
        new StringBuilder(
            "day,hosted_model,source,billed_calls,logged_calls,billed_tokens,logged_tokens,"
                + "coverage_tokens,billed_usd,logged_usd,coverage_usd\n");
    for (Reconciliation.Row row : reconciliation.rows()) {
      Optional<Billed> billed = row.billed();
      Use logged = row.logged();
      boolean isNamed = !row.hostedModel().isEmpty();
      csv.append(row.day()).append(',').append(Csv.cell(row.hostedModel())).append(',');
      csv.append(Csv.cell(row.source())).append(',');
      csv.append(text(billed.map(Billed::calls).orElse(OptionalLong.empty()))).append(',');
      csv.append(isNamed ? logged.calls() : "").append(',');
      csv.append(text(Reconciliation.billedTokens(billed))).append(',');
      csv.append(isNamed ? logged.tokens().total() : "").append(',');
      csv.append(share(row.tokenCoverage())).append(',');
      csv.append(usd(Reconciliation.billedCost(billed))).append(',');
      csv.append(isNamed ? usd(logged.cost()) : "").append(',');
      csv.append(share(row.costCoverage())).append('\n');
    }
    return csv.toString();
  }

  /** Totals by source and model. */
  public static ObjectNode json(Reconciliation reconciliation) {
    ObjectNode n = JSON.createObjectNode();
    ArrayNode sources = n.putArray("sources");
    for (String source : reconciliation.sources()) {
      ObjectNode s = sources.addObject();
      s.put("source", source);
      List<String> billedOnly = new ArrayList<>();
      List<String> loggedOnly = new ArrayList<>();
      ArrayNode models = JSON.createArrayNode();
      for (Reconciliation.Total total : of(reconciliation, source)) {
        s.put("first_day", total.firstDay().toString());
        s.put("last_day", total.lastDay().toString());
        if (total.billed().isEmpty()) {
          loggedOnly.add(total.hostedModel());
        } else if (total.logged().calls() == 0 && !total.hostedModel().isEmpty()) {
          billedOnly.add(total.hostedModel());
        }
        models.add(model(total));
      }
      s.set("models", models);
      billedOnly.forEach(s.putArray("models_only_billed")::add);
      loggedOnly.forEach(s.putArray("models_only_logged")::add);
    }
    return n;
  }

  private static ObjectNode model(Reconciliation.Total total) {
    ObjectNode n = JSON.createObjectNode();
    n.put("hosted_model", total.hostedModel());
    put(n, "billed_calls", total.billed().map(Billed::calls).orElse(OptionalLong.empty()));
    n.put("logged_calls", total.logged().calls());
    n.put("logged_calls_without_usage", total.logged().withoutUsage());
    put(n, "billed_tokens", Reconciliation.billedTokens(total.billed()));
    n.put("logged_tokens", total.logged().tokens().total());
    put(n, "coverage_tokens", total.tokenCoverage());
    n.put("logged_tokens_at_other_providers", total.loggedElsewhere());
    total.billed().flatMap(Billed::tokens).ifPresent(t -> n.set("billed_by_kind", kinds(t)));
    n.set("logged_by_kind", kinds(total.logged().tokens()));
    put(n, "billed_usd", Reconciliation.billedCost(total.billed()));
    put(n, "logged_at_price_book_usd", total.logged().apiCost());
    put(n, "logged_own_usd", total.logged().loggedCost());
    put(n, "coverage_usd", total.costCoverage());
    ArrayNode days = n.putArray("days_without_logs");
    total.daysWithoutLogs().forEach(day -> days.add(day.toString()));
    return n;
  }

  private static ObjectNode kinds(TokenSums tokens) {
    return JSON.createObjectNode()
        .put("input_tokens", tokens.input())
        .put("cache_read_tokens", tokens.cacheRead())
        .put("cache_write_5m_tokens", tokens.cacheWrite5m())
        .put("cache_write_1h_tokens", tokens.cacheWrite1h())
        .put("output_tokens", tokens.output());
  }

  /** One line a source, and one for what is strange about it. */
  public static List<String> lines(Reconciliation reconciliation) {
    List<String> lines = new ArrayList<>();
    for (String source : reconciliation.sources()) {
      List<String> shown = new ArrayList<>();
      List<String> strange = new ArrayList<>();
      int more = 0;
      for (Reconciliation.Total total : largestFirst(of(reconciliation, source))) {
        if (total.billed().isPresent()) {
          if (shown.size() < MODELS_SHOWN) {
            shown.add(held(total));
          } else {
            more++;
          }
        }
        strange.addAll(strange(total));
      }
      lines.add(
          "Billed by %s: %s%s."
              .formatted(
                  source,
                  String.join("; ", shown),
                  more == 0 ? "" : "; and %d more models".formatted(more)));
      if (!strange.isEmpty()) {
        int hidden = Math.max(0, strange.size() - MODELS_SHOWN);
        lines.add(
            "      %s%s."
                .formatted(
                    String.join("; ", strange.subList(0, strange.size() - hidden)),
                    hidden == 0 ? "" : "; %d more in summary.json".formatted(hidden)));
      }
    }
    return lines;
  }

  private static String held(Reconciliation.Total total) {
    String model = total.hostedModel().isEmpty() ? "no named model" : total.hostedModel();
    OptionalLong tokens = Reconciliation.billedTokens(total.billed());
    String volume =
        tokens.isPresent()
            ? String.format(Locale.ROOT, "%,d tokens of %s", tokens.getAsLong(), model)
            : "$%s of %s"
                .formatted(
                    Reconciliation.billedCost(total.billed())
                        .map(cost -> cost.toString(2))
                        .orElse("?"),
                    model);
    OptionalDouble coverage = tokens.isPresent() ? total.tokenCoverage() : total.costCoverage();
    if (coverage.isEmpty()) {
      return volume + ", which the log cannot be compared with";
    }
    return String.format(
        Locale.ROOT, "%s, the log holds %.1f %%", volume, 100 * coverage.getAsDouble());
  }

  private static List<String> strange(Reconciliation.Total total) {
    List<String> found = new ArrayList<>();
    String model = total.hostedModel();
    if (model.isEmpty()) {
      found.add("group the report by model");
      return found;
    }
    OptionalDouble coverage =
        total.tokenCoverage().isPresent() ? total.tokenCoverage() : total.costCoverage();
    if (total.billed().isEmpty()) {
      found.add(model + " is logged and not billed");
    } else if (total.logged().calls() == 0) {
      found.add(
          total.loggedElsewhere() > 0
              ? model + " is billed, and logged only at other providers"
              : model + " is billed and not logged");
    } else if (coverage.orElse(0) > MORE_THAN_ALL) {
      found.add(
          "more of %s is logged than billed: are calls logged twice, or is the report not complete?"
              .formatted(model));
    } else if (!total.daysWithoutLogs().isEmpty()) {
      found.add("no calls of %s are logged on %s".formatted(model, days(total.daysWithoutLogs())));
    }
    return found;
  }

  private static String days(List<LocalDate> days) {
    return days.size() == 1
        ? days.get(0).toString()
        : "%d days from %s on".formatted(days.size(), days.get(0));
  }

  private static List<Reconciliation.Total> of(Reconciliation reconciliation, String source) {
    return reconciliation.totals().stream().filter(t -> t.source().equals(source)).toList();
  }

  private static List<Reconciliation.Total> largestFirst(List<Reconciliation.Total> totals) {
    return totals.stream()
        .sorted(
            Comparator.comparingLong(
                    (Reconciliation.Total t) ->
                        -Reconciliation.billedTokens(t.billed())
                            .orElse(
                                Reconciliation.billedCost(t.billed())
                                    .map(NanoUsd::nanos)
                                    .orElse(0L)))
                .thenComparing(Reconciliation.Total::hostedModel))
        .toList();
  }

  private static String text(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "";
  }

  private static String usd(Optional<NanoUsd> value) {
    return value.map(v -> v.toString(USD_DECIMALS)).orElse("");
  }

  private static String share(OptionalDouble value) {
    return value.isPresent() ? rounded(value.getAsDouble()).toPlainString() : "";
  }

  private static BigDecimal rounded(double share) {
    return new BigDecimal(share).setScale(4, RoundingMode.HALF_EVEN);
  }

  private static void put(ObjectNode n, String name, OptionalLong value) {
    if (value.isPresent()) {
      n.put(name, value.getAsLong());
    } else {
      n.putNull(name);
    }
  }

  private static void put(ObjectNode n, String name, OptionalDouble value) {
    if (value.isPresent()) {
      n.put(name, rounded(value.getAsDouble()));
    } else {
      n.putNull(name);
    }
  }

  private static void put(ObjectNode n, String name, Optional<NanoUsd> value) {
    n.put(name, value.map(v -> v.toString(USD_DECIMALS)).orElse(null));
  }
}
