package dev.homeward.pricing;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.UseTable;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.PriceBook.Found;
import dev.homeward.catalog.PriceRow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rates of one hosted model by UTC day, place and tier, and what was used at them by billing
 * mode and owner. Each is looked up once.
 */
final class RateTable {
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

    long calls;
    final long[][] tokens = new long[4][Rate.KINDS.length];

    private Slot(Rate list, Rate paid, Rate forecast, Found found) {
      this.list = list;
      this.paid = paid;
      this.forecast = forecast;
      this.beforeFirst = found.beforeFirst();
      this.standardInstead = found.standardInstead();
    }
  }

  private record SlotKey(
      long day, String place, ServiceTier tier, BillingMode billingMode, String owner)
      implements Comparable<SlotKey> {
    @Override
    public int compareTo(SlotKey o) {
      int c = Long.compare(day, o.day);
      c = c != 0 ? c : place.compareTo(o.place);
      c = c != 0 ? c : tier.compareTo(o.tier);
      c = c != 0 ? c : billingMode.compareTo(o.billingMode);
      return c != 0 ? c : owner.compareTo(o.owner);
    }
  }

  private final String hostedModel;
  private final PriceBook book;
  private final LocalDate forecastDay;
  private final Discounts discounts;
  private final TreeMap<SlotKey, Optional<Slot>> slots = new TreeMap<>();
  private final Map<PriceRow, Rate> rates = new HashMap<>();

  RateTable(String hostedModel, PriceBook book, LocalDate forecastDay, Discounts discounts) {
    this.hostedModel = hostedModel;
    this.book = book;
    this.forecastDay = forecastDay;
    this.discounts = discounts;
  }

  /** The slot of calls; empty if their model has no price there. */
  Optional<Slot> of(UseTable.Use use) {
    return slots.computeIfAbsent(
        new SlotKey(use.day(), use.place(), use.tier(), use.billingMode(), use.owner()),
        this::find);
  }

  /** All slots, by day, place, tier, billing mode, owner. */
  List<Slot> slots() {
    return slots.values().stream().flatMap(Optional::stream).toList();
  }

  private Optional<Slot> find(SlotKey key) {
    String servedBy = key.place().isEmpty() ? null : key.place();
    String tier = key.tier().word();
    LocalDate day = LocalDate.ofEpochDay(key.day());
    Optional<Found> paid = book.atOrStandard(hostedModel, servedBy, tier, day);
    Optional<Found> next = book.atOrStandard(hostedModel, servedBy, tier, forecastDay);
    if (paid.isEmpty() || next.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Slot(
            rates.computeIfAbsent(paid.get().row(), Rate::new),
            rate(paid.get().row(), servedBy),
            rate(next.get().row(), servedBy),
            paid.get()));
  }

  private Rate rate(PriceRow row, String servedBy) {
    return rates.computeIfAbsent(discounts.apply(row, servedBy), Rate::new);
  }

  /** The calls by day, place, tier, billing mode and owner, in this order. */
  List<SpendOfDay> byDay() {
    List<SpendOfDay> spend = new ArrayList<>();
    slots.forEach(
        (key, found) -> {
          if (found.isPresent() && found.get().calls > 0) {
            spend.add(ofDay(key, found.get()));
          }
        });
    return spend;
  }

  private static SpendOfDay ofDay(SlotKey key, Slot slot) {
    List<SpendOfDay.Line> lines = new ArrayList<>();
    addLines(lines, slot, false);
    addLines(lines, slot, true);
    PriceRow row = slot.list.row;
    return new SpendOfDay(
        LocalDate.ofEpochDay(key.day()),
        key.place(),
        key.tier(),
        key.billingMode(),
        key.owner(),
        new SpendOfDay.PriceName(row.provider(), row.region(), row.tier(), row.validFrom()),
        slot.calls,
        List.copyOf(lines));
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
