package dev.homeward.decision;

import dev.homeward.economics.Assumptions;
import dev.homeward.economics.Spread;
import dev.homeward.replay.ReplayOptions.PrefixCache;

/** What replays take as found in prefix caches, under assumptions. */
public final class PrefixCaches {
  private PrefixCaches() {}

  /** As expected, or as somebody said. */
  public static PrefixCache expected(Assumptions.Serving serving) {
    return at(serving, 0);
  }

  /**
   * In an uncertain future.
   *
   * @param z a standard normal deviate: 0 as expected, below it less
   */
  static PrefixCache at(Assumptions.Serving serving, double z) {
    return switch (serving.prefixCache().rule()) {
      case SHARE -> PrefixCache.ofPrompts(serving.prefixCache().share());
      case AS_LOGGED -> PrefixCache.AS_LOGGED;
      case REPLAYED ->
          PrefixCache.replayed(
              share(serving.prefixFoundInSession(), z),
              share(serving.prefixFoundWithoutSession(), z));
    };
  }

  /** Half of what is expected. */
  static PrefixCache half(Assumptions.Serving serving) {
    return PrefixCache.replayed(
        share(serving.prefixFoundInSession(), 0) / 2,
        share(serving.prefixFoundWithoutSession(), 0) / 2);
  }

  private static double share(Spread spread, double z) {
    return Math.max(0, Math.min(1, spread.at(z)));
  }
}
