package dev.homeward.economics;

import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.economics.Cost.CostRate;
import dev.homeward.economics.Per.Quantities;
import java.util.Optional;

/** What the cost of a fleet depends on: the assumptions, its box, and what it does in a month. */
final class Terms {
  private static final double HOURS_PER_DAY = 24;
  private static final double WATTS_PER_KILOWATT = 1000;

  private final Assumptions assumptions;
  private final HardwareProfile box;
  private final FleetUse use;
  private final double annuity;

  Terms(Assumptions assumptions, HardwareProfile box, FleetUse use) {
    this.assumptions = assumptions;
    this.box = box;
    this.use = use;
    this.annuity = assumptions.finance().annuityPerMonth();
  }

  Assumptions assumptions() {
    return assumptions;
  }

  HardwareProfile box() {
    return box;
  }

  FleetUse use() {
    return use;
  }

  Acquisition acquisition() {
    return box.acquisition();
  }

  boolean is(Acquisition.Mode mode) {
    return acquisition().mode() == mode;
  }

  /** Whether power, cooling and space come on top of the box. */
  boolean paysForPower() {
    return !acquisition().includesPower();
  }

  /** What the box cost, or would fetch if it is owned; 0 for a rented one. */
  double priceUsd() {
    return acquisition().priceUsd().map(figure -> figure.value()).orElse(0.0);
  }

  /** Factor on what the box costs, by the range of its offers. */
  Spread boxPriceFactor() {
    double usd = acquisition().usd().map(figure -> figure.value()).orElse(0.0);
    return usd > 0 && acquisition().lowUsd().isPresent()
        ? new Spread(
            acquisition().lowUsd().get().value() / usd,
            1,
            acquisition().highUsd().orElseThrow().value() / usd)
        : Spread.fixed(1);
  }

  /** Boxes that serve nothing until another fails. */
  int spareBoxes() {
    return assumptions.outages().redundancy() == Assumptions.Redundancy.N_PLUS_1 ? 1 : 0;
  }

  /** Hours of people to put a box up. */
  double setupHoursPerBox() {
    return hours(box.setupHours(), assumptions.people().setupHoursPerBox());
  }

  /** Hours a month of keeping a box. */
  double upkeepHoursPerBox() {
    return hours(box.upkeepHoursPerMonth(), assumptions.people().upkeepHoursPerBoxMonth());
  }

  /** Hours a month of faults of a box. */
  double incidentHoursPerBox() {
    return hours(box.incidentHoursPerMonth(), assumptions.people().incidentHoursPerBoxMonth());
  }

  // A rented box is kept by who lets it; one that is there already is kept whether it serves or
  // not.
  private double hours(Optional<Figure> own, double assumed) {
    return own.map(Figure::value).orElse(is(Acquisition.Mode.BOUGHT) ? assumed : 0);
  }

  /** Boxes that are paid for. */
  int boxes() {
    return use.boxes() + spareBoxes();
  }

  /** Hours of the month that a box is up. */
  double upHours() {
    return use.monthHours() * acquisition().hoursPerDay() / HOURS_PER_DAY;
  }

  /** What a box takes in a month because it is up; 0 of one that is started and stopped. */
  double idleKwhPerBox() {
    if (acquisition().startedAndStopped()) {
      return 0;
    }
    return upHours() * box.idleWatts().value() / WATTS_PER_KILOWATT;
  }

  /** What an hour takes because a box is up that is started and stopped. */
  double idleKwhPerUpHour() {
    return acquisition().startedAndStopped() ? box.idleWatts().value() / WATTS_PER_KILOWATT : 0;
  }

  /** What boxes take in the month because they are up. */
  double idleKwh() {
    return boxes() * idleKwhPerBox() + use.upBoxHours() * idleKwhPerUpHour();
  }

  /** What an hour at full load takes on top. */
  double moreKwhPerBusyHour() {
    return (box.busyWatts().value() - box.idleWatts().value()) / WATTS_PER_KILOWATT;
  }

  /**
   * Share of the calls that runs locally: all but those kept at the API because they are too hard.
   */
  double localShare() {
    return 1 - use.hardestShare();
  }

  /** Dollars a month for one dollar spent now. */
  double annuity() {
    return annuity;
  }

  /** What one dollar of price fetches at the end of the horizon, in today's dollars. */
  double discountedResidual() {
    Assumptions.Finance finance = assumptions.finance();
    return finance.residualShare()
        * Math.pow(1 + finance.discountRatePerMonth(), -finance.horizonMonths());
  }

  /** A rate that is paid each month. */
  CostRate monthly(Per per, double usd) {
    return new CostRate(per, usd, 0, 0);
  }

  /** A rate that is paid once, at the start, for something that fetches nothing in the end. */
  CostRate atStart(Per per, double usd) {
    return new CostRate(per, usd * annuity, usd, 0);
  }

  /** A rate that is paid once, for something that is sold in the end. */
  CostRate atStartLessResidual(Per per, double usd) {
    return new CostRate(
        per,
        usd * (1 - discountedResidual()) * annuity,
        usd,
        usd * assumptions.finance().residualShare());
  }

  /** How much of each there is, as the fleet is used. */
  Quantities quantities() {
    return new Quantities(
        boxes(),
        boxes() * idleKwhPerBox(),
        use.busyBoxHours() * (use.busyLoad() * moreKwhPerBusyHour()),
        use.upBoxHours(),
        use.workloads(),
        use.apiForecastUsd());
  }
}
