package dev.homeward.economics;

/**
 * What a fleet does in a month, as the replay found it.
 *
 * @param boxes boxes that serve
 * @param monthHours hours of the calendar month
 * @param busyBoxHours hours of the month that boxes are busy, summed over boxes
 * @param busyLoad share of the way from idle to busy watts while busy, in [0, 1]
 * @param busyByClock when they are busy, by slot of {@link Tariff}; any unit; empty if not known
 * @param workloads workloads that share the fleet
 * @param apiForecastUsd what its calls would cost at the API in the month
 * @param hardestShare share of that cost that stays at the API because of hard calls, in [0, 1]
 * @param fallbackAllowed whether calls may go to the API while the fleet is down
 * @param upBoxHours hours of the month that boxes are up, summed over boxes, where they are started
 *     and stopped; else 0, and nobody asks
 */
public record FleetUse(
    int boxes,
    double monthHours,
    double busyBoxHours,
    double busyLoad,
    float[] busyByClock,
    int workloads,
    double apiForecastUsd,
    double hardestShare,
    boolean fallbackAllowed,
    double upBoxHours) {

  /** Boxes that are kept. */
  public FleetUse(
      int boxes,
      double monthHours,
      double busyBoxHours,
      double busyLoad,
      float[] busyByClock,
      int workloads,
      double apiForecastUsd,
      double hardestShare,
      boolean fallbackAllowed) {
    this(
        boxes,
        monthHours,
        busyBoxHours,
        busyLoad,
        busyByClock,
        workloads,
        apiForecastUsd,
        hardestShare,
        fallbackAllowed,
        0);
  }

  /** One workload, flat in time, all of it local. */
  public FleetUse(
      int boxes,
      double monthHours,
      double busyBoxHours,
      double busyLoad,
      double apiForecastUsd,
      boolean fallbackAllowed) {
    this(
        boxes,
        monthHours,
        busyBoxHours,
        busyLoad,
        new float[0],
        1,
        apiForecastUsd,
        0,
        fallbackAllowed);
  }
}
