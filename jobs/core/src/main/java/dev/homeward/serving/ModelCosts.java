package dev.homeward.serving;

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
  /** KV cache element, bytes: 16-bit in every default. */
  private static final int KV_ELEMENT_BYTES = 2;

  private final LocalModel model;
  private final double bytesPerWeight;

  ModelCosts(LocalModel model, Quantization quantization) {
    this.model = model;
    this.bytesPerWeight = quantization.bitsPerWeight().value() / 8;
  }

  /** All weights, bytes. Llama 3.1 70B at 4.85 bits: 70.55e9 x 4.85 / 8 = 42.8e9. */
  long weightBytes() {
    return Math.round(model.parameters() * bytesPerWeight);
  }

  /**
   * KV cache of one token over all layers, bytes: 2 x layers x kv heads x head dim x 2; with MLA
   * layers x (rank + rope) x 2. Llama 3.1 8B: 2 x 32 x 8 x 128 x 2 = 131,072. Layers of linear
   * attention have none that grows. Sliding windows are counted in full, an upper bound.
   */
  long kvBytesPerToken() {
    if (model.kvLoraRank() > 0) {
      return (long) model.layers() * (model.kvLoraRank() + model.qkRopeDim()) * KV_ELEMENT_BYTES;
    }
    return 2L * model.fullAttentionLayers() * model.kvHeads() * model.headDim() * KV_ELEMENT_BYTES;
  }

  /** Weight bytes that a step over so many tokens reads. */
  double touchedBytes(int tokens) {
    return touchedParameters(tokens) * bytesPerWeight;
  }

  /** Operations of the matrix products for one token. */
  double operationsPerToken() {
    return 2.0 * (model.activeParameters() - embeddingParameters());
  }

  /** Operations of attention for one pair of query and key: 4 x layers x heads x head dim. */
  double attentionOperationsPerPair() {
    return 4.0 * model.fullAttentionLayers() * model.heads() * model.headDim();
  }

  // Expected distinct experts of n tokens that each choose k of E uniformly: E (1 - (1 - k/E)^n).
  // Uniform routing is the worst case: real routers choose some experts more often.
  private double touchedParameters(int tokens) {
    double all = model.parameters() - embeddingParameters();
    if (model.experts() == 0) {
      return all;
    }
    double routed =
        (double) (model.layers() - model.denseLayers())
            * model.experts()
            * 3.0
            * model.hidden()
            * model.feedForward();
    double untouched =
        Math.pow(1.0 - (double) model.expertsPerToken() / model.experts(), Math.max(tokens, 1));
    return all - routed * untouched;
  }

  // The input embedding is a look-up of single rows. A tied one is also the output head and is
  // read;
  // an embedding model has no output head.
  private double embeddingParameters() {
    boolean read = model.tiedEmbeddings() && !model.embedding();
    return read ? 0 : (double) model.vocabulary() * model.hidden();
  }
}
