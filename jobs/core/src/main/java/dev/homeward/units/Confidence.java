package dev.homeward.units;

/**
 * How well a number is known, strongest first. A result carries the weakest of its inputs.
 *
 * <p>The first four are kinds of a catalog figure; the last two are kinds of demand.
 */
public enum Confidence {
  /** Read off a machine, by this project or in a named measurement. */
  MEASURED,
  /** Stated by whoever sells it: a datasheet, a price list. */
  VENDOR,
  /** Stated by a third party in public. */
  PUBLISHED,
  /** A documented assumption without a source for this very thing. */
  ASSUMED,
  /** Demand of a month estimated from a log that covers a part of it. */
  EXTRAPOLATED,
  /** Arrivals made up inside a bucket of a usage report. */
  SYNTHESISED;

  /** The weaker of the two. */
  public Confidence weakest(Confidence other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** The word used in files: {@code measured}, {@code vendor}, ... */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The kind with this word.
   *
   * @throws IllegalArgumentException naming the word and the allowed ones
   */
  public static Confidence parse(String word) {
    for (Confidence kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "Invalid kind: %s (one of measured, vendor, published, assumed, extrapolated, synthesised)"
            .formatted(word));
  }
}
