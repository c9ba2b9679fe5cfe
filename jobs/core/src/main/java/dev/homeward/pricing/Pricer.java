package dev.homeward.pricing;

import dev.homeward.calls.ApiLine;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
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

/**
 * Prices the calls of a tape. Tokens are added up by price first and each total is priced once, so
 * that nothing is rounded a call and the order of calls does not matter.
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

  /** As {@link #price(Tape, List)}, with the nearest names of the price book. */
  public WorkloadSpend price(Tape tape) {
    return price(tape, List.of());
  }

  /**
   * What the tape cost.
   *
   * @param nearest known names, for the message when the model has no price; empty: those of the
   *     price book
   * @throws ArithmeticException if a token total does not fit into a long
   */
  public WorkloadSpend price(Tape tape, List<String> nearest) {
    return price(tape, nearest, new RateTable(tape, book, forecastDay, discounts));
  }

  /**
   * What a tape cost, and the same by day.
   *
   * @param days their lines times their prices add up to {@code spend.apiCost}, but for that one's
   *     rounding to a nano-dollar a line
   */
  public record Priced(WorkloadSpend spend, List<SpendOfDay> days) {}

  /** As {@link #price(Tape, List)}, and by day from the same pass. */
  public Priced byDay(Tape tape, List<String> nearest) {
    RateTable table = new RateTable(tape, book, forecastDay, discounts);
    WorkloadSpend spend = price(tape, nearest, table);
    return new Priced(spend, table.byDay());
  }

  private WorkloadSpend price(Tape tape, List<String> nearest, RateTable table) {
    CallCounts counts = new CallCounts();
    for (int i = 0; i < tape.size; i++) {
      if (tape.reachedModel(i)) {
        count(tape, i, table, counts);
      }
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
    return new WorkloadSpend(
        tape.key,
        known ? Optional.of(Bill.sum(lines)) : Optional.empty(),
        known ? Optional.of(Bill.sum(forecastLines)) : Optional.empty(),
        counts.logged == 0 ? Optional.empty() : Optional.of(new NanoUsd(counts.loggedNanos)),
        counts.logged,
        lines,
        forecastLines,
        counts.beforeFirst,
        counts.standardInstead,
        counts.unpriced(),
        known ? Optional.empty() : Optional.of(problem(tape, counts, nearest)),
        Optional.of(billed(tape).use().lines()),
        counts.unpricedSearches == 0
            ? OptionalLong.empty()
            : OptionalLong.of(counts.unpricedSearches));
  }

  private static void count(Tape tape, int i, RateTable table, CallCounts counts) {
    if (tape.loggedNanoUsd[i] != CallDraft.ABSENT) {
      counts.loggedNanos = Math.addExact(counts.loggedNanos, tape.loggedNanoUsd[i]);
      counts.logged++;
    }
    if (!tape.hasUsage(i)) {
      counts.withoutUsage++;
      return;
    }
    long input = tape.inputTokens[i];
    long read = tape.cacheReadTokens[i];
    long write5m = tape.cacheWrite5mTokens[i];
    long write1h = tape.cacheWrite1hTokens[i];
    long output = tape.outputTokens[i];
    long total = input + read + write5m + write1h;
    RateTable.Slot slot = table.of(i);
    if (slot == null || (output > 0 && !(slot.paid.pricesOutput && slot.forecast.pricesOutput))) {
      // Output without an output price would be free: an unknown price is not a low one.
      counts.withoutPrice++;
      counts.unpricedTokens = Math.addExact(counts.unpricedTokens, total + output);
      return;
    }
    counts.priced++;
    slot.calls++;
    counts.beforeFirst += slot.beforeFirst ? 1 : 0;
    counts.standardInstead += slot.standardInstead ? 1 : 0;
    boolean forecastAbove = total > slot.forecast.limitTokens;
    long[] sums = slot.tokens[(total > slot.paid.limitTokens ? 1 : 0) + (forecastAbove ? 2 : 0)];
    sums[0] = Math.addExact(sums[0], input);
    sums[1] = Math.addExact(sums[1], read);
    sums[2] = Math.addExact(sums[2], write5m);
    sums[3] = Math.addExact(sums[3], write1h);
    sums[Rate.OUTPUT] = Math.addExact(sums[Rate.OUTPUT], output);
    if (tape.hasExtras()) {
      countExtras(tape, i, slot, sums, counts);
    }
  }

  private static void countExtras(
      Tape tape, int i, RateTable.Slot slot, long[] sums, CallCounts counts) {
    int heard = tape.audioInputTokens(i);
    int spoken = tape.audioOutputTokens(i);
    sums[0] -= heard;
    sums[Rate.OUTPUT] -= spoken;
    sums[Rate.AUDIO_INPUT] = Math.addExact(sums[Rate.AUDIO_INPUT], heard);
    sums[Rate.AUDIO_OUTPUT] = Math.addExact(sums[Rate.AUDIO_OUTPUT], spoken);
    sums[Rate.WEB_SEARCH] = Math.addExact(sums[Rate.WEB_SEARCH], tape.webSearches(i));
    counts.unpricedSearches += slot.paid.pricesSearches ? 0 : tape.webSearches(i);
  }

  private String problem(Tape tape, CallCounts counts, List<String> nearest) {
    String model = tape.key.hostedModel();
    if (counts.withoutPrice == 0) {
      return String.format(
          Locale.ROOT, "no token counts in any of %,d calls of %s", counts.withoutUsage, model);
    }
    String volume =
        String.format(
            Locale.ROOT, "%,d calls, %,d tokens", counts.withoutPrice, counts.unpricedTokens);
    if (book.has(model)) {
      return "no price for these calls of %s: %s (%s)".formatted(model, volume, whyUnpriced(tape));
    }
    List<String> names = nearest.isEmpty() ? book.nearest(model) : nearest;
    return "no price for %s: %s (nearest known: %s)"
        .formatted(model, volume, String.join(", ", names));
  }

  // Of a model that has a price somewhere: where it was served, or what was used, has none.
  private String whyUnpriced(Tape tape) {
    TreeSet<String> hosts = new TreeSet<>();
    for (String place : tape.places) {
      if (book.at(tape.key.hostedModel(), place, ServiceTier.STANDARD.word(), LocalDate.MAX)
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
