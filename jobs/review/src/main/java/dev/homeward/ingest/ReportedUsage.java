package dev.homeward.ingest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.Billed;
import dev.homeward.calls.TokenSums;
import dev.homeward.calls.UsageReports;
import dev.homeward.logs.BucketPlan;
import dev.homeward.report.Reconciliation;
import dev.homeward.report.ReconciliationFiles;
import dev.homeward.units.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a review knows from usage reports, and what it says about them.
 *
 * @param alone the log has nothing else, so that calls were made of buckets
 * @param reconciliation the reports beside the calls of the log; empty if alone or without reports
 */
public record ReportedUsage(
    UsageReports reports, boolean alone, Optional<Reconciliation> reconciliation) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A log without usage reports. */
  public static ReportedUsage none() {
    return new ReportedUsage(UsageReports.none(), false, Optional.empty());
  }

  /** What ingest does with the buckets. */
  public BucketPlan plan() {
    return alone ? BucketPlan.alone(reports) : BucketPlan.beside(reports);
  }

  public ReportedUsage with(Reconciliation compared) {
    return new ReportedUsage(reports, alone, Optional.of(compared));
  }

  /** Whether the calls of the log must be added up by day. */
  public boolean isToCompare() {
    return !alone && !reports.isEmpty();
  }

  /** Why no call could be made of any bucket, and what would help. */
  public String whyNoCalls() {
    List<String> sources = new ArrayList<>();
    for (String source : reports.sources()) {
      sources.add(source + " (" + volume(reports.sum(source)) + ")");
    }
    return ("Cannot review: the log holds usage reports only, and none says how many calls of which"
            + " model there were: %s. Give the calls themselves (the log of a gateway or a tracer),"
            + " or a report that counts calls by model (openai-usage grouped by model,"
            + " litellm-daily-spend)")
        .formatted(String.join(", ", sources));
  }

  /** Lines for a terminal. */
  public List<String> lines() {
    if (reports.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    reconciliation.ifPresent(r -> lines.addAll(ReconciliationFiles.lines(r)));
    for (String source : reports.sources()) {
      if (reconciliation.isPresent() && !reconciliation.get().sources().contains(source)) {
        lines.add("Billed by %s: nothing in the review's month.".formatted(source));
      }
      List<String> unused = alone ? reports.unused(source) : List.of();
      if (!unused.isEmpty()) {
        lines.add(
            "Not used of %s (%s): %s."
                .formatted(source, volume(reports.sum(source)), String.join("; ", unused)));
      }
    }
    if (alone) {
      long made = reports.sources().stream().mapToLong(this::made).sum();
      lines.add(
          0,
          String.format(
              Locale.ROOT,
              "The log holds usage reports only: %,d calls were spread evenly over their buckets."
                  + " How they come in bursts and how their sizes differ is not known.",
              made));
    }
    if (!reports.setAside().isEmpty()) {
      lines.add("      Counted once: " + String.join("; ", overlaps()) + ".");
    }
    return lines;
  }

  private List<String> overlaps() {
    TreeMap<String, Long> buckets = new TreeMap<>();
    reports
        .setAside()
        .forEach((key, sum) -> buckets.merge(key.source(), sum.buckets(), Math::addExact));
    List<String> overlaps = new ArrayList<>();
    buckets.forEach(
        (source, n) ->
            overlaps.add(
                String.format(
                    Locale.ROOT,
                    "%,d buckets of %s say what its other buckets say in another division",
                    n,
                    source)));
    return overlaps;
  }

  /** Adds what usage reports say, and the comparison, to summary.json. */
  public void writeTo(ObjectNode summary) {
    if (!reports.isEmpty()) {
      summary.set("usage_reports", sources());
    }
    reconciliation.ifPresent(r -> summary.set("reconciliation", ReconciliationFiles.json(r)));
  }

  private ArrayNode sources() {
    ArrayNode sources = JSON.createArrayNode();
    for (String source : reports.sources()) {
      Billed sum = reports.sum(source);
      ObjectNode n = sources.addObject();
      n.put("source", source);
      n.put("buckets", sum.buckets());
      if (sum.calls().isPresent()) {
        n.put("calls", sum.calls().getAsLong());
      } else {
        n.putNull("calls");
      }
      n.put("tokens", sum.tokens().map(TokenSums::total).orElse(null));
      n.put("usd", sum.cost().map(cost -> cost.toString(6)).orElse(null));
      n.put("calls_made", alone ? made(source) : 0);
      ArrayNode unused = n.putArray("not_used");
      if (alone) {
        reports.unused(source).forEach(unused::add);
      }
    }
    return sources;
  }

  private long made(String source) {
    long made = 0;
    for (var key : reports.chosen()) {
      made += key.source().equals(source) ? reports.days().get(key).makeable() : 0;
    }
    return made;
  }

  private static String volume(Billed sum) {
    List<String> parts = new ArrayList<>();
    parts.add(String.format(Locale.ROOT, "%,d buckets", sum.buckets()));
    sum.tokens()
        .map(TokenSums::total)
        .ifPresent(tokens -> parts.add(String.format(Locale.ROOT, "%,d tokens", tokens)));
    sum.cost().map((NanoUsd cost) -> "$" + cost.toString(2)).ifPresent(parts::add);
    return String.join(", ", parts);
  }
}
