package dev.homeward.report;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceRow;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.pricing.PricedLine;
import dev.homeward.pricing.WorkloadSpend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;

/**
 * What a log itself says that calls cost, beside what they cost by the price book, workload by
 * workload: a guard that asks nothing of the format. A difference over {@value #WARNED} of the
 * priced cost is a warning, with what would explain it.
 *
 * <p>Compared are workloads in which the log has a cost of nearly every call and the book a price
 * of nearly every one ({@value #COVERED}): other sums are of other calls. Neither side is taken for
 * the right one, and no verdict depends on the log's.
 */
public final class LoggedCosts {
  /** Share of the priced cost from which on a difference is said. */
  public static final double WARNED = 0.05;

  private static final double COVERED = 0.99;

  /** Two sums are the same if they differ by less. */
  private static final double NEAR = 0.02;

  /** Differences of less than this are of rounding. */
  private static final double LEAST_USD = 0.0001;

  private static final double HALF = 0.5;
  private static final double UPLIFT = 1.1;

  /**
   * One workload.
   *
   * @param share (logged - priced) / priced; empty where the two are not of the same calls, or
   *     nothing is priced
   * @param causes what would explain a difference that is warned of, the likeliest first
   */
  public record Compared(
      WorkloadKey key,
      double loggedUsd,
      double pricedUsd,
      long loggedCalls,
      long calls,
      OptionalDouble share,
      List<String> causes) {
    public Compared {
      causes = List.copyOf(causes);
    }

    /** Whether the difference is over the stated share. */
    public boolean isWarned() {
      return share.isPresent()
          && Math.abs(share.getAsDouble()) > WARNED
          && Math.abs(loggedUsd - pricedUsd) >= LEAST_USD;
    }

    /** For the console. */
    public String inWords() {
      return String.format(
          Locale.ROOT,
          "%s: the log says $%s, the price book $%s, so the log's is %.1f %% %s. Likely: %s",
          key,
          usd(loggedUsd),
          usd(pricedUsd),
          100 * Math.abs(share.orElseThrow()),
          share.orElseThrow() < 0 ? "less" : "more",
          String.join("; or ", causes));
    }

    private static String usd(double dollars) {
      return String.format(Locale.ROOT, dollars < 1 ? "%.4f" : "%.2f", dollars);
    }
  }

  private LoggedCosts() {}

  /** All workloads whose log has costs and whose calls have a price. */
  public static List<Compared> of(List<WorkloadCase> workloads) {
    List<Compared> all = new ArrayList<>();
    for (WorkloadCase workload : workloads) {
      WorkloadSpend spend = workload.spend();
      if (spend.loggedCost().isPresent() && spend.apiCost().isPresent()) {
        List<String> providers = workload.profile().providers().stream().sorted().toList();
        all.add(compared(workload.key(), spend, workload.profile().calls(), providers));
      }
    }
    return together(all);
  }

  /** These with what several of them have in common. */
  static List<Compared> together(List<Compared> all) {
    return all.stream().map(one -> withOthers(one, all)).toList();
  }

  /**
   * One workload alone.
   *
   * @param providers as the log names them, in order
   */
  static Compared compared(
      WorkloadKey key, WorkloadSpend spend, long calls, List<String> providers) {
    double logged = spend.loggedCost().orElseThrow().dollars().doubleValue();
    double priced = spend.apiCost().orElseThrow().dollars().doubleValue();
    boolean same =
        spend.loggedCalls() >= COVERED * calls
            && spend.unpricedCalls() <= (1 - COVERED) * calls
            && priced > 0;
    OptionalDouble share =
        same ? OptionalDouble.of((logged - priced) / priced) : OptionalDouble.empty();
    Compared bare = new Compared(key, logged, priced, spend.loggedCalls(), calls, share, List.of());
    return bare.isWarned() ? with(bare, causes(spend, providers, logged, priced)) : bare;
  }

  private static Compared with(Compared one, List<String> causes) {
    return new Compared(
        one.key, one.loggedUsd, one.pricedUsd, one.loggedCalls, one.calls, one.share, causes);
  }

  // The same factor on other workloads is an agreement, not a coincidence.
  private static Compared withOthers(Compared one, List<Compared> all) {
    long alike =
        all.stream()
            .filter(other -> one.isWarned() && other.isWarned() && one.loggedUsd > 0)
            .filter(other -> isNear(1 + other.share.getAsDouble(), 1 + one.share.getAsDouble()))
            .count();
    if (alike < 2) {
      return one;
    }
    List<String> causes = new ArrayList<>(one.causes);
    causes.add(
        0,
        "the same factor in %d workloads, %s"
            .formatted(
                alike,
                one.share.getAsDouble() < 0
                    ? "a discount that was agreed (discounts in the policy)"
                    : "a markup of whoever bills"));
    return with(one, causes);
  }

  private static List<String> causes(
      WorkloadSpend spend, List<String> providers, double logged, double priced) {
    List<String> causes = new ArrayList<>();
    double factor = logged / priced;
    if (logged == 0) {
      causes.add(
          "a gateway that knows no price of the model, answers from its own cache, or a free variant");
      return causes;
    }
    if (isNear(logged, otherwise(spend, "cache_read", PriceRow.Rates::input))) {
      causes.add("the log charges cache reads as input");
    }
    if (isNear(logged, otherwise(spend, "cache_write_5m", PriceRow.Rates::input))) {
      causes.add("the log charges cache writes as input");
    }
    if (isNear(
        logged,
        otherwise(spend, "cache_write_1h", rates -> rates.cacheWrite5m().orElse(rates.input())))) {
      causes.add("the log charges writes for an hour as writes for five minutes");
    }
    if (isNear(factor, HALF)) {
      causes.add("the tier: batch or flex calls that the log does not name cost half");
    }
    if (isNear(factor, 1 / HALF)) {
      causes.add("the tier: priority costs about twice as much, or the log knows no batch price");
    }
    if (isNear(factor, UPLIFT) || isNear(factor, 1 / UPLIFT)) {
      causes.add("the region: single regions and data zones cost 10 % more");
    }
    if (spend.standardTierCalls() > 0) {
      causes.add(
          "the tier: %d calls at a tier without a price are priced at standard"
              .formatted(spend.standardTierCalls()));
    }
    if (spend.unpricedSearches().isPresent()) {
      causes.add("searches of the web, which have no price here");
    }
    if (spend.beforeFirstPrice() > 0) {
      causes.add(
          "the day: %d calls are older than the book's first price"
              .formatted(spend.beforeFirstPrice()));
    }
    causes.addAll(provider(spend, providers));
    boolean reads = spend.lines().stream().anyMatch(line -> line.kind().equals("cache_read"));
    if (factor < 1) {
      causes.add(reads ? "a discount" : "cache reads that the log does not show, or a discount");
    } else {
      causes.add("a markup of a gateway or reseller, or tokens that the log does not show");
    }
    return causes;
  }

  private static List<String> provider(WorkloadSpend spend, List<String> providers) {
    boolean list = spend.lines().stream().allMatch(line -> line.row().provider().isEmpty());
    if (!list) {
      return List.of();
    }
    return List.of(
        providers.isEmpty()
            ? "another provider: the log names none, and the maker's list price was taken"
            : "another provider's price: the maker's list was taken for calls at "
                + String.join(", ", providers));
  }

  // The cost if tokens of a kind were charged at another of the row's prices; NaN without any.
  private static double otherwise(
      WorkloadSpend spend, String kind, ToLongFunction<PriceRow.Rates> price) {
    double sum = 0;
    boolean any = false;
    for (PricedLine line : spend.lines()) {
      double amount = line.amount().dollars().doubleValue();
      if (line.kind().equals(kind)) {
        PriceRow.Rates rates = line.longContext() ? line.row().longContext() : line.row().base();
        amount = line.tokens() * (double) price.applyAsLong(rates) / 1e12;
        any = true;
      }
      sum += amount;
    }
    return any ? sum : Double.NaN;
  }

  private static boolean isNear(double one, double other) {
    return Math.abs(one / other - 1) <= NEAR;
  }
}
