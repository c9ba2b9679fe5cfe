package dev.homeward.pricing;

import dev.homeward.catalog.PriceRow;
import dev.homeward.units.NanoUsd;

/**
 * One line of a bill: tokens of one kind at one price.
 *
 * @param row the price row, valid when the calls were made
 * @param longContext whether the long-context rates of the row hold
 * @param kind {@code input}, {@code cache_read}, {@code cache_write_5m}, {@code cache_write_1h},
 *     {@code output}, {@code audio_input}, {@code audio_output}, {@code web_search}
 * @param tokens summed over the calls; searches where these are charged
 * @param microUsdPerMillion the price used
 * @param amount tokens times price, rounded once
 */
public record PricedLine(
    PriceRow row,
    boolean longContext,
    String kind,
    long tokens,
    long microUsdPerMillion,
    NanoUsd amount) {}
