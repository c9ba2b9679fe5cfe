package dev.homeward.serving;

/**
 * What a replica did while it was busy.
 *
 * @param passes forward passes
 * @param tokens tokens computed in them, prompts and outputs
 * @param vectorTokens those of them in passes of so few tokens that vector kernels take them
 * @param contextTokens context tokens read by them, summed over passes
 * @param pairs of query and key in prefill
 * @param seconds busy
 */
public record BusyWork(
    double passes,
    double tokens,
    double vectorTokens,
    double contextTokens,
    double pairs,
    double seconds) {

  /** Passes of up to so many tokens go through vector kernels where weights are packed. */
  public static final int VECTOR_TOKENS = 8;
}
