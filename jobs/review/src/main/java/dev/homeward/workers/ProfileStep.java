package dev.homeward.workers;

import dev.homeward.calls.UseTable;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.calls.WorkloadSums;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Sums of one workload key, from the calls of one file. */
  public record KeySums(WorkloadKey key, byte[] sums) implements Serializable {}

  /** The sums of all workload keys of one file of calls/, which is read once. */
  public List<KeySums> sums(Files storage, String part) {
    long[] limits = PriceBook.parse(books).contextLimits();
    Map<WorkloadKey, WorkloadSums> byKey = new TreeMap<>();
    TapeReader.eachPart(
        part,
        storage::parquetInput,
        Optional.empty(),
        sinceMicros,
        toMicros,
        tape ->
            byKey
                .computeIfAbsent(tape.key, key -> new WorkloadSums(key, limits))
                .add(tape, fromMicros));
    List<KeySums> sums = new ArrayList<>();
    byKey.forEach((key, of) -> sums.add(new KeySums(key, of.encode())));
    return sums;
  }

  /** Profiles and prices workload keys, each from its sums in all files. */
  public final class Profiles {
    private final PriceBook book = PriceBook.parse(books);
    private final Pricer pricer =
        new Pricer(
            book, Optional.ofNullable(forecastDay).map(LocalDate::parse), Discounts.of(discounts));
    private final Catalog models = Catalog.parse(catalog);

    /** Known names near those of models without a price. */
    private final Map<String, List<String>> nearest = new HashMap<>();

    /** Empty if the key has calls before the month only. */
    public Optional<Profiled> of(WorkloadKey key, Iterable<byte[]> parts) {
      WorkloadSums sums = new WorkloadSums(key, book.contextLimits());
      parts.forEach(sums::add);
      return sums.hasCalls() ? Optional.of(priced(sums)) : Optional.empty();
    }

    private Profiled priced(WorkloadSums sums) {
      UseTable uses = sums.uses();
      WorkloadKey key = uses.key();
      try {
        Pricer.Priced priced =
            pricer.byDay(
                uses,
                () -> nearest.computeIfAbsent(key.hostedModel(), models.hostedModels()::nearest));
        return new Profiled(
            sums.profile(),
            priced.spend(),
            byDay ? DailyUse.of(uses, pricer) : List.of(),
            priced.days());
      } catch (ArithmeticException e) {
        throw new InvalidInput(
            "Cannot add up the dollars of %s: they are more than %s. Look for a call with a cost that cannot be"
                    .formatted(key, NanoUsd.MOST)
                + " (homeward validate names the dearest of each file), or leave its file out",
            e);
      }
    }
  }
}
