package dev.homeward.catalog;

/** How a model is laid over several accelerators. */
public enum ModelSplit {
  /** Every matrix cut; two all-reduces a layer. */
  TENSOR,
  /**
   * Attention whole on each accelerator with its own sequences, experts spread over all of them.
   */
  ATTENTION_DATA,
  /** Layers one after the other: more memory, no more speed for a step. */
  LAYERS
}
