package dev.homeward.catalog;

import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A serving engine: how it schedules, what it reserves, and how much of a chip it gets.
 *
 * <p>Engines change from version to version more than chips do. A version that is not today's is an
 * engine of its own, called {@code llama.cpp@2025-02}: what its entry leaves out is as in the entry
 * of {@code llama.cpp}, but for efficiency, which it has to bring.
 *
 * @param version as its tools or its makers call it
 * @param since what tools report of the first build that counts as this version: a month ({@code
 *     2025-08}), a build ({@code b6050}) or a release ({@code 0.15}); see {@link EngineVersions}
 * @param defaultCandidate whether a review tries it where nobody names an engine
 * @param scheduling how calls are put together into steps
 * @param support what it runs
 * @param stepLimits how much goes into a step
 * @param memory what it takes of an accelerator's memory
 * @param efficiencies by accelerator id, generation or family; the narrower wins
 * @param arithmetic rows about it, the last that fits counts
 */
public record Engine(
    String id,
    String name,
    String version,
    List<String> since,
    boolean defaultCandidate,
    Scheduling scheduling,
    Support support,
    StepLimits stepLimits,
    Memory memory,
    Map<String, Efficiency> efficiencies,
    List<Arithmetic> arithmetic,
    String note) {

  /** What stands between an engine's name and a version of it that is not today's. */
  static final String AT = "@";

  private static final Arithmetic FORMAT = own(Arithmetic.Work.PRODUCTS, Arithmetic.Unit.FORMAT);
  private static final Arithmetic FP16 = own(Arithmetic.Work.ATTENTION, Arithmetic.Unit.FP16);

  public Engine {
    since = List.copyOf(since);
    arithmetic = List.copyOf(arithmetic);
    efficiencies = Collections.unmodifiableMap(new TreeMap<>(efficiencies));
  }

  /** How much of a chip it gets: the chip's own set, else its generation's, else its family's. */
  public Optional<Efficiency> efficiencyOn(Accelerator accelerator) {
    return Optional.ofNullable(efficiencies.get(accelerator.id()))
        .or(() -> Optional.ofNullable(efficiencies.get(accelerator.generation())))
        .or(() -> Optional.ofNullable(efficiencies.get(accelerator.family())));
  }

  /**
   * The row about what computes a work on a chip; where there is none, products in the format's own
   * arithmetic and attention in FP16.
   */
  public Arithmetic arithmeticOf(Arithmetic.Work work, Accelerator chip, Quantization format) {
    for (int i = arithmetic.size() - 1; i >= 0; i--) {
      if (arithmetic.get(i).fits(work, this, chip, format)) {
        return arithmetic.get(i);
      }
    }
    return switch (work) {
      case PRODUCTS -> FORMAT;
      case ATTENTION -> FP16;
    };
  }

  private static Arithmetic own(Arithmetic.Work work, Arithmetic.Unit unit) {
    Source source = new Source(Confidence.ASSUMED, "what the weight format names", "2026-11");
    return new Arithmetic(
        List.of(), work, List.of(), List.of(), unit, false, 1, source, Optional.empty());
  }

  /** The name that all its versions have: {@code llama.cpp} of {@code llama.cpp@2025-02}. */
  public String line() {
    return line(id);
  }

  static String line(String id) {
    int at = id.indexOf(AT);
    return at < 0 ? id : id.substring(0, at);
  }

  /** This engine with one more set of efficiency parameters, over one it may have had. */
  public Engine with(String accelerator, Efficiency efficiency) {
    Map<String, Efficiency> sets = new TreeMap<>(efficiencies);
    sets.put(accelerator, efficiency);
    return with(sets);
  }

  /** This engine with other sets of efficiency parameters. */
  Engine with(Map<String, Efficiency> sets) {
    return with(sets, arithmetic);
  }

  /** This engine with one more row about its arithmetic. */
  Engine with(Arithmetic row) {
    List<Arithmetic> rows = new ArrayList<>(arithmetic);
    rows.add(row);
    return with(efficiencies, rows);
  }

  private Engine with(Map<String, Efficiency> sets, List<Arithmetic> rows) {
    return new Engine(
        id,
        name,
        version,
        since,
        defaultCandidate,
        scheduling,
        support,
        stepLimits,
        memory,
        sets,
        rows,
        note);
  }

  /** This engine with another scheduling and other limits on every chip. */
  public Engine with(Scheduling otherScheduling, Limits otherLimits) {
    return new Engine(
        id,
        name,
        version,
        since,
        defaultCandidate,
        otherScheduling,
        support,
        new StepLimits(otherLimits, otherLimits, stepLimits.largeMemoryGb(), stepLimits.notLarge()),
        memory,
        efficiencies,
        arithmetic,
        note);
  }

  /**
   * What an engine runs.
   *
   * @param families accelerator families
   * @param quantizations quantization ids it can load
   * @param structuredOutput whether it can hold answers to a JSON Schema or grammar
   * @param embeddings whether it serves embedding models
   */
  public record Support(
      List<String> families,
      List<String> quantizations,
      boolean structuredOutput,
      boolean embeddings) {
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
