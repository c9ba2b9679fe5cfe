package dev.homeward.catalog;

/**
 * A published result of a model in a benchmark: what its tier rests on.
 *
 * @param benchmark name of the benchmark, with its version where scores of versions differ
 * @param score in the benchmark's own unit, percent for most; higher is better
 * @param source who published it, where, and when
 */
public record Score(String benchmark, double score, Source source) {
  public Score {
    if (benchmark.isBlank() || !Double.isFinite(score) || score <= 0) {
      throw new IllegalArgumentException(
          "Invalid score: '%s' %s (a benchmark's name and a score above 0)"
              .formatted(benchmark, score));
    }
  }
}
