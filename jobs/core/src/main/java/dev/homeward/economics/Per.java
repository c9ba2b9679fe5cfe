package dev.homeward.economics;

/** What a rate of {@link Cost} is multiplied with, and who causes it. */
enum Per {
  /** A kWh at the plug that boxes take because they are up. */
  IDLE_KWH(Scope.BOXES),
  /** A kWh at the plug on top of that, because boxes are at work. */
  BUSY_KWH(Scope.FLEET),
  /**
   * An hour that a box is up which is started and stopped; of boxes that are kept there is none.
   */
  UP_HOUR(Scope.FLEET),
  /** A box, spares included. */
  BOX(Scope.BOXES),
  /** A fleet, whatever its size and whoever uses it. */
  FLEET(Scope.FLEET),
  /** A workload on the fleet. */
  WORKLOAD(Scope.WORKLOAD),
  /**
   * A dollar that a workload's calls would cost at the API; its rate is the share that is still
   * paid to the API.
   */
  API_USD(Scope.WORKLOAD),
  /** All fleets together, once: a plan pays for it, a workload alone does not. */
  ORGANISATION(Scope.ORGANISATION);

  /** Whose number it grows with. A plan adds up by these, because fleets share boxes. */
  enum Scope {
    BOXES,
    FLEET,
    WORKLOAD,
    ORGANISATION
  }

  private final Scope scope;

  Per(Scope scope) {
    this.scope = scope;
  }

  Scope scope() {
    return scope;
  }

  /**
   * How much of each there is in a month.
   *
   * @param boxes spares included
   * @param organisations 1 where what all fleets share is to be paid, else 0
   */
  record Quantities(
      int boxes,
      double idleKwh,
      double busyKwh,
      double upHours,
      int workloads,
      double apiUsd,
      int organisations) {

    /** Of a fleet or a part of it, without what all fleets share. */
    Quantities(
        int boxes, double idleKwh, double busyKwh, double upHours, int workloads, double apiUsd) {
      this(boxes, idleKwh, busyKwh, upHours, workloads, apiUsd, 0);
    }

    double of(Per per) {
      return switch (per) {
        case IDLE_KWH -> idleKwh;
        case BUSY_KWH -> busyKwh;
        case UP_HOUR -> upHours;
        case BOX -> boxes;
        case FLEET -> 1;
        case WORKLOAD -> workloads;
        case API_USD -> apiUsd;
        case ORGANISATION -> organisations;
      };
    }
  }
}
