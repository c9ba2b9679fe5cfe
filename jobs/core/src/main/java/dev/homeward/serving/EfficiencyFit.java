package dev.homeward.serving;

import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.EfficiencyPrior;
import dev.homeward.catalog.Source;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.analysis.MultivariateVectorFunction;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.linear.SingularMatrixException;

/**
 * Fits the efficiency parameters of an engine to measured times by robust least squares.
 *
 * <p>Parameters move as logarithms, each held by a prior: a value known from kernels measured alone
 * and how far engines stray from it. What the data say little about stays where the prior is, so
 * that a fit of few points carries over to other models and chips. Errors are those of the
 * logarithm of time, softened so that an outlier pulls with constant force (soft L1).
 */
public final class EfficiencyFit {
  /** Errors beyond so many expected errors pull with constant force. */
  private static final double SOFT_FROM = 0.5;

  /** A parameter whose spread the data narrow by less is not identified. */
  private static final double IDENTIFIED = 0.8;

  private static final double STEP = 1e-4;

  private EfficiencyFit() {}

  /** A measured time and the time that the model predicts. */
  public interface Observation {
    /** Seconds predicted with these parameters. */
    double predict(Efficiency efficiency);

    /** Seconds measured. */
    double measured();

    /**
     * Error, as a share, that counts as much as one prior spread: how far a point strays for causes
     * that are not in the model.
     */
    double expectedError();
  }

  /**
   * What a fit found.
   *
   * @param efficiency the parameters, with the standard deviation of the log error as residual
   * @param spreads of each free parameter: posterior over prior spread; near 1 where the data say
   *     nothing about it
   * @param meanAbsoluteError mean of |predicted / measured - 1|
   * @param bias mean of predicted / measured - 1
   */
  public record Result(
      Efficiency efficiency,
      Map<EfficiencyParameter, Double> spreads,
      double meanAbsoluteError,
      double bias) {

    /** Parameters that the data hardly narrow. */
    public List<EfficiencyParameter> notIdentified() {
      List<EfficiencyParameter> none = new ArrayList<>();
      spreads.forEach(
          (parameter, spread) -> {
            if (spread > IDENTIFIED) {
              none.add(parameter);
            }
          });
      return none;
    }
  }

  /**
   * Fits.
   *
   * @param priors every parameter the engine uses; one of spread 0 is fixed
   * @throws IllegalArgumentException without observations
   */
  public static Result fit(
      List<? extends Observation> observations,
      Map<EfficiencyParameter, EfficiencyPrior> priors,
      Source source) {
    if (observations.isEmpty()) {
      throw new IllegalArgumentException("Cannot fit: no observations");
    }
    List<EfficiencyParameter> free = new ArrayList<>();
    priors.forEach(
        (parameter, prior) -> {
          if (prior.spread() > 0) {
            free.add(parameter);
          }
        });
    double[] start = new double[free.size()];
    for (int i = 0; i < start.length; i++) {
      start[i] = Math.log(priors.get(free.get(i)).value());
    }
    int points = observations.size();
    MultivariateVectorFunction residuals =
        theta -> {
          Efficiency e = efficiency(theta, free, priors, 1, source);
          double[] r = new double[points + theta.length];
          for (int i = 0; i < points; i++) {
            Observation o = observations.get(i);
            r[i] = soften(Math.log(o.predict(e) / o.measured()) / o.expectedError());
          }
          for (int i = 0; i < theta.length; i++) {
            r[points + i] = (theta[i] - start[i]) / priors.get(free.get(i)).spread();
          }
          return r;
        };
    Optimum optimum =
        new LevenbergMarquardtOptimizer()
            .optimize(
                new LeastSquaresBuilder()
                    .start(start)
                    .target(new double[points + start.length])
                    .model(residuals, theta -> jacobian(residuals, theta))
                    .checker((i, a, b) -> Math.abs(a.getCost() - b.getCost()) < 1e-7 * a.getCost())
                    .maxEvaluations(400)
                    .maxIterations(200)
                    .build());
    return result(observations, optimum, free, priors, source);
  }

  private static Result result(
      List<? extends Observation> observations,
      Optimum optimum,
      List<EfficiencyParameter> free,
      Map<EfficiencyParameter, EfficiencyPrior> priors,
      Source source) {
    double[] theta = optimum.getPoint().toArray();
    Efficiency e = efficiency(theta, free, priors, 1, source);
    double squares = 0;
    double absolute = 0;
    double signed = 0;
    for (Observation o : observations) {
      double ratio = o.predict(e) / o.measured();
      squares += Math.log(ratio) * Math.log(ratio);
      absolute += Math.abs(ratio - 1);
      signed += ratio - 1;
    }
    int n = observations.size();
    double residual = Math.max(1e-6, Math.sqrt(squares / n));
    Map<EfficiencyParameter, Double> spreads = new EnumMap<>(EfficiencyParameter.class);
    try {
      RealVector sigma = optimum.getSigma(1e-14);
      for (int i = 0; i < theta.length; i++) {
        spreads.put(free.get(i), sigma.getEntry(i) / priors.get(free.get(i)).spread());
      }
    } catch (SingularMatrixException degenerate) {
      free.forEach(parameter -> spreads.put(parameter, 1.0));
    }
    return new Result(
        efficiency(theta, free, priors, residual, source), spreads, absolute / n, signed / n);
  }

  // Rounded to four digits, so that the file that is written says exactly what was tested.
  private static double rounded(double value) {
    return Double.parseDouble(String.format(java.util.Locale.ROOT, "%.4g", value));
  }

  private static Efficiency efficiency(
      double[] theta,
      List<EfficiencyParameter> free,
      Map<EfficiencyParameter, EfficiencyPrior> priors,
      double residual,
      Source source) {
    Map<EfficiencyParameter, Double> values = new EnumMap<>(EfficiencyParameter.class);
    priors.forEach((parameter, prior) -> values.put(parameter, prior.value()));
    for (int i = 0; i < theta.length; i++) {
      EfficiencyParameter p = free.get(i);
      values.put(p, Math.max(p.least(), Math.min(p.most(), Math.exp(theta[i]))));
    }
    return new Efficiency(values, residual, residual, source);
  }

  /** The set as it is written to a file: four significant digits. */
  public static Efficiency rounded(Efficiency e) {
    Map<EfficiencyParameter, Double> values = new EnumMap<>(EfficiencyParameter.class);
    e.values().forEach((parameter, value) -> values.put(parameter, rounded(value)));
    return new Efficiency(values, rounded(e.residual()), rounded(e.mixtureResidual()), e.source());
  }

  // rho(r) = 2 f^2 (sqrt(1 + (r/f)^2) - 1), of which least squares sees the root.
  private static double soften(double r) {
    double ratio = r / SOFT_FROM;
    double rho = 2 * SOFT_FROM * SOFT_FROM * (Math.sqrt(1 + ratio * ratio) - 1);
    return Math.signum(r) * Math.sqrt(rho);
  }

  private static double[][] jacobian(MultivariateVectorFunction f, double[] theta) {
    double[] base = f.value(theta);
    double[][] jacobian = new double[base.length][theta.length];
    double[] moved = theta.clone();
    for (int p = 0; p < theta.length; p++) {
      moved[p] = theta[p] + STEP;
      double[] next = f.value(moved);
      moved[p] = theta[p];
      for (int i = 0; i < base.length; i++) {
        jacobian[i][p] = (next[i] - base[i]) / STEP;
      }
    }
    return jacobian;
  }
}
