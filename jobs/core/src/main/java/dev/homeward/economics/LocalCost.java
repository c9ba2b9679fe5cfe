package dev.homeward.economics;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.HardwareProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Monthly cost of owning or renting a fleet for one workload, line by line. To add a cost line, add
 * it to {@link #lines} and its assumption to {@link Assumptions}.
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
    int boxes = use.boxes() + (a.redundancy() == Assumptions.Redundancy.N_PLUS_1 ? 1 : 0);
    double annuity = a.annuityPerMonth();
    Acquisition acquisition = box.acquisition();
    List<CostLine> lines = new ArrayList<>();
    double purchase = 0;
    if (acquisition.mode() == Acquisition.Mode.BOUGHT) {
      double price = acquisition.priceUsd().orElseThrow().value();
      purchase = boxes * price;
      double discountedResidual =
          a.residualShare() * Math.pow(1 + a.discountRatePerMonth(), -a.horizonMonths());
      lines.add(
          line(
              "purchase",
              boxes * price * (1 - discountedResidual) * annuity,
              "%d boxes x $%.2f x (1 - %.4f residual, discounted) x %.6f annuity",
              boxes,
              price,
              discountedResidual,
              annuity));
    }
    lines.addAll(rent(acquisition, boxes, use.monthHours()));
    double upHours = use.monthHours() * acquisition.hoursPerDay() / 24;
    double moreWatts = use.busyLoad() * (box.busyWatts().value() - box.idleWatts().value());
    double energy =
        (boxes * upHours * box.idleWatts().value() + use.busyBoxHours() * moreWatts) / 1000;
    if (!acquisition.includesPower()) {
      lines.add(
          line(
              "power",
              energy * a.pue() * a.electricityUsdPerKwh(),
              "%.3f kWh x %.2f PUE x $%.4f a kWh; kWh = (%d boxes x %.2f h x %.0f W idle + %.3f busy"
                  + " box-hours x %.0f W more) / 1000",
              energy,
              a.pue(),
              a.electricityUsdPerKwh(),
              boxes,
              upHours,
              box.idleWatts().value(),
              use.busyBoxHours(),
              moreWatts));
      lines.add(
          line(
              "space",
              boxes * a.spaceUsdPerBoxMonth(),
              "%d boxes x $%.2f",
              boxes,
              a.spaceUsdPerBoxMonth()));
    }
    double setup = (a.setupHoursPerFleet() + a.setupHoursPerWorkload()) * a.engineerUsdPerHour();
    lines.add(
        line(
            "set-up",
            setup * annuity,
            "(%.2f h a fleet + %.2f h a workload) x $%.2f an hour x %.6f annuity",
            a.setupHoursPerFleet(),
            a.setupHoursPerWorkload(),
            a.engineerUsdPerHour(),
            annuity));
    lines.add(
        line(
            "upkeep",
            (a.upkeepHoursPerFleetMonth() + a.upkeepHoursPerWorkloadMonth())
                * a.engineerUsdPerHour(),
            "(%.2f h a fleet + %.2f h a workload) x $%.2f an hour",
            a.upkeepHoursPerFleetMonth(),
            a.upkeepHoursPerWorkloadMonth(),
            a.engineerUsdPerHour()));
    lines.add(
        line(
            "incidents",
            a.incidentHoursPerFleetMonth() * a.engineerUsdPerHour(),
            "%.2f h a fleet x $%.2f an hour",
            a.incidentHoursPerFleetMonth(),
            a.engineerUsdPerHour()));
    if (a.redundancy() == Assumptions.Redundancy.API_FALLBACK && use.fallbackAllowed()) {
      lines.add(
          line(
              "API while local is down",
              (1 - a.localAvailability()) * use.apiForecastUsd(),
              "(1 - %.4f availability) x $%.6f a month at the API",
              a.localAvailability(),
              use.apiForecastUsd()));
    }
    double running =
        lines.stream()
            .filter(l -> !l.name().equals("purchase") && !l.name().equals("set-up"))
            .mapToDouble(CostLine::monthlyUsd)
            .sum();
    return new LocalCost(
        boxes, List.copyOf(lines), purchase + setup, purchase * a.residualShare(), running, energy);
  }

  private static List<CostLine> rent(Acquisition acquisition, int boxes, double monthHours) {
    return switch (acquisition.mode()) {
      case OWNED -> List.of(line("existing hardware", 0, "%d boxes already owned", boxes));
      case BOUGHT -> List.of();
      case ON_DEMAND, SPOT -> {
        double hourly = acquisition.hourlyUsd().orElseThrow().value();
        double hours = monthHours * acquisition.hoursPerDay() / 24;
        yield List.of(
            line(
                "rent",
                boxes * hourly * hours,
                "%d boxes x $%.4f an hour x %.2f h",
                boxes,
                hourly,
                hours));
      }
      case RESERVED -> {
        double monthly = acquisition.monthlyUsd().orElseThrow().value();
        yield List.of(line("rent", boxes * monthly, "%d boxes x $%.2f a month", boxes, monthly));
      }
    };
  }

  private static CostLine line(String name, double usd, String arithmetic, Object... numbers) {
    return new CostLine(name, String.format(Locale.ROOT, arithmetic, numbers), usd);
  }
}
