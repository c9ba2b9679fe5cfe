package dev.homeward.catalog;

import java.util.Optional;

/**
 * A weight format: bytes, and the arithmetic it is computed in.
 *
 * @param bitsPerWeight average over a whole model, scales included
 * @param otherBits bits of the weights outside routed experts in a mixture, where checkpoints keep
 *     those wider; empty where all are alike
 * @param compute the arithmetic of the matrix products; formats that are unpacked first compute in
 *     FP16 whatever their bits
 * @param source of the figures that do not name another
 */
public record Quantization(
    String id,
    String name,
    Figure bitsPerWeight,
    Optional<Figure> otherBits,
    Compute compute,
    Source source,
    Optional<String> note) {

  /** Arithmetic of the matrix products. */
  public enum Compute {
    FP16,
    FP8,
    INT8,
    FP4
  }
}
