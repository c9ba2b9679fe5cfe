package dev.homeward.serving;

/** Seconds of the products with weights in a pass, and of what comes with them. */
interface Products {

  /** Seconds of the products of a pass over n tokens. */
  double seconds(double n);

  /** Bytes a second at which a pass over n tokens moves what is no weight. */
  double bytesPerSecond(double n);

  /**
   * (m^p + c^p)^(1/p), around the larger one, so that nothing overflows: the sharp maximum is
   * optimistic where memory and compute take alike.
   */
  static double joined(double memory, double compute, double knee) {
    if (compute <= 0) {
      return memory;
    }
    double larger = Math.max(memory, compute);
    double smaller = Math.min(memory, compute);
    return larger * Math.pow(1 + Math.pow(smaller / larger, knee), 1 / knee);
  }
}
