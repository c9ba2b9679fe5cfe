package dev.homeward.calibration;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.Engine;
import dev.homeward.replay.Replay;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import dev.homeward.serving.ServingObservation;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Times to first token at low concurrency, where queueing does not drown the engine. They hang on
 * how the benchmark sends its calls, so the benchmark is replayed: all callers at once, each
 * sending the next call when the last is done, ten calls a caller, lengths from 0.8 of the stated
 * one to all of it. InferenceMAX does so and says so; points of campaigns that do not say how they
 * send are left out.
 */
public final class FirstTokens {
  /** Callers beyond which a point does not count as low concurrency. */
  public static final int MOST_CALLERS = 8;

  private static final int CALLS_EACH = 10;
  private static final double SHORTEST = 0.8;
  private static final ServiceLevel NO_LEVEL =
      new ServiceLevel(ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE);

  private FirstTokens() {}

  /**
   * The cases of dense models that say how they were sent, at low concurrency, with a time to first
   * token. Mixtures are left out: their prefill is predicted too badly to leave a fixed time over.
   */
  public static List<ServingCase> of(List<ServingCase> cases) {
    return cases.stream()
        .filter(c -> !c.mixture())
        .filter(c -> c.point().concurrency() <= MOST_CALLERS && c.point().ttftMillis().isPresent())
        // AIConfigurator's own runs, which do not say, carry this mark.
        .filter(c -> !c.point().id().contains("_epnone"))
        .toList();
  }

  /**
   * The same parameters with the time a call that the measured first tokens leave over, the median
   * of all; as they are if there are none.
   */
  static Efficiency withCallTime(Engine engine, Efficiency efficiency, List<ServingCase> cases) {
    List<Double> left = new ArrayList<>();
    Efficiency without = withCallTime(efficiency, 0);
    for (ServingCase c : of(cases)) {
      OptionalDouble replayed = replayedSeconds(engine, without, c);
      if (replayed.isPresent()) {
        left.add(c.point().ttftMillis().getAsDouble() / 1e3 - replayed.getAsDouble());
      }
    }
    if (left.isEmpty()) {
      return efficiency;
    }
    Collections.sort(left);
    return withCallTime(
        efficiency, Math.max(0, left.get(left.size() / 2)) * TimeUnits.MICROS_PER_SECOND);
  }

  private static Efficiency withCallTime(Efficiency efficiency, double micros) {
    Map<EfficiencyParameter, Double> values = new EnumMap<>(efficiency.values());
    values.put(EfficiencyParameter.CALL_US, micros);
    return new Efficiency(
        values, efficiency.residual(), efficiency.mixtureResidual(), efficiency.source());
  }

  /** Mean seconds to the first token of the replayed benchmark; empty if it does not fit. */
  public static OptionalDouble replayedSeconds(
      Engine engine, Efficiency efficiency, ServingCase c) {
    ServingObservation o = c.observation();
    Engine fitted = engine.with(c.accelerator().id(), efficiency);
    Fit fit = Deployments.bare(o.placement(), fitted, efficiency.source(), 0, 0);
    if (!(fit instanceof Fit.Fits fits)) {
      return OptionalDouble.empty();
    }
    Tape tape =
        BenchTapes.callers(
            c.point().concurrency(), CALLS_EACH, o.promptTokens(), o.outputTokens(), SHORTEST);
    Replay replay =
        new Replay(BilledTape.of(tape), fits.deployment(), ReplayOptions.PrefixCache.OFF, 1);
    return OptionalDouble.of(
        replay
                .run(
                    ReplayOptions.always(
                            1, ReplayOptions.NO_CAP, ReplayOptions.PrefixCache.OFF, NO_LEVEL)
                        .withClosedLoop(true))
                .ttftMeanMicros()
            / TimeUnits.MICROS_PER_SECOND);
  }
}
