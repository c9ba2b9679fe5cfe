package dev.homeward.serving;

import static dev.homeward.catalog.EfficiencyParameter.ACTIVATION;
import static dev.homeward.catalog.EfficiencyParameter.ALL_REDUCE_US;
import static dev.homeward.catalog.EfficiencyParameter.ATTENTION;
import static dev.homeward.catalog.EfficiencyParameter.ATTENTION_NARROW;
import static dev.homeward.catalog.EfficiencyParameter.CALL_US;
import static dev.homeward.catalog.EfficiencyParameter.EAGER_LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_LAYER_FUSED_US;
import static dev.homeward.catalog.EfficiencyParameter.EXPERT_LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.HOST_CLEAR_NS;
import static dev.homeward.catalog.EfficiencyParameter.HOST_LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.HOST_MASK_NS;
import static dev.homeward.catalog.EfficiencyParameter.HOST_PASS_US;
import static dev.homeward.catalog.EfficiencyParameter.KNEE;
import static dev.homeward.catalog.EfficiencyParameter.KV;
import static dev.homeward.catalog.EfficiencyParameter.KV_SINGLE;
import static dev.homeward.catalog.EfficiencyParameter.LATENT_LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.LAYER_SINGLE_US;
import static dev.homeward.catalog.EfficiencyParameter.LAYER_US;
import static dev.homeward.catalog.EfficiencyParameter.LINK;
import static dev.homeward.catalog.EfficiencyParameter.MIXED_TILE;
import static dev.homeward.catalog.EfficiencyParameter.SAMPLE_SINGLE_US;
import static dev.homeward.catalog.EfficiencyParameter.SAMPLE_SLOT_US;
import static dev.homeward.catalog.EfficiencyParameter.SAMPLE_US;
import static dev.homeward.catalog.EfficiencyParameter.SCORE_BYTES;
import static dev.homeward.catalog.EfficiencyParameter.SEQUENCE_US;
import static dev.homeward.catalog.EfficiencyParameter.STEP_US;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Arithmetic;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Scheduling.Kernels;
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

  /** Queries of the widest tile of llama.cpp's attention kernels. */
  static final int WIDEST_TILE = 64;

  /** Sampling slows down no further beyond so many slots: no measured run has more. */
  static final int MOST_SAMPLING_SLOTS = 32;

  /** Steps of up to so many tokens run as recorded graphs (vLLM, SGLang: 512 by default). */
  private static final int GRAPH_TOKENS = 512;

  private final Placement placement;
  private final ModelCosts costs;
  private final Efficiency efficiency;
  private final Kernels kernels;
  private final Products products;
  private final double bandwidth;
  private final double kvBytesPerSecond;
  private final double attentionPerSecond;
  private final EfficiencyParameter expertLayer;

  /** Seconds of the output head in a pipeline's last stage; 0 where there is no pipeline. */
  private final double headSeconds;

  /** Share of a pass's layers in the longest stage of a pipeline, times the stages; else 1. */
  private final double longestStage;

  StepModel(Placement placement, Efficiency efficiency, Engine engine) {
    this.placement = placement;
    this.costs = new ModelCosts(placement.model(), placement.quantization());
    this.efficiency = efficiency;
    this.kernels = engine.scheduling().kernels();
    Accelerator chip = placement.accelerator();
    this.bandwidth = chip.bandwidthGbPerSecond().value() * 1e9;
    Arithmetic units =
        engine.arithmeticOf(Arithmetic.Work.PRODUCTS, chip, placement.quantization());
    this.expertLayer =
        units.fusedExperts() && efficiency.has(EXPERT_LAYER_FUSED_US)
            ? EXPERT_LAYER_FUSED_US
            : EXPERT_LAYER_US;
    switch (kernels) {
      case GRAPHED -> {
        GraphedProducts made = new GraphedProducts(placement, costs, efficiency, units);
        this.products = made;
        this.headSeconds = made.headSeconds();
        this.longestStage = stages(placement);
        this.kvBytesPerSecond = bandwidth * get(KV);
      }
      case BY_TOKENS -> {
        ByTokensProducts made = new ByTokensProducts(placement, costs, efficiency, engine);
        this.products = made;
        this.headSeconds = 0;
        this.longestStage = 1;
        this.kvBytesPerSecond = made.kvBytesPerSecond();
      }
      default -> throw new IllegalStateException("Unknown kernels: " + kernels);
    }
    this.attentionPerSecond =
        engine
                .arithmeticOf(Arithmetic.Work.ATTENTION, chip, placement.quantization())
                .peak(chip, placement.quantization())
                .orElseThrow()
            * 1e12
            * get(ATTENTION);
  }

  private double get(EfficiencyParameter parameter) {
    return efficiency.get(parameter);
  }

  /** Seconds of a pass over n tokens, but for attention over the context and for sequences. */
  double tokens(double n) {
    double activations =
        get(ACTIVATION)
            * n
            * costs.activationBytes(placement.tensor())
            / products.bytesPerSecond(n);
    double device = products.seconds(n) + activations + allReduces(n) + fixed(n);
    if (kernels == Kernels.BY_TOKENS) {
      return device;
    }
    int stages = placement.stages();
    return stages == 1 ? launched(n, device) : stages * stage(n, launched(n, device));
  }

  private static double stages(Placement placement) {
    int layers = placement.model().architecture().layers();
    int stages = placement.stages();
    int longest = (layers + stages - 1) / stages;
    return (double) stages * longest / layers;
  }

  // The longest stage of a pipeline: its layers, in the last stage fewer of them and the head; the
  // fixed time of a step; what it hands on. With as many batches on the way as there are stages, a
  // sequence waits for all of them between two tokens.
  private double stage(double n, double pass) {
    int stages = placement.stages();
    int all = placement.model().architecture().layers();
    double step = get(STEP_US) * TimeUnits.SECONDS_PER_MICRO;
    double layers = pass - headSeconds - step;
    int shortest = all / stages;
    double last = shortest * layers / all + headSeconds;
    double handed = 2.0 * n * placement.model().architecture().hidden();
    return Math.max(longestStage / stages * layers, last)
        + step
        + get(ALL_REDUCE_US) * TimeUnits.SECONDS_PER_MICRO
        + handed / linkBytesPerSecond();
  }

  private double launched(double n, double device) {
    if (n <= GRAPH_TOKENS) {
      return device;
    }
    // The host launches ahead of the device: the slower of the two sets the pace.
    return Products.joined(
        device,
        placement.model().architecture().layers()
            * get(EAGER_LAYER_US)
            * TimeUnits.SECONDS_PER_MICRO,
        get(KNEE));
  }

  private double fixed(double n) {
    int layers = placement.model().architecture().layers();
    double layer = kernels == Kernels.BY_TOKENS && n == 1 ? get(LAYER_SINGLE_US) : get(LAYER_US);
    double experts = costs.expertLayers() == 0 ? 0 : costs.expertLayers() * get(expertLayer);
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
    double one =
        get(ALL_REDUCE_US) * TimeUnits.SECONDS_PER_MICRO
            + bytes * 2 * (ranks - 1) / ranks / linkBytesPerSecond();
    return 2.0 * placement.model().architecture().layers() * one;
  }

  private double linkBytesPerSecond() {
    return placement
            .accelerator()
            .linkGbPerSecond()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot time %s on %d x %s: the accelerators have no link"
                            .formatted(
                                placement.model().name(),
                                placement.accelerators(),
                                placement.accelerator().name())))
            .value()
        * 1e9
        * get(LINK);
  }

  /** Seconds a context token of a decoding sequence. */
  double contextToken() {
    return longestStage
        * placement.kvReadBytesPerToken()
        / placement.attentionGroups()
        / kvBytesPerSecond;
  }

  /**
   * The same in a step that holds prompt tokens too: where attention computes a tile of rows for
   * each query head of a decoding sequence, of which one is used, the slower of the two counts.
   */
  double contextTokenMixed() {
    return efficiency.has(MIXED_TILE)
        ? Math.max(contextToken(), get(MIXED_TILE) * pair() / placement.attentionGroups())
        : contextToken();
  }

  /**
   * Seconds a pair of query and key in prefill. Kernels that are not fused write the scores out and
   * read them back.
   */
  double pair() {
    double computed =
        longestStage * costs.attentionOperationsPerPair() / placement.tensor() / attentionPerSecond;
    if (fused()) {
      return computed;
    }
    LocalModel.Attention attention = placement.model().architecture().attention();
    return computed
        + (double) attention.fullLayers()
            * attention.heads()
            * get(SCORE_BYTES)
            / products.bytesPerSecond(GRAPH_TOKENS);
  }

  /** Seconds a sequence and step on the accelerator's side. */
  double sequence() {
    return longestStage
        * get(SEQUENCE_US)
        * TimeUnits.SECONDS_PER_MICRO
        / placement.attentionGroups();
  }

  /** Whether attention runs in one kernel that writes no scores out. */
  boolean fused() {
    return !efficiency.has(SCORE_BYTES);
  }

  /**
   * Context tokens that a query at the end of a context attends to, averaged over the layers:
   * layers with a sliding window read no more than that; sparse attention reads a chosen few, and
   * one index key of each token to choose by.
   */
  double attended(double context) {
    LocalModel.Attention attention = placement.model().architecture().attention();
    if (attention.attendedTokens() > 0) {
      return Math.min(context, attention.attendedTokens()) + context * placement.indexShare();
    }
    double windows = (double) attention.slidingWindowLayers() / attention.fullLayers();
    return (1 - windows) * context + windows * Math.min(context, attention.slidingWindow());
  }

  /**
   * Seconds of attention in the prompt of one sequence, so many tokens after so many, where what
   * the mask hides is skipped: pairs, and one reading of the context.
   */
  double prompt(double tokens, double before) {
    LocalModel.Attention attention = placement.model().architecture().attention();
    double windows = (double) attention.slidingWindowLayers() / attention.fullLayers();
    double window = attention.slidingWindow();
    double all = tokens * before + tokens * tokens / 2;
    double inWindow =
        before > 0
            ? tokens * Math.min(before, window)
            : tokens <= window
                ? tokens * tokens / 2
                : window * window / 2 + (tokens - window) * window;
    double pairs = windows == 0 ? all : (1 - windows) * all + windows * inWindow;
    return pairs * pair() + attended(before + tokens) * contextToken();
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

  /** Share of the attending layers that have a sliding window. */
  double windowShare() {
    LocalModel.Attention attention = placement.model().architecture().attention();
    return (double) attention.slidingWindowLayers() / attention.fullLayers();
  }

  /** Tokens of the sliding window; 0 if there is none. */
  int windowTokens() {
    return placement.model().architecture().attention().slidingWindow();
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
    return efficiency.has(ATTENTION_NARROW)
        ? pair() * get(ATTENTION) / get(ATTENTION_NARROW)
        : pair();
  }

  /** Whether a pass of one token attends through a kernel of its own. */
  boolean attendsAlone() {
    return efficiency.has(KV_SINGLE);
  }

  /** Seconds a cell of a unified KV buffer in that kernel. */
  double singleCell() {
    return placement.kvReadBytesPerToken() / (bandwidth * get(KV_SINGLE));
  }

  /** Seconds of attention in a pass of so many tokens over all cells of a unified KV buffer. */
  double cells(double cells, int tokens) {
    if (tokens == 1 && attendsAlone()) {
      return cells * singleCell();
    }
    if (!fused()) {
      return cells * (tokens == 1 ? cell() : pair() * tokens);
    }
    double each = tokens <= WIDEST_TILE ? narrowCellToken() : cellToken();
    return cells * (cell() + each * tile(tokens));
  }

  /** Seconds of a call outside the steps. */
  double call() {
    return get(CALL_US) * TimeUnits.SECONDS_PER_MICRO;
  }

  /** Seconds the host needs to prepare any pass of an engine with slots. */
  double hostPass() {
    // Its graph is built and split node by node, some thirty a layer.
    double micros =
        efficiency.has(HOST_LAYER_US)
            ? placement.model().architecture().layers() * get(HOST_LAYER_US)
            : get(HOST_PASS_US);
    return micros * TimeUnits.SECONDS_PER_MICRO;
  }

  /**
   * Seconds in which the host clears one sequence's part of the buffer of logits, as it does before
   * every iteration; a model that puts none out has none.
   */
  double hostClear() {
    return !efficiency.has(HOST_CLEAR_NS) || placement.model().embedding()
        ? 0
        : placement.model().architecture().vocabulary()
            * get(HOST_CLEAR_NS)
            * TimeUnits.SECONDS_PER_NANO;
  }

  /** Seconds to sample a token and to stream it, on the host, where so many slots put one out. */
  double sampling(int slots) {
    double micros =
        efficiency.has(SAMPLE_SLOT_US)
            ? get(SAMPLE_US) + Math.min(slots, MOST_SAMPLING_SLOTS) * get(SAMPLE_SLOT_US)
            : get(slots == 1 ? SAMPLE_SINGLE_US : SAMPLE_US);
    return micros * TimeUnits.SECONDS_PER_MICRO;
  }

  /** Seconds the host needs for a cell and a token of a pass's mask. */
  double hostMask() {
    return !efficiency.has(HOST_MASK_NS) ? 0 : get(HOST_MASK_NS) * TimeUnits.SECONDS_PER_NANO;
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
