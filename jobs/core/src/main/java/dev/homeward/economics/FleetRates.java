package dev.homeward.economics;

import dev.homeward.catalog.HardwareProfile;
import dev.homeward.economics.Cost.CostRate;
import dev.homeward.economics.Per.Quantities;
import dev.homeward.economics.Per.Scope;

/**
 * The table of costs added up once for a box and a kind of use, so that many sizes, volumes and
 * futures of a fleet can be priced quickly: dollars for each {@link Per}. Holds no line of its own;
 * {@link LocalCost} is the same table written out.
 */
public final class FleetRates {
  private static final Per[] PERS = Per.values();
  private static final Cost[] COSTS = Cost.values();

  /** What a box takes in a month because it is up. */
  private final double idleKwhPerBox;

  /** What an hour at full load takes on top. */
  private final double moreKwhPerBusyHour;

  private final int spareBoxes;
  private final Spread boxPriceFactor;

  // By Per.ordinal(), dollars a month: all lines; of these those paid at the start and those paid
  // each month; those that go with people, with the price of electricity, with that of the box.
  private final double[] all;
  private final double[] atStart;
  private final double[] running;
  private final double[] people;
  private final double[] tariff;
  private final double[] boxPrice;

  /** By Per.ordinal(), dollars paid at the start; of these those for the boxes themselves. */
  private final double[] initial;

  private final double[] boxInitial;

  /** By Per.ordinal(), dollars fetched at the end of the horizon. */
  private final double[] residual;

  private FleetRates(Terms terms) {
    this.idleKwhPerBox = terms.idleKwhPerBox();
    this.moreKwhPerBusyHour = terms.moreKwhPerBusyHour();
    this.spareBoxes = terms.spareBoxes();
    this.boxPriceFactor = terms.boxPriceFactor();
    this.all = new double[PERS.length];
    this.atStart = new double[PERS.length];
    this.running = new double[PERS.length];
    this.people = new double[PERS.length];
    this.tariff = new double[PERS.length];
    this.boxPrice = new double[PERS.length];
    this.initial = new double[PERS.length];
    this.residual = new double[PERS.length];
    this.boxInitial = new double[PERS.length];
    for (Cost cost : COSTS) {
      for (CostRate rate : cost.rates(terms)) {
        add(cost, rate);
      }
    }
  }

  /** The rates of a box under assumptions, for a fleet that is used like this. */
  public static FleetRates of(Assumptions a, HardwareProfile box, FleetUse use) {
    return new FleetRates(new Terms(a, box, use));
  }

  private void add(Cost cost, CostRate rate) {
    int per = rate.per().ordinal();
    all[per] += rate.monthlyUsd();
    initial[per] += rate.initialUsd();
    residual[per] += rate.residualUsd();
    if (cost.swing() == Cost.Swing.BOX_PRICE) {
      boxInitial[per] += rate.initialUsd();
    }
    switch (cost.paid()) {
      case AT_START -> atStart[per] += rate.monthlyUsd();
      case MONTHLY -> running[per] += rate.monthlyUsd();
    }
    switch (cost.swing()) {
      case NONE -> {}
      case PEOPLE -> people[per] += rate.monthlyUsd();
      case TARIFF -> tariff[per] += rate.monthlyUsd();
      case BOX_PRICE -> boxPrice[per] += rate.monthlyUsd();
    }
  }

  /**
   * A month of a fleet.
   *
   * @param boxes that serve; spares are added
   * @param busyBoxHours hours that boxes are busy, summed over boxes
   * @param busyLoad share of the way from idle to busy watts while busy
   * @param apiUsd what its calls would cost at the API
   */
  public double monthlyUsd(
      int boxes, double busyBoxHours, double busyLoad, int workloads, double apiUsd) {
    return monthlyUsd(boxes, busyBoxHours, busyLoad, 0, workloads, apiUsd);
  }

  /**
   * The same of boxes that may be started and stopped.
   *
   * @param upBoxHours hours that such boxes are up, summed over boxes
   */
  public double monthlyUsd(
      int boxes,
      double busyBoxHours,
      double busyLoad,
      double upBoxHours,
      int workloads,
      double apiUsd) {
    return monthlyUsd(all, boxes, busyBoxHours, busyLoad, upBoxHours, workloads, apiUsd, 0);
  }

  private double monthlyUsd(
      double[] usdPer,
      int boxes,
      double busyBoxHours,
      double busyLoad,
      double upBoxHours,
      int workloads,
      double apiUsd,
      int organisations) {
    int paid = boxes + spareBoxes;
    return sum(
        usdPer,
        new Quantities(
            paid,
            paid * idleKwhPerBox,
            busyKwh(busyBoxHours, busyLoad),
            upBoxHours,
            workloads,
            apiUsd,
            organisations));
  }

  private static double sum(double[] usdPer, Quantities quantities) {
    double usd = 0;
    for (Per per : PERS) {
      usd += quantities.of(per) * usdPer[per.ordinal()];
    }
    return usd;
  }

  /**
   * The same in another future.
   *
   * @param peopleFactor on what goes with people
   * @param tariffFactor on what goes with the price of electricity
   * @param boxPriceFactor on what goes with the price or the rent of the box
   */
  FutureRates in(double peopleFactor, double tariffFactor, double boxPriceFactor) {
    double[] usd = all.clone();
    for (int per = 0; per < usd.length; per++) {
      usd[per] +=
          (peopleFactor - 1) * people[per]
              + (tariffFactor - 1) * tariff[per]
              + (boxPriceFactor - 1) * boxPrice[per];
    }
    return new FutureRates(usd);
  }

  /** Factor on the price or rent of the box, by the range of its offers. */
  Spread boxPriceFactor() {
    return boxPriceFactor;
  }

  /** The rates in another future. */
  final class FutureRates {
    private final double[] usd;

    private FutureRates(double[] usd) {
      this.usd = usd;
    }

    /** {@link FleetRates#monthlyUsd} in it. */
    double monthlyUsd(
        int boxes, double busyBoxHours, double busyLoad, int workloads, double apiUsd) {
      return monthlyUsd(boxes, busyBoxHours, busyLoad, 0, workloads, apiUsd, 0);
    }

    /**
     * The same of boxes that may be started and stopped.
     *
     * @param organisations 1 where what all fleets share is to be paid, else 0
     */
    double monthlyUsd(
        int boxes,
        double busyBoxHours,
        double busyLoad,
        double upBoxHours,
        int workloads,
        double apiUsd,
        int organisations) {
      return FleetRates.this.monthlyUsd(
          usd, boxes, busyBoxHours, busyLoad, upBoxHours, workloads, apiUsd, organisations);
    }
  }

  /** What is paid at the start for so many boxes, spares added, a fleet and its workloads. */
  double initialUsd(int boxes, int workloads, int organisations) {
    return paidOnce(initial, boxes, workloads, organisations);
  }

  /** The same as an annuity, dollars a month. */
  double annuityUsd(int boxes, int workloads, int organisations) {
    return paidOnce(atStart, boxes, workloads, organisations);
  }

  /** What that fetches at the end of the horizon. */
  double residualUsd(int boxes, int workloads) {
    return paidOnce(residual, boxes, workloads, 0);
  }

  private double paidOnce(double[] usdPer, int boxes, int workloads, int organisations) {
    return sum(usdPer, new Quantities(boxes + spareBoxes, 0, 0, 0, workloads, 0, organisations));
  }

  /** A month of a box, idle, whoever uses it; what was paid for it as an annuity. */
  public double boxUsd() {
    return runningUsdPerBox() + sum(atStart, Scope.BOXES, oneBox());
  }

  /** The same of a box that has been paid for already. */
  public double runningUsdPerBox() {
    return sum(running, Scope.BOXES, oneBox());
  }

  /** Paid at the start for a box, without the hours of people. */
  public double initialUsdPerBox() {
    return sum(boxInitial, Scope.BOXES, oneBox());
  }

  /** A month of a fleet itself and of the work it does, without boxes and workloads. */
  public double fleetUsd(double busyBoxHours, double busyLoad) {
    return fleetUsd(busyBoxHours, busyLoad, 0);
  }

  /** The same with the hours that boxes are up which are started and stopped. */
  public double fleetUsd(double busyBoxHours, double busyLoad, double upBoxHours) {
    return sum(
        all, Scope.FLEET, new Quantities(0, 0, busyKwh(busyBoxHours, busyLoad), upBoxHours, 0, 0));
  }

  /** A month of a workload on a fleet, without boxes and the fleet. */
  public double workloadUsd(double apiUsd) {
    return sum(all, Scope.WORKLOAD, new Quantities(0, 0, 0, 0, 1, apiUsd));
  }

  /** A month of what all fleets share, whatever their number. */
  public double sharedUsd() {
    return sum(all, Scope.ORGANISATION, new Quantities(0, 0, 0, 0, 0, 0, 1));
  }

  /**
   * Share of what the calls would cost at the API that is still paid there: hard calls, calls while
   * the fleet is down or a spot box is taken away.
   */
  public double awayShare() {
    return all[Per.API_USD.ordinal()];
  }

  /** Boxes that serve nothing until another fails. */
  public int spareBoxes() {
    return spareBoxes;
  }

  private double busyKwh(double busyBoxHours, double busyLoad) {
    return busyBoxHours * (busyLoad * moreKwhPerBusyHour);
  }

  private Quantities oneBox() {
    return new Quantities(1, idleKwhPerBox, 0, 0, 0, 0);
  }

  private static double sum(double[] usd, Scope scope, Quantities quantities) {
    double sum = 0;
    for (Per per : PERS) {
      if (per.scope() == scope) {
        sum += quantities.of(per) * usd[per.ordinal()];
      }
    }
    return sum;
  }
}
