package dev.homeward.catalog;

import java.util.List;
import java.util.Map;

/**
 * A serving engine: how it schedules, what it reserves, and how much of a chip it gets.
 *
 * @param scheduler how calls are put together into steps
 * @param families accelerator families it runs on
 * @param quantizations quantization ids it can load
 * @param maxBatchedTokens tokens of one step (the token budget of vLLM, n_batch of llama.cpp) on
 *     accelerators under and from {@code largeMemoryGb}
 * @param maxSequences sequences at once (max_num_seqs; slots of llama.cpp), likewise
 * @param largeMemoryGb memory of one accelerator from which the second value holds
 * @param notLarge accelerator ids that count as small whatever their memory (vLLM's A100)
 * @param memoryShare share of total accelerator memory the engine plans with (vLLM's
 *     gpu_memory_utilization)
 * @param reserveGb memory per accelerator for activations, graphs, context and communication
 * @param blockTokens KV cache block size; 1 without blocks
 * @param efficiencies by accelerator id or family; the id wins
 */
public record Engine(
    String id,
    String name,
    String version,
    Scheduler scheduler,
    List<String> families,
    List<String> quantizations,
    Limits small,
    Limits large,
    Figure largeMemoryGb,
    List<String> notLarge,
    Figure memoryShare,
    Figure reserveGb,
    int blockTokens,
    Map<String, Efficiency> efficiencies,
    String note) {

  /** How calls are put together into steps. */
  public enum Scheduler {
    /**
     * One token budget a step, running first, chunked prefill, preemption by recompute (vLLM v1).
     */
    CONTINUOUS_BATCHING,
    /** A fixed number of slots with FIFO (llama.cpp server). */
    SLOTS,
    /** Slots with keep-alive, cold load and a bounded queue (Ollama, LM Studio). */
    KEEP_ALIVE_SLOTS,
    /** One call, or a small batch, at a time (MLX). */
    SMALL_BATCH
  }

  /**
   * Defaults that depend on the accelerator's memory.
   *
   * @param maxBatchedTokens tokens of one step
   * @param maxSequences sequences at once
   * @param physicalBatchTokens tokens of one physical pass (n_ubatch of llama.cpp); equal to {@code
   *     maxBatchedTokens} where there is no such thing
   */
  public record Limits(int maxBatchedTokens, int maxSequences, int physicalBatchTokens) {}
}
