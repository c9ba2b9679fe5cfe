package dev.homeward.catalog;

import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * What a provider charges for one hosted model and service tier from a day on. Prices are in
 * micro-dollars per million tokens ($3 per million = 3,000,000), so that tokens times price is a
 * whole number of pico-dollars. An empty price is unknown, never 0.
 *
 * @param hostedModel canonical id of the hosted model
 * @param provider who charges it ({@code bedrock}, {@code azure}, ...); empty: the maker's list
 *     price, which holds wherever the model is bought
 * @param tier {@code standard}, {@code batch}, {@code flex}, {@code priority}
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
    String tier,
    LocalDate validFrom,
    Rates base,
    long longContextTokens,
    Rates longContext,
    Source source,
    String note) {

  /**
   * Micro-dollars per million tokens, by token kind.
   *
   * @param input uncached input
   * @param cacheRead input read from the provider's cache; empty: charged as input
   * @param cacheWrite5m input written to the cache for five minutes; empty: charged as input
   * @param cacheWrite1h input written for an hour; empty: charged as cacheWrite5m
   * @param output output, reasoning included; empty only for embeddings
   */
  public record Rates(
      long input,
      OptionalLong cacheRead,
      OptionalLong cacheWrite5m,
      OptionalLong cacheWrite1h,
      OptionalLong output) {}
}
