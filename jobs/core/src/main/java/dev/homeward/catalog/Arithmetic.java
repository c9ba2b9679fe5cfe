package dev.homeward.catalog;

import dev.homeward.config.Default;
import java.util.List;
import java.util.Optional;

/**
 * Which units of a chip an engine computes with. Of the rows that fit an engine, a chip and a
 * weight format the last counts, so that a file's general rows come first.
 *
 * @param engines ids or names of lines of versions ({@code llama.cpp})
 * @param work what is computed
 * @param formats ids of weight formats, {@code packed} or {@code wide}; empty for all
 * @param chips ids, generations or families of accelerators; empty for all
 * @param unit what computes it
 * @param fusedExperts whether choosing experts, their products and putting the results together run
 *     in few launches
 * @param share of the unit's peak that these engines' instructions can reach at all
 */
public record Arithmetic(
    List<String> engines,
    Work work,
    List<String> formats,
    List<String> chips,
    Unit unit,
    @Default("false") boolean fusedExperts,
    @Default("1") double share,
    Source source,
    Optional<String> note) {

  /** What is computed. */
  public enum Work {
    /** Products with weights, of more tokens than vector kernels take. */
    PRODUCTS,
    /** Queries with keys, and weights of attention with values. */
    ATTENTION
  }

  /** What computes it. */
  public enum Unit {
    /** The arithmetic that the weight format names ({@link Quantization.Compute}). */
    FORMAT,
    /** Tensor cores in FP8, with activations brought to 8 bits. */
    FP8,
    /** Tensor cores in FP16 or BF16 with FP32 accumulation. */
    FP16,
    /** Tensor cores in FP16 with FP16 accumulation. */
    FP16_ACCUMULATE,
    /** The same, after the weights were written out in FP16 by a pass of their own. */
    UNPACKED,
    /** The vector units in FP32. */
    FP32,
    /**
     * Tensor cores in INT8, whose result for each block of 32 weights is scaled in FP32: 64
     * operations to about 16 of the vector units.
     */
    BLOCK_INT8
  }

  private static final double OPERATIONS_A_SCALING = 64.0 / 16;

  public Arithmetic {
    engines = List.copyOf(engines);
    formats = List.copyOf(formats);
    chips = List.copyOf(chips);
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("Invalid share: %s (from 0 to 1)".formatted(share));
    }
  }

  /** Whether it is about this work of this engine with this format on this chip. */
  boolean fits(Work which, Engine engine, Accelerator chip, Quantization format) {
    return work == which
        && (engines.contains(engine.id()) || engines.contains(engine.line()))
        && (formats.isEmpty()
            || formats.contains(format.id())
            || formats.contains(format.packed() ? "packed" : "wide"))
        && (chips.isEmpty()
            || chips.contains(chip.id())
            || chips.contains(chip.generation())
            || chips.contains(chip.family()));
  }

  /** Operations a second at most, 1e12; empty where the chip lacks the unit. */
  public Optional<Double> peak(Accelerator chip, Quantization format) {
    return switch (unit) {
      case FORMAT -> chip.peak(format.compute()).map(peak -> peak * share);
      case FP8 -> chip.peak(Quantization.Compute.FP8).map(peak -> peak * share);
      case FP16 -> Optional.of(chip.fp16Tflops().value() * share);
      case FP16_ACCUMULATE, UNPACKED -> Optional.of(chip.fp16Accumulate() * share);
      case FP32 -> Optional.of(chip.fp32() * share);
      case BLOCK_INT8 -> Optional.of(blockInt8(chip));
    };
  }

  private double blockInt8(Accelerator chip) {
    double scaled = OPERATIONS_A_SCALING * chip.fp32();
    return chip.int8Tops().map(int8 -> Math.min(scaled, int8.value() * share)).orElse(scaled);
  }
}
