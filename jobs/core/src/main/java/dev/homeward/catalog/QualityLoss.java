package dev.homeward.catalog;

/**
 * What a model loses in a weight format, against the same model in 16 bits.
 *
 * @param measure what was compared
 * @param share the loss: of the benchmark score, or by how much the perplexity rises; not under 0
 * @param on the models and the test it was measured on
 */
public record QualityLoss(Measure measure, Figure share, String on) {

  public QualityLoss {
    if (share.value() < 0 || (measure == Measure.SCORE && share.value() > 1)) {
      throw new IllegalArgumentException(
          "Invalid share: %s (a share of 1, as 0.02 for two percent)".formatted(share.value()));
    }
  }

  /** What is compared. */
  public enum Measure {
    /** Share of the benchmark score that is lost. */
    SCORE,
    /** Share by which the perplexity on a text rises; it says little across models. */
    PERPLEXITY
  }
}
