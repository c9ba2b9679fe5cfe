package dev.homeward.serving;

/**
 * What a replica did while it was busy.
 *
 * @param passes forward passes
 * @param tokens tokens computed in them, prompts and outputs
 * @param contextTokens context tokens read by them, summed over passes
 * @param pairs of query and key in prefill
 * @param seconds busy
 */
public record BusyWork(
    double passes, double tokens, double contextTokens, double pairs, double seconds) {}
