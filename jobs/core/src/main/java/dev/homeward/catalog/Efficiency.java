package dev.homeward.catalog;

import dev.homeward.config.Default;
import dev.homeward.units.Confidence;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of a chip an engine gets: the parameters of the step-time model for one engine and
 * accelerator or family. One source stands for the whole set, because they are fitted together.
 *
 * @param values parameters; those that the engine's scheduler does not use may be missing
 * @param residual standard deviation of the logarithm of predicted over measured time: how far off
 *     a single prediction is likely to be
 * @param mixtureResidual the same for mixtures of experts, whose times stray further
 * @param source where the set comes from
 */
public record Efficiency(
    Map<EfficiencyParameter, Double> values,
    double residual,
    @Default(sameAs = "residual") double mixtureResidual,
    Source source) {

  public Efficiency {
    EnumMap<EfficiencyParameter, Double> copy = new EnumMap<>(EfficiencyParameter.class);
    copy.putAll(values);
    copy.forEach(
        (parameter, value) -> {
          if (!(value >= parameter.least() && value <= parameter.most())) {
            throw new IllegalArgumentException(
                "Invalid %s: %s (from %s to %s)"
                    .formatted(parameter.key(), value, parameter.least(), parameter.most()));
          }
        });
    if (!(residual > 0) || !(mixtureResidual > 0)) {
      throw new IllegalArgumentException(
          "Invalid residual: %s, %s (positive shares)".formatted(residual, mixtureResidual));
    }
    values = Collections.unmodifiableMap(copy);
  }

  /** This set on chips that were not measured, off by so much. */
  Efficiency carriedOver(double otherResidual) {
    return new Efficiency(
        values,
        Math.max(residual, otherResidual),
        Math.max(mixtureResidual, otherResidual),
        new Source(
            Confidence.ASSUMED,
            "carried over from other chips: " + source.reference(),
            source.date()));
  }

  /** Whether the set has a parameter that some engines do without. */
  public boolean has(EfficiencyParameter parameter) {
    return values.containsKey(parameter);
  }

  /**
   * The value of a parameter.
   *
   * @throws IllegalArgumentException if the set lacks it
   */
  public double get(EfficiencyParameter parameter) {
    Double value = values.get(parameter);
    if (value == null) {
      throw new IllegalArgumentException(
          "Missing %s in the efficiency set of %s".formatted(parameter.key(), source.reference()));
    }
    return value;
  }
}
