package dev.homeward.workers;

import dev.homeward.calls.DailyCalls;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.files.Files;
import dev.homeward.pricing.DailyUse;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.pricing.WorkloadSpend;
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
 * @param olderCalls whether the log begins before the month: a trend wants the whole log
 * @param byDay whether use by day is wanted, to be compared with usage reports
 */
public record ProfileStep(
    List<String> books,
    List<String> catalog,
    String forecastDay,
    TreeMap<String, BigDecimal> discounts,
    long fromMicros,
    long toMicros,
    boolean olderCalls,
    boolean byDay)
    implements Serializable {

  /**
   * What a workload is and cost.
   *
   * @param days use by day; empty if it is not wanted
   */
  public record Profiled(WorkloadProfile profile, WorkloadSpend spend, List<DailyUse> days) {}

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
              olderCalls
                  ? TapeReader.read(storage, key.key(), key.wholeLog(), Long.MIN_VALUE, toMicros)
                  : tape);
      WorkloadProfile profile = WorkloadProfiler.profile(tape, trend);
      WorkloadSpend spend = pricer.price(tape, models.hostedModels().nearest(key.hostedModel()));
      profiled.add(new Profiled(profile, spend, byDay ? DailyUse.of(tape, pricer) : List.of()));
    }
    return profiled;
  }
}
