package dev.homeward.pricing;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.PriceRow;
import dev.homeward.units.NanoUsd;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Prices the calls of a tape. Tokens are added up by price first and each total is priced once, so
 * that nothing is rounded a call and the order of calls does not matter.
 *
 * <p>The price of a call is the row of its model, provider, tier and UTC day. Where its total input
 * exceeds the row's long-context limit, all its tokens are at the long-context rates. A tier
 * without a price of its own (batch at a provider without a batch price) is priced as standard.
 */
public final class Pricer {
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final String[] KINDS = {
    "input", "cache_read", "cache_write_5m", "cache_write_1h", "output"
  };

  private final PriceBook book;
  private final Optional<LocalDate> forecastDay;

  /**
   * @param forecastDay the day whose prices count as announced; empty: the last ones known
   */
  public Pricer(PriceBook book, Optional<LocalDate> forecastDay) {
    this.book = book;
    this.forecastDay = forecastDay;
  }

  /**
   * What the tape cost, and fills {@link Tape#weight} with the forecast price of each call in
   * pico-dollars.
   *
   * @param nearest known names, for the message when the model has no price
   */
  public WorkloadSpend price(Tape tape, List<String> nearest) {
    Totals paid = new Totals();
    Totals forecast = new Totals();
    Lookup lookup = new Lookup(tape);
    long loggedNanos = 0;
    long loggedCalls = 0;
    long beforeFirst = 0;
    long unpriced = 0;
    long priced = 0;
    for (int i = 0; i < tape.size; i++) {
      if (!tape.reachedModel(i)) {
        continue;
      }
      if (tape.loggedNanoUsd[i] != CallDraft.ABSENT) {
        loggedNanos = Math.addExact(loggedNanos, tape.loggedNanoUsd[i]);
        loggedCalls++;
      }
      if (!tape.hasUsage(i)) {
        unpriced++;
        continue;
      }
      Prices prices = lookup.of(i);
      if (prices == null) {
        unpriced++;
        continue;
      }
      priced++;
      if (prices.beforeFirst) {
        beforeFirst++;
      }
      paid.add(prices.paid, tape, i);
      tape.weight[i] = forecast.add(prices.forecast, tape, i);
    }
    boolean known = priced > 0 || unpriced == 0;
    List<PricedLine> lines = paid.lines();
    List<PricedLine> forecastLines = forecast.lines();
    return new WorkloadSpend(
        tape.key,
        known ? Optional.of(sum(lines)) : Optional.empty(),
        known ? Optional.of(sum(forecastLines)) : Optional.empty(),
        loggedCalls == 0 ? Optional.empty() : Optional.of(new NanoUsd(loggedNanos)),
        loggedCalls,
        lines,
        forecastLines,
        beforeFirst,
        unpriced,
        known
            ? Optional.empty()
            : Optional.of(
                "no price for %s (nearest known: %s)"
                    .formatted(tape.key.hostedModel(), String.join(", ", nearest))));
  }

  private static NanoUsd sum(List<PricedLine> lines) {
    NanoUsd sum = NanoUsd.ZERO;
    for (PricedLine line : lines) {
      sum = sum.plus(line.amount());
    }
    return sum;
  }

  private record Prices(PriceRow paid, PriceRow forecast, boolean beforeFirst) {}

  /** Finds the row of a call, remembering the last day for each provider and tier. */
  private final class Lookup {
    private final Tape tape;
    private final Map<Long, Prices> known = new HashMap<>();
    private long lastKey = Long.MIN_VALUE;
    private Prices last;

    Lookup(Tape tape) {
      this.tape = tape;
    }

    Prices of(int call) {
      long day = Math.floorDiv(tape.startedAtMicros[call], MICROS_PER_DAY);
      long key = (day << 24) | ((tape.provider[call] + 1L) << 4) | tape.serviceTier[call];
      if (key != lastKey) {
        lastKey = key;
        if (!known.containsKey(key)) {
          known.put(key, find(call, LocalDate.ofEpochDay(day)));
        }
        last = known.get(key);
      }
      // Output without an output price would be free: that is an unknown price, not a low one.
      boolean outputFree =
          last != null && tape.outputTokens[call] > 0 && last.paid.base().output().isEmpty();
      return outputFree ? null : last;
    }

    private Prices find(int call, LocalDate day) {
      String model = tape.key.hostedModel();
      String provider = tape.provider[call] < 0 ? null : tape.providers[tape.provider[call]];
      String tier = ServiceTier.values()[tape.serviceTier[call]].word();
      String standard = ServiceTier.STANDARD.word();
      Optional<PriceBook.Found> paid =
          book.at(model, provider, tier, day).or(() -> book.at(model, provider, standard, day));
      Optional<PriceRow> next =
          book.forecast(model, provider, tier, forecastDay)
              .or(() -> book.forecast(model, provider, standard, forecastDay));
      return paid.isEmpty() || next.isEmpty()
          ? null
          : new Prices(paid.get().row(), next.get(), paid.get().beforeFirst());
    }
  }

  /** Token totals by price row, long-context or not, and kind. */
  private static final class Totals {
    private final Map<PriceRow, long[][]> totals = new HashMap<>();
    private PriceRow lastRow;
    private long[][] last;

    /** Adds a call's tokens and returns its price in pico-dollars. */
    long add(PriceRow row, Tape tape, int i) {
      if (row != lastRow) {
        lastRow = row;
        last = totals.computeIfAbsent(row, r -> new long[2][KINDS.length]);
      }
      boolean above = tape.totalInputTokens(i) > row.longContextTokens();
      PriceRow.Rates rates = above ? row.longContext() : row.base();
      long[] sums = last[above ? 1 : 0];
      long picos = 0;
      for (int kind = 0; kind < KINDS.length; kind++) {
        long tokens = tokens(tape, i, kind);
        if (tokens > 0) {
          sums[kind] = Math.addExact(sums[kind], tokens);
          picos = Math.addExact(picos, Math.multiplyExact(tokens, rate(rates, kind)));
        }
      }
      return picos;
    }

    List<PricedLine> lines() {
      List<PriceRow> rows = new ArrayList<>(totals.keySet());
      rows.sort(
          Comparator.comparing(PriceRow::tier)
              .thenComparing(PriceRow::provider)
              .thenComparing(PriceRow::validFrom));
      List<PricedLine> lines = new ArrayList<>();
      for (PriceRow row : rows) {
        for (int above = 0; above < 2; above++) {
          PriceRow.Rates rates = above == 1 ? row.longContext() : row.base();
          for (int kind = 0; kind < KINDS.length; kind++) {
            long tokens = totals.get(row)[above][kind];
            if (tokens > 0) {
              long price = rate(rates, kind);
              BigInteger picos = BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(price));
              lines.add(
                  new PricedLine(
                      row, above == 1, KINDS[kind], tokens, price, NanoUsd.ofPicos(picos)));
            }
          }
        }
      }
      return lines;
    }

    private static long tokens(Tape tape, int i, int kind) {
      return switch (kind) {
        case 0 -> tape.inputTokens[i];
        case 1 -> tape.cacheReadTokens[i];
        case 2 -> tape.cacheWrite5mTokens[i];
        case 3 -> tape.cacheWrite1hTokens[i];
        default -> tape.outputTokens[i];
      };
    }

    // A kind without a price of its own is charged as the kind it is a special case of: cached
    // input
    // as input, an hour's cache write as a five minutes' one. Embeddings have no output price
    // because
    // they have no output.
    private static long rate(PriceRow.Rates rates, int kind) {
      OptionalLong own =
          switch (kind) {
            case 0 -> OptionalLong.of(rates.input());
            case 1 -> rates.cacheRead();
            case 2 -> rates.cacheWrite5m();
            case 3 ->
                rates.cacheWrite1h().isPresent() ? rates.cacheWrite1h() : rates.cacheWrite5m();
            default -> rates.output().isPresent() ? rates.output() : OptionalLong.of(0);
          };
      return own.orElse(rates.input());
    }
  }
}
