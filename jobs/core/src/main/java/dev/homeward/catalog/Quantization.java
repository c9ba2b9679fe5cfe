package dev.homeward.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A weight format: bytes, and the arithmetic it is computed in.
 *
 * @param bitsPerWeight average over a whole model, scales included
 * @param otherBits bits of the weights outside routed experts in a mixture, where checkpoints keep
 *     those wider; empty where all are alike
 * @param headBits bits of the output head, where they are known to differ
 * @param embeddingBits bits of the input embedding, and of the output head where nothing else is
 *     said, where they are not part of the average: a format that leaves both as they were
 * @param aka names that files of measurements use for it, of engines that load this one
 * @param compute the arithmetic of the matrix products; formats that are unpacked first compute in
 *     FP16 whatever their bits
 * @param source of the figures that do not name another
 */
public record Quantization(
    String id,
    String name,
    Figure bitsPerWeight,
    Optional<Figure> otherBits,
    Optional<Figure> headBits,
    Optional<Figure> embeddingBits,
    List<String> aka,
    Compute compute,
    Source source,
    Optional<String> note) {

  public Quantization {
    aka = List.copyOf(aka);
  }

  /** Whether weights are in fewer bits than the FP16 they are computed in. */
  public boolean packed() {
    return compute == Compute.FP16 && bitsPerWeight.value() < 16;
  }

  /** Arithmetic of the matrix products. */
  public enum Compute {
    FP16,
    FP8,
    INT8,
    FP4
  }
}
