package dev.homeward.serving;

/**
 * Memory of one replica.
 *
 * @param weightBytes weights over all accelerators of the replica
 * @param kvBytesPerToken cache per context token over all accelerators of the replica
 * @param kvTokens context tokens that fit, over all sequences
 * @param stateTokens context tokens whose cache one sequence's recurrent state takes of a pool, in
 *     whole blocks; 0 for models without one, and where slots have theirs beside the cache
 * @param maxSequences sequences the engine runs at once
 * @param maxContextTokens longest context of one call: the least of the model's window, the slot
 *     and the cache
 */
public record KvCachePlan(
    long weightBytes,
    long kvBytesPerToken,
    long kvTokens,
    int stateTokens,
    int maxSequences,
    int maxContextTokens) {}
