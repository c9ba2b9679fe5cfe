package dev.homeward.decision;

import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import dev.homeward.catalog.Tier;
import java.util.Comparator;

/**
 * Which of two weight formats of a model is taken where both cost about the same: the one that
 * loses less quality; among those that lose next to nothing, the one that the catalog names first.
 */
final class FormatOrder {
  private FormatOrder() {}

  static Comparator<Quantization> of(LocalModel model) {
    return Comparator.comparingInt(FormatOrder::lossClass)
        .thenComparingInt(q -> model.quantizations().indexOf(q.id()));
  }

  /** The tier that a model counts as in a format. */
  static Tier tier(LocalModel model, Quantization format) {
    return model.tier();
  }

  private static int lossClass(Quantization format) {
    return format.bitsPerWeight().value() > 6 ? 0 : format.bitsPerWeight().value() >= 4 ? 1 : 2;
  }
}
