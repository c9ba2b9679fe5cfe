package dev.homeward.economics;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * Points of a Sobol sequence under a digital shift: every coordinate XOR a seeded number. The
 * library's generator has no seed and begins at 0, which is no probability: its first point is
 * skipped.
 */
final class ShiftedSobol {
  private static final int BITS = 52;
  private static final double SCALE = 1L << BITS;

  private ShiftedSobol() {}

  /** Standard normal deviates, {@code [dimension][point]}. */
  static double[][] normals(int dimensions, int points, long seed) {
    SobolSequenceGenerator sobol = new SobolSequenceGenerator(dimensions);
    sobol.skipTo(1);
    long[] shift = new long[dimensions];
    long state = seed;
    for (int d = 0; d < dimensions; d++) {
      state += 0x9E3779B97F4A7C15L;
      shift[d] = mix(state) >>> (64 - BITS);
    }
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    double[][] deviates = new double[dimensions][points];
    for (int i = 0; i < points; i++) {
      double[] point = sobol.nextVector();
      for (int d = 0; d < dimensions; d++) {
        long shifted = (long) (point[d] * SCALE) ^ shift[d];
        // In the middle of its cell: never 0 or 1.
        deviates[d][i] = normal.inverseCumulativeProbability((shifted + 0.5) / SCALE);
      }
    }
    return deviates;
  }

  // Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
