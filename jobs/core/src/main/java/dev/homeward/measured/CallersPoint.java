package dev.homeward.measured;

/**
 * Many callers at one machine, each sending its next call when the last is done, until all calls
 * are done. Texts are as the file has them.
 *
 * @param source file and line
 * @param accelerators of the machine
 * @param tensor accelerators that work on one matrix
 * @param pipeline stages of a pipeline
 * @param instances servers among which the callers are divided
 * @param fp8Kv whether the KV cache is in FP8, else in 16 bits
 * @param promptTokens of a call
 * @param outputTokens of a call
 * @param outputRate tokens a second of all callers together
 */
public record CallersPoint(
    String source,
    String accelerator,
    int accelerators,
    String model,
    int tensor,
    int pipeline,
    int instances,
    boolean fp8Kv,
    String version,
    int callers,
    int calls,
    double promptTokens,
    double outputTokens,
    double outputRate) {}
