package dev.homeward.policy;

import java.util.Arrays;
import org.apache.commons.math3.analysis.solvers.BisectionSolver;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.Well19937c;

/**
 * Is the local model at most a margin worse than the hosted one? Intervals for the difference of
 * their scores, local less hosted, and the rule: proven if the whole interval lies above minus the
 * margin, refuted if all of it lies below, else open.
 *
 * <p>Intervals are two-sided at 90 %, so that each end alone is wrong at most one time in twenty.
 */
public final class NonInferiority {
  /** 95 % one-sided. */
  static final double Z = new NormalDistribution(null, 0, 1).inverseCumulativeProbability(0.95);

  /**
   * Quantile for the probability (80 %) that a sample of the planned size proves it, if both models
   * are equally good.
   */
  static final double POWER_Z =
      new NormalDistribution(null, 0, 1).inverseCumulativeProbability(0.8);

  /**
   * Share of tasks on which two models disagree, for planning a sample where nothing was measured.
   * Assumed: models of one tier disagree on one task in ten to one in four.
   */
  static final double PLANNED_DISAGREEMENT = 0.2;

  private static final int RESAMPLES = 10_000;
  private static final long SEED = 20_260_101L;

  private NonInferiority() {}

  /**
   * An interval for local less hosted.
   *
   * @param method how it was found, for people
   */
  public record Interval(double low, double high, String method) {
    Outcome judge(double margin) {
      if (low > -margin) {
        return Outcome.PROVEN;
      }
      return high < -margin ? Outcome.REFUTED : Outcome.OPEN;
    }
  }

  /** What an evaluation shows. */
  public enum Outcome {
    PROVEN,
    OPEN,
    REFUTED
  }

  /**
   * The score interval for the difference of paired proportions (Tango, Statistics in Medicine 17,
   * 1998).
   *
   * @param n tasks that both models did
   * @param onlyHosted of those, right by the hosted model only
   * @param onlyLocal of those, right by the local model only
   */
  public static Interval paired(long n, long onlyHosted, long onlyLocal) {
    double difference = (double) (onlyLocal - onlyHosted) / n;
    return new Interval(
        edge(n, onlyHosted, onlyLocal, -1, difference, Z),
        edge(n, onlyHosted, onlyLocal, difference, 1, -Z),
        "paired proportions, Tango's score interval");
  }

  private static double edge(
      long n, long onlyHosted, long onlyLocal, double from, double to, double z) {
    double low = Math.max(from, -1 + 1e-12);
    double high = Math.min(to, 1 - 1e-12);
    if (low >= high
        || (score(n, onlyHosted, onlyLocal, low) - z) * (score(n, onlyHosted, onlyLocal, high) - z)
            > 0) {
      return z > 0 ? Math.max(from, -1) : Math.min(to, 1);
    }
    return new BisectionSolver(1e-10)
        .solve(200, d -> score(n, onlyHosted, onlyLocal, d) - z, low, high);
  }

  // (observed - d) over its standard error where the true difference is d.
  private static double score(long n, long onlyHosted, long onlyLocal, double d) {
    double b = onlyLocal;
    double c = onlyHosted;
    double linear = (2.0 * n - b + c) * d - (b + c);
    double q =
        (Math.sqrt(Math.max(0, linear * linear + 8.0 * n * c * d * (1 - d))) - linear) / (4.0 * n);
    double variance = n * (2 * q + d * (1 - d));
    double observed = b - c - n * d;
    return variance <= 0 ? Math.signum(observed) * 1e9 : observed / Math.sqrt(variance);
  }

  /**
   * Newcombe's interval for the difference of two proportions of the same number of tasks, from
   * Wilson's for each (Statistics in Medicine 17, 1998, method 10). It ignores that both models did
   * the same tasks, and treats a mean score between 0 and 1 like a proportion, which varies at
   * least as much. Both make the interval too wide rather than too narrow.
   */
  public static Interval unpaired(long n, double hosted, double local) {
    double[] h = wilson(hosted, n);
    double[] l = wilson(local, n);
    double difference = local - hosted;
    return new Interval(
        difference - Math.hypot(local - l[0], h[1] - hosted),
        difference + Math.hypot(l[1] - local, hosted - h[0]),
        "two proportions, Newcombe's interval");
  }

  private static double[] wilson(double p, long n) {
    double z2 = Z * Z;
    double middle = p + z2 / (2 * n);
    double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
    return new double[] {(middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)};
  }

  /**
   * The percentile bootstrap for the mean of paired differences, 10,000 seeded resamples.
   *
   * @param differences local less hosted, a number a task
   */
  public static Interval bootstrap(double[] differences) {
    Well19937c random = new Well19937c(SEED);
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double sum = 0;
      for (int i = 0; i < differences.length; i++) {
        sum += differences[random.nextInt(differences.length)];
      }
      means[r] = sum / differences.length;
    }
    Arrays.sort(means);
    return new Interval(
        means[RESAMPLES / 20 - 1],
        means[RESAMPLES - RESAMPLES / 20],
        "paired differences, bootstrap of the mean");
  }

  /**
   * What a first look at a few tasks can show.
   *
   * @param tasks that both models do
   * @param refutesFrom so many points of the score behind, or more, is refuted; above 1 if no
   *     result is
   * @param provesFrom so many points ahead, or more, is proven; above 1 if no result is
   */
  public record Screening(long tasks, double refutesFrom, double provesFrom) {}

  /** What a first look can show, if the models disagree on as many tasks as is planned for. */
  public static Screening screening(long tasks, double margin) {
    double refutes = 2;
    double proves = 2;
    for (long apart = tasks; apart >= 0; apart--) {
      long disagree = Math.max(apart, Math.round(PLANNED_DISAGREEMENT * tasks));
      // The one is right on more of the tasks on which they disagree.
      long more = (disagree + apart + 1) / 2;
      long fewer = more - apart;
      if (paired(tasks, more, fewer).judge(margin) == Outcome.REFUTED) {
        refutes = (double) apart / tasks;
      }
      if (paired(tasks, fewer, more).judge(margin) == Outcome.PROVEN) {
        proves = (double) apart / tasks;
      }
    }
    return new Screening(tasks, refutes, proves);
  }

  /** Tasks to plan for an evaluation when nothing has been measured yet. */
  public static long tasksPlanned(double margin) {
    return tasksNeeded(margin, PLANNED_DISAGREEMENT, 0);
  }

  /**
   * Tasks that both models must do so that, if they are equally good, the evaluation proves it with
   * a probability of 80 %: (z95 + z80)^2 x disagreement / margin^2. Example: margin 0.02,
   * disagreement 0.2: 3,092.
   *
   * @param disagreement share of tasks on which exactly one is right
   * @param difference local less hosted that is expected; the distance to the bar shrinks with it
   * @return 0 if the expected difference already lies below the bar
   */
  public static long tasksNeeded(double margin, double disagreement, double difference) {
    double distance = margin + difference;
    if (distance <= 0) {
      return 0;
    }
    double z = Z + POWER_Z;
    return (long)
        Math.ceil(
            z * z * Math.max(0, disagreement - difference * difference) / (distance * distance));
  }
}
