package dev.homeward.economics;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.economics.CostLine.Paid;
import dev.homeward.economics.CostLine.Plain;
import java.util.ArrayList;
import java.util.List;

/**
 * Monthly cost of owning or renting a fleet, line by line: {@link FleetRates} written out. The two
 * give the same sum, which a test holds.
 *
 * @param boxes boxes paid for, the spare one included
 * @param lines what is paid a month; purchase and set-up as annuities
 * @param initialUsd paid at the start: purchase and set-up
 * @param residualUsd what the boxes fetch at the end of the horizon
 * @param runningUsd a month without purchase and set-up
 * @param energyKwh a month, at the plug of the boxes
 */
public record LocalCost(
    int boxes,
    List<CostLine> lines,
    double initialUsd,
    double residualUsd,
    double runningUsd,
    double energyKwh) {

  /** Sum of the lines. */
  public double monthlyUsd() {
    return lines.stream().mapToDouble(CostLine::monthlyUsd).sum();
  }

  /** What a fleet costs. */
  public static LocalCost of(Assumptions a, HardwareProfile box, FleetUse use) {
    FleetRates r = FleetRates.of(a, box, use);
    int boxes = use.boxes() + r.spareBoxes();
    Acquisition acquisition = box.acquisition();
    List<CostLine> lines = new ArrayList<>();
    addHardware(lines, a, box, use, r);
    double busyMore = use.busyLoad() * r.moreKwh();
    double idleKwh = boxes * r.idleKwh();
    double busyKwh = use.busyBoxHours() * busyMore;
    if (!acquisition.includesPower()) {
      lines.add(power(a, use, r, boxes, box));
      lines.add(
          line(
              "space",
              Paid.MONTHLY,
              boxes * r.spaceUsd(),
              "%d boxes x $%s",
              boxes,
              new Plain(r.spaceUsd())));
    }
    if (r.licenceUsd() != 0) {
      lines.add(
          line(
              "licence",
              Paid.MONTHLY,
              boxes * r.licenceUsd(),
              "%d boxes x %d accelerators x $%s",
              boxes,
              box.acceleratorCount(),
              new Plain(a.licenceUsdPerAcceleratorMonth())));
    }
    double setup =
        (a.setupHoursPerFleet() + use.workloads() * a.setupHoursPerWorkload())
            * a.engineerUsdPerHour();
    addPeople(lines, a, use, setup);
    if (a.networkUsdPerFleetMonth() != 0) {
      lines.add(
          line(
              "network",
              Paid.MONTHLY,
              a.networkUsdPerFleetMonth(),
              "$%s a fleet",
              new Plain(a.networkUsdPerFleetMonth())));
    }
    addApi(lines, a, acquisition, use);
    double running =
        lines.stream()
            .filter(l -> l.paid() == Paid.MONTHLY)
            .mapToDouble(CostLine::monthlyUsd)
            .sum();
    return new LocalCost(
        boxes,
        List.copyOf(lines),
        boxes * r.initialUsdPerBox() + setup,
        boxes * r.residualUsdPerBox(),
        running,
        idleKwh + busyKwh);
  }

  private static void addHardware(
      List<CostLine> lines, Assumptions a, HardwareProfile box, FleetUse use, FleetRates r) {
    int boxes = use.boxes() + r.spareBoxes();
    Acquisition acquisition = box.acquisition();
    switch (acquisition.mode()) {
      case BOUGHT, OWNED -> {
        boolean bought = acquisition.mode() == Acquisition.Mode.BOUGHT;
        if (!bought && r.initialUsdPerBox() == 0) {
          lines.add(line("existing hardware", Paid.AT_START, 0, "%d boxes already owned", boxes));
        } else {
          lines.add(
              line(
                  bought ? "purchase" : "existing hardware",
                  Paid.AT_START,
                  boxes * r.purchaseUsd(),
                  "%d boxes x $%s x (1 - %.10f residual, discounted) x %.10f annuity",
                  boxes,
                  new Plain(r.initialUsdPerBox()),
                  FleetRates.discountedResidual(a),
                  a.annuityPerMonth()));
        }
      }
      case ON_DEMAND, SPOT ->
          lines.add(
              line(
                  "rent",
                  Paid.MONTHLY,
                  boxes * r.rentUsd(),
                  "%d boxes x $%s an hour x %.6f h",
                  boxes,
                  new Plain(acquisition.hourlyUsd().orElseThrow().value()),
                  use.monthHours() * acquisition.hoursPerDay() / 24));
      case RESERVED ->
          lines.add(
              line(
                  "rent",
                  Paid.MONTHLY,
                  boxes * r.rentUsd(),
                  "%d boxes x $%s a month",
                  boxes,
                  new Plain(r.rentUsd())));
    }
  }

  private static CostLine power(
      Assumptions a, FleetUse use, FleetRates r, int boxes, HardwareProfile box) {
    double upHours = use.monthHours() * box.acquisition().hoursPerDay() / 24;
    double idleKwh = boxes * r.idleKwh();
    double busyKwh = use.busyBoxHours() * use.busyLoad() * r.moreKwh();
    return line(
        "power",
        Paid.MONTHLY,
        idleKwh * r.idleUsdPerKwh() + busyKwh * r.busyUsdPerKwh(),
        "%s PUE x (%.6f kWh idle x $%.10f + %.6f kWh busy x $%.10f); idle: %d boxes x %.6f h x %s W;"
            + " busy: %.6f box-hours x %.6f W more",
        new Plain(a.pue()),
        idleKwh,
        r.idleUsdPerKwh() / a.pue(),
        busyKwh,
        r.busyUsdPerKwh() / a.pue(),
        boxes,
        upHours,
        new Plain(box.idleWatts().value()),
        use.busyBoxHours(),
        use.busyLoad() * r.moreKwh() * 1000);
  }

  private static void addPeople(List<CostLine> lines, Assumptions a, FleetUse use, double setup) {
    Plain engineer = new Plain(a.engineerUsdPerHour());
    lines.add(
        line(
            "set-up",
            Paid.AT_START,
            setup * a.annuityPerMonth(),
            "(%s h a fleet + %d x %s h a workload) x $%s an hour x %.10f annuity",
            new Plain(a.setupHoursPerFleet()),
            use.workloads(),
            new Plain(a.setupHoursPerWorkload()),
            engineer,
            a.annuityPerMonth()));
    lines.add(
        line(
            "upkeep",
            Paid.MONTHLY,
            (a.upkeepHoursPerFleetMonth() + use.workloads() * a.upkeepHoursPerWorkloadMonth())
                * a.engineerUsdPerHour(),
            "(%s h a fleet + %d x %s h a workload) x $%s an hour",
            new Plain(a.upkeepHoursPerFleetMonth()),
            use.workloads(),
            new Plain(a.upkeepHoursPerWorkloadMonth()),
            engineer));
    lines.add(
        line(
            "incidents",
            Paid.MONTHLY,
            a.incidentHoursPerFleetMonth() * a.engineerUsdPerHour(),
            "%s h a fleet x $%s an hour",
            new Plain(a.incidentHoursPerFleetMonth()),
            engineer));
  }

  private static void addApi(
      List<CostLine> lines, Assumptions a, Acquisition acquisition, FleetUse use) {
    double api = use.apiForecastUsd();
    double local = 1 - use.hardestShare();
    if (use.hardestShare() > 0) {
      lines.add(
          line(
              "hardest calls at the API",
              Paid.MONTHLY,
              use.hardestShare() * api,
              "%s of $%.6f a month at the API",
              new Plain(use.hardestShare()),
              api));
    }
    if (a.redundancy() == Assumptions.Redundancy.API_FALLBACK && use.fallbackAllowed()) {
      lines.add(
          line(
              "API while local is down",
              Paid.MONTHLY,
              local * FleetRates.downShare(a, use) * api,
              "(1 - %s availability) x %s x $%.6f a month at the API",
              new Plain(a.localAvailability()),
              new Plain(local),
              api));
    }
    double interrupted = FleetRates.interruptedShare(a, acquisition, use);
    if (interrupted > 0) {
      lines.add(
          line(
              "API while spot is away",
              Paid.MONTHLY,
              local * interrupted * api,
              "%s interruptions x %s min / 60 / %.6f h x %s x $%.6f a month at the API",
              new Plain(a.spotInterruptionsPerBoxMonth()),
              new Plain(a.spotRecoveryMinutes()),
              use.monthHours(),
              new Plain(local),
              api));
    }
  }

  private static CostLine line(String name, Paid paid, double usd, String form, Object... numbers) {
    return new CostLine(name, paid, usd, form, List.of(numbers));
  }
}
