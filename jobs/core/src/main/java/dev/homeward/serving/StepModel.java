package dev.homeward.serving;

import static dev.homeward.catalog.EfficiencyParameter.ACTIVATION;
import static dev.homeward.catalog.EfficiencyParameter.ALL_REDUCE_US;
import static dev.homeward.catalog.EfficiencyParameter.ATTENTION;
import static dev.homeward.catalog.EfficiencyParameter.ATTENTION_NARROW;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE_FP4;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE_FP8;
import static dev.homeward.catalog.EfficiencyParameter.COMPUTE_PACKED;
import static dev.homeward.catalog.EfficiencyParameter.EAGER_LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.HOST_MASK_NS;
import static dev.homeward.catalog.EfficiencyParameter.HOST_PASS_US;
import static dev.homeward.catalog.EfficiencyParameter.KNEE;
import static dev.homeward.catalog.EfficiencyParameter.KV;
import static dev.homeward.catalog.EfficiencyParameter.LATENT_LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.LAYER_SINGLE_US;
import static dev.homeward.catalog.EfficiencyParameter.LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.LINK;
import static dev.homeward.catalog.EfficiencyParameter.SEQUENCE_US;
import static dev.homeward.catalog.EfficiencyParameter.STEP_US;
import static dev.homeward.catalog.EfficiencyParameter.VECTOR_COMPUTE;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT_PACKED;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT_PACKED_SINGLE;
import static dev.homeward.catalog.EfficiencyParameter.WEIGHT_SINGLE;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import dev.homeward.catalog.Scheduling.KvBuffer;
import dev.homeward.units.TimeUnits;

/**
 * The time of a forward pass in seconds, from architecture, chip and efficiency (docs/method.md,
 * "Serving model"). {@link StepTime} rounds it for the replay; calibration fits it.
 *
 * <p>Every part is a roofline of its own, joined at the knee by a p-norm, because the sharp maximum
 * is optimistic where memory and compute take alike: the body outside routed experts; the routed
 * experts. Activations, attention, all-reduces and fixed times add up.
 */
final class StepModel {

  /** Packed weights with up to so many tokens go through vector kernels (llama.cpp's MMVQ). */
  private static final int VECTOR_TOKENS = 8;

  /** Queries of the widest tile of llama.cpp's attention kernels. */
  static final int WIDEST_TILE = 64;

  /** Steps of up to so many tokens run as recorded graphs (vLLM, SGLang: 512 by default). */
  private static final int GRAPH_TOKENS = 512;

  private final Placement placement;
  private final ModelCosts costs;
  private final Efficiency efficiency;
  private final boolean unified;
  private final boolean packed;
  private final double bandwidth;
  private final double fp16;

  // Reciprocals and constants of a token, so that a table of thousands of passes costs little.
  private final double knee;
  private final double bodyBytesPerSecond;
  private final double expertBytesPerSecond;
  private final double bodyOperationsPerSecond;
  private final double expertOperationsPerSecond;

  /**
   * @param buffer where the KV cache lies; engines with a unified one run passes as llama.cpp does:
   *     single tokens as a recorded graph, vector kernels for few tokens, attention over all cells
   */
  StepModel(Placement placement, Efficiency efficiency, KvBuffer buffer) {
    this.placement = placement;
    this.costs = new ModelCosts(placement.model(), placement.quantization());
    this.efficiency = efficiency;
    this.unified =
        switch (buffer) {
          case PAGED -> false;
          case UNIFIED -> true;
        };
    Accelerator chip = placement.accelerator();
    Quantization format = placement.quantization();
    this.packed =
        format.compute() == Quantization.Compute.FP16 && format.bitsPerWeight().value() < 16;
    this.bandwidth = chip.bandwidthGbPerSecond().value() * 1e9;
    this.fp16 = chip.fp16Tflops().value() * 1e12;
    this.knee = get(KNEE);
    boolean mixture = placement.model().isMixture();
    // In a mixture the weights outside the experts may be in a wider format than the experts.
    Quantization.Compute bodyCompute = mixture ? bodyCompute(format) : format.compute();
    boolean bodyPacked = packed && !(mixture && format.otherBits().isPresent());
    this.bodyBytesPerSecond = bandwidth * get(bodyPacked ? WEIGHT_PACKED : WEIGHT);
    this.bodyOperationsPerSecond = rate(bodyCompute, bodyPacked);
    this.expertBytesPerSecond = mixture ? bandwidth * get(EXPERT) : 1;
    this.expertOperationsPerSecond =
        mixture ? rate(format.compute(), packed) * get(EXPERT_COMPUTE) : 1;
  }

  private static Quantization.Compute bodyCompute(Quantization format) {
    return format
        .otherBits()
        .map(bits -> bits.value() > 8 ? Quantization.Compute.FP16 : Quantization.Compute.FP8)
        .orElse(format.compute());
  }

  private double rate(Quantization.Compute compute, boolean unpacked) {
    double peak = Deployments.flops(placement.accelerator(), compute).orElseThrow() * 1e12;
    EfficiencyParameter share =
        switch (compute) {
          case FP16 -> unpacked ? COMPUTE_PACKED : COMPUTE;
          case FP8, INT8 -> COMPUTE_FP8;
          case FP4 -> COMPUTE_FP4;
        };
    return peak * get(share);
  }

  private double get(EfficiencyParameter parameter) {
    return efficiency.get(parameter);
  }

  /** Seconds of a pass over n tokens, but for attention over the context and for sequences. */
  double tokens(double n) {
    double ranks = placement.tensor();
    double attentionRanks = placement.attentionTensor();
    double perGroup = n / placement.attentionGroups();
    double body = body(perGroup, attentionRanks);
    double experts = 0;
    if (costs.expertLayers() > 0) {
      experts =
          joined(
              costs.expertBytes(n) / ranks / expertBytesPerSecond,
              costs.expertOperations() * n / ranks / expertOperationsPerSecond);
    }
    double activations =
        get(ACTIVATION) * n * costs.activationBytes((int) ranks) / (bandwidth * get(WEIGHT));
    double device = body + experts + activations + allReduces(n) + fixed(n);
    if (unified || n <= GRAPH_TOKENS) {
      return device;
    }
    // The host launches ahead of the device: the slower of the two sets the pace.
    return joined(
        device,
        placement.model().architecture().layers()
            * get(EAGER_LAYER_US)
            * TimeUnits.SECONDS_PER_MICRO);
  }

  private double body(double n, double ranks) {
    double bytes = costs.bodyBytes() / ranks;
    double head = costs.headBytes() / ranks;
    double operations = costs.bodyOperations() * n / ranks;
    if (unified && n == 1) {
      double share = get(packed ? WEIGHT_PACKED_SINGLE : WEIGHT_SINGLE);
      return joined((bytes + head) / (bandwidth * share), operations / bodyOperationsPerSecond);
    }
    if (unified && packed && n <= VECTOR_TOKENS) {
      return (bytes + head) / (bandwidth * get(WEIGHT_PACKED_SINGLE))
          + operations / (fp16 * get(VECTOR_COMPUTE));
    }
    return joined((bytes + head) / bodyBytesPerSecond, operations / bodyOperationsPerSecond);
  }

  private double joined(double memory, double compute) {
    if (compute <= 0) {
      return memory;
    }
    // (m^p + c^p)^(1/p) around the larger one, so that nothing overflows.
    double larger = Math.max(memory, compute);
    double smaller = Math.min(memory, compute);
    return larger * Math.pow(1 + Math.pow(smaller / larger, knee), 1 / knee);
  }

  private double fixed(double n) {
    int layers = placement.model().architecture().layers();
    double layer = unified && n == 1 ? get(LAYER_SINGLE_US) : get(LAYER_US);
    double experts = costs.expertLayers() == 0 ? 0 : costs.expertLayers() * get(EXPERT_LAYER_US);
    double latent =
        placement.model().architecture().attention().isLatent() ? layers * get(LATENT_LAYER_US) : 0;
    return (layers * layer + experts + latent + get(STEP_US)) * TimeUnits.SECONDS_PER_MICRO;
  }

  // Two all-reduces a layer of n x hidden 16-bit values on a ring: 2 (tp - 1) / tp of the bytes
  // over the link, and a fixed time each.
  private double allReduces(double n) {
    int ranks = placement.tensor();
    if (ranks == 1) {
      return 0;
    }
    double bytes = 2.0 * n * placement.model().architecture().hidden();
    double link =
        placement
                .accelerator()
                .linkGbPerSecond()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Cannot time %s on %d x %s: the accelerators have no link"
                                .formatted(
                                    placement.model().name(),
                                    ranks,
                                    placement.accelerator().name())))
                .value()
            * 1e9
            * get(LINK);
    double one =
        get(ALL_REDUCE_US) * TimeUnits.SECONDS_PER_MICRO + bytes * 2 * (ranks - 1) / ranks / link;
    return 2.0 * placement.model().architecture().layers() * one;
  }

  /** Seconds a context token of a decoding sequence. */
  double contextToken() {
    return placement.kvReadBytesPerToken() / placement.attentionGroups() / (bandwidth * get(KV));
  }

  /** Seconds a pair of query and key in prefill. */
  double pair() {
    return costs.attentionOperationsPerPair() / placement.tensor() / (fp16 * get(ATTENTION));
  }

  /** Seconds a sequence and step on the accelerator's side. */
  double sequence() {
    return get(SEQUENCE_US) * TimeUnits.SECONDS_PER_MICRO / placement.attentionGroups();
  }

  /**
   * Share of a context token's time that every further token costs: layers with a sliding window
   * read no more once the window is full, sparse attention reads an index key alone.
   */
  double growingShare() {
    LocalModel.Attention attention = placement.model().architecture().attention();
    if (attention.attendedTokens() > 0) {
      return placement.indexShare();
    }
    return 1 - (double) attention.slidingWindowLayers() / attention.fullLayers();
  }

  /** Seconds a sequence and step that its full window, or its chosen tokens, cost. */
  double window() {
    LocalModel.Attention attention = placement.model().architecture().attention();
    double tokens =
        attention.attendedTokens() > 0
            ? attention.attendedTokens()
            : (double) attention.slidingWindow()
                * attention.slidingWindowLayers()
                / attention.fullLayers();
    return tokens * contextToken();
  }

  /** Seconds a cell of a unified KV buffer and pass. */
  double cell() {
    return contextToken();
  }

  /** Seconds a cell of a unified KV buffer and token, in whole tiles, of a pass of many tokens. */
  double cellToken() {
    return pair();
  }

  /** The same of a pass of one tile of tokens. */
  double narrowCellToken() {
    return pair() * get(ATTENTION) / get(ATTENTION_NARROW);
  }

  /** Seconds of attention in a pass of so many tokens over all cells of a unified KV buffer. */
  double cells(double cells, int tokens) {
    double each = tokens <= WIDEST_TILE ? narrowCellToken() : cellToken();
    return cells * (cell() + each * tile(tokens));
  }

  /** Seconds the host needs to prepare any pass of an engine with slots. */
  double hostPass() {
    return get(HOST_PASS_US) * TimeUnits.SECONDS_PER_MICRO;
  }

  /** Seconds the host needs for a cell and a token of a pass's mask. */
  double hostMask() {
    return get(HOST_MASK_NS) * TimeUnits.SECONDS_PER_NANO;
  }

  /**
   * Tokens that llama.cpp's attention kernels compute for a pass: whole tiles, of 8, 16, 32 or 64
   * queries, whatever of the last is empty.
   */
  static int tile(int tokens) {
    if (tokens > WIDEST_TILE) {
      return (tokens + WIDEST_TILE - 1) / WIDEST_TILE * WIDEST_TILE;
    }
    return tokens <= 2 ? tokens : Integer.highestOneBit(tokens - 1) * 2;
  }

  Placement placement() {
    return placement;
  }
}
