package dev.homeward.economics;

import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.analysis.solvers.BisectionSolver;

/**
 * Where the answer flips: the volume, as a multiple of today's, at which the monthly saving is
 * zero.
 *
 * <p>The saving is a staircase in volume, because boxes are whole. Each step is searched by itself,
 * going up and down from today's volume; the nearest flip is the one with the least ratio to 1.
 */
public final class BreakEven {
  private static final double SMALLEST = 1e-3;
  private static final double LARGEST = 1e3;
  private static final double ACCURACY = 1e-9;

  private BreakEven() {}

  /**
   * The nearest flip.
   *
   * @param saving monthly saving at a multiple of today's volume; continuous inside a step
   * @param stepWidth volume, as a multiple of today's, that one box carries
   * @return empty if the sign is the same from a thousandth to a thousand times today's volume
   */
  public static OptionalDouble nearest(DoubleUnaryOperator saving, double stepWidth) {
    boolean saves = saving.applyAsDouble(1.0) > 0;
    OptionalDouble up = search(saving, stepWidth, saves, true);
    OptionalDouble down = search(saving, stepWidth, saves, false);
    if (up.isPresent() && down.isPresent()) {
      return up.getAsDouble() <= 1 / down.getAsDouble() ? up : down;
    }
    return up.isPresent() ? up : down;
  }

  private static OptionalDouble search(
      DoubleUnaryOperator saving, double stepWidth, boolean saves, boolean upwards) {
    double at = 1.0;
    while (upwards ? at < LARGEST : at > SMALLEST) {
      double edge = edge(at, stepWidth, upwards);
      // Just inside the step: its edge belongs to one side only.
      double inside = upwards ? edge * (1 - 1e-12) : edge * (1 + 1e-12);
      if (saving.applyAsDouble(inside) > 0 != saves) {
        return OptionalDouble.of(root(saving, Math.min(at, inside), Math.max(at, inside)));
      }
      if (saving.applyAsDouble(upwards ? edge * (1 + 1e-12) : edge * (1 - 1e-12)) > 0 != saves) {
        return OptionalDouble.of(edge);
      }
      at = upwards ? edge * (1 + 1e-12) : edge * (1 - 1e-12);
    }
    return OptionalDouble.empty();
  }

  // The next end of a step; inside a very wide step the volume is halved or doubled.
  private static double edge(double at, double stepWidth, boolean upwards) {
    double steps = at / stepWidth;
    double edge =
        (upwards ? Math.floor(steps + 1e-9) + 1 : Math.ceil(steps - 1e-9) - 1) * stepWidth;
    return upwards ? Math.min(edge, at * 2) : Math.max(edge, at / 2);
  }

  private static double root(DoubleUnaryOperator saving, double low, double high) {
    double atLow = saving.applyAsDouble(low);
    if (atLow == 0) {
      return low;
    }
    if (atLow > 0 == saving.applyAsDouble(high) > 0) {
      return high;
    }
    return new BisectionSolver(ACCURACY).solve(200, saving::applyAsDouble, low, high);
  }
}
