package dev.homeward.serving;

/**
 * Memory of one replica.
 *
 * @param weightBytes weights over all accelerators of the replica
 * @param kvBytesPerToken cache per context token over all accelerators of the replica
 * @param kvTokens context tokens that fit, over all sequences
 * @param maxSequences sequences the engine runs at once
 * @param maxContextTokens longest context of one call: the least of the model's window, the slot
 *     and the cache
 */
public record KvCachePlan(
    long weightBytes,
    long kvBytesPerToken,
    long kvTokens,
    int maxSequences,
    int maxContextTokens) {}
