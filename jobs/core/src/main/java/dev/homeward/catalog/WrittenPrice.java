package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.homeward.config.Default;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A {@link PriceRow} as it stands in a book: without a cliff, and above one without the kinds that
 * keep their price.
 *
 * @param above prices of requests with more input
 */
record WrittenPrice(
    String model,
    @Default("\"\"") String provider,
    @Default("\"standard\"") String tier,
    LocalDate from,
    @JsonUnwrapped WrittenPrice.Kinds prices,
    Optional<Above> above,
    Source source,
    @Default("\"\"") String note) {

  /** Micro-dollars per million tokens; empty where the file names none. */
  record Kinds(
      OptionalLong input,
      OptionalLong cacheRead,
      @JsonProperty("cache-write-5m") OptionalLong cacheWrite5m,
      @JsonProperty("cache-write-1h") OptionalLong cacheWrite1h,
      OptionalLong output) {

    static Kinds of(PriceRow.Rates rates) {
      return new Kinds(
          OptionalLong.of(rates.input()),
          rates.cacheRead(),
          rates.cacheWrite5m(),
          rates.cacheWrite1h(),
          rates.output());
    }

    PriceRow.Rates rates() {
      return new PriceRow.Rates(
          input.orElseThrow(() -> new IllegalArgumentException("no price of input")),
          cacheRead,
          cacheWrite5m,
          cacheWrite1h,
          output);
    }

    Kinds over(Kinds base) {
      return new Kinds(
          first(input, base.input),
          first(cacheRead, base.cacheRead),
          first(cacheWrite5m, base.cacheWrite5m),
          first(cacheWrite1h, base.cacheWrite1h),
          first(output, base.output));
    }

    private static OptionalLong first(OptionalLong one, OptionalLong other) {
      return one.isPresent() ? one : other;
    }
  }

  /**
   * Prices of the whole request when its input exceeds so many tokens.
   *
   * @param prices those that differ
   */
  record Above(long tokens, @JsonUnwrapped Kinds prices) {}

  /** A row as a book would have it. */
  static WrittenPrice of(PriceRow row) {
    return new WrittenPrice(
        row.hostedModel(),
        row.provider(),
        row.tier(),
        row.validFrom(),
        Kinds.of(row.base()),
        row.longContextTokens() == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(new Above(row.longContextTokens(), Kinds.of(row.longContext()))),
        row.source(),
        row.note());
  }

  /** The row that it says. */
  PriceRow row() {
    return new PriceRow(
        model,
        Providers.canonical(provider),
        tier,
        from,
        prices.rates(),
        above.map(Above::tokens).orElse(Long.MAX_VALUE),
        above.map(a -> a.prices().over(prices)).orElse(prices).rates(),
        source,
        note);
  }
}
