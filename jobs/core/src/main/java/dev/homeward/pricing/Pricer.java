package dev.homeward.pricing;

import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.calls.UseTable;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HostedModel;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.PriceRow;
import dev.homeward.catalog.ServedBy;
import dev.homeward.units.NanoUsd;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Prices calls. Tokens are added up by price first and each total is priced once, so that nothing
 * is rounded a call and the order of calls does not matter.
 *
 * <p>The price of a call is the row of its model, where it was served, its tier and UTC day. Where
 * its total input (uncached, cache reads and cache writes) exceeds the row's long-context limit,
 * all its tokens are at the long-context rates. A tier without a price of its own is priced as
 * standard and counted in {@link WorkloadSpend#standardTierCalls}. Example: 9,000 input tokens at
 * 3,000,000 micro-dollars per million are 27,000,000,000 pico-dollars, $0.027.
 *
 * <p>The billing mode is ignored: calls behind seats or provisioned units are shown at list price,
 * and the decision says how much of that is cash.
 */
public final class Pricer {
  private final PriceBook book;
  private final LocalDate forecastDay;
  private final Discounts discounts;
  private final long[] contextLimits;
  private final Map<Seller, Optional<Rate>> forecasts = new ConcurrentHashMap<>();

  /** List prices; see {@link #Pricer(PriceBook, Optional, Discounts)}. */
  public Pricer(PriceBook book, Optional<LocalDate> forecastDay) {
    this(book, forecastDay, Discounts.none());
  }

  /**
   * @param forecastDay the day whose prices count as announced; empty: the last ones known
   */
  public Pricer(PriceBook book, Optional<LocalDate> forecastDay, Discounts discounts) {
    this.book = book;
    this.forecastDay = forecastDay.orElse(LocalDate.MAX);
    this.discounts = discounts;
    this.contextLimits = book.contextLimits();
  }

  /** The tape by lines that this price list can price; a replay takes it. */
  public BilledTape billed(Tape tape) {
    return BilledTape.of(tape, contextLimits);
  }

  /**
   * What use of the API costs at announced prices. For a whole tape this is {@link
   * WorkloadSpend#apiForecast}, but for that one's rounding to a nano-dollar a line.
   */
  public ApiQuote quote(ApiUse use) {
    if (use.isNone()) {
      return ApiQuote.NOTHING;
    }
    BigInteger picos = BigInteger.ZERO;
    List<ApiLine> unpriced = new ArrayList<>();
    List<ApiLine> undivided = new ArrayList<>();
    for (Map.Entry<ApiLine, ApiUse.Amount> entry : use.byLine().entrySet()) {
      ApiLine line = entry.getKey();
      ApiUse.Amount amount = entry.getValue();
      Optional<Rate> rate = forecast(line);
      if (rate.isEmpty() || (amount.output() > 0 && !rate.get().pricesOutput)) {
        unpriced.add(line);
      } else if (!line.isOnOneSideOf(rate.get().limitTokens)) {
        undivided.add(line);
      } else {
        long[] prices = rate.get().prices(line.aboveInput() >= rate.get().limitTokens);
        long[] units = units(amount);
        for (int kind = 0; kind < units.length; kind++) {
          picos = picos.add(times(units[kind], prices[kind]));
        }
      }
    }
    if (!undivided.isEmpty()) {
      return new ApiQuote.Undivided(List.copyOf(undivided));
    }
    return unpriced.isEmpty()
        ? new ApiQuote.Known(picos)
        : new ApiQuote.Unpriced(List.copyOf(unpriced));
  }

  // By kind, disjoint.
  private static long[] units(ApiUse.Amount amount) {
    return new long[] {
      amount.input() - amount.audioInput(),
      amount.cacheRead(),
      amount.cacheWrite5m(),
      amount.cacheWrite1h(),
      amount.output() - amount.audioOutput(),
      amount.audioInput(),
      amount.audioOutput(),
      amount.webSearches()
    };
  }

  private static BigInteger times(long tokens, long price) {
    return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
  }

  private Optional<Rate> forecast(ApiLine line) {
    Seller seller = new Seller(line.hostedModel(), line.provider(), line.tier());
    return forecasts.computeIfAbsent(
        seller,
        s -> {
          String provider = s.provider.isEmpty() ? null : s.provider;
          return book.atOrStandard(s.hostedModel, provider, s.tier.word(), forecastDay)
              .map(found -> new Rate(discounts.apply(found.row(), provider)));
        });
  }

  /**
   * What calls would cost on another hosted model, at announced prices.
   *
   * @param lines how {@code usd} comes about
   * @param standardTierCalls calls at a tier that the other model has no price of, at standard
   */
  public record OtherModel(NanoUsd usd, List<PricedLine> lines, long standardTierCalls) {}

  /**
   * What use of the API would cost if another model had answered: its tokens as logged, under that
   * model's rows for the tier, for cached tokens and above its long-context limit. A model of the
   * same maker is bought where the calls went, one of another maker at that maker.
   *
   * @param maker who made the model that answered; empty if it is not known
   * @return empty where some of it has no price, or lines hold calls of both sides of a limit
   */
  public Optional<OtherModel> on(HostedModel other, ApiUse use, Optional<String> maker) {
    Bill bill = new Bill();
    Map<PriceRow, Rate> rates = new HashMap<>();
    long standardTierCalls = 0;
    for (ApiUse.Line used : use.lines()) {
      ApiLine line = used.line();
      ApiUse.Amount amount = used.amount();
      String provider =
          maker.equals(Optional.of(other.provider())) ? line.provider() : other.provider();
      Optional<PriceBook.Found> found =
          book.atOrStandard(other.id(), provider, line.tier().word(), forecastDay);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Rate rate = rates.computeIfAbsent(discounts.apply(found.get().row(), provider), Rate::new);
      if ((amount.output() > 0 && !rate.pricesOutput) || !line.isOnOneSideOf(rate.limitTokens)) {
        return Optional.empty();
      }
      standardTierCalls += found.get().standardInstead() ? amount.calls() : 0;
      bill.add(rate, line.aboveInput() >= rate.limitTokens, units(amount));
    }
    List<PricedLine> lines = bill.lines();
    return Optional.of(new OtherModel(Bill.sum(lines), lines, standardTierCalls));
  }

  /** The first day of a model's prices; empty if it has none. */
  public Optional<LocalDate> firstPrice(HostedModel model) {
    return book.firstPrice(model.id());
  }

  private record Seller(String hostedModel, String provider, ServiceTier tier) {}

  /** No call of a workload, to be added up under the limits of this price list. */
  public UseTable noUse(WorkloadKey key) {
    return new UseTable(key, contextLimits);
  }

  /** The calls of a tape, added up so that they can be priced. */
  public UseTable uses(Tape tape) {
    return UseTable.of(tape, contextLimits);
  }

  /** As {@link #price(Tape, List)}, with the nearest names of the price book. */
  public WorkloadSpend price(Tape tape) {
    return price(tape, List.of());
  }

  /** What a tape cost; see {@link #byDay}. */
  public WorkloadSpend price(Tape tape, List<String> nearest) {
    return byDay(uses(tape), () -> nearest).spend();
  }

  /**
   * What calls cost, and the same by day.
   *
   * @param days their lines times their prices add up to {@code spend.apiCost}, but for that one's
   *     rounding to a nano-dollar a line
   */
  public record Priced(WorkloadSpend spend, List<SpendOfDay> days) {}

  /**
   * What calls cost, in all and by day.
   *
   * @param uses added up under the limits of this price list
   * @param nearest known names, asked for only where the model has no price, for the message;
   *     empty: those of the price book
   * @throws ArithmeticException if a token total does not fit into a long
   */
  public Priced byDay(UseTable uses, Supplier<List<String>> nearest) {
    RateTable table = new RateTable(uses.key().hostedModel(), book, forecastDay, discounts);
    CallCounts counts = new CallCounts();
    for (UseTable.Use use : uses.uses()) {
      count(use, table, counts);
    }
    Bill paid = new Bill();
    Bill forecast = new Bill();
    for (RateTable.Slot slot : table.slots()) {
      for (int above = 0; above < slot.tokens.length; above++) {
        paid.add(slot.paid, (above & 1) != 0, slot.tokens[above]);
        forecast.add(slot.forecast, (above & 2) != 0, slot.tokens[above]);
      }
    }
    List<PricedLine> lines = paid.lines();
    List<PricedLine> forecastLines = forecast.lines();
    boolean known = counts.priced > 0 || counts.unpriced() == 0;
    WorkloadSpend spend =
        new WorkloadSpend(
            uses.key(),
            known ? Optional.of(Bill.sum(lines)) : Optional.empty(),
            known ? Optional.of(Bill.sum(forecastLines)) : Optional.empty(),
            counts.logged == 0 ? Optional.empty() : Optional.of(new NanoUsd(counts.loggedNanos)),
            counts.logged,
            lines,
            forecastLines,
            counts.beforeFirst,
            counts.standardInstead,
            counts.unpriced(),
            known ? Optional.empty() : Optional.of(problem(uses, counts, nearest)),
            Optional.of(uses.apiUse().lines()),
            counts.unpricedSearches == 0
                ? OptionalLong.empty()
                : OptionalLong.of(counts.unpricedSearches));
    return new Priced(spend, table.byDay());
  }

  private static void count(UseTable.Use use, RateTable table, CallCounts counts) {
    ApiUse.Amount amount = use.amount();
    counts.loggedNanos = Math.addExact(counts.loggedNanos, use.loggedNanoUsd());
    counts.logged += use.loggedCalls();
    if (!use.hasUsage()) {
      counts.withoutUsage += amount.calls();
      return;
    }
    RateTable.Slot slot = table.of(use).orElse(null);
    if (slot == null
        || (use.hasOutput() && !(slot.paid.pricesOutput && slot.forecast.pricesOutput))) {
      // Output without an output price would be free: an unknown price is not a low one.
      counts.withoutPrice += amount.calls();
      counts.unpricedTokens =
          Math.addExact(
              counts.unpricedTokens,
              amount.input()
                  + amount.cacheRead()
                  + amount.cacheWrite5m()
                  + amount.cacheWrite1h()
                  + amount.output());
      return;
    }
    counts.priced += amount.calls();
    slot.calls += amount.calls();
    counts.beforeFirst += slot.beforeFirst ? amount.calls() : 0;
    counts.standardInstead += slot.standardInstead ? amount.calls() : 0;
    counts.unpricedSearches += slot.paid.pricesSearches ? 0 : amount.webSearches();
    boolean paidAbove = use.aboveInput() >= slot.paid.limitTokens;
    boolean forecastAbove = use.aboveInput() >= slot.forecast.limitTokens;
    long[] sums = slot.tokens[(paidAbove ? 1 : 0) + (forecastAbove ? 2 : 0)];
    long[] units = units(amount);
    for (int kind = 0; kind < units.length; kind++) {
      sums[kind] = Math.addExact(sums[kind], units[kind]);
    }
  }

  private String problem(UseTable uses, CallCounts counts, Supplier<List<String>> nearest) {
    String model = uses.key().hostedModel();
    if (counts.withoutPrice == 0) {
      return String.format(
          Locale.ROOT, "no token counts in any of %,d calls of %s", counts.withoutUsage, model);
    }
    String volume =
        String.format(
            Locale.ROOT, "%,d calls, %,d tokens", counts.withoutPrice, counts.unpricedTokens);
    if (book.has(model)) {
      return "no price for these calls of %s: %s (%s)".formatted(model, volume, whyUnpriced(uses));
    }
    List<String> given = nearest.get();
    List<String> names = given.isEmpty() ? book.nearest(model) : given;
    return "no price for %s: %s (nearest known: %s)"
        .formatted(model, volume, String.join(", ", names));
  }

  // Of a model that has a price somewhere: where it was served, or what was used, has none.
  private String whyUnpriced(UseTable uses) {
    TreeSet<String> hosts = new TreeSet<>();
    for (UseTable.Use use : uses.uses()) {
      String place = use.place();
      if (!place.isEmpty()
          && book.at(uses.key().hostedModel(), place, ServiceTier.STANDARD.word(), LocalDate.MAX)
              .isEmpty()) {
        hosts.add(ServedBy.parse(place).host());
      }
    }
    return hosts.isEmpty()
        ? "its price has no output rate or no matching tier"
        : "they were served by %s, which has no price of it: give one with provider: %s in a book of your own"
            .formatted(String.join(", ", hosts), hosts.first());
  }

  private static final class CallCounts {
    private long loggedNanos;
    private long logged;
    private long priced;
    private long beforeFirst;
    private long standardInstead;
    private long withoutUsage;
    private long withoutPrice;
    private long unpricedTokens;
    private long unpricedSearches;

    private long unpriced() {
      return withoutUsage + withoutPrice;
    }
  }
}
