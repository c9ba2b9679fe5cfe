package dev.homeward.measured;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A bench of an engine on one machine: so many sequences take in prompts together and then put out
 * tokens together. Texts are as the file has them, {@code ""} where it says nothing.
 *
 * @param source file and line, or file and test
 * @param engine that was measured; {@code ""} for llama.cpp
 * @param version of the engine: a month, a build or a release
 * @param weights format of the weights, as the engine names it
 * @param accelerators how many
 * @param parameters of the model
 * @param depth tokens a sequence that are in the cache before the test begins
 * @param promptTokens a sequence; 0 if the test only generates
 * @param generatedTokens a sequence; 0 if the test only takes in
 * @param sequences at once
 * @param batched whether the test is for several sequences, though this point may have one
 * @param batchTokens logical batch, n_batch
 * @param passTokens physical batch, n_ubatch
 * @param prefillSeconds for all prompts
 * @param decodeSeconds for all generated tokens
 */
public record BenchPoint(
    String source,
    String engine,
    String version,
    String model,
    String weights,
    String accelerator,
    int accelerators,
    OptionalLong parameters,
    int depth,
    int promptTokens,
    int generatedTokens,
    int sequences,
    boolean batched,
    int batchTokens,
    int passTokens,
    OptionalDouble prefillSeconds,
    OptionalDouble decodeSeconds) {}
