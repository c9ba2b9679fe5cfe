package dev.homeward.pricing;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.PriceBook.Found;
import dev.homeward.catalog.PriceRow;
import dev.homeward.units.TimeUnits;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rates of one tape's model by UTC day, place and tier, and what was used at them by billing
 * mode and owner. Each is looked up once; calls sorted by time ask for the same day again and
 * again, which costs a few array reads and no allocation.
 */
final class RateTable {
  private static final ServiceTier[] TIERS = ServiceTier.values();
  private static final BillingMode[] MODES = BillingMode.values();

  private static final Comparator<SpendOfDay> ORDER =
      Comparator.comparing(SpendOfDay::day)
          .thenComparing(SpendOfDay::place)
          .thenComparing(SpendOfDay::tier)
          .thenComparing(SpendOfDay::billingMode)
          .thenComparing(SpendOfDay::owner);

  /**
   * The token totals of calls of one UTC day, place, tier, billing mode and owner, which share a
   * rate paid and a rate forecast.
   *
   * <p>{@code tokens} is by (paid above its limit, forecast above its limit) as two bits, then
   * kind.
   */
  static final class Slot {
    final Rate list;
    final Rate paid;
    final Rate forecast;
    final boolean beforeFirst;
    final boolean standardInstead;
    final LocalDate day;

    /** The first call, which says place, tier, billing mode and owner of all. */
    final int first;

    long calls;
    final long[][] tokens = new long[4][Rate.KINDS.length];

    private Slot(Rate list, Rate paid, Rate forecast, Found found, LocalDate day, int first) {
      this.list = list;
      this.paid = paid;
      this.forecast = forecast;
      this.beforeFirst = found.beforeFirst();
      this.standardInstead = found.standardInstead();
      this.day = day;
      this.first = first;
    }

    private Slot() {
      this.list = null;
      this.paid = null;
      this.forecast = null;
      this.beforeFirst = false;
      this.standardInstead = false;
      this.day = null;
      this.first = -1;
    }
  }

  /** Stands for "no price". */
  private static final Slot NONE = new Slot();

  private final Tape tape;
  private final PriceBook book;
  private final LocalDate forecastDay;
  private final Discounts discounts;
  private final Map<Long, Slot[]> days = new HashMap<>();
  private final Map<PriceRow, Rate> rates = new HashMap<>();

  /** How many owners are kept apart: none where the log names none, or too many. */
  private final int owners;

  private final List<Slot> slots = new ArrayList<>();
  private long dayStart = Long.MIN_VALUE;
  private Slot[] today;

  RateTable(Tape tape, PriceBook book, LocalDate forecastDay, Discounts discounts) {
    this.tape = tape;
    this.book = book;
    this.forecastDay = forecastDay;
    this.discounts = discounts;
    this.owners = tape.owners.length <= SpendOfDay.MOST_OWNERS ? tape.owners.length : 0;
  }

  /** The slot of a call, or null if its model has no price there. */
  Slot of(int call) {
    long micros = tape.startedAtMicros[call];
    if (today == null || micros < dayStart || micros - dayStart >= TimeUnits.MICROS_PER_DAY) {
      long day = Math.floorDiv(micros, TimeUnits.MICROS_PER_DAY);
      dayStart = day * TimeUnits.MICROS_PER_DAY;
      int size = (tape.places.length + 1) * TIERS.length * MODES.length * (owners + 1);
      today = days.computeIfAbsent(day, d -> new Slot[size]);
    }
    int sold = (tape.servedBy[call] + 1) * TIERS.length + tape.serviceTier[call];
    int index = (sold * MODES.length + tape.billingMode[call]) * (owners + 1) + owner(call) + 1;
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

  private int owner(int call) {
    return owners == 0 ? -1 : tape.owner[call];
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
            rates.computeIfAbsent(paid.get().row(), Rate::new),
            rate(paid.get().row(), servedBy),
            rate(next.get().row(), servedBy),
            paid.get(),
            day,
            call);
    slots.add(slot);
    return slot;
  }

  private Rate rate(PriceRow row, String servedBy) {
    return rates.computeIfAbsent(discounts.apply(row, servedBy), Rate::new);
  }

  /** The calls by day, place, tier, billing mode and owner, in this order. */
  List<SpendOfDay> byDay() {
    List<SpendOfDay> spend = new ArrayList<>();
    for (Slot slot : slots) {
      List<SpendOfDay.Line> lines = new ArrayList<>();
      addLines(lines, slot, false);
      addLines(lines, slot, true);
      int place = tape.servedBy[slot.first];
      int owner = owner(slot.first);
      PriceRow row = slot.list.row;
      spend.add(
          new SpendOfDay(
              slot.day,
              place < 0 ? "" : tape.places[place],
              TIERS[tape.serviceTier[slot.first]],
              MODES[tape.billingMode[slot.first]],
              owner < 0 ? "" : tape.owners[owner],
              new SpendOfDay.PriceName(row.provider(), row.region(), row.tier(), row.validFrom()),
              slot.calls,
              List.copyOf(lines)));
    }
    spend.removeIf(of -> of.calls() == 0);
    spend.sort(ORDER);
    return spend;
  }

  // Sums over what the forecast charges otherwise: here the price paid alone counts.
  private static void addLines(List<SpendOfDay.Line> lines, Slot slot, boolean longContext) {
    int above = longContext ? 1 : 0;
    for (int kind = 0; kind < Rate.KINDS.length; kind++) {
      long units = Math.addExact(slot.tokens[above][kind], slot.tokens[above + 2][kind]);
      if (units > 0 && (kind != Rate.WEB_SEARCH || slot.paid.pricesSearches)) {
        lines.add(
            new SpendOfDay.Line(
                Rate.KINDS[kind],
                longContext,
                units,
                slot.list.prices(longContext)[kind],
                slot.paid.prices(longContext)[kind]));
      }
    }
  }
}
