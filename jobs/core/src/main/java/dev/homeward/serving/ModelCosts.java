package dev.homeward.serving;

import dev.homeward.catalog.Figure;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;

/**
 * Bytes and operations of a model, from its architecture (docs/method.md, "Serving model").
 *
 * <p>Memory needs all parameters. A step reads the parameters it touches: everything but the input
 * embedding for dense models; for a mixture of experts the shared part and the distinct experts
 * that the step's tokens choose. Operations are two a touched parameter and token.
 */
final class ModelCosts {
  /** Heads that no format says anything of: in 16 bits, or as the weights, but in 8 at least. */
  private static final double HEAD_BYTES = 2;

  private static final double TOWER_BYTES = 2;

  private final LocalModel whole;
  private final LocalModel.Architecture model;
  private final LocalModel.Attention attention;
  private final LocalModel.FeedForward feedForward;
  private final double bytesPerWeight;
  private final double otherBytesPerWeight;
  private final double headBytesPerWeight;
  private final Quantization quantization;

  ModelCosts(LocalModel model, Quantization quantization) {
    this.quantization = quantization;
    this.whole = model;
    this.model = model.architecture();
    this.attention = this.model.attention();
    this.feedForward = this.model.forward();
    this.bytesPerWeight = quantization.bitsPerWeight().value() / 8;
    this.otherBytesPerWeight =
        feedForward.experts() == 0
            ? bytesPerWeight
            : quantization.otherBits().map(bits -> bits.value() / 8).orElse(bytesPerWeight);
    this.headBytesPerWeight =
        quantization
            .headBits()
            .or(quantization::embeddingBits)
            .map(bits -> bits.value() / 8)
            .orElse(Math.min(HEAD_BYTES, Math.max(bytesPerWeight, 1)));
  }

  /**
   * All weights as published files hold them, bytes: experts, body, embedding, head and towers each
   * in their own bits, or the size of the file where the catalog has it. Llama 3.1 70B in FP8:
   * 68.45e9 + 2 x 1.05e9 x 2 = 72.7e9.
   */
  long weightBytes() {
    Figure published = whole.publishedGb().get(quantization.id());
    return published == null ? countedBytes() : Math.round(published.value() * 1e9);
  }

  private long countedBytes() {
    double bits = quantization.bitsInFiles();
    double otherBits =
        feedForward.experts() == 0
            ? bits
            : quantization.otherBits().map(Figure::value).orElse(bits);
    double routed = routedParameters();
    double table = (double) model.vocabulary() * model.hidden();
    double inputTable = model.tiedEmbeddings() ? 0 : table;
    double body = model.parameters() - routed - table - inputTable;
    return Math.round(
        (routed * bits
                    + body * otherBits
                    + table * quantization.headBitsInFiles().orElse(otherBits)
                    + inputTable
                        * quantization.embeddingBits().map(Figure::value).orElse(otherBits))
                / 8
            + model.towerParameters() * TOWER_BYTES);
  }

  /**
   * Elements of the KV cache of one token over all layers: 2 x layers x kv heads x head dim; with
   * MLA layers x (rank + rope); or the sum that the catalog gives where layers differ. Llama 3.1
   * 8B: 2 x 32 x 8 x 128 = 65,536. Layers of linear attention have none that grows. Sliding windows
   * are counted in full, an upper bound.
   */
  long kvElementsPerToken() {
    if (attention.kvElements() > 0) {
      return attention.kvElements();
    }
    if (attention.kvLoraRank() > 0) {
      return (long) attention.fullLayers() * (attention.kvLoraRank() + attention.qkRopeDim());
    }
    return 2L * attention.fullLayers() * attention.kvHeads() * attention.headDim();
  }

  /** Parameters of the body outside routed experts: attention, dense and shared feed-forward. */
  double bodyParameters() {
    return model.parameters() - embeddingParameters() - headParameters() - routedParameters();
  }

  /** Bytes of the body outside routed experts. */
  double bodyBytes() {
    return bodyParameters() * otherBytesPerWeight;
  }

  /** Bytes of the output head, read once a step; none in an embedding model. */
  double headBytes() {
    return headParameters() * headBytesPerWeight;
  }

  /** Bytes of the distinct routed experts that so many tokens touch. */
  double expertBytes(double tokens) {
    return feedForward.experts() == 0
        ? 0
        : (double) expertLayers() * distinctExperts(tokens) * oneExpert() * bytesPerWeight;
  }

  /** Distinct routed experts that so many tokens touch, over all layers. */
  double expertsTouched(double tokens) {
    return feedForward.experts() == 0 ? 0 : expertLayers() * distinctExperts(tokens);
  }

  /** Tokens of a pass that each of the experts it touches takes. */
  double tokensAnExpert(double tokens) {
    return tokens * feedForward.expertsPerToken() / distinctExperts(tokens);
  }

  /** Operations of the output head for one token. */
  double headOperations() {
    return 2.0 * headParameters();
  }

  /** Operations of the body outside routed experts for one token. */
  double bodyOperations() {
    return 2.0 * bodyParameters();
  }

  /** Operations of the routed experts for one token. */
  double expertOperations() {
    return 2.0 * expertLayers() * feedForward.expertsPerToken() * oneExpert();
  }

  /**
   * Operations of attention for one pair of query and key over all layers that attend: two products
   * of head dim a head; with MLA of head dim + rope and of head dim.
   */
  double attentionOperationsPerPair() {
    int width =
        attention.kvLoraRank() > 0
            ? 2 * attention.headDim() + attention.qkRopeDim()
            : 2 * attention.headDim();
    return 2.0 * attention.fullLayers() * attention.heads() * width;
  }

  /**
   * Bytes of activations that one token reads and writes between the matrix products of all layers,
   * in 16 bit: about ten vectors of the model's width, which every tensor rank handles whole, and
   * four of the feed-forward's and two of the attention's, which are cut.
   */
  double activationBytes(int ranks) {
    double wide =
        feedForward.experts() == 0
            ? 4.0 * feedForward.width()
            : (feedForward.expertsPerToken() + feedForward.sharedExperts())
                * (2.0 * model.hidden() + 3.0 * feedForward.width());
    double heads = 2.0 * (attention.heads() + 2.0 * attention.kvHeads()) * attention.headDim();
    if (attention.kvLoraRank() > 0) {
      heads = 2.0 * attention.heads() * attention.headDim();
    }
    return 2.0 * model.layers() * (10.0 * model.hidden() + (wide + heads) / ranks);
  }

  /** Layers with routed experts. */
  int expertLayers() {
    return feedForward.experts() == 0 ? 0 : model.layers() - feedForward.denseLayers();
  }

  // Expected distinct experts of n tokens that each choose k of E uniformly: E (1 - (1 - k/E)^n).
  // Uniform routing is the worst case: real routers choose some experts more often.
  private double distinctExperts(double tokens) {
    double missed = 1.0 - (double) feedForward.expertsPerToken() / feedForward.experts();
    return feedForward.experts() * (1 - Math.pow(missed, Math.max(tokens, 1)));
  }

  private double oneExpert() {
    return 3.0 * model.hidden() * feedForward.width();
  }

  private double routedParameters() {
    return (double) expertLayers() * feedForward.experts() * oneExpert();
  }

  // The input embedding is a look-up of single rows; a tied one is also the output head.
  private double embeddingParameters() {
    boolean head = model.tiedEmbeddings() && !whole.embedding();
    return head ? 0 : (double) model.vocabulary() * model.hidden();
  }

  private double headParameters() {
    return whole.embedding() ? 0 : (double) model.vocabulary() * model.hidden();
  }
}
