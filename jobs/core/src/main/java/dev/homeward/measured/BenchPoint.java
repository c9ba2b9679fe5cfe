package dev.homeward.measured;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A bench of llama.cpp without a server: so many sequences take in prompts together and then put
 * out tokens together. Texts are as the file has them, {@code ""} where it says nothing.
 *
 * @param source file and line, or file and test
 * @param weights format of the weights, as llama.cpp names it
 * @param parameters of the model
 * @param promptTokens a sequence; 0 if the test only generates
 * @param generatedTokens a sequence; 0 if the test only takes in
 * @param sequences at once
 * @param batchTokens logical batch, n_batch
 * @param passTokens physical batch, n_ubatch
 * @param prefillSeconds for all prompts
 * @param decodeSeconds for all generated tokens
 */
public record BenchPoint(
    String source,
    String model,
    String weights,
    String accelerator,
    OptionalLong parameters,
    int promptTokens,
    int generatedTokens,
    int sequences,
    int batchTokens,
    int passTokens,
    OptionalDouble prefillSeconds,
    OptionalDouble decodeSeconds) {}
