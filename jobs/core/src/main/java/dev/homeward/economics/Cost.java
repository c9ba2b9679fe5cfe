package dev.homeward.economics;

import dev.homeward.catalog.Acquisition.Mode;
import dev.homeward.economics.CostLine.Paid;
import dev.homeward.economics.CostLine.Plain;
import java.util.Arrays;
import java.util.List;

/**
 * The table of costs: every line of what a local fleet costs a month, each a constant. Ranking,
 * plan, volume study, outlook, explain and what-if add up these lines and know no other.
 *
 * <p>A new line is a constant here, its assumption in {@link Fees} (and assumptions.yaml and its
 * schema), and its row in docs/method.md, section 4. Where it does not apply, or nothing is assumed
 * for it, it has no rates, and {@code explain} does not show it. Insurance of bought boxes, as a
 * share of their price a year:
 *
 * <pre>{@code
 * INSURANCE(
 *     "insurance",
 *     Paid.MONTHLY,
 *     Swing.NONE,
 *     List.of("hardware: price-usd", "insurance-share-per-year"),
 *     t -> t.is(Mode.BOUGHT) && fees(t).insuranceSharePerYear() > 0
 *         ? List.of(t.monthly(Per.BOX, t.priceUsd() * fees(t).insuranceSharePerYear() / 12))
 *         : List.of(),
 *     t -> new Formula(
 *         "%d boxes x $%s x %s a year / 12",
 *         t.boxes(), plain(t.priceUsd()), plain(fees(t).insuranceSharePerYear()))),
 * }</pre>
 *
 * <p>The order of the constants is that of the lines in {@code explain}.
 */
public enum Cost {
  PURCHASE(
      "purchase",
      Paid.AT_START,
      Swing.BOX_PRICE,
      List.of("hardware: price-usd", "residual-share", "discount-rate-per-year", "horizon-months"),
      t -> t.is(Mode.BOUGHT) ? List.of(t.atStartLessResidual(Per.BOX, t.priceUsd())) : List.of(),
      Cost::price),

  EXISTING_HARDWARE(
      "existing hardware",
      Paid.AT_START,
      Swing.BOX_PRICE,
      List.of("hardware: price-usd", "residual-share", "discount-rate-per-year", "horizon-months"),
      t -> t.is(Mode.OWNED) ? List.of(t.atStartLessResidual(Per.BOX, t.priceUsd())) : List.of(),
      t -> t.priceUsd() == 0 ? new Formula("%d boxes already owned", t.boxes()) : price(t)),

  RENT(
      "rent",
      Paid.MONTHLY,
      Swing.BOX_PRICE,
      List.of(
          "hardware: hourly-usd",
          "hardware: monthly-usd",
          "hardware: hours-per-day",
          "hardware: release-after-minutes"),
      t ->
          switch (t.acquisition().mode()) {
            case BOUGHT, OWNED -> List.of();
            case ON_DEMAND, SPOT ->
                t.acquisition().startedAndStopped()
                    ? List.of(t.monthly(Per.UP_HOUR, hourlyUsd(t)))
                    : List.of(t.monthly(Per.BOX, hourlyUsd(t) * t.upHours()));
            case RESERVED -> List.of(t.monthly(Per.BOX, monthlyUsd(t)));
          },
      Cost::rent),

  POWER(
      "power",
      Paid.MONTHLY,
      Swing.TARIFF,
      List.of(
          "hardware: idle-watts",
          "hardware: busy-watts",
          "pue",
          "electricity-usd-per-kwh",
          "electricity-tariff"),
      t ->
          t.paysForPower()
              ? List.of(
                  t.monthly(Per.IDLE_KWH, t.assumptions().power().pue() * idleUsdPerKwh(t)),
                  t.monthly(
                      Per.UP_HOUR,
                      t.assumptions().power().pue() * idleUsdPerKwh(t) * t.idleKwhPerUpHour()),
                  t.monthly(Per.BUSY_KWH, t.assumptions().power().pue() * busyUsdPerKwh(t)))
              : List.of(),
      t ->
          new Formula(
              "%s PUE x (%.6f kWh idle x $%.10f + %.6f kWh busy x $%.10f); idle: %d boxes x %.6f h x %s W;"
                  + " busy: %.6f box-hours x %.6f W more",
              plain(t.assumptions().power().pue()),
              t.idleKwh(),
              idleUsdPerKwh(t),
              t.quantities().busyKwh(),
              busyUsdPerKwh(t),
              t.acquisition().startedAndStopped() ? 1 : t.boxes(),
              t.acquisition().startedAndStopped() ? t.use().upBoxHours() : t.upHours(),
              plain(t.box().idleWatts().value()),
              t.use().busyBoxHours(),
              t.use().busyLoad() * t.moreKwhPerBusyHour() * 1000)),

  SPACE(
      "space",
      Paid.MONTHLY,
      Swing.NONE,
      List.of("space-usd-per-box-month"),
      t ->
          t.paysForPower() ? List.of(t.monthly(Per.BOX, fees(t).spaceUsdPerBoxMonth())) : List.of(),
      t -> new Formula("%d boxes x $%s", t.boxes(), plain(fees(t).spaceUsdPerBoxMonth()))),

  LICENCE(
      "licence",
      Paid.MONTHLY,
      Swing.NONE,
      List.of("licence-usd-per-accelerator-month", "hardware: count"),
      t ->
          fees(t).licenceUsdPerAcceleratorMonth() == 0
              ? List.of()
              : List.of(
                  t.monthly(
                      Per.BOX,
                      fees(t).licenceUsdPerAcceleratorMonth() * t.box().acceleratorCount())),
      t ->
          new Formula(
              "%d boxes x %d accelerators x $%s",
              t.boxes(),
              t.box().acceleratorCount(),
              plain(fees(t).licenceUsdPerAcceleratorMonth()))),

  SET_UP(
      "set-up",
      Paid.AT_START,
      Swing.NONE,
      List.of(
          "setup-hours-per-fleet",
          "setup-hours-per-box",
          "hardware: setup-hours",
          "setup-hours-per-workload",
          "engineer-usd-per-hour",
          "discount-rate-per-year",
          "horizon-months"),
      t ->
          hours(
              t.atStart(Per.FLEET, people(t).setupHoursPerFleet() * engineerUsd(t)),
              t.atStart(Per.BOX, t.setupHoursPerBox() * engineerUsd(t)),
              t.atStart(Per.WORKLOAD, people(t).setupHoursPerWorkload() * engineerUsd(t))),
      t ->
          new Formula(
              "(%s h a fleet%s + %d x %s h a workload) x $%s an hour x %.10f annuity",
              plain(people(t).setupHoursPerFleet()),
              ofBoxes(t, t.setupHoursPerBox()),
              t.use().workloads(),
              plain(people(t).setupHoursPerWorkload()),
              plain(engineerUsd(t)),
              t.annuity())),

  UPKEEP(
      "upkeep",
      Paid.MONTHLY,
      Swing.PEOPLE,
      List.of(
          "upkeep-hours-per-fleet-month",
          "upkeep-hours-per-box-month",
          "hardware: upkeep-hours-per-month",
          "upkeep-hours-per-workload-month",
          "engineer-usd-per-hour"),
      t ->
          hours(
              t.monthly(Per.FLEET, people(t).upkeepHoursPerFleetMonth() * engineerUsd(t)),
              t.monthly(Per.BOX, t.upkeepHoursPerBox() * engineerUsd(t)),
              t.monthly(Per.WORKLOAD, people(t).upkeepHoursPerWorkloadMonth() * engineerUsd(t))),
      t ->
          new Formula(
              "(%s h a fleet%s + %d x %s h a workload) x $%s an hour",
              plain(people(t).upkeepHoursPerFleetMonth()),
              ofBoxes(t, t.upkeepHoursPerBox()),
              t.use().workloads(),
              plain(people(t).upkeepHoursPerWorkloadMonth()),
              plain(engineerUsd(t)))),

  INCIDENTS(
      "incidents",
      Paid.MONTHLY,
      Swing.PEOPLE,
      List.of(
          "incident-hours-per-fleet-month",
          "incident-hours-per-box-month",
          "hardware: incident-hours-per-month",
          "engineer-usd-per-hour"),
      t ->
          hours(
              t.monthly(Per.FLEET, people(t).incidentHoursPerFleetMonth() * engineerUsd(t)),
              t.monthly(Per.BOX, t.incidentHoursPerBox() * engineerUsd(t))),
      t ->
          new Formula(
              t.incidentHoursPerBox() == 0
                  ? "%s h a fleet%s x $%s an hour"
                  : "(%s h a fleet%s) x $%s an hour",
              plain(people(t).incidentHoursPerFleetMonth()),
              ofBoxes(t, t.incidentHoursPerBox()),
              plain(engineerUsd(t)))),

  SHARED_SET_UP(
      "set-up for all fleets",
      Paid.AT_START,
      Swing.NONE,
      List.of(
          "setup-hours-shared",
          "engineer-usd-per-hour",
          "discount-rate-per-year",
          "horizon-months"),
      t -> hours(t.atStart(Per.ORGANISATION, people(t).setupHoursShared() * engineerUsd(t))),
      t ->
          new Formula(
              "%s h x $%s an hour x %.10f annuity = $%.6f, once for all fleets: in the plan, not here",
              plain(people(t).setupHoursShared()),
              plain(engineerUsd(t)),
              t.annuity(),
              people(t).setupHoursShared() * engineerUsd(t) * t.annuity())),

  SHARED_UPKEEP(
      "upkeep of all fleets",
      Paid.MONTHLY,
      Swing.PEOPLE,
      List.of("upkeep-hours-shared-month", "engineer-usd-per-hour"),
      t -> hours(t.monthly(Per.ORGANISATION, people(t).upkeepHoursSharedMonth() * engineerUsd(t))),
      t ->
          new Formula(
              "%s h x $%s an hour = $%.6f, once for all fleets: in the plan, not here",
              plain(people(t).upkeepHoursSharedMonth()),
              plain(engineerUsd(t)),
              people(t).upkeepHoursSharedMonth() * engineerUsd(t))),

  NETWORK(
      "network",
      Paid.MONTHLY,
      Swing.NONE,
      List.of("network-usd-per-fleet-month"),
      t ->
          fees(t).networkUsdPerFleetMonth() == 0
              ? List.of()
              : List.of(t.monthly(Per.FLEET, fees(t).networkUsdPerFleetMonth())),
      t -> new Formula("$%s a fleet", plain(fees(t).networkUsdPerFleetMonth()))),

  HARDEST_AT_API(
      "hardest calls at the API",
      Paid.MONTHLY,
      Swing.NONE,
      List.of("policy: hardest-share-at-api"),
      t ->
          t.use().hardestShare() > 0
              ? List.of(t.monthly(Per.API_USD, t.use().hardestShare()))
              : List.of(),
      t ->
          new Formula(
              "%s of $%.6f a month at the API",
              plain(t.use().hardestShare()), t.use().apiForecastUsd())),

  API_WHILE_DOWN(
      "API while local is down",
      Paid.MONTHLY,
      Swing.NONE,
      List.of("redundancy", "local-availability", "policy: hardest-share-at-api"),
      t ->
          outages(t).redundancy() == Assumptions.Redundancy.API_FALLBACK
                  && t.use().fallbackAllowed()
              ? List.of(
                  t.monthly(Per.API_USD, t.localShare() * (1 - outages(t).localAvailability())))
              : List.of(),
      t ->
          new Formula(
              "(1 - %s availability) x %s x $%.6f a month at the API",
              plain(outages(t).localAvailability()),
              plain(t.localShare()),
              t.use().apiForecastUsd())),

  API_WHILE_SPOT_IS_AWAY(
      "API while spot is away",
      Paid.MONTHLY,
      Swing.NONE,
      List.of(
          "spot-interruptions-per-box-month",
          "spot-recovery-minutes",
          "policy: hardest-share-at-api"),
      t ->
          interruptedShare(t) > 0
              ? List.of(t.monthly(Per.API_USD, t.localShare() * interruptedShare(t)))
              : List.of(),
      t ->
          new Formula(
              "%s interruptions x %s min / 60 / %.6f h x %s x $%.6f a month at the API",
              plain(outages(t).spotInterruptionsPerBoxMonth()),
              plain(outages(t).spotRecoveryMinutes()),
              t.use().monthHours(),
              plain(t.localShare()),
              t.use().apiForecastUsd()));

  /**
   * Rates that a single line pays by: keys of assumptions.yaml, by name. The assumption of a new
   * line goes here.
   *
   * @param spaceUsdPerBoxMonth rack or desk
   * @param licenceUsdPerAcceleratorMonth software paid by the accelerator
   * @param networkUsdPerFleetMonth a line or a load balancer of its own
   */
  public record Fees(
      double spaceUsdPerBoxMonth,
      double licenceUsdPerAcceleratorMonth,
      double networkUsdPerFleetMonth) {}

  /** Which uncertain input of {@link Outlook} a line goes up and down with. */
  enum Swing {
    NONE,
    PEOPLE,
    TARIFF,
    BOX_PRICE
  }

  /**
   * What a line costs per something.
   *
   * @param monthlyUsd of what is paid at the start, its annuity less that of the residual
   * @param initialUsd paid at the start; 0 for what is paid each month
   * @param residualUsd fetched at the end of the horizon
   */
  record CostRate(Per per, double monthlyUsd, double initialUsd, double residualUsd) {}

  /** How a line comes about: a format and its numbers, written out when somebody reads it. */
  record Formula(String form, List<Object> numbers) {
    Formula(String form, Object... numbers) {
      this(form, List.of(numbers));
    }
  }

  private interface LineRates {
    /** The rates under these terms; none where the line does not apply, so that nobody sees it. */
    List<CostRate> of(Terms terms);
  }

  private interface LineFormula {
    Formula of(Terms terms);
  }

  private final String label;
  private final Paid paid;
  private final Swing swing;
  private final List<String> from;
  private final LineRates rates;
  private final LineFormula text;

  Cost(String label, Paid paid, Swing swing, List<String> from, LineRates rates, LineFormula text) {
    this.label = label;
    this.paid = paid;
    this.swing = swing;
    this.from = from;
    this.rates = rates;
    this.text = text;
  }

  /** Its name for people. */
  public String label() {
    return label;
  }

  /**
   * The figures it is made of: keys of assumptions.yaml, or of a box ({@code hardware: key}) or the
   * policy ({@code policy: key}). Each figure's own source stands beside it in its file.
   */
  public List<String> from() {
    return from;
  }

  Paid paid() {
    return paid;
  }

  Swing swing() {
    return swing;
  }

  List<CostRate> rates(Terms terms) {
    return rates.of(terms);
  }

  /** The line of a fleet, from its rates. */
  CostLine line(Terms terms, List<CostRate> of) {
    Per.Quantities quantities = terms.quantities();
    double usd = 0;
    for (CostRate rate : of) {
      usd += quantities.of(rate.per()) * rate.monthlyUsd();
    }
    Formula words = text.of(terms);
    return new CostLine(label, paid, usd, words.form(), words.numbers());
  }

  private static Formula price(Terms t) {
    return new Formula(
        "%d boxes x $%s x (1 - %.10f residual, discounted) x %.10f annuity",
        t.boxes(), plain(t.priceUsd()), t.discountedResidual(), t.annuity());
  }

  private static Formula rent(Terms t) {
    if (t.is(Mode.RESERVED)) {
      return new Formula("%d boxes x $%s a month", t.boxes(), plain(monthlyUsd(t)));
    }
    return t.acquisition().startedAndStopped()
        ? new Formula(
            "%.6f box-hours from each start until %s idle minutes x $%s an hour",
            t.use().upBoxHours(), plain(t.acquisition().releaseAfterMinutes()), plain(hourlyUsd(t)))
        : new Formula(
            "%d boxes x $%s an hour x %.6f h", t.boxes(), plain(hourlyUsd(t)), t.upHours());
  }

  private static double hourlyUsd(Terms t) {
    return t.acquisition().hourlyUsd().orElseThrow().value();
  }

  private static double monthlyUsd(Terms t) {
    return t.acquisition().monthlyUsd().orElseThrow().value();
  }

  private static double idleUsdPerKwh(Terms t) {
    return t.assumptions()
        .power()
        .tariff()
        .meanUsdPerKwh(t.acquisition().startHour(), t.acquisition().hoursPerDay());
  }

  private static double busyUsdPerKwh(Terms t) {
    return t.assumptions().power().tariff().meanUsdPerKwh(t.use().busyByClock());
  }

  // Share of time that the API answers because spot boxes were taken away.
  private static double interruptedShare(Terms t) {
    return t.is(Mode.SPOT) && t.use().fallbackAllowed()
        ? Math.min(
            1,
            outages(t).spotInterruptionsPerBoxMonth()
                * outages(t).spotRecoveryMinutes()
                / 60
                / t.use().monthHours())
        : 0;
  }

  // Hours that nobody spends have no rate, so that their line is not shown.
  private static List<CostRate> hours(CostRate... rates) {
    return Arrays.stream(rates).filter(rate -> rate.monthlyUsd() != 0).toList();
  }

  private static String ofBoxes(Terms t, double hours) {
    return hours == 0 ? "" : " + %d boxes x %s h".formatted(t.boxes(), plain(hours));
  }

  private static double engineerUsd(Terms t) {
    return people(t).engineerUsdPerHour();
  }

  private static Assumptions.People people(Terms t) {
    return t.assumptions().people();
  }

  private static Assumptions.Outages outages(Terms t) {
    return t.assumptions().outages();
  }

  private static Fees fees(Terms t) {
    return t.assumptions().fees();
  }

  private static Plain plain(double value) {
    return new Plain(value);
  }
}
