package dev.homeward.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The names by which a format is told from others: keys of a JSON object or columns of a CSV
 * header. It fits if all names of one of its alternatives are there. A key inside of an object or
 * of an array's objects is written with the keys above it, {@code data/results/amount}, at most
 * four deep.
 */
final class Signature {
  private final List<List<String>> alternatives = new ArrayList<>();

  private Signature() {}

  /** A signature with one alternative. */
  static Signature of(String... names) {
    return new Signature().or(names);
  }

  /** No signature: the framing alone tells the format. */
  static Signature none() {
    return new Signature();
  }

  /** Adds an alternative. */
  Signature or(String... names) {
    alternatives.add(List.of(names));
    return this;
  }

  /** The names of the alternative that fits best, present or not; empty if there is none. */
  List<String> nearest(Set<String> names) {
    List<String> nearest = List.of();
    double best = -1;
    for (List<String> alternative : alternatives) {
      double share = share(alternative, names);
      if (share > best) {
        best = share;
        nearest = alternative;
      }
    }
    return nearest;
  }

  /** How many of the nearest alternative's names are there, 0 to 1. */
  double share(Set<String> names) {
    List<String> nearest = nearest(names);
    return nearest.isEmpty() ? 0 : share(nearest, names);
  }

  private static double share(List<String> alternative, Set<String> names) {
    return (double) alternative.stream().filter(names::contains).count() / alternative.size();
  }
}
