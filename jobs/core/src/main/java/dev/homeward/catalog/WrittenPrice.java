package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.homeward.config.Default;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
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
    @Default("\"\"") String region,
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
      OptionalLong output,
      OptionalLong audioInput,
      OptionalLong audioOutput,
      OptionalLong webSearch) {

    static Kinds of(PriceRow.Rates rates) {
      return new Kinds(
          OptionalLong.of(rates.input()),
          rates.cacheRead(),
          rates.cacheWrite5m(),
          rates.cacheWrite1h(),
          rates.output(),
          rates.audioInput(),
          rates.audioOutput(),
          rates.webSearch());
    }

    /** A search costs the same beside a long prompt. */
    private Kinds withoutSearches() {
      return new Kinds(
          input,
          cacheRead,
          cacheWrite5m,
          cacheWrite1h,
          output,
          audioInput,
          audioOutput,
          OptionalLong.empty());
    }

    PriceRow.Rates rates() {
      return new PriceRow.Rates(
          input.orElseThrow(() -> new IllegalArgumentException("no price of input")),
          cacheRead,
          cacheWrite5m,
          cacheWrite1h,
          output,
          audioInput,
          audioOutput,
          webSearch);
    }

    Kinds over(Kinds base) {
      return new Kinds(
          first(input, base.input),
          first(cacheRead, base.cacheRead),
          first(cacheWrite5m, base.cacheWrite5m),
          first(cacheWrite1h, base.cacheWrite1h),
          first(output, base.output),
          first(audioInput, base.audioInput),
          first(audioOutput, base.audioOutput),
          first(webSearch, base.webSearch));
    }

    /** What a kind costs; one without a price costs what it is a special case of. */
    private OptionalLong charged(String key) {
      return switch (key) {
        case "input" -> input;
        case "cache-read" -> first(cacheRead, input);
        case "cache-write-5m" -> first(cacheWrite5m, input);
        case "cache-write-1h" -> first(cacheWrite1h, first(cacheWrite5m, input));
        case "output" -> output;
        case "audio-input" -> first(audioInput, input);
        case "audio-output" -> first(audioOutput, output);
        case "web-search" -> webSearch;
        default -> OptionalLong.empty();
      };
    }

    /** These with another price of one kind. */
    private Kinds with(String key, long price) {
      OptionalLong it = OptionalLong.of(price);
      return new Kinds(
          key.equals("input") ? it : input,
          key.equals("cache-read") ? it : cacheRead,
          key.equals("cache-write-5m") ? it : cacheWrite5m,
          key.equals("cache-write-1h") ? it : cacheWrite1h,
          key.equals("output") ? it : output,
          key.equals("audio-input") ? it : audioInput,
          key.equals("audio-output") ? it : audioOutput,
          key.equals("web-search") ? it : webSearch);
    }

    /** These where a kind costs as much more or less as it does elsewhere. */
    private Kinds inProportion(String key, OptionalLong before, BigInteger price) {
      OptionalLong own = charged(key);
      if (own.isEmpty() || before.isEmpty() || before.getAsLong() == 0) {
        return this;
      }
      return with(
          key,
          new BigDecimal(price)
              .multiply(BigDecimal.valueOf(own.getAsLong()))
              .divide(BigDecimal.valueOf(before.getAsLong()), 0, RoundingMode.HALF_EVEN)
              .longValueExact());
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
        row.region(),
        row.tier(),
        row.validFrom(),
        Kinds.of(row.base()),
        row.longContextTokens() == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(
                new Above(row.longContextTokens(), Kinds.of(row.longContext()).withoutSearches())),
        row.source(),
        row.note());
  }

  /**
   * This price where a token kind of another row of the model gets another price: what it costs
   * here, and above a cliff, keeps its proportion to that.
   */
  WrittenPrice announced(PriceRow lead, String key, BigInteger price) {
    OptionalLong before = Kinds.of(lead.base()).charged(key);
    return new WrittenPrice(
        model,
        provider,
        region,
        tier,
        from,
        prices.inProportion(key, before, price),
        above.map(a -> new Above(a.tokens(), a.prices().inProportion(key, before, price))),
        source,
        note);
  }

  /** The row that it says. */
  PriceRow row() {
    return new PriceRow(
        model,
        Providers.canonical(provider),
        region,
        tier,
        from,
        prices.rates(),
        above.map(Above::tokens).orElse(Long.MAX_VALUE),
        above.map(a -> a.prices().over(prices)).orElse(prices).rates(),
        source,
        note);
  }
}
