package dev.homeward.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A weight format: bytes, the arithmetic it is computed in, and what it costs in quality.
 *
 * <p>The time of a step and the size of a file are counted apart: {@code bitsPerWeight}, {@code
 * otherBits} and {@code headBits} are what the efficiencies of engines were fitted with, the others
 * say where published files differ.
 *
 * @param bitsPerWeight average over a whole model, scales included; over all but the embedding and
 *     the output head where {@code embeddingBits} is given
 * @param otherBits bits of the weights outside routed experts in a mixture, where checkpoints keep
 *     those wider; empty where all are alike
 * @param headBits bits of the output head that a step reads; where empty those of the weights, at
 *     least 8 and at most 16
 * @param embeddingBits bits of the input embedding, and of the output head where nothing else is
 *     said, where they are not part of the average
 * @param storedBits what files hold a weight in, where steps are timed with another average
 * @param storedHeadBits what files hold the output head in, where steps are timed with another one
 * @param aka names that files of measurements use for it, of engines that load this one
 * @param compute the arithmetic of the matrix products; formats that are unpacked first compute in
 *     FP16 whatever their bits
 * @param qualityLoss what a model is known to lose in it; empty where nobody has said
 * @param source of the figures that do not name another
 */
public record Quantization(
    String id,
    String name,
    Figure bitsPerWeight,
    Optional<Figure> otherBits,
    Optional<Figure> headBits,
    Optional<Figure> embeddingBits,
    Optional<Figure> storedBits,
    Optional<Figure> storedHeadBits,
    List<String> aka,
    Compute compute,
    Optional<QualityLoss> qualityLoss,
    Source source,
    Optional<String> note) {

  /** Fewer bits than these a weight, and a model no longer counts as one of its tier. */
  public static final double LEAST_BITS_OF_A_TIER = 4;

  public Quantization {
    aka = List.copyOf(aka);
    if (storedHeadBits.isPresent() && embeddingBits.isEmpty()) {
      throw new IllegalArgumentException(
          "stored-head-bits needs embedding-bits (without it the head is part of the average)");
    }
  }

  /** Whether weights are in fewer bits than the FP16 they are computed in. */
  public boolean packed() {
    return compute == Compute.FP16 && bitsPerWeight.value() < 16;
  }

  /** Bits a weight in files, scales included; without embedding and head if those are apart. */
  public double bitsInFiles() {
    return storedBits.orElse(bitsPerWeight).value();
  }

  /** Bits of the output head in files, if it is not part of the average. */
  public Optional<Double> headBitsInFiles() {
    return embeddingBits.map(
        embedding -> storedHeadBits.or(() -> headBits).orElse(embedding).value());
  }

  /** Arithmetic of the matrix products. */
  public enum Compute {
    FP16,
    FP8,
    INT8,
    FP4
  }
}
