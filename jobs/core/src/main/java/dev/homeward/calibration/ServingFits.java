package dev.homeward.calibration;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.EfficiencyPrior;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Source;
import dev.homeward.serving.EfficiencyFit;
import dev.homeward.serving.EfficiencyFit.Result;
import dev.homeward.serving.ServingObservation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** Fits an engine to serving points, in sample and held out. */
public final class ServingFits {
  private static final Set<EfficiencyParameter> OF_MIXTURES =
      EnumSet.of(
          EfficiencyParameter.EXPERT,
          EfficiencyParameter.EXPERT_PACKED,
          EfficiencyParameter.EXPERT_LAYER_FUSED_US,
          EfficiencyParameter.COMPUTE_FP4,
          EfficiencyParameter.EXPERT_COMPUTE,
          EfficiencyParameter.EXPERT_LAYER_US,
          EfficiencyParameter.LATENT_LAYER_US,
          EfficiencyParameter.WEIGHT_PACKED,
          EfficiencyParameter.COMPUTE_PACKED);

  private final Catalog catalog;
  private final Source source;

  public ServingFits(Catalog catalog, Source source) {
    this.catalog = catalog;
    this.source = source;
  }

  /**
   * One line of a table of errors.
   *
   * @param fitted what the parameters were fitted to
   * @param tested what they were tested on
   * @param error mean of |predicted / measured - 1|
   * @param bias mean of predicted / measured - 1
   */
  public record Line(String fitted, String tested, int points, double error, double bias) {}

  /**
   * The parameters of an engine, in two stages: what dense models use is fitted to them alone; what
   * mixtures of experts use alone, or most, is then fitted to those from where dense models left
   * it, the rest as it stands. Mixtures are measured in greater number and strayed further (young
   * kernels, settings that labels leave out), and would bend what dense models say.
   */
  public Result fit(Engine engine, List<ServingCase> cases) {
    List<ServingObservation> dense = observations(cases, false);
    List<ServingObservation> mixtures = observations(cases, true);
    Map<EfficiencyParameter, EfficiencyPrior> priors = new EnumMap<>(catalog.priors(engine));
    if (mixtures.isEmpty()) {
      return EfficiencyFit.fit(dense, priors, source);
    }
    if (dense.isEmpty()) {
      return EfficiencyFit.fit(mixtures, priors, source);
    }
    Result first = EfficiencyFit.fit(dense, priors, source);
    priors.replaceAll(
        (parameter, prior) ->
            new EfficiencyPrior(
                first.efficiency().get(parameter),
                OF_MIXTURES.contains(parameter)
                    ? prior.spread() * Math.min(1, first.spreads().getOrDefault(parameter, 1.0))
                    : 0));
    return both(first, EfficiencyFit.fit(mixtures, priors, source));
  }

  // What the first stage says of its parameters, what the second says of its own.
  private Result both(Result dense, Result mixtures) {
    Map<EfficiencyParameter, Double> spreads = new EnumMap<>(dense.spreads());
    spreads.putAll(mixtures.spreads());
    Efficiency efficiency =
        new Efficiency(
            mixtures.efficiency().values(),
            dense.efficiency().residual(),
            mixtures.efficiency().residual(),
            source);
    return new Result(efficiency, spreads, dense.meanAbsoluteError(), dense.bias());
  }

  private static List<ServingObservation> observations(List<ServingCase> cases, boolean mixtures) {
    return cases.stream()
        .filter(c -> c.mixture() == mixtures)
        .map(ServingCase::observation)
        .toList();
  }

  /** The errors of observations under a fit. */
  static Line test(
      String fitted, String tested, Result fit, List<? extends EfficiencyFit.Observation> on) {
    double absolute = 0;
    double signed = 0;
    for (EfficiencyFit.Observation o : on) {
      double error = o.predict(fit.efficiency()) / o.measured() - 1;
      absolute += Math.abs(error);
      signed += error;
    }
    return new Line(fitted, tested, on.size(), absolute / on.size(), signed / on.size());
  }

  /**
   * In sample, then each model held out, then each accelerator held out; dense models and mixtures
   * of experts apart.
   */
  public List<Line> table(Engine engine, List<ServingCase> cases) {
    List<Line> lines = new ArrayList<>();
    lines.addAll(lines(fit(engine, cases), "all", "all", cases));
    heldOut(engine, cases, c -> c.model().id(), lines);
    heldOut(engine, cases, c -> c.accelerator().id(), lines);
    return lines;
  }

  /** The errors of dense models, then of mixtures, under a fit. */
  static List<Line> lines(Result fit, String fitted, String tested, List<ServingCase> cases) {
    List<Line> lines = new ArrayList<>();
    for (boolean mixtures : new boolean[] {false, true}) {
      List<ServingObservation> kind = observations(cases, mixtures);
      if (!kind.isEmpty()) {
        lines.add(test(fitted, tested + (mixtures ? ", mixtures" : ", dense"), fit, kind));
      }
    }
    return lines;
  }

  private void heldOut(
      Engine engine, List<ServingCase> cases, Function<ServingCase, String> key, List<Line> lines) {
    TreeSet<String> keys = new TreeSet<>();
    cases.forEach(c -> keys.add(key.apply(c)));
    if (keys.size() < 2) {
      return;
    }
    for (String left : keys) {
      Predicate<ServingCase> out = c -> key.apply(c).equals(left);
      Result fit = fit(engine, cases.stream().filter(out.negate()).toList());
      lines.addAll(lines(fit, "without " + left, left, cases.stream().filter(out).toList()));
    }
  }
}
