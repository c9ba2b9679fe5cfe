package dev.homeward.decision;

import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import java.util.Comparator;

/**
 * Which of two weight formats of a model is taken where both cost about the same: the one that
 * loses less quality; among those that lose next to nothing the one of fewer bits, which is the
 * faster; else the one that the catalog names first.
 */
final class FormatOrder {
  /** What counts as next to nothing: about the noise of a benchmark. Assumed. */
  private static final double SMALL_LOSS_OF_SCORE = 0.005;

  private static final double SMALL_RISE_OF_PERPLEXITY = 0.01;
  private static final double BITS_OF_SMALL_LOSS = 6;

  private FormatOrder() {}

  static Comparator<Quantization> of(LocalModel model) {
    return Comparator.comparingInt((Quantization q) -> lossClass(model, q))
        .thenComparingDouble(q -> lossClass(model, q) == 0 ? q.bitsInFiles() : 0)
        .thenComparingInt(q -> model.quantizations().indexOf(q.id()));
  }

  /** By the loss that a format is known for; where nobody has said, by its bits. */
  private static int lossClass(LocalModel model, Quantization format) {
    double bits = format.bitsInFiles();
    boolean nextToNothing =
        model
            .lossUnder(format)
            .map(
                loss ->
                    loss.share().value()
                        <= switch (loss.measure()) {
                          case SCORE -> SMALL_LOSS_OF_SCORE;
                          case PERPLEXITY -> SMALL_RISE_OF_PERPLEXITY;
                        })
            .orElse(bits >= BITS_OF_SMALL_LOSS);
    if (nextToNothing) {
      return 0;
    }
    return bits >= Quantization.LEAST_BITS_OF_A_TIER ? 1 : 2;
  }
}
