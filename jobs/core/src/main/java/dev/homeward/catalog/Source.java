package dev.homeward.catalog;

import dev.homeward.units.Confidence;
import java.io.Serializable;

/**
 * Where a figure comes from.
 *
 * @param kind measured, vendor, published or assumed
 * @param reference a page, a paper, a file; for an assumption its reasoning
 * @param date the day it was read or measured, ISO-8601 (may be a year or a month)
 */
public record Source(Confidence kind, String reference, String date) implements Serializable {
  public Source {
    if (reference.isBlank() || date.isBlank()) {
      throw new IllegalArgumentException(
          "Invalid source: '%s', '%s' (reference and date are required)"
              .formatted(reference, date));
    }
  }
}
