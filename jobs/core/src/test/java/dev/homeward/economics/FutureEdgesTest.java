package dev.homeward.economics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.config.Documents;
import dev.homeward.economics.Outlook.Input;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trends and futures, by hand: which days count, and what each uncertain input moves. */
final class FutureEdgesTest {
  private static Assumptions with(String yaml) {
    return Assumptions.defaults()
        .with(
            (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml"),
            "test");
  }

  private static HardwareProfile box(Path folder, String id) throws IOException {
    return MoneyEdgesTest.box(folder, id);
  }

  private static double line(LocalCost cost, String name) {
    return cost.lines().stream()
        .filter(l -> l.name().equals(name))
        .mapToDouble(CostLine::monthlyUsd)
        .sum();
  }

  /** The first and the last day are left out: 23 days are 21, and 22 are too few. */
  @Test
  void threeWholeWeeksAreATrend() {
    int[] days = new int[23];
    Arrays.fill(days, 100);
    days[0] = 1;
    days[22] = 1_000_000;
    Trend trend = Trend.of(0, days).orElseThrow();
    assertEquals(0, trend.perMonth(), 1e-12);
    assertEquals(21, trend.days());
    // Days 1 to 21 around 11: squares 770. Noise of counting 100 calls: a tenth.
    assertEquals(0.1 * Math.sqrt(1 / 770.0 / 0.91) * 30.4375, trend.standardError(), 1e-9);
    assertTrue(Trend.of(0, Arrays.copyOf(days, 22)).isEmpty());
    assertTrue(Trend.of(0, new int[0]).isEmpty());
  }

  /**
   * Of 42 days between the first and the last, calls on 21 are half; on 21 of 43 less than half.
   */
  @Test
  void halfOfTheDaysMustHaveCalls() {
    int[] half = new int[44];
    int[] less = new int[45];
    for (int i = 1; i <= 21; i++) {
      half[2 * i] = 50;
      less[2 * i] = 50;
    }
    assertTrue(Trend.of(0, half).isPresent());
    assertTrue(Trend.of(0, less).isEmpty());
  }

  /** Two per cent more a day, and weekends at a tenth: the weekdays are taken out. */
  @Test
  void aWeekIsNoTrend() {
    int[] days = new int[72];
    for (int i = 0; i < days.length; i++) {
      // 1970-01-01 was a Thursday: days 2 and 3 of each week are its weekend.
      boolean weekend = i % 7 == 2 || i % 7 == 3;
      days[i] = (int) Math.round(100_000 * Math.exp(0.02 * i) * (weekend ? 0.1 : 1));
    }
    Trend trend = Trend.of(0, days).orElseThrow();
    assertEquals(0.02 * 30.4375, trend.perMonth(), 1e-3);
    // The same series a day later in the week: the first day only names the weekdays.
    assertEquals(trend.perMonth(), Trend.of(3, days).orElseThrow().perMonth(), 1e-9);
    assertEquals(trend.perMonth(), Trend.of(-4, days).orElseThrow().perMonth(), 1e-9);
  }

  // So many days that are a tenth of a logarithm above the middle, so many below, and so on; a day
  // before and after, which are left out.
  private static int[] upAndDown(int days, int block) {
    int[] daily = new int[days + 2];
    for (int i = 0; i < days; i++) {
      daily[i + 1] = (int) Math.round(1e8 * Math.exp(i / block % 2 == 0 ? 0.1 : -0.1));
    }
    return daily;
  }

  /**
   * 42 days, up and down by turns: no slope, no weekday's effect, every residual a tenth. Days 1 to
   * 42 have squares of 42 x (42^2 - 1) / 12 around their middle; the line and the weekdays take
   * eight of 42 degrees of freedom; days that differ from their neighbours are no correlation.
   */
  @Test
  void theErrorOfATrendByHand() {
    Trend trend = Trend.of(0, upAndDown(42, 1)).orElseThrow();
    assertEquals(0, trend.perMonth(), 1e-6);
    double spread = 1.4826 * 0.1 * Math.sqrt(42.0 / 34);
    assertEquals(30.4375 * spread / Math.sqrt(6170.5 * 0.91), trend.standardError(), 1e-6);
  }

  /**
   * 56 days in blocks of four: of 55 neighbours 42 are alike and 13 are not, so 29 of 56 are
   * correlated. Squares 56 x (56^2 - 1) / 12.
   */
  @Test
  void daysThatGoTogetherTellLess() {
    Trend trend = Trend.of(0, upAndDown(56, 4)).orElseThrow();
    assertEquals(0, trend.perMonth(), 1e-6);
    double spread = 1.4826 * 0.1 * Math.sqrt(56.0 / 48);
    double rho = 29.0 / 56;
    assertEquals(
        30.4375 * spread * Math.sqrt((1 + rho) / (1 - rho) / (14_630 * 0.91)),
        trend.standardError(),
        1e-6);
  }

  /** One box a unit of load, at least one; 300 busy hours a unit; nothing overflows. */
  private static Outlook.Subject subject(
      FleetRates rates, boolean keepsBoxes, double agreementUsd, double growth, double slower) {
    Outlook.Fleet fleet =
        new Outlook.Fleet() {
          @Override
          public int boxes(double load) {
            return Math.max(1, (int) Math.ceil(load - 1e-9));
          }

          @Override
          public double busyBoxHours(double load) {
            return 300 * load;
          }

          @Override
          public double busyLoad() {
            return 0.5;
          }

          @Override
          public double overflowShare(double load) {
            return 0.1;
          }
        };
    return new Outlook.Subject(
        900, agreementUsd, rates, fleet, keepsBoxes, Spread.fixed(growth), Spread.fixed(slower));
  }

  /**
   * One future by hand. Rent of $100 a box, nothing else; $900 a month at the API, a tenth of it
   * overflows, agreements take $45, five per cent of the API's bill.
   */
  @Test
  void oneFutureByHand(@TempDir Path folder) throws IOException {
    String plain =
        """
        horizon-months: 12
        discount-rate-per-year: 0
        redundancy: none
        engineer-usd-per-hour: 0
        api-price-change-per-year: 0
        token-factor: 1
        people-factor: 1
        tariff-factor: 1
        growth-halves-after-months: 6
        most-growth-per-month: 0.5
        """;
    FleetUse use = new FleetUse(1, 744, 0, 0, 900, true);
    Assumptions flat = with(plain);
    FleetRates rates = FleetRates.of(flat, box(folder, "reserved"), use);
    double[] z = new double[Input.values().length];
    assertEquals(
        900 * 0.9 - 330.5 - 45,
        new Outlook.Points(flat).saving(subject(rates, true, -45, 0, 0), z),
        1e-9);
    // Twice as slow: two boxes.
    assertEquals(
        900 * 0.9 - 661,
        new Outlook.Points(flat).saving(subject(rates, true, 0, 0, Math.log(2)), z),
        1e-9);
    // Three tokens for one: three boxes.
    assertEquals(
        900 * 0.9 - 3 * 330.5,
        new Outlook.Points(with(plain.replace("token-factor: 1", "token-factor: 3")))
            .saving(subject(rates, true, 0, 0, 0), z),
        1e-9);
    // APIs a fifth dearer a year, in the middle of each of twelve months.
    double api = 0;
    for (int month = 0; month < 12; month++) {
      api += 900 * Math.pow(1.2, (month + 0.5) / 12) / 12;
    }
    assertEquals(
        api * 0.9 - 330.5 - 0.05 * api,
        new Outlook.Points(
                with(
                    plain.replace(
                        "api-price-change-per-year: 0", "api-price-change-per-year: 0.2")))
            .saving(subject(rates, true, -45, 0, 0), z),
        1e-9);
    // The volume halves and halves again: rented boxes go, bought ones stay.
    double falls = Math.log(0.8);
    double gone = 0;
    double kept = 0;
    for (int month = 0; month < 12; month++) {
      double halving = Math.log(2) / 6;
      double volume = Math.exp(falls * (1 - Math.exp(-halving * (month + 0.5))) / halving);
      double load = 2 * volume;
      gone += (900 * volume * 0.9 - 330.5 * Math.max(1, Math.ceil(load))) / 12;
      kept += (900 * volume * 0.9 - 330.5 * 2) / 12;
    }
    Outlook.Points points = new Outlook.Points(flat);
    assertEquals(gone, points.saving(subject(rates, false, 0, falls, Math.log(2)), z), 1e-6);
    assertEquals(kept, points.saving(subject(rates, true, 0, falls, Math.log(2)), z), 1e-6);
    // Growth is capped at half as much again a month, and at its inverse.
    double most = Math.log(1.5);
    assertEquals(
        points.saving(subject(rates, true, 0, most, 0), z),
        points.saving(subject(rates, true, 0, 5, 0), z));
    assertEquals(
        points.saving(subject(rates, true, 0, -most, 0), z),
        points.saving(subject(rates, true, 0, -5, 0), z));
  }

  /** People and electricity by their own factors, and nothing else by either. */
  @Test
  void peopleAndElectricityOfAFuture(@TempDir Path folder) throws IOException {
    String certain =
        "{ growth-per-month: 0, api-price-change-per-year: 0, token-factor: 1, people-factor: %s,"
            + " tariff-factor: %s }";
    double[] z = new double[Input.values().length];
    FleetRates rates =
        FleetRates.of(
            Assumptions.defaults(),
            box(folder, "bought"),
            new FleetUse(1, 744, 300, 0.5, 900, true));
    LocalCost cost =
        LocalCost.of(
            Assumptions.defaults(),
            box(folder, "bought"),
            new FleetUse(1, 744, 300, 0.5, 900, true));
    Outlook.Subject s = subject(rates, true, 0, 0, 0);
    double usual = new Outlook.Points(with(certain.formatted("1", "1"))).saving(s, z);
    assertEquals(900 * 0.9 - cost.monthlyUsd(), usual, 1e-9);
    assertEquals(
        usual - line(cost, "upkeep") - line(cost, "incidents"),
        new Outlook.Points(with(certain.formatted("2", "1"))).saving(s, z),
        1e-9);
    assertEquals(
        usual - 2 * line(cost, "power"),
        new Outlook.Points(with(certain.formatted("1", "3"))).saving(s, z),
        1e-9);
  }

  /** Of 1,024 futures: the 103rd, the 512th and the 922nd from below; zero is no saving. */
  @Test
  void quantilesOfSavings() {
    Assumptions a = with("samples: 1024");
    double[] savings = new double[1024];
    for (int i = 0; i < savings.length; i++) {
      savings[i] = (i * 37 % 1024) - 24;
    }
    Outlook outlook = new Outlook.Points(a).outlook(savings);
    assertEquals(103 - 25, outlook.p10Usd());
    assertEquals(512 - 25, outlook.p50Usd());
    assertEquals(922 - 25, outlook.p90Usd());
    assertEquals(999.0 / 1024, outlook.probabilitySaves()); // 25 are at or below 0
  }

  /** What follows one input alone goes with it; what nothing moves goes with none. */
  @Test
  void whatTheSavingGoesWith() {
    Assumptions a = with("samples: 1024");
    double[][] z = ShiftedSobol.normals(Input.values().length, 1024, a.future().seed());
    Outlook.Points points = new Outlook.Points(a);
    Outlook one = points.outlook(z[Input.TOKENS.ordinal()]);
    assertEquals(Input.TOKENS, one.mostImportant());
    assertTrue(one.varianceShares().get(Input.TOKENS) > 0.95, one.varianceShares().toString());
    assertTrue(one.varianceShares().get(Input.GROWTH) < 0.02, one.varianceShares().toString());
    // Twice the one and once the other, apart: four fifths and a fifth of the variance.
    double[] both = new double[1024];
    for (int i = 0; i < both.length; i++) {
      both[i] = 2 * z[Input.GROWTH.ordinal()][i] + z[Input.TARIFF.ordinal()][i];
    }
    Outlook two = points.outlook(both);
    assertEquals(Input.GROWTH, two.mostImportant());
    assertEquals(0.8, two.varianceShares().get(Input.GROWTH), 0.03);
    assertEquals(0.2, two.varianceShares().get(Input.TARIFF), 0.03);
    Outlook still = points.outlook(new double[1024]);
    assertNull(still.mostImportant());
    assertEquals(0, still.probabilitySaves());
    Map<Input, Double> shares = new EnumMap<>(Input.class);
    shares.put(Input.GROWTH, 0.0);
    shares.put(Input.PEOPLE, 0.2);
    shares.put(Input.TARIFF, 0.2);
    // Of equal ones the first.
    assertEquals(Input.PEOPLE, new Outlook(0, 0, 0, 0, shares).mostImportant());
    assertFalse(Input.GROWTH.sentence().isEmpty());
  }
}
