package dev.homeward.catalog;

import java.io.Serializable;

/**
 * A number with its provenance; its unit is in the name of the field that holds it.
 *
 * @param value a finite number
 * @param source where it comes from
 */
public record Figure(double value, Source source) implements Serializable {
  public Figure {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("Invalid figure: %s (must be finite)".formatted(value));
    }
  }
}
