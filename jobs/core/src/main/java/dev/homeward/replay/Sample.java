package dev.homeward.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which windows of a long tape are replayed, and for how many each stands. Days are told apart by
 * their calls: the day of most calls stands for itself; the others are put into groups of like
 * days, and the day nearest to the mean of each stands for its group.
 *
 * @param windows their numbers, in order
 * @param times by window, the windows that it stands for, itself included
 * @param share of the tape's calls that are in these windows, in (0, 1]
 */
public record Sample(List<Integer> windows, List<Integer> times, double share) {
  /** Days of a sample: the busiest, and one for each of three groups: mostly, weekends are one. */
  private static final int DAYS = 4;

  /** Days whose calls differ by no more than this share are taken for alike. */
  private static final double AS_NEAR = 0.01;

  /** Of fewer days, none stands for another. */
  public static final int FEWEST_DAYS = 2 * DAYS;

  /** Every window, for itself. */
  public static Sample all(WindowedReplay.Span span) {
    return new Sample(
        span.all(), IntStream.range(0, span.windows()).map(w -> 1).boxed().toList(), 1);
  }

  /**
   * The windows of some days.
   *
   * @param callsByDay calls of each day, from the day on which the span begins; at least {@link
   *     #FEWEST_DAYS}
   * @param windowsADay windows that each day is cut into
   */
  public static Sample of(double[] callsByDay, int windowsADay) {
    List<Integer> byCalls =
        IntStream.range(0, callsByDay.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer day) -> -callsByDay[day]))
            .toList();
    int[] timesOf = new int[callsByDay.length];
    int busiest = nearest(byCalls, callsByDay, callsByDay[byCalls.get(0)]);
    timesOf[busiest] = 1;
    List<Integer> others = byCalls.stream().filter(day -> day != busiest).toList();
    for (List<Integer> group : alike(others, callsByDay)) {
      double mean = group.stream().mapToDouble(day -> callsByDay[day]).average().orElseThrow();
      timesOf[nearest(group, callsByDay, mean)] = group.size();
    }
    List<Integer> windows = new ArrayList<>();
    List<Integer> times = new ArrayList<>();
    double calls = 0;
    for (int day = 0; day < timesOf.length; day++) {
      for (int part = 0; timesOf[day] > 0 && part < windowsADay; part++) {
        windows.add(day * windowsADay + part);
        times.add(timesOf[day]);
      }
      calls += timesOf[day] > 0 ? callsByDay[day] : 0;
    }
    return new Sample(windows, times, calls / Arrays.stream(callsByDay).sum());
  }

  // Days sorted by calls, cut where the squares of what each differs from its group's mean sum up
  // to the least (Fisher, On grouping for maximum homogeneity, 1958).
  private static List<List<Integer>> alike(List<Integer> days, double[] callsByDay) {
    int n = days.size();
    double[] sum = new double[n + 1];
    double[] squares = new double[n + 1];
    for (int i = 0; i < n; i++) {
      double calls = callsByDay[days.get(i)];
      sum[i + 1] = sum[i] + calls;
      squares[i + 1] = squares[i] + calls * calls;
    }
    double[][] least = new double[DAYS][n + 1];
    int[][] last = new int[DAYS][n + 1];
    Arrays.fill(least[0], 1, n + 1, Double.POSITIVE_INFINITY);
    for (int groups = 1; groups < DAYS; groups++) {
      Arrays.fill(least[groups], Double.POSITIVE_INFINITY);
      for (int to = groups; to <= n; to++) {
        for (int from = groups - 1; from < to; from++) {
          double of = sum[to] - sum[from];
          double differing = squares[to] - squares[from] - of * of / (to - from);
          if (least[groups - 1][from] + differing < least[groups][to]) {
            least[groups][to] = least[groups - 1][from] + differing;
            last[groups][to] = from;
          }
        }
      }
    }
    List<List<Integer>> found = new ArrayList<>();
    int to = n;
    for (int groups = DAYS - 1; groups > 0; groups--) {
      found.add(0, days.subList(last[groups][to], to));
      to = last[groups][to];
    }
    return found;
  }

  // The day whose calls are nearest to so many; of those as near, the first, so that workloads with
  // much the same rhythm are replayed on the same days, whose calls are held.
  private static int nearest(List<Integer> days, double[] callsByDay, double calls) {
    double least =
        days.stream().mapToDouble(day -> Math.abs(callsByDay[day] - calls)).min().orElseThrow();
    return days.stream()
        .filter(day -> Math.abs(callsByDay[day] - calls) <= least + AS_NEAR * calls)
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** Whether some windows stand for others. */
  public boolean isPart() {
    return share < 1;
  }
}
