package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * What a provider charges for one hosted model and service tier in one of its areas from a day on.
 * Prices are in micro-dollars per million tokens ($3 per million = 3,000,000), so that tokens times
 * price is a whole number of pico-dollars. An empty price is unknown, never 0.
 *
 * @param hostedModel canonical id of the hosted model
 * @param provider who charges it ({@code bedrock}, {@code azure}, ...); empty: the maker's list
 *     price
 * @param region area of the provider (files of older reviews have none), as {@link ServedBy#area};
 *     empty: all that have no row of their own
 * @param tier {@code standard}, {@code batch}, {@code flex}, {@code priority}, {@code fast}
 * @param validFrom first day, UTC; the row holds until a later row of the same key begins
 * @param base prices up to the long-context limit
 * @param longContextTokens total input tokens above which {@code longContext} holds for the whole
 *     request; Long.MAX_VALUE if there is no cliff
 * @param longContext prices of requests above the limit; equal to {@code base} without a cliff
 * @param source where the figures come from
 */
public record PriceRow(
    String hostedModel,
    String provider,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY) String region,
    String tier,
    LocalDate validFrom,
    Rates base,
    long longContextTokens,
    Rates longContext,
    Source source,
    String note) {

  /** All its prices times a factor, each rounded HALF_EVEN to a micro-dollar per million. */
  public PriceRow times(BigDecimal factor, String why) {
    return new PriceRow(
        hostedModel,
        provider,
        region,
        tier,
        validFrom,
        base.times(factor),
        longContextTokens,
        longContext.times(factor),
        source,
        note.isEmpty() ? why : note + "; " + why);
  }

  /** The same on the prices of tokens: a search costs what it costs. */
  PriceRow uplifted(BigDecimal factor, String why) {
    PriceRow all = times(factor, why);
    return new PriceRow(
        hostedModel,
        provider,
        region,
        tier,
        validFrom,
        all.base.withSearchesOf(base),
        longContextTokens,
        all.longContext.withSearchesOf(longContext),
        source,
        all.note);
  }

  /**
   * Micro-dollars per million tokens, by token kind.
   *
   * @param input uncached input
   * @param cacheRead input read from the provider's cache; empty: charged as input
   * @param cacheWrite5m input written to the cache for five minutes; empty: charged as input
   * @param cacheWrite1h input written for an hour; empty: charged as cacheWrite5m
   * @param output output, reasoning included; empty only for embeddings
   * @param audioInput uncached input that is sound; empty: charged as input
   * @param audioOutput output that is sound; empty: charged as output
   * @param webSearch micro-dollars per million searches of the web; empty: not known
   */
  public record Rates(
      long input,
      OptionalLong cacheRead,
      OptionalLong cacheWrite5m,
      OptionalLong cacheWrite1h,
      OptionalLong output,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong audioInput,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong audioOutput,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong webSearch) {

    private Rates times(BigDecimal factor) {
      return new Rates(
          times(input, factor),
          times(cacheRead, factor),
          times(cacheWrite5m, factor),
          times(cacheWrite1h, factor),
          times(output, factor),
          times(audioInput, factor),
          times(audioOutput, factor),
          times(webSearch, factor));
    }

    private Rates withSearchesOf(Rates other) {
      return new Rates(
          input,
          cacheRead,
          cacheWrite5m,
          cacheWrite1h,
          output,
          audioInput,
          audioOutput,
          other.webSearch);
    }

    private static OptionalLong times(OptionalLong price, BigDecimal factor) {
      return price.isPresent() ? OptionalLong.of(times(price.getAsLong(), factor)) : price;
    }

    private static long times(long price, BigDecimal factor) {
      return BigDecimal.valueOf(price)
          .multiply(factor)
          .setScale(0, RoundingMode.HALF_EVEN)
          .longValueExact();
    }
  }
}
