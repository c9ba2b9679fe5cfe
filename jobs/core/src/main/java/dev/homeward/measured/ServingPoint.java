package dev.homeward.measured;

import java.util.OptionalDouble;

/**
 * A server under a steady number of callers, each sending its next call when the last is done.
 * Texts are as the file has them, {@code ""} where it says nothing.
 *
 * @param source file and line, or file alone
 * @param id the file's own name of the point
 * @param weights format of the weights
 * @param expertWeights format of routed experts' weights
 * @param accelerators that one replica spans, from the labels put straight
 * @param attentionData whether each accelerator holds attention whole, with its own sequences
 * @param concurrency callers
 * @param promptTokens mean tokens in
 * @param outputTokens mean tokens out
 * @param ttftMillis mean time to first token
 * @param tpotMillis mean time per output token after the first
 * @param contradiction what in the labels contradicts itself; empty if nothing does
 */
public record ServingPoint(
    String source,
    String id,
    String engine,
    String engineVersion,
    String model,
    String accelerator,
    String weights,
    String expertWeights,
    int accelerators,
    boolean attentionData,
    int concurrency,
    double promptTokens,
    double outputTokens,
    OptionalDouble ttftMillis,
    OptionalDouble tpotMillis,
    String contradiction) {}
