package dev.homeward.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.policy.NonInferiority.Interval;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NonInferiorityTest {

  /**
   * The ends of Tango's interval, by another route: the nuisance parameter that makes the counts
   * most likely is found by search instead of by its formula.
   */
  @Test
  void theEndsOfThePairedIntervalSolveTheScoreEquation() {
    for (long[] counts :
        new long[][] {{100, 4, 4}, {1200, 44, 38}, {600, 46, 8}, {50, 0, 3}, {30, 5, 0}}) {
      Interval interval = NonInferiority.paired(counts[0], counts[1], counts[2]);
      assertEquals(NonInferiority.Z, score(counts[0], counts[1], counts[2], interval.low()), 2e-3);
      assertEquals(
          -NonInferiority.Z, score(counts[0], counts[1], counts[2], interval.high()), 2e-3);
    }
  }

  private static double score(long n, long onlyHosted, long onlyLocal, double d) {
    double from = Math.max(0, -d) + 1e-12;
    double to = (1 - d) / 2 - 1e-12;
    for (int round = 0; round < 200; round++) {
      double a = from + (to - from) / 3;
      double b = to - (to - from) / 3;
      if (likelihood(n, onlyHosted, onlyLocal, d, a) < likelihood(n, onlyHosted, onlyLocal, d, b)) {
        from = a;
      } else {
        to = b;
      }
    }
    double q = (from + to) / 2;
    return (onlyLocal - onlyHosted - n * d) / Math.sqrt(n * (2 * q + d - d * d));
  }

  private static double likelihood(long n, long onlyHosted, long onlyLocal, double d, double q) {
    return onlyLocal * Math.log(q + d)
        + onlyHosted * Math.log(q)
        + (n - onlyLocal - onlyHosted) * Math.log(1 - 2 * q - d);
  }

  @Test
  void theUnpairedIntervalHoldsTheTruthAboutAsOftenAsItSays() {
    Random random = new Random(3);
    int held = 0;
    int trials = 2000;
    for (int t = 0; t < trials; t++) {
      int n = 300;
      int hosted = 0;
      int local = 0;
      for (int i = 0; i < n; i++) {
        hosted += random.nextDouble() < 0.9 ? 1 : 0;
        local += random.nextDouble() < 0.88 ? 1 : 0;
      }
      Interval interval = NonInferiority.unpaired(n, (double) hosted / n, (double) local / n);
      held += interval.low() <= -0.02 && -0.02 <= interval.high() ? 1 : 0;
    }
    assertEquals(0.9, (double) held / trials, 0.02);
  }

  @Test
  void theBootstrapAgreesWithTheNormalApproximationOnManyTasks() {
    Random random = new Random(5);
    double[] differences = new double[2000];
    double sum = 0;
    for (int i = 0; i < differences.length; i++) {
      differences[i] = -0.01 + 0.2 * random.nextGaussian();
      sum += differences[i];
    }
    double mean = sum / differences.length;
    Interval interval = NonInferiority.bootstrap(differences);
    double half = 1.645 * 0.2 / Math.sqrt(differences.length);
    assertEquals(mean - half, interval.low(), 0.001);
    assertEquals(mean + half, interval.high(), 0.001);
  }

  /** A sample of the planned size proves it four times in five, if the models are equally good. */
  @Test
  void thePlannedSampleHasThePowerItPromises() {
    double margin = 0.05;
    double disagreement = 0.2;
    long n = NonInferiority.tasksNeeded(margin, disagreement, 0);
    assertEquals(495, n);
    Random random = new Random(11);
    int proven = 0;
    int trials = 1000;
    for (int t = 0; t < trials; t++) {
      int onlyHosted = 0;
      int onlyLocal = 0;
      for (int i = 0; i < n; i++) {
        double u = random.nextDouble();
        onlyHosted += u < disagreement / 2 ? 1 : 0;
        onlyLocal += u >= disagreement / 2 && u < disagreement ? 1 : 0;
      }
      proven +=
          NonInferiority.paired(n, onlyHosted, onlyLocal).judge(margin)
                  == NonInferiority.Outcome.PROVEN
              ? 1
              : 0;
    }
    assertTrue(proven > 0.76 * trials && proven < 0.84 * trials, proven + " of " + trials);
  }

  /**
   * 100 tasks, 20 of them apart, by Tango's formula worked out in another program: 15 to 5 against
   * the local model ends at -0.0282, 15 to 6 at -0.0155; 13 to 7 for it begins at -0.0143, 13 to 8
   * at -0.0266.
   */
  @Test
  void aHundredTasksShowThisMuch() {
    NonInferiority.Screening screening = NonInferiority.screening(100, 0.02);
    assertEquals(100, screening.tasks());
    assertEquals(0.10, screening.refutesFrom(), 1e-12);
    assertEquals(0.06, screening.provesFrom(), 1e-12);
  }
}
