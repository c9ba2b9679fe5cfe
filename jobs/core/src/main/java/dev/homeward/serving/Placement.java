package dev.homeward.serving;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.ModelSplit;
import dev.homeward.catalog.Quantization;

/**
 * A model on the accelerators of one replica: all that the time of a step depends on, but for the
 * engine's efficiency.
 *
 * @param accelerators how many the replica spans
 * @param split how the model is laid over them
 * @param kvBytes bytes of an element of the KV cache: 2, or 1 for FP8
 */
public record Placement(
    Accelerator accelerator,
    LocalModel model,
    Quantization quantization,
    int accelerators,
    ModelSplit split,
    int kvBytes) {

  /** DeepSeek sparse attention: an index key of 128 FP8 values a token and layer. */
  private static final double INDEX_KEY_BYTES = 128;

  public Placement {
    if (accelerators < 1 || kvBytes < 1 || kvBytes > 4) {
      throw new IllegalArgumentException(
          "Invalid placement: %d accelerators, %d bytes".formatted(accelerators, kvBytes));
    }
  }

  /** Accelerators that work on one matrix at a time. */
  int tensor() {
    return split == ModelSplit.LAYERS ? 1 : accelerators;
  }

  /** Stages of a pipeline, where the layers lie one after the other. */
  int stages() {
    return split == ModelSplit.LAYERS ? accelerators : 1;
  }

  /** Accelerators that share one sequence's attention. */
  int attentionTensor() {
    return split == ModelSplit.TENSOR ? accelerators : 1;
  }

  /** Groups among which sequences are divided. */
  int attentionGroups() {
    return split == ModelSplit.ATTENTION_DATA ? accelerators : 1;
  }

  /**
   * Bytes of one context token's KV cache that are read in sequence: what one tensor rank holds, or
   * the bytes of all layers where the layers run one after the other. Heads are repeated where
   * there are more ranks than heads; MLA's compressed cache is whole on each rank.
   */
  double kvReadBytesPerToken() {
    double all = (double) new ModelCosts(model, quantization).kvElementsPerToken() * kvBytes;
    LocalModel.Attention attention = model.architecture().attention();
    return attention.isLatent() ? all : all / Math.min(attentionTensor(), attention.kvHeads());
  }

  /** Bytes of a token's index key over those of its KV cache, in sparse attention. */
  double indexShare() {
    return model.architecture().layers() * INDEX_KEY_BYTES / kvReadBytesPerToken();
  }

  /** KV cache of one context token over all accelerators of the replica, bytes. */
  long kvBytesPerToken() {
    return (long) Math.ceil(kvReadBytesPerToken() * attentionTensor());
  }
}
