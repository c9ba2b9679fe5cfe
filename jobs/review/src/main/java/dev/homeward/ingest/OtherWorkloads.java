package dev.homeward.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.PriceRow;
import dev.homeward.catalog.PriceRow.Rates;
import dev.homeward.report.Csv;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * The workloads of a log with very many that have no row of their own: each hosted model and data
 * class has one row for all of them, {@link WorkloadKey#OTHERS}, which is profiled, priced and
 * replayed as one workload. So ten calls of each of a hundred thousand names are weighed as the
 * million calls they are, and not a hundred thousand times. A log's own workload of that name is
 * one of them.
 *
 * @param apart workload keys that have a row of their own; empty where all have
 * @param others those that have none, with what they used in the whole log, by key
 */
public record OtherWorkloads(List<WorkloadKey> apart, List<Used> others) {
  /** Every workload has a row of its own. */
  public static final OtherWorkloads NONE = new OtherWorkloads(List.of(), List.of());

  private static final String HEADER =
      "workload,hosted_model,data_class,calls,input_tokens,cache_read_tokens,cache_write_tokens,output_tokens\n";

  /**
   * What a workload key used.
   *
   * @param calls with those that failed or that a proxy's cache answered
   */
  public record Used(WorkloadKey key, long calls, IngestResult.Tokens tokens) {
    private Used plus(Used other) {
      return new Used(key, Math.addExact(calls, other.calls), tokens.plus(other.tokens));
    }
  }

  /**
   * Finds them.
   *
   * @param most workloads that have a row of their own because they cost most, at the last list
   *     prices of all tokens in the log. Half as many more have one because they use most tokens of
   *     models that have no price
   * @param named workloads that have one in any case
   */
  public static OtherWorkloads of(
      List<IngestResult.Part> parts, int most, Set<String> named, PriceBook prices) {
    Map<WorkloadKey, Used> used = new TreeMap<>();
    for (IngestResult.Part part : parts) {
      for (IngestResult.Slice slice : part.keys()) {
        used.merge(slice.key(), new Used(slice.key(), slice.rows(), slice.tokens()), Used::plus);
      }
    }
    if (used.size() <= most) {
      return NONE;
    }
    Map<String, Optional<Rates>> rates = new HashMap<>();
    Map<Used, Double> cost = new HashMap<>();
    List<Used> unpriced = new ArrayList<>();
    Set<WorkloadKey> apart = new HashSet<>();
    for (Used of : used.values()) {
      if (of.key().equals(of.key().amongOthers())) {
        continue;
      }
      if (named.contains(of.key().workload())) {
        apart.add(of.key());
        continue;
      }
      Optional<Rates> rate =
          rates.computeIfAbsent(
              of.key().hostedModel(),
              model ->
                  prices
                      .forecast(model, null, PriceBook.STANDARD_TIER, Optional.empty())
                      .map(PriceRow::base));
      rate.ifPresentOrElse(r -> cost.put(of, cost(r, of.tokens())), () -> unpriced.add(of));
    }
    cost.keySet().stream()
        .sorted(Comparator.<Used>comparingDouble(of -> -cost.get(of)).thenComparing(Used::key))
        .limit(most)
        .forEach(of -> apart.add(of.key()));
    unpriced.stream()
        .sorted(Comparator.<Used>comparingLong(of -> -all(of.tokens())).thenComparing(Used::key))
        .limit(most / 2)
        .forEach(of -> apart.add(of.key()));
    Map<WorkloadKey, Integer> rows = new HashMap<>();
    used.keySet().stream()
        .filter(key -> !apart.contains(key))
        .forEach(key -> rows.merge(key.amongOthers(), 1, Integer::sum));
    // One alone keeps its name.
    used.keySet().stream()
        .filter(key -> rows.getOrDefault(key.amongOthers(), 0) == 1)
        .forEach(apart::add);
    List<Used> others = used.values().stream().filter(of -> !apart.contains(of.key())).toList();
    return others.isEmpty() ? NONE : new OtherWorkloads(apart.stream().sorted().toList(), others);
  }

  // In millionths of a micro-dollar; only the order counts.
  private static double cost(Rates rates, IngestResult.Tokens tokens) {
    return (double) tokens.input() * rates.input()
        + (double) tokens.cacheRead() * rates.cacheRead().orElse(rates.input())
        + (double) tokens.cacheWrite() * rates.cacheWrite5m().orElse(rates.input())
        + (double) tokens.output() * rates.output().orElse(0);
  }

  private static long all(IngestResult.Tokens tokens) {
    return tokens.input() + tokens.cacheRead() + tokens.cacheWrite() + tokens.output();
  }

  /** Whether every workload has a row of its own. */
  public boolean isEmpty() {
    return others.isEmpty();
  }

  /** What is said of them, as sentences without their full stop. */
  public List<String> lines() {
    return isEmpty()
        ? List.of()
        : List.of(
            String.format(
                Locale.ROOT,
                "%,d small workloads share %s, %s, one a model and class: %,d calls. The other %,d have rows of their own (others.csv; most-workloads in the policy)",
                others.size(),
                sharedRows(),
                WorkloadKey.OTHERS,
                calls(),
                apart.size()));
  }

  /** Rows that they share. */
  public long rows() {
    return others.stream().map(of -> of.key().amongOthers()).distinct().count();
  }

  /** How many, in words. */
  public String sharedRows() {
    return rows() == 1 ? "a row" : String.format(Locale.ROOT, "%,d rows", rows());
  }

  private long calls() {
    return others.stream().mapToLong(Used::calls).sum();
  }

  /** Adds them to the data quality of summary.json. */
  public void write(ObjectNode quality) {
    quality.put("small_workloads", others.size());
    quality.put("rows_of_small_workloads", rows());
    quality.put("calls_of_small_workloads", calls());
  }

  /** The file that names them. */
  public String csv() {
    StringBuilder csv = new StringBuilder(HEADER);
    for (Used of : others) {
      csv.append(
          new StringJoiner(",", "", "\n")
              .add(Csv.cell(of.key().workload()))
              .add(Csv.cell(of.key().hostedModel()))
              .add(Csv.cell(of.key().dataClass()))
              .add(Long.toString(of.calls()))
              .add(Long.toString(of.tokens().input()))
              .add(Long.toString(of.tokens().cacheRead()))
              .add(Long.toString(of.tokens().cacheWrite()))
              .add(Long.toString(of.tokens().output())));
    }
    return csv.toString();
  }
}
