package dev.homeward.nextsteps;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Accelerator;
import dev.homeward.decision.PlannedFleet;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.serving.Deployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A fleet of the plan with a name, and where each of its model instances runs.
 *
 * @param number from 1, in the order of the plan
 * @param name fit for files, hosts and containers
 * @param instances one a replica, by number
 */
record FleetSetup(int number, String name, PlannedFleet planned, List<Instance> instances) {
  private static final int FIRST_PORT = 8000;

  /**
   * A model instance.
   *
   * @param replica from 0
   * @param box from 1, among the boxes of its kind
   * @param firstDevice its first accelerator in the box
   * @param port instances on one box have different ones
   */
  record Instance(int replica, int box, int firstDevice, int port) {
    /** Its accelerators as the drivers' variables name them. */
    String devices(int count) {
      StringBuilder list = new StringBuilder();
      for (int d = firstDevice; d < firstDevice + count; d++) {
        list.append(list.isEmpty() ? "" : ",").append(d);
      }
      return list.toString();
    }
  }

  /**
   * The fleets of a plan. On boxes of a kind, the instances that span most accelerators come first:
   * widths are powers of two that divide the box, so none of them lies across two boxes.
   */
  static List<FleetSetup> of(List<PlannedFleet> fleets) {
    Map<String, List<Integer>> byBox = new TreeMap<>();
    for (int f = 0; f < fleets.size(); f++) {
      byBox
          .computeIfAbsent(fleets.get(f).deployment().hardware().id(), b -> new ArrayList<>())
          .add(f);
    }
    Map<Integer, List<Instance>> placed = new HashMap<>();
    for (List<Integer> onOneKind : byBox.values()) {
      onOneKind.sort(
          Comparator.comparingInt(
              (Integer f) -> -fleets.get(f).deployment().acceleratorsPerReplica()));
      int next = 0;
      for (int f : onOneKind) {
        Deployment d = fleets.get(f).deployment();
        List<Instance> instances = new ArrayList<>();
        for (int r = 0; r < fleets.get(f).replayed().options().replicas(); r++) {
          int device = next % d.hardware().acceleratorCount();
          instances.add(
              new Instance(
                  r, 1 + next / d.hardware().acceleratorCount(), device, FIRST_PORT + device));
          next += d.acceleratorsPerReplica();
        }
        placed.put(f, instances);
      }
    }
    List<FleetSetup> setups = new ArrayList<>();
    for (int f = 0; f < fleets.size(); f++) {
      Deployment d = fleets.get(f).deployment();
      setups.add(
          new FleetSetup(
              f + 1,
              Names.ofFleet(f + 1, d.model().id(), d.hardware().id()),
              fleets.get(f),
              List.copyOf(placed.get(f))));
    }
    return setups;
  }

  Deployment deployment() {
    return planned.deployment();
  }

  ReplayOptions options() {
    return planned.replayed().options();
  }

  ReplayResult result() {
    return planned.replayed().result();
  }

  List<WorkloadKey> workloads() {
    return planned.workloads();
  }

  /** Whether calls that find all replicas full go to the API. */
  boolean hasCap() {
    return options().inFlightCap() != ReplayOptions.NO_CAP;
  }

  /** Whether the replay found prompts in the engine's prefix cache. */
  boolean findsPrefixes() {
    ReplayOptions.PrefixCache cache = options().prefixCache();
    return cache.rule() == ReplayOptions.PrefixCache.Rule.AS_LOGGED
        || cache.share() > 0
        || cache.inSession() > 0;
  }

  /** Host of an instance, as files name it: the kind of box and its number. */
  String host(Instance instance) {
    return Names.cut(Names.plain(deployment().hardware().id()), 50) + "-" + instance.box();
  }

  Accelerator accelerator() {
    return deployment().hardware().accelerator();
  }

  /** Whether its boxes run macOS: there are neither units of systemd nor containers with a GPU. */
  boolean onMac() {
    return accelerator().vendor().equals("Apple") || accelerator().id().startsWith("apple-");
  }

  /** What tells a driver which accelerators a process may use; empty where there is one only. */
  String deviceVariable() {
    String family = accelerator().family();
    if (family.startsWith("nvidia")) {
      return "CUDA_VISIBLE_DEVICES";
    }
    return family.startsWith("amd") ? "HIP_VISIBLE_DEVICES" : "";
  }

  /** Name of its checkpoint, for people: model and format. */
  String checkpoint() {
    return "%s in %s".formatted(deployment().model().name(), deployment().quantization().name());
  }
}
