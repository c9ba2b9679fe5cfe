package dev.homeward.economics;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.HardwareProfile;

/**
 * What a month of a fleet costs for each box, busy hour, workload and dollar at the API: the money
 * model without its texts, for the many evaluations of uncertainty, break-even and portfolio. To
 * add a cost line, add its rate here, its line in {@link LocalCost} and its assumption to {@link
 * Assumptions}.
 *
 * @param purchaseUsd of a box, less the residual, as an annuity; of an owned box, what it would
 *     fetch today, likewise
 * @param rentUsd of a box
 * @param idleKwh of a box, all its hours up, at the plug
 * @param moreKwh more than that, for a busy hour of a box at full load
 * @param idleUsdPerKwh PUE included; 0 where the rent includes power
 * @param busyUsdPerKwh likewise, by when the fleet is busy
 * @param spaceUsd of a box
 * @param licenceUsd of a box
 * @param fleetUsd of a fleet: set-up as an annuity, upkeep, incidents, network
 * @param workloadUsd of a workload on it: set-up as an annuity, upkeep
 * @param peopleUsd of that, upkeep and incidents of the fleet, and of a workload
 * @param awayShare share of what the calls would cost at the API that is paid there all the same:
 *     hard calls, calls while the fleet is down or a spot box is taken away
 * @param spareBoxes boxes that serve nothing until another fails
 * @param initialUsdPerBox paid at the start
 * @param residualUsdPerBox fetched at the end of the horizon
 */
public record FleetRates(
    double purchaseUsd,
    double rentUsd,
    double idleKwh,
    double moreKwh,
    double idleUsdPerKwh,
    double busyUsdPerKwh,
    double spaceUsd,
    double licenceUsd,
    double fleetUsd,
    double workloadUsd,
    double peopleUsd,
    double peopleUsdPerWorkload,
    double awayShare,
    int spareBoxes,
    double initialUsdPerBox,
    double residualUsdPerBox) {

  /** The rates of a box under assumptions, for a fleet that is used like this. */
  public static FleetRates of(Assumptions a, HardwareProfile box, FleetUse use) {
    Acquisition acquisition = box.acquisition();
    double annuity = a.annuityPerMonth();
    double upHours = use.monthHours() * acquisition.hoursPerDay() / 24;
    double price =
        switch (acquisition.mode()) {
          case BOUGHT -> acquisition.priceUsd().orElseThrow().value();
          case OWNED -> acquisition.priceUsd().map(f -> f.value()).orElse(0.0);
          case ON_DEMAND, SPOT, RESERVED -> 0;
        };
    double rent =
        switch (acquisition.mode()) {
          case BOUGHT, OWNED -> 0;
          case ON_DEMAND, SPOT -> acquisition.hourlyUsd().orElseThrow().value() * upHours;
          case RESERVED -> acquisition.monthlyUsd().orElseThrow().value();
        };
    boolean pays = !acquisition.includesPower();
    double idleWatts = box.idleWatts().value();
    double engineer = a.engineerUsdPerHour();
    double fleetPeople = (a.upkeepHoursPerFleetMonth() + a.incidentHoursPerFleetMonth()) * engineer;
    double workloadPeople = a.upkeepHoursPerWorkloadMonth() * engineer;
    return new FleetRates(
        price * (1 - discountedResidual(a)) * annuity,
        rent,
        upHours * idleWatts / 1000,
        (box.busyWatts().value() - idleWatts) / 1000,
        pays
            ? a.pue() * a.tariff().meanUsdPerKwh(acquisition.startHour(), acquisition.hoursPerDay())
            : 0,
        pays ? a.pue() * a.tariff().meanUsdPerKwh(use.busyByClock()) : 0,
        pays ? a.spaceUsdPerBoxMonth() : 0,
        a.licenceUsdPerAcceleratorMonth() * box.acceleratorCount(),
        a.setupHoursPerFleet() * engineer * annuity + fleetPeople + a.networkUsdPerFleetMonth(),
        a.setupHoursPerWorkload() * engineer * annuity + workloadPeople,
        fleetPeople,
        workloadPeople,
        awayShare(a, acquisition, use),
        a.redundancy() == Assumptions.Redundancy.N_PLUS_1 ? 1 : 0,
        price,
        price * a.residualShare());
  }

  /** A month of a fleet with the factors of an uncertain future at 1. */
  public double monthlyUsd(
      int boxes, double busyBoxHours, double busyLoad, int workloads, double apiUsd) {
    return monthlyUsd(boxes, busyBoxHours, busyLoad, workloads, apiUsd, 1, 1);
  }

  /**
   * A month of a fleet.
   *
   * @param apiUsd what its calls would cost at the API
   * @param people factor on upkeep and incidents
   * @param tariff factor on what a kWh costs
   */
  public double monthlyUsd(
      int boxes,
      double busyBoxHours,
      double busyLoad,
      int workloads,
      double apiUsd,
      double people,
      double tariff) {
    int all = boxes + spareBoxes;
    return all * (purchaseUsd + rentUsd + spaceUsd + licenceUsd)
        + tariff
            * (all * idleKwh * idleUsdPerKwh + busyBoxHours * busyLoad * moreKwh * busyUsdPerKwh)
        + fleetUsd
        + workloads * workloadUsd
        + (people - 1) * (peopleUsd + workloads * peopleUsdPerWorkload)
        + awayShare * apiUsd;
  }

  /** What one dollar of price fetches at the end of the horizon, in today's dollars. */
  static double discountedResidual(Assumptions a) {
    return a.residualShare() * Math.pow(1 + a.discountRatePerMonth(), -a.horizonMonths());
  }

  /** Share of time that the API answers because nothing is up. */
  static double downShare(Assumptions a, FleetUse use) {
    return a.redundancy() == Assumptions.Redundancy.API_FALLBACK && use.fallbackAllowed()
        ? 1 - a.localAvailability()
        : 0;
  }

  /** Share of time that the API answers because spot boxes were taken away. */
  static double interruptedShare(Assumptions a, Acquisition acquisition, FleetUse use) {
    return acquisition.mode() == Acquisition.Mode.SPOT && use.fallbackAllowed()
        ? Math.min(
            1, a.spotInterruptionsPerBoxMonth() * a.spotRecoveryMinutes() / 60 / use.monthHours())
        : 0;
  }

  private static double awayShare(Assumptions a, Acquisition acquisition, FleetUse use) {
    double local = 1 - use.hardestShare();
    return use.hardestShare() + local * (downShare(a, use) + interruptedShare(a, acquisition, use));
  }
}
