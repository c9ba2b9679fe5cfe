package dev.homeward.serving;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Arithmetic;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Quantization;

/**
 * Where between idle and its limit an accelerator's power lies while it works.
 *
 * <p>A share for being awake, a share for the bytes it moves, a share for the operations it does:
 * 0.25 + 0.85 x bandwidth used + 1.6 x FLOP/s used, at most 1. Sources: Splitwise's measured power
 * fractions of A100s serving Llama 2 70B (one sequence: 0.59 of the limit at 41 % of the bandwidth,
 * 0.43 at 20 %; prompts of 512 tokens: 1.0 at 45 % of the FLOP/s) and the run r1 on an H200 (412 W
 * of 700 W at 18 % of the bandwidth); the run r3, not used, comes out 2 % low (docs/accuracy.md).
 *
 * <p>Products of packed weights in INT8 blocks keep the vector units busy, not the tensor cores:
 * vector kernels compute in FP32, matrix kernels scale every block there. They count by the share
 * of those units' operations, if that says more, with a weight that was set beside the runs r1 and
 * r2.
 *
 * <p>On a processor without a card all cores are awake while it works, waiting for each other or
 * for memory: its limit, whatever it does.
 */
final class PowerCurve {
  private static final double AWAKE = 0.25;
  private static final double BANDWIDTH = 0.85;
  private static final double COMPUTE = 1.6;
  private static final double VECTOR_UNITS = 1.0;

  private PowerCurve() {}

  /** Share of the way from idle to busy watts, in [0, 1], while this work was done. */
  static double load(Placement placement, Engine engine, BusyWork work) {
    if (!(work.seconds() > 0)) {
      return 0;
    }
    Accelerator chip = placement.accelerator();
    if (chip.computesOnCores()) {
      return 1;
    }
    ModelCosts costs = new ModelCosts(placement.model(), placement.quantization());
    double tokensAPass = work.passes() == 0 ? 0 : work.tokens() / work.passes();
    double weights = costs.bodyBytes() + costs.headBytes() + costs.expertBytes(tokensAPass);
    double bytes =
        (work.passes() * weights + work.contextTokens() * placement.kvBytesPerToken())
            / placement.accelerators();
    double accelerators = placement.accelerators();
    double products =
        work.tokens() * (costs.bodyOperations() + costs.expertOperations()) / accelerators;
    double attention = work.pairs() * costs.attentionOperationsPerPair() / accelerators;
    double peak = chip.peak(placement.quantization().compute()).orElseThrow() * 1e12;
    double bandwidth = bytes / work.seconds() / (chip.bandwidthGbPerSecond().value() * 1e9);
    double compute = COMPUTE * products / peak;
    Quantization format = placement.quantization();
    Arithmetic arithmetic = engine.arithmeticOf(Arithmetic.Work.PRODUCTS, chip, format);
    if (format.packed() && arithmetic.unit() == Arithmetic.Unit.BLOCK_INT8) {
      double few = work.tokens() == 0 ? 0 : work.vectorTokens() / work.tokens();
      double blocks = arithmetic.peak(chip, format).orElseThrow() * 1e12;
      double vectors = products * (few / (chip.fp32() * 1e12) + (1 - few) / blocks);
      compute = Math.max(compute, VECTOR_UNITS * vectors);
    }
    compute = (compute + COMPUTE * attention / peak) / work.seconds();
    return Math.min(1, AWAKE + BANDWIDTH * bandwidth + compute);
  }
}
