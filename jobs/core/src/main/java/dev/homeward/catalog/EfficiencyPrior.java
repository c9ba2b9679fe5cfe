package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * What is known of an efficiency parameter before an engine is measured. In files a pair: {@code
 * [0.85, 0.06]}.
 *
 * @param value most likely value
 * @param spread standard deviation of its logarithm; 0 fixes it
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record EfficiencyPrior(double value, double spread) {}
