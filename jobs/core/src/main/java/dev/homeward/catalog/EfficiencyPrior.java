package dev.homeward.catalog;

/**
 * What is known of an efficiency parameter before an engine is measured.
 *
 * @param value most likely value
 * @param spread standard deviation of its logarithm; 0 fixes it
 */
public record EfficiencyPrior(double value, double spread) {}
