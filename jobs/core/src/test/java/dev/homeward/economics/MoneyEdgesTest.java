package dev.homeward.economics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.config.Documents;
import dev.homeward.economics.Tariff.Days;
import dev.homeward.economics.Tariff.PricedHours;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a sum of money turns over, one step on each side, by hand. */
final class MoneyEdgesTest {
  private static Assumptions with(String yaml) {
    return Assumptions.defaults()
        .with(
            (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml"),
            "test");
  }

  @Test
  void aPurchaseIsPaidBackInTheMonthThatReachesIt() {
    assertEquals(OptionalInt.of(10), new CashFlow(100, 10, 0, 10).paybackMonths());
    assertEquals(OptionalInt.empty(), new CashFlow(100, 10, 50, 9).paybackMonths());
    assertEquals(OptionalInt.of(11), new CashFlow(100.01, 10, 0, 11).paybackMonths());
    // 0.1 + 0.1 + 0.1 is a little more than 0.3 in binary, and still three months.
    assertEquals(OptionalInt.of(3), new CashFlow(0.1 + 0.1 + 0.1, 0.1, 0, 36).paybackMonths());
    assertEquals(OptionalInt.of(1), new CashFlow(0.01, 10, 0, 36).paybackMonths());
    // Nothing is gained, and what is residual does not count.
    assertEquals(OptionalInt.empty(), new CashFlow(100, 0, 500, 36).paybackMonths());
    // Nothing was paid: at once, unless each month loses.
    assertEquals(OptionalInt.of(0), new CashFlow(0, 0, 0, 36).paybackMonths());
    assertEquals(OptionalInt.of(0), new CashFlow(0, 5, 0, 36).paybackMonths());
    assertEquals(OptionalInt.empty(), new CashFlow(0, -0.01, 0, 36).paybackMonths());
  }

  /**
   * $1,000 now, $100 a month, $300 in the end, at one per cent a month, added up month by month.
   */
  @Test
  void netPresentValueMonthByMonth() {
    double sum = -1000 + 300 / Math.pow(1.01, 12);
    for (int month = 1; month <= 12; month++) {
      sum += 100 / Math.pow(1.01, month);
    }
    assertEquals(sum, new CashFlow(1000, 100, 300, 12).npv(0.01), 1e-9);
  }

  /** docs/method.md: 8 % a year over 36 months. Paid month by month it is worth the dollar. */
  @Test
  void anAnnuityIsWorthItsDollar() {
    Assumptions.Finance eight = new Assumptions.Finance(36, 0.08, 0.2);
    assertEquals(0.006434, eight.discountRatePerMonth(), 1e-6);
    double worth = 0;
    for (int month = 1; month <= 36; month++) {
      worth += eight.annuityPerMonth() / Math.pow(1.08, month / 12.0);
    }
    assertEquals(1, worth, 1e-12);
    assertEquals(0.05, new Assumptions.Finance(20, 0, 0).annuityPerMonth(), 1e-15);
  }

  /** 10 % off from $10,000 on: $9,999.99 is billed whole, $10,000 at $9,000. */
  @Test
  void aTierBeginsAtItsFirstDollar() {
    ApiAgreement agreement =
        new ApiAgreement(
            "acme",
            0,
            List.of(
                new ApiAgreement.DiscountStep(0, 0),
                new ApiAgreement.DiscountStep(10_000, 10),
                new ApiAgreement.DiscountStep(20_000, 25)));
    assertEquals(9_999.99, agreement.billedUsd(9_999.99), 1e-9);
    assertEquals(9_000, agreement.billedUsd(10_000), 1e-9);
    assertEquals(15_000, agreement.billedUsd(20_000), 1e-9);
    assertEquals(0, agreement.billedUsd(0));
    ApiAgreement.DiscountStep tier = new ApiAgreement.DiscountStep(5, 1);
    assertEquals(
        "/tiers/1/from-monthly-usd: must rise (found 5.0 after 5.0)",
        assertThrows(
                IllegalArgumentException.class,
                () -> new ApiAgreement("acme", 0, List.of(tier, tier)))
            .getMessage());
  }

  /** 8 to 20 on weekdays holds the hours 8 to 19; 22 to 6 runs over midnight; 7 to 7 is all day. */
  @Test
  void hoursOfATariff() {
    Tariff day = new Tariff(0.3, List.of(new PricedHours(8, 20, Days.WEEKDAYS, 0.5)));
    Tariff night = new Tariff(0.3, List.of(new PricedHours(22, 6, Days.WEEKENDS, 0.1)));
    Tariff all = new Tariff(0.3, List.of(new PricedHours(7, 7, Days.ALL, 0.2)));
    for (int hour = 0; hour < 24; hour++) {
      assertEquals(hour >= 8 && hour <= 19 ? 0.5 : 0.3, day.usdPerKwh(hour), "weekday " + hour);
      assertEquals(0.3, day.usdPerKwh(24 + hour), "weekend " + hour);
      assertEquals(0.3, night.usdPerKwh(hour), "weekday " + hour);
      assertEquals(
          hour >= 22 || hour <= 5 ? 0.1 : 0.3, night.usdPerKwh(24 + hour), "weekend " + hour);
      assertEquals(0.2, all.usdPerKwh(hour));
      assertEquals(0.2, all.usdPerKwh(24 + hour));
    }
    // The first window that holds an hour gives its price.
    Tariff two =
        new Tariff(
            0.3,
            List.of(new PricedHours(0, 1, Days.ALL, 0.9), new PricedHours(0, 2, Days.ALL, 0.7)));
    assertEquals(0.9, two.usdPerKwh(0));
    assertEquals(0.7, two.usdPerKwh(1));
    // Up from 23 for 3 hours: 0.3, 0.9, 0.7 on every day.
    assertEquals(1.9 / 3, two.meanUsdPerKwh(23, 3), 1e-12);
    // Nothing was used: the base.
    assertEquals(0.3, two.meanUsdPerKwh(new float[Tariff.SLOTS]));
    float[] used = new float[Tariff.SLOTS];
    used[0] = 1;
    used[24 + 5] = 3;
    assertEquals((0.9 + 3 * 0.3) / 4, two.meanUsdPerKwh(used), 1e-7);
  }

  @Test
  void aSpreadGoesThroughItsQuantiles() {
    Spread spread = new Spread(-1, 0, 3);
    assertEquals(-1, spread.at(-Spread.Z90), 1e-12);
    assertEquals(0, spread.at(0));
    assertEquals(3, spread.at(Spread.Z90), 1e-12);
    assertEquals(-2, spread.at(-2 * Spread.Z90), 1e-12);
    assertEquals(1.5, spread.at(0.5 * Spread.Z90), 1e-12);
    assertEquals(7, Spread.around(5, 2).at(1), 1e-12);
    assertEquals(3, Spread.around(5, 2).at(-1), 1e-12);
    assertEquals(4, Spread.fixed(4).at(9));
    assertEquals(1, new Spread(1, 1, 1).p90());
    assertThrows(IllegalArgumentException.class, () -> new Spread(1, 0.9, 2));
    assertThrows(IllegalArgumentException.class, () -> new Spread(1, 2, 1.9));
    assertThrows(IllegalArgumentException.class, () -> new Spread(1, Double.NaN, 2));
  }

  private static final String BOXES =
      """
      hardware:
        - { id: bought, name: box, accelerator: rtx-4090, count: 2, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: bought, price-usd: 2000 }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: spot, name: box, accelerator: rtx-4090, count: 1, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: spot, hourly-usd: 1.5, hours-per-day: 12, start-hour: 20 },
            source: { kind: assumed, reference: test, date: "2026" } }
        - { id: on-demand, name: box, accelerator: rtx-4090, count: 1, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: on-demand, hourly-usd: 1.5, includes-power: true },
            source: { kind: assumed, reference: test, date: "2026" } }
        - { id: reserved, name: box, accelerator: rtx-4090, count: 1, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: reserved, monthly-usd: 330.5, includes-power: true },
            source: { kind: assumed, reference: test, date: "2026" } }
      """;

  static HardwareProfile box(Path folder, String id) throws IOException {
    return Catalog.with(List.of(Files.writeString(folder.resolve("boxes.yaml"), BOXES)))
        .hardware(id);
  }

  private static Map<String, String> words(LocalCost cost) {
    Map<String, String> words = new TreeMap<>();
    cost.lines().forEach(line -> words.put(line.name(), line.arithmetic()));
    return words;
  }

  /** What explain says of each line, in numbers that can be multiplied by hand to the cent. */
  @Test
  void theArithmeticOfEachLine(@TempDir Path folder) throws IOException {
    Assumptions a =
        with(
            """
            horizon-months: 20
            discount-rate-per-year: 0
            residual-share: 0.25
            pue: 1.5
            electricity-usd-per-kwh: 0.2
            space-usd-per-box-month: 10
            licence-usd-per-accelerator-month: 100
            network-usd-per-fleet-month: 40
            engineer-usd-per-hour: 90
            setup-hours-per-fleet: 8
            setup-hours-per-workload: 4
            upkeep-hours-per-fleet-month: 2
            upkeep-hours-per-workload-month: 0.5
            incident-hours-per-fleet-month: 1
            incident-hours-per-box-month: 0
            setup-hours-shared: 0
            upkeep-hours-shared-month: 0
            local-availability: 0.99
            spot-interruptions-per-box-month: 6
            spot-recovery-minutes: 62
            """);
    FleetUse use = new FleetUse(2, 744, 300, 0.5, new float[0], 3, 500, 0.1, true);
    assertEquals(
        new TreeMap<>(
            Map.of(
                "purchase",
                    "2 boxes x $2000 x (1 - 0.2500000000 residual, discounted) x 0.0500000000 annuity",
                "power",
                    "1.5 PUE x (148.800000 kWh idle x $0.2000000000 + 60.000000 kWh busy x"
                        + " $0.2000000000); idle: 2 boxes x 744.000000 h x 100 W; busy: 300.000000"
                        + " box-hours x 200.000000 W more",
                "space", "2 boxes x $10",
                "licence", "2 boxes x 2 accelerators x $100",
                "set-up", "(8 h a fleet + 3 x 4 h a workload) x $90 an hour x 0.0500000000 annuity",
                "upkeep", "(2 h a fleet + 3 x 0.5 h a workload) x $90 an hour",
                "incidents", "1 h a fleet x $90 an hour",
                "network", "$40 a fleet",
                "hardest calls at the API", "0.1 of $500.000000 a month at the API",
                "API while local is down",
                    "(1 - 0.99 availability) x 0.9 x $500.000000 a month at the API")),
        words(LocalCost.of(a, box(folder, "bought"), use)));
    Map<String, String> spot = words(LocalCost.of(a, box(folder, "spot"), use));
    assertEquals("2 boxes x $1.5 an hour x 372.000000 h", spot.get("rent"));
    assertEquals(
        "6 interruptions x 62 min / 60 / 744.000000 h x 0.9 x $500.000000 a month at the API",
        spot.get("API while spot is away"));
    assertEquals(
        "2 boxes x $330.5 a month",
        words(LocalCost.of(a, box(folder, "reserved"), use)).get("rent"));
  }

  private static double line(LocalCost cost, String name) {
    return cost.lines().stream()
        .filter(l -> l.name().equals(name))
        .mapToDouble(CostLine::monthlyUsd)
        .sum();
  }

  /** A box up half of the day that is on somebody else's meter pays neither power nor space. */
  @Test
  void whoPaysForPowerAndRent(@TempDir Path folder) throws IOException {
    Assumptions a = with("{ pue: 1.5, electricity-usd-per-kwh: 0.2, space-usd-per-box-month: 10 }");
    FleetUse use = new FleetUse(1, 744, 0, 0, 0, false);
    LocalCost demand = LocalCost.of(a, box(folder, "on-demand"), use);
    assertEquals(1116, line(demand, "rent"), 1e-9); // 744 x 1.5
    assertTrue(demand.lines().stream().noneMatch(l -> l.name().equals("power")));
    assertTrue(demand.lines().stream().noneMatch(l -> l.name().equals("space")));
    LocalCost spot = LocalCost.of(a, box(folder, "spot"), use);
    assertEquals(558, line(spot, "rent"), 1e-9); // 372 x 1.5
    assertEquals(11.16, line(spot, "power"), 1e-9); // 372 h x 0.1 kW x 0.3
    assertEquals(10, line(spot, "space"), 1e-9);
    LocalCost reserved = LocalCost.of(a, box(folder, "reserved"), use);
    assertEquals(330.5, line(reserved, "rent"), 1e-9);
  }

  /** Taken away so often that it is always away: all of it at the API, and no more than all. */
  @Test
  void aSpotBoxIsAwayAllMonthAtTheMost(@TempDir Path folder) throws IOException {
    Assumptions often =
        with("{ spot-interruptions-per-box-month: 100, spot-recovery-minutes: 900 }");
    HardwareProfile spot = box(folder, "spot");
    FleetUse open = new FleetUse(1, 744, 0, 0, 500, true);
    assertEquals(500, line(LocalCost.of(often, spot, open), "API while spot is away"), 1e-9);
    FleetUse closed = new FleetUse(1, 744, 0, 0, 500, false);
    for (LocalCost none :
        List.of(
            LocalCost.of(often, spot, closed),
            LocalCost.of(often, box(folder, "bought"), open),
            LocalCost.of(with("{ spot-interruptions-per-box-month: 0 }"), spot, open))) {
      assertTrue(none.lines().stream().noneMatch(l -> l.name().equals("API while spot is away")));
    }
  }

  /** Who answers while the fleet is down: the API, a box more, or nobody. */
  @Test
  void whatEachKindOfRedundancyCosts(@TempDir Path folder) throws IOException {
    HardwareProfile bought = box(folder, "bought");
    FleetUse use = new FleetUse(2, 744, 0, 0, 500, true);
    String down = "API while local is down";
    LocalCost api = LocalCost.of(with("local-availability: 0.99"), bought, use);
    assertEquals(2, api.boxes());
    assertEquals(5, line(api, down), 1e-9);
    LocalCost spare = LocalCost.of(with("redundancy: n-plus-1"), bought, use);
    assertEquals(3, spare.boxes());
    assertTrue(spare.lines().stream().noneMatch(l -> l.name().equals(down)));
    LocalCost none = LocalCost.of(with("redundancy: none"), bought, use);
    assertEquals(2, none.boxes());
    assertTrue(none.lines().stream().noneMatch(l -> l.name().equals(down)));
  }
}
