package dev.homeward.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.units.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What usage reports say was billed, beside what the log holds: by source, hosted model and day of
 * UTC. The two are compared and never added. Coverage is logged over billed; above 1 something is
 * logged twice, or the report is not complete.
 */
public final class Reconciliation {
  private final TreeMap<Place, Amounts> billed = new TreeMap<>();
  private final TreeMap<Place, Amounts> logged = new TreeMap<>();

  /** One model's day in one source; of the log the source is empty. */
  private record Place(String source, String hostedModel, String day) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int c = source.compareTo(other.source);
      c = c != 0 ? c : hostedModel.compareTo(other.hostedModel);
      return c != 0 ? c : day.compareTo(other.day);
    }
  }

  private static final class Amounts {
    private OptionalLong calls = OptionalLong.empty();
    private OptionalLong tokens = OptionalLong.empty();
    private OptionalLong nanoUsd = OptionalLong.empty();

    void add(OptionalLong moreCalls, OptionalLong moreTokens, OptionalLong moreNanoUsd) {
      calls = sum(calls, moreCalls);
      tokens = sum(tokens, moreTokens);
      nanoUsd = sum(nanoUsd, moreNanoUsd);
    }

    private static OptionalLong sum(OptionalLong a, OptionalLong b) {
      if (a.isEmpty() || b.isEmpty()) {
        return a.isPresent() ? a : b;
      }
      return OptionalLong.of(Math.addExact(a.getAsLong(), b.getAsLong()));
    }
  }

  /**
   * Adds a bucket of a usage report.
   *
   * @param source the report's format word
   * @param hostedModel empty where the report does not say
   * @param day YYYY-MM-DD on which it begins
   */
  public void addBilled(
      String source,
      String hostedModel,
      String day,
      OptionalLong calls,
      OptionalLong tokens,
      OptionalLong nanoUsd) {
    billed
        .computeIfAbsent(new Place(source, hostedModel, day), p -> new Amounts())
        .add(calls, tokens, nanoUsd);
  }

  /** Adds calls of the log. */
  public void addLogged(
      String hostedModel, String day, long calls, long tokens, OptionalLong nanoUsd) {
    logged
        .computeIfAbsent(new Place("", hostedModel, day), p -> new Amounts())
        .add(OptionalLong.of(calls), OptionalLong.of(tokens), nanoUsd);
  }

  public boolean isEmpty() {
    return billed.isEmpty();
  }

  /** reconciliation.csv: a row for each source, model and day that was billed; unknown is empty. */
  public String csv() {
    StringBuilder csv =
        new StringBuilder(
            "source,hosted_model,day,billed_calls,logged_calls,billed_tokens,logged_tokens,"
                + "token_coverage,billed_usd,logged_usd\n");
    billed.forEach(
        (place, b) -> {
          Amounts l = logged(place);
          csv.append(Csv.cell(place.source())).append(',');
          csv.append(Csv.cell(place.hostedModel())).append(',').append(place.day());
          csv.append(',').append(text(b.calls)).append(',').append(text(l.calls));
          csv.append(',').append(text(b.tokens)).append(',').append(text(l.tokens));
          csv.append(',').append(coverage(b, l)).append(',').append(usd(b)).append(',');
          csv.append(usd(l)).append('\n');
        });
    return csv.toString();
  }

  // A cost report without models is compared with all models of its day.
  private Amounts logged(Place place) {
    Amounts sum = new Amounts();
    logged.forEach(
        (of, amounts) -> {
          boolean same = of.hostedModel().equals(place.hostedModel());
          if (of.day().equals(place.day()) && (same || place.hostedModel().isEmpty())) {
            sum.add(amounts.calls, amounts.tokens, amounts.nanoUsd);
          }
        });
    return sum;
  }

  /** The sums by source and model, for summary.json. */
  public void write(ArrayNode into) {
    for (Total t : totals()) {
      ObjectNode n = into.addObject();
      n.put("source", t.source).put("hosted_model", t.hostedModel).put("days", t.days);
      put(n, "billed_calls", t.billed.calls);
      put(n, "logged_calls", t.logged.calls);
      put(n, "billed_tokens", t.billed.tokens);
      put(n, "logged_tokens", t.logged.tokens);
      if (t.billed.tokens.isPresent() && t.billed.tokens.getAsLong() > 0) {
        n.put("token_coverage", share(t));
      }
      t.billed.nanoUsd.ifPresent(x -> n.put("billed_usd", new NanoUsd(x).toString(6)));
      t.logged.nanoUsd.ifPresent(x -> n.put("logged_usd", new NanoUsd(x).toString(6)));
    }
  }

  /** A line for each source and model, for the console. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Total t : totals()) {
      String model = t.hostedModel.isEmpty() ? "all models" : t.hostedModel;
      if (t.billed.tokens.isPresent() && t.billed.tokens.getAsLong() > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "Billed by %s: %,d tokens of %s on %d days; the log holds %.1f %% of them%s.",
                t.source,
                t.billed.tokens.getAsLong(),
                model,
                t.days,
                100 * share(t),
                share(t) > MUCH ? ", more than all: logged twice, or a report with gaps" : ""));
      } else if (t.billed.nanoUsd.isPresent()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "Billed by %s: $%s of %s on %d days; the log's own figures say %s.",
                t.source,
                new NanoUsd(t.billed.nanoUsd.getAsLong()).toString(2),
                model,
                t.days,
                t.logged.nanoUsd.isPresent()
                    ? "$" + new NanoUsd(t.logged.nanoUsd.getAsLong()).toString(2)
                    : "nothing"));
      }
    }
    return lines;
  }

  private static final double MUCH = 1.02;

  private static final class Total {
    private final String source;
    private final String hostedModel;
    private final Amounts billed = new Amounts();
    private final Amounts logged = new Amounts();
    private int days;

    Total(String source, String hostedModel) {
      this.source = source;
      this.hostedModel = hostedModel;
    }
  }

  private List<Total> totals() {
    TreeMap<String, Total> totals = new TreeMap<>();
    billed.forEach(
        (place, b) -> {
          Total t =
              totals.computeIfAbsent(
                  place.source() + "\n" + place.hostedModel(),
                  k -> new Total(place.source(), place.hostedModel()));
          t.days++;
          t.billed.add(b.calls, b.tokens, b.nanoUsd);
          Amounts l = logged(place);
          t.logged.add(l.calls, l.tokens, l.nanoUsd);
        });
    return List.copyOf(totals.values());
  }

  private static double share(Total t) {
    return (double) t.logged.tokens.orElse(0) / t.billed.tokens.getAsLong();
  }

  private static String coverage(Amounts b, Amounts l) {
    if (b.tokens.isEmpty() || b.tokens.getAsLong() == 0) {
      return "";
    }
    return String.format(Locale.ROOT, "%.4f", (double) l.tokens.orElse(0) / b.tokens.getAsLong());
  }

  private static String text(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "";
  }

  private static String usd(Amounts amounts) {
    return amounts.nanoUsd.isPresent() ? new NanoUsd(amounts.nanoUsd.getAsLong()).toString(6) : "";
  }

  private static void put(ObjectNode n, String name, OptionalLong value) {
    if (value.isPresent()) {
      n.put(name, value.getAsLong());
    }
  }
}
