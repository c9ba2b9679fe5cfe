package dev.homeward.serving;

import static dev.homeward.catalog.EfficiencyParameter.COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE_FP4;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE_FP8;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE_PACKED;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_PACKED;
import static dev.homeward.catalog.EfficiencyParameter.KNEE;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT_PACKED;

import dev.homeward.catalog.Arithmetic;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.Quantization;

/**
 * Products of engines that run one kind of kernel for any number of tokens (vLLM, SGLang,
 * TensorRT-LLM): a roofline for the body outside routed experts and one for the experts.
 */
final class GraphedProducts implements Products {
  private final Placement placement;
  private final ModelCosts costs;
  private final double knee;
  private final double otherBytesPerSecond;
  private final double bodyBytesPerSecond;
  private final double expertBytesPerSecond;
  private final double bodyOperationsPerSecond;
  private final double expertOperationsPerSecond;

  GraphedProducts(Placement placement, ModelCosts costs, Efficiency efficiency, Arithmetic units) {
    this.placement = placement;
    this.costs = costs;
    this.knee = efficiency.get(KNEE);
    Quantization format = placement.quantization();
    boolean mixture = placement.model().isMixture();
    // In a mixture the weights outside the experts may be in a wider format than the experts.
    Quantization.Compute bodyCompute = mixture ? bodyCompute(format) : format.compute();
    boolean bodyPacked = format.packed() && !(mixture && format.otherBits().isPresent());
    double bandwidth = placement.accelerator().bandwidthGbPerSecond().value() * 1e9;
    this.otherBytesPerSecond = bandwidth * efficiency.get(WEIGHT);
    this.bodyBytesPerSecond = bandwidth * efficiency.get(bodyPacked ? WEIGHT_PACKED : WEIGHT);
    this.bodyOperationsPerSecond = rate(efficiency, bodyCompute, bodyPacked);
    boolean inFp8 = units.unit() == Arithmetic.Unit.FP8;
    boolean unpacked = format.packed() && !inFp8;
    EfficiencyParameter read = unpacked && efficiency.has(EXPERT_PACKED) ? EXPERT_PACKED : EXPERT;
    this.expertBytesPerSecond = mixture ? bandwidth * efficiency.get(read) : 1;
    Quantization.Compute compute = inFp8 ? Quantization.Compute.FP8 : format.compute();
    this.expertOperationsPerSecond =
        mixture ? rate(efficiency, compute, unpacked) * efficiency.get(EXPERT_COMPUTE) : 1;
  }

  private static Quantization.Compute bodyCompute(Quantization format) {
    return format
        .otherBits()
        .map(bits -> bits.value() > 8 ? Quantization.Compute.FP16 : Quantization.Compute.FP8)
        .orElse(format.compute());
  }

  private double rate(Efficiency efficiency, Quantization.Compute compute, boolean unpacked) {
    double peak = placement.accelerator().peak(compute).orElseThrow() * 1e12;
    EfficiencyParameter share =
        switch (compute) {
          case FP16 -> unpacked ? COMPUTE_PACKED : COMPUTE;
          case FP8, INT8 -> COMPUTE_FP8;
          case FP4 -> COMPUTE_FP4;
        };
    return peak * efficiency.get(share);
  }

  @Override
  public double seconds(double n) {
    double ranks = placement.tensor();
    double perGroup = n / placement.attentionGroups();
    double bodyRanks = placement.attentionTensor();
    double body =
        Products.joined(
            (costs.bodyBytes() / bodyRanks + costs.headBytes() / bodyRanks) / bodyBytesPerSecond,
            costs.bodyOperations() * perGroup / bodyRanks / bodyOperationsPerSecond,
            knee);
    if (costs.expertLayers() == 0) {
      return body;
    }
    return body
        + Products.joined(
            costs.expertBytes(n) / ranks / expertBytesPerSecond,
            costs.expertOperations() * n / ranks / expertOperationsPerSecond,
            knee);
  }

  /**
   * Seconds of the output head of one pass, which a pipeline's last stage has beside its layers.
   */
  double headSeconds() {
    return costs.headBytes() / bodyBytesPerSecond;
  }

  @Override
  public double bytesPerSecond(double n) {
    return otherBytesPerSecond;
  }
}
