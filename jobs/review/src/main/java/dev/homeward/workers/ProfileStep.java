package dev.homeward.workers;

import dev.homeward.calls.DailyCalls;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.files.Files;
import dev.homeward.pricing.DailyUse;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.pricing.SpendOfDay;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NanoUsd;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Profiles and prices workloads from calls/.
 *
 * @param books the user's price books
 * @param catalog the user's catalog files
 * @param forecastDay day of the announced prices, or null
 * @param discounts percent by provider
 * @param fromMicros start of the month
 * @param toMicros its end
 * @param sinceMicros start of the calls that make the trend, at most {@code fromMicros}
 * @param byDay whether use by day is wanted, to be compared with usage reports
 */
public record ProfileStep(
    List<String> books,
    List<String> catalog,
    String forecastDay,
    TreeMap<String, BigDecimal> discounts,
    long fromMicros,
    long toMicros,
    long sinceMicros,
    boolean byDay)
    implements Serializable {

  /**
   * What a workload is and cost.
   *
   * @param days use by day; empty if it is not wanted
   * @param spendOfDays what it spent by day, of calls that have a price
   */
  public record Profiled(
      WorkloadProfile profile,
      WorkloadSpend spend,
      List<DailyUse> days,
      List<SpendOfDay> spendOfDays) {}

  /** Profiles of keys, in their order. */
  public List<Profiled> of(Files storage, Iterator<KeyParts> keys) {
    Pricer pricer =
        new Pricer(
            PriceBook.parse(books),
            Optional.ofNullable(forecastDay).map(LocalDate::parse),
            Discounts.of(discounts));
    Catalog models = Catalog.parse(catalog);
    List<Profiled> profiled = new ArrayList<>();
    while (keys.hasNext()) {
      KeyParts key = keys.next();
      Tape tape = TapeReader.read(storage, key.key(), key.parts(), fromMicros, toMicros);
      DailyCalls trend =
          DailyCalls.of(
              sinceMicros < fromMicros
                  ? TapeReader.read(storage, key.key(), key.wholeLog(), sinceMicros, toMicros)
                  : tape);
      WorkloadProfile profile = WorkloadProfiler.profile(tape, trend);
      profiled.add(priced(pricer, models, profile, tape));
    }
    return profiled;
  }

  private Profiled priced(Pricer pricer, Catalog models, WorkloadProfile profile, Tape tape) {
    WorkloadKey key = profile.key();
    try {
      Pricer.Priced priced = pricer.byDay(tape, models.hostedModels().nearest(key.hostedModel()));
      return new Profiled(
          profile, priced.spend(), byDay ? DailyUse.of(tape, pricer) : List.of(), priced.days());
    } catch (ArithmeticException e) {
      throw new InvalidInput(
          "Cannot add up the dollars of %s: they are more than %s. Look for a call with a cost that cannot be"
                  .formatted(key, NanoUsd.MOST)
              + " (homeward validate names the dearest of each file), or leave its file out",
          e);
    }
  }
}
