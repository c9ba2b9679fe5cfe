package dev.homeward.catalog;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A serving engine: how it schedules, what it reserves, and how much of a chip it gets.
 *
 * @param defaultCandidate whether a review tries it where nobody names an engine
 * @param scheduling how calls are put together into steps
 * @param support what it runs
 * @param stepLimits how much goes into a step
 * @param memory what it takes of an accelerator's memory
 * @param efficiencies by accelerator id or family; the id wins
 */
public record Engine(
    String id,
    String name,
    String version,
    boolean defaultCandidate,
    Scheduling scheduling,
    Support support,
    StepLimits stepLimits,
    Memory memory,
    Map<String, Efficiency> efficiencies,
    String note) {

  public Engine {
    efficiencies = Collections.unmodifiableMap(new TreeMap<>(efficiencies));
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
    return with(sets);
  }

  /** This engine with other sets of efficiency parameters. */
  Engine with(Map<String, Efficiency> sets) {
    return new Engine(
        id, name, version, defaultCandidate, scheduling, support, stepLimits, memory, sets, note);
  }

  /** This engine with another scheduling and other limits on every chip. */
  public Engine with(Scheduling otherScheduling, Limits otherLimits) {
    return new Engine(
        id,
        name,
        version,
        defaultCandidate,
        otherScheduling,
        support,
        new StepLimits(otherLimits, otherLimits, stepLimits.largeMemoryGb(), stepLimits.notLarge()),
        memory,
        efficiencies,
        note);
  }

  /**
   * What an engine runs.
   *
   * @param families accelerator families
   * @param quantizations quantization ids it can load
   * @param structuredOutput whether it can hold answers to a JSON Schema or grammar
   */
  public record Support(
      List<String> families, List<String> quantizations, boolean structuredOutput) {
    public Support {
      families = List.copyOf(families);
      quantizations = List.copyOf(quantizations);
    }
  }

  /**
   * How much goes into a step, by the memory of one accelerator.
   *
   * @param small under {@code largeMemoryGb}
   * @param large from there on
   * @param notLarge accelerator ids that count as small whatever their memory (vLLM's A100)
   */
  public record StepLimits(
      Limits small, Limits large, Figure largeMemoryGb, List<String> notLarge) {
    public StepLimits {
      notLarge = List.copyOf(notLarge);
    }

    /** The limits on an accelerator. */
    public Limits on(Accelerator accelerator) {
      return accelerator.memoryGb().value() >= largeMemoryGb.value()
              && !notLarge.contains(accelerator.id())
          ? large
          : small;
    }
  }

  /**
   * Limits of a step.
   *
   * @param maxBatchedTokens tokens of one step (the token budget of vLLM, n_batch of llama.cpp)
   * @param maxSequences sequences at once (max_num_seqs; slots of llama.cpp)
   * @param physicalBatchTokens tokens of one physical pass (n_ubatch of llama.cpp); equal to {@code
   *     maxBatchedTokens} where there is no such thing
   */
  public record Limits(int maxBatchedTokens, int maxSequences, int physicalBatchTokens) {}

  /**
   * What an engine takes of its accelerators' memory.
   *
   * @param share that it plans with
   * @param of what that is a share of
   * @param reserveGb memory per accelerator for activations, graphs, context and communication
   */
  public record Memory(Figure share, ShareOf of, Figure reserveGb) {}

  /** What an engine's share of memory is a share of. */
  public enum ShareOf {
    /** Of all memory, weights included (vLLM's gpu_memory_utilization). */
    TOTAL,
    /** Of what weights and reserve leave, and all of it KV cache (TensorRT-LLM). */
    FREE
  }
}
