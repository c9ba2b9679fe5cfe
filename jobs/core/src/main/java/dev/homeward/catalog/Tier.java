package dev.homeward.catalog;

import java.util.Locale;
import java.util.Optional;

/**
 * Capability tier of a hosted or local model, from published evaluations. Embedding models stand
 * apart: they are compared with embedding models only. The others are ordered.
 */
public enum Tier {
  EMBEDDING,
  SMALL,
  MEDIUM,
  LARGE,
  FRONTIER;

  /** Whether a model of this tier may stand in for a model of the other one. */
  public boolean covers(Tier other) {
    if (this == EMBEDDING || other == EMBEDDING) {
      return this == other;
    }
    return compareTo(other) >= 0;
  }

  /** The tier under this one; empty under the lowest, and for embeddings. */
  public Optional<Tier> below() {
    return this == EMBEDDING || this == SMALL
        ? Optional.empty()
        : Optional.of(values()[ordinal() - 1]);
  }

  /** Whether it is the tier below the other one. */
  public boolean isJustBelow(Tier other) {
    return this != EMBEDDING && ordinal() == other.ordinal() - 1;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
