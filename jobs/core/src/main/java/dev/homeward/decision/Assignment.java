package dev.homeward.decision;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Which fleet each workload of a plan goes to. */
final class Assignment {
  /** Stays at the API. */
  static final int API = -1;

  private final int[] fleetOf;

  private Assignment(int[] fleetOf) {
    this.fleetOf = fleetOf;
  }

  /** Nothing moves. */
  static Assignment allAtApi(int workloads) {
    int[] fleetOf = new int[workloads];
    Arrays.fill(fleetOf, API);
    return new Assignment(fleetOf);
  }

  Assignment copy() {
    return new Assignment(fleetOf.clone());
  }

  /** This assignment with only the moves to one fleet. */
  Assignment onlyOn(int fleet) {
    Assignment only = allAtApi(fleetOf.length);
    for (int w = 0; w < fleetOf.length; w++) {
      if (fleetOf[w] == fleet) {
        only.put(w, fleet);
      }
    }
    return only;
  }

  int workloads() {
    return fleetOf.length;
  }

  /** The fleet of a workload, or {@link #API}. */
  int fleetOf(int workload) {
    return fleetOf[workload];
  }

  void put(int workload, int fleet) {
    fleetOf[workload] = fleet;
  }

  /** The workloads of each fleet that has any. */
  Map<Integer, WorkloadSet> byFleet() {
    Map<Integer, WorkloadSet> sets = new TreeMap<>();
    for (int w = 0; w < fleetOf.length; w++) {
      if (fleetOf[w] != API) {
        sets.computeIfAbsent(fleetOf[w], f -> WorkloadSet.none()).add(w);
      }
    }
    return sets;
  }
}
