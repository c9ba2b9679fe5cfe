package dev.homeward.decision;

import dev.homeward.catalog.Tier;
import java.util.Optional;

/**
 * Where a local model stands beside the hosted one whose calls it would take: rungs of a ladder,
 * the lowest first. Policy and evaluations may lift a model above its tier.
 *
 * @param rung 0 for a model that may stand in, else how many tiers it lies below, as a negative
 *     number
 */
public record Standing(int rung) implements Comparable<Standing> {
  /** Of the hosted model's tier or above, or named by the policy. */
  public static final Standing MAY_STAND_IN = new Standing(0);

  /**
   * The standing of a model.
   *
   * @param local its tier in a weight format; empty if it is under the lowest one
   */
  static Standing of(Optional<Tier> local, Tier hosted) {
    if (local.isPresent() && local.get().covers(hosted)) {
      return MAY_STAND_IN;
    }
    int ordinal = local.orElse(Tier.EMBEDDING).ordinal();
    return new Standing(Math.min(-1, ordinal - hosted.ordinal()));
  }

  /** Whether its tier is that of the hosted model or above. */
  public boolean mayStandIn() {
    return rung == 0;
  }

  /** Whether it stands at least as high. */
  boolean covers(Standing other) {
    return rung >= other.rung;
  }

  @Override
  public int compareTo(Standing other) {
    return Integer.compare(rung, other.rung);
  }
}
