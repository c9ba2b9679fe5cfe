package dev.homeward.catalog;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;

/**
 * One price of somebody else's price file, in dollars per million tokens by the keys of the price
 * book ({@code input}, {@code cache-read}, ...), in the order in which they are written.
 *
 * @param above prices of requests with more than {@code aboveTokens} input; empty without a cliff
 */
record PriceEntry(
    String tier,
    LocalDate from,
    Map<String, BigDecimal> base,
    long aboveTokens,
    Map<String, BigDecimal> above,
    String note) {}
