package dev.homeward.serving;

/** Whether a model can be served on a box, and if not, why. */
public sealed interface Fit {

  /** It can. */
  record Fits(Deployment deployment) implements Fit {}

  /**
   * It cannot.
   *
   * @param reason which limit
   * @param explanation one line with the numbers
   */
  record DoesNotFit(Obstacle reason, String explanation) implements Fit {}

  /** Limits, as reason codes of the ranking. */
  enum Obstacle {
    /** The weights alone exceed the memory. */
    MODEL_TOO_LARGE,
    /** Weights fit, but no useful KV cache is left. */
    NO_KV_CACHE,
    /** The engine does not run on this family of accelerators. */
    ENGINE_NOT_ON_HARDWARE,
    /** The engine cannot load this weight format. */
    ENGINE_NOT_WITH_QUANTIZATION,
    /** The format needs arithmetic the accelerator lacks. */
    FORMAT_NOT_ON_HARDWARE,
    /** No efficiency parameters for this engine on this family. */
    NO_EFFICIENCY
  }
}
