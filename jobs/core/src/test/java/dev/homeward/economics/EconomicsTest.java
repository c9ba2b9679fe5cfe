package dev.homeward.economics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EconomicsTest {
  private static final Catalog CATALOG = Catalog.standard();
  private static final double MONTH_OF_30_DAYS = 720;

  /** 002: 350 to 450 W all month are 252 to 324 kWh, $25.20 to $97.20 at $0.10 to $0.30. */
  @Test
  void articlesPowerFiguresAreReproduced(@TempDir Path folder) throws IOException {
    for (double[] row :
        new double[][] {
          {350, 0.10, 252, 25.20}, {450, 0.10, 324, 32.40}, {450, 0.30, 324, 97.20}
        }) {
      Path boxes = folder.resolve("box.yaml");
      Files.writeString(
          boxes,
          """
          hardware:
            - { id: article-box, name: box, accelerator: rtx-4090, count: 1, idle-watts: %s, busy-watts: %s, load-gb-per-s: 5,
                acquisition: { mode: owned }, source: { kind: assumed, reference: test, date: "2026" } }
          """
              .formatted(row[0], row[0]));
      Path money = folder.resolve("assumptions.yaml");
      Files.writeString(money, "electricity-usd-per-kwh: %s\npue: 1\n".formatted(row[1]));
      LocalCost cost =
          LocalCost.of(
              Assumptions.load(money),
              Catalog.with(java.util.List.of(boxes)).hardware("article-box"),
              new FleetUse(1, MONTH_OF_30_DAYS, MONTH_OF_30_DAYS, 1, 0, false));
      assertEquals(row[2], cost.energyKwh(), 1e-9);
      assertEquals(row[3], line(cost, "power"), 1e-9);
    }
  }

  /** 003: A10G at $3.50 an hour all month $2,520; 8 hours a day $840. */
  @Test
  void articlesRentsAreReproduced(@TempDir Path folder) throws IOException {
    FleetUse use = new FleetUse(1, MONTH_OF_30_DAYS, 0, 1, 0, false);
    HardwareProfile always = CATALOG.hardware("a10g-on-demand");
    assertEquals(2520, line(LocalCost.of(Assumptions.defaults(), always, use), "rent"), 1e-9);
    Path boxes = folder.resolve("box.yaml");
    Files.writeString(
        boxes,
        """
        hardware:
          - { id: eight-hours, name: box, accelerator: a10g, count: 1, idle-watts: 1, busy-watts: 1, load-gb-per-s: 1,
              acquisition: { mode: spot, hourly-usd: 3.50, hours-per-day: 8 }, source: { kind: assumed, reference: test, date: "2026" } }
        """);
    HardwareProfile nights = Catalog.with(java.util.List.of(boxes)).hardware("eight-hours");
    assertEquals(840, line(LocalCost.of(Assumptions.defaults(), nights, use), "rent"), 1e-9);
  }

  /**
   * 004: $1,149 against $50 a month 23 months, against $200 6 months; gross, without power or
   * people.
   */
  @Test
  void articlesPaybacksAreReproduced() {
    assertEquals(OptionalInt.of(23), new CashFlow(1149, 50, 0, 36).paybackMonths());
    assertEquals(OptionalInt.of(6), new CashFlow(1149, 200, 0, 36).paybackMonths());
    assertEquals(OptionalInt.empty(), new CashFlow(1149, 20, 0, 36).paybackMonths());
    assertEquals(OptionalInt.empty(), new CashFlow(1149, -1, 0, 36).paybackMonths());
  }

  /** 003: 10,000 calls of 6 s one after the other are 69.4 % of a day. */
  @Test
  void articlesUtilisationIsReproduced() {
    assertEquals(0.694, 10_000 * 6.0 / 86_400, 0.0005);
  }

  @Test
  void netPresentValueAtZeroPercentIsThePlainSum() {
    assertEquals(-1000 + 36 * 40 + 200, new CashFlow(1000, 40, 200, 36).npv(0), 1e-9);
  }

  /** The annuities of purchase and set-up make NPV the saving times the annuity factor. */
  @Test
  void netPresentValueAgreesWithTheMonthlySaving() {
    Assumptions a = Assumptions.defaults();
    double api = 900;
    LocalCost cost =
        LocalCost.of(a, CATALOG.hardware("rtx-4090"), new FleetUse(2, 744, 300, 1, api, true));
    double saving = api - cost.monthlyUsd();
    CashFlow flow =
        new CashFlow(
            cost.initialUsd(),
            api - cost.runningUsd(),
            cost.residualUsd(),
            a.finance().horizonMonths());
    assertEquals(
        saving / a.finance().annuityPerMonth(), flow.npv(a.finance().discountRatePerMonth()), 1e-6);
  }

  /**
   * Worked by hand: 2 PCs of $2,600, residual 0.2 in 36 months at 8 %: (1 - 0.2 / 1.08^3) x 5200 x
   * i / (1 - 1.08^-3).
   */
  @Test
  void thePurchaseLineIsAnAnnuityLessTheDiscountedResidual() {
    double i = Math.pow(1.08, 1.0 / 12) - 1;
    double expected = 5200 * (1 - 0.2 / (1.08 * 1.08 * 1.08)) * i / (1 - 1 / (1.08 * 1.08 * 1.08));
    LocalCost cost =
        LocalCost.of(
            Assumptions.defaults(),
            CATALOG.hardware("rtx-4090"),
            new FleetUse(2, 744, 0, 1, 0, false));
    assertEquals(expected, line(cost, "purchase"), 1e-6);
  }

  @Test
  void dataThatMustStayLocalPaysForNoFallback() {
    FleetUse local = new FleetUse(1, 744, 10, 1, 500, false);
    LocalCost cost = LocalCost.of(Assumptions.defaults(), CATALOG.hardware("rtx-4090"), local);
    assertTrue(cost.lines().stream().noneMatch(l -> l.name().startsWith("API")));
  }

  @Test
  void everyProblemOfAnAssumptionsFileIsReported(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.yaml");
    Files.writeString(file, "horizon-months: 0\npue: 0.5\nelectricity: 3\n");
    InvalidInput e = assertThrows(InvalidInput.class, () -> Assumptions.load(file));
    assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    assertTrue(
        e.getMessage().contains("/pue: must have a minimum value of 1 (found 0.5)"),
        e.getMessage());
    assertTrue(e.getMessage().contains("unknown key 'electricity'"), e.getMessage());
  }

  private static double line(LocalCost cost, String name) {
    return cost.lines().stream()
        .filter(l -> l.name().equals(name))
        .mapToDouble(CostLine::monthlyUsd)
        .sum();
  }

  /** The lines of a cost and the rates behind them are one model written twice. */
  @Test
  void linesAddUpToTheRates(@TempDir Path folder) throws IOException {
    Path money = folder.resolve("assumptions.yaml");
    Files.writeString(
        money,
        """
        electricity-tariff: [{ from-hour: 22, to-hour: 6, usd-per-kwh: 0.08 }]
        licence-usd-per-accelerator-month: 375
        network-usd-per-fleet-month: 40
        """);
    Assumptions a = Assumptions.load(money);
    float[] clock = new float[Tariff.SLOTS];
    clock[3] = 5;
    clock[12] = 7;
    for (String id :
        java.util.List.of(
            "rtx-4090", "a10g-spot-nights", "a10g-reserved", "laptop-16gb", "rtx-4090-x2")) {
      HardwareProfile box = CATALOG.hardware(id);
      FleetUse use = new FleetUse(3, 744, 411, 0.6, clock, 2, 1234, 0.07, true);
      LocalCost cost = LocalCost.of(a, box, use);
      FleetRates rates = FleetRates.of(a, box, use);
      assertEquals(rates.monthlyUsd(3, 411, 0.6, 2, 1234), cost.monthlyUsd(), 1e-9, box.id());
    }
  }

  /** Idle energy at the mean price, busy energy at the price of its hours. */
  @Test
  void energyIsPricedByTheHoursThatUseIt() {
    Tariff tariff =
        new Tariff(
            0.30, java.util.List.of(new Tariff.PricedHours(20, 8, Tariff.Days.WEEKDAYS, 0.10)));
    // Weekdays: 12 hours at 0.10 and 12 at 0.30; weekends 0.30.
    assertEquals((5 * 0.20 + 2 * 0.30) / 7, tariff.meanUsdPerKwh(0, 24), 1e-12);
    assertEquals((5 * 0.10 + 2 * 0.30) / 7, tariff.meanUsdPerKwh(22, 8), 1e-12);
    float[] night = new float[Tariff.SLOTS];
    night[23] = 3;
    night[24 + 23] = 1;
    assertEquals((3 * 0.10 + 0.30) / 4, tariff.meanUsdPerKwh(night), 1e-12);
  }

  /** $12,000 a month at 10 % off from $10,000: $10,800. With $3,000 gone, $9,000 at no discount. */
  @Test
  void aDiscountShrinksAsVolumeLeaves() {
    ApiAgreement agreement =
        new ApiAgreement(
            "acme",
            9500,
            java.util.List.of(
                new ApiAgreement.DiscountStep(0, 0), new ApiAgreement.DiscountStep(10_000, 10)));
    assertEquals(10_800, agreement.billedUsd(12_000), 1e-9);
    // $9,000 would do, but $9,500 are committed.
    assertEquals(9_500, agreement.billedUsd(9_000), 1e-9);
  }
}
