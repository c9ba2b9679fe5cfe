package dev.homeward.pricing;

import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.PriceBook.Found;
import dev.homeward.catalog.PriceRow;
import dev.homeward.units.TimeUnits;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rates of one tape's model by UTC day, place and tier. Each is looked up once; calls sorted by
 * time ask for the same day again and again, which costs two array reads and no allocation.
 */
final class RateTable {
  private static final ServiceTier[] TIERS = ServiceTier.values();

  /**
   * The token totals of calls that share a rate paid and a rate forecast.
   *
   * <p>{@code tokens} is by (paid above its limit, forecast above its limit) as two bits, then
   * kind.
   */
  static final class Slot {
    final Rate paid;
    final Rate forecast;
    final boolean beforeFirst;
    final boolean standardInstead;
    final long[][] tokens = new long[4][Rate.KINDS.length];

    Slot(Rate paid, Rate forecast, boolean beforeFirst, boolean standardInstead) {
      this.paid = paid;
      this.forecast = forecast;
      this.beforeFirst = beforeFirst;
      this.standardInstead = standardInstead;
    }
  }

  /** Stands for "no price". */
  private static final Slot NONE = new Slot(null, null, false, false);

  private final Tape tape;
  private final PriceBook book;
  private final LocalDate forecastDay;
  private final Discounts discounts;
  private final Map<Long, Slot[]> days = new HashMap<>();
  private final Map<PriceRow, Rate> rates = new HashMap<>();
  private final List<Slot> slots = new ArrayList<>();
  private long dayStart = Long.MIN_VALUE;
  private Slot[] today;

  RateTable(Tape tape, PriceBook book, LocalDate forecastDay, Discounts discounts) {
    this.tape = tape;
    this.book = book;
    this.forecastDay = forecastDay;
    this.discounts = discounts;
  }

  /** The slot of a call, or null if its model has no price there. */
  Slot of(int call) {
    long micros = tape.startedAtMicros[call];
    if (today == null || micros < dayStart || micros - dayStart >= TimeUnits.MICROS_PER_DAY) {
      long day = Math.floorDiv(micros, TimeUnits.MICROS_PER_DAY);
      dayStart = day * TimeUnits.MICROS_PER_DAY;
      today = days.computeIfAbsent(day, d -> new Slot[(tape.places.length + 1) * TIERS.length]);
    }
    int index = (tape.servedBy[call] + 1) * TIERS.length + tape.serviceTier[call];
    Slot slot = today[index];
    if (slot == null) {
      slot = find(call);
      today[index] = slot;
    }
    return slot == NONE ? null : slot;
  }

  /** All slots, in the order of their first call. */
  List<Slot> slots() {
    return slots;
  }

  private Slot find(int call) {
    String model = tape.key.hostedModel();
    String servedBy = tape.servedBy[call] < 0 ? null : tape.places[tape.servedBy[call]];
    String tier = TIERS[tape.serviceTier[call]].word();
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(dayStart, TimeUnits.MICROS_PER_DAY));
    Optional<Found> paid = book.atOrStandard(model, servedBy, tier, day);
    Optional<Found> next = book.atOrStandard(model, servedBy, tier, forecastDay);
    if (paid.isEmpty() || next.isEmpty()) {
      return NONE;
    }
    Slot slot =
        new Slot(
            rate(paid.get().row(), servedBy),
            rate(next.get().row(), servedBy),
            paid.get().beforeFirst(),
            paid.get().standardInstead());
    slots.add(slot);
    return slot;
  }

  private Rate rate(PriceRow row, String servedBy) {
    return rates.computeIfAbsent(discounts.apply(row, servedBy), Rate::new);
  }
}
