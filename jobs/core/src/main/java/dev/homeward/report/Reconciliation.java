package dev.homeward.report;

import dev.homeward.calls.Billed;
import dev.homeward.calls.BilledKey;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.TokenSums;
import dev.homeward.calls.UsageReports;
import dev.homeward.pricing.DailyUse;
import dev.homeward.pricing.DailyUse.Use;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.TimeUnits;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What usage reports say was billed, beside what the log holds, by source, model and UTC day.
 *
 * <p>It stands in {@code report} because it is two results laid side by side: no price, verdict or
 * rank depends on it, and the buckets of a report never become calls beside the calls of a log.
 *
 * <p>Coverage = logged / billed. Each source is compared on its own with the calls at its
 * providers; a call that names no provider is compared with every source that bills its model. A
 * source is compared over the days from its first bucket to its last one that lie wholly inside the
 * review period, because a day that the period cuts would be cut on the log's side only. Buckets
 * that name no model have nothing to be compared with.
 *
 * @param rows by source, model, day
 * @param totals by source and model over its days
 */
public record Reconciliation(List<Row> rows, List<Total> totals) {

  /**
   * What a source billed of a model on a day, and what the log holds of it.
   *
   * @param day the first day, where a bucket reaches over several; both sides are of all of them
   * @param hostedModel empty where the source names none
   * @param billed empty where the source has no bucket there, though it has some before and after
   */
  public record Row(
      LocalDate day, String hostedModel, String source, Optional<Billed> billed, Use logged) {

    /** Logged tokens over billed tokens. */
    public OptionalDouble tokenCoverage() {
      return Reconciliation.tokenCoverage(hostedModel, billed, logged);
    }

    /** Logged dollars over billed dollars. */
    public OptionalDouble costCoverage() {
      return Reconciliation.costCoverage(hostedModel, billed, logged);
    }
  }

  /**
   * What a source billed of a model over all its days, and what the log holds of it.
   *
   * @param billed empty where the source never names the model
   * @param loggedElsewhere tokens of the model that the log holds at providers the source does not
   *     bill
   * @param daysWithoutLogs days with something billed of the model and no call logged
   */
  public record Total(
      String source,
      String hostedModel,
      LocalDate firstDay,
      LocalDate lastDay,
      Optional<Billed> billed,
      Use logged,
      long loggedElsewhere,
      List<LocalDate> daysWithoutLogs) {

    /** Logged tokens over billed tokens. */
    public OptionalDouble tokenCoverage() {
      return Reconciliation.tokenCoverage(hostedModel, billed, logged);
    }

    /** Logged dollars over billed dollars. */
    public OptionalDouble costCoverage() {
      return Reconciliation.costCoverage(hostedModel, billed, logged);
    }
  }

  /** Compares the reports with the log over a period. */
  public static Reconciliation of(UsageReports reports, List<DailyUse> uses, ReviewPeriod period) {
    List<Row> rows = new ArrayList<>();
    List<Total> totals = new ArrayList<>();
    for (String source : reports.sources()) {
      TreeMap<BilledKey, Billed> days = new TreeMap<>(reports.days());
      days.keySet().removeIf(key -> !key.source().equals(source) || !isInside(key, period));
      if (!days.isEmpty()) {
        new OneSource(source, days, uses).compare(rows, totals);
      }
    }
    return new Reconciliation(List.copyOf(rows), List.copyOf(totals));
  }

  /** The sources that had a bucket in the period. */
  public Set<String> sources() {
    TreeSet<String> sources = new TreeSet<>();
    totals.forEach(total -> sources.add(total.source()));
    return sources;
  }

  static OptionalLong billedTokens(Optional<Billed> billed) {
    return billed
        .flatMap(Billed::tokens)
        .map(tokens -> OptionalLong.of(tokens.total()))
        .orElse(OptionalLong.empty());
  }

  static Optional<NanoUsd> billedCost(Optional<Billed> billed) {
    return billed.flatMap(Billed::cost);
  }

  private static OptionalDouble tokenCoverage(String model, Optional<Billed> billed, Use logged) {
    OptionalLong tokens = billedTokens(billed);
    return !model.isEmpty() && tokens.isPresent() && tokens.getAsLong() > 0
        ? OptionalDouble.of((double) logged.tokens().total() / tokens.getAsLong())
        : OptionalDouble.empty();
  }

  private static OptionalDouble costCoverage(String model, Optional<Billed> billed, Use logged) {
    Optional<NanoUsd> cost = billedCost(billed);
    return !model.isEmpty()
            && cost.isPresent()
            && cost.get().nanos() > 0
            && logged.cost().isPresent()
        ? OptionalDouble.of((double) logged.cost().get().nanos() / cost.get().nanos())
        : OptionalDouble.empty();
  }

  private static boolean isInside(BilledKey key, ReviewPeriod period) {
    return micros(key.day()) >= period.fromMicros()
        && micros(key.day().plusDays(key.days())) <= period.toMicros();
  }

  private static long micros(LocalDate day) {
    return Math.multiplyExact(
        day.atStartOfDay(ZoneOffset.UTC).toEpochSecond(), TimeUnits.MICROS_PER_SECOND);
  }

  /** The comparison of one source. */
  private static final class OneSource {
    /** Rows sort by model, then day. */
    private record Cell(String hostedModel, LocalDate day) implements Comparable<Cell> {
      private static final Comparator<Cell> ORDER =
          Comparator.comparing(Cell::hostedModel).thenComparing(Cell::day);

      @Override
      public int compareTo(Cell other) {
        return ORDER.compare(this, other);
      }
    }

    private final String source;
    private final TreeMap<Cell, Billed> billed = new TreeMap<>();
    private final TreeMap<Cell, Integer> reach = new TreeMap<>();
    private final TreeMap<Cell, Use> logged = new TreeMap<>();
    private final TreeMap<String, Long> elsewhere = new TreeMap<>();
    private LocalDate first = LocalDate.MAX;
    private LocalDate last = LocalDate.MIN;

    OneSource(String source, Map<BilledKey, Billed> days, List<DailyUse> uses) {
      this.source = source;
      Set<String> providers = new HashSet<>();
      Set<String> models = new HashSet<>();
      days.forEach(
          (key, sum) -> {
            Cell cell = new Cell(key.hostedModel(), key.day());
            billed.merge(cell, sum, Billed::plus);
            reach.merge(cell, key.days(), Math::max);
            providers.add(key.provider());
            providers.add(key.payee());
            models.add(key.hostedModel());
            LocalDate end = key.day().plusDays(key.days() - 1L);
            first = key.day().isBefore(first) ? key.day() : first;
            last = end.isAfter(last) ? end : last;
          });
      for (DailyUse use : uses) {
        if (use.day().isBefore(first) || use.day().isAfter(last)) {
          continue;
        }
        boolean unnamed = use.provider().isEmpty() || providers.contains("");
        if (unnamed ? models.contains(use.hostedModel()) : providers.contains(use.provider())) {
          logged.merge(new Cell(use.hostedModel(), use.day()), use.use(), Use::plus);
        } else if (models.contains(use.hostedModel())) {
          elsewhere.merge(use.hostedModel(), use.use().tokens().total(), Math::addExact);
        }
      }
    }

    void compare(List<Row> rows, List<Total> totals) {
      TreeMap<Cell, Row> mine = new TreeMap<>();
      billed.forEach(
          (cell, sum) -> {
            Use use = Use.NONE;
            for (int i = 0; i < reach.get(cell); i++) {
              Use ofDay = logged.remove(new Cell(cell.hostedModel(), cell.day().plusDays(i)));
              use = ofDay == null ? use : use.plus(ofDay);
            }
            mine.put(cell, row(cell, Optional.of(sum), use));
          });
      logged.forEach((cell, use) -> mine.put(cell, row(cell, Optional.empty(), use)));
      rows.addAll(mine.values());
      TreeMap<String, List<Row>> byModel = new TreeMap<>();
      mine.values()
          .forEach(
              row -> byModel.computeIfAbsent(row.hostedModel(), m -> new ArrayList<>()).add(row));
      byModel.forEach((model, days) -> totals.add(total(model, days)));
    }

    private Row row(Cell cell, Optional<Billed> sum, Use use) {
      return new Row(cell.day(), cell.hostedModel(), source, sum, use);
    }

    private Total total(String model, List<Row> days) {
      Optional<Billed> sum = Optional.empty();
      Use use = Use.NONE;
      List<LocalDate> without = new ArrayList<>();
      for (Row row : days) {
        use = use.plus(row.logged());
        if (row.billed().isPresent()) {
          sum =
              Optional.of(
                  sum.isPresent() ? sum.get().plus(row.billed().get()) : row.billed().get());
          if (row.logged().calls() == 0 && isUsed(row.billed().get())) {
            without.add(row.day());
          }
        }
      }
      return new Total(
          source,
          model,
          first,
          last,
          sum,
          use,
          elsewhere.getOrDefault(model, 0L),
          List.copyOf(without));
    }

    private static boolean isUsed(Billed billed) {
      return billed.calls().orElse(0) > 0
          || billed.tokens().map(TokenSums::total).orElse(0L) > 0
          || billed.cost().map(NanoUsd::nanos).orElse(0L) > 0;
    }
  }
}
