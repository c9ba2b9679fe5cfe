package dev.homeward.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
 * @param shareOfFree whether that is a share of what weights and reserve leave, and all of it KV
 *     cache, as TensorRT-LLM has it; else of the total, weights included
 * @param reserveGb memory per accelerator for activations, graphs, context and communication
 * @param blockTokens KV cache block size; 1 without blocks
 * @param reservesOutput whether a call is let in only when cache blocks for its whole output are
 *     left too, so that none is ever preempted (TensorRT-LLM's guaranteed no evict)
 * @param keepAliveSeconds idle time after which the model is unloaded; empty if it never is
 * @param initSeconds fixed part of loading a model again
 * @param maxQueue calls that may wait; one more is refused with HTTP 503. 0 without a bound
 * @param structuredOutput whether it can hold answers to a JSON Schema or grammar
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
    boolean shareOfFree,
    Figure reserveGb,
    int blockTokens,
    boolean reservesOutput,
    Optional<Figure> keepAliveSeconds,
    Optional<Figure> initSeconds,
    int maxQueue,
    boolean structuredOutput,
    Map<String, Efficiency> efficiencies,
    String note) {

  /** Whether it runs sequences in slots over one KV buffer, pass by pass, as llama.cpp does. */
  public boolean usesSlots() {
    return scheduler == Scheduler.SLOTS || scheduler == Scheduler.KEEP_ALIVE_SLOTS;
  }

  /** How much of a chip it gets: the chip's own set, else its family's. */
  public Optional<Efficiency> efficiencyOn(Accelerator accelerator) {
    return Optional.ofNullable(efficiencies.get(accelerator.id()))
        .or(() -> Optional.ofNullable(efficiencies.get(accelerator.family())));
  }

  /** This engine with one more set of efficiency parameters, over one it may have had. */
  public Engine with(String accelerator, Efficiency efficiency) {
    Map<String, Efficiency> sets = new TreeMap<>(efficiencies);
    sets.put(accelerator, efficiency);
    return new Engine(
        id,
        name,
        version,
        scheduler,
        families,
        quantizations,
        small,
        large,
        largeMemoryGb,
        notLarge,
        memoryShare,
        shareOfFree,
        reserveGb,
        blockTokens,
        reservesOutput,
        keepAliveSeconds,
        initSeconds,
        maxQueue,
        structuredOutput,
        sets,
        note);
  }

  /** How calls are put together into steps. */
  public enum Scheduler {
    /**
     * One token budget a step, running first, chunked prefill, preemption by recompute (vLLM v1).
     */
    CONTINUOUS_BATCHING,
    /** Prompts in steps of their own, before decoding goes on (SGLang). */
    PREFILL_FIRST,
    /** A fixed number of slots with FIFO (llama.cpp server). */
    SLOTS,
    /** Slots with keep-alive, cold load and a bounded queue (Ollama, LM Studio). */
    KEEP_ALIVE_SLOTS,
    /** Prompts one by one in steps of their own, a small batch of decoding sequences (MLX). */
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
