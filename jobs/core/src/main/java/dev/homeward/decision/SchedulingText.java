package dev.homeward.decision;

import dev.homeward.catalog.Scheduling;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a scheduling is set to, as part of the fingerprint of a replay. The texts of ways that exist
 * must stay as they are: stored reviews know their replays by them.
 */
final class SchedulingText implements Scheduling.Cases<String> {
  static final SchedulingText INSTANCE = new SchedulingText();

  private SchedulingText() {}

  @Override
  public String continuousBatching(Scheduling.ContinuousBatching scheduling) {
    return paged(scheduling);
  }

  @Override
  public String prefillFirst(Scheduling.PrefillFirst scheduling) {
    return paged(scheduling);
  }

  @Override
  public String smallBatch(Scheduling.SmallBatch scheduling) {
    return paged(scheduling);
  }

  @Override
  public String slots(Scheduling.Slots scheduling) {
    return text(1, false, Optional.empty(), OptionalInt.empty());
  }

  @Override
  public String keepAliveSlots(Scheduling.KeepAliveSlots scheduling) {
    return text(1, false, Optional.of(scheduling.kept()), scheduling.maxQueue());
  }

  private static String paged(Scheduling.Paged scheduling) {
    boolean wholeOutput = scheduling.reservation() == Scheduling.KvReservation.WHOLE_OUTPUT;
    return text(scheduling.blockTokens(), wholeOutput, Optional.empty(), OptionalInt.empty());
  }

  private static String text(
      int blockTokens,
      boolean wholeOutput,
      Optional<Scheduling.KeepAlive> kept,
      OptionalInt maxQueue) {
    return ""
        + blockTokens
        + wholeOutput
        + kept.map(k -> k.idleSeconds().value())
        + kept.map(k -> k.initSeconds().value())
        + maxQueue.orElse(0);
  }
}
