package dev.homeward.economics;

/**
 * What a fleet does in a month, as the replay found it.
 *
 * @param boxes boxes that serve
 * @param monthHours hours of the calendar month
 * @param busyBoxHours hours of the month that boxes are busy, summed over boxes
 * @param busyLoad share of the way from idle to busy watts while busy, in [0, 1]
 * @param apiForecastUsd what the workload would cost at the API in the month
 * @param fallbackAllowed whether calls may go to the API while the fleet is down
 */
public record FleetUse(
    int boxes,
    double monthHours,
    double busyBoxHours,
    double busyLoad,
    double apiForecastUsd,
    boolean fallbackAllowed) {}
