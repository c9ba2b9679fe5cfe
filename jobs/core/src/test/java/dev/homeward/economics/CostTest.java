package dev.homeward.economics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.OtherAssumptions;
import dev.homeward.SharedData;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of costs, against arithmetic done by hand. */
final class CostTest {
  private static final String BOXES =
      """
      hardware:
        - { id: bought, name: box, accelerator: rtx-4090, count: 2, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: bought, price-usd: 2000 }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: owned, name: box, accelerator: rtx-4090, count: 1, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: owned }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: owned-with-a-price, name: box, accelerator: rtx-4090, count: 1, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: owned, price-usd: 800 }, source: { kind: assumed, reference: test, date: "2026" } }
        - { id: spot, name: box, accelerator: rtx-4090, count: 1, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: spot, hourly-usd: 1.5, hours-per-day: 8, start-hour: 20, includes-power: true },
            source: { kind: assumed, reference: test, date: "2026" } }
        - { id: reserved, name: box, accelerator: rtx-4090, count: 1, idle-watts: 100, busy-watts: 500, load-gb-per-s: 5,
            acquisition: { mode: reserved, monthly-usd: 330 }, source: { kind: assumed, reference: test, date: "2026" } }
      """;

  @TempDir Path folder;

  private Catalog catalog() throws IOException {
    return Catalog.with(List.of(Files.writeString(folder.resolve("boxes.yaml"), BOXES)));
  }

  private static Assumptions with(String json) throws IOException {
    return Assumptions.defaults().with((ObjectNode) new ObjectMapper().readTree(json), "test");
  }

  private static Map<String, Double> lines(LocalCost cost) {
    return cost.lines().stream()
        .collect(Collectors.toMap(CostLine::name, CostLine::monthlyUsd, Double::sum, TreeMap::new));
  }

  private static void assertLines(Map<String, Double> expected, LocalCost cost) {
    Map<String, Double> lines = lines(cost);
    assertEquals(new TreeSet<>(expected.keySet()), new TreeSet<>(lines.keySet()));
    expected.forEach((name, usd) -> assertEquals(usd, lines.get(name), 1e-9, name));
    assertEquals(expected.values().stream().mapToDouble(d -> d).sum(), cost.monthlyUsd(), 1e-9);
  }

  /**
   * Two boxes of $2,000 and a spare, 20 months at 0 %, a quarter of the price left, 744 hours, 300
   * box-hours at half load; redundancy by the spare, so nothing at the API.
   */
  @Test
  void boughtBoxesWithASpare() throws IOException {
    Assumptions a =
        with(
            """
            {"horizon-months": 20, "discount-rate-per-year": 0, "residual-share": 0.25, "pue": 1.5,
             "electricity-usd-per-kwh": 0.2, "space-usd-per-box-month": 10, "redundancy": "n-plus-1",
             "engineer-usd-per-hour": 90, "setup-hours-per-fleet": 8, "setup-hours-per-workload": 4,
             "upkeep-hours-per-fleet-month": 2, "upkeep-hours-per-workload-month": 0.5,
             "incident-hours-per-fleet-month": 1, "incident-hours-per-box-month": 0,
             "setup-hours-shared": 0, "upkeep-hours-shared-month": 0, "licence-usd-per-accelerator-month": 100,
             "network-usd-per-fleet-month": 40}
            """);
    FleetUse use = new FleetUse(2, 744, 300, 0.5, 1000, true);
    HardwareProfile box = catalog().hardware("bought");
    LocalCost cost = LocalCost.of(a, box, use);
    assertEquals(3, cost.boxes());
    // 3 x 744 h x 0.1 kW idle, and 300 h x 0.5 x (0.5 - 0.1) kW more.
    assertEquals(223.2 + 60, cost.energyKwh(), 1e-9);
    assertLines(
        Map.of(
            "purchase", 225.0, // 3 x 2000 x 0.75 / 20
            "power", 84.96, // 1.5 x 0.2 x (223.2 + 60)
            "space", 30.0,
            "licence", 600.0, // 3 boxes x 2 accelerators x 100
            "set-up", 54.0, // 12 h x 90 / 20
            "upkeep", 225.0, // 2.5 h x 90
            "incidents", 90.0,
            "network", 40.0),
        cost);
    // 3 x 2000 + 12 h x 90; a quarter of 6000; and all but purchase and set-up.
    assertEquals(7080, cost.initialUsd(), 1e-9);
    assertEquals(1500, cost.residualUsd(), 1e-9);
    assertEquals(1348.96 - 225 - 54, cost.runningUsd(), 1e-9);

    FleetRates rates = FleetRates.of(a, box, use);
    assertEquals(1348.96, rates.monthlyUsd(2, 300, 0.5, 1, 1000), 1e-9);
    assertEquals(1, rates.spareBoxes());
    assertEquals(2000, rates.initialUsdPerBox(), 1e-9);
    // An idle box: 10 + 200 + 74.4 kWh x 0.3; and 75 for its price.
    assertEquals(232.32, rates.runningUsdPerBox(), 1e-9);
    assertEquals(307.32, rates.boxUsd(), 1e-9);
    // 8 h x 90 / 20 + 2 h x 90 + 90 + 40, and 60 kWh x 0.3.
    assertEquals(346 + 18, rates.fleetUsd(300, 0.5), 1e-9);
    assertEquals(4 * 90 / 20.0 + 45, rates.workloadUsd(1000), 1e-9);
    assertEquals(0, rates.awayShare());
    // People twice as dear: 225 + 90 more. Electricity at a tenth more: 8.496 more.
    assertEquals(1348.96 + 315 + 8.496, rates.in(2, 1.1, 1).monthlyUsd(2, 300, 0.5, 1, 1000), 1e-9);
  }

  /** Two spot boxes of $1.50 for 8 hours a day; a tenth of the calls stays at the API. */
  @Test
  void spotBoxesAndTheApiWhileTheyAreAway() throws IOException {
    Assumptions a =
        with(
            """
            {"horizon-months": 10, "discount-rate-per-year": 0, "local-availability": 0.99,
             "setup-hours-per-fleet": 8, "setup-hours-shared": 0, "upkeep-hours-per-fleet-month": 2,
             "upkeep-hours-shared-month": 0, "incident-hours-per-fleet-month": 1,
             "spot-interruptions-per-box-month": 6, "spot-recovery-minutes": 62}
            """);
    FleetUse use = new FleetUse(2, 744, 100, 1, new float[0], 3, 500, 0.1, true);
    LocalCost cost = LocalCost.of(a, catalog().hardware("spot"), use);
    assertLines(
        Map.of(
            "rent", 744.0, // 2 x 1.5 x 248 h
            "set-up", 180.0, // (8 + 3 x 4) h x 90 / 10
            "upkeep", 315.0, // (2 + 3 x 0.5) h x 90
            "incidents", 90.0,
            "hardest calls at the API", 50.0, // 0.1 x 500
            "API while local is down", 4.5, // 0.01 x 0.9 x 500
            "API while spot is away", 3.75), // 6 x 62 / 60 / 744 x 0.9 x 500
        cost);
    assertEquals(1800, cost.initialUsd(), 1e-9);
    assertEquals(0, cost.residualUsd());
    assertEquals(
        0.1 + 0.009 + 0.0075, FleetRates.of(a, catalog().hardware("spot"), use).awayShare(), 1e-12);
  }

  /**
   * Two boxes of each kind and a spare of the bought ones, at $100 an hour over 10 months at 0 %.
   * Hours a box: 5 to set up, 0.5 of upkeep and 0.25 of incidents a month, of bought boxes alone;
   * the server says its own. What all fleets share is stated and not charged.
   */
  @Test
  void hoursOfBoxesAndOfAllFleetsByHand() throws IOException {
    Assumptions a =
        with(
            """
            {"horizon-months": 10, "discount-rate-per-year": 0, "engineer-usd-per-hour": 100,
             "setup-hours-per-fleet": 6, "setup-hours-per-box": 5, "setup-hours-per-workload": 4,
             "setup-hours-shared": 20, "upkeep-hours-per-fleet-month": 1,
             "upkeep-hours-per-box-month": 0.5, "upkeep-hours-per-workload-month": 0.75,
             "upkeep-hours-shared-month": 3, "incident-hours-per-fleet-month": 2,
             "incident-hours-per-box-month": 0.25, "redundancy": "n-plus-1"}
            """);
    FleetUse use = new FleetUse(2, 744, 0, 0, new float[0], 1, 0, 0, true);
    LocalCost bought = LocalCost.of(a, catalog().hardware("bought"), use);
    assertHours(bought, (6 + 3 * 5 + 4) * 10, 100 * (1 + 3 * 0.5 + 0.75), 100 * (2 + 3 * 0.25));
    // Rented, or there already: whoever has them keeps them.
    for (String id : List.of("owned", "spot", "reserved")) {
      assertHours(LocalCost.of(a, catalog().hardware(id), use), (6 + 4) * 10, 175, 200);
    }
    HardwareProfile own =
        catalog()
            .withHardware("owned", "setup-hours", DoubleNode.valueOf(7), "test")
            .withHardware("owned", "upkeep-hours-per-month", DoubleNode.valueOf(1.5), "test")
            .withHardware("owned", "incident-hours-per-month", DoubleNode.valueOf(0.1), "test")
            .hardware("owned");
    LocalCost server = LocalCost.of(a, own, use);
    assertHours(server, (6 + 3 * 7 + 4) * 10, 100 * (1 + 3 * 1.5 + 0.75), 100 * (2 + 3 * 0.1));
    CostLine shared = line(server, "set-up for all fleets");
    assertEquals(0, shared.monthlyUsd());
    assertEquals(
        "20 h x $100 an hour x 0.1000000000 annuity = $200.000000, once for all fleets: in the plan, not here",
        shared.arithmetic());
    assertEquals(
        "3 h x $100 an hour = $300.000000, once for all fleets: in the plan, not here",
        line(server, "upkeep of all fleets").arithmetic());
    assertEquals(
        "(1 h a fleet + 3 boxes x 1.5 h + 1 x 0.75 h a workload) x $100 an hour",
        line(server, "upkeep").arithmetic());
    assertEquals(
        "(2 h a fleet + 3 boxes x 0.1 h) x $100 an hour", line(server, "incidents").arithmetic());
    FleetRates rates = FleetRates.of(a, catalog().hardware("bought"), use);
    assertEquals(500, rates.sharedUsd(), 1e-9);
    // What is paid at the start for a box is its price: hours are no purchase.
    assertEquals(2000, rates.initialUsdPerBox(), 1e-9);
    assertEquals(3 * 2000 + 25 * 100, bought.initialUsd(), 1e-9);
    // People twice as dear: upkeep and incidents again, of boxes too.
    assertEquals(
        bought.monthlyUsd() + 325 + 275, rates.in(2, 1, 1).monthlyUsd(2, 0, 0, 1, 0), 1e-9);
  }

  private static void assertHours(LocalCost cost, double setUp, double upkeep, double incidents) {
    assertEquals(setUp, line(cost, "set-up").monthlyUsd(), 1e-9);
    assertEquals(upkeep, line(cost, "upkeep").monthlyUsd(), 1e-9);
    assertEquals(incidents, line(cost, "incidents").monthlyUsd(), 1e-9);
  }

  private static CostLine line(LocalCost cost, String name) {
    return cost.lines().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * A box of $1.50 an hour that is up for 37.5 hours of the month, 10 of them busy: rent 37.5 x
   * 1.5. Where its power is not in the rent: 37.5 h x 0.1 kW and 10 h x 0.4 kW more, at 1.3 x
   * $0.20.
   */
  @Test
  void aBoxThatIsStartedAndStoppedPaysForItsHoursUp() throws IOException {
    Catalog started =
        catalog().withHardware("spot", "release-after-minutes", DoubleNode.valueOf(15), "test");
    FleetUse use = new FleetUse(1, 744, 10, 1, new float[0], 1, 0, 0, false, 37.5);
    LocalCost cost = LocalCost.of(Assumptions.defaults(), started.hardware("spot"), use);
    assertEquals(56.25, line(cost, "rent").monthlyUsd(), 1e-9);
    assertEquals(
        "37.500000 box-hours from each start until 15 idle minutes x $1.5 an hour",
        line(cost, "rent").arithmetic());
    assertEquals(7.75, cost.energyKwh(), 1e-9);
    FleetRates rates = FleetRates.of(Assumptions.defaults(), started.hardware("spot"), use);
    assertEquals(cost.monthlyUsd(), rates.monthlyUsd(1, 10, 1, 37.5, 1, 0), 1e-9);
    assertEquals(cost.monthlyUsd(), rates.in(1, 1, 1).monthlyUsd(1, 10, 1, 37.5, 1, 0, 0), 1e-9);
    // Idle it costs nothing.
    assertEquals(0, rates.boxUsd(), 1e-9);
    HardwareProfile metered =
        started.withHardware("spot", "includes-power", BooleanNode.FALSE, "test").hardware("spot");
    LocalCost power = LocalCost.of(Assumptions.defaults(), metered, use);
    assertEquals(7.75 * 1.3 * 0.2, line(power, "power").monthlyUsd(), 1e-9);
    assertEquals(
        power.monthlyUsd(),
        FleetRates.of(Assumptions.defaults(), metered, use).monthlyUsd(1, 10, 1, 37.5, 1, 0),
        1e-9);
    Catalog catalog = catalog();
    InvalidInput bought =
        assertThrows(
            InvalidInput.class,
            () ->
                catalog.withHardware(
                    "bought", "release-after-minutes", DoubleNode.valueOf(15), "test"));
    assertTrue(
        bought
            .getMessage()
            .endsWith(
                "/release-after-minutes: only a box that is rented by the hour can be given back (found mode bought)"),
        bought.getMessage());
  }

  /** A box that is there already costs what it would fetch, where somebody says so. */
  @Test
  void ownedAndReservedBoxes() throws IOException {
    Assumptions a =
        with("{\"horizon-months\": 20, \"discount-rate-per-year\": 0, \"residual-share\": 0.25}");
    FleetUse use = new FleetUse(1, 720, 0, 0, 0, false);
    assertEquals(
        0, lines(LocalCost.of(a, catalog().hardware("owned"), use)).get("existing hardware"));
    assertEquals(
        30, // 800 x 0.75 / 20
        lines(LocalCost.of(a, catalog().hardware("owned-with-a-price"), use))
            .get("existing hardware"),
        1e-9);
    assertEquals(330, lines(LocalCost.of(a, catalog().hardware("reserved"), use)).get("rent"));
  }

  /** Written out line by line, summed by rates, or put together as a plan does: one sum. */
  @Test
  @Tag("slow")
  void everyWayToAddUpTheTableGivesTheSameSum() throws IOException {
    Random random = new Random(11);
    List<HardwareProfile> boxes = new ArrayList<>(catalog().hardware());
    for (int i = 0; i < 300; i++) {
      ObjectNode given = new ObjectMapper().createObjectNode();
      OtherAssumptions.values()
          .forEach(
              (key, value) -> {
                if (random.nextBoolean()) {
                  given.set(key, value);
                }
              });
      Assumptions a = Assumptions.defaults().with(given, "test");
      HardwareProfile box = boxes.get(random.nextInt(boxes.size()));
      float[] clock = new float[Tariff.SLOTS];
      for (int slot = 0; slot < clock.length; slot++) {
        clock[slot] = random.nextFloat();
      }
      int workloads = 1 + random.nextInt(4);
      FleetUse use =
          new FleetUse(
              1 + random.nextInt(5),
              744,
              300 * random.nextDouble(),
              random.nextDouble(),
              clock,
              workloads,
              workloads * 700,
              random.nextInt(2) * 0.2,
              random.nextBoolean());
      double lines = LocalCost.of(a, box, use).monthlyUsd();
      FleetRates rates = FleetRates.of(a, box, use);
      assertEquals(
          lines,
          rates.monthlyUsd(
              use.boxes(), use.busyBoxHours(), use.busyLoad(), workloads, workloads * 700),
          1e-8);
      double parts =
          (use.boxes() + rates.spareBoxes()) * rates.boxUsd()
              + rates.fleetUsd(use.busyBoxHours(), use.busyLoad())
              + workloads * rates.workloadUsd(700);
      assertEquals(lines, parts, 1e-8);
    }
  }

  /**
   * What a line says it is made of is what moves it: each assumption off its default, one at a
   * time, changes the rates of the lines that name it and of no other.
   */
  @Test
  @Tag("slow")
  void aLineChangesWithTheAssumptionsThatItNames() throws IOException {
    List<HardwareProfile> boxes = catalog().hardware();
    float[] clock = new float[Tariff.SLOTS];
    clock[9] = 1;
    FleetUse use = new FleetUse(2, 744, 100, 0.7, clock, 2, 900, 0.1, true);
    Assumptions usual = Assumptions.defaults();
    Map<String, JsonNode> others = OtherAssumptions.values();
    // It changes other keys: SituationsTest.
    others.remove("situation");
    for (Map.Entry<String, JsonNode> other : others.entrySet()) {
      Assumptions a = usual.with(other.getKey(), other.getValue(), "test");
      TreeSet<String> changed = new TreeSet<>();
      TreeSet<String> named = new TreeSet<>();
      for (Cost cost : Cost.values()) {
        if (cost.from().contains(other.getKey())) {
          named.add(cost.label());
        }
        for (HardwareProfile box : boxes) {
          if (!cost.rates(new Terms(usual, box, use)).equals(cost.rates(new Terms(a, box, use)))) {
            changed.add(cost.label());
          }
        }
      }
      assertEquals(named, changed, other.getKey());
    }
  }

  /** Each line has a row in docs/method.md that names what sets it. */
  @Test
  void everyLineHasItsRowInTheMethod() throws IOException {
    String method = Files.readString(SharedData.root().resolve("docs/method.md"));
    for (Cost cost : Cost.values()) {
      List<String> rows =
          method.lines().filter(row -> row.startsWith("| " + cost.label() + " |")).toList();
      assertEquals(1, rows.size(), "rows of docs/method.md that begin with | " + cost.label());
      String set = cost.from().stream().map(f -> "`" + f + "`").collect(Collectors.joining(", "));
      assertTrue(rows.get(0).endsWith("| " + set + " |"), rows.get(0) + " must end with " + set);
    }
  }
}
