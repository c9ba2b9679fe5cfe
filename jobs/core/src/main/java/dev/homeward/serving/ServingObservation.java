package dev.homeward.serving;

import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.Engine;

/**
 * A measured time per output token under a steady number of callers.
 *
 * @param callers that are served at once; more than the KV cache holds wait
 * @param promptTokens mean
 * @param outputTokens mean
 * @param inWaves whether all callers stayed in step
 * @param measured seconds between two output tokens of a sequence
 */
public record ServingObservation(
    Placement placement,
    Engine engine,
    double callers,
    double promptTokens,
    double outputTokens,
    boolean inWaves,
    double measured)
    implements EfficiencyFit.Observation {

  /**
   * The observation, with no more callers at once than the engine's KV cache holds.
   *
   * @param ttftSeconds measured; callers count as in waves if not even the chip's peak rate could
   *     have processed all their prompts sooner. NaN if unknown: they count as not in waves
   */
  public static ServingObservation of(
      Placement placement,
      Engine engine,
      int callers,
      double promptTokens,
      double outputTokens,
      double ttftSeconds,
      double tpotSeconds) {
    double fit = Deployments.kvTokens(placement, engine) / (promptTokens + outputTokens / 2);
    double atOnce = Math.max(1, Math.min(callers, fit));
    double allPrompts = atOnce * promptTokens * peakSecondsPerToken(placement);
    return new ServingObservation(
        placement,
        engine,
        atOnce,
        promptTokens,
        outputTokens,
        ttftSeconds >= allPrompts,
        tpotSeconds);
  }

  @Override
  public double predict(Efficiency efficiency) {
    StepModel model = new StepModel(placement, efficiency, engine);
    int budget = engine.stepLimits().on(placement.accelerator()).maxBatchedTokens();
    return SteadyState.tpotSeconds(
        model,
        new SteadyState.Discipline(budget, engine.scheduling().promptSteps(), inWaves),
        callers,
        promptTokens,
        outputTokens);
  }

  @Override
  public double expectedError() {
    return 0.25;
  }

  /** Observations with the same engine, model, chip and format share causes of error. */
  public String campaign() {
    return String.join(
        "/",
        engine.id(),
        placement.model().id(),
        placement.accelerator().id(),
        placement.quantization().id());
  }

  /**
   * Share of the accelerators' peak FLOP/s that the callers' tokens need at the measured rate, by
   * Little's law. A share that no engine reaches from end to end means that the labels leave
   * something out.
   */
  public double shareOfPeak(int allCallers, double ttftSeconds) {
    double callsPerSecond = allCallers / (ttftSeconds + (outputTokens - 1) * measured);
    return callsPerSecond * (promptTokens + outputTokens) * peakSecondsPerToken(placement);
  }

  private static double peakSecondsPerToken(Placement placement) {
    ModelCosts costs = new ModelCosts(placement.model(), placement.quantization());
    double peak =
        placement.accelerator().peak(placement.quantization().compute()).orElseThrow() * 1e12;
    return (costs.bodyOperations() + costs.expertOperations()) / placement.accelerators() / peak;
  }
}
