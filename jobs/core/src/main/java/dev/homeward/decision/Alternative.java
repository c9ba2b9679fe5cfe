package dev.homeward.decision;

import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import dev.homeward.economics.LocalCost;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.replay.Sizing;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One way to serve a workload locally, weighed.
 *
 * @param standing of the model, in this format, beside the hosted one
 * @param replicasPerBox replicas that one box carries; 1 if it fell out before any replay
 * @param fleet what the replay found; empty if it fell out before
 * @param cost what the fleet costs a month; empty likewise
 * @param overflowUsd API cost a month of calls that overflow or are too long; empty if one of them
 *     has no price
 * @param agreementUsd what volume agreements change of the saving; mostly negative
 * @param savingUsd API forecast less cost less overflow and agreements; empty if the API cost or
 *     the overflow's is not known
 * @param evidence the evaluation of this model on this workload
 * @param proven whether that, or its tier where the policy takes it for enough, shows that the
 *     model is good enough
 * @param fellOut why it cannot be chosen; empty if it can
 * @param explanation the number that decided
 */
public record Alternative(
    LocalModel model,
    Quantization quantization,
    Engine engine,
    HardwareProfile hardware,
    Standing standing,
    int replicasPerBox,
    Optional<Sizing.ReplayedFleet> fleet,
    Optional<LocalCost> cost,
    OptionalDouble overflowUsd,
    double agreementUsd,
    OptionalDouble savingUsd,
    Optional<Evidence> evidence,
    boolean proven,
    Optional<ReasonCode> fellOut,
    String explanation) {

  /** The same, fallen out. */
  Alternative fallen(ReasonCode why, String inWords) {
    return new Alternative(
        model,
        quantization,
        engine,
        hardware,
        standing,
        replicasPerBox,
        fleet,
        cost,
        overflowUsd,
        agreementUsd,
        savingUsd,
        evidence,
        proven,
        Optional.of(why),
        inWords);
  }

  public boolean isViable() {
    return fellOut.isEmpty();
  }

  /** Whether the model counts as good enough. */
  public boolean isProven() {
    return proven;
  }

  /**
   * Local cost, overflow and what agreements cost together, a month; empty if the overflow's price
   * is not known.
   */
  public OptionalDouble totalUsd() {
    return overflowUsd.isPresent()
        ? OptionalDouble.of(
            cost.orElseThrow().monthlyUsd() + overflowUsd.getAsDouble() - agreementUsd)
        : OptionalDouble.empty();
  }
}
