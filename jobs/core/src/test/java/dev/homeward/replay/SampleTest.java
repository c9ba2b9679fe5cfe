package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which days stand for which. */
final class SampleTest {
  /** By hand: of ten days the busiest, and the middle one of each three of the others. */
  @Test
  void theBusiestStandsForItselfAndOthersForGroups() {
    double[] calls = {10, 70, 20, 90, 100, 30, 80, 40, 60, 50};

    Sample sample = Sample.of(calls, 1);

    // 100 | 90 80 70 | 60 50 40 | 30 20 10
    assertEquals(List.of(2, 4, 6, 9), sample.windows());
    assertEquals(List.of(3, 1, 3, 3), sample.times());
    assertEquals((20 + 100 + 80 + 50) / 550.0, sample.share(), 1e-12);
    assertTrue(sample.isPart());
  }

  @Test
  void aDayIsReplayedInAllItsWindows() {
    double[] calls = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    Sample sample = Sample.of(calls, 3);

    // 10 | 9 8 7 | 6 5 4 | 3 2 1
    assertEquals(List.of(3, 4, 5, 12, 13, 14, 21, 22, 23, 27, 28, 29), sample.windows());
    assertEquals(List.of(3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 1, 1), sample.times());
  }

  /** Two workloads with one rhythm, and a little noise: they are replayed on the same days. */
  @Test
  void ofDaysAlikeTheFirstIsTaken() {
    Random random = new Random(5);
    Sample first = null;
    for (int seed = 0; seed < 50; seed++) {
      double[] calls = new double[28];
      for (int day = 0; day < calls.length; day++) {
        double kind = day % 7 >= 5 ? 100 : day % 7 == 0 ? 1000 : 700;
        calls[day] = kind * (1 + 0.004 * random.nextDouble());
      }
      Sample sample = Sample.of(calls, 1);
      first = first == null ? sample : first;
      assertEquals(first.windows(), sample.windows());
    }
    assertEquals(List.of(0, 1, 5, 7), first.windows());
    assertEquals(List.of(1, 16, 8, 3), first.times());
  }

  /** A month of two kinds of weekdays and of weekends: each kind is a group. */
  @Test
  void daysOfAKindAreAGroup() {
    double[] calls = new double[28];
    for (int day = 0; day < calls.length; day++) {
      int kind = day % 7 >= 5 ? 100 : day % 7 < 2 ? 1000 : 700;
      calls[day] = kind + day;
    }
    calls[3] = 2000;

    Sample sample = Sample.of(calls, 1);

    for (int i = 0; i < 4; i++) {
      int day = sample.windows().get(i);
      assertEquals(
          day == 3 ? 1 : day % 7 >= 5 ? 8 : day % 7 < 2 ? 8 : 11,
          sample.times().get(i),
          "day " + day);
    }
  }

  /** No other way to cut differs less, by trying all of them. */
  @Test
  void groupsAreTheMostAlikeThatThereAre() {
    Random random = new Random(8);
    for (int seed = 0; seed < 50; seed++) {
      double[] calls = random.doubles(8 + seed % 9, 0, 100).toArray();
      double[] sorted = Arrays.stream(calls).sorted().toArray();
      int n = calls.length - 1;
      double least = Double.POSITIVE_INFINITY;
      List<Integer> sizes = List.of();
      for (int a = 1; a < n - 1; a++) {
        for (int b = a + 1; b < n; b++) {
          double differing = squares(sorted, 0, a) + squares(sorted, a, b) + squares(sorted, b, n);
          if (differing < least) {
            least = differing;
            sizes = Stream.of(1, a, b - a, n - b).sorted().toList();
          }
        }
      }
      assertEquals(sizes, Sample.of(calls, 1).times().stream().sorted().toList(), "seed " + seed);
    }
  }

  private static double squares(double[] sorted, int from, int to) {
    double mean = Arrays.stream(sorted, from, to).average().orElseThrow();
    return Arrays.stream(sorted, from, to).map(x -> (x - mean) * (x - mean)).sum();
  }

  @Test
  void everyDayIsStoodFor() {
    Random random = new Random(3);
    for (int days = 8; days < 70; days++) {
      double[] calls = random.doubles(days, 0, 1e6).toArray();
      Sample sample = Sample.of(calls, 1);
      assertEquals(4, sample.windows().size());
      assertEquals(days, sample.times().stream().mapToInt(t -> t).sum(), "days " + days);
    }
  }

  @Test
  void ofAllNoneStandsForAnother() {
    Sample all = Sample.all(new WindowedReplay.Span(0, 7, 2, 1));
    assertEquals(List.of(0, 1, 2, 3), all.windows());
    assertEquals(List.of(1, 1, 1, 1), all.times());
    assertFalse(all.isPart());
  }
}
