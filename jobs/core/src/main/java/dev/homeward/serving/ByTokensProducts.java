package dev.homeward.serving;

import static dev.homeward.catalog.EfficiencyParameter.COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE_PACKED;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_US;
import static dev.homeward.catalog.EfficiencyParameter.KNEE;
import static dev.homeward.catalog.EfficiencyParameter.LAYER_PACKED_US;
import static dev.homeward.catalog.EfficiencyParameter.SM_BYTES;
import static dev.homeward.catalog.EfficiencyParameter.SM_BYTES_SINGLE;
import static dev.homeward.catalog.EfficiencyParameter.UNPACK;
import static dev.homeward.catalog.EfficiencyParameter.VECTOR_COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.VECTOR_COMPUTE_SINGLE;
import static dev.homeward.catalog.EfficiencyParameter.VECTOR_KNEE;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT_PACKED;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT_PACKED_SINGLE;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT_SINGLE;

import dev.homeward.catalog.Arithmetic;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.Engine;
import dev.homeward.units.TimeUnits;

/**
 * Products of engines whose kernels go by the number of tokens, as those of llama.cpp and MLX do:
 * one token; a few tokens of packed weights through vector kernels; more through matrix kernels in
 * the arithmetic that {@link Arithmetic} names.
 *
 * <p>Kernels for one token are bound by memory, or by what the multiprocessors ask of it: that the
 * second binds is seen on cards with much bandwidth for their multiprocessors.
 */
final class ByTokensProducts implements Products {

  /**
   * From so many tokens on packed weights are unpacked for a product of their own, where at all.
   */
  private static final int UNPACKED_FROM = 33;

  /** Tokens of a tile of the kernels for packed weights: each tile reads the weights again. */
  private static final int TILE_TOKENS = 128;

  private static final double WIDE_BYTES = 2;

  /** Memory and multiprocessors are joined by this norm (fitted once, to eight cards). */
  private static final double SM_KNEE = 2;

  private final ModelCosts costs;
  private final Efficiency efficiency;
  private final Arithmetic.Unit unit;
  private final boolean packed;
  private final double knee;
  private final double bandwidth;
  private final double smCycles;
  private final double weightBytes;
  private final double operationsPerSecond;
  private final double vectorPerSecond;
  private final double singleVectorPerSecond;

  /** Seconds that the matrix kernels of packed weights take whatever their size. */
  private final double packedLaunches;

  /** Joins reading and computing in vector kernels; 1 if one follows the other. */
  private final double vectorKnee;

  ByTokensProducts(Placement placement, ModelCosts costs, Efficiency efficiency, Engine engine) {
    this.costs = costs;
    this.efficiency = efficiency;
    Arithmetic arithmetic =
        engine.arithmeticOf(
            Arithmetic.Work.PRODUCTS, placement.accelerator(), placement.quantization());
    this.unit = arithmetic.unit();
    this.packed = placement.quantization().packed();
    this.knee = efficiency.get(KNEE);
    this.bandwidth = placement.accelerator().bandwidthGbPerSecond().value() * 1e9;
    this.smCycles = placement.accelerator().smGhz().map(ghz -> ghz.value() * 1e9).orElse(0.0);
    this.weightBytes = costs.bodyBytes() + costs.headBytes();
    boolean packedProducts = packed && unit != Arithmetic.Unit.UNPACKED;
    this.operationsPerSecond =
        arithmetic.peak(placement.accelerator(), placement.quantization()).orElseThrow()
            * 1e12
            * efficiency.get(packedProducts ? COMPUTE_PACKED : COMPUTE);
    double fp32 = placement.accelerator().fp32() * 1e12;
    this.vectorPerSecond = fp32 * efficiency.get(VECTOR_COMPUTE);
    this.singleVectorPerSecond =
        packed && efficiency.has(VECTOR_COMPUTE_SINGLE)
            ? fp32 * efficiency.get(VECTOR_COMPUTE_SINGLE)
            : 0;
    this.vectorKnee = efficiency.has(VECTOR_KNEE) ? efficiency.get(VECTOR_KNEE) : 1;
    this.packedLaunches =
        packed && efficiency.has(LAYER_PACKED_US)
            ? placement.model().architecture().layers()
                * efficiency.get(LAYER_PACKED_US)
                * TimeUnits.SECONDS_PER_MICRO
            : 0;
  }

  @Override
  public double seconds(double n) {
    if (n <= 1) {
      return one(n);
    }
    if (packed && n <= BusyWork.VECTOR_TOKENS) {
      return few(n);
    }
    if (packed && n >= UNPACKED_FROM && unit == Arithmetic.Unit.UNPACKED) {
      return unpacked(n) + experts(n);
    }
    double again = packed ? tiles(n) : 1;
    double share = efficiency.get(packed ? WEIGHT_PACKED : WEIGHT);
    return Products.joined(
            weightBytes * again / (bandwidth * share),
            costs.bodyOperations() * n / operationsPerSecond,
            knee)
        + packedLaunches
        + experts(n);
  }

  private double one(double n) {
    double seconds =
        weightBytes / asked(packed ? WEIGHT_PACKED_SINGLE : WEIGHT_SINGLE, SM_BYTES_SINGLE);
    double experts = costs.expertBytes(n) / asked(EXPERT, SM_BYTES_SINGLE);
    if (singleVectorPerSecond > 0) {
      seconds =
          Products.joined(
              seconds,
              (costs.bodyOperations() * n + costs.headOperations()) / singleVectorPerSecond,
              knee);
      experts =
          Products.joined(experts, costs.expertOperations() * n / singleVectorPerSecond, knee);
    }
    return seconds + experts;
  }

  private double few(double n) {
    return vector(
            weightBytes / (bandwidth * efficiency.get(WEIGHT_PACKED_SINGLE)),
            costs.bodyOperations() * n / vectorPerSecond)
        + (costs.expertLayers() == 0
            ? 0
            : vector(
                costs.expertBytes(n) / (bandwidth * efficiency.get(EXPERT)),
                costs.expertOperations() * n / vectorPerSecond));
  }

  private double vector(double memory, double compute) {
    return vectorKnee == 1 ? memory + compute : Products.joined(memory, compute, vectorKnee);
  }

  // The weights are written out in FP16 first, then read by a product of 16-bit weights.
  private double unpacked(double n) {
    double wide = costs.bodyParameters() * WIDE_BYTES;
    return (costs.bodyBytes() + wide) / asked(UNPACK, SM_BYTES)
        + Products.joined(
            wide / (bandwidth * efficiency.get(WEIGHT)),
            costs.bodyOperations() * n / operationsPerSecond,
            knee);
  }

  private double experts(double n) {
    if (costs.expertLayers() == 0) {
      return 0;
    }
    double again = tiles(costs.tokensAnExpert(n));
    double launches =
        efficiency.has(EXPERT_US)
            ? costs.expertsTouched(n) * efficiency.get(EXPERT_US) * TimeUnits.SECONDS_PER_MICRO
            : 0;
    return Products.joined(
            costs.expertBytes(n) * again / (bandwidth * efficiency.get(EXPERT)),
            costs.expertOperations() * n / (operationsPerSecond * efficiency.get(EXPERT_COMPUTE)),
            knee)
        + launches;
  }

  private double tiles(double tokens) {
    return unit == Arithmetic.Unit.BLOCK_INT8 ? Math.max(1, Math.ceil(tokens / TILE_TOKENS)) : 1;
  }

  /** Bytes a second that a share of bandwidth gives, and that the multiprocessors ask for. */
  private double asked(EfficiencyParameter share, EfficiencyParameter smBytes) {
    double memory = bandwidth * efficiency.get(share);
    if (smCycles == 0 || !efficiency.has(smBytes)) {
      return memory;
    }
    return 1 / Products.joined(1 / memory, 1 / (smCycles * efficiency.get(smBytes)), SM_KNEE);
  }

  /** The same for reading the KV cache. */
  double kvBytesPerSecond() {
    return asked(EfficiencyParameter.KV, SM_BYTES_SINGLE);
  }

  @Override
  public double bytesPerSecond(double n) {
    return asked(WEIGHT, n <= 1 ? SM_BYTES_SINGLE : SM_BYTES);
  }
}
