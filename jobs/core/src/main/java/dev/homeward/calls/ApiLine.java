package dev.homeward.calls;

import java.io.Serializable;
import java.util.Comparator;

/**
 * What two calls must share for every price list to charge them alike: the hosted model, where it
 * was served, the service tier, and on which side of each long-context limit their input lies. The
 * day is no part of it: announced prices are those of one day.
 *
 * @param hostedModel id of the hosted model
 * @param provider where it was served, as in the column served_by; empty where the log does not say
 * @param tier that the call was billed at
 * @param aboveInput its calls have more input tokens than this (all input kinds together); -1 where
 *     nothing bounds them
 * @param upToInput and at most so many; {@link Long#MAX_VALUE} where nothing bounds them
 */
public record ApiLine(
    String hostedModel, String provider, ServiceTier tier, long aboveInput, long upToInput)
    implements Comparable<ApiLine>, Serializable {
  private static final Comparator<ApiLine> ORDER =
      Comparator.comparing(ApiLine::hostedModel)
          .thenComparing(ApiLine::provider)
          .thenComparing(ApiLine::tier)
          .thenComparingLong(ApiLine::aboveInput)
          .thenComparingLong(ApiLine::upToInput);

  /** Whether all its calls lie on one side of a long-context limit. */
  public boolean isOnOneSideOf(long limitTokens) {
    return limitTokens <= aboveInput || limitTokens >= upToInput;
  }

  /** The same where the log does not say who served the call. */
  ApiLine anywhere() {
    return new ApiLine(hostedModel, "", tier, aboveInput, upToInput);
  }

  @Override
  public int compareTo(ApiLine other) {
    return ORDER.compare(this, other);
  }

  /** For messages, such as {@code gpt-4o of azure, batch}. */
  @Override
  public String toString() {
    return hostedModel
        + (provider.isEmpty() ? "" : " of " + provider)
        + (tier == ServiceTier.STANDARD ? "" : ", " + tier.word())
        + (aboveInput >= 0 ? ", over " + aboveInput + " input tokens" : "")
        + (upToInput < Long.MAX_VALUE ? ", up to " + upToInput + " input tokens" : "");
  }
}
